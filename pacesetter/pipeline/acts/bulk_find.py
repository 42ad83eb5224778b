"""What a bulk act asks before it writes: which rows are there already, which days are closed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db import models

from pacesetter.people.models import ClosedPeriod

from ..models import Allocation, Contact, Customer, Deal, Instalment, Invoice, Lead, Product, Receipt, Reversal

CHUNK = 900

MODELS: dict[str, type[models.Model]] = {
    "product": Product,
    "customer": Customer,
    "contact": Contact,
    "lead": Lead,
    "deal": Deal,
    "reversal": Reversal,
    "invoice": Invoice,
    "instalment": Instalment,
    "receipt": Receipt,
    "allocation": Allocation,
}


def chunks(values: Iterable[Any], size: int = CHUNK) -> Iterator[list[Any]]:
    """Lists of at most `size`."""
    part: list[Any] = []
    for value in values:
        part.append(value)
        if len(part) == size:
            yield part
            part = []
    if part:
        yield part


def existing(entity: str, field: str, values: Iterable[Any]) -> dict[Any, int]:
    """{value: id} of the rows whose `field` is one of the values; of several rows with one value, the first."""
    manager = MODELS[entity]._default_manager
    found: dict[Any, int] = {}
    for part in chunks({value for value in values if value not in (None, "")}):
        for value, pk in manager.filter(**{f"{field}__in": part}).order_by("-id").values_list(field, "id"):
            found[value] = pk
    return found


def closed_rows(days: Iterable[tuple[int, date | None]]) -> list[tuple[int, date, ClosedPeriod]]:
    """Of (place, day) pairs those in a closed period, with the period."""
    closed = list(ClosedPeriod.objects.all())
    if not closed:
        return []
    return [
        (place, on, period)
        for place, on in days
        if on is not None
        for period in closed
        if period.start <= on < period.end
    ]
