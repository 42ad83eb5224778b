"""Products: known by code or key of the other system, else by name."""

from __future__ import annotations

from typing import Any

from pacesetter.pipeline.acts import bulk
from pacesetter.pipeline.models import Product

from .base import Row
from .planner import Planner

FIELDS = ("code", "name", "category", "list_price_minor", "cost_minor", "extra")


class Products(Planner):
    """A product is its code, else its name."""

    entity = "products"

    def words(self, row: Row) -> dict[str, list[Any]]:
        return {"products": [*row.keys, row.values.get("name"), row.values.get("only_new")]}

    def plan(self, row: Row) -> None:
        only_new = row.values.get("only_new")
        if only_new and self.directory.find(only_new):
            return None
        values = row.get
        made = bulk.ProductRow(
            name=values("name", "") or values("code", ""),
            code=values("code"),
            category=values("category", ""),
            list_price_minor=values("list_price"),
            cost_minor=values("cost"),
            active=values("active", True),
            extra=row.extra(),
        )
        row.amounts("list_price", "cost")
        known = self.identify(row, made.name)
        if row.faults:
            return self.checker.refuse(row.record, row.faults)
        if known is not None:
            return self.meet(row, known, lambda old: self.differ(made, old, FIELDS))
        return self.create(row, made, self.directory.add(row.keys, [made.name]))

    def stored(self, ids: list[int]) -> dict[int, dict[str, Any]]:
        return {old.pop("pk"): old for old in Product.objects.filter(pk__in=ids).values("pk", *FIELDS)}
