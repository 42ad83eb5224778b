"""Adding and changing people, and their keys in other systems."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pacesetter.journal.acts import record
from pacesetter.lib.refusal import Refusal

from .. import rules
from ..models import ExternalId, Person
from .spells import changes

CHANGEABLE = frozenset({
    "name", "employee_no", "mobile", "email", "hire_on", "language", "theme", "density", "extra",
})  # fmt: skip
_BAD: dict[str, Any] = {
    "mobile": _("手机号不对：%(value)s。大陆手机 11 位，其他国家以 + 开头。"),
    "employee_no": _("工号不对：%(value)s。只用字母、数字、点和横线，最多 40 位。"),
    "email": _("邮箱不对：%(value)s。"),
}
_TAKEN: dict[str, Any] = {
    "mobile": _("手机号 %(value)s 已属于%(who)s。"),
    "employee_no": _("工号 %(value)s 已属于%(who)s。"),
    "email": _("邮箱 %(value)s 已属于%(who)s。"),
}
_CLEAN = {"mobile": rules.clean_mobile, "employee_no": rules.clean_employee_no, "email": rules.clean_email}


def tidy(values: dict[str, Any]) -> dict[str, Any]:
    """Name and identities normalised; raises Refusal naming the field."""
    clean = dict(values)
    if "name" in clean:
        clean["name"] = str(clean["name"] or "").strip()
        if not clean["name"]:
            raise Refusal(_("写上姓名。"), code="required", field="name")
        if len(clean["name"]) > 80:
            raise Refusal(_("姓名最多 80 个字。"), code="length", field="name")
    for field, told in _CLEAN.items():
        if field not in clean:
            continue
        try:
            clean[field] = told(clean[field])
        except rules.BadIdentity as bad:
            raise Refusal(_BAD[field] % {"value": values[field]}, code=f"bad_{field}", field=field) from bad
    return clean


def refuse_taken(field: str, key: str, who: str) -> Refusal:
    """What is said of a key that somebody else holds."""
    return Refusal(_TAKEN[field] % {"value": key, "who": who}, code="exists", field=field)


def _clean(values: dict[str, Any], person: Person | None = None) -> dict[str, Any]:
    """Identities normalised and free; raises Refusal naming the field. No key may mean two people at sign-in."""
    clean = tidy(values)
    others = Person.objects.exclude(pk=person.pk) if person else Person.objects.all()
    for field in _CLEAN:
        key = clean.get(field)
        if not key:
            continue
        holder = others.filter(Q(employee_no=key) | Q(mobile=key) | Q(email=key)).first()
        if holder is not None:
            raise refuse_taken(field, key, holder.name)
    return clean


@transaction.atomic
def add_person(
    *,
    name: str,
    employee_no: str | None = None,
    mobile: str | None = None,
    email: str | None = None,
    hire_on: date | None = None,
    extra: dict[str, Any] | None = None,
    by: Person | None,
    at: datetime,
) -> Person:
    """A new person; nobody signs in before an invitation was accepted. An unknown hire date means stage unknown."""
    values = _clean({"name": name, "employee_no": employee_no, "mobile": mobile, "email": email})
    person = Person(**values, hire_on=hire_on, extra=extra or {})
    person.set_unusable_password()
    person.save(force_insert=True)
    record("add_person", by=by, at=at, entity="person", object_id=person.pk, label=person.name,
           after={**values, "hire_on": hire_on}, about_id=person.pk)  # fmt: skip
    return person


@transaction.atomic
def change_person(*, person: Person, by: Person | None, at: datetime, reason: str = "", **values: Any) -> Person:
    """Change what a person record says. Team, manager, stage and roles have acts of their own.

    A new hire date moves the growth stage of open facts: doors re-freeze them (see `correct_membership`).
    """
    unknown = set(values) - CHANGEABLE
    if unknown:
        raise Refusal(_("这项不能改。"), code="unknown_field", field=sorted(unknown)[0])
    person = Person.objects.select_for_update().get(pk=person.pk)
    before, after = changes(person, _clean(values, person))
    if after:
        person.save(update_fields=list(after))
        record("change_person", by=by, at=at, entity="person", object_id=person.pk, label=person.name,
               before=before, after=after, reason=reason, about_id=person.pk)  # fmt: skip
    return person


@transaction.atomic
def link_external(
    *, source: str, entity: str, external_id: str, object_id: int, by: Person | None, at: datetime
) -> ExternalId:
    """Say which record here another system's key means. Composite keys are joined by the caller with `|`."""
    held, created = ExternalId.objects.get_or_create(
        source=source, entity=entity, external_id=external_id, defaults={"object_id": object_id}
    )
    if held.object_id != object_id:
        raise Refusal(
            _("%(source)s 的编号 %(key)s 已经对应另一条记录。") % {"source": source, "key": external_id},
            code="exists",
            field="external_id",
        )
    if created:
        record("link_external", by=by, at=at, entity=entity, object_id=object_id, label=f"{source} {external_id}")
    return held


def at_work(person: Person, on: date) -> None:
    """Refuse acting on somebody who has left or was merged away."""
    if person.merged_into_id is not None:
        raise Refusal(_("%(name)s 已并入另一条记录。") % {"name": person.name}, code="merged")
    if person.left_on is not None and person.left_on < on:
        raise Refusal(
            _("%(name)s 已于 %(on)s 离职。") % {"name": person.name, "on": person.left_on}, code="left", field="on"
        )


def end_access(person: Person) -> None:
    """Every session of this person is over at the next request. Part of an act."""
    person.access_version += 1
    person.save(update_fields=["access_version"])
