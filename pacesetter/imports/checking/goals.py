"""Goals: one a row, or a row of months; each a further version where the goal is here already."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import Any

from pacesetter.goals import reads, rules
from pacesetter.goals.acts import Draft, Key, Part, identity, identity_of
from pacesetter.goals.models import Goal
from pacesetter.lib import shares
from pacesetter.lib.nearest import nearest
from pacesetter.lib.periods import Period
from pacesetter.metrics.catalogue import Metric
from pacesetter.people import reads as people

from .. import vocabulary
from ..cells import plain_word
from .base import Row
from .goal_rows import Told, read_row, resolve_above
from .planner import Planner, _digest

STARTS = 400
ABOVE_NONE = "none"


class Goals(Planner):
    """A goal is its metric, owner, period and scope. All rows are gathered first: a goal above may stand below."""

    entity = "goals"
    key_columns = ("code",)
    whole = True

    def __init__(self, checker: Any) -> None:
        super().__init__(checker)
        self.here: dict[Key, reads.GoalView] = {}
        self.coming: set[Key] = set()
        self._told: dict[int, list[Told]] = {}
        self._said: dict[Key, tuple[int, int]] = {}

    def words(self, row: Row) -> dict[str, list[Any]]:
        return {"people": [row.values.get("person")], "products": [row.values.get("product")]}

    @cached_property
    def metrics(self) -> dict[str, Metric]:
        """Every metric that can be aimed at."""
        return reads.metrics_for_goals()

    @cached_property
    def metric_words(self) -> dict[str, str]:
        """What files call a metric: its key, its names, and what else is usual."""
        found = {plain_word(word): key for word, key in vocabulary.METRICS.items()}
        for key, metric in self.metrics.items():
            found |= {plain_word(word): key for word in (key, metric.zh, metric.en)}
        return found

    @cached_property
    def worded(self) -> dict[str, set[str]]:
        """The regions and industries of customers here and in this batch."""
        coming = list(self.staging.items("customers"))
        return {
            name: {*reads.scope_words(name), *(getattr(row, field) for row in coming)}
            for name, field in reads.WORDED.items()
        }

    @cached_property
    def company(self) -> str:
        """The company's name."""
        found = people.company_or_none()
        return found.name if found else ""

    # --- what the whole file needs first -----------------------------------------------------------------------------
    def before(self, rows: list[Row]) -> None:
        """Read every row, then look up the goals that they and those above them may be."""
        for row in rows:
            self._told[id(row)] = read_row(self, row)
        told = [one for found in self._told.values() for one in found]
        self.coming = {identity(one.draft) for one in told}
        periods = [one.draft.period for one in told] + [one.above_period for one in told if one.above_period]
        metrics = {one.draft.metric for one in told} | {one.above_metric for one in told if one.above_metric}
        starts = sorted({period.start for period in periods})
        for place in range(0, len(starts), STARTS):
            found = Goal.objects.filter(metric__in=metrics, start__in=starts[place : place + STARTS])
            self.here |= {identity_of(view.goal): view for view in reads.book(found)}

    def stands(self, key: Key) -> bool:
        """Whether a goal is here or comes with this file."""
        view = self.here.get(key)
        return key in self.coming or (view is not None and view.shown is not None)

    @cached_property
    def seats(self) -> people.SeatBook:
        """Who sits where on which day."""
        return people.SeatBook()

    @cached_property
    def fresh_teams(self) -> list[int | None]:
        """The teams of the people of this batch."""
        return [person.team_id for person in self.staging.items("people")]

    def team_of(self, person: int, period: Period) -> int | None:
        """The team in which somebody begins the period, else sits today."""
        if person < 0:
            return self.fresh_teams[-person - 1]
        return self.seats.at(person, period.start).team_id or self.seats.at(person, self.checker.choices.today).team_id

    @cached_property
    def closed_until(self) -> Any:
        """The end of what is closed."""
        return people.closed_until()

    # --- one row -----------------------------------------------------------------------------------------------------
    def plan(self, row: Row) -> None:
        decided = [(one, *self._decide(row, one)) for one in self._told.pop(id(row), [])]
        if row.faults:
            return self.checker.refuse(row.record, row.faults)
        states = set()
        for one, state, known, draft in decided:
            states.add(state)
            if state == "ready":
                known = self.directory.add([])
                self.staging.put("goals", (draft, one.publish))
            elif state == "updated":
                self.staging.put("update:goals", (known, draft, one.publish))
            self.checker.kept(row.record, "goals", known)
        outcome = next(state for state in ("ready", "updated", "duplicate") if state in states)
        return self.checker.count(row.record, outcome)

    def _decide(self, row: Row, one: Told) -> tuple[str, int, Draft]:
        """ready, updated or duplicate; the goal; the version to draft."""
        key, told = identity(one.draft), (row.record.row, _digest({**one.said, "above": one.above}))
        first = self._said.setdefault(key, told)
        view = self.here.get(key)
        known = 0 if view is None else view.pk
        if first[0] != told[0]:
            if first[1] != told[1]:
                row.wrong("metric", "same_record", row=first[0])
            return "duplicate", known, one.draft
        above = resolve_above(self, row, one)
        if view is None or view.shown is None:
            draft = replace(one.draft, above=above if isinstance(above, tuple) else None)
            self._sound(row, draft)
            return "ready", known, draft
        return self._meet(row, one, view, above)

    def _meet(self, row: Row, one: Told, view: reads.GoalView, above: Any) -> tuple[str, int, Draft]:
        """The goal is here: what the file says of it is what is drafted or holds, or is a further version."""
        standing = [version for version in (view.draft, view.in_force) if version is not None]
        assert view.shown is not None
        if any(not self._changes(one, version, above, "overwrite") for version in standing):
            return "duplicate", view.pk, one.draft
        changes = self._changes(one, view.shown, above, self.checker.choices.on_existing)
        if not changes:
            return "duplicate", view.pk, one.draft
        base = draft_of(view.goal, view.shown)
        if "parts" not in changes and base.parts and changes.get("target", base.target) != base.target:
            # the months follow in proportion
            wanted = shares.by_weights(changes["target"], [part.target for part in base.parts])
            changes["parts"] = [replace(part, target=value) for part, value in zip(base.parts, wanted, strict=True)]
        draft = replace(base, **changes)
        if view.ended:
            row.wrong("period", "goal_ended")
        elif view.locked:
            row.wrong("period", "goal_locked")
        self._sound(row, draft)
        return "updated", view.pk, draft

    def _changes(self, one: Told, version: reads.VersionView, above: Any, on_existing: str) -> dict[str, Any]:
        """Fields of a version that the file changes: empty ones (`fill`) or all that differ (`overwrite`)."""
        if on_existing == "skip":
            return {}
        found = {}
        for name, value in one.said.items():
            if name == "parts":
                now: Any = [(part.start, part.end, part.target) for part in version.parts]
                same = now == [(part.period.start, part.period.end, part.target) for part in value]
            else:
                now = getattr(version.row, name)
                same = now == value
            if not same and (on_existing == "overwrite" or now in (None, "", [])):
                found[name] = value
        if one.above and above is not None:
            wanted = self.here[above].pk if above in self.here else above
            wanted = None if above == ABOVE_NONE else wanted
            now = version.row.parent_id
            if wanted != now and (on_existing == "overwrite" or now is None):
                found["above"] = wanted
        return found

    def _sound(self, row: Row, draft: Draft) -> None:
        """What a goal may not be, told at its cell."""
        metric = self.metrics[draft.metric]
        lines = [getattr(draft, name) for name in rules.LINES]
        for name, value in zip(rules.LINES, lines, strict=True):
            # each at its own cell: the target by itself, the others beside one that stands
            if not rules.lines_above_nothing([value], value if name == "target" else 1, better=metric.better):
                row.wrong(name, "goal_value")
        if not rules.lines_in_order(lines, better=metric.better):
            row.wrong("target", "goal_lines")
        if not 0 <= draft.weight <= 100:
            row.wrong("weight", "goal_weight")
        if draft.parts and sum(part.target for part in draft.parts) != draft.target:
            row.wrong("target", "goal_parts", sum=sum(part.target for part in draft.parts), target=draft.target)
        if any(not _within(part, draft) for part in draft.parts):
            row.wrong("parts", "goal_parts_outside")
        narrowed = {"customer_region": draft.customer_region, "industry": draft.industry, "product_id": draft.product,
                    "customer_kind": draft.customer_kind}  # fmt: skip
        allowed = reads.scope_dims(metric, draft.basis)
        for name, value in narrowed.items():
            if value and name not in allowed:
                row.wrong(name.removesuffix("_id"), "goal_scope")
            elif value and name in reads.WORDED and value not in self.worded[name]:
                near = nearest(str(value), self.worded[name])
                code = "goal_scope_near" if near else "goal_scope_new"
                fault = self.checker.fault(row.record, name, code, level="warning", value=value, near=near or "")
                self.checker.plan.warnings.append(fault)
        if self.closed_until is not None and draft.period.end <= self.closed_until:
            row.wrong("period", "goal_closed", until=self.closed_until.isoformat())


def _within(part: Part, draft: Draft) -> bool:
    """Whether a part lies in the goal's period, and once."""
    same = [other for other in draft.parts if other.period.start == part.period.start]
    return draft.period.start <= part.period.start and part.period.end <= draft.period.end and len(same) == 1


def draft_of(goal: Goal, version: reads.VersionView) -> Draft:
    """A version as a draft, to be changed and set again."""
    row = version.row
    parts = [Part(Period(p.start, p.end, "", p.label), p.target, p.hand_set) for p in version.parts]
    return Draft(
        goal.metric, goal.owner_kind, Period(goal.start, goal.end, goal.period_kind, goal.label), row.target,
        team=goal.team_id, person=goal.person_id, basis=goal.basis, per=goal.per,
        customer_region=goal.customer_region, industry=goal.industry, product=goal.product_id,
        customer_kind=goal.customer_kind, floor=row.floor, stretch=row.stretch, challenge=row.challenge,
        weight=row.weight, above=row.parent_id, buffer=row.buffer, baseline=row.baseline, valid_from=row.valid_from,
        hand_set=row.hand_set, basis_figures=row.basis_figures, elastic=row.elastic, pace_basis=row.pace_basis,
        note=row.note, parts=parts,
    )  # fmt: skip
