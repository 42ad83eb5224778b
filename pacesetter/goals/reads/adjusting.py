"""Applications to change a goal: which are there for whom, who may speak, what a new line would do around the goal."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from pacesetter.people import reads as people
from pacesetter.people.models import CalendarDay, Person, RoleGrant
from pacesetter.people.reach import Reach
from pacesetter.people.rights import Scope
from pacesetter.pipeline.models import Customer

from .. import rules
from ..models import (
    Adjustment,
    AdjustmentEvent,
    AdjustmentVoice,
    Delegate,
    Goal,
    GoalPart,
    GoalVersion,
    MarketEvent,
    OwnerKind,
)
from .book import Book, GoalView, VersionView, book
from .rights import may_commit, visible

# who adds to the shared register
KEEPERS = frozenset({"director", "analyst", "manager", "marketing"})


@dataclass(frozen=True)
class AdjustmentView:
    """An application with what was said and what happened."""

    row: Adjustment
    voices: tuple[AdjustmentVoice, ...]
    events: tuple[AdjustmentEvent, ...]
    owners: frozenset[int]

    def event(self, kind: str) -> AdjustmentEvent | None:
        """What happened of this kind, if it did."""
        return next((e for e in self.events if e.kind == kind), None)

    @property
    def end(self) -> AdjustmentEvent | None:
        """How it ended."""
        return next((e for e in self.events if e.ends), None)

    @property
    def state(self) -> str:
        """asked, escalated, approved, refused, withdrawn, expired, or checked."""
        return self.events[-1].kind if self.events else "asked"

    @property
    def matter(self) -> rules.Matter:
        """As the rules see it."""
        return rules.Matter(
            self.row.asked_by_id, self.owners, self.end.kind if self.end else "",
            tuple(rules.Said(v.seat, v.by_id) for v in self.voices),
        )  # fmt: skip

    def voice(self, seat: str) -> AdjustmentVoice | None:
        """What a seat said."""
        return next((v for v in self.voices if v.seat == seat), None)


def owners_of(goal: Goal) -> frozenset[int]:
    """Whose goal it is: the person, or the head of the team. The company's belongs to nobody alone."""
    if goal.owner_kind == OwnerKind.PERSON and goal.person_id is not None:
        return frozenset({goal.person_id})
    if goal.owner_kind == OwnerKind.TEAM and goal.team is not None and goal.team.leader_id is not None:
        return frozenset({goal.team.leader_id})
    return frozenset()


def adjustments(rows: QuerySet[Adjustment]) -> list[AdjustmentView]:
    """The applications with everything about them: four queries however many."""
    held = list(rows.select_related("goal__team", "goal__person", "goal__product", "version", "event", "asked_by"))
    ids = [row.pk for row in held]
    voices: dict[int, list[AdjustmentVoice]] = {}
    for voice in AdjustmentVoice.objects.filter(adjustment_id__in=ids).order_by("id"):
        voices.setdefault(voice.adjustment_id, []).append(voice)
    events: dict[int, list[AdjustmentEvent]] = {}
    for event in AdjustmentEvent.objects.filter(adjustment_id__in=ids).order_by("id"):
        events.setdefault(event.adjustment_id, []).append(event)
    return [
        AdjustmentView(row, tuple(voices.get(row.pk, ())), tuple(events.get(row.pk, ())), owners_of(row.goal))
        for row in held
    ]


def adjustment(pk: int) -> AdjustmentView:
    """One application."""
    return adjustments(Adjustment.objects.filter(pk=pk))[0]


_ENDED = AdjustmentEvent.objects.filter(ends=True).values("adjustment_id")


def open_adjustments() -> QuerySet[Adjustment]:
    """Applications that have not ended."""
    return Adjustment.objects.exclude(pk__in=_ENDED)


def unchecked(today: date) -> list[Adjustment]:
    """Approved applications whose day to be looked at again has come, and were not."""
    of = AdjustmentEvent.objects.filter(kind=AdjustmentEvent.Kind.APPROVED).values("adjustment_id")
    seen = AdjustmentEvent.objects.filter(kind=AdjustmentEvent.Kind.CHECKED).values("adjustment_id")
    rows = Adjustment.objects.filter(pk__in=of, check_on__lte=today).exclude(pk__in=seen)
    return list(rows.select_related("goal", "version").order_by("pk"))


# --- who speaks ------------------------------------------------------------------------------------------------------
def delegating(day: date) -> QuerySet[Delegate]:
    """Delegations that hold on a day."""
    return Delegate.objects.filter(start__lte=day, end__gt=day, ended_at=None, person__access_ended=False)


