"""Who sees whom: one person's rights of one day, applied to querysets, answered once per request.

Out of reach means *not there*: `rows` leaves it out, doors answer 404.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet

from pacesetter.lib.refusal import OutOfReach

from . import reads, rights
from .models import Membership, Person, TeamClosure
from .rights import Grant, Scope

M = TypeVar("M", bound=Model)
# whoever reads leads alone reads them by where they come from, not by who works on them
LEADS_ONLY = frozenset({"leads"})


@dataclass(frozen=True)
class Reach:
    """What `person` may read and write on `on`; everything else about it is looked up once, when first asked."""

    person: Person
    on: date

    @property
    def person_id(self) -> int:
        """The reader."""
        return self.person.pk

    @cached_property
    def roles(self) -> frozenset[str]:
        """Roles and capabilities held that day."""
        return reads.roles_of(self.person.pk, self.on)

    @cached_property
    def role(self) -> str:
        """The role whose home page this is."""
        return rights.main_role(self.roles)

    @cached_property
    def below(self) -> list[tuple[int, int, date, date]]:
        """The trees of the teams headed now, of all days (see `reads.heads`)."""
        return reads.heads(self.person.pk)

    @cached_property
    def led(self) -> tuple[int, ...]:
        """The teams headed now."""
        return tuple(sorted({head for head, _team, _start, _end in self.below}))

    @cached_property
    def team_ids(self) -> frozenset[int]:
        """The whole subtrees of the teams headed now."""
        return frozenset(team for _head, team, start, end in self.below if start <= self.on < end)

    @cached_property
    def people_ids(self) -> frozenset[int]:
        """Me and everybody whose primary team lies in my subtrees today."""
        return frozenset({self.person.pk, *self._members().values_list("person_id", flat=True)})

    def _members(self) -> QuerySet[Membership]:
        return Membership.objects.filter(reads.valid(self.on), primary=True, team_id__in=self.team_ids)

    def scope(self, entity: str, verb: str = "read") -> Scope:
        """none | leads | own | team | all."""
        return rights.scope_of(self.roles, entity, verb)

    @cached_property
    def _grants(self) -> dict[str, frozenset[Grant]]:
        return {}

    def grants(self, entity: str) -> frozenset[Grant]:
        """What each role opens for reading, by itself."""
        if entity not in self._grants:
            self._grants[entity] = rights.grants_of(self.roles, entity)
        return self._grants[entity]

    def may(self, entity: str, verb: str = "read") -> bool:
        """Whether there is anything at all for this reader."""
        return self.scope(entity, verb) > Scope.NONE

    def require(self, entity: str, verb: str = "read") -> None:
        """Raise OutOfReach (404) unless `may`."""
        if not self.may(entity, verb):
            raise OutOfReach

    def masks(self, entity: str) -> frozenset[str]:
        """What stays hidden in rows that are shown: `prices`, `contacts`, `absences`."""
        return rights.masks_of(self.roles, entity)

    def reads_absences(self, person: Person) -> bool:
        """Oneself, whoever leads them, personnel and direction; figures are read without knowing why."""
        if person.pk == self.person_id:
            return True
        told = max((g.scope for g in self.grants("people") if "absences" not in g.masks), default=Scope.NONE)
        within = told == Scope.ALL or (told == Scope.TEAM and person.pk in self.people_ids)
        return within and self.people().filter(pk=person.pk).exists()

    def parts(self, entity: str, verb: str = "read") -> frozenset[str] | None:
        """The parts of a broad entity (imports, metrics, people) in reach; None = all of it."""
        return rights.parts_of(self.roles, entity, verb)

    def may_part(self, entity: str, part: str, verb: str = "read") -> bool:
        """Whether one part is in reach, e.g. `may_part("imports", "people")`."""
        return self.scope_of_part(entity, part, verb) > Scope.NONE

    def scope_of_part(self, entity: str, part: str, verb: str = "read") -> Scope:
        """How far one part is in reach, by the roles that open it."""
        return rights.scope_of_part(self.roles, entity, part, verb)

    def rows(
        self,
        qs: QuerySet[M],
        entity: str,
        verb: str = "read",
        *,
        owner: str = "owner_id",
        team: str | None = None,
        on: str | None = None,
        leads: Q | None = None,
    ) -> QuerySet[M]:
        """The rows in reach.

        own: `owner` is me. team: with `team` and `on` (columns frozen on the record) my subtree on that day; without,
        the owner's primary team lies in my subtree now. `leads`: the filter of rows that came from a lead.
        """
        scope = self.scope(entity, verb)
        if scope == Scope.ALL:
            return qs
        by_lead = leads is not None and verb == "read" and Scope.LEADS in {g.scope for g in self.grants(entity)}
        if scope == Scope.NONE or (scope == Scope.LEADS and not by_lead):
            return qs.none()
        if scope == Scope.LEADS:
            return qs.filter(leads).distinct()
        if by_lead:
            # a second role adds its rows, it takes none away
            own = self._owned(qs.model._default_manager.all(), scope, owner, team, on)
            return qs.filter(Q(leads) | Q(pk__in=own.values("pk"))).distinct()
        return self._owned(qs, scope, owner, team, on)

    def _owned(self, qs: QuerySet[M], scope: Scope, owner: str, team: str | None, on: str | None) -> QuerySet[M]:
        """Mine, and those of my subtree."""
        mine = Q(**{owner: self.person.pk})
        if scope == Scope.OWN or not self.led:
            return qs.filter(mine)
        if team is None:
            return qs.filter(mine | Q(**{f"{owner}__in": self._members().values("person_id")}))
        day: Any = OuterRef(on) if on else self.on
        below = TeamClosure.objects.filter(
            ancestor_id__in=self.led, descendant_id=OuterRef(team), valid_from__lte=day, valid_to__gt=day
        )
        return qs.filter(mine | Exists(below))

    def people(self, verb: str = "read") -> QuerySet[Person]:
        """The persons in reach by name, merged records left out."""
        live = Person.objects.filter(merged_into=None)
        scope = self.scope("people", verb)
        if scope == Scope.NONE:
            # whoever signs in may see that they exist
            live = live.filter(pk=self.person.pk) if verb == "read" else live.none()
        elif scope < Scope.ALL:
            live = live.filter(pk__in=self.people_ids if scope == Scope.TEAM else [self.person.pk])
        return live.order_by(F("name"), "id")

    def owners(self, entity: str) -> QuerySet[Person]:
        """Whom I may make owner of such a record: myself, my people, or everybody who sells."""
        live = Person.objects.filter(merged_into=None, access_ended=False)
        scope = self.scope(entity, "write")
        if scope == Scope.ALL:
            live = live.filter(role_grants__role__in=("rep", "manager", "director")).distinct()
        elif scope == Scope.TEAM:
            live = live.filter(pk__in=self.people_ids)
        else:
            live = live.filter(pk=self.person.pk)
        return live.order_by("name", "id")

    def sees_person(self, person_id: int, entity: str = "metrics") -> bool:
        """Whether this person's figures are in reach."""
        scope = self.scope_of_persons(entity)
        if scope == Scope.TEAM:
            return person_id in self.people_ids
        return scope == Scope.ALL or (scope == Scope.OWN and person_id == self.person.pk)

    def scope_of_persons(self, entity: str = "metrics") -> Scope:
        """How far the reader sees persons' figures of any kind; leads alone are read by source, not by person."""
        return max((g.scope for g in self.grants(entity) if g.only != LEADS_ONLY), default=Scope.NONE)

    def scope_of_family(self, family: str, *, money: bool = False, persons: bool = False) -> Scope:
        """How far the reader sees metrics of a family: by the roles that open it, each with its own scope and parts.

        `money`: it shows amounts, which a role may hide. `persons`: it is asked by person.
        """
        held = (
            grant.scope for grant in self.grants("metrics")
            if grant.holds(family) and not (money and "prices" in grant.masks)
            and not (persons and grant.only == LEADS_ONLY)
        )  # fmt: skip
        return max(held, default=Scope.NONE)


def reach_of(person: Person, on: date) -> Reach:
    """What a person may see and do on a day. Keep one per request: it remembers what it looked up."""
    return Reach(person, on)
