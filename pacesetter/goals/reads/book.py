"""Goals with their versions and events, loaded together: five queries however many goals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property

from django.db.models import Exists, OuterRef, Q, QuerySet

from pacesetter.metrics.catalogue import METRICS, Metric
from pacesetter.people import reads as people
from pacesetter.people.models import TeamClosure

from .. import rules
from ..models import Goal, GoalEvent, GoalOutcome, GoalPart, GoalVersion, OwnerKind

# how long facts of a period that nobody closes may still come before its goals end
SETTLING = timedelta(days=30)


@dataclass(frozen=True)
class VersionView:
    """One version with what happened to it and its months."""

    row: GoalVersion
    events: tuple[GoalEvent, ...] = ()
    parts: tuple[GoalPart, ...] = ()

    @cached_property
    def stood(self) -> rules.Stood:
        """As the rules see it."""
        return rules.Stood(self.row.number, self.row.valid_from, tuple(e.kind for e in self.events))

    @property
    def status(self) -> str:
        """Where it stands."""
        return self.stood.status

    @property
    def accepted(self) -> GoalEvent | None:
        """The owner's signature, if there is one."""
        return next((e for e in self.events if e.kind == GoalEvent.Kind.ACCEPTED), None)

    @property
    def lines(self) -> dict[str, int | None]:
        """floor, target, stretch, challenge."""
        return {name: getattr(self.row, name) for name in rules.LINES}


@dataclass(frozen=True)
class GoalView:
    """A goal with all its versions, oldest first."""

    goal: Goal
    versions: tuple[VersionView, ...]
    outcome: GoalOutcome | None = None
    # the day whose version is in force; None: the newest, whatever its day (what acts build on)
    day: date | None = None

    @property
    def pk(self) -> int:
        """The goal's id."""
        return self.goal.pk

    def _of(self, stood: rules.Stood | None) -> VersionView | None:
        return None if stood is None else next(v for v in self.versions if v.row.number == stood.number)

    @cached_property
    def draft(self) -> VersionView | None:
        """The version being worked on, if any."""
        return self._of(rules.open_draft([v.stood for v in self.versions]))

    @cached_property
    def in_force(self) -> VersionView | None:
        """The version to reach on the day of the view; without a day the newest that was published."""
        return self._of(rules.in_force([v.stood for v in self.versions], self.day))

    @cached_property
    def latest(self) -> VersionView | None:
        """The newest version that was published, also before its day: what may be signed, locked or taken back."""
        return self._of(rules.in_force([v.stood for v in self.versions]))

    @property
    def coming(self) -> VersionView | None:
        """The version that was published and holds from a later day on, if any."""
        return self.latest if self.latest is not self.in_force else None

    def planned(self) -> GoalView:
        """As whoever sets it looks at it: the newest version, also before its day."""
        return replace(self, day=None)

    def on(self, day: date) -> VersionView | None:
        """The version to reach on a day; before its time that of its first day, beyond it the last one."""
        return self._of(rules.in_force([v.stood for v in self.versions], _within(self.goal, day)))

    @property
    def held_before(self) -> VersionView | None:
        """The version that held before the one in force."""
        happened = sorted((e.pk, v.row.number, e.kind) for v in self.versions for e in v.events)
        number = rules.held_before((number, kind) for _pk, number, kind in happened)
        return next((v for v in self.versions if v.row.number == number), None)

    @property
    def shown(self) -> VersionView | None:
        """What a planner looks at: the draft if there is one, else what is in force."""
        return self.draft or self.in_force

    @property
    def newest(self) -> int:
        """The number of the newest version, whatever became of it (0 = none)."""
        return max((v.row.number for v in self.versions), default=0)

    @property
    def status(self) -> str:
        """Where the version stands that a planner looks at; "withdrawn" where none is left."""
        if self.shown is None:
            return "withdrawn"
        if self.shown is self.in_force and self.coming is not None:
            # a newer one was published and waits for its day
            return rules.status(e.kind for e in self.shown.events if e.kind != GoalEvent.Kind.SUPERSEDED)
        return self.shown.status

    @property
    def locked(self) -> bool:
        """Whether only an application can change it."""
        return any(e.kind == GoalEvent.Kind.LOCKED for v in self.versions for e in v.events)

    @property
    def ended(self) -> bool:
        """Whether its outcome is frozen."""
        return self.outcome is not None