def seats_of(person: int, day: date, own: Iterable[str] | None = None) -> dict[str, tuple[int | None, ...]]:
    """seat → in whose place this person may sit there on a day (see `rules.seats_held`); `own`: roles, where known."""
    for_whom = delegating(day).filter(delegate_id=person).values_list("person_id", flat=True)
    own = people.roles_of(person, day) if own is None else own
    return rules.seats_held(own, {one: people.roles_of(one, day) for one in for_whom})


def seats(reach: Reach) -> dict[str, tuple[int | None, ...]]:
    """The same for a reader, whose roles are known."""
    return seats_of(reach.person_id, reach.on, reach.roles)


def holders(day: date, *seats: str) -> list[Person]:
    """Everybody who may sit in these seats on a day, by role or as a delegate, in the order of their ids."""
    by_role = set(RoleGrant.objects.filter(people.valid(day), role__in=seats).values_list("person_id", flat=True))
    beside = delegating(day).filter(person_id__in=by_role).values_list("delegate_id", flat=True)
    return list(Person.objects.filter(pk__in=by_role | set(beside), access_ended=False).order_by("pk"))


def told(view: AdjustmentView, day: date) -> list[Person]:
    """Who is told that an application is late: whoever may still speak, without those it concerns."""
    return [p for p in holders(day, *rules.SEATS) if p.pk not in view.matter.concerned]


def lies_with(view: AdjustmentView, day: date) -> list[Person]:
    """Who has let it lie: whoever may speak from the seat whose word is missing."""
    seat = rules.awaited(view.matter)
    return [p for p in holders(day, seat) if p.pk not in view.matter.concerned] if seat else []


def escalated_to(reach: Reach) -> QuerySet[Adjustment]:
    """Open applications told further up to this reader, the longest late first: one query.

    For whoever sits in one of the three seats or stands in for somebody there, without those it concerns. `assessed`:
    whether the analyst has spoken; `told_at`: when it was told.
    """
    me = reach.person_id
    happened = AdjustmentEvent.objects.filter(adjustment=OuterRef("pk"))
    told = happened.filter(kind=AdjustmentEvent.Kind.ESCALATED)
    rows = Adjustment.objects.filter(Exists(told), ~Exists(happened.filter(ends=True)))
    own = Q(goal__owner_kind=OwnerKind.PERSON, goal__person_id=me)
    own |= Q(goal__owner_kind=OwnerKind.TEAM, goal__team__leader_id=me)
    rows = rows.exclude(asked_by_id=me).exclude(own)
    if not set(rules.SEATS) & reach.roles:
        seated = RoleGrant.objects.filter(people.valid(reach.on), role__in=rules.SEATS).values("person_id")
        rows = rows.filter(Exists(delegating(reach.on).filter(delegate_id=me, person_id__in=seated)))
    assessed = AdjustmentVoice.objects.filter(adjustment=OuterRef("pk"), seat=rules.ASSESSES)
    rows = rows.annotate(assessed=Exists(assessed), told_at=Subquery(told.values("at")[:1]))
    return rows.select_related("goal__team", "goal__person", "goal__product", "version", "event", "asked_by").order_by(
        "due_on", "id"
    )


# --- who sees --------------------------------------------------------------------------------------------------------
def visible_adjustments(reach: Reach) -> QuerySet[Adjustment]:
    """The applications in reach: the own, those about the own goal, those of one's teams; all for the three seats.

    A delegate sees what is open while the delegation holds, and what they spoke about. Marketing and finance see none.
    """
    rows = Adjustment.objects.all()
    # a role that opens some families only opens no application
    scope = max((grant.scope for grant in reach.grants("goals") if not grant.only), default=Scope.NONE)
    if scope == Scope.ALL:
        return rows
    mine = Q(asked_by_id=reach.person_id) | Q(goal__person_id=reach.person_id) | Q(goal__team_id__in=reach.led)
    if scope == Scope.TEAM:
        mine |= Q(goal__person_id__in=reach.people_ids) | Q(goal__team_id__in=reach.team_ids)
    mine |= Q(voices__by_id=reach.person_id)
    if seats(reach):
        mine |= Q(pk__in=open_adjustments().values("pk"))
    return rows.filter(mine).distinct()


def may_ask(reach: Reach, goal: Goal) -> bool:
    """Whether the reader may apply to change this goal: the own, the team's one heads, or the company's."""
    return may_commit(reach, goal) and visible(reach).filter(pk=goal.pk).exists()


def keeps_events(reach: Reach) -> bool:
    """Whether the reader adds to the register of market events."""
    return bool(KEEPERS & reach.roles)


def reads_events(reach: Reach) -> bool:
    """Whether the reader has the register of market events: everybody who has goals."""
    return reach.may("goals")


