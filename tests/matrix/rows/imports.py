"""The import pages: who imports at all, and whose batches they see. Which entities: tests/imports/test_pages.py."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pacesetter.imports.models import Batch
from pacesetter.people.models import Person
from tests.matrix.policy import EVERY, OWN, Row, to
from tests.world import AT, World

IMPORTERS = to("manager", "director", "hrbp", "analyst", "marketing", "finance", "admin")
WHOSE = {**to("manager", "hrbp", "marketing", "finance", "admin", relations=OWN), "director": EVERY, "analyst": EVERY}


def batch(world: World, who: Person) -> Mapping[str, Any]:
    return {"mark": Batch.objects.create(preset="leads", by=who, created_at=AT).uuid}


def file(world: World, who: Person) -> Mapping[str, Any]:
    return {**batch(world, who), "kind": "csv"}


def leads(world: World, who: Person) -> Mapping[str, Any]:
    return {"entity": "leads", "kind": "csv"}


BATCH = Row(WHOSE, batch)
ROWS = {
    "imports": Row(IMPORTERS),
    "import_new": Row(IMPORTERS),
    "import_template": Row(to("manager", "director", "analyst", "marketing"), leads),
    "import_batch": BATCH,
    "import_map": BATCH,
    "import_check": BATCH,
    "import_progress": BATCH,
    "import_start": BATCH,
    "import_cancel": BATCH,
    "import_undo": BATCH,
    "import_errors": Row(WHOSE, file),
}
