"""What lies behind a number: records found by queries of their own, and whether they add up to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from pacesetter.people import reads as people
from pacesetter.people.models import TeamClosure
from pacesetter.people.rights import Scope
from pacesetter.web.places import exists

from ..figures import Figures
from ..scope import Where


@dataclass(frozen=True)
class Record:
    """One record: when, what, of whom, and what it adds to the top and the bottom of the number."""

    on: date | None
    title: str
    url: str = ""
    customer: str = ""
    person: str = ""
    detail: str = ""
    top: int | None = None
    bottom: int | None = None


@dataclass
class Evidence:
    """The records of one number. `top` and `bottom` are their own sums; None where records cannot tell."""

    count: int
    top: int | None
    bottom: int | None
    page: Callable[[int, int], Sequence[Record]]
    money: bool = False
    hidden: bool = False
    words: tuple[str, str] = ("", "")
    note: str = ""
    first: Sequence[Record] = field(default=())

    def everything(self, step: int = 500) -> Iterator[Record]:
        """All records in order, in portions (for an export)."""
        for start in range(0, self.count, step):
            yield from self.page(start, start + step)


def hidden() -> Evidence:
    """The reader sees the number but no records (HRBP: counts only)."""
    return Evidence(0, None, None, lambda start, stop: (), hidden=True)


def seat_filter(figures: Figures, where: Where, *, on: str, person: str = "person_id", customer: str = "customer",
                product: str = "", source: str = "source") -> Q:  # fmt: skip
    """The scope of a number as a filter on a record that carries its own frozen seat."""
    asked = Q()
    if where.nobody:
        asked &= Q(**{person: None})
    elif where.person is not None:
        asked &= Q(**{person: where.person})
    columns = {
        "team": "team_id",
        "manager": "manager_id",
        "region": "region_id",
        "growth_stage": "growth_stage",
        "source": source,
        "customer_kind": "deal__customer_kind",
        "industry": f"{customer}__industry" if customer else "industry",
        "customer_region": f"{customer}__region" if customer else "customer_region",
        "product": product,
        "stage": "stage",
        "activity_kind": "kind",
    }
    for dim, values in where.only:
        column = columns.get(dim, "")
        if not column:
            return Q(pk__in=[])
        value = values[0]
        if value is None:
            empty = Q(**{f"{column}__isnull": True})
            if dim in ("source", "industry", "customer_region"):
                empty |= Q(**{column: ""})
            asked &= empty
        else:
            asked &= Q(**{column: value})
    if where.team is not None:
        asked &= below(where.team, on)
    return asked


def below(team: int, on: str) -> Q:
    """Records whose frozen team lay below `team` on their own day."""
    asked = Q(pk__in=[])
    for descendant, start, end in TeamClosure.objects.filter(ancestor_id=team).values_list(
        "descendant_id", "valid_from", "valid_to"
    ):
        asked |= Q(**{"team_id": descendant, f"{on}__gte": start, f"{on}__lt": end})
    return asked


def in_reach(figures: Figures, rows: QuerySet[Any], entity: str, *, on: str) -> QuerySet[Any] | None:
    """The rows whose frozen seat is in the reader's reach; None where this reader lists no such records."""
    viewer = figures.viewer
    if viewer.scope(entity) <= Scope.LEADS:
        return None
    return viewer.rows(rows, entity, owner="person_id", team="team_id", on=on)


def link(path: str) -> str:
    """An address, where some page answers at it."""
    return path if exists(path) else ""


def teams_below(figures: Figures) -> dict[int, list[tuple[date, date]]]:
    """Teams below those the reader heads → when (for seats that are looked up rather than stored)."""
    spells: dict[int, list[tuple[date, date]]] = {}
    for _head, team, start, end in figures.viewer.below:
        spells.setdefault(team, []).append((start, end))
    return spells


__all__ = ["Evidence", "Record", "below", "hidden", "in_reach", "link", "people", "seat_filter", "teams_below"]
