"""Health metrics: whether the ground that results grow on is sound."""

from typing import Any

from .result import _base
from .words import Basis, Folded, Measure, Metric, Spread

TOP_CUSTOMERS = 5


def concentration(rows: list[tuple[Any, ...]]) -> Folded:
    """Σ share² over customers with a positive amount, as (Σ a², (Σ a)², customers): 1 = one customer has it all."""
    amounts = _positive(rows)
    return sum(a * a for a in amounts), sum(amounts) ** 2, len(amounts)


def top_share(rows: list[tuple[Any, ...]]) -> Folded:
    """Amount of the five largest customers out of all."""
    amounts = sorted(_positive(rows), reverse=True)
    return sum(amounts[:TOP_CUSTOMERS]), sum(amounts), len(amounts)


def _positive(rows: list[tuple[Any, ...]]) -> list[int]:
    # A customer whose refunds outweigh the wins of the period has no share, rather than a negative one.
    return [int(amount) for customer, amount in rows if customer is not None and amount is not None and amount > 0]


OPEN_LEADS = Measure("lead_touched", "count", ("未关闭线索数", "open leads"), on=None)
FRESH_LEADS = Measure(
    "lead_touched",
    "count",
    ("其中 14 天内有跟进", "touched within 14 days"),
    on=None,
    where=lambda t, span: t.touched == 1,
)

METRICS = (
    Metric(
        "lead_freshness",
        "线索池新鲜度",
        "Lead-pool freshness",
        "health",
        "ratio",
        {
            "": Basis(
                top=(FRESH_LEADS,),
                bottom=(OPEN_LEADS,),
                top_words=FRESH_LEADS.words,
                bottom_words=OPEN_LEADS.words,
                moving=True,
            )
        },
        (
            "期末仍未关闭的线索里，最近 14 天内有过跟进（没有跟进则看创建日）的占多少。",
            "Of the leads open at the end, the share touched within the last 14 days (else created within them).",
        ),
        minimum_n=10,
        owner=("市场", "Marketing"),
        family="leads",
    ),
    Metric(
        "customer_mix",
        "客户分布合理性",
        "Customer mix",
        "health",
        "ratio",
        {
            "concentration": Basis(
                spread=Spread(
                    "booking",
                    ("customer_id",),
                    concentration,
                    ("各客户成交额", "amount by customer"),
                    weigh="amount_minor",
                    where=_base,
                ),
                top_words=("各客户成交额的平方和", "sum of squared amounts by customer"),
                bottom_words=("成交额合计的平方", "square of the total amount"),
            ),
            "top5": Basis(
                spread=Spread(
                    "booking",
                    ("customer_id",),
                    top_share,
                    ("各客户成交额", "amount by customer"),
                    weigh="amount_minor",
                    where=_base,
                ),
                top_words=("前五大客户成交额", "amount of the five largest customers"),
                bottom_words=("成交额合计", "total amount"),
            ),
        },
        (
            "成交额集中在少数客户的程度：各客户占比的平方和，1 表示全部来自一个客户；也可看前五大客户占比。",
            "How far the amount hangs on few customers: the sum of squared shares, 1 = all from one customer; or the "
            "share of the five largest.",
        ),
        better="down",
        additive=False,
        minimum_n=5,
        window="quarter",
        basis_words={"concentration": ("集中度", "concentration"), "top5": ("前五大占比", "top5")},
    ),
    Metric(
        "sales_capacity",
        "销售产能",
        "Sales capacity",
        "health",
        "days",
        {
            "": Basis(
                plan="capacity",
                top_words=("Σ 工作日 × 爬坡系数", "Σ working days × ramp factor"),
            )
        },
        (
            "按爬坡系数折算的可用人天：每个在岗销售的工作日乘以其成长阶段的爬坡系数再相加。",
            "Person-days at hand: each seller's working days times the ramp factor of the growth stage, added up.",
        ),
        owner=("HRBP", "HRBP"),
    ),
)
