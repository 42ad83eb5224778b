"""Who calls: a token stands for its person, no further than their own reach; every write happens once per key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Annotated, Any, cast

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Header
from ninja.security import HttpBearer
from pydantic import BaseModel, StringConstraints

from pacesetter.config import clock
from pacesetter.journal.acts import Reply, answer_once
from pacesetter.lib.refusal import OutOfReach
from pacesetter.people import acts, reads
from pacesetter.people.acts.access import digest
from pacesetter.people.models import ApiToken, Person
from pacesetter.people.reach import Reach, reach_of
from pacesetter.people.rights import Scope

from .problems import ReadOnly, give

LONGEST_TOKEN = 200
Key = Annotated[
    str,
    StringConstraints(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9_.:-]+$"),
    Header(alias="Idempotency-Key", description="the same key with the same body gets the same answer"),
]


@dataclass(frozen=True)
class Caller:
    """The person behind a token at this instant."""

    token: ApiToken
    person: Person
    at: datetime
    today: date

    @cached_property
    def reach(self) -> Reach:
        """What the person may see and do today, looked up anew with every request."""
        return reach_of(self.person, self.today)


def caller_of(secret: str) -> Caller | None:
    """Who stands behind a token; None when it is unknown or revoked, or its person has left or was merged."""
    if not secret or len(secret) > LONGEST_TOKEN:
        return None
    # a digest is there once: nothing to order
    token = next(iter(ApiToken.objects.select_related("person").filter(digest=digest(secret), revoked_at=None)), None)
    found = None if token is None else _stands(token, clock.now())
    if found is not None:
        acts.note_token(token=found.token, at=found.at)
    return found


def here(request: HttpRequest, person: Person) -> bool:
    """Let this request, made on the machine itself and come over no wire, stand for a person; not for one who left."""
    found = _stands(ApiToken(person=person, may_write=True), clock.now())
    request.stands_for = found  # type: ignore[attr-defined]
    return found is not None


def _stands(token: ApiToken, at: datetime) -> Caller | None:
    """The person of a token as caller; None once they have left, by the company's day, or were merged."""
    person, today = token.person, reads.business_day(at)
    if not person.is_active or (person.left_on is not None and person.left_on < today):
        return None
    return Caller(token, person, at, today)


class Bearer(HttpBearer):
    """`Authorization: Bearer pace_…`. A browser's session is no key here."""

    def __call__(self, request: HttpRequest) -> Any | None:
        return getattr(request, "stands_for", None) or super().__call__(request)

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        """The caller, or None (401)."""
        return caller_of(token)


def caller(request: HttpRequest) -> Caller:
    """The caller of this request."""
    return cast(Caller, request.auth)  # type: ignore[attr-defined]


def once(request: HttpRequest, key: str, run: Callable[[Caller], BaseModel], status: int = 200) -> HttpResponse:
    """Run an act once per (person, key): the same key and body are answered the same bytes, another body 422.

    What `run` refuses is rolled back and may be sent again, corrected, under the same key.
    """
    who = caller(request)
    if not who.token.may_write:
        raise ReadOnly
    reply, _replayed = answer_once(
        by=who.person,
        key=key,
        path=f"{request.method} {request.path}",
        body=request.body,
        at=who.at,
        run=lambda: Reply(status, run(who).model_dump_json()),
    )
    return give(reply.body, reply.status)


# --- what is in reach -------------------------------------------------------------------------------------------------
def one(reach: Reach, rows: QuerySet[Any], entity: str, pk: int, verb: str = "read", **how: Any) -> Any:
    """The record if it is in reach (see `Reach.rows` for `how`); OutOfReach (404) otherwise."""
    found = reach.rows(rows, entity, verb, **how).filter(pk=pk).first()
    if found is None:
        raise OutOfReach
    return found


def named(reach: Reach, model: type[Model], entity: str, pk: int | None, verb: str = "read", **how: Any) -> Any:
    """A record that a body names: in reach, or 404 as if it were not there; None where none is named."""
    return None if pk is None else one(reach, model._default_manager.all(), entity, pk, verb, **how)


def owner_of(who: Caller, entity: str, sent: BaseModel) -> Person | None:
    """Who shall own it: the person named, among those the caller may choose; the caller where nobody is named.

    `null` leaves it without owner (a lead: in the pool), which only those may who have somebody to choose.
    """
    if "owner_id" not in sent.model_fields_set:
        return who.reach.owners(entity).filter(pk=who.person.pk).first()
    owner_id = getattr(sent, "owner_id", None)
    if owner_id is None:
        if who.reach.scope(entity, "write") < Scope.TEAM:
            raise OutOfReach
        return None
    found = who.reach.owners(entity).filter(pk=owner_id).first()
    if found is None:
        raise OutOfReach
    return found


def chooses(reach: Reach, entity: str) -> None:
    """OutOfReach unless the caller has anybody but themselves to choose."""
    if reach.scope(entity, "write") < Scope.TEAM:
        raise OutOfReach
