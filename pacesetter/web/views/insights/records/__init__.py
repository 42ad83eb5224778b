"""Which records lie behind which metric."""

from __future__ import annotations

from datetime import date

from pacesetter.metrics.catalogue import Metric

from ..figures import Figures
from ..scope import Where
from . import credited, rows
from .shape import Evidence, Record


def evidence(figures: Figures, metric: Metric, basis: str, start: date, end: date, where: Where) -> Evidence | None:
    """The records of a number within the reader's reach; None for what is calculated rather than counted."""
    _key, chosen = metric.basis(basis)
    facts = [measure.fact for measure in chosen.measures()]
    if not facts:
        return None
    if metric.key == "average_order_value":
        found = credited.evidence(figures, metric, start, end, where)
        deals = rows.steps(figures, figures.catalogue["deals_won"], "", start, end, where) if not found.hidden else None
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


__all__ = ["Evidence", "Record", "evidence"]
