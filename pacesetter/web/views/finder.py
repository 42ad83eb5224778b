"""The finder's answer: customers, deals, leads and people by a part of their name or by their number, within reach."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import pgettext

from pacesetter.people.reach import Reach
from pacesetter.pipeline import reads
from pacesetter.pipeline.models import DealStage, LeadStage

from .. import door
from .pipeline.write import FROM_LEAD

# of each kind; whoever needs more goes on in the list
MOST = 5
LONGEST = 60


def find(request: HttpRequest) -> HttpResponse:
    """Below the field of the finder while somebody types; a page of its own without scripts."""
    asked = request.GET.get("q", "").strip()[:LONGEST]
    groups = [group for group in _groups(door.viewer(request), asked) if group["rows"]] if asked else []
    template = "shared/_found.html" if request.headers.get("HX-Request") else "shared/search.html"
    return render(request, template, {"groups": groups, "asked": asked})


def _groups(reach: Reach, asked: str) -> Iterable[dict[str, Any]]:
    stages, steps = dict(DealStage.choices), dict(LeadStage.choices)
    if reach.may("customers"):
        open_numbers = "contacts" not in reach.masks("customers")
        customers = reach.rows(reads.customers(asked, numbers=open_numbers), "customers", leads=FROM_LEAD)
        found = customers.order_by("name", "id").values_list("pk", "name", "owner__name")[:MOST]
        yield _group(pgettext("place", "客户"), "building-2", "customer", found)
    if reach.may("deals"):
        deals = reach.rows(reads.deals(asked), "deals").order_by("-id").values_list("pk", "name", "stage")[:MOST]
        yield _group(
            pgettext("place", "商机"), "handshake", "deal", ((pk, name, stages[key]) for pk, name, key in deals)
        )
    if reach.may("leads"):
        open_numbers = "contacts" not in reach.masks("leads")
        leads = reach.rows(reads.leads(asked, numbers=open_numbers).filter(in_pool=False), "leads")
        newest = leads.order_by("-id").values_list("pk", "name", "stage")[:MOST]
        yield _group(
            pgettext("place", "线索"), "user-plus", "lead", ((pk, name, steps[key]) for pk, name, key in newest)
        )
    if reach.may("people"):
        named = Q(name__icontains=asked) | Q(employee_no__iexact=asked)
        people = reach.people().filter(named).values_list("pk", "name", "employee_no")[:MOST]
        yield _group(pgettext("place", "人员"), "user", "person", people)


def _group(label: str, icon: str, page: str, found: Iterable[tuple[Any, ...]]) -> dict[str, Any]:
    rows = [{"url": reverse(page, args=[pk]), "name": name, "under": under or ""} for pk, name, under in found]
    return {"label": label, "icon": icon, "rows": rows}
