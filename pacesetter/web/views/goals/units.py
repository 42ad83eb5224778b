"""How goals and their values read: a name, a whose, a value in the metric's own unit."""

from __future__ import annotations

from fractions import Fraction

from django.utils.translation import gettext

from pacesetter.goals.models import Goal, OwnerKind
from pacesetter.lib import money as coins
from pacesetter.metrics.catalogue import Metric

from ... import show
from ..insights.wording import Writer

BP = 10_000


def named(metric: Metric) -> str:
    """A metric in the reader's language."""
    return metric.zh if show.chinese() else metric.en


def whose(goal: Goal, company: str) -> str:
    """The person, the team or the company."""
    if goal.owner_kind == OwnerKind.PERSON and goal.person is not None:
        return goal.person.name
    if goal.owner_kind == OwnerKind.TEAM and goal.team is not None:
        return goal.team.name
    return company


def scope_words(goal: Goal) -> str:
    """What a goal is narrowed to, in words; empty where it counts everything."""
    parts = [goal.customer_region, goal.industry, goal.product.name if goal.product is not None else ""]
    return " · ".join(part for part in parts if part)


class Units:
    """Values of one metric in words, in the company's currency."""

    def __init__(self, metric: Metric, currency: str, *, per: str = "") -> None:
        self.metric, self.writer, self.per = metric, Writer(currency), per

    def say(self, value: int | None, *, short: bool = False) -> str:
        """¥12,480.00, 25.0%, 12 天, 3; with what it is for where it is not the whole period."""
        return self.plain(value, short=short) + (self._per() if value is not None else "")

    def _per(self) -> str:
        return {"": "", "day": gettext("／工作日"), "week": gettext("／周")}.get(self.per, "")

    def plain(self, value: int | None, *, short: bool = False) -> str:
        """The value alone."""
        if value is None:
            return show.MISSING
        if self.metric.unit == "minor":
            return self.writer.money_short(value) if short else self.writer.money(value)
        if self.metric.unit == "ratio":
            return show.percent(value, BP)
        if self.metric.unit == "days":
            return gettext("%(n)s 天") % {"n": show.count(value)}
        return show.count(value)

    def sign(self, value: int) -> str:
        """A difference: +¥1,200.00, −3."""
        return ("+" if value > 0 else "") + self.plain(value)


def rounded(value: Fraction | None) -> int | None:
    """A fraction of the metric's unit, half up."""
    return None if value is None else coins.round_half_up(value)