@dataclass(frozen=True)
class Book:
    """Goals by id, in the order they were asked."""

    views: dict[int, GoalView] = field(default_factory=dict)

    def __iter__(self) -> Iterator[GoalView]:
        return iter(self.views.values())

    def __getitem__(self, goal: int) -> GoalView:
        return self.views[goal]

    def __contains__(self, goal: object) -> bool:
        return goal in self.views

    def __len__(self) -> int:
        return len(self.views)

    def get(self, goal: int | None) -> GoalView | None:
        """The goal, if it is in the book."""
        return None if goal is None else self.views.get(goal)

    def parent_of(self, view: GoalView) -> int | None:
        """The goal above, as the planner's version says."""
        return view.shown.row.parent_id if view.shown else None

    def nodes(self, *, in_force: bool = False, known: Mapping[str, Metric] | None = None) -> list[rules.Node]:
        """Every goal that still stands, as `rules.balances` adds them up; `in_force` leaves drafts aside.

        `known`: the metrics of these goals, where the caller has them.
        """
        if known is None:
            from .catalogue import metrics_for_goals

            known = METRICS if all(view.goal.metric in METRICS for view in self) else metrics_for_goals()
        rolls = {pk: _rolls(view.goal, known.get(view.goal.metric)) for pk, view in self.views.items()}
        bottoms = _planned([view for view in self if rolls[view.pk] == "rate"], known, in_force)
        nodes = []
        for view in self:
            version, goal = view.in_force if in_force else view.shown, view.goal
            if version is None:
                continue
            nodes.append(rules.Node(
                goal.pk, version.row.target, version.row.buffer, version.row.parent_id, sums(goal),
                (goal.start, goal.end), rolls[goal.pk], _owner(goal), bottoms.get(goal.pk),
            ))  # fmt: skip
        return nodes


def _owner(goal: Goal) -> tuple[object, ...]:
    return goal.owner_kind, goal.team_id, goal.person_id


def _rolls(goal: Goal, metric: Metric | None) -> str:
    return metric.rolls(goal.basis) if metric is not None and goal.per == "" else ""


def _planned(views: Sequence[GoalView], known: Mapping[str, Metric], in_force: bool) -> dict[int, int]:
    """goal of a rate → what is planned of its bottom: the goal of the metric that counts it, for the same owner, time
    and scope."""
    above = {parent for view in views if view.shown and (parent := view.shown.row.parent_id)}
    counts = {view.pk: count for view in views if view.shown and view.shown.row.parent_id in above
              and (count := counted_by(known[view.goal.metric], view.goal.basis))}  # fmt: skip
    if not counts:
        return {}
    goals = [view.goal for view in views if view.pk in counts]
    rows = GoalVersion.objects.filter(
        goal__metric__in=set(counts.values()), goal__per="", goal__start__in={g.start for g in goals},
        goal__end__in={g.end for g in goals},
    )  # fmt: skip
    versions: dict[Goal, list[GoalVersion]] = {}
    for row in rows.select_related("goal").order_by("goal_id", "number"):
        versions.setdefault(row.goal, []).append(row)
    happened = _events(row.pk for held in versions.values() for row in held)
    plans = {}
    for goal, held in versions.items():
        view = GoalView(goal, tuple(VersionView(row, tuple(happened.get(row.pk, ()))) for row in held))
        version = view.in_force if in_force else view.shown
        if version is not None:
            plans[goal.metric, _owner(goal), goal.start, goal.end, _scope(goal)] = version
    return {
        goal.pk: plan.row.target for goal in goals
        if (plan := plans.get((counts[goal.pk], _owner(goal), goal.start, goal.end, _scope(goal))))
    }  # fmt: skip


def _scope(goal: Goal) -> tuple[object, ...]:
    return goal.customer_region, goal.industry, goal.product_id, goal.customer_kind


def counted_by(rate: Metric, basis: str) -> str:
    """The metric whose sum is the bottom of a rate; empty where the catalogue has none."""
    bottom = rate.basis(basis)[1].bottom
    if not bottom:
        return ""
    return next((key for key, metric in METRICS.items() if metric.adds_up() and metric.basis()[1].top == bottom), "")


def sums(goal: Goal) -> tuple[object, ...]:
    """What two goals must share to be added up."""
    return (goal.metric, goal.basis, goal.per, goal.customer_region, goal.industry, goal.product_id,
            goal.customer_kind)  # fmt: skip


