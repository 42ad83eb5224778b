"""Products: read by whoever sees deals, maintained by whoever writes all of them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from pacesetter.lib.refusal import OutOfReach
from pacesetter.people.reach import Reach
from pacesetter.people.rights import Scope
from pacesetter.pipeline import acts, reads
from pacesetter.pipeline.models import Product

from ..caller import Caller, Key, caller, once
from ..fields import PathId
from ..listing import Listed, listed, narrowed
from ..problems import READS, WRITES, give
from ..schemas.customers import ProductChange, ProductNew, ProductOut, ProductsAsked

router = Router(tags=["products"])
ORDER = {"name": "name", "list_price_minor": "list_price_minor"}


def maintains(reach: Reach) -> bool:
    """Whether the caller keeps the product list."""
    return reach.scope("deals", "write") == Scope.ALL


def told(row: Product, reach: Reach) -> ProductOut:
    """A product as this reader sees it."""
    hidden = "prices" in reach.masks("deals")
    return ProductOut(
        id=row.pk, code=row.code, name=row.name, category=row.category, active=row.active,
        list_price_minor=None if hidden else row.list_price_minor,
        cost_minor=row.cost_minor if maintains(reach) else None,
    )  # fmt: skip


def _find(reach: Reach, pk: int) -> Product:
    reach.require("deals")
    row = Product.objects.filter(pk=pk).first()
    if row is None:
        raise OutOfReach
    return row


def _keeper(who: Caller) -> None:
    if not maintains(who.reach):
        raise OutOfReach


@router.get("/products", response={200: Listed[ProductOut], **READS}, url_name="products")
def product_list(request: HttpRequest, asked: Query[ProductsAsked]) -> HttpResponse:
    """Products."""
    reach = caller(request).reach
    reach.require("deals")
    rows = narrowed(reads.products(asked.words), asked, {"category": "category"})
    if asked.active:
        rows = rows.filter(active=asked.active == "true")
    return listed(request, asked, rows, ORDER, lambda row: told(row, reach), Listed[ProductOut])


@router.get("/products/{pk}", response={200: ProductOut, **READS}, url_name="product")
def product_get(request: HttpRequest, pk: PathId) -> HttpResponse:
    """One product."""
    reach = caller(request).reach
    return give(told(_find(reach, pk), reach).model_dump_json())


@router.post("/products", response={201: ProductOut, **WRITES})
def product_add(request: HttpRequest, sent: ProductNew, key: Key) -> HttpResponse:
    """A new product."""

    def run(who: Caller) -> ProductOut:
        _keeper(who)
        return told(acts.add_product(by=who.person, at=who.at, **sent.model_dump(exclude_unset=True)), who.reach)

    return once(request, key, run, 201)


@router.patch("/products/{pk}", response={200: ProductOut, **WRITES})
def product_change(request: HttpRequest, pk: PathId, sent: ProductChange, key: Key) -> HttpResponse:
    """Change a product; past deals keep their own prices."""

    def run(who: Caller) -> ProductOut:
        _keeper(who)
        values: dict[str, Any] = sent.model_dump(exclude_unset=True)
        if "code" in values:
            values["code"] = values["code"] or None
        return told(acts.change_product(_find(who.reach, pk), by=who.person, at=who.at, **values), who.reach)

    return once(request, key, run)
