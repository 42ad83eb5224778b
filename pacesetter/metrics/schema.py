"""The words of the spine: which fact tables exist, their columns, grain and meaning.

A room fills a table in its `facts.py` with one SQL projection that runs unchanged on SQLite and PostgreSQL:

    FACTS = [schema.RECEIPT.filled_by('SELECT r.id AS id, r.received_on AS happened_on, … FROM pipeline_receipt r …')]

Types: `int64`, `date`, `string`. Money is integer minor units (`_minor`); a flag is 0 or 1 (write
`CASE WHEN x THEN 1 ELSE 0 END`), null where it was never judged. Dates are business dates, never instants.
A spell has no null ends: open ones are 1900-01-01 and 9999-12-31. Empty text is null.
Seat columns (person, team, manager, region, growth stage) are frozen on the day named by `seat_on`.
"""

from dataclasses import dataclass, field, replace

SEAT = {
    "person_id": "int64",
    "team_id": "int64",
    "manager_id": "int64",
    "region_id": "int64",
    "growth_stage": "string",
}
SEAT_DIMS = {
    "person": "person_id",
    "team": "team_id",
    "manager": "manager_id",
    "region": "region_id",
    "growth_stage": "growth_stage",
}
CUSTOMER = {"customer_id": "int64", "customer_region": "string", "industry": "string"}
CUSTOMER_DIMS = {"customer_region": "customer_region", "industry": "industry"}

# Labels of a day that `calendar_day` carries, in the words of the command line; `day` is the date itself.
TIME_DIMS = ("day", "week", "month", "quarter", "year", "fiscal_quarter", "fiscal_year", "performance_month")


@dataclass(frozen=True)
class FactTable:
    """One fact table: `columns` name → type, `dims` word of a question → column, `case` the column that names one case.

    `seat_on` is the date column on which team and person are frozen (None: the seat of now); `sql` fills it.
    `deal_column` is set where one row belongs to one deal, so that it can be asked by product through `deal_product`.
    """

    name: str
    meaning: str
    columns: dict[str, str] = field(hash=False)
    dims: dict[str, str] = field(default_factory=dict, hash=False)
    case: str = "id"
    seat_on: str | None = None
    deal_column: str | None = None
    sql: str = ""

    def filled_by(self, sql: str) -> "FactTable":
        """The same table with the projection that fills it."""
        return replace(self, sql=sql)


BOOKING = FactTable(
    "booking",
    "One line of a won deal (or its refund, cancellation, return, correction) credited to one person, on its own date.",
    {
        "id": "int64",
        "happened_on": "date",
        **SEAT,
        **CUSTOMER,
        "product_id": "int64",
        "source": "string",
        "customer_kind": "string",  # new | repurchase | unknown
        "deal_id": "int64",
        "kind": "string",  # won | refund | cancel | return | correction
        "amount_minor": "int64",  # signed
        "overlay": "int64",
        "is_primary": "int64",
    },
    {**SEAT_DIMS, **CUSTOMER_DIMS, "product": "product_id", "source": "source", "customer_kind": "customer_kind"},
    case="deal_id",
    seat_on="happened_on",
)

DEAL_STEP = FactTable(
    "deal_step",
    "One change of stage of a deal, opening included; the seat is the primary owner's on that day.",
    {
        "id": "int64",
        "happened_on": "date",
        **SEAT,
        **CUSTOMER,
        "source": "string",
        "customer_kind": "string",
        "deal_id": "int64",
        "stage": "string",  # the stage entered
        "outcome": "string",  # opened | moved | won | lost | cancelled | reopened
        "valid": "int64",  # 0 when a later reopening undid it
        "days_in_previous": "int64",  # days spent in the stage left behind; null on opening
        "previous_stage": "string",
        "deal_stage": "string",  # the stage the deal stands in now
        "amount_minor": "int64",  # amount of the whole deal as it stands, null if unknown
    },
    {**SEAT_DIMS, **CUSTOMER_DIMS, "source": "source", "customer_kind": "customer_kind", "stage": "stage"},
    case="deal_id",
    seat_on="happened_on",
    deal_column="deal_id",
)

DEAL_PRODUCT = FactTable(
    "deal_product",
    "Which products a deal contains: each pair once.",
    {"deal_id": "int64", "product_id": "int64"},
    case="deal_id",
)

