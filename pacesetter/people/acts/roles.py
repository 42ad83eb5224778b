"""Giving and taking roles, and looking through somebody else's eyes."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pacesetter.journal.acts import record
from pacesetter.lib.refusal import Refusal

from .. import reads, rules
from ..models import Person, RoleGrant
from ..rights import CAPABILITIES, ROLES
from .persons import at_work, end_access
from .spells import check_order, give_way


def known_role(role: str) -> None:
    """Refuse a role that there is none of."""
    if role not in ROLES and role not in CAPABILITIES:
        raise Refusal(_("没有这个角色：%(role)s。") % {"role": role}, code="role", field="role")


@transaction.atomic
def grant_role(
    *,
    person: Person,
    role: str,
    on: date = rules.OPEN_START,
    until: date = rules.OPEN_END,
    reason: str = "",
    by: Person | None,
    at: datetime,
) -> RoleGrant:
    """Give a role or capability for `[on, until)`. A business role beside admin needs a reason, for all to see."""
    known_role(role)
    check_order(on, until)
    person = Person.objects.select_for_update().get(pk=person.pk)
    if on != rules.OPEN_START:
        at_work(person, on)
    held = reads.roles_of(person.pk, reads.business_day(at))
    if by is not None and by.pk == person.pk and role not in held:
        raise Refusal(_("不能给自己加角色，请另一位管理员来做。"), code="own_role", field="role")
    if {"admin"} & (held | {role}) and len((held | {role}) & set(ROLES)) > 1 and not reason.strip():
        raise Refusal(_("系统管理员再拿业务角色会看到业务数据，请写明原因。"), code="required", field="reason")
    before = give_way(RoleGrant.objects.filter(person=person, role=role), on, until)
    grant = RoleGrant.objects.create(person=person, role=role, valid_from=on, valid_to=until, reason=reason)
    end_access(person)
    record("grant_role", by=by, at=at, entity="person", object_id=person.pk, label=person.name, about_id=person.pk,
           before={"grants": before}, after={"role": role, "from": on, "until": until}, reason=reason)  # fmt: skip
    return grant


@transaction.atomic
def revoke_role(*, person: Person, role: str, on: date, reason: str = "", by: Person | None, at: datetime) -> None:
    """Take a role away from `on`. The last admin keeps theirs."""
    known_role(role)
    person = Person.objects.select_for_update().get(pk=person.pk)
    if role == "admin" and not (
        RoleGrant.objects.filter(reads.valid(on), role="admin", person__access_ended=False)
        .exclude(person=person)
        .exists()
    ):
        raise Refusal(_("这是最后一位系统管理员，先给另一位加上。"), code="last_admin", field="role")
    before = give_way(RoleGrant.objects.filter(person=person, role=role), on, rules.OPEN_END)
    if not before:
        raise Refusal(_("%(name)s 没有这个角色。") % {"name": person.name}, code="role", field="role")
    end_access(person)
    record("revoke_role", by=by, at=at, entity="person", object_id=person.pk, label=person.name, about_id=person.pk,
           before={"grants": before}, after={"role": role, "until": on}, reason=reason)  # fmt: skip


@transaction.atomic
def note_view_as(*, person: Person, begin: bool, reason: str = "", by: Person, at: datetime) -> None:
    """Write down that somebody begins (or ends) looking at the system as another person; reading only."""
    if begin and not reason.strip():
        raise Refusal(_("写明为什么要以他的视角查看。"), code="required", field="reason")
    record("view_as" if begin else "view_as_end", by=by, at=at, entity="person", object_id=person.pk,
           label=person.name, about_id=person.pk, reason=reason)  # fmt: skip
