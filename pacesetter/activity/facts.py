"""What the spine may know of activities, and the count metrics that a company made of its own."""

from __future__ import annotations

from pacesetter.metrics import schema
from pacesetter.metrics.catalogue import Metric, count_of_activities

from .models import ActivityKind, CompanyMetric

ACTIVITY = schema.ACTIVITY.filled_by(
    'SELECT a.id AS id, a."on" AS happened_on, a.person_id AS person_id, a.team_id AS team_id,'
    " a.manager_id AS manager_id, a.region_id AS region_id, a.growth_stage AS growth_stage, a.kind AS kind,"
    " NULLIF(a.result, '') AS result, a.customer_id AS customer_id, "
    " (SELECT NULLIF(c.region, '') FROM pipeline_customer AS c WHERE c.id = a.customer_id) AS customer_region,"
    " (SELECT NULLIF(c.industry, '') FROM pipeline_customer AS c WHERE c.id = a.customer_id) AS industry,"
    " a.deal_id AS deal_id, a.lead_id AS lead_id,"
    " CASE WHEN a.effective THEN 1 WHEN NOT a.effective THEN 0 END AS effective, NULLIF(a.state, '') AS state,"
    " a.minutes AS minutes, CASE WHEN a.entered_late THEN 1 ELSE 0 END AS entered_late,"
    " a.seconds AS seconds, a.delay_minutes AS delay_minutes, CASE WHEN a.burst THEN 1 ELSE 0 END AS burst,"
    " CASE WHEN a.twin_id IS NULL THEN 0 ELSE 1 END AS twin, CASE WHEN a.backdated THEN 1 ELSE 0 END AS backdated"
    " FROM activity_activity AS a WHERE a.withdrawn_at IS NULL"
)

FACTS = (ACTIVITY,)


def company_metrics(*, retired: bool = False) -> list[Metric]:
    """One count per kind of activity the company added, and the metrics made from the form.

    `retired`: those taken out of use, too; what was set on them stays readable.
    """
    kinds_of = ActivityKind.objects.filter(builtin=False)
    own_ones = CompanyMetric.objects.order_by("id")
    if not retired:
        kinds_of, own_ones = kinds_of.filter(active=True), own_ones.filter(retired_at=None)
    made = [
        count_of_activities(
            f"activity_{key}",
            f"{zh}次数",
            en,
            key,
            meaning=(f"本期登记的{zh}次数。", f"{en} logged in the period."),
        )
        for key, zh, en in kinds_of.values_list("key", "zh", "en")
    ]
    own = list(own_ones)
    kinds = {key: (zh, en) for key, zh, en in ActivityKind.objects.values_list("key", "zh", "en")} if own else {}
    for metric in own:
        made.append(
            count_of_activities(
                metric.key,
                metric.zh,
                metric.en,
                metric.kind,
                meaning=_meaning(metric, *kinds.get(metric.kind, (metric.kind, metric.kind))),
                result=metric.result,
                effective_only=metric.effective_only,
                distinct_customers=metric.distinct_customers,
            )
        )
    return made


def _meaning(metric: CompanyMetric, zh: str, en: str) -> tuple[str, str]:
    """What a company's own count says: which kind, which of them, and whether a customer counts once."""
    which = "有效" if metric.effective_only else ""
    result = f"，结果为“{metric.result}”" if metric.result else ""
    ends = f" that ended in “{metric.result}”" if metric.result else ""
    some = "effective " if metric.effective_only else ""
    if metric.distinct_customers:
        return (f"公司自定义：本期登记过{which}{zh}的客户数{result}，同一客户只数一次。",
                f"Made by the company: customers with {some}activities of kind “{en}” in the period{ends}, "
                "each customer once.")  # fmt: skip
    return (f"公司自定义：本期登记的{which}{zh}次数{result}。",
            f"Made by the company: {some}activities of kind “{en}” logged in the period{ends}.")  # fmt: skip
