"""Taking records out of the house leaves a line in the journal."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from pacesetter.journal.acts import record
from pacesetter.journal.models import Entry
from pacesetter.people.models import Person


@transaction.atomic
def export_records(
    *, entity: str, rows: int, filters: dict[str, Any], kind: str, by: Person | None, at: datetime
) -> Entry:
    """Note who exported which list, with which filters, and how many rows."""
    return record("export_records", by=by, at=at, entity=entity, label=kind, rows=rows, after={"filters": filters})
