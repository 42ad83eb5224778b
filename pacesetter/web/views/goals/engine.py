"""The growth engine: new customers and repurchase beside the amount they make up, value per customer, customers won."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from pacesetter.goals.models import OwnerKind
from pacesetter.goals.reads import GoalView
from pacesetter.metrics.keeping import Standing
from pacesetter.web import show

from .reading import Reader
from .tree import Measured, Tree, measured

ENGINE = ("won_amount", "new_amount", "repurchase_amount", "amount_per_customer", "customers_developed")


@dataclass(frozen=True)
class Part:
    """One metric of the engine: its goal, if there is one, and where it stands."""

    key: str
    name: str
    url: str
    target: str
    target_exact: str
    found: Measured | None
    pk: int | None


@dataclass(frozen=True)
class Engine:
    """The metrics, whose they are, and whether the two parts make up the whole."""

    owner: str
    parts: list[Part]
    check: str
    tone: str

    @property
    def aimed(self) -> list[Part]:
        """Those with a goal."""
        return [part for part in self.parts if part.found is not None]

    @property
    def open(self) -> list[Part]:
        """Those without."""
        return [part for part in self.parts if part.found is None]


def engine_views(tree: Tree) -> dict[str, GoalView]:
    """metric → goal of whoever stands highest among what the reader sees: the company, the led team, or oneself."""
    reader, period = tree.reader, tree.period

    def counts(view: GoalView) -> bool:
        goal = view.goal
        plain = goal.metric in ENGINE and not (goal.scoped or goal.basis or goal.per)
        same = (goal.start, goal.end) == (period.start, period.end)
        return bool(view.shown) and plain and same and reader.sees(goal)

    held = [view for view in tree.book if counts(view)]
    if not held:
        return {}
    rank = {OwnerKind.COMPANY: 0, OwnerKind.TEAM: 1, OwnerKind.PERSON: 2}
    led = {pk: place for place, pk in enumerate(reader.viewer.led)} if any(v.goal.team_id for v in held) else {}

    def order(view: GoalView) -> tuple[int, int, int]:
        goal = view.goal
        place = led.get(goal.team_id, len(led)) if goal.team_id else 0
        return rank[OwnerKind(goal.owner_kind)], place, goal.team_id or (goal.person_id != reader.viewer.person_id)

    first = min(held, key=order).goal
    whose = (first.owner_kind, first.team_id, first.person_id)
    return {v.goal.metric: v for v in held if (v.goal.owner_kind, v.goal.team_id, v.goal.person_id) == whose}


def engine(
    reader: Reader, views: dict[str, GoalView], stands: dict[int, Standing], link: Callable[[str], str]
) -> Engine | None:
    """The engine in words; None where none of its metrics has a goal."""
    if not views:
        return None
    first = next(iter(views.values())).goal
    reader.load_names([first])
    parts = []
    for key in ENGINE:
        metric = reader.metric(key)
        put, view = reader.put(metric), views.get(key)
        version = view.shown if view else None
        found = measured(reader, view, stands.get(view.pk), put) if view else None
        parts.append(Part(
            key, metric.zh if show.chinese() else metric.en,
            reverse("goal", args=[view.pk]) if view else link(key), put.short(version.row.target) if version else "",
            put.exact(version.row.target) if version else "", found, view.pk if view else None,
        ))  # fmt: skip
    return Engine(reader.owner(first), parts, *_check(reader, views))


def _check(reader: Reader, views: dict[str, GoalView]) -> tuple[str, str]:
    """新客 + 复购 = 成交: whether the goals say so."""
    held = {key: view.shown.row.target for key, view in views.items() if view.shown}
    if not {"won_amount", "new_amount", "repurchase_amount"} <= held.keys():
        return "", ""
    put = reader.put(reader.metric("won_amount"))
    whole, parts = held["won_amount"], held["new_amount"] + held["repurchase_amount"]
    words = {"new": put.short(held["new_amount"]), "again": put.short(held["repurchase_amount"]),
             "sum": put.short(parts), "whole": put.short(whole), "gap": put.distance(parts - whole)}  # fmt: skip
    if parts == whole:
        return _("新客 %(new)s + 复购 %(again)s = 成交 %(whole)s") % words, "good"
    if parts < whole:
        return _("新客 %(new)s + 复购 %(again)s = %(sum)s，比成交目标 %(whole)s 少 %(gap)s") % words, "watch"
    return _("新客 %(new)s + 复购 %(again)s = %(sum)s，比成交目标 %(whole)s 多 %(gap)s") % words, "neutral"
