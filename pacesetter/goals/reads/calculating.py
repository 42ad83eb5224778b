"""What a calculation back from an amount starts from: own and team figures of 90 days, the month's goal, days left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from pacesetter.lib.money import round_half_up
from pacesetter.metrics import attainment as attaining
from pacesetter.metrics import engine, reverse, standing
from pacesetter.metrics.catalogue import METRICS, Metric
from pacesetter.metrics.engine.question import EVERYTHING, Question, Reach, Store
from pacesetter.metrics.keeping import left_of
from pacesetter.people import reads as people
from pacesetter.people.models import Company, Membership

from ..rules.actions import WINDOW, Held, Plan, Work, paper_of, rates_of, visits_of
from .presence import Days

AMOUNT = "won_amount"
DAY = timedelta(days=1)
# an ordinary week is the middle one of so many
WEEKS = 9


def _work(counted: reverse.Counted) -> Work:
    deals = counted.of(reverse.DEALS)
    wins, closed = counted.of(reverse.WIN)
    reached, leads = counted.of(reverse.LEADS)
    return Work(
        deals if deals[1] else (0, 0), (min(wins, closed), closed), (min(reached, leads), leads),
        counted.of(reverse.INTENTS)[1], counted.of(reverse.VISITS)[0],
        {"proposals": counted.of(reverse.PROPOSALS)[0], "needs_reports": counted.of(reverse.REPORTS)[0]},
        counted.squares,
    )  # fmt: skip


def _left(pieces: Sequence[attaining.Piece], on: date, calendars: Days) -> int:
    """What is left of goals whose owner is not there all the time, to the unit."""
    left = [left_of(piece.line, piece.start, piece.end, piece.target, on, calendars).value for piece in pieces]
    return round_half_up(sum((Fraction(value) for value in left), Fraction(0)))


def plans(
    store: Store, metrics: Callable[[str], Metric | None], persons: Sequence[int], *, on: date, company: Company,
    reach: Reach = EVERYTHING,
) -> dict[int, Plan]:  # fmt: skip
    """person → plan. Own figures lie within `reach`; those of the person's team are counted whole."""
    first = on - timedelta(days=WINDOW)
    settings = people.period_settings(company)
    lines = standing.held(store, metrics, on=on, owners={"person": persons})
    amounts = [line for line in lines if line.metric.key == AMOUNT and not line.only and not line.per]
    times = {person: attaining.stretch([line for line in amounts if line.owner == person], on, settings)
             for person in persons}  # fmt: skip
    spans = {(time.start, time.end) for time in times.values()}
    calendars = Days(
        min([on - timedelta(weeks=WEEKS), *(start for start, _ in spans)]), max([on, *(end for _, end in spans)]),
        company,
    )  # fmt: skip

    def workdays(kind: str, owner: int | None, first: date, last: date) -> int:
        return calendars.of(kind, owner, first).count(first, last)

    targets: dict[Any, tuple[int, int]] = {}
    so_far: dict[Any, int] = {}
    for start, end in sorted(spans):
        mine = [person for person, time in times.items() if (time.start, time.end) == (start, end)]
        asked = attaining.Asked(METRICS[AMOUNT], start, end, ("person",), settings=settings)
        for row in attaining.groups(store, asked, workdays, [line for line in amounts if line.owner in mine]):
            targets[row.key[0]] = (row.pieces[0].line.goal, _left(row.pieces, on, calendars))
        only = (("person", tuple(sorted(mine))),) if len(mine) <= 64 else ()
        won = Question(METRICS[AMOUNT], start, on + DAY, ("person",), reach=reach, only=only, today=on)
        so_far |= {cell.key[0]: cell.top for cell in engine.ask(store, won) if cell.key[0] in mine}
    own = reverse.of_persons(store, persons, first, on, today=on, reach=reach)
    seats = dict(
        Membership.objects.filter(people.valid(on), person_id__in=list(persons), primary=True).values_list(
            "person_id", "team_id"
        )
    )
    teams = {team: _work(reverse.of_team(store, team, first, on, today=on)) for team in set(seats.values())}
    found = {}
    for person in persons:
        held = tuple(
            Held(line.goal, line.metric.key, line.per, line.target)
            for line in lines if line.owner == person and line.per and not line.only
        )  # fmt: skip
        work = _work(own[person])
        team = teams.get(seats.get(person, 0), work)
        by, paper = visits_of(team), paper_of(team, held)
        goal, target = targets.get(person, (None, None))
        calendar = calendars.of("person", person, on)
        weeks = sorted(calendar.count(on - timedelta(weeks=n + 1), on - timedelta(weeks=n)) for n in range(WEEKS))
        found[person] = Plan(
            person, seats.get(person), first, on, times[person].label, times[person].start, times[person].end, goal,
            target,
            max(so_far.get(person, 0), 0), calendars.at_work(person, on, times[person].end), weeks[WEEKS // 2] or 5,
            rates_of(work, team, by, paper), by, paper, held, times[person].kind,
        )  # fmt: skip
    return found
