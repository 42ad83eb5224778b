"""The customer's card, its forms, contacts, and merging of duplicates."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pacesetter.activity import reads as activity_reads
from pacesetter.journal.models import Entry
from pacesetter.lib.refusal import Refusal
from pacesetter.people.reach import Reach
from pacesetter.people.rights import Scope
from pacesetter.pipeline import acts, reads, rules
from pacesetter.pipeline.models import Contact, Customer, Deal, Instalment, Lead

from ... import door
from ...forms.pipeline import Assign, ContactForm, CustomerForm
from ..sheet import sheet
from . import card, needs, tier
from .listing import masked
from .lists import FROM_LEAD
from .write import FORM, chooses, find, kind_words, sellers


def customer(request: HttpRequest, pk: int) -> HttpResponse:
    """One customer: next step, deals, one timeline, contacts, money."""
    reach, today = door.viewer(request), door.today(request)
    row: Customer = find(request, Customer, "customers", pk)
    if row.merged_into_id is not None:
        return redirect("customer", row.merged_into_id)
    deals = list(reach.rows(reads.deals().filter(customer=row), "deals").order_by("-id")[:50])
    still = [deal for deal in deals if deal.stage in rules.OPEN_STAGES]
    steps = sorted((deal for deal in still if deal.next_on), key=lambda deal: deal.next_on or today)
    page = max(1, int(request.GET["page"])) if request.GET.get("page", "").isdigit() else 1
    moments: list[Any] = []
    more = False
    if reach.may("activities") or reach.may("deals"):
        moments, more = activity_reads.timeline(customer=row, page=min(page, 200), keep=reach.rows)
    lines: list[Any] = []
    if reach.may("money"):
        lines = _instalments(reach, row)
    writes = card.writes(reach, Customer.objects.filter(pk=pk), "customers")
    terms = activity_reads.terms_of_day(today)
    contacts = card.contacts_of(reach, row)
    counted = {pk: len(contacts)} if reach.may("contacts") else None
    logs = writes and reach.may("activities", "write")
    return render(request, "pipeline/customer.html", {
        "row": row,
        "came_from": card.came_from("customer", pk, moments),
        "tier_by": tier.word(row),
        "tier_ruled": not row.tier and (terms.tiers is not None or tier.reads.tier_rules().exists()),
        "phone": masked(row.phone) if "contacts" in reach.masks("customers") else row.phone,
        "deals": _with_money(lines, deals, today,
                            needs.of(reach, deals, today, contacts=counted, settings=terms.hints)),
        "next": steps[0] if steps else None,
        "today": today,
        "moments": moments,
        "names": _names(moments),
        "kinds": kind_words(terms.kinds),
        "page_number": page,
        "more": more,
        "contacts": contacts,
        "owed": [(line, rules.ageing(line.due_on, today) if line.left_minor > 0 else "") for line in lines
                 if line.seen][:50],
        "leads": reach.rows(Lead.objects.filter(customer=row), "leads")[:20] if reach.may("leads") else [],
        "may": {
            "write": writes,
            "deal": reach.may("deals", "write") and writes,
            "log": logs,
            "contacts": writes and reach.may("contacts", "write"),
            "assign": chooses(reach, "customers") and writes,
            "money": reach.may("money", "write"),
            "prices": reach.may("deals"),
        },
        "won": [deal for deal in deals if deal.stage == "won"],
        "extra": row.extra if isinstance(row.extra, dict) else {},
        **(card.log_context(request, row, contacts, deals, terms) if logs else {}),
    })  # fmt: skip


def _instalments(reach: Reach, row: Customer) -> list[Any]:
    """The customer's planned payments; `seen` = this reader's own list shows them, the others only count in a rate."""
    in_reach = reach.rows(Instalment.objects.filter(pk=OuterRef("pk")), "money", owner="person_id", team="team_id",
                          on="due_on")  # fmt: skip
    rows = reads.instalments().filter(customer=row).annotate(seen=Exists(in_reach))
    return list(rows.order_by("due_on")[:500])


def _with_money(
    lines: list[Any], deals: list[Deal], today: Any, told: dict[int, list[needs.Told]]
) -> list[tuple[Deal, reads.Collection, list[needs.Told]]]:
    money = reads.collection_of(lines, today)
    return [(deal, money.get(deal.pk, reads.Collection()), told.get(deal.pk, [])) for deal in deals]


def _names(moments: list[Any]) -> dict[int, str]:
    """Person → name, of everybody in a timeline."""
    return {m.person_id: m.row.person.name for m in moments if m.person_id}


@door.acts_once
def new(request: HttpRequest) -> HttpResponse:
    """Add a customer."""
    reach, on = door.need(request, "customers", "write"), door.today(request)
    name = request.GET.get("name", "")[:200]
    lead = (
        find(request, Lead, "leads", int(request.GET["lead"]), "write")
        if request.GET.get("lead", "").isdigit()
        else None
    )
    start = {"owner": reach.person_id, "name": lead.name if lead else name}
    if lead:
        start |= {
            "source": lead.source,
            "industry": lead.industry,
            "region": lead.customer_region,
            "phone": lead.mobile,
        }
    form = CustomerForm(request.POST or None, on=on, people=sellers(reach, "customers"), initial=start)
    if not chooses(reach, "customers"):
        del form.fields["owner"]

    def run(asked: dict[str, Any]) -> str:
        owner = asked.pop("owner", None) if "owner" in asked else door.actor(request)
        asked["code"] = asked["code"] or None
        row = acts.add_customer(owner=owner, lead=lead, by=door.actor(request), at=door.at(request), **asked)
        return reverse("customer", args=[row.pk])

    twins = []
    if request.method == "POST" and form.is_valid():
        twins = reads.same_name(
            form.cleaned_data["name"], reach.rows(Customer.objects.filter(merged_into=None), "customers")
        )
    return sheet(request, form, run, template=FORM, title=_("新建客户"), crumb=pgettext_lazy("place", "客户"),
                 crumb_url=reverse("customers"), said=_("已新建。下一步：记第一次跟进。"), twins=twins)  # fmt: skip


@door.acts_once
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a customer."""
    row: Customer = find(request, Customer, "customers", pk, "write")
    names = ("name", "industry", "region", "tier", "size", "phone", "address", "source", "code", "note", "version")
    form = CustomerForm(request.POST or None, on=door.today(request), initial={n: getattr(row, n) for n in names})
    del form.fields["owner"]

    def run(asked: dict[str, Any]) -> str:
        asked["code"] = asked["code"] or None
        acts.change_customer(row, by=door.actor(request), at=door.at(request), **asked)
        return reverse("customer", args=[row.pk])

    return sheet(request, form, run, template=FORM, title=_("修改客户"), crumb=row.name, said=_("已保存。"),
                 crumb_url=reverse("customer", args=[pk]))  # fmt: skip


