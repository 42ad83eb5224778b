"""One spoken line against the customers somebody may see: a card to confirm, nothing written."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from pacesetter.pipeline.models import Contact, Customer

from ..rules.sentence import LONGEST, Named, Sentence, parse
from .timeline import kinds


def spoken(
    text: str, *, today: date, customers: QuerySet[Customer], contacts: bool = True, mine: int | None = None,
    digits: int = 2,
) -> Sentence:  # fmt: skip
    """Understand a line. `customers`: those in reach, of whom the ones of `mine` are offered first."""
    low = text[:LONGEST].lower()
    pairs = {low[at : at + 2] for at in range(len(low) - 1)}
    rows = [
        (owner != mine, name, pk)
        for pk, name, owner in customers.order_by("name", "id").values_list("pk", "name", "owner_id").iterator()
        if any(name[at : at + 2].lower() in pairs for at in range(len(name) - 1))
    ]
    near = [Named(pk, name) for _theirs, name, pk in sorted(rows)]
    card = _parse(text, today, near, [], digits)
    about = [card.customer, *card.candidates]
    ids = [one.id for one in about if one is not None]
    if not contacts or not ids:
        return card
    people = Contact.objects.filter(customer__in=ids, archived=False).order_by("id")
    known = [Named(pk, name, of) for pk, name, of in people.values_list("pk", "name", "customer_id")]
    return _parse(text, today, near, known, digits)


def _parse(text: str, today: date, customers: list[Named], contacts: list[Named], digits: int) -> Sentence:
    return parse(text, today, customers, contacts, [(kind.key, (kind.zh, kind.en)) for kind in kinds()], digits)
