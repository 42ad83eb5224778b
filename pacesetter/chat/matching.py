"""Who of us somebody from a chat system is. Nobody is made by signing in, and a doubt opens no door."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from pacesetter.people.models import ExternalId, Person
from pacesetter.people.rules import BadIdentity, clean_employee_no, clean_mobile

from .adapter import Identity

ENTITY: Final = "person"
REASONS: Final[dict[str, Any]] = {
    "unknown": _("系统里还没有和这个账号对应的人。请系统管理员在人员里填上你的工号或手机号，或者做一次组织同步。"),
    "ambiguous": _("这个账号的工号和手机号对应了不止一个人。请系统管理员核对后再试。"),
    "linked": _("你的工号或手机号已经和另一个账号绑定。请系统管理员核对是不是同一个人。"),
    "left": _("这个账号对应的人已经离职或停用。有疑问请找系统管理员。"),
}


class Nobody(Exception):
    """No one person fits. `kind` is a key of REASONS."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def living(on: date) -> QuerySet[Person]:
    """Whoever is at work on a day."""
    return Person.objects.filter(merged_into=None, access_ended=False).exclude(left_on__lt=on)


def linked(source: str, external_id: str) -> Person | None:
    """The person this account was bound to; a merged record leads to the one that was kept."""
    row = ExternalId.objects.filter(source=source, entity=ENTITY, external_id=external_id).first()
    person = Person.objects.filter(pk=row.object_id).first() if row else None
    while person is not None and person.merged_into is not None:
        person = person.merged_into
    return person


def find(identity: Identity, source: str, on: date) -> tuple[Person, bool]:
    """The one person that fits, and whether the account was bound to them already. Raises Nobody."""
    bound = linked(source, identity.external_id)
    if bound is not None:
        if not living(on).filter(pk=bound.pk).exists():
            raise Nobody("left")
        return bound, True
    found: dict[int, Person] = {}
    gone = False
    for field, value in keys(identity.employee_no, identity.mobile).items():
        for person in Person.objects.filter(**{field: value}, merged_into=None):
            if living(on).filter(pk=person.pk).exists():
                found[person.pk] = person
            else:
                gone = True
    if not found:
        raise Nobody("left" if gone else "unknown")
    if len(found) > 1:
        raise Nobody("ambiguous")
    person = next(iter(found.values()))
    if ExternalId.objects.filter(source=source, entity=ENTITY, object_id=person.pk).exists():
        raise Nobody("linked")
    return person, False


def keys(employee_no: str, mobile: str) -> dict[str, str]:
    """The identities that can be one, as they are kept here."""
    clean: dict[str, str] = {}
    for field, tidy, value in (("employee_no", clean_employee_no, employee_no), ("mobile", clean_mobile, mobile)):
        try:
            plain = tidy(value)
        except BadIdentity:
            continue
        if plain:
            clean[field] = plain
    return clean
