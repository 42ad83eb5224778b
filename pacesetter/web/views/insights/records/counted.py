"""The records of a metric that has no reader of its own: those the spine itself counts, one by one.

They are the spine's own, so they cannot contradict the number: no sum is claimed of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pacesetter.activity.models import Activity
from pacesetter.metrics import engine
from pacesetter.metrics.catalogue import Metric
from pacesetter.people.rights import Scope
from pacesetter.pipeline.models import Customer, Deal, Instalment, Invoice, Lead, Receipt

from ..figures import Figures
from ..scope import Where
from .shape import Evidence, Record, hidden, link


@dataclass(frozen=True)
class Kind:
    """How records of one kind read: the model, whose rights list them, the day, the page, whose they are."""

    model: Any
    entity: str
    on: Callable[[Any], date | None]
    title: Callable[[Any], str]
    url: Callable[[Any], str]
    person: str = "person_id"
    joined: tuple[str, ...] = ("customer",)


def _customer(row: Any) -> str:
    customer = getattr(row, "customer", None)
    return str(customer.name) if customer else ""


def _of_customer(row: Any) -> str:
    return f"/customers/{row.customer_id}/"


def _named(row: Any) -> str:
    return str(row.name)


# what `engine.cases` calls them → how they read
KINDS: Mapping[str, Kind] = {
    "deal": Kind(
        Deal, "deals", lambda row: row.closed_on or row.opened_on, _named, lambda row: f"/deals/{row.pk}/", "owner_id"
    ),
    "lead": Kind(
        Lead, "leads", lambda row: row.created_on, _named, lambda row: f"/leads/{row.pk}/", joined=()
    ),
    "activity": Kind(
        Activity, "activities", lambda row: row.on, lambda row: _customer(row) or str(row.kind),
        lambda row: f"/activities/{row.pk}/",
    ),
    "customer": Kind(
        Customer, "customers", lambda row: None, _named, lambda row: f"/customers/{row.pk}/", "owner_id", ()
    ),
    "instalment": Kind(
        Instalment, "money", lambda row: row.due_on, lambda row: row.number or _customer(row), _of_customer
    ),
    "receipt": Kind(Receipt, "money", lambda row: row.on, lambda row: row.number or _customer(row), _of_customer),
    "invoice": Kind(Invoice, "money", lambda row: row.on, lambda row: row.number or _customer(row), _of_customer),
}  # fmt: skip


def evidence(figures: Figures, metric: Metric, basis: str, start: date, end: date, where: Where) -> Evidence | None:
    """The records within the reader's reach, newest first; None where the metric counts none that have a page."""
    question = figures.question(metric.key, (), start, end, where, basis)
    what, found = engine.cases(figures.store, question)
    kind = KINDS.get(what)
    if kind is None:
        return None
    if figures.viewer.scope(kind.entity) <= Scope.LEADS:
        return hidden()
    ids = sorted(found, reverse=True)
    distinct = any(getattr(measure, "agg", "") == "distinct" for measure in metric.basis(basis)[1].measures())

    def page(first: int, last: int) -> Sequence[Record]:
        chosen = ids[first:last]
        rows = kind.model.objects.select_related(*kind.joined).in_bulk(chosen)
        figures.names.load("person", [getattr(row, kind.person) for row in rows.values()])
        return [_record(figures, kind, rows[pk], found[pk], distinct) for pk in chosen if pk in rows]

    return Evidence(len(ids), None, None, page, money=metric.unit == "minor")


def _record(figures: Figures, kind: Kind, row: Any, folded: tuple[int, int | None, int], distinct: bool) -> Record:
    person = getattr(row, kind.person)
    # a deal is counted on its day for whom it belonged to then; its page opens to whom it belongs to now
    opens = kind.person != "owner_id" or figures.viewer.scope(kind.entity) == Scope.ALL
    return Record(
        kind.on(row),
        kind.title(row),
        link(kind.url(row)) if opens or person in figures.viewer.people_ids else "",
        _customer(row),
        figures.names.of("person", person),
        "",
        None if distinct else folded[0],
        None if distinct else folded[1],
    )
