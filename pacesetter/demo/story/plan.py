"""The shapes of the story. Days are days, amounts are minor units, people and customers are named by short keys."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class ProductPlan:
    """Something the demo company sells."""

    code: str
    name: str
    category: str
    price: int
    cost: int


@dataclass(frozen=True, slots=True)
class TeamPlan:
    """A team, its parent and its region."""

    key: str
    name: str
    parent: str | None
    leader: str | None
    region: str | None


@dataclass(frozen=True, slots=True)
class Habits:
    """How somebody sells, in thousandths unless it says otherwise; 1000 = like everybody."""

    leads: int = 2900  # new leads a month
    repeats: int = 1250  # new deals with accounts a month
    visits: int = 850  # visits a working day
    careful: int = 780  # visits logged with contact, result and dated next step
    intent: int = 400  # leads that become intent
    win: int = 340  # deals that are won
    size: int = 1000  # of the usual basket
    late: int = 60  # visits entered days later
    evening: bool = False  # enters two days at once, one visit after the other, in the evening
    pays: str = "well"  # how the customers pay: well, slowly, badly
    ramp: bool = False  # grows into the job
    trend: int = 0  # a month, on leads and wins


@dataclass(frozen=True, slots=True)
class PersonPlan:
    """One employee. `hire`, `moves` and `left` are days; a seller has habits."""

    key: str
    name: str
    role: str
    team: str
    hire: date
    title: str
    habits: Habits | None = None
    moves: tuple[date, str] | None = None
    left: date | None = None
    heir: str = ""


@dataclass(slots=True)
class ContactPlan:
    """Somebody at a customer."""

    name: str
    title: str
    decision_role: str
    mobile: str


@dataclass(slots=True)
class CustomerPlan:
    """A customer; `since` = the day it was entered."""

    key: int
    name: str
    industry: str
    region: str
    size: str
    tier: str
    owner: str
    since: date
    source: str
    contacts: list[ContactPlan] = field(default_factory=list)


@dataclass(slots=True)
class LeadPlan:
    """A lead with the days it reached each stage; owner None = in the pool, first received by `taker`."""

    key: int
    name: str
    contact: str
    mobile: str
    source: str
    industry: str
    region: str
    owner: str | None
    taker: str | None
    created: date
    stage: str = "new"
    valid: date | None = None
    intent: date | None = None
    proposal: date | None = None
    won: date | None = None
    lost: date | None = None
    touched: date | None = None
    reason: str = ""
    customer: int | None = None


@dataclass(frozen=True, slots=True)
class LinePlan:
    """A line of a deal: product code, pieces, discount in basis points, amount."""

    product: str
    pieces: int
    price: int
    discount: int
    amount: int
    cost: int


@dataclass(slots=True)
class DealPlan:
    """A deal with its whole history: `steps` are (stage, outcome, day)."""

    key: int
    name: str
    customer: int
    owner: str
    source: str
    lead: int | None
    kind: str
    lines: list[LinePlan]
    steps: list[tuple[str, str, date]]
    expected: date
    stage: str = "prospect"
    closed: date | None = None
    reason: str = ""
    competitor: str = ""
    next_step: str = ""
    next_on: date | None = None
    # (person, share in millionths, overlay, primary); empty = the owner alone
    credits: list[tuple[str, int, bool, bool]] = field(default_factory=list)

    @property
    def amount(self) -> int:
        return sum(line.amount for line in self.lines)

    @property
    def opened(self) -> date:
        return self.steps[0][2]


@dataclass(frozen=True, slots=True)
class InstalmentPlan:
    """A planned payment of a deal and the day money came for it (None = not yet); `part` of it came, in minor units.

    Money that came but is not allocated yet is waiting for finance.
    """

    deal: int
    due: date
    amount: int
    paid: date | None
    part: int
    allocated: bool = True


@dataclass(frozen=True, slots=True)
class ReversalPlan:
    """A refund, return or cancellation of a won deal."""

    deal: int
    kind: str
    on: date
    amount: int
    reason: str


@dataclass(slots=True)
class ActivityPlan:
    """Something somebody did. `at` and `entered` are local wall times."""

    person: str
    kind: str
    at: datetime
    entered: datetime
    customer: int | None = None
    deal: int | None = None
    lead: int | None = None
    contact: str = ""
    companion: str | None = None
    result: str = ""
    next_step: str = ""
    next_on: date | None = None
    minutes: int | None = None
    note: str = ""


@dataclass(slots=True)
class Story:
    """Everything, in the order it is played."""

    today: date
    start: date
    teams: list[TeamPlan]
    people: list[PersonPlan]
    customers: list[CustomerPlan] = field(default_factory=list)
    leads: list[LeadPlan] = field(default_factory=list)
    deals: list[DealPlan] = field(default_factory=list)
    instalments: list[InstalmentPlan] = field(default_factory=list)
    reversals: list[ReversalPlan] = field(default_factory=list)
    activities: list[ActivityPlan] = field(default_factory=list)
