"""Goals on My day: the month's amount beside what it should be by now, and what the reader's own goals ask of a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from math import ceil

from django.urls import NoReverseMatch, reverse

from pacesetter import assembly
from pacesetter.metrics.attainment import stretch
from pacesetter.metrics.engine.question import Question
from pacesetter.metrics.keeping import PaceRow
from pacesetter.metrics.standing import Line
from pacesetter.people import reads as people
from pacesetter.people.models import Company
from pacesetter.people.reach import Reach

from ..insights import asked, links
from ..insights.scope import Where

DAY = timedelta(days=1)
AMOUNT = "won_amount"


def tone_of(status: str) -> str:
    """The colour of a bar beside its chip."""
    return {"watch": "watch", "behind": "bad"}.get(status, "good" if status else "neutral")


@dataclass(frozen=True)
class Aim:
    """A number of the month beside its goal; without a goal only the number. Values in the metric's unit.

    `left` working days from today on; `a_day` what each of them asks for, rounded up; `status` as of last evening.
    """

    minor: int
    why: str
    target: int | None = None
    expected: int | None = None
    status: str = ""
    left: int = 0
    a_day: int | None = None
    url: str = ""
    # where the run so far ends
    forecast: int | None = None
    # the goal as it was set, where somebody is not there all the time and less is asked
    before: int | None = None
    # what still has to be asked, where there is no goal and so no figure yet
    question: Question | None = None
    # the time in words, where it is not the natural month
    period: str = ""

    def told(self, minor: int) -> Aim:
        """The same with its figure."""
        return replace(self, minor=minor, question=None)

    @property
    def gap(self) -> int:
        """What is still missing of the goal, never below 0."""
        return max((self.target or 0) - self.minor, 0)

    @property
    def tone(self) -> str:
        """The colour of its bar."""
        return tone_of(self.status)

    @property
    def percent(self) -> tuple[int, int] | None:
        """Actual of target, as rates are shown; 120 % is 120 %."""
        return (self.minor, self.target) if self.target else None

    @property
    def reached(self) -> bool:
        """Whether the goal is made."""
        return self.target is not None and self.minor >= self.target


def held(reach: Reach, on: date) -> list[Line]:
    """The reader's own goals whose time holds the day."""
    return assembly.aims({"person": [reach.person_id]}, on) if reach.may("goals") else []


def norms(lines: Sequence[Line], usual: Mapping[str, tuple[str, int]]) -> dict[str, tuple[str, int]]:
    """What a day or a week asks for: own action goals first, the company's usual numbers for what has none."""
    own = {line.metric.key: (line.per, line.target) for line in lines if line.per and not line.only}
    if "customers_visited" in own:
        # the same visits, counted by customer: one ring is enough
        usual = {key: told for key, told in usual.items() if key != "effective_visits"}
    return {**own, **{key: told for key, told in usual.items() if key not in own}}


def month(reach: Reach, on: date, company: Company, person: int, lines: Sequence[Line]) -> Aim | None:
    """Somebody's amount of the month so far, and the goal it is held against."""
    settings = people.period_settings(company)
    amounts = [line for line in lines if line.metric.key == AMOUNT and not line.only and not line.per]
    at = asked.of_period(stretch(amounts, on, settings), today=on, settings=settings)
    mine = Where(person=person)
    if not assembly.may_ask(assembly.metric(AMOUNT), reach):
        return None
    why = links.why_url(AMOUNT, at, mine)
    found = assembly.pace_of(lines, AMOUNT, at.start, at.whole_end, until=on, company=company, reach=reach,
                             counted=on + DAY).get(("person", person))  # fmt: skip
    if found is None:
        return Aim(0, why, question=assembly.question(AMOUNT, at.start, at.end, today=on, reach=reach,
                                                      only=mine.filters))  # fmt: skip
    drawn = aim(found, why, _goal_url(lines, found.goal))
    return drawn if at.kind == "month" else replace(drawn, period=asked.period_name(
        at.kind, at.key, at.start, at.whole_end - DAY))  # fmt: skip


def amount_of_month(reach: Reach, on: date, company: Company, person: int) -> int | None:
    """Somebody's amount of the month so far; None where the reader may not see it."""
    found = month(reach, on, company, person, ())
    return assembly.total(found.question).top if found and found.question else None


def aim(found: PaceRow, why: str, url: str = "") -> Aim:
    """A row of pace as a page draws it."""
    left = sum(pace.days_left for pace, _ in found.paces)
    gap = max(found.target - found.cell.top, 0)
    return Aim(
        found.cell.top, why, found.target, found.due, found.status, left,
        ceil(Fraction(gap, left)) if left else None, url, found.forecast,
        found.before if found.before != found.target else None,
    )  # fmt: skip


def _goal_url(lines: Sequence[Line], speaks: int | None = None) -> str:
    goal = speaks or next(
        (line.goal for line in lines if line.metric.key == AMOUNT and not line.only and not line.per), None
    )
    try:
        return reverse("goal", args=[goal]) if goal else ""
    except NoReverseMatch:
        return ""
