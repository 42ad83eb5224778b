"""What the spine may know of people: the dated team tree, memberships, growth stages, the company's calendar."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from django.db.models import Q

from pacesetter.metrics import schema

from . import reads, rules
from .models import ExternalId, Person, Region, Team

CLOSURE = schema.TEAM_CLOSURE.filled_by(
    "SELECT t.ancestor_id AS ancestor_id, t.descendant_id AS descendant_id, t.valid_from AS valid_from,"
    " t.valid_to AS valid_to FROM people_teamclosure AS t"
)

# Sellers are those who hold the role of a rep; everybody else is no capacity.
MEMBERSHIP = schema.MEMBERSHIP.filled_by(
    "SELECT m.id AS id, m.person_id AS person_id, m.team_id AS team_id, m.manager_id AS manager_id,"
    " COALESCE(m.region_id, t.region_id) AS region_id, m.valid_from AS valid_from, m.valid_to AS valid_to,"
    " p.hire_on AS hire_on, p.left_on AS left_on,"
    " CASE WHEN EXISTS (SELECT 1 FROM people_rolegrant AS g WHERE g.person_id = m.person_id AND g.role = 'rep')"
    " THEN 1 ELSE 0 END AS sells"
    " FROM people_membership AS m JOIN people_person AS p ON p.id = m.person_id"
    ' JOIN people_team AS t ON t.id = m.team_id WHERE m."primary"'
)

STAGE_OVERRIDE = schema.STAGE_OVERRIDE.filled_by(
    "SELECT s.person_id AS person_id, s.stage AS growth_stage, s.valid_from AS valid_from, s.valid_to AS valid_to"
    " FROM people_stageoverride AS s ORDER BY s.id"
)

CALENDAR_DAY = schema.CALENDAR_DAY.filled_by(
    "SELECT d.day AS day, d.week AS week, d.month AS month, d.quarter AS quarter, d.year AS year,"
    " d.fiscal_quarter AS fiscal_quarter, d.fiscal_year AS fiscal_year, d.performance_month AS performance_month,"
    " d.weight AS weight FROM people_calendarday AS d"
    " WHERE d.calendar_id = (SELECT c.calendar_id FROM people_company AS c WHERE c.id = 1)"
)

FACTS = (CLOSURE, MEMBERSHIP, STAGE_OVERRIDE, CALENDAR_DAY)


def stage_starts() -> Callable[[date | None], list[tuple[date, str]]]:
    """A function giving the days on which each growth stage begins for a hire date (none without one)."""
    first = reads.company_or_none()
    limits = rules.Thresholds() if first is None else reads.thresholds(first)

    def starts(hire_on: date | None) -> list[tuple[date, str]]:
        if hire_on is None:
            return []
        growth_on, mature_on = rules.stage_limits(hire_on, limits)
        return [(hire_on, "newcomer"), (growth_on, "growth"), (mature_on, "mature")]

    return starts


def ramp_factors() -> dict[str, int]:
    """Percent of a full seller by growth stage, as the company set them."""
    first = reads.company_or_none()
    return {} if first is None else {"newcomer": first.ramp_newcomer, "growth": first.ramp_growth}


def person_labels(ids: Iterable[int]) -> dict[int, str]:
    """Names of persons; those who share a name carry their employee number (or the id of another system)."""
    wanted = set(ids)
    same = Q(merged_into=None, name__in=Person.objects.filter(pk__in=wanted).values("name"))
    rows = list(
        Person.objects.filter(Q(pk__in=wanted) | same)
        .order_by("pk")
        .values_list("pk", "name", "employee_no", "merged_into")
    )
    twice = _shared(name for _pk, name, _number, merged in rows if merged is None)
    unnumbered = {pk for pk, name, number, _merged in rows if pk in wanted and name in twice and not number}
    outside: dict[int, str] = {}
    if unnumbered:
        known = ExternalId.objects.filter(entity__in=("person", "people"), object_id__in=unnumbered)
        outside = dict(known.values_list("object_id", "external_id"))
    return {
        pk: f"{name} ({number or outside.get(pk) or f'#{pk}'})" if name in twice else name
        for pk, name, number, _merged in rows
        if pk in wanted
    }


def team_labels(ids: Iterable[int]) -> dict[int, str]:
    """Names of teams; those who share a name carry their code."""
    wanted = set(ids)
    mine = Team.objects.filter(pk__in=wanted).values("name")
    rows = list(
        Team.objects.filter(Q(pk__in=wanted) | Q(name__in=mine)).order_by("pk").values_list("pk", "name", "code")
    )
    twice = _shared(name for _pk, name, _code in rows)
    return {pk: f"{name} ({code or f'#{pk}'})" if name in twice else name for pk, name, code in rows if pk in wanted}


def region_labels(ids: Iterable[int]) -> dict[int, str]:
    """Names of sales regions."""
    return dict(Region.objects.filter(pk__in=set(ids)).values_list("pk", "name"))


def _shared(names: Iterable[str]) -> set[str]:
    once: set[str] = set()
    twice: set[str] = set()
    for name in names:
        (twice if name in once else once).add(name)
    return twice
