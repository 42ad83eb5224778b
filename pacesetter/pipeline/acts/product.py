"""Products."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pacesetter.journal.acts import record
from pacesetter.people.models import Person

from ..models import Product
from . import edit


@transaction.atomic
def add_product(
    *, name: str, by: Person | None, at: datetime, code: str | None = None, category: str = "",
    list_price_minor: int | None = None, cost_minor: int | None = None, extra: dict[str, Any] | None = None,
) -> Product:  # fmt: skip
    """A new product."""
    edit.refuse_outside("products")
    edit.required(name, "name", _("产品名称"))
    edit.check_money(list_price_minor, field="list_price_minor")
    edit.check_money(cost_minor, field="cost_minor")
    edit.taken(Product, "code", code)
    product = Product.objects.create(
        name=name.strip(), code=code or None, category=category, list_price_minor=list_price_minor,
        cost_minor=cost_minor, extra=extra or {},
    )  # fmt: skip
    record("add_product", by=by, at=at, entity="product", object_id=product.pk, label=product.name,
           after={"name": product.name, "code": product.code, "list_price_minor": list_price_minor})  # fmt: skip
    return product


@transaction.atomic
def change_product(product: Product, *, by: Person | None, at: datetime, **values: Any) -> Product:
    """Change a product; past deals keep their own prices."""
    edit.refuse_outside("products")
    product = edit.locked(product)
    if "name" in values:
        edit.required(values["name"], "name", _("产品名称"))
    for field in ("list_price_minor", "cost_minor"):
        edit.check_money(values.get(field), field=field)
    if "code" in values:
        edit.taken(Product, "code", values["code"], but=product.pk)
    return edit.change(product, values, act="change_product", by=by, at=at)
