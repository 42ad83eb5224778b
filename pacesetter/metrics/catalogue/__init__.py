"""Every metric of the product, once: key, both names, unit, direction, meaning, and how it is calculated.

Adding one is adding a `Metric` to the file of its sort beside this one; `docs/metrics.md` follows from it.
"""

from collections.abc import Iterable, Mapping

from . import collection, health, process, quality, result
from .process import count_of_activities
from .words import Basis, Measure, Metric, Span, Spread, UnknownBasis, number

METRICS: Mapping[str, Metric] = {
    m.key: m for m in (*result.METRICS, *collection.METRICS, *process.METRICS, *health.METRICS, *quality.METRICS)
}


def with_company_metrics(extra: Iterable[Metric]) -> dict[str, Metric]:
    """The catalogue and the count metrics a company made; a built-in key is never replaced."""
    return {**{m.key: m for m in extra}, **METRICS}


__all__ = [
    "METRICS",
    "Basis",
    "Measure",
    "Metric",
    "Span",
    "Spread",
    "UnknownBasis",
    "count_of_activities",
    "number",
    "with_company_metrics",
]
