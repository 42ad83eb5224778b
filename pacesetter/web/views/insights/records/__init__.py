"""Which records lie behind which metric.

The metrics below have a reader of their own, which asks the rooms' tables without the spine and so proves the number.
Every other metric of the catalogue is listed by `counted`: a new one needs nothing here.
"""

from __future__ import annotations

from datetime import date

from pacesetter.metrics.catalogue import METRICS, Metric

from ..figures import Figures
from ..scope import Where
from . import counted, credited, rows
from .shape import Evidence, Record

# metrics of the catalogue whose records are read and added up a second time
PROVED = {
    *("won_amount", "new_amount", "repurchase_amount", "new_amount_share", "average_order_value"),
    *("amount_per_customer", "customers_developed", "repurchase_rate", "customer_mix"),
    *("deals_won", "deals_opened", "deals_lost", "win_rate", "days_in_stage"),
    *("effective_visits", "customers_visited", *rows.BUILT_IN),
    *("leads_created", "lead_conversion_rate", "lead_freshness"),
    *("collected_amount", "collection_rate", "overdue_amount", "invoiced_amount"),
}


def evidence(figures: Figures, metric: Metric, basis: str, start: date, end: date, where: Where) -> Evidence | None:
    """The records of a number within the reader's reach; None for what is calculated rather than counted."""
    _key, chosen = metric.basis(basis)
    facts = [measure.fact for measure in chosen.measures()]
    if not facts:
        return None
    if metric.key in METRICS and metric.key not in PROVED:
        return counted.evidence(figures, metric, basis, start, end, where)
    if metric.key == "average_order_value":
        found = credited.evidence(figures, metric, start, end, where)
        deals = rows.steps(figures, figures.metric("deals_won"), "", start, end, where) if not found.hidden else None
        found.bottom = deals.top if deals else None
        return found
    main = facts[0]
    if main == "booking":
        return credited.evidence(figures, metric, start, end, where)
    if main in ("deal_step", "stage_left"):
        return rows.steps(figures, metric, _key, start, end, where)
    if main == "activity":
        return rows.activities(figures, metric, start, end, where)
    if main in ("lead", "lead_touched"):
        return rows.leads(figures, metric, _key, start, end, where)
    if main == "deal_path":
        return rows.deals(figures, metric, start, end, where)
    if main == "instalment_paid":
        return rows.instalments(figures, metric, start, end, where)
    if main in ("receipt", "invoice"):
        return rows.papers(figures, metric, start, end, where)
    return None


__all__ = ["PROVED", "Evidence", "Record", "evidence"]