@door.acts_once
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand a customer over."""
    reach = door.need(request, "customers", "write")
    row: Customer = find(request, Customer, "customers", pk, "write")
    if not chooses(reach, "customers"):
        raise Http404
    form = Assign(request.POST or None, on=door.today(request), people=sellers(reach, "customers"),
                  initial={"owner": row.owner_id, "version": row.version})  # fmt: skip

    def run(asked: dict[str, Any]) -> str:
        acts.assign_customer(row, by=door.actor(request), at=door.at(request), **asked)
        return reverse("customer", args=[row.pk])

    return sheet(request, form, run, template=FORM, title=_("交接客户"), crumb=row.name, submit=_("交接"),
                 said=_("已交接。进行中的商机仍归原负责人。"), crumb_url=reverse("customer", args=[pk]))  # fmt: skip


def _card_of(request: HttpRequest, row: Customer) -> str:
    """The card a contact's form was opened from: of this customer, or of one of its deals."""
    text = request.GET.get("deal", "")
    deals = door.viewer(request).rows(Deal.objects.filter(customer=row), "deals")
    if text.isdigit() and len(text) < 18 and deals.filter(pk=int(text)).exists():
        return reverse("deal", args=[int(text)])
    return reverse("customer", args=[row.pk])


@door.acts_once
def contact_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a contact."""
    door.need(request, "contacts", "write")
    row: Customer = find(request, Customer, "customers", pk, "write")
    back = _card_of(request, row)
    form = ContactForm(request.POST or None, on=door.today(request))
    del form.fields["archived"]

    def run(asked: dict[str, Any]) -> str:
        acts.add_contact(row, by=door.actor(request), at=door.at(request), **asked)
        return back

    return sheet(request, form, run, template=FORM, title=_("新增联系人"), crumb=row.name, said=_("已新增联系人。"),
                 crumb_url=back)  # fmt: skip


@door.acts_once
def contact_edit(request: HttpRequest, pk: int, contact_pk: int) -> HttpResponse:
    """Change a contact."""
    door.need(request, "contacts", "write")
    row: Customer = find(request, Customer, "customers", pk, "write")
    contact = Contact.objects.filter(customer=row, pk=contact_pk).first()
    if contact is None:
        raise Http404
    back = _card_of(request, row)
    names = ("name", "title", "decision_role", "mobile", "email", "note", "archived")
    form = ContactForm(request.POST or None, on=door.today(request), initial={n: getattr(contact, n) for n in names})

    def run(asked: dict[str, Any]) -> str:
        acts.change_contact(contact, by=door.actor(request), at=door.at(request), **asked)
        return back

    return sheet(request, form, run, template=FORM, title=_("修改联系人"), crumb=row.name, said=_("已保存。"),
                 crumb_url=back)  # fmt: skip


def duplicates(request: HttpRequest) -> HttpResponse:
    """Customers that look like one, and merges that can be taken back."""
    reach = door.need(request, "customers", "write")
    rows = reach.rows(Customer.objects.filter(merged_into=None), "customers", "write", leads=FROM_LEAD)
    mine = Entry.objects.filter(act="merge_customers")
    if reach.scope("customers", "write") != Scope.ALL:
        mine = mine.filter(by_id=reach.person_id)
    standing = Customer.objects.filter(merged_into__isnull=False).values_list("pk", flat=True)
    done = [entry for entry in mine[:20] if entry.before.get("drop_id") in set(standing)]
    return render(request, "pipeline/duplicates.html", {
        "groups": reads.duplicates(rows), "done": done, "key": door.form_key(request),
    })  # fmt: skip


@door.acts_once
def merge(request: HttpRequest) -> HttpResponse:
    """Merge the chosen customers into the one to keep."""
    reach = door.need(request, "customers", "write")
    if request.method != "POST":
        return redirect("duplicates")
    rows = reach.rows(Customer.objects.filter(merged_into=None), "customers", "write")
    keep = rows.filter(pk=_id(request.POST.get("keep"))).first()
    drops = list(rows.filter(pk__in=[_id(text) for text in request.POST.getlist("drop")]))
    if keep is None or not drops:
        raise Refusal(_("选一个要保留的客户，再勾选要并进去的。"), code="required", field="keep")
    for drop in drops:
        if drop.pk != keep.pk:
            acts.merge_customers(keep=keep, drop=drop, by=door.actor(request), at=door.at(request))
    messages.success(request, _("已合并。合并可以在查重页撤销。"))
    return redirect("customer", keep.pk)


def _id(text: str | None) -> int:
    return int(text) if text and text.isdigit() and len(text) < 18 else 0


@door.acts_once
def unmerge(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a merge back."""
    reach = door.need(request, "customers", "write")
    entry = Entry.objects.filter(act="merge_customers", pk=pk).first()
    if entry is None or (reach.scope("customers", "write") != Scope.ALL and entry.by_id != reach.person_id):
        raise Http404
    if request.method != "POST":
        return redirect("duplicates")
    row = acts.undo_merge(entry=entry, by=door.actor(request), at=door.at(request))
    messages.success(request, _("已撤销合并。"))
    return redirect("customer", row.pk)
