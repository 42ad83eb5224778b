"""What the cards of customers and deals share: contacts, the log sheet over the page, hand-overs, one-tap records."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from pacesetter.activity import reads
from pacesetter.people.reach import Reach
from pacesetter.pipeline.models import Contact, Customer, Deal
from pacesetter.pipeline.rules import OPEN_STAGES

from ..day import sheet as log_sheet
from .listing import masked

# what a card offers beside 记跟进, each as one tap: kind, icon
QUICK = (("proposal", "file-text"),)


def contacts_of(reach: Reach, customer: Customer) -> list[tuple[Contact, str, str]]:
    """(contact, mobile, mail) of a customer, those who decide first; masked for whoever may not see numbers."""
    if not reach.may("contacts"):
        return []
    hidden = "contacts" in reach.masks("contacts")
    rows = sorted(
        customer.contacts.filter(archived=False).order_by("id"), key=lambda one: _PART.get(one.decision_role, 9)
    )
    return [
        (one, masked(one.mobile) if hidden else one.mobile, masked(one.email) if hidden else one.email) for one in rows
    ]


_PART = {"decision_maker": 0, "champion": 1, "influencer": 2, "buyer": 3, "user": 4, "blocker": 5}


def log_context(
    request: HttpRequest, customer: Customer | None, contacts: Iterable[tuple[Contact, str, str]],
    deals: Iterable[Deal], terms: reads.Terms, deal: Deal | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The log sheet over a card, opened for this customer and deal with what the card knows; its kinds as single taps.

    A deal without a customer opens the sheet's own page: the sheet over the page begins with a customer.
    """
    context = log_sheet.context(request, terms)
    about = {"deal": deal.pk} if deal is not None else {"customer": customer.pk if customer else 0}
    start: dict[str, Any] = {}
    if customer is not None:
        start["customer"] = {
            "id": customer.pk, "name": customer.name, "under": customer.industry,
            "contacts": [{"id": one.pk, "name": one.name, "role": one.get_decision_role_display()
                          if one.decision_role != "unknown" else ""} for one, _mobile, _mail in contacts],
            "deals": [{"id": one.pk, "name": one.name} for one in deals if one.stage in OPEN_STAGES],
        }  # fmt: skip
    if deal is not None:
        start |= {"deal": deal.pk, "dealName": deal.name}
    names = {kind["key"]: kind["name"] for kind in context["sheet_kinds"]}
    page = f"{reverse('log')}?{urlencode(about)}"
    return {
        **context,
        "sheet_start": {},
        "log_url": page,
        # a report has a form of its own, with the company's questions and its reader
        "report_url": f"{reverse('report_new')}?{urlencode(about)}",
        "log_open": json.dumps(start, ensure_ascii=False) if customer is not None else "",
        "log_over": customer is not None,
        "quick": [
            (names[kind], icon_name, f"{page}&kind={kind}", json.dumps({**start, "kind": kind}, ensure_ascii=False))
            for kind, icon_name in QUICK
            if kind in names
        ],
    }


def came_from(entity: str, pk: int, moments: Iterable[Any]) -> str:
    """「2026-03-02 由陈晨交接」 of the last hand-over that the timeline shows; all of them stand there."""
    for one in moments:
        if one.what == "handed" and (one.row.entity, one.row.object_id) == (entity, pk) and one.row.from_person:
            return _("%(day)s 由%(name)s交接") % {"day": one.on.isoformat(), "name": one.row.from_person.name}
    return ""


def writes(reach: Reach, rows: QuerySet[Any], entity: str) -> bool:
    """Whether a row that is seen may be written; only asked of the database where seeing reaches further."""
    if not reach.may(entity, "write"):
        return False
    return reach.scope(entity, "write") >= reach.scope(entity) or reach.rows(rows, entity, "write").exists()
