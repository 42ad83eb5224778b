"""The cascade as rows: goals above, of and below one period, indented, with what was done and whether they add up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from pacesetter.goals import reads, rules
from pacesetter.goals.models import GoalEvent, GoalVersion, Layer
from pacesetter.goals.reads import Book, GoalView
from pacesetter.goals.reads.book import sums
from pacesetter.lib import periods
from pacesetter.metrics.catalogue import Metric
from pacesetter.metrics.keeping import Standing
from pacesetter.web import show

from . import prorated
from .reading import LAYERS, Reader, per_word
from .values import Figure, Put, percent

# a small cascade is shown whole
SMALL = 15


@dataclass
class Row:
    """One goal in the table."""

    pk: int
    url: str
    depth: int
    above: int | None
    below: int
    open: bool
    layer: str
    layer_name: Any
    owner: str
    scope: str
    metric: str
    per: str
    period: str
    target: str
    target_exact: str
    left: str
    stretch: str
    challenge: str
    floor: str
    actual: Figure | None
    expected: Figure | None
    attainment: str
    gap: str
    status: str
    reason: str
    state: str
    state_name: Any
    draft: bool
    balance: str
    balance_tone: str
    buffer: str

    @property
    def rungs(self) -> range:
        """One line per step of indentation."""
        return range(self.depth)


@dataclass
class Band:
    """One of the four layers, added up."""

    layer: str
    name: Any
    count: int
    text: str
    exact: str


class Tree:
    """The goals of one metric around one period, and whatever hangs below them."""

    def __init__(self, reader: Reader, metric: Metric, period: periods.Period, *, beside: Iterable[str] = ()) -> None:
        """`beside`: metrics whose goals of this very period are read along."""
        self.reader, self.metric, self.period = reader, metric, period
        self.put = reader.put(metric)
        # action goals count other things than the goal they serve
        serving = GoalVersion.objects.filter(
            parent__metric=metric.key, parent__start__lt=period.end, parent__end__gt=period.start
        )
        wanted = Q(metric=metric.key) | Q(pk__in=serving.values("goal_id"))
        wanted |= Q(metric__in=list(beside), start=period.start, end=period.end)
        self._take(reader.book(reader.visible.filter(wanted, start__lt=period.end, end__gt=period.start)))
        self.drawn = self._drawn()
        self.below: dict[int | None, list[GoalView]] = {}
        for pk in self.drawn:
            parent = self.book.parent_of(self.book[pk])
            self.below.setdefault(parent if parent in self.drawn else None, []).append(self.book[pk])
        reader.load_names(self.book[pk].goal for pk in self.drawn)
        for views in self.below.values():
            views.sort(key=self.order)

    def _take(self, book: Book) -> None:
        self.book = book
        known = self.reader.known(view.goal for view in book)
        self.balances = rules.balances(book.nodes(known=known))

    @classmethod
    def around(cls, reader: Reader, metric: Metric, book: Book) -> Tree:
        """Rows of goals that were read before, none opened."""
        tree = cls.__new__(cls)
        tree.reader, tree.metric, tree.put = reader, metric, reader.put(metric)
        tree.drawn, tree.below = set(), {}
        tree._take(book)
        return tree

    def order(self, view: GoalView) -> tuple[Any, ...]:
        goal, version = view.goal, view.shown
        return (LAYERS.index(goal.layer), goal.start, -(version.row.target if version else 0), self.reader.owner(goal))

    def _drawn(self) -> set[int]:
        """Goals of this very period, those above them, and those below."""
        exact = [v for v in self.book if v.shown and v.goal.metric == self.metric.key
                 and (v.goal.start, v.goal.end) == (self.period.start, self.period.end)]  # fmt: skip
        drawn = {v.pk for v in exact}
        children: dict[int, list[int]] = {}
        for view in self.book:
            above = self.book.parent_of(view)
            if above is not None and view.shown:
                children.setdefault(above, []).append(view.pk)
        waiting = list(drawn)
        while waiting:
            for pk in children.get(waiting.pop(), ()):
                if pk not in drawn:
                    drawn.add(pk)
                    waiting.append(pk)
        for view in exact:
            above = self.book.parent_of(view)
            while above is not None and above in self.book and above not in drawn and self.book[above].shown:
                drawn.add(above)
                above = self.book.parent_of(self.book[above])
        return drawn

    @property
    def shorter(self) -> int:
        """How many goals of shorter periods are not in the tree."""
        return sum(1 for v in self.book if v.pk not in self.drawn and v.goal.metric == self.metric.key
                   and v.shown and self.period.start <= v.goal.start and v.goal.end <= self.period.end)  # fmt: skip

    def shown(self, opened: set[int], *, everything: bool = False) -> list[tuple[GoalView, int]]:
        """(goal, depth) from top to bottom as far as it is opened; the top is always open."""
        everything = everything or len(self.drawn) <= SMALL
        found: list[tuple[GoalView, int]] = []

        def draw(views: Iterable[GoalView], depth: int) -> None:
            for view in views:
                found.append((view, depth))
                if everything or depth == 0 or view.pk in opened:
                    draw(self.below.get(view.pk, ()), depth + 1)

        draw(self.below.get(None, ()), 0)
        return found

    def stands(self, chosen: list[tuple[GoalView, int]], *, beside: Iterable[GoalView] = ()) -> dict[int, Standing]:
        """Where the goals of these rows (and others beside) stand, read together."""
        views = {view.pk: view for view in [*(view for view, _depth in chosen), *beside]}
        return self.reader.standing(views.values(), drafts=True)

    def rows(self, chosen: list[tuple[GoalView, int]], stands: dict[int, Standing]) -> list[Row]:
        """The rows with their figures."""
        inside = {view.pk for view, _depth in chosen}
        rows = []
        for view, depth in chosen:
            children = self.below.get(view.pk, [])
            rows.append(self.row(view, stands.get(view.pk), depth=depth, below=len(children),
                                 opened=any(child.pk in inside for child in children)))  # fmt: skip
        return rows

    def row(
        self, view: GoalView, stand: Standing | None, *, depth: int = 0, below: int = 0, opened: bool = False
    ) -> Row:
        """One goal as a row."""
        reader, goal, version = self.reader, view.goal, view.shown
        metric = reader.metric(goal.metric)
        put = reader.put(metric)
        row = version.row if version else None
        sees = reader.sees(goal)
        state = view.status
        found = measured(reader, view, stand, put)
        balance, tone, buffer = self.balance(view, put) if sees else ("", "", "")
        above = self.book.parent_of(view)
        return Row(
            pk=goal.pk, url=reverse("goal", args=[goal.pk]), depth=depth, above=above if above in self.drawn else None,
            below=below, open=opened, layer=goal.layer, layer_name=Layer(goal.layer).label, owner=reader.owner(goal),
            scope=reader.scope(goal), metric=metric.zh if show.chinese() else metric.en, per=per_word(goal),
            period=reader.period(goal), target=put.short(row.target if row else None),
            target_exact=put.exact(row.target if row else None), left=found.left,
            stretch=_line(put, row.stretch if row else None),
            challenge=_line(put, row.challenge if row else None), floor=_line(put, row.floor if row else None),
            actual=found.actual, expected=found.expected, attainment=found.attainment, gap=found.gap,
            status=found.status, reason=found.reason, state=state,
            state_name=GoalEvent.Kind(state).label, draft=view.draft is not None,
            balance=balance, balance_tone=tone, buffer=buffer,
        )  # fmt: skip

    def balance(self, view: GoalView, put: Put) -> tuple[str, str, str]:
        """Σ of the goals below against this one in words, its tone, and the buffer."""
        found = self.balances.get(view.pk)
        buffer = view.shown.row.buffer if view.shown else 0
        kept = ""
        if buffer:
            kept = (_("缓冲 %(n)s") if buffer > 0 else _("留给下级的少 %(n)s")) % {"n": put.distance(buffer)}
        if found is None:
            return "", "", kept
        return (*balance_words(found, put), kept)

    def bands(self) -> list[Band]:
        """The four layers: how many goals, and their sum (within one layer a goal of a goal counts once)."""
        found = []
        plain = (self.metric.key, "", "", "", "", None, "")
        for layer in LAYERS:
            views = [self.book[pk] for pk in self.drawn if self.book[pk].goal.layer == layer]
            total, counted = 0, False
            for view in views:
                above = self.book.get(self.book.parent_of(view))
                inside = above is not None and above.goal.layer == layer
                same = sums(view.goal) == plain and (view.goal.start, view.goal.end) == (
                    self.period.start, self.period.end)  # fmt: skip
                if same and not inside and view.shown:
                    total, counted = total + view.shown.row.target, True
            sum_it = counted and self.metric.adds_up()
            found.append(Band(layer, Layer(layer).label, len(views), self.put.short(total) if sum_it else "",
                              self.put.exact(total) if sum_it else ""))  # fmt: skip
        return found


def _line(put: Put, value: int | None) -> str:
    return put.short(value) if value is not None else ""


@dataclass(frozen=True)
class Measured:
    """What a goal stands at, as far as the reader may see."""

    actual: Figure | None
    expected: Figure | None
    attainment: str
    gap: str
    status: str
    reason: str
    # what is left of the goal where its owner is not there all the time
    left: str = ""


def measured(reader: Reader, view: GoalView, stand: Standing | None, put: Put) -> Measured:
    """Actual, expected, attainment, gap and status of one goal; amounts only where the reader sees them."""
    if stand is None:
        return Measured(None, None, "", "", "", "")
    goal, pace, there = view.goal, stand.pace, prorated.of(stand)
    sees, began = reader.sees(goal), pace.state != "future"
    name = reader.name(goal)
    actual = put.figure(stand.actual, name, reader.why(goal)) if sees and began else None
    expected = put.figure(
        stand.expected,
        _("%(goal)s 应完成") % {"goal": name}, reverse("goal_expected", args=[goal.pk]),
    ) if began else None  # fmt: skip
    if began and stand.few and stand.cell.bottom:
        # a rate on a handful of cases says how many they are, and nothing else
        writer, metric, cell = put.writer, put.metric, stand.cell
        told = Figure(writer.short(metric, cell), writer.exact(metric, cell), reader.why(goal), name, True)
        return Measured(told if sees else None, expected, "", "", "", _("样本太少"))
    gap = put.gap(stand.actual, stand.target) if sees and began else ""
    return Measured(actual, expected, percent(stand.attainment) if began else "", gap, pace.status,
                    reason_word(pace.reason), put.short(there.value) if there else "")  # fmt: skip


def reason_word(reason: str) -> str:
    """Why there is no status."""
    return {
        "early": _("不足 3 个工作日，还不判断"),
        "future": _("还没开始"),
        "no_working_days": _("没有工作日"),
        "no_target": _("没有目标值"),
        "no_cases": _("还没有记录"),
    }.get(reason, "")


def balance_words(found: rules.Balance, put: Put) -> tuple[str, str]:
    """下级合计 108%，多分 ¥80万 作缓冲 / 少分 ¥35万 未落实; and how to colour it."""
    if found.rate:
        return _rate_words(found, put)
    share = percent(found.coverage)
    over, off = found.below - found.value, found.difference
    words = {"share": share, "n": put.distance(off if off else over)}
    if not off:
        if over > 0:
            return _("下级合计 %(share)s，多分 %(n)s 作缓冲") % words, "good"
        if over < 0:
            return _("下级合计 %(share)s，少分 %(n)s，已写明") % words, "neutral"
        return _("下级合计 %(share)s，加得上") % words, "good"
    if off > 0:
        return _("下级合计 %(share)s，多分 %(n)s 没写明") % words, "watch"
    return _("下级合计 %(share)s，少分 %(n)s 未落实") % words, "watch"


def _rate_words(found: rules.Balance, put: Put) -> tuple[str, str]:
    """下级合起来 26.0%，高 1.0 个百分点; where the bottoms are not planned nobody can say."""
    if not found.known:
        words = {"low": put.short(found.low), "high": put.short(found.high)}
        if found.low == found.high:
            return _("比率不相加：下级都是 %(low)s，分母还没有计划") % words, "neutral"
        return _("比率不相加：下级 %(low)s 到 %(high)s，分母还没有计划") % words, "neutral"
    off = found.difference
    words = {"below": put.short(found.below), "n": put.distance(off)}
    if not off:
        return _("下级按分母合起来 %(below)s，对得上") % words, "good"
    return (
        _("下级按分母合起来 %(below)s，高 %(n)s") if off > 0 else _("下级按分母合起来 %(below)s，低 %(n)s")
    ) % words, "watch"


def drafts_of(tree: Tree, reader: Reader) -> list[GoalView]:
    """The drafts in the tree which the reader may put in force."""
    found = []
    for pk in sorted(tree.drawn):
        view = tree.book[pk]
        ready = view.draft is not None and view.draft.status in ("drafted", "submitted")
        if ready and reads.may_publish(reader.viewer, view.goal):
            found.append(view)
    return found