def market_events(*, retired: bool = False) -> QuerySet[MarketEvent]:
    """The register, newest first; without what was retired unless asked for."""
    rows = MarketEvent.objects.select_related("product", "made_by")
    return rows if retired else rows.filter(retired_at=None)


def due_day(goal: Goal, today: date, working_days: int) -> date:
    """The last day on which an application of today is in time, by the work calendar of whoever's goal it is."""
    team = goal.team_id or (people.seat_at(goal.person_id, today).team_id if goal.person_id else None)
    days = CalendarDay.objects.filter(calendar_id=people.calendar_of(team), day__gt=today, weight__gt=0)
    ahead = list(days.order_by("day").values_list("day", flat=True)[: max(working_days, 1)])
    return ahead[-1] if ahead else today


def days_left(goal: Goal, today: date, due_on: date) -> int:
    """Working days after today until the last day; below zero: so many since."""
    team = goal.team_id or (people.seat_at(goal.person_id, today).team_id if goal.person_id else None)
    days = CalendarDay.objects.filter(calendar_id=people.calendar_of(team), weight__gt=0)
    if due_on >= today:
        return days.filter(day__gt=today, day__lte=due_on).count()
    return -days.filter(day__gt=due_on, day__lte=today).count()


# --- what it does around the goal ------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Around:
    """One sum before and after: the goal above with what hangs below it, or the goal itself with its own."""

    goal: Goal
    before: rules.Balance
    after: rules.Balance

    def figures(self) -> dict[str, int]:
        """For the record."""
        return {"goal": self.goal.pk, "value": self.after.value, "buffer": self.after.buffer,
                "before": self.before.difference, "after": self.after.difference}  # fmt: skip


def near(goal: Goal, above: int | None) -> QuerySet[Goal]:
    """The goal, the one above it, and all that hang below either: what `around` adds up."""
    asked = [goal.pk, *([above] if above else [])]
    below = GoalVersion.objects.filter(parent_id__in=asked).values("goal_id")
    return Goal.objects.filter(Q(pk__in=asked) | Q(pk__in=below)).select_related("team", "person", "product")


def around(view: GoalView, target: int, held: Book | None = None) -> tuple[Around | None, Around | None]:
    """What a new target does to the sum of the goal above, and to the sum of the goals below this one.

    `held`: the goals of `near`, where a page has read them already.
    """
    version = view.in_force
    if version is None:
        return None, None
    above = version.row.parent_id
    held = book(near(view.goal, above)) if held is None else held
    nodes = held.nodes(in_force=True)
    moved = [_with(node, target) if node.goal == view.pk else node for node in nodes]
    now, then = rules.balances(nodes), rules.balances(moved)

    def both(goal: int | None) -> Around | None:
        if goal is None or goal not in now or goal not in then:
            return None
        return Around(held[goal].goal, now[goal], then[goal])

    return both(above), both(view.pk)


def _with(node: rules.Node, value: int) -> rules.Node:
    return replace(node, value=value)


def foreseen(view: GoalView, row: Adjustment) -> VersionView | None:
    """The version that a yes would put in force; kept nowhere. None where no version is in force."""
    now = view.in_force
    if now is None:
        return None
    then, shares = copy(now.row), new_shares(now, row)
    then.floor, then.target, then.stretch, then.challenge = row.floor, row.target, row.stretch, row.challenge
    then.valid_from = row.valid_from
    parts = [GoalPart(label=p.label, start=p.start, end=p.end, target=share, hand_set=p.hand_set)
             for p, share in zip(now.parts, shares, strict=True)]  # fmt: skip
    return VersionView(then, now.events, tuple(parts))


def new_shares(now: VersionView, row: Adjustment) -> list[int]:
    """What each month of the version in force would ask for under an application's new target."""
    return rules.new_parts([(p.start, p.end, p.target) for p in now.parts], row.target, row.valid_from)


def touched(goal: Goal, event: MarketEvent, on: date) -> QuerySet[Customer]:
    """The customers of whoever's goal it is that lie where the event and the goal do."""
    rows = Customer.objects.filter(merged_into=None)
    if goal.owner_kind == OwnerKind.PERSON:
        rows = rows.filter(owner_id=goal.person_id)
    elif goal.owner_kind == OwnerKind.TEAM and goal.team_id is not None:
        rows = rows.filter(owner__in=people.people_of(people.subtree([goal.team_id], on), on))
    for field, values in (("region", (event.customer_region, goal.customer_region)),
                          ("industry", (event.industry, goal.industry))):  # fmt: skip
        for value in values:
            if value:
                rows = rows.filter(**{field: value})
    return rows.order_by("name", "id")
