"""One spread: the tree of teams and people under a goal, what each gets and why, and the drafts it becomes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property
from typing import Any

from pacesetter.goals import reads
from pacesetter.goals.acts import Draft, Part, identity
from pacesetter.goals.acts.drafting import Key, identity_of
from pacesetter.goals.models import Goal, OwnerKind
from pacesetter.goals.reads import GoalView, VersionView
from pacesetter.goals.rules import lines_in_order, season
from pacesetter.goals.rules.plain import plain
from pacesetter.goals.rules.spread import Node, Share, SpreadError, Why, spread
from pacesetter.lib import periods
from pacesetter.people import reads as people
from pacesetter.people.models import TeamPlace

from .reading import CUSTOM, Reader
from .spread_figures import Figures, Seat, seats, today_only

TOP = "top"


@dataclass
class Choice:
    """What somebody chose on the page. Values by key ("t5", "p34t5") are set by hand and kept."""

    percents: Mapping[str, int] = field(default_factory=lambda: {"history": 100})
    months_by: str = "days"
    ramp: bool = True
    presence: bool = True
    every_level: bool = False
    equal_teams: bool = False
    buffer_top: int = 0
    buffer_team: int = 0
    unit: int = 1
    fixed: Mapping[str, int] = field(default_factory=dict)
    fixed_months: Mapping[str, Mapping[int, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Line:
    """One team or person of the preview."""

    key: str
    depth: int
    name: str
    team: bool
    share: Share
    seat: Seat | None
    team_id: int | None
    before: GoalView | None


def months_of(view: GoalView, settings: periods.Settings) -> list[periods.Period]:
    """The months of a goal, the first and last cut to its time."""
    goal = view.goal
    return [
        periods.Period(max(month.start, goal.start), min(month.end, goal.end), "month", month.label)
        for month in periods.between(goal.start, goal.end, "month", settings)
    ]


class Plan:
    """The tree and its shares. Raises SpreadError and WeightError."""

    def __init__(self, reader: Reader, view: GoalView, choice: Choice) -> None:
        self.reader, self.view, self.choice = reader, view, choice
        assert view.shown is not None
        self.version = view.shown.row
        self.months = months_of(view, reader.settings)
        self.names: dict[int, str] = {}
        self.parents: dict[int, int | None] = {}
        self._teams()
        held = seats(reader, view, self.parents)
        self.seats = held if choice.presence else today_only(held, view, reader.today)
        self.existing = self._existing()
        self.seats = self._whole_goals_stay(self.seats)
        # person → in how many teams
        self.places = Counter(seat.person for seat in self.seats)
        self.figures = Figures(reader, view, self.months, self.seats)
        self.season = self._season()
        self.share = self._spread()

    # --- the tree ----------------------------------------------------------------------------------------------------
    def _teams(self) -> None:
        """Every team below the owner with the team above it; the owner's own team is the top."""
        goal = self.view.goal
        day = min(max(self.reader.today, goal.start), goal.end - timedelta(days=1))
        only = people.subtree([goal.team_id], day) if goal.team_id else None
        for branch in people.tree(day, only=only):
            self.parents[branch.team.pk] = branch.parent_id
            self.names[branch.team.pk] = branch.team.name
        # teams that were closed meanwhile keep the people who stood in them
        known = set(self.parents)
        for place in TeamPlace.objects.filter(parent_id__in=known).exclude(team_id__in=known).select_related("team"):
            if goal.team_id is None or place.parent_id in known:
                self.parents.setdefault(place.team_id, place.parent_id)
                self.names.setdefault(place.team_id, place.team.name)

    def _kept(self) -> set[int]:
        """Teams that become a level: those with sellers of their own, and with every level also those between."""
        kept = {seat.team for seat in self.seats}
        if self.choice.every_level:
            for team in list(kept):
                above = self.parents.get(team)
                while above is not None:
                    kept.add(above)
                    above = self.parents.get(above)
            # a single team that holds everything is the company itself
            roots = [team for team in kept if self.parents.get(team) not in kept]
            if len(roots) == 1 and roots[0] not in {seat.team for seat in self.seats}:
                kept.discard(roots[0])
        return kept - {self.view.goal.team_id or 0}

    def _above(self, team: int | None, kept: set[int]) -> int | None:
        above = self.parents.get(team) if team is not None else None
        while above is not None and above not in kept:
            above = self.parents.get(above)
        return above

    def _spread(self) -> Share:
        choice, kept = self.choice, self._kept()
        held = self.figures.weigh(choice.percents)
        below: dict[int | None, list[int]] = {}
        for team in sorted(kept, key=lambda pk: self.names.get(pk, "")):
            below.setdefault(self._above(team, kept), []).append(team)
        members: dict[int | None, list[Seat]] = {}
        for seat in self.seats:
            members.setdefault(seat.team if seat.team in kept else None, []).append(seat)

        def person_node(seat: Seat) -> Node:
            key = f"p{seat.person}t{seat.team}"
            return Node(
                key, held[seat.person], profile=self.figures.profile(seat, ramp=choice.ramp),
                fixed=self._fixed(key, seat, None), fixed_months=self._cells(key, seat, None),
            )  # fmt: skip

        def team_node(pk: int) -> Node:
            key, mine = f"t{pk}", members.get(pk, [])
            children = [team_node(child) for child in below.get(pk, ())] + [person_node(seat) for seat in mine]
            return Node(
                key, 1 if choice.equal_teams else None, tuple(children), fixed=self._fixed(key, None, pk),
                fixed_months=self._cells(key, None, pk),
                buffer_share=Fraction(choice.buffer_team, 100) if mine else Fraction(0),
            )  # fmt: skip

        children = [team_node(pk) for pk in below.get(None, ())]
        children += [person_node(seat) for seat in members.get(None, ())]
        top = Node(TOP, children=tuple(children), buffer_share=Fraction(choice.buffer_top, 100))
        return spread(top, self._top_months(), unit=choice.unit)

    def _whole_goals_stay(self, held: list[Seat]) -> list[Seat]:
        """Somebody with a goal of the whole period keeps that one goal, in the team of the last seat."""
        goal = self.view.goal
        whole = {v.goal.person_id for v in self.existing.values()
                 if v.shown and v.goal.person_id and (v.goal.start, v.goal.end) == (goal.start, goal.end)}  # fmt: skip
        found: dict[tuple[int, int], Seat] = {}
        for seat in sorted(held, key=lambda s: (s.name, s.person, s.start)):
            key = (seat.person, 0 if seat.person in whole else seat.team)
            had = found.get(key)
            found[key] = seat if had is None else replace(seat, start=had.start)
        return list(found.values())

    def _fixed(self, key: str, seat: Seat | None, team: int | None) -> int | None:
        """A value set by hand on the page, or one that is locked and stands."""
        stands = self._stands(seat, team)
        return stands.row.target if stands is not None else self.choice.fixed.get(key)

    def _stands(self, seat: Seat | None, team: int | None) -> VersionView | None:
        """The version of a goal that is locked or has ended: no spread changes it."""
        before = self._before(seat, team)
        return before.in_force if before is not None and (before.locked or before.ended) else None

    def _cells(self, key: str, seat: Seat | None, team: int | None) -> dict[int, int]:
        """Months set by hand on the page by place, or those of a goal that stands."""
        stands = self._stands(seat, team)
        if stands is None:
            return dict(self.choice.fixed_months.get(key, {}))
        held = [part.target for part in stands.parts]
        return dict(enumerate(held)) if len(held) == len(self.months) else {}

    def _before(self, seat: Seat | None, team: int | None) -> GoalView | None:
        goal = self.view.goal
        kind = OwnerKind.PERSON if seat else OwnerKind.TEAM
        return self.existing.get(identity(Draft(
            goal.metric, kind, self._span(seat), 1, team=team, person=seat.person if seat else None, basis=goal.basis,
            customer_region=goal.customer_region, industry=goal.industry, product=goal.product_id,
            customer_kind=goal.customer_kind,
        )))  # fmt: skip

    def _season(self) -> season.Season | None:
        parts = self.view.shown.parts if self.view.shown else ()
        if self.choice.months_by == "own" and len(parts) == len(self.months):
            return None
        return self.figures.season(self.choice.months_by)

    def _top_months(self) -> tuple[int, ...]:
        """The goal's own months, or its value on the months."""
        fixed = self.choice.fixed_months.get(TOP, {})
        weights = self.season
        if weights is None and self.view.shown is not None:
            own = tuple(part.target for part in self.view.shown.parts)
            if all(own[place] == value for place, value in fixed.items()):
                return own
            weights = season.Season(tuple(map(Fraction, own)), "own")
        assert weights is not None
        unit = self.choice.unit if self.version.target >= self.choice.unit * len(self.months) else 1
        try:
            return season.to_months(self.version.target, weights, unit=unit, fixed=fixed)
        except season.SetTooMuch as error:
            raise SpreadError("over_total" if error.by > 0 else "months", TOP, abs(error.by)) from error

    # --- the preview -------------------------------------------------------------------------------------------------
    @cached_property
    def lines(self) -> list[Line]:
        """Every team and person in the order of the tree."""
        by_key = {f"p{seat.person}t{seat.team}": seat for seat in self.seats}

        def walk(share: Share, depth: int) -> Iterator[Line]:
            key = str(share.key)
            seat = by_key.get(key)
            team_id = int(key[1:]) if key.startswith("t") and key != TOP else None
            name = seat.name if seat else self.names.get(team_id or 0, "")
            if seat is not None and self.places[seat.person] > 1:
                name = f"{name}（{self.names.get(seat.team, '')}）"
            if key != TOP:
                yield Line(key, depth, name, team_id is not None, share, seat, team_id, self._before(seat, team_id))
            for child in share.children:
                yield from walk(child, depth + (key != TOP))

        return list(walk(self.share, 0))

    def _existing(self) -> dict[Key, GoalView]:
        """The goals that are there already, by identity."""
        goal = self.view.goal
        rows = Goal.objects.filter(
            metric=goal.metric, basis=goal.basis, start__gte=goal.start, end__lte=goal.end, per=goal.per
        )
        return {identity_of(view.goal): view for view in reads.book(rows)}

    def keep(self) -> tuple[dict[str, int], dict[str, dict[int, int]]]:
        """Totals and months that were set by hand before, by key: kept unless somebody empties them."""
        totals: dict[str, int] = {}
        months: dict[str, dict[int, int]] = {}
        labels = {month.label: place for place, month in enumerate(self.months)}
        for key, view in [(TOP, self.view), *((line.key, line.before) for line in self.lines)]:
            version = view.shown if view is not None else None
            if version is None or (key != TOP and self._is_fast(view)):
                continue
            if version.row.hand_set and key != TOP:
                totals[key] = version.row.target
            held = {labels[p.label]: p.target for p in version.parts if p.hand_set and p.label in labels}
            if held:
                months[key] = held
        return totals, months

    @staticmethod
    def _is_fast(view: GoalView | None) -> bool:
        return view is not None and (view.locked or view.ended)

    # --- the drafts --------------------------------------------------------------------------------------------------
    def _span(self, seat: Seat | None) -> periods.Period:
        """The whole period; for somebody who stood in several teams, the time in this one."""
        goal = self.view.goal
        if seat is not None and self.places[seat.person] > 1:
            last = seat.end - timedelta(days=1)
            return periods.Period(seat.start, seat.end, CUSTOM, f"{seat.start:%y%m}-{last:%y%m}")
        return periods.Period(goal.start, goal.end, goal.period_kind, goal.label)

    def _draft(self, share: Share, seat: Seat | None, team_id: int | None, above: int | Key | None) -> Draft:
        goal, key = self.view.goal, str(share.key)
        kind = OwnerKind.PERSON if seat else OwnerKind.TEAM
        span = self._span(seat)
        by_hand = key in self.choice.fixed
        return Draft(
            goal.metric, kind, span, share.value, team=team_id, person=seat.person if seat else None, basis=goal.basis,
            customer_region=goal.customer_region, industry=goal.industry, product=goal.product_id,
            customer_kind=goal.customer_kind, above=above, buffer=share.buffer, hand_set=by_hand,
            basis_figures=self._figures(share), parts=self._parts(share, span, key), elastic=self.version.elastic,
            pace_basis=self.version.pace_basis, present=self._made_for(seat),
        )  # fmt: skip

    def _made_for(self, seat: Seat | None) -> tuple[tuple[date, date], ...] | None:
        """The days a person's share is for; None = all of the period, where presence is left aside."""
        if seat is None:
            return None
        goal = self.view.goal
        return self.figures.made_for(seat) if self.choice.presence else ((goal.start, goal.end),)

    def _parts(self, share: Share, span: periods.Period, key: str) -> list[Part]:
        """The months of one share; what falls outside somebody's time goes to the nearest month inside."""
        if len(self.months) < 2:
            return []
        inside: list[tuple[periods.Period, int]] = []
        values: list[int] = []
        carried = 0
        for place, (month, value) in enumerate(zip(self.months, share.months, strict=True)):
            start, end = max(month.start, span.start), min(month.end, span.end)
            if start >= end:
                if values:
                    values[-1] += value
                else:
                    carried += value
                continue
            inside.append((periods.Period(start, end, "month", month.label), place))
            values.append(value + carried)
            carried = 0
        by_hand = self.choice.fixed_months.get(key, {})
        return [Part(period, value, place in by_hand) for (period, place), value in zip(inside, values, strict=True)]

    def _figures(self, share: Share) -> dict[str, Any]:
        why: Why = share.why
        found: dict[str, Any] = plain({
            "how": why.how, "pool": why.pool, "exact": why.exact, "profile": why.profile,
            "weight": None if why.weight is None else why.weight.value,
            "kind": why.weight.kind if why.weight else "", "notes": why.weight.notes if why.weight else (),
            "figures": dict(why.weight.figures) if why.weight else {}, "weight_sum": why.weight_sum,
        })  # fmt: skip
        return found

    def drafts(self, seen: Mapping[str, int]) -> list[Draft]:
        """One draft per team and person with a value, and the goal itself where its buffer or months changed."""
        by_key = {f"p{seat.person}t{seat.team}": seat for seat in self.seats}
        found: list[Draft] = []

        def grow(share: Share, above: int | Key) -> None:
            for child in share.children:
                key = str(child.key)
                team_id = int(key[1:]) if key.startswith("t") else None
                draft = self._draft(child, by_key.get(key), team_id, above)
                before = self.existing.get(identity(draft))
                if before is not None and (before.locked or before.ended):
                    grow(child, before.pk)
                elif child.value > 0:
                    found.append(self._like_before(draft, before, seen.get(key)))
                    grow(child, identity(draft))

        grow(self.share, self.view.pk)
        top = self._top(seen.get(TOP))
        return [top, *found] if top is not None else found

    def _like_before(self, draft: Draft, before: GoalView | None, seen: int | None) -> Draft:
        """Weight and further lines of the version before, where they still rise in order."""
        newest = before.newest if before is not None else 0
        draft = replace(draft, seen=newest if seen is None else seen)
        row = before.shown.row if before is not None and before.shown is not None else None
        if row is None:
            return draft
        draft = replace(draft, weight=row.weight, note=row.note)
        lines = (row.floor, draft.target, row.stretch, row.challenge)
        if not lines_in_order(lines, better=self.reader.metric(draft.metric).better):
            return draft
        return replace(draft, floor=row.floor, stretch=row.stretch, challenge=row.challenge)

    def _top(self, seen: int | None) -> Draft | None:
        """A version of the goal itself with this buffer and these months; None where both stand already."""
        goal, row = self.view.goal, self.version
        span = periods.Period(goal.start, goal.end, goal.period_kind, goal.label)
        parts = self._parts(self.share, span, TOP)
        stands = [(part.target, part.hand_set) for part in self.view.shown.parts] if self.view.shown else []
        if self.share.buffer == row.buffer and (not parts or stands == [(p.target, p.hand_set) for p in parts]):
            return None
        return Draft(
            goal.metric, goal.owner_kind, span, row.target, team=goal.team_id, person=goal.person_id, basis=goal.basis,
            customer_region=goal.customer_region, industry=goal.industry, product=goal.product_id,
            customer_kind=goal.customer_kind, floor=row.floor, stretch=row.stretch, challenge=row.challenge,
            weight=row.weight, above=row.parent_id, buffer=self.share.buffer, baseline=row.baseline,
            hand_set=row.hand_set, elastic=row.elastic, pace_basis=row.pace_basis, note=row.note, parts=parts,
            seen=seen, basis_figures=row.basis_figures,
        )  # fmt: skip
