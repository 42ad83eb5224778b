"""Questions about the journal."""

from __future__ import annotations

from django.db.models import QuerySet

from .models import Entry


def lines_of(entity: str, object_id: object) -> QuerySet[Entry]:
    """The history of one object, newest first."""
    return Entry.objects.filter(entity=entity, object_id=str(object_id))
