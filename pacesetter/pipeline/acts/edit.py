"""What the acts of this room share: changing fields with a journal line, lost updates, owners, outside masters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from pacesetter.journal.acts import record, since
from pacesetter.journal.models import Entry
from pacesetter.lib.money import LIMIT
from pacesetter.lib.refusal import Conflict, Refusal
from pacesetter.people import reads as people
from pacesetter.people.models import EntityMaster, Person, Seat

M = TypeVar("M", bound=models.Model)


def entity_of(row: models.Model) -> str:
    """The journal's word for a record."""
    return str(row._meta.model_name)


def value_of(row: models.Model, name: str) -> Any:
    """A field as the journal keeps it: an id instead of an object."""
    field = row._meta.get_field(name)
    return getattr(row, field.attname if isinstance(field, models.ForeignKey) else name)


def key_of(row: models.Model, name: str) -> str:
    """The column a field is kept under: `owner` → `owner_id`."""
    field = row._meta.get_field(name)
    return field.attname if isinstance(field, models.ForeignKey) else name


def locked(row: M) -> M:
    """The row as it stands now, held until the transaction ends."""
    return type(row)._default_manager.select_for_update().get(pk=row.pk)


def change(
    row: M,
    values: dict[str, Any],
    *,
    act: str,
    by: Person | None,
    at: datetime,
    version: int | None = None,
    reason: str = "",
    about_id: int | None = None,
    always: bool = False,
    request_id: str = "",
) -> M:
    """Set fields of a locked row, raise its version, write the journal line. Nothing different = nothing written.

    `version` is what the writer saw; another one by now is a Conflict that names both values.
    """
    before, after, names = {}, {}, []
    for name, value in values.items():
        key = key_of(row, name)
        new = value.pk if isinstance(value, models.Model) else value
        if getattr(row, key) != new:
            before[key], after[key] = getattr(row, key), new
            names.append((name, value))
    if version is not None and version != getattr(row, "version", version):
        raise conflict(row, before, after)
    if not names and not always:
        return row
    for name, value in names:
        setattr(row, name, value)
    if hasattr(row, "version"):
        row.version += 1
    row.save()
    record(act, by=by, at=at, entity=entity_of(row), object_id=row.pk, label=str(row), before=before, after=after,
           reason=reason, about_id=about_id, request_id=request_id)  # fmt: skip
    return row


def unchanged(
    entity: str, seen: int | None, sent: dict[str, Any],
    standing: Callable[[list[Entry]], tuple[Entry, dict[str, Any]] | None],
) -> None:  # fmt: skip
    """A setting is as its writer saw it: no line of the journal after `seen` (None: nobody looked) that matters.

    `standing` is asked once nobody else can write: of these lines the one that changed it, and what stands now.
    Other values than those sent are a Conflict that names who wrote the line, and both.
    """
    lines = [] if seen is None else since(entity, seen)
    now = standing(lines) if lines else None
    if now is None:
        return
    line, values = now
    both = tuple((name, values.get(name), value) for name, value in sent.items() if values.get(name) != value)
    if both:
        raise Conflict(
            _("%(who)s 在你打开之后改过这条记录。看一下现在的内容，再决定保留哪一个。")
            % {"who": line.by_name or _("另一个人")},
            both=both, who=line.by_name, now=lines[0].pk,
        )  # fmt: skip


def conflict(row: models.Model, standing: dict[str, Any], sent: dict[str, Any]) -> Conflict:
    """The refusal of a lost update: who changed it last, and both values of each field that differs."""
    last = Entry.objects.filter(entity=entity_of(row), object_id=str(row.pk)).first()
    who = last.by_name if last else ""
    both = tuple((name, standing[name], sent[name]) for name in sent)
    return Conflict(
        _("%(who)s 在你打开之后改过这条记录。看一下现在的内容，再决定保留哪一个。") % {"who": who or _("另一个人")},
        both=both,
        who=who,
        now=getattr(row, "version", None),
    )


def check_owner(person: Person | None, *, on: date, field: str = "owner") -> None:
    """An owner must still be here on the day."""
    if person is None:
        return
    if person.access_ended or person.merged_into_id is not None or (person.left_on and person.left_on <= on):
        raise Refusal(
            _("%(name)s 已离职或已合并，不能做负责人。请换一位同事。") % {"name": person.name},
            code="owner_left",
            field=field,
        )


def refuse_outside(entity: str) -> None:
    """Entities mastered in an outside CRM are read-only here."""
    refuse_mastered(EntityMaster.objects.filter(entity=entity).exclude(source="").first())


def refuse_mastered(master: EntityMaster | None) -> None:
    """The same where the outside master of the entity, if any, has been read already."""
    if master is not None:
        raise Refusal(
            _("这类记录以 %(source)s 为准，这里只读。请在那边修改，下次同步后会更新。") % {"source": master.source},
            code="mastered_outside",
        )


def refuse_future(on: date | None, *, today: date, field: str) -> None:
    """Things that happened cannot lie ahead."""
    if on is not None and on > today:
        raise Refusal(
            _("日期 %(on)s 还没到。已经发生的事请填今天或更早的日期。") % {"on": on}, code="future", field=field
        )


def check_money(amount: int | None, *, field: str = "amount_minor", positive: bool = False) -> None:
    """An amount in range; above zero where it must be."""
    if amount is None:
        return
    if abs(amount) > LIMIT or amount < 0 or (positive and amount == 0):
        raise Refusal(
            _("金额必须大于 0。") if positive else _("金额不能小于 0，也不能超出上限。"), code="amount", field=field
        )


def required(value: Any, field: str, label: Any) -> None:
    """A field that must hold something."""
    if value is None or (isinstance(value, str) and not value.strip()):
        raise Refusal(_("请填写%(label)s。") % {"label": label}, code="required", field=field)


def freeze(fact: Seat, person_id: int | None, on: date) -> None:
    """Put the seat of that day on a fact."""
    for name, value in people.seat_at(person_id, on).columns().items():
        setattr(fact, name, value)


def taken(model: type[models.Model], field: str, value: str | None, *, but: int | None = None) -> None:
    """A key that must be unique is free."""
    if value and model._default_manager.filter(**{field: value}).exclude(pk=but).exists():
        raise Refusal(_("编号 %(value)s 已经用过了。") % {"value": value}, code="exists", field=field)
