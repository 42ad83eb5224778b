"""Every metric of the product, once: key, both names, unit, direction, meaning, and how it is calculated.

Adding one is adding a `Metric` to the file of its sort beside this one: pages, command line and API know it from
there, and `./pace metricdocs` writes `docs/metrics.md`. CONTRIBUTING.md shows it step by step.
"""

from collections.abc import Iterable, Mapping

from . import collection, health, process, quality, result
from .process import count_of_activities
from .words import Basis, Measure, Metric, Span, Spread, UnknownBasis, number


def by_key(metrics: Iterable[Metric]) -> dict[str, Metric]:
    """key → metric, in order. Raises ValueError where a key is taken twice."""
    found: dict[str, Metric] = {}
    for metric in metrics:
        if metric.key in found:
            raise ValueError(f"two metrics have the key {metric.key!r}: {found[metric.key].en}, {metric.en}")
        found[metric.key] = metric
    return found


METRICS: Mapping[str, Metric] = by_key(
    (*result.METRICS, *collection.METRICS, *process.METRICS, *health.METRICS, *quality.METRICS)
)


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
