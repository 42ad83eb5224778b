"""Taking a batch back: what it created is removed, what it changed restored; rows touched since stay and are named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy as _

from pacesetter.journal.acts import Actor, record
from pacesetter.journal.models import Entry, RowChange
from pacesetter.lib.refusal import Refusal
from pacesetter.people.models import ClosedPeriod

from ..models import Booking, CreditShare, DealLine, StageChange
from . import kinds
from .bulk import MODELS, chunks

# what goes with a deal or a reversal without being asked
PARTS: dict[str, tuple[tuple[type[models.Model], str], ...]] = {
    "deal": ((Booking, "deal_id"), (StageChange, "deal_id"), (CreditShare, "deal_id"), (DealLine, "deal_id")),
    "reversal": ((Booking, "reversal_id"),),
}
# children first
ORDER = ("activity", "allocation", "receipt", "instalment", "invoice", "reversal", "deal", "lead", "contact",
         "customer", "product")  # fmt: skip
DAYS = {"deal": "closed_on", "reversal": "on", "invoice": "on", "instalment": "due_on", "receipt": "on",
        "allocation": "on", "activity": "on", "lead": "created_on"}  # fmt: skip


@dataclass
class Undone:
    """What came back and what did not: `kept` are (entity, id, label, why)."""

    removed: dict[str, int] = field(default_factory=dict)
    restored: dict[str, int] = field(default_factory=dict)
    kept: list[tuple[str, int, str, str]] = field(default_factory=list)
    entry: Entry | None = None


@transaction.atomic
def undo(
    entry_id: int, *, by: Actor | None, at: datetime, on: date, reason: str = "",
    also: Mapping[str, type[models.Model]] | None = None,
) -> Undone:  # fmt: skip
    """Take back the batch of a journal line. `also`: entities of rooms above (activity). Refused when done before."""
    entry = Entry.objects.get(pk=entry_id)
    if Entry.objects.filter(act="undo_batch", object_id=str(entry_id)).exists():
        raise Refusal(_("这一批已经撤销过了。"), code="undone")
    known = {**MODELS, **(also or {})}
    result = Undone()
    customers: set[int] = set()
    present = set(RowChange.objects.filter(entry=entry).order_by().values_list("entity", flat=True).distinct())
    for entity in sorted(present & set(known), key=lambda name: ORDER.index(name) if name in ORDER else -1):
        model = known[entity]
        rows = RowChange.objects.filter(entry=entry, entity=entity)
        for part in chunks(rows.filter(before__isnull=False).order_by("-id").iterator(chunk_size=2000)):
            _restore(entity, model, part, result)
        for part in chunks(rows.filter(before__isnull=True).values_list("row_id", flat=True).iterator(chunk_size=2000)):
            customers |= _remove(entity, model, part, entry, result)
    if customers:
        kinds.retell(customers)
    result.entry = record(
        "undo_batch", by=by, at=at, entity=entry.entity, object_id=entry_id, label=entry.label, reason=reason,
        rows=sum(result.removed.values()) + sum(result.restored.values()),
        after={"removed": result.removed, "restored": result.restored, "kept": len(result.kept)},
    )  # fmt: skip
    return result


def _restore(entity: str, model: type[models.Model], part: list[RowChange], result: Undone) -> None:
    """Put changed fields back where nobody changed them since."""
    standing = {row.pk: row for row in model._default_manager.filter(pk__in=[change.row_id for change in part])}
    for change in part:
        row = standing.get(change.row_id)
        if row is None:
            continue
        after, before = change.after or {}, change.before or {}
        if any(_told(getattr(row, name)) != value for name, value in after.items()):
            result.kept.append((entity, row.pk, str(row), str(_("导入之后又改过"))))
            continue
        back = {name: value for name, value in before.items() if name != "version"}
        if "version" in after:
            back["version"] = after["version"] + 1
        model._default_manager.filter(pk=row.pk).update(**back)
        result.restored[entity] = result.restored.get(entity, 0) + 1


def _told(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _remove(entity: str, model: type[models.Model], ids: list[int], entry: Entry, result: Undone) -> set[int]:
    """Delete created rows that nobody touched; returns customers whose deals went."""
    why = _touched(entity, model, ids, entry)
    names = {row.pk: str(row) for row in model._default_manager.filter(pk__in=list(why))} if why else {}
    result.kept += [(entity, pk, names.get(pk, ""), reason) for pk, reason in why.items() if pk in names]
    free = [pk for pk in ids if pk not in why]
    customers: set[int] = set()
    if entity == "deal":
        held = model._default_manager.filter(pk__in=free, stage="won", customer_id__isnull=False)
        customers = set(held.values_list("customer_id", flat=True))
    for part_model, column in PARTS.get(entity, ()):
        _delete(part_model, column, free)
    gone = _delete(model, "id", free)
    if gone:
        result.removed[entity] = result.removed.get(entity, 0) + gone
    return customers


def _delete(model: type[models.Model], column: str, ids: Iterable[int]) -> int:
    """Plain DELETE, without Django's walk through every relation (the caller has done that set-based)."""
    count = 0
    with connection.cursor() as cursor:
        for part in chunks(ids):
            marks = ", ".join(["%s"] * len(part))
            cursor.execute(
                f'DELETE FROM "{model._meta.db_table}" WHERE "{column}" IN ({marks})',
                part,
            )
            count += cursor.rowcount
    return count


def _touched(entity: str, model: type[models.Model], ids: list[int], entry: Entry) -> dict[int, str]:
    """Ids that must stay, each with why: changed since, in use by later records, or in a closed period."""
    why: dict[int, str] = {}
    if any(column.name == "version" for column in model._meta.fields):
        for pk in model._default_manager.filter(pk__in=ids, version__gt=1).values_list("pk", flat=True):
            why[pk] = str(_("导入之后又改过"))
    later = Entry.objects.filter(pk__gt=entry.pk, entity=entity, object_id__in=[str(pk) for pk in ids])
    for text in later.values_list("object_id", flat=True):
        why.setdefault(int(text), str(_("导入之后又改过")))
    rows = RowChange.objects.filter(entry_id__gt=entry.pk, entity=entity, row_id__in=ids)
    for pk in rows.values_list("row_id", flat=True):
        why.setdefault(pk, str(_("导入之后又改过")))
    day = DAYS.get(entity)
    if day:
        for period in ClosedPeriod.objects.all():
            shut = {"pk__in": ids, f"{day}__gte": period.start, f"{day}__lt": period.end}
            for pk in model._default_manager.filter(**shut).values_list("pk", flat=True):
                why.setdefault(pk, str(_("所在期间已关账")))
    for user, column in _users(entity, model):
        for pk in user._default_manager.filter(**{f"{column}__in": ids}).values_list(column, flat=True).distinct():
            why.setdefault(pk, str(_("已有后来的记录引用它")))
    return why


def _users(entity: str, model: type[models.Model]) -> Iterator[tuple[type[models.Model], str]]:
    """(model, column) of everything that may point at rows of this kind, its own parts left out."""
    own = {part for part, _column in PARTS.get(entity, ())}
    for relation in model._meta.get_fields(include_hidden=True):
        user = getattr(relation, "related_model", None)
        if relation.auto_created and not relation.concrete and isinstance(user, type) and user not in own:
            foreign = getattr(relation, "field", None)
            if isinstance(foreign, models.ForeignKey):
                yield user, foreign.attname


__all__ = ["Undone", "undo"]