def book(goals: QuerySet[Goal] | Iterable[Goal], *, published_only: Iterable[int] = (), on: date | None = None) -> Book:
    """The goals with everything about them.

    `on`: the day whose versions are in force (None: the newest).
    `published_only`: ids of goals whose drafts the reader does not see; one that never held is left out.
    """
    held = {goal.pk: goal for goal in goals}
    versions: dict[int, list[GoalVersion]] = {}
    for version in GoalVersion.objects.filter(goal_id__in=list(held)).order_by("goal_id", "number"):
        versions.setdefault(version.goal_id, []).append(version)
    ids = [v.pk for rows in versions.values() for v in rows]
    events = _events(ids)
    parts: dict[int, list[GoalPart]] = {}
    for part in GoalPart.objects.filter(version_id__in=ids).order_by("start"):
        parts.setdefault(part.version_id, []).append(part)
    outcomes = {o.goal_id: o for o in GoalOutcome.objects.filter(goal_id__in=list(held))}
    hidden = set(published_only)
    views = {}
    for pk, goal in held.items():
        shown = tuple(
            VersionView(v, tuple(events.get(v.pk, ())), tuple(parts.get(v.pk, ()))) for v in versions.get(pk, ())
        )
        if pk in hidden:
            shown = tuple(v for v in shown if v.stood.was_published)
            if not shown:
                continue
        day = None if on is None else _within(goal, on)
        views[pk] = GoalView(goal, shown, outcomes.get(pk), day)
    return Book(views)


def _within(goal: Goal, day: date) -> date:
    """The day of the goal's time that is nearest to a day."""
    return max(goal.start, min(day, goal.end - timedelta(days=1)))


def _events(versions: Iterable[int]) -> dict[int, list[GoalEvent]]:
    """version → what happened to it, in order."""
    events: dict[int, list[GoalEvent]] = {}
    for event in GoalEvent.objects.filter(version_id__in=list(versions)).order_by("id"):
        events.setdefault(event.version_id, []).append(event)
    return events


def over(today: date, closed_until: date | None) -> QuerySet[Goal]:
    """Goals whose time is over and whose outcome is not frozen yet, the oldest first: closed, or 30 days past.

    One whose drafts and versions are all withdrawn ended that way and is left out.
    """
    late = Q(end__lte=today - SETTLING)
    if closed_until is not None:
        late |= Q(end__lte=min(today, closed_until))
    return standing_ones(Goal.objects.filter(late, outcome=None)).order_by("end", "pk")


def standing_ones(goals: QuerySet[Goal]) -> QuerySet[Goal]:
    """Those of which a version stands that was not withdrawn."""
    gone = GoalEvent.objects.filter(version=OuterRef("pk"), kind=GoalEvent.Kind.WITHDRAWN)
    return goals.filter(Exists(GoalVersion.objects.filter(goal=OuterRef("pk")).exclude(Exists(gone))))


def heads(goals: Iterable[Goal]) -> dict[int, GoalView]:
    """goal id → view, for acts."""
    return book(goals).views


def running_of(person: int, on: date) -> list[GoalView]:
    """A person's goals that are in force and not over on a day, the first to end first."""
    own = Goal.objects.filter(person_id=person, end__gt=on).select_related("person", "product").order_by("end", "id")
    return [view for view in book(own) if view.in_force is not None and not view.ended]


def released_by(running: Iterable[GoalView], rule: str, last_day: date) -> list[int]:
    """Which running goals of whoever leaves are withdrawn: those that begin after the last day ("ahead"), or "all".

    A locked goal is changed by an application only, so it stays and ends with what is done. An unknown rule is none.
    """
    return [view.pk for view in running
            if not view.locked and (rule == "all" or (rule == "ahead" and view.goal.start > last_day))]  # fmt: skip


def goal_over(team: int, metric: str, start: date, end: date, on: date) -> int | None:
    """The goal in force that a team's goal on `[start, end)` serves.

    Same metric, no scope, of the nearest team above or the company; the shortest period that holds it.
    """
    up = TeamClosure.objects.filter(people.valid(on), descendant_id=team, depth__gt=0)
    ranks = dict(up.values_list("ancestor_id", "depth"))
    whose = Q(owner_kind=OwnerKind.COMPANY) | Q(team_id__in=ranks)
    rows = Goal.objects.filter(whose, metric=metric, start__lte=start, end__gte=end, per="", basis="")
    held = [v.goal for v in book(rows.order_by("pk")) if v.in_force is not None and not v.goal.scoped]
    far = max(ranks.values(), default=0) + 1
    nearest = sorted(held, key=lambda goal: (ranks.get(goal.team_id or 0, far), goal.end - goal.start, goal.pk))
    return nearest[0].pk if nearest else None
