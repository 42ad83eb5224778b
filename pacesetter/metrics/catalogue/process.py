"""Process metrics: what people did, and how far it carried."""

from fractions import Fraction
from functools import lru_cache
from typing import Any

from .words import Basis, Folded, Measure, Metric, Spread

PROPOSAL_DAYS = 30


def median(rows: list[tuple[Any, ...]]) -> Folded:
    """Median of weighted whole days as (lower middle + upper middle, 2, n): exact, also between two days."""
    ordered = sorted((int(value), int(weight)) for value, weight in rows)
    n = sum(weight for _, weight in ordered)
    low, high = _at(ordered, (n - 1) // 2), _at(ordered, n // 2)
    half = Fraction(low + high, 2)
    return (half.numerator, None, n) if half.denominator == 1 else (half.numerator, half.denominator, n)


def _at(ordered: list[tuple[int, int]], place: int) -> int:
    passed = 0
    for value, weight in ordered:
        passed += weight
        if place < passed:
            return value
    raise ValueError("no values")


def proposed_in_time(rows: list[tuple[Any, ...]]) -> Folded:
    """Of (deal, entered, first proposal or None, rows): how many deals got a proposal within the days allowed."""
    deals = {deal: sent is not None and (sent - entered).days <= PROPOSAL_DAYS for deal, entered, sent, _ in rows}
    return sum(deals.values()), len(deals), len(deals)


CREATED = Measure("lead", "count", ("新增线索数", "leads created"), on="created_on")
REACHED = Measure(
    "lead",
    "count",
    ("其中成为意向", "of them reached intent"),
    on="created_on",
    where=lambda t, span: t.intent_on.notnull(),
)
REACHED_IN_PERIOD = Measure("lead", "count", ("本期成为意向", "reached intent in the period"), on="intent_on")
VISITED = Measure("activity", "distinct", ("有效拜访客户数", "customers effectively visited"), of="customer_id",
                  where=lambda t, span: t.effective == 1)  # fmt: skip

METRICS: tuple[Metric, ...] = (
    Metric(
        "effective_visits",
        "有效拜访",
        "Effective visits",
        "process",
        "count",
        {
            "": Basis(
                top=(
                    Measure(
                        "activity",
                        "count",
                        ("有效拜访次数", "effective visits"),
                        where=lambda t, span: t.effective == 1,
                    ),
                ),
                top_words=("有效拜访次数", "effective visits"),
            )
        },
        (
            "按拜访当日生效的规则判为有效的拜访次数，主管确认的也算。",
            "Visits judged effective by the rule in force on their day, those confirmed by a manager included.",
        ),
        window="week",
    ),
    Metric(
        "customers_visited",
        "有效拜访客户数",
        "Customers visited",
        "process",
        "count",
        {"": Basis(top=(VISITED,), top_words=VISITED.words)},
        (
            "本期有效拜访过的客户家数，同一客户多次只算一家。",
            "Customers effectively visited in the period; several visits to one customer count once.",
        ),
        additive=False,
        window="week",
    ),
    Metric(
        "leads_created",
        "新增线索",
        "Leads created",
        "process",
        "count",
        {"": Basis(top=(CREATED,), top_words=CREATED.words)},
        (
            "本期新增的线索数，算在首次领到的人名下。",
            "Leads created in the period, counted for who received them first.",
        ),
        owner=("市场", "Marketing"),
        family="leads",
    ),
    Metric(
        "lead_conversion_rate",
        "线索转化率",
        "Lead conversion rate",
        "process",
        "ratio",
        {
            "cohort": Basis(top=(REACHED,), bottom=(CREATED,), top_words=REACHED.words, bottom_words=CREATED.words),
            "period": Basis(
                top=(REACHED_IN_PERIOD,),
                bottom=(CREATED,),
                top_words=REACHED_IN_PERIOD.words,
                bottom_words=CREATED.words,
            ),
        },
        (
            "同期口径：本期新增的线索里至今成为意向的占多少；"
            "当期口径：本期成为意向的线索数除以本期新增线索数，可超过 100 %。",
            "Cohort: of the leads created in the period, the share that has reached intent so far. Period: leads that "
            "reached intent in the period divided by leads created in it, which may exceed 100 %.",
        ),
        minimum_n=10,
        basis_words={"cohort": ("同期线索", "cohort"), "period": ("当期发生", "period")},
        family="leads",
    ),
    Metric(
        "proposal_rate",
        "方案提交率",
        "Proposal rate",
        "process",
        "ratio",
        {
            "": Basis(
                spread=Spread(
                    "deal_proposed",
                    ("deal_id", "happened_on", "proposed_on"),
                    proposed_in_time,
                    ("进入意向的商机数", "deals entering intent"),
                ),
                top_words=("30 天内提交方案的商机数", "deals with a proposal within 30 days"),
                bottom_words=("进入意向的商机数", "deals entering intent"),
            )
        },
        (
            "本期首次进入意向阶段的商机里，30 天内至少提交一次方案的占多少。",
            "Of the deals that entered the intent stage for the first time in the period, the share with at least one "
            "proposal within 30 days.",
        ),
        minimum_n=10,
    ),
    Metric(
        "days_in_stage",
        "阶段停留",
        "Days in stage",
        "process",
        "days",
        {
            "": Basis(
                spread=Spread("stage_left", ("days_in_previous",), median, ("离开阶段的次数", "stages left")),
                top_words=("停留天数的中位数", "median of the days stayed"),
            )
        },
        (
            "本期离开一个阶段的商机在该阶段停留天数的中位数；按阶段看更有意义。",
            "Median of the days deals stayed in the stage they left in the period; best read by stage.",
        ),
        better="down",
        additive=False,
        minimum_n=5,
        window="quarter",
    ),
)

KINDS = (
    ("visit", "visits", "拜访次数", "Visits", "拜访", "visits"),
    ("call", "calls", "电话次数", "Calls", "电话", "calls"),
    ("online", "online_meetings", "线上沟通次数", "Online meetings", "线上沟通", "online meetings"),
    ("proposal", "proposals", "提交方案数", "Proposals", "方案", "proposals"),
    ("needs_report", "needs_reports", "需求分析报告数", "Needs reports", "需求分析报告", "needs-analysis reports"),
    ("joint_visit", "joint_visits", "陪访次数", "Joint visits", "陪访", "joint visits"),
    ("other", "other_activities", "其他活动次数", "Other activities", "其他活动", "other activities"),
)


@lru_cache(maxsize=512)
def count_of_activities(
    key: str,
    zh: str,
    en: str,
    kind: str,
    *,
    meaning: tuple[str, str],
    result: str = "",
    effective_only: bool = False,
    distinct_customers: bool = False,
) -> Metric:
    """A count metric over one kind of activity: the built-in ones below, and those a company makes from a form.

    The same definition is the same object, so that its compiled SQL is found again.
    """

    def chosen(t: Any, span: Any) -> Any:
        mine = t.kind == kind
        if result:
            mine = mine & (t.result == result)
        return mine & (t.effective == 1) if effective_only else mine

    measure = Measure(
        "activity",
        "distinct" if distinct_customers else "count",
        (zh, en),
        of="customer_id" if distinct_customers else "",
        where=chosen,
    )
    return Metric(
        key,
        zh,
        en,
        "process",
        "count",
        {"": Basis(top=(measure,), top_words=(zh, en))},
        meaning,
        additive=not distinct_customers,
        window="week",
    )


METRICS += tuple(
    count_of_activities(
        key,
        zh,
        en,
        kind,
        meaning=(
            f"本期登记的{noun}次数，有效与否都算。",
            f"All {plural} logged in the period, judged effective or not.",
        ),
    )
    for kind, key, zh, en, noun, plural in KINDS
)
