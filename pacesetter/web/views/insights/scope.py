"""Whose numbers a page shows, read from the address, and which metrics a reader may see at all.

`?scope=` is empty (all I may see), `team:3` or `person:12`; every further dim of the catalogue may narrow it
(`&product=4&growth_stage=growth`), `-` meaning "without a value". What is out of reach answers 404.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import Http404

from pacesetter import assembly
from pacesetter.metrics import schema
from pacesetter.metrics.catalogue import Metric
from pacesetter.people.models import Membership, Team
from pacesetter.people.reach import LEADS_ONLY, Reach
from pacesetter.people.rights import Scope

NUMBERED = ("person", "team", "manager", "region", "product")
FILTERS = tuple(dim for dim in schema.DIMS if dim not in schema.TIME_DIMS and dim not in ("person", "team", "ageing"))
NOTHING = "-"


@dataclass(frozen=True)
class Where:
    """The part of what a reader may see that one number is about."""

    team: int | None = None
    person: int | None = None
    nobody: bool = False  # facts that belong to no person
    only: tuple[tuple[str, tuple[Any, ...]], ...] = ()

    def narrowed(self, dim: str, value: Any) -> Where:
        """The same with one more dim set (a row, a bar, a segment)."""
        if dim == "person":
            return replace(self, person=value, nobody=value is None)
        return replace(self, only=(*((d, v) for d, v in self.only if d != dim), (dim, (value,))))

    @property
    def filters(self) -> tuple[tuple[str, tuple[Any, ...]], ...]:
        """What the engine calls `only`."""
        if self.nobody:
            return (*self.only, ("person", (None,)))
        return (*self.only, ("person", (self.person,))) if self.person is not None else self.only

    @property
    def within(self) -> tuple[int, ...]:
        return (self.team,) if self.team is not None else ()

    def query(self) -> dict[str, str]:
        """The address part that means the same."""
        asked: dict[str, str] = {}
        if self.nobody or self.person is not None:
            asked["scope"] = f"person:{NOTHING if self.nobody else self.person}"
            if self.team is not None:
                asked["team"] = str(self.team)
        elif self.team is not None:
            asked["scope"] = f"team:{self.team}"
        for dim, values in self.only:
            asked["in_team" if dim == "team" else dim] = NOTHING if values[0] is None else str(values[0])
        return asked


ALL = Where()


def where(asked: Mapping[str, str], viewer: Reach) -> Where:
    """The scope of an address within a reader's reach. Raises Http404 for what is out of it or cannot be read."""
    found = Where()
    kind, _colon, rest = asked.get("scope", "").partition(":")
    if kind == "me":
        kind, rest = "person", str(viewer.person_id)
    if kind == "person":
        if rest == NOTHING:
            found = replace(found, nobody=True)
        else:
            found = replace(found, person=_number(rest))
            _may_see_person(viewer, _number(rest))
        if asked.get("team"):
            found = replace(found, team=_number(asked["team"]))
    elif kind == "team":
        found = replace(found, team=_number(rest))
    elif kind:
        raise Http404
    if found.team is not None:
        _may_see_team(viewer, found.team)
    only = []
    for dim in FILTERS:
        if asked.get(dim):
            only.append((dim, (_value(dim, asked[dim]),)))
    if asked.get("in_team"):
        only.append(("team", (_value("team", asked["in_team"]),)))
    return replace(found, only=tuple(only))


def _value(dim: str, text: str) -> Any:
    if text == NOTHING:
        return None
    return _number(text) if dim in NUMBERED else text[:120]


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 12:
        raise Http404
    return int(text)


def _may_see_person(viewer: Reach, person_id: int) -> None:
    scope = reach_of_metrics(viewer)
    if scope == Scope.ALL and not by_source_only(viewer):
        return
    if scope >= Scope.OWN and person_id == viewer.person_id:
        return
    if scope == Scope.TEAM and Membership.objects.filter(person_id=person_id, team_id__in=viewer.team_ids).exists():
        return
    raise Http404


def _may_see_team(viewer: Reach, team_id: int) -> None:
    scope = reach_of_metrics(viewer)
    if scope == Scope.ALL and not by_source_only(viewer):
        if Team.objects.filter(pk=team_id).exists():
            return
    elif scope == Scope.TEAM and team_id in viewer.team_ids:
        return
    raise Http404


def reach_of_metrics(viewer: Reach, metric: Metric | None = None) -> Scope:
    """How far somebody may look at people's numbers, or at those of one metric; leads alone have no people."""
    if metric is not None:
        return assembly.scope_of(metric, viewer, () if by_source_only(viewer) else ("person",))
    return viewer.scope("metrics") if by_source_only(viewer) else viewer.scope_of_persons()


def by_source_only(viewer: Reach) -> bool:
    """Marketing sees lead metrics by source, never by person."""
    return {grant.only for grant in viewer.grants("metrics")} == {LEADS_ONLY}


def readable(viewer: Reach, metric: Metric) -> bool:
    """Whether the reader may see this metric at all: HRBP no prices, marketing leads, finance money."""
    return assembly.may_ask(metric, viewer, ("source",))


def must_read(viewer: Reach, metric: Metric | None) -> Metric:
    """The metric, or 404 where the reader may not see it (or there is none)."""
    if metric is None or not readable(viewer, metric):
        raise Http404
    return metric


def dims_for_reader(viewer: Reach, dims: list[str]) -> list[str]:
    """The dims a reader may split by."""
    if by_source_only(viewer):
        return [dim for dim in dims if dim in ("source", *schema.TIME_DIMS)]
    if reach_of_metrics(viewer) == Scope.OWN:
        return [dim for dim in dims if dim not in ("person", "team", "manager", "region", "growth_stage")]
    return dims
