"""From counted work to a plan of actions: the rates a calculation goes by, and the whole numbers it ends in.

average order value   won amount ÷ deals won                 win rate   won ÷ closed
lead conversion       leads that reached intent ÷ leads      proposals  papers handed in ÷ deals entering intent
visits per lead       effective visits ÷ leads; where a team has no leads, visits per deal entering intent
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from . import calculator, rates
from .calculator import ActionGoal, Chain, Outcome
from .rates import Seen, Used

# days a person's rates are taken from
WINDOW = 90
VISITS = "customers_visited"
PAPERS = ("needs_reports", "proposals")


@dataclass(frozen=True, slots=True)
class Work:
    """What one person or team did in the window: (top, bottom) pairs; `squares` of the deals' amounts."""

    deals: tuple[int, int]
    wins: tuple[int, int]
    leads: tuple[int, int]
    intents: int
    visits: int
    papers: Mapping[str, int]
    squares: int | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """An action goal in force: which goal, its number, per day or week."""

    goal: int
    metric: str
    per: str
    target: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a calculation for one person starts from.

    `start`, `end`: the window of the rates. `month_start`, `month_end`: the period the goal is for (a
    month; a performance month, quarter … where only such a goal holds today); `goal`, `target`:
    the amount to reach in it (None: nobody set one), `won` of it so far; `days` working days left, today included, of
    `week_days` in an ordinary week. `paper`: the metric of what is handed in. `held`: the action goals in force.
    """

    person: int
    team: int | None
    start: date
    end: date
    month: str
    month_start: date
    month_end: date
    goal: int | None
    target: int | None
    won: int
    days: int
    week_days: int
    rates: Mapping[str, Used]
    visits_of: str
    paper: str
    held: tuple[Held, ...] = ()
    month_kind: str = "month"

    @property
    def left(self) -> int | None:
        """What is still to be won; None without a goal."""
        return None if self.target is None else max(self.target - self.won, 0)

    def chain(self, amount: int, slid: Mapping[str, Fraction] | None = None) -> Chain:
        """What an amount still to do needs."""
        return calculator.reverse(amount, self.rates, self.days, slid=slid, visits_of=self.visits_of)

    def outcome(self, visits: Fraction, slid: Mapping[str, Fraction] | None = None) -> Outcome:
        """What so many visits a day bring."""
        return calculator.forward(visits, self.rates, self.days, slid=slid, visits_of=self.visits_of)

    def holds(self, metric: str) -> Held | None:
        """The action goal in force on a metric."""
        return next((one for one in self.held if one.metric == metric), None)


@dataclass(frozen=True, slots=True)
class Action:
    """An action a chain ends in: `metric`, a whole `count` per `per`, and the goal in force on it, if any."""

    step: str
    metric: str
    goal: ActionGoal
    held: Held | None = field(default=None)

    @property
    def new(self) -> bool:
        """Whether it is another number than the one in force."""
        return self.held is None or (self.held.per, self.held.target) != (self.goal.per, self.goal.count)


def rates_of(own: Work, team: Work, visits_of: str, paper: str) -> dict[str, Used]:
    """rate → what is used, with own and team cases."""

    def per(of: str, what: str) -> tuple[Seen, Seen]:
        def seen(work: Work) -> Seen:
            bottom = work.leads[1] if of == "leads" else work.intents
            return Seen((work.visits if what == "visits" else work.papers.get(paper, 0)) if bottom else 0, bottom)

        return seen(own), seen(team)

    def pair(name: str) -> tuple[Seen, Seen]:
        return Seen(*getattr(own, name)), Seen(*getattr(team, name))

    value = [Seen(*work.deals, squares=work.squares) for work in (own, team)]
    return {
        "average_order_value": rates.mean(value[0], value[1]),
        "win_rate": rates.share(*pair("wins")),
        "lead_conversion_rate": rates.share(*pair("leads")),
        "proposals_per_intent": rates.mean(*per("intents", "papers")),
        f"visits_per_{visits_of[:-1]}": rates.mean(*per(visits_of, "visits")),
    }


def visits_of(team: Work) -> str:
    """What visits are planned by: leads where the team has any that reached intent, else deals entering intent."""
    return "leads" if team.leads[0] else "intents"


def paper_of(team: Work, held: tuple[Held, ...] = ()) -> str:
    """Which paper counts: the one there is a goal on, else what the team hands in more of, else proposals."""
    for one in held:
        if one.metric in PAPERS:
            return one.metric
    return max(reversed(PAPERS), key=lambda key: team.papers.get(key, 0))


def actions(plan: Plan, chain: Chain) -> tuple[Action, ...]:
    """The action goals of a chain, rounded up: visits a day (a week where it is less than one), papers a week.

    Where a goal is in force its day or week stays. Nothing where nothing is needed or a rate is unknown.
    """
    found = []
    for step, metric in (("visits", VISITS), ("proposals", plan.paper)):
        per_day = chain.link(step).per_day
        if per_day is None or per_day.expected <= 0:
            continue
        held = plan.holds(metric)
        per = held.per if held else "week" if step == "proposals" else ""
        made = calculator.action_goal(per_day.expected, plan.week_days)
        if per and made is not None and made.per != per:
            exact = per_day.expected
            whole = exact if per == "day" else exact * plan.week_days
            made = ActionGoal(-(-whole.numerator // whole.denominator), per, exact)
        if made is not None:
            found.append(Action(step, metric, made, held))
    return tuple(found)
