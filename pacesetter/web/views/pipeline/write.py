"""What the pages that write share: who may be chosen, which records are in reach, the form's page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest

from pacesetter.activity.models import ActivityKind
from pacesetter.activity.reads import kinds
from pacesetter.people.models import Person
from pacesetter.people.reach import Reach
from pacesetter.people.rights import Scope
from pacesetter.pipeline.models import Customer, Deal, Lead, Product

from ... import door, show
from .lists import FROM_LEAD

FORM = "pipeline/form.html"


def sellers(reach: Reach, entity: str) -> QuerySet[Person]:
    """Who may be made owner by this writer: themselves, their people, or everybody who sells."""
    return reach.owners(entity)


def chooses(reach: Reach, entity: str) -> bool:
    """Whether the writer has anybody but themselves to choose."""
    return reach.scope(entity, "write") >= Scope.TEAM


def find(request: HttpRequest, model: type[Model], entity: str, pk: int, verb: str = "read", pool: bool = False) -> Any:
    """The record in reach, or 404.

    A lead of the pool is read by whoever sees the pool; to write to it, it is claimed or assigned first (`pool`).
    """
    reach = door.viewer(request)
    how: dict[str, Any] = {"leads": FROM_LEAD} if entity == "customers" else {}
    beside = [name for name in ("owner", "customer") if hasattr(model, name)]
    rows: QuerySet[Any] = model._default_manager.select_related(*beside)
    found = reach.rows(rows, entity, verb, **how).filter(pk=pk).first()
    if found is None and entity == "leads" and (verb == "read" or pool) and reach.may("pool", verb):
        found = rows.filter(pk=pk, in_pool=True).first()
    if found is None:
        raise Http404
    return found


def reachable(reach: Reach, model: type[Model], entity: str, verb: str = "write") -> QuerySet[Any]:
    """Records a form may name."""
    how: dict[str, Any] = {"leads": FROM_LEAD} if entity == "customers" else {}
    return reach.rows(model._default_manager.all(), entity, verb, **how)


def offered(reach: Reach, *names: str, verb: str = "write", **chosen: Any) -> dict[str, QuerySet[Any]]:
    """The rows each choice of a form may take."""
    models: dict[str, tuple[type[Model], str]] = {
        "customer": (Customer, "customers"),
        "deal": (Deal, "deals"),
        "lead": (Lead, "leads"),
    }
    found: dict[str, QuerySet[Any]] = {}
    for name in names:
        model, entity = models[name]
        rows = reachable(reach, model, entity, verb)
        if name == "customer":
            rows = rows.filter(merged_into=None)
        found[name] = rows.order_by("name", "id")
    return {**found, **chosen}


def products() -> QuerySet[Product]:
    """What can be sold now."""
    return Product.objects.filter(active=True).order_by("name", "id")


def kind_words(every: Iterable[ActivityKind] | None = None) -> dict[str, str]:
    """Kinds of activity in the reader's language."""
    return {kind.key: kind.zh if show.chinese() else kind.en for kind in every or kinds(active=False)}