LEAD = FactTable(
    "lead",
    "One lead with the first day on which it reached each step (null: never); the seat is frozen on its creation.",
    {
        "id": "int64",
        "created_on": "date",
        **SEAT,
        "source": "string",
        "customer_region": "string",
        "industry": "string",
        "stage": "string",
        "valid_on": "date",
        "intent_on": "date",
        "proposal_on": "date",
        "won_on": "date",
        "lost_on": "date",
        "closed_on": "date",  # won, lost or dismissed: no longer open from this day
        "collected_on": "date",  # first money received on a deal that came from it
        "won_minor": "int64",  # amount of the won deals that came from it, null without
        "last_touch_on": "date",
        "in_pool": "int64",
    },
    {**SEAT_DIMS, **CUSTOMER_DIMS, "source": "source", "stage": "stage"},
    seat_on="created_on",
)

ACTIVITY = FactTable(
    "activity",
    "One thing done with a customer: visit, call, proposal, needs report … or a kind of the company's own.",
    {
        "id": "int64",
        "happened_on": "date",
        **SEAT,
        "kind": "string",
        "result": "string",
        **CUSTOMER,
        "deal_id": "int64",
        "lead_id": "int64",
        "effective": "int64",  # 1 counts as effective, 0 does not, null where the rule does not apply
        "state": "string",  # valid | unverified | not_effective | confirmed
        "minutes": "int64",
        "entered_late": "int64",
        "seconds": "int64",  # how long the sheet was open, null where no sheet was used
        "delay_minutes": "int64",  # from the end of what was done to its entry, null where unknown
        "burst": "int64",  # one of three or more entered within a quarter of an hour after 20:00
        "twin": "int64",  # logged although the same customer had been logged within two hours
        "backdated": "int64",  # further back than may be logged alone
    },
    {**SEAT_DIMS, **CUSTOMER_DIMS, "activity_kind": "kind"},
    seat_on="happened_on",
)

INVOICE = FactTable(
    "invoice",
    "One invoice to a customer on the day it was issued.",
    {"id": "int64", "happened_on": "date", **SEAT, **CUSTOMER, "deal_id": "int64", "amount_minor": "int64"},
    {**SEAT_DIMS, **CUSTOMER_DIMS},
    seat_on="happened_on",
)

INSTALMENT = FactTable(
    "instalment",
    "One planned payment of a customer; the seat is frozen on its due day.",
    {
        "id": "int64",
        "due_on": "date",
        **SEAT,
        **CUSTOMER,
        "deal_id": "int64",
        "amount_minor": "int64",
        "voided_on": "date",  # no longer owed from this day, null if it stands
    },
    {**SEAT_DIMS, **CUSTOMER_DIMS},
    seat_on="due_on",
)

RECEIPT = FactTable(
    "receipt",
    "Money received from a customer on the day it arrived, allocated or not.",
    {"id": "int64", "happened_on": "date", **SEAT, **CUSTOMER, "amount_minor": "int64"},
    {**SEAT_DIMS, **CUSTOMER_DIMS},
    seat_on="happened_on",
)

ALLOCATION = FactTable(
    "allocation",
    "The part of a receipt that pays one instalment; the day is that of the money.",
    {
        "id": "int64",
        "happened_on": "date",
        **SEAT,
        **CUSTOMER,
        "instalment_id": "int64",
        "receipt_id": "int64",
        "due_on": "date",
        "amount_minor": "int64",
    },
    {**SEAT_DIMS, **CUSTOMER_DIMS},
    seat_on="happened_on",
)

CUSTOMER_NOW = FactTable(
    "customer",
    "One customer with its owner of now.",
    {
        "id": "int64",
        **SEAT,
        "customer_region": "string",
        "industry": "string",
        "tier": "string",
        "size": "string",
        "created_on": "date",
        "first_won_on": "date",
        "active": "int64",
    },
    {**SEAT_DIMS, **CUSTOMER_DIMS},
)

MEMBERSHIP = FactTable(
    "membership",
    "One spell of a person in the primary team under one manager and region, `[valid_from, valid_to)`.",
    {
        "id": "int64",
        "person_id": "int64",
        "team_id": "int64",
        "manager_id": "int64",
        "region_id": "int64",
        "valid_from": "date",
        "valid_to": "date",
        "hire_on": "date",
        "left_on": "date",
        "sells": "int64",  # 1 for a seller (rep or selling manager): only sellers are capacity
    },
    {"person": "person_id", "team": "team_id", "manager": "manager_id", "region": "region_id", "growth_stage": ""},
    case="person_id",
)

