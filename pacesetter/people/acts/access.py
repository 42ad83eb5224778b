"""Invitations, one-time resets, passwords, device sessions, API tokens. Secrets are kept only as digests."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Final

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pacesetter.journal.acts import record
from pacesetter.lib.refusal import Refusal

from ..models import ApiToken, DeviceSession, Invitation, Person
from .persons import end_access

INVITE_LASTS: Final = timedelta(days=7)
RESET_LASTS: Final = timedelta(hours=24)
TOKEN_PREFIX: Final = "pace_"


def digest(secret: str) -> str:
    """How a link or token is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _link(person: Person, kind: str, lasts: timedelta, by: Person | None, at: datetime) -> tuple[Invitation, str]:
    if not person.is_active:
        raise Refusal(_("%(name)s 已离职或已合并，不能登录。") % {"name": person.name}, code="left")
    if not (person.mobile or person.employee_no or person.email):
        raise Refusal(
            _("%(name)s 还没有手机号、工号或邮箱，填上一项才能登录。") % {"name": person.name},
            code="no_identity",
            field="mobile",
        )
    # a newer link ends the older ones
    Invitation.objects.filter(person=person, used_at=None, expires_at__gt=at).update(expires_at=at)
    secret = secrets.token_urlsafe(24)
    row = Invitation.objects.create(
        person=person, digest=digest(secret), kind=kind, created_at=at, created_by=by, expires_at=at + lasts
    )
    record(kind, by=by, at=at, entity="person", object_id=person.pk, label=person.name, about_id=person.pk,
           after={"expires_at": row.expires_at})  # fmt: skip
    return row, secret


@transaction.atomic
def invite(*, person: Person, by: Person | None, at: datetime) -> tuple[Invitation, str]:
    """A one-time link (7 days) with which a new person sets a password; returns it with its secret, shown once."""
    return _link(person, "invite", INVITE_LASTS, by, at)


@transaction.atomic
def reset_link(*, person: Person, by: Person | None, at: datetime) -> tuple[Invitation, str]:
    """A one-time link (24 hours) to set a new password, handed over by an admin; no mail server needed."""
    return _link(person, "reset", RESET_LASTS, by, at)


def open_invitation(secret: str, at: datetime) -> Invitation | None:
    """The invitation a link belongs to, if it can still be used."""
    row = Invitation.objects.select_related("person").filter(digest=digest(secret)).first()
    if row is None or row.used_at is not None or row.expires_at <= at or not row.person.is_active:
        return None
    return row


def _set(person: Person, password: str) -> None:
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise Refusal(" ".join(error.messages), code="password", field="password") from error
    person.set_password(password)
    person.save(update_fields=["password"])


@transaction.atomic
def accept_invitation(*, secret: str, password: str, at: datetime) -> Person:
    """Use a link once: set the password, end every session so far. Raises Refusal when the link is spent."""
    found = open_invitation(secret, at)
    row = None if found is None else Invitation.objects.select_for_update().filter(pk=found.pk, used_at=None).first()
    if row is None:
        raise Refusal(_("链接已用过或已过期。请管理员再发一个。"), code="spent")
    person = Person.objects.select_for_update().get(pk=row.person_id)
    _set(person, password)
    row.used_at = at
    row.save(update_fields=["used_at"])
    end_access(person)
    DeviceSession.objects.filter(person=person, ended_at=None).update(ended_at=at)
    record("accept_invitation", by=person, at=at, entity="person", object_id=person.pk, label=person.name,
           about_id=person.pk, after={"kind": row.kind})  # fmt: skip
    return person


@transaction.atomic
def set_password(*, person: Person, password: str, by: Person | None, at: datetime) -> Person:
    """A new password; all other devices are signed out. Used by the set-up command and by 我的."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    _set(person, password)
    end_access(person)
    record("set_password", by=by, at=at, entity="person", object_id=person.pk, label=person.name,
           about_id=person.pk)  # fmt: skip
    return person


# --- devices ---------------------------------------------------------------------------------------------------------
def note_session(*, person: Person, session_key: str, label: str, at: datetime) -> DeviceSession:
    """A device was seen: kept so that the person can end it. Not an act of its own: no journal line."""
    row, created = DeviceSession.objects.get_or_create(
        session_key=digest(session_key),
        defaults={"person": person, "label": label[:120], "created_at": at, "last_seen_at": at},
    )
    if not created and at - row.last_seen_at > timedelta(minutes=5):
        row.last_seen_at = at
        row.save(update_fields=["last_seen_at"])
    return row


@transaction.atomic
def end_session(*, session: DeviceSession, by: Person | None, at: datetime) -> None:
    """Sign one device out; its next request meets the sign-in page."""
    if session.ended_at is None:
        session.ended_at = at
        session.save(update_fields=["ended_at"])
        record("end_session", by=by, at=at, entity="person", object_id=session.person_id, label=session.label,
               about_id=session.person_id)  # fmt: skip


@transaction.atomic
def end_sessions(*, person: Person, by: Person | None, at: datetime) -> None:
    """Sign a person out everywhere."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    DeviceSession.objects.filter(person=person, ended_at=None).update(ended_at=at)
    end_access(person)
    record("end_sessions", by=by, at=at, entity="person", object_id=person.pk, label=person.name,
           about_id=person.pk)  # fmt: skip


# --- tokens for programs ---------------------------------------------------------------------------------------------
@transaction.atomic
def make_token(
    *, person: Person, name: str, may_write: bool = False, by: Person | None, at: datetime
) -> tuple[ApiToken, str]:
    """A key for a program that acts as this person; returned once, kept as a digest."""
    if not name.strip():
        raise Refusal(_("给令牌起个名字，比如用它的程序。"), code="required", field="name")
    if not person.is_active:
        raise Refusal(_("%(name)s 已离职或已合并，不能登录。") % {"name": person.name}, code="left")
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        person=person, name=name.strip()[:80], digest=digest(secret), may_write=may_write, created_at=at
    )
    record("make_token", by=by, at=at, entity="token", object_id=token.pk, label=token.name, about_id=person.pk,
           after={"may_write": may_write})  # fmt: skip
    return token, secret


@transaction.atomic
def revoke_token(*, token: ApiToken, by: Person | None, at: datetime) -> None:
    """A token stops working at once."""
    if token.revoked_at is None:
        token.revoked_at = at
        token.save(update_fields=["revoked_at"])
        record("revoke_token", by=by, at=at, entity="token", object_id=token.pk, label=token.name,
               about_id=token.person_id)  # fmt: skip


def note_token(*, token: ApiToken, at: datetime) -> None:
    """A token was used; noted at most every five minutes. Not an act of its own: no journal line."""
    if token.last_used_at is None or at - token.last_used_at > timedelta(minutes=5):
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=at)


@transaction.atomic
def end_departed(*, person: Person, by: Person | None, at: datetime) -> bool:
    """Close the door behind somebody whose last day, set ahead, has passed; False when it is closed already."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.access_ended or person.left_on is None:
        return False
    person.access_ended = True
    person.access_version += 1
    person.save(update_fields=["access_ended", "access_version"])
    ApiToken.objects.filter(person=person, revoked_at=None).update(revoked_at=at)
    DeviceSession.objects.filter(person=person, ended_at=None).update(ended_at=at)
    record("end_departed", by=by, at=at, entity="person", object_id=person.pk, label=person.name,
           about_id=person.pk)  # fmt: skip
    return True
