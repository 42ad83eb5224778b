"""Questions about the journal."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from .models import Entry, RowChange


def lines_of(entity: str, object_id: object) -> QuerySet[Entry]:
    """The history of one object, newest first: lines of its own, and of batches it was part of."""
    mine = Q(entity=entity, object_id=str(object_id))
    if isinstance(object_id, int):
        mine |= Q(pk__in=RowChange.objects.filter(entity=entity, row_id=object_id).values("entry_id"))
    return Entry.objects.filter(mine).order_by("-id")


def newest(entity: str) -> int:
    """The number of the last line of a kind of record, 0 when there is none: what a settings form was opened with."""
    return Entry.objects.filter(entity=entity).order_by("-id").values_list("pk", flat=True).first() or 0


def search(
    *,
    by_id: int | None = None,
    act: str = "",
    entity: str = "",
    words: str = "",
    start: datetime | None = None,
    end: datetime | None = None,
    concerning: int | None = None,
) -> QuerySet[Entry]:
    """Lines by author, act, object, words and `[start, end)`, newest first.

    `concerning` keeps the lines that a person wrote or that are about them.
    """
    lines = Entry.objects.order_by("-id")
    if concerning is not None:
        lines = lines.filter(Q(by_id=concerning) | Q(about_id=concerning))
    if by_id is not None:
        lines = lines.filter(by_id=by_id)
    if act:
        lines = lines.filter(act=act)
    if entity:
        lines = lines.filter(entity=entity)
    if words:
        lines = lines.filter(Q(label__icontains=words) | Q(reason__icontains=words) | Q(by_name__icontains=words))
    if start is not None:
        lines = lines.filter(at__gte=start)
    if end is not None:
        lines = lines.filter(at__lt=end)
    return lines