STAGE_OVERRIDE = FactTable(
    "stage_override",
    "A growth stage set by hand for a while, `[valid_from, valid_to)`; it beats tenure.",
    {"person_id": "int64", "growth_stage": "string", "valid_from": "date", "valid_to": "date"},
    case="person_id",
)

TEAM_CLOSURE = FactTable(
    "team_closure",
    "Every team below a team (and itself), with the days on which that held, `[valid_from, valid_to)`.",
    {"ancestor_id": "int64", "descendant_id": "int64", "valid_from": "date", "valid_to": "date"},
    case="descendant_id",
)

CALENDAR_DAY = FactTable(
    "calendar_day",
    "One day of the company's calendar with every label a question may group by; `weight` 1 = a working day.",
    {
        "day": "date",
        "week": "string",  # 2017-W09
        "month": "string",  # 2017-03
        "quarter": "string",  # 2017Q3
        "year": "string",  # 2017
        "fiscal_quarter": "string",  # FY2018Q1
        "fiscal_year": "string",  # FY2018
        "performance_month": "string",  # PM2017-03
        "weight": "int64",
    },
    case="day",
)

GOAL = FactTable(
    "goal",
    "One version of a goal and the days on which it is in force: whose, for which time and scope, its lines in the"
    " metric's unit (a ratio's in basis points of 1).",
    {
        "id": "int64",
        "version_id": "int64",
        "metric": "string",
        "basis": "string",
        "layer": "string",  # strategic | team | individual | action
        "owner_kind": "string",  # company | team | person
        "team_id": "int64",
        "person_id": "int64",
        "period_kind": "string",
        "label": "string",
        "start_on": "date",
        "end_on": "date",  # exclusive
        "per": "string",  # null: the whole period; day | week: each of them
        "floor": "int64",
        "target": "int64",
        "stretch": "int64",
        "challenge": "int64",
        "customer_region": "string",
        "industry": "string",
        "product_id": "int64",
        "customer_kind": "string",
        "pace_basis": "string",  # days | curve
        "present": "string",  # null: the whole period; [[from, to], …]: the days the number was made for
        "since": "date",  # the first day of this version; null: the first version, from the beginning
        "until": "date",  # the day from which a newer one holds; null: none
    },
)

GOAL_PART = FactTable(
    "goal_part",
    "The share of one month (or other part of its time) in a goal's target.",
    {"goal_id": "int64", "version_id": "int64", "start_on": "date", "end_on": "date", "target": "int64"},
    case="goal_id",
)

TABLES = {
    t.name: t
    for t in (
        BOOKING,
        DEAL_STEP,
        DEAL_PRODUCT,
        LEAD,
        ACTIVITY,
        INVOICE,
        INSTALMENT,
        RECEIPT,
        ALLOCATION,
        CUSTOMER_NOW,
        MEMBERSHIP,
        STAGE_OVERRIDE,
        TEAM_CLOSURE,
        CALENDAR_DAY,
        GOAL,
        GOAL_PART,
    )
}

# Every word after `--by`, in the order pages offer them; the last three exist only where a fact carries them.
DIMS = {
    "person": ("销售", "Rep"),
    "team": ("团队", "Team"),
    "manager": ("直属主管", "Line manager"),
    "region": ("销售区域", "Sales region"),
    "customer_region": ("客户地区", "Customer region"),
    "industry": ("行业", "Industry"),
    "product": ("产品", "Product"),
    "source": ("来源", "Source"),
    "growth_stage": ("成长阶段", "Growth stage"),
    "customer_kind": ("新客/老客", "New or repurchase"),
    "day": ("日", "Day"),
    "week": ("周", "Week"),
    "month": ("月", "Month"),
    "quarter": ("季度", "Quarter"),
    "year": ("年", "Year"),
    "fiscal_quarter": ("财季", "Fiscal quarter"),
    "fiscal_year": ("财年", "Fiscal year"),
    "performance_month": ("业绩月", "Performance month"),
    "stage": ("阶段", "Stage"),
    "activity_kind": ("活动类型", "Activity kind"),
    "ageing": ("逾期账龄", "Days overdue"),
}
