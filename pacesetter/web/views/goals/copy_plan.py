"""Goals of one period as drafts of another: which can be copied, by which factor, and why the others are left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from pacesetter.goals import reads
from pacesetter.goals.acts import Draft, Part, identity
from pacesetter.goals.acts.drafting import Key, identity_of
from pacesetter.goals.models import Goal
from pacesetter.goals.reads import GoalView, VersionView
from pacesetter.goals.reads.book import sums
from pacesetter.goals.rules import copying
from pacesetter.goals.rules.copying import Copy, Node
from pacesetter.lib import periods
from pacesetter.lib.money import exponent
from pacesetter.metrics.catalogue import Metric
from pacesetter.people.models import Person, Team

from .reading import Reader
from .tree import Tree


@dataclass(frozen=True)
class Line:
    """One goal of the period before: what it becomes, or why it is left out (`skipped`)."""

    view: GoalView
    version: VersionView
    depth: int
    draft: Draft | None
    skipped: str


class CopyPlan:
    """The goals of a metric in one period, and everything below them, as drafts of another period."""

    def __init__(
        self, reader: Reader, metric: Metric, source: periods.Period, target: periods.Period, percent: int
    ) -> None:
        self.reader, self.metric, self.source, self.target, self.percent = reader, metric, source, target, percent
        self.tree = Tree(reader, metric, source)
        self.views = [(view, depth) for view, depth in self.tree.shown(set(), everything=True)
                      if view.goal.start >= source.start and view.goal.end <= source.end]  # fmt: skip
        people = {view.goal.person_id for view, _depth in self.views if view.goal.person_id}
        teams = {view.goal.team_id for view, _depth in self.views if view.goal.team_id}
        self.people, self.teams = Person.objects.in_bulk(people), Team.objects.in_bulk(teams)
        rows = Goal.objects.filter(start__lt=target.end, end__gt=target.start).filter(
            Q(owner_kind="company") | Q(person_id__in=people) | Q(team_id__in=teams),
            metric__in={view.goal.metric for view, _depth in self.views},
        )
        self.there: dict[Key, GoalView] = {identity_of(view.goal): view for view in reads.book(rows)}
        self.copies = self._copies()
        self.lines = self._lines()

    @property
    def drafts(self) -> list[Draft]:
        """What is saved."""
        return [line.draft for line in self.lines if line.draft is not None]

    @staticmethod
    def _version(view: GoalView) -> VersionView | None:
        """What held, else what was planned."""
        return view.in_force or view.draft

    def _of(self, view: GoalView) -> bool:
        """Whether the factor is for this goal: action goals of another number are taken as they are."""
        return view.goal.metric == self.metric.key and not view.goal.per

    def _copies(self) -> dict[Any, Copy]:
        """The new values; within one number they add up as the old ones did."""
        held = {view.pk: version for view, _depth in self.views if (version := self._version(view))}
        scaled: list[Node] = []
        same: list[Node] = []
        for view, _depth in self.views:
            version = held.get(view.pk)
            if version is None:
                continue
            above = self.tree.book.get(version.row.parent_id)
            counted = (
                self.metric.adds_up(view.goal.basis) and self._of(view) and above is not None and above.pk in held
                and sums(above.goal) == sums(view.goal)
                and (above.goal.start, above.goal.end) == (view.goal.start, view.goal.end)
            )  # fmt: skip
            node = Node(view.pk, version.row.target, above.pk if counted and above else None, version.row.buffer,
                        tuple(part.target for part in version.parts))  # fmt: skip
            (scaled if self._of(view) else same).append(node)
        values = [value for node in scaled for value in (node.value, *node.months)]
        self.unit = 1
        if self.metric.unit == "minor":
            whole = 10 ** exponent(self.reader.figures.writer.currency)
            self.unit = copying.unit_of(values, whole)
        return copying.scaled(scaled, self.percent, unit=self.unit) | copying.scaled(same)

    def _span(self, goal: Goal) -> periods.Period | None:
        """The same stretch of the new period; None where it has none."""
        return copying.same_stretch(
            goal.start, goal.end, goal.period_kind, self.source, self.target, self.reader.settings
        )

    def _lines(self) -> list[Line]:
        drafts: dict[int, Draft] = {}
        found = []
        for view, depth in self.views:
            version = self._version(view)
            if version is None:
                continue
            draft, skipped = self._draft(view, version, drafts)
            if draft is not None:
                drafts[view.pk] = draft
            found.append(Line(view, version, depth, draft, skipped))
        return found

    def _draft(
        self, view: GoalView, version: VersionView, drafts: dict[int, Draft]
    ) -> tuple[Draft | None, str]:  # fmt: skip
        goal, row, copy = view.goal, version.row, self.copies[view.pk]
        span = self._span(goal)
        reason = self._left_out(goal)
        if reason or span is None:
            return None, reason or str(_("只是期间里的一段时间，不复制"))
        mine = self._of(view)
        floor, stretch, challenge = copying.lines(
            (row.floor, row.stretch, row.challenge), copy.value, self.percent if mine else copying.SAME,
            unit=self.unit if mine else 1, better=self.reader.metric(goal.metric).better,
        )  # fmt: skip
        draft = Draft(
            goal.metric, goal.owner_kind, span, copy.value, team=goal.team_id, person=goal.person_id, basis=goal.basis,
            layer=goal.layer, per=goal.per, customer_region=goal.customer_region, industry=goal.industry,
            product=goal.product_id, customer_kind=goal.customer_kind, floor=floor, stretch=stretch,
            challenge=challenge, weight=row.weight, above=self._above(view, drafts), buffer=copy.buffer,
            hand_set=row.hand_set, elastic=row.elastic, pace_basis=row.pace_basis, note=row.note,
            parts=tuple(self._parts(goal, version, span, copy)),
            basis_figures={"how": "copy", "goal": goal.pk, "version": row.number, "value": row.target,
                           "percent": self.percent if mine else copying.SAME},
        )  # fmt: skip
        before = self.there.get(identity(draft))
        if before is not None and before.shown is not None:
            return None, str(_("这个期间已经有目标了"))
        if copy.value <= 0:
            return None, str(_("按这个系数目标会是 0"))
        return replace(draft, seen=before.newest if before is not None else 0), ""

    def _left_out(self, goal: Goal) -> str:
        if not reads.writable(self.reader.viewer, goal):
            return str(_("不在你能设目标的范围"))
        person, team = self.people.get(goal.person_id or 0), self.teams.get(goal.team_id or 0)
        why = copying.left_out(
            max(self.reader.today, self.target.start), left_on=person.left_on if person else None,
            merged=bool(person and person.merged_into_id), closed_on=team.closed_on if team else None,
        )  # fmt: skip
        return {"left": str(_("已离职")), "closed": str(_("团队已停用"))}.get(why, "")

    def _above(self, view: GoalView, drafts: dict[int, Draft]) -> int | Key | None:
        """The copy of the goal above; where that is left out, the goal that stands there, or the next one up."""
        version, seen = self._version(view), set()
        now = self.tree.book.get(version.row.parent_id if version else None)
        while now is not None and now.pk not in seen:
            seen.add(now.pk)
            if now.pk in drafts:
                return identity(drafts[now.pk])
            standing = self._standing(now)
            if standing is not None:
                return standing.pk
            if now.shown is not None and now.goal.start <= self.target.start and now.goal.end >= self.target.end:
                return now.pk  # a year that holds both quarters
            version = self._version(now)
            now = self.tree.book.get(version.row.parent_id if version else None)
        return None

    def _standing(self, view: GoalView) -> GoalView | None:
        """The goal of the same owner in the new period."""
        goal, span = view.goal, self._span(view.goal)
        if span is None:
            return None
        key = list(identity_of(goal))
        key[5:7] = [span.start, span.end]
        found = self.there.get(tuple(key))
        return found if found is not None and found.shown is not None else None

    def _parts(self, goal: Goal, version: VersionView, span: periods.Period, copy: Copy) -> Iterator[Part]:
        """The months of the new period, in the order of the old ones; none where their numbers differ."""
        months = list(periods.between(span.start, span.end, "month", self.reader.settings))
        if self.reader.metric(goal.metric).basis(goal.basis)[1].is_level:
            return  # its months do not add up to it
        fits = months and months[0].start == span.start and months[-1].end == span.end
        if fits and len(months) == len(copy.months):
            for month, part, value in zip(months, version.parts, copy.months, strict=True):
                yield Part(month, value, part.hand_set)
