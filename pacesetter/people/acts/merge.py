"""Two records of one person become one, and can be taken apart again.

Every foreign key of the database that points at the dropped record is turned to the kept one. The keys are found from
the models themselves, so rooms above need no hook and none can be forgotten.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from pacesetter.journal.acts import record, record_rows
from pacesetter.journal.models import Entry, RowChange
from pacesetter.lib.refusal import Refusal

from .. import reads, rules
from ..models import ApiToken, DeviceSession, ExternalId, Invitation, Membership, Person, RoleGrant

# What belongs to signing in is ended, not moved.
_NOT_MOVED = {ApiToken, DeviceSession, Invitation, Person}
_IDENTITIES = ("employee_no", "mobile", "email", "hire_on")


def _keys() -> list[tuple[type[models.Model], models.ForeignKey[Any, Any]]]:
    """Every foreign key to a person in our own rooms."""
    return [
        (model, field)
        for model in apps.get_models()
        if model.__module__.startswith("pacesetter.") and model not in _NOT_MOVED
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and field.related_model is Person
    ]


def _likeness(person: Person) -> rules.Likeness:
    spells = Membership.objects.filter(person=person, primary=True).values_list("valid_from", "valid_to")
    return rules.Likeness(person.name, person.employee_no, person.mobile, person.email, tuple(spells))


@transaction.atomic
def merge_people(*, keep: Person, drop: Person, reason: str, by: Person | None, at: datetime) -> Entry:
    """Merge `drop` into `keep`: records, seats and roles move over; `drop` can no longer sign in. Reversible.

    Seats that overlap are not moved: the kept record's own stand. A role both hold from the same day is held once, as
    long as the longer of the two; the journal names what was left out.
    """
    if keep.pk == drop.pk:
        raise Refusal(_("请选两条不同的记录。"), code="same", field="drop")
    if not reason.strip():
        raise Refusal(_("写明合并的原因。"), code="required", field="reason")
    people = {p.pk: p for p in Person.objects.select_for_update().filter(pk__in=[keep.pk, drop.pk])}
    keep, drop = people[keep.pk], people[drop.pk]
    if keep.merged_into_id or drop.merged_into_id:
        raise Refusal(_("其中一条已经合并过。"), code="merged", field="drop")
    if by is not None and by.pk == drop.pk:
        raise Refusal(_("不能把自己并入别人。"), code="own", field="drop")
    if by is not None and by.pk == keep.pk:
        # one that begins later is a role as well
        today = reads.business_day(at)
        theirs = set(RoleGrant.objects.filter(person=drop, valid_to__gt=today).values_list("role", flat=True))
        if theirs - reads.roles_of(keep.pk, today):
            raise Refusal(_("不能给自己加角色，请另一位管理员来做。"), code="own_role", field="drop")
    against = rules.why_not_merge(_likeness(keep), _likeness(drop))
    if "employee_no" in against:
        raise Refusal(_("两条记录的工号不同，是两个人。要合并请先更正工号。"), code="employee_no", field="drop")
    moved: list[tuple[str, int, dict[str, Any], dict[str, Any]]] = []
    # first, because tables that are never overwritten let a row follow only a merge
    Person.objects.filter(pk=drop.pk).update(merged_into=keep)
    overlapping = set(_overlapping(keep, drop))
    grants = _one_grant(keep, drop)
    try:
        with transaction.atomic():
            for model, field in _keys():
                rows = model._default_manager.filter(**{field.attname: drop.pk})
                if model is Membership and field.name == "person":
                    rows = rows.exclude(pk__in=overlapping)
                if model is Membership and field.name == "manager":
                    rows = rows.exclude(person=keep)  # nobody manages themselves
                ids = list(rows.values_list("pk", flat=True))
                model._default_manager.filter(pk__in=ids).update(**{field.attname: keep.pk})
                name = f"{model._meta.label_lower}.{field.attname}"
                moved += [(name, pk, {field.attname: drop.pk}, {field.attname: keep.pk}) for pk in ids]
    except IntegrityError as error:
        raise Refusal(
            _("两条记录同时出现在同一件事上（例如同一商机的份额），请先改掉其中一处。"), code="both", field="drop"
        ) from error
    for link in ExternalId.objects.filter(entity="person", object_id=drop.pk):
        moved.append(("people.externalid.object_id", link.pk, {"object_id": drop.pk}, {"object_id": keep.pk}))
        ExternalId.objects.filter(pk=link.pk).update(object_id=keep.pk)
    before = {name: [getattr(keep, name), getattr(drop, name)] for name in _IDENTITIES}
    taken = {n: getattr(drop, n) for n in _IDENTITIES if getattr(keep, n) is None and getattr(drop, n) is not None}
    for name in taken:
        setattr(drop, name, None)
    drop.merged_into, drop.access_version = keep, drop.access_version + 1
    drop.save()
    for name, value in taken.items():
        setattr(keep, name, value)
    keep.access_version += 1
    keep.save()
    ApiToken.objects.filter(person=drop, revoked_at=None).update(revoked_at=at)
    DeviceSession.objects.filter(person=drop, ended_at=None).update(ended_at=at)
    entry = record("merge_people", by=by, at=at, entity="person", object_id=keep.pk, label=keep.name, reason=reason,
                   about_id=keep.pk, before=before, after={"dropped": drop.pk, "taken": sorted(taken),
                                           **({"grants": grants} if grants else {})},
                   rows=len(moved))  # fmt: skip
    for name in sorted({row[0] for row in moved}):
        record_rows(entry, name, ((pk, b, a) for entity, pk, b, a in moved if entity == name))
    return entry


def _one_grant(keep: Person, drop: Person) -> list[dict[str, Any]]:
    """Leave one grant, the longer, where both hold a role from the same day; what was left out, for the way back."""
    mine = {(row.role, row.valid_from): row for row in RoleGrant.objects.select_for_update().filter(person=keep)}
    left_out = []
    for theirs in RoleGrant.objects.select_for_update().filter(person=drop).order_by("pk"):
        own = mine.get((theirs.role, theirs.valid_from))
        if own is None:
            continue
        out, stays = (theirs, own) if theirs.valid_to <= own.valid_to else (own, theirs)
        left_out.append({
            "person": out.person_id, "role": out.role, "from": out.valid_from.isoformat(),
            "until": out.valid_to.isoformat(), "reason": out.reason, "stays": stays.pk,
            "stays_until": stays.valid_to.isoformat(),
        })  # fmt: skip
        out.delete()
    return left_out


def _overlapping(keep: Person, drop: Person) -> list[int]:
    """Primary seats of `drop` that would stand beside one of `keep`."""
    held = list(Membership.objects.filter(person=keep))
    return [
        row.pk
        for row in Membership.objects.filter(person=drop)
        if any(
            (row.primary and old.primary and row.valid_from < old.valid_to and old.valid_from < row.valid_to)
            or (row.team_id, row.valid_from) == (old.team_id, old.valid_from)
            or row.manager_id == keep.pk
            for old in held
        )
    ]


@transaction.atomic
def undo_merge(*, entry: Entry, reason: str = "", by: Person | None, at: datetime) -> Person:
    """Take two merged records apart; rows that were changed since stay and are named in the refusal."""
    if entry.act != "merge_people":
        raise Refusal(_("这条记录不是合并。"), code="not_merge")
    keep = Person.objects.select_for_update().get(pk=int(entry.object_id))
    drop = Person.objects.select_for_update().get(pk=entry.after["dropped"])
    if drop.merged_into_id != keep.pk:
        raise Refusal(_("这次合并已经撤销。"), code="undone")
    changed = []
    groups: dict[str, list[RowChange]] = {}
    for row in RowChange.objects.filter(entry=entry):
        groups.setdefault(row.entity, []).append(row)
    for name, rows in groups.items():
        label, column = name.rsplit(".", 1)
        model = apps.get_model(label)
        now = dict(model._default_manager.filter(pk__in=[r.row_id for r in rows]).values_list("pk", column))
        back = [r.row_id for r in rows if now.get(r.row_id) == keep.pk]
        changed += [f"{label} {r.row_id}" for r in rows if now.get(r.row_id) != keep.pk]
        model._default_manager.filter(pk__in=back).update(**{column: drop.pk})
    left_out = entry.after.get("grants", [])
    for gone in left_out:
        # a role that was taken away since does not come back with the record
        if not RoleGrant.objects.filter(pk=gone["stays"], valid_to=gone["stays_until"]).exists():
            changed.append(f"people.RoleGrant {gone['stays']}")
    if changed:
        raise Refusal(
            _("合并后有 %(n)s 条又改过，不能整体撤销：%(rows)s") % {"n": len(changed), "rows": "、".join(changed[:10])},
            code="changed",
        )
    RoleGrant.objects.bulk_create(
        RoleGrant(person_id=gone["person"], role=gone["role"], valid_from=date.fromisoformat(gone["from"]),
                  valid_to=date.fromisoformat(gone["until"]), reason=gone["reason"])
        for gone in left_out
    )  # fmt: skip
    values = {name: getattr(keep, name) for name in entry.after["taken"]}
    for name in values:
        setattr(keep, name, None)
    keep.access_version += 1
    keep.save()
    for name, value in values.items():
        setattr(drop, name, value)
    drop.merged_into = None
    drop.save()
    record("undo_merge", by=by, at=at, entity="person", object_id=keep.pk, label=keep.name, about_id=keep.pk,
           after={"entry": entry.pk, "restored": drop.pk}, reason=reason)  # fmt: skip
    return drop
