"""What the team board reads, in as few queries as it can: one by day gives now, before and the small charts at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Q

from pacesetter.lib import periods
from pacesetter.metrics.catalogue import Metric
from pacesetter.metrics.engine.question import Cell
from pacesetter.people import reads as people
from pacesetter.people import rules
from pacesetter.people.models import Membership, RoleGrant, StageOverride
from pacesetter.people.reads import SeatAt
from pacesetter.people.rights import Scope

from .asked import Window
from .figures import Cells, Figures
from .scope import Where, reach_of_metrics

# Additive metrics whose every part happens on a day of its own: days can be added up to any period.
DAILY = ("won_amount", "deals_won", "win_rate", "effective_visits")
# Beyond this many days two queries of whole periods are lighter than one by day.
MOST_DAYS = 420
SEAT = {"": "person_id", "team": "team_id", "growth_stage": "growth_stage", "region": "region_id"}


class Reading:
    """The cells of one board by `by` (the person last), each query once."""

    def __init__(self, figures: Figures, at: Window, where: Where, by: tuple[str, ...],
                 weeks: Sequence[periods.Period], months: Sequence[periods.Period]) -> None:  # fmt: skip
        self.figures, self.at, self.where, self.by = figures, at, where, by
        self._weeks, self._months = weeks, months
        self.start = min(at.before_start, at.start, weeks[0].start, months[0].start)
        self.by_day = (at.end - self.start).days <= MOST_DAYS
        self._days: dict[str, Cells] = {}

    def expect(self, columns: Sequence[Metric]) -> None:
        """Read in as few statements as it takes what `now`, `before` and the totals of these columns will ask."""
        asked, at, question = [], self.at, self.figures.question
        for metric in columns:
            if self.by_day and metric.key in DAILY:
                asked.append(question(metric.key, (*self.by, "day"), self._since(metric.key), at.end, self.where))
            else:
                asked.append(question(metric.key, self.by, at.start, at.end, self.where))
                if self.compares(metric.key):
                    asked.append(question(metric.key, self.by[-1:], at.before_start, at.before_end, self.where))
            if not metric.additive:
                asked.append(question(metric.key, (), at.start, at.end, self.where))
        self.figures.expect(asked)

    def _since(self, key: str) -> date:
        """Only what a small chart shows needs to be read further back than the period before."""
        charted = {"won_amount": self._months[0].start, "effective_visits": self._weeks[0].start}
        return min(self.at.before_start, self.at.start, charted.get(key, self.at.start))

    def _daily(self, key: str) -> Cells:
        if key not in self._days:
            self._days[key] = self.figures.ask(key, (*self.by, "day"), self._since(key), self.at.end, self.where)
        return self._days[key]

    def now(self, metric: Metric) -> Cells:
        """The asked period by all dims."""
        if self.by_day and metric.key in DAILY:
            return summed(metric, self._daily(metric.key), self.at.start, self.at.end, len(self.by))
        return self.figures.now(metric.key, self.by, self.at, self.where)

    def compares(self, key: str) -> bool:
        """Whether a column is shown against the period before; over long times only the two that matter most."""
        return key in DAILY if self.by_day else key in ("won_amount", "effective_visits")

    def before(self, metric: Metric) -> Cells:
        """The period before by the last dim alone."""
        if self.by_day and metric.key in DAILY:
            cells = self._daily(metric.key)
            return summed(metric, cells, self.at.before_start, self.at.before_end, len(self.by), last=True)
        return self.figures.before(metric.key, self.by[-1:], self.at, self.where)

    @cached_property
    def _visits(self) -> dict[Any, list[int]]:
        return self._series("effective_visits", "week", self._weeks)

    @cached_property
    def _money(self) -> dict[Any, list[int]]:
        return self._series("won_amount", "month", self._months)

    def _series(self, key: str, grain: str, spans: Sequence[periods.Period]) -> dict[Any, list[int]]:
        found: dict[Any, list[int]] = {}
        if not self.figures.has(key):
            return found
        labels = {span.label: place for place, span in enumerate(spans)}
        if self.by_day:
            for cell_key, cell in self._daily(key).items():
                label = periods.period_of(date.fromisoformat(cell_key[-1]), grain).label
                if label in labels:
                    found.setdefault(cell_key[-2], [0] * len(spans))[labels[label]] += cell.top
            return found
        cells = self.figures.ask(key, ("person", grain), spans[0].start, spans[-1].end, self.where)
        for (person, label), cell in cells.items():
            if label in labels:
                found.setdefault(person, [0] * len(spans))[labels[label]] += cell.top
        return found

    def weeks(self, person: int | None) -> list[int]:
        """Effective visits of the last weeks."""
        return self._visits.get(person, [0] * len(self._weeks)) if self.figures.has("effective_visits") else []

    def months(self, person: int | None) -> list[int]:
        """Won amount of the last months."""
        return self._money.get(person, [0] * len(self._months)) if self.figures.has("won_amount") else []


def summed(metric: Metric, cells: Cells, start: date, end: date, width: int, *, last: bool = False) -> Cells:
    """Cells by day added up over `[start, end)`; `last` keeps only the last dim of the key."""
    found: dict[tuple[Any, ...], list[int | None]] = {}
    for key, cell in cells.items():
        if not start.isoformat() <= key[-1] < end.isoformat():
            continue
        short = key[width - 1 : width] if last else key[:width]
        held = found.setdefault(short, [0, None, 0])
        held[0] = (held[0] or 0) + cell.top
        held[2] = (held[2] or 0) + cell.n
        if cell.bottom is not None:
            held[1] = (held[1] or 0) + cell.bottom
    return {key: Cell(key, top or 0, bottom, n or 0, metric.unit) for key, (top, bottom, n) in found.items()}


def sellers_of(figures: Figures, at: Window, where: Where) -> dict[int, SeatAt]:
    """Sellers in scope with their seat on the last day: who did nothing belongs on the board most of all."""
    day = min(at.last, figures.today)
    viewer, scope = figures.viewer, reach_of_metrics(figures.viewer)
    reps = RoleGrant.objects.filter(people.valid(day), role="rep").values("person_id")
    spells = Membership.objects.filter(people.valid(day), primary=True, person__merged_into=None, person_id__in=reps)
    if where.person is not None:
        spells = spells.filter(person_id=where.person)
    if scope == Scope.OWN:
        spells = spells.filter(person_id=viewer.person_id)
    elif scope == Scope.TEAM:
        spells = spells.filter(Q(team_id__in=viewer.team_ids) | Q(person_id=viewer.person_id))
    if where.team is not None:
        spells = spells.filter(team_id__in=people.subtree([where.team], day))
    by_hand = dict(StageOverride.objects.filter(people.valid(day)).order_by("id").values_list("person_id", "stage"))
    limits = people.thresholds(figures.company)
    found = {}
    names: dict[str, int] = {}
    for spell in spells.select_related("person", "team"):
        person, team = spell.person, spell.team
        stage = by_hand.get(person.pk) or rules.growth_stage(person.hire_on, day, limits)
        found[person.pk] = SeatAt(person.pk, team.pk, spell.manager_id, spell.region_id or team.region_id, stage)
        names[person.name] = names.get(person.name, 0) + 1
        number = f" ({person.employee_no})" if person.employee_no else f" · {team.name}"
        figures.names.known["person", person.pk] = person.name + (number if names[person.name] > 1 else "")
        figures.names.known["team", team.pk] = team.name
    _tell_apart(figures, found, names)
    for dim, values in where.only:
        if dim in SEAT:
            found = {pk: seat for pk, seat in found.items() if getattr(seat, SEAT[dim]) in values}
        elif dim != "manager":
            return {}  # narrowed to a product or a source: only who has facts
    return found


def _tell_apart(figures: Figures, found: dict[int, SeatAt], names: dict[str, int]) -> None:
    """Two 张伟 both get their number, the first as well."""
    if any(times > 1 for times in names.values()):
        for pk in found:
            if names.get(figures.names.known["person", pk], 0) > 1:
                del figures.names.known["person", pk]
        figures.names.load("person", list(found))
