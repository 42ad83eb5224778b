"""Goals as one reader sees them: drafts only for whoever works on them, actual figures only within the own reach."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet, Value
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from pacesetter import assembly
from pacesetter.goals import reads, rules
from pacesetter.goals.models import Goal, Layer, OwnerKind
from pacesetter.goals.reads import Book, GoalView
from pacesetter.lib import periods
from pacesetter.metrics.catalogue import Metric
from pacesetter.metrics.keeping import Standing
from pacesetter.people.models import Person, Team
from pacesetter.web import door, show

from ..insights.asked import period_name
from ..insights.figures import Figures
from ..insights.wording import Names
from .values import Put

LAYERS = tuple(Layer.values)
# a stretch of days with no name of its own, such as the time somebody spent in one team
CUSTOM = "custom"
NARROWS = ("customer_region", "industry", "product_id", "customer_kind")


class Reader:
    """One page of goals: who reads, on which day, and what of it may be seen."""

    def __init__(self, request: HttpRequest) -> None:
        company = door.company(request)
        self.viewer = door.need(request, "goals")
        if company is None:
            raise Http404
        self.request = request
        self.today = door.today(request)
        self.figures = Figures(self.viewer, self.today)
        self.figures.company = company
        self.company = company
        self.settings = self.figures.settings
        self.names: Names = self.figures.names
        # goals above, by id, which the reader may see
        self.above: dict[int | None, Goal] = {}
        self._metrics: dict[str, Metric] = {}
        self._calendars: tuple[date, date, reads.Days] | None = None

    @property
    def until(self) -> date:
        """The first day that does not count: pages stand at the end of yesterday."""
        return self.today

    def metric(self, key: str) -> Metric:
        """The metric of a goal; 404 where there is none."""
        if key not in self._metrics:
            try:
                self._metrics[key] = assembly.metric(key)
            except assembly.UnknownMetric as error:
                raise Http404 from error
        return self._metrics[key]

    def may_aim(self, metric: Metric) -> bool:
        """Whether a goal may name this metric, and this reader may read it."""
        return metric.better in ("up", "down") and any(g.holds(metric.family) for g in self.viewer.grants("goals"))

    def known(self, goals: Iterable[Goal]) -> dict[str, Metric]:
        """The metrics of these goals by key."""
        return {key: self.metric(key) for key in {goal.metric for goal in goals}}

    def put(self, metric: Metric) -> Put:
        """Writes values of this metric in the company's currency."""
        return Put(metric, self.figures.writer)

    @cached_property
    def visible(self) -> QuerySet[Goal]:
        """Every goal in reach."""
        return reads.visible(self.viewer)

    def book(self, goals: Iterable[Goal]) -> Book:
        """The goals with their versions: drafts for whoever sets them, and for the owner once they were handed in."""
        return reads.seen(self.viewer, goals)

    def one(self, pk: int) -> GoalView:
        """One goal in reach; 404 otherwise."""
        found = self.book(self.visible.filter(pk=pk)).get(pk)
        if found is None:
            raise Http404
        return found

    def family(self, pk: int) -> tuple[GoalView, Book]:
        """One goal in reach, and the book of it and what hangs below it; 404 otherwise."""
        kin = self.visible.filter(Q(pk=pk) | Q(versions__parent_id=pk)).distinct()
        found = self.book(sorted(kin, key=lambda goal: goal.pk != pk))
        view = found.get(pk)
        if view is None:
            raise Http404
        return view, found

    def calendars(self, goals: Iterable[Goal]) -> reads.Days:
        """The working days of these goals; a page that asks for fewer afterwards gets the same book."""
        held = list(goals)
        start, end = min(goal.start for goal in held), max(goal.end for goal in held)
        if self._calendars is None or start < self._calendars[0] or end > self._calendars[1]:
            self._calendars = start, end, reads.Days(start, end, self.company)
        return self._calendars[2]

    def sees(self, goal: Goal) -> bool:
        """Whether the reader may see what was done (the goals above are read by value, percent and status only)."""
        return reads.sees_figures(self.viewer, goal, self.metric(goal.metric))

    @property
    def may_calculate(self) -> bool:
        """Whether the reverse-funnel calculator is there for this reader: it shows persons' amounts."""
        return assembly.may_ask(self.metric("won_amount"), self.viewer, ("person",))

    def standing(self, views: Iterable[GoalView], *, drafts: bool = False) -> dict[int, Standing]:
        """Where each stands at the end of yesterday: within the reader's reach, the others as a whole."""
        mine: list[GoalView] = []
        above: list[GoalView] = []
        for view in views:
            view = counting(view) if drafts else view
            (mine if self.sees(view.goal) else above).append(view)
        if not mine and not above:
            return {}
        return assembly.standing(
            mine, until=self.until, reach=self.viewer, drafts=drafts, beyond=above, company=self.company,
            calendars=self.calendars(view.goal for view in (*mine, *above)),
        )  # fmt: skip

    # --- words -------------------------------------------------------------------------------------------------------
    def load_names(self, goals: Iterable[Goal]) -> None:
        """Everybody's and every team's name at once."""
        held = list(goals)
        people = {g.person_id: g.person for g in held if g.person is not None}
        teams = {g.team_id: g.team for g in held if g.team is not None}
        fresh: dict[str, dict[int | None, str]] = {}
        asked: list[QuerySet[Any, Any]] = []
        for dim, model, rows in (("person", Person, people), ("team", Team, teams)):
            fresh[dim] = {pk: row.name for pk, row in rows.items() if (dim, pk) not in self.names.known}
            if fresh[dim]:
                same = model.objects.filter(name__in=set(fresh[dim].values())).order_by()
                asked.append(same.annotate(dim=Value(dim)).values_list("dim", "name"))
        # whose name is borne once needs no number beside it
        named = Counter(asked[0].union(*asked[1:], all=True)) if asked else Counter()
        for dim, names in fresh.items():
            self.names.known |= {(dim, pk): name for pk, name in names.items() if named[dim, name] == 1}
            self.names.load(dim, [pk for pk, name in names.items() if named[dim, name] > 1])

    def owner(self, goal: Goal) -> str:
        """Whose goal it is."""
        if goal.owner_kind == OwnerKind.PERSON:
            return self.names.of("person", goal.person_id)
        if goal.owner_kind == OwnerKind.TEAM:
            return self.names.of("team", goal.team_id)
        return str(self.company.name)

    def scope(self, goal: Goal) -> str:
        """What it is narrowed to: 华东 · 制造业 · 新客."""
        told = [goal.customer_region, goal.industry]
        if goal.product_id and goal.product is not None:
            told.append(goal.product.name)
        if goal.customer_kind:
            told.append(self.names.of("customer_kind", goal.customer_kind))
        return " · ".join(part for part in told if part)

    def period(self, goal: Goal) -> str:
        """2026 年第 2 季度."""
        return period_name(goal.period_kind, goal.label, goal.start, goal.end - timedelta(days=1))

    @staticmethod
    def month(label: str, start: date) -> str:
        """2026 年 4 月; a month that is none of the calendar by its own name."""
        return period_name("month", label, start, start) if label == start.strftime("%Y-%m") else label

    def name(self, goal: Goal, *, owner: bool = True) -> str:
        """华东一队 成交额 2026 年第 2 季度; without its owner where that stands above."""
        metric = self.metric(goal.metric)
        told = [self.owner(goal) if owner else "", self.scope(goal), metric.zh if show.chinese() else metric.en,
                per_word(goal), self.period(goal)]  # fmt: skip
        return " ".join(part for part in told if part)

    def fault(self, goal: Goal, balance: rules.Balance) -> dict[str, str]:
        """One place where goals below do not add up, in words, with the way there."""
        from .tree import balance_words

        put = self.put(self.metric(goal.metric))
        words = {"below": put.exact(balance.below), "value": put.exact(balance.value),
                 "buffer": put.exact(balance.buffer)}  # fmt: skip
        told = (_("下级按分母合起来 %(below)s，本级 %(value)s，缓冲 %(buffer)s") if balance.rate
                else _("下级合计 %(below)s，本级 %(value)s，缓冲 %(buffer)s")) % words  # fmt: skip
        return {"name": self.name(goal), "url": reverse("goal", args=[goal.pk]), "says": told,
                "short": balance_words(balance, put)[0]}  # fmt: skip

    def why(self, goal: Goal, span: periods.Period | None = None) -> str:
        """Where the goal's actual explains itself, counted up to the day the page stands at; empty where it cannot.

        `span`: another stretch than the goal's own, such as one of its months.
        """
        span = span or periods.Period(goal.start, goal.end, goal.period_kind, goal.label)
        if span.start >= self.until or not self.sees(goal) or goal.per:
            return ""
        asked: dict[str, Any] = {"period": span.label}
        if span.kind == CUSTOM:
            asked["period"] = f"{span.start.isoformat()}..{(span.end - timedelta(days=1)).isoformat()}"
        if goal.owner_kind == OwnerKind.PERSON:
            asked["scope"] = f"person:{goal.person_id}"
        elif goal.owner_kind == OwnerKind.TEAM:
            asked["scope"] = f"team:{goal.team_id}"
        for field, dim in (("customer_region", "customer_region"), ("industry", "industry"), ("product_id", "product"),
                           ("customer_kind", "customer_kind")):  # fmt: skip
            if getattr(goal, field):
                asked[dim] = getattr(goal, field)
        if goal.basis:
            asked["basis"] = goal.basis
        asked["asof"] = (min(self.until, span.end) - timedelta(days=1)).isoformat()
        return f"{reverse('why', args=[goal.metric])}?{urlencode(asked)}"


def counting(view: GoalView) -> GoalView:
    """What is in force counts, also while another version is being worked on; a draft alone is what there is."""
    if view.in_force is None or view.draft is None:
        return view
    return replace(view, versions=tuple(v for v in view.versions if v is not view.draft))


def per_word(goal: Goal) -> str:
    """每日, 每周; empty where the number is for the whole time."""
    return {"day": _("每日"), "week": _("每周")}.get(goal.per, "")


def period_of(label: str, settings: periods.Settings) -> periods.Period | None:
    """The period of an address; None where it names none."""
    try:
        return periods.parse(label, settings)
    except periods.PeriodError:
        return None
