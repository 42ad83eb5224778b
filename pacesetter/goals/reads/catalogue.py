"""Which metrics a goal may name, and by what it may be narrowed."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pacesetter.activity import facts as activity
from pacesetter.lib.refusal import Refusal
from pacesetter.metrics import engine
from pacesetter.metrics.catalogue import METRICS, Metric, UnknownBasis, with_company_metrics
from pacesetter.pipeline.models import Customer

# field of a goal → dim of the question
SCOPE = {
    "customer_region": "customer_region",
    "industry": "industry",
    "product_id": "product",
    "customer_kind": "customer_kind",
}


# what is written as a word: field of a goal → field of a customer
WORDED = {"customer_region": "region", "industry": "industry"}


def scope_words(field: str) -> list[str]:
    """What customers carry in a field that a goal names in words."""
    name = WORDED[field]
    rows = Customer.objects.exclude(**{name: ""}).filter(merged_into=None)
    return list(rows.order_by(name).values_list(name, flat=True).distinct())


def metrics_for_goals() -> dict[str, Metric]:
    """Every metric that can be aimed at: it has a better direction and belongs to somebody who sells."""
    known = with_company_metrics(activity.company_metrics())
    return {
        key: metric
        for key, metric in known.items()
        if metric.better in ("up", "down") and "person" in engine.dims_for(metric)
    }


def ever(key: str) -> Metric | None:
    """A metric of the company's own by its key, also one that was retired: goals on it stay and end."""
    return next((one for one in activity.company_metrics(retired=True) if one.key == key), None)


def metric_named(key: str, basis: str = "", *, to_set: bool = False) -> Metric:
    """The metric of a goal; `to_set`: of one that is set now, which names none that was retired.

    Refused where none has this key, or it has no such basis.
    """
    metric = METRICS.get(key) or metrics_for_goals().get(key) or (None if to_set else ever(key))
    if metric is None:
        raise Refusal(_("指标目录里没有 %(key)s。从目录里选一个。") % {"key": key}, code="metric", field="metric")
    try:
        metric.basis(basis)
    except UnknownBasis as error:
        raise Refusal(
            _("%(metric)s 没有口径 %(basis)s。") % {"metric": metric.zh, "basis": basis}, code="basis", field="basis"
        ) from error
    return metric


def scope_dims(metric: Metric, basis: str = "") -> frozenset[str]:
    """The fields of a goal by which its metric can be narrowed."""
    dims = set(engine.dims_for(metric, basis))
    return frozenset(field for field, dim in SCOPE.items() if dim in dims)
