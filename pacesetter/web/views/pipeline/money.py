"""Finance's pages: invoices, planned payments, receipts and their allocation; products."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pacesetter.people.rights import Scope
from pacesetter.pipeline import acts, reads
from pacesetter.pipeline.models import Allocation, Customer, Deal, Instalment, Product, Receipt

from ... import door, show
from ...forms.money import Money
from ...forms.pipeline import InstalmentForm, InvoiceForm, ProductForm, Reason, ReceiptForm
from ..sheet import sheet
from .write import FORM, find, offered

HOW: dict[str, Any] = {"owner": "person_id", "team": "team_id"}


def _start(request: HttpRequest) -> dict[str, Any]:
    """The customer and deal whose card the form was opened from."""
    asked, start = request.GET, {}
    if asked.get("deal", "").isdigit():
        row: Deal = find(request, Deal, "deals", int(asked["deal"]))
        start = {"deal": row, "customer": row.customer}
    elif asked.get("customer", "").isdigit():
        start = {"customer": find(request, Customer, "customers", int(asked["customer"]))}
    return start


def _paper(request: HttpRequest, form_class: Any, act: Any, title: Any, said: Any, *names: str) -> HttpResponse:
    reach = door.need(request, "money", "write")
    form = form_class(request.POST or None, on=door.today(request), initial=_start(request),
                      offered=offered(reach, *names, verb="read"))  # fmt: skip

    def run(values: dict[str, Any]) -> str:
        row = act(by=door.actor(request), at=door.at(request), **values)
        return reverse("receipt", args=[row.pk]) if isinstance(row, Receipt) else reverse("collections")

    return sheet(request, form, run, template=FORM, title=title, said=said, crumb=_("应收与回款"),
                 crumb_url=reverse("collections"))  # fmt: skip


@door.acts_once
def invoice_new(request: HttpRequest) -> HttpResponse:
    """Enter an invoice."""
    return _paper(request, InvoiceForm, acts.issue_invoice, _("登记开票"), _("已登记开票。"), "customer", "deal")


@door.acts_once
def instalment_new(request: HttpRequest) -> HttpResponse:
    """Plan a payment."""
    return _paper(request, InstalmentForm, acts.plan_instalment, _("新增应收"), _("已新增应收。"), "customer", "deal")


@door.acts_once
def receipt_new(request: HttpRequest) -> HttpResponse:
    """Enter money that arrived."""
    return _paper(request, ReceiptForm, acts.record_receipt, _("登记回款"), _("已登记。接着认款。"), "customer")


@door.acts_once
def instalment_void(request: HttpRequest, pk: int) -> HttpResponse:
    """No longer owed."""
    reach = door.need(request, "money", "write")
    row = door.get_or_404(reach, Instalment.objects.all(), "money", pk, "write", on="due_on", **HOW)
    form = Reason(request.POST or None, on=door.today(request))

    def run(values: dict[str, Any]) -> str:
        acts.void_instalment(row, by=door.actor(request), at=door.at(request), **values)
        return reverse("collections")

    return sheet(request, form, run, template=FORM, title=_("作废应收"), crumb=_("应收与回款"), said=_("已作废。"),
                 submit=_("作废"), crumb_url=reverse("collections"))  # fmt: skip


class Parts(forms.Form):
    """How much of a receipt goes to each open instalment of its customer."""

    def __init__(self, *args: Any, rows: list[Any], free: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        for row in rows:
            part = min(free, row.left_minor)
            free -= part
            due = {"on": show.day(row.due_on), "left": show.money(row.left_minor)}
            self.fields[f"part_{row.pk}"] = Money(
                label=_("%(on)s 应收，未回 %(left)s") % due, required=False, initial=part or None
            )

    def parts(self) -> list[tuple[Instalment, int]]:
        """(instalment, amount) of the boxes that were filled in."""
        asked = self.cleaned_data
        return [(row, amount) for row in self.rows if (amount := asked[f"part_{row.pk}"])]


@door.acts_once
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """One receipt with its allocations; finance allocates what is free, oldest due first as a suggestion."""
    reach = door.need(request, "money")
    row = door.get_or_404(reach, reads.receipts(), "money", pk, on="on", **HOW)
    writes = reach.may("money", "write")
    if request.method == "POST" and not writes:
        raise Http404
    open_rows = list(
        reads.instalments().filter(customer=row.customer_id, left_minor__gt=0).order_by("due_on", "id")[:30]
    )
    form = Parts(request.POST or None, rows=open_rows, free=max(row.free_minor, 0)) if writes and open_rows else None
    context = {
        "row": row,
        "allocations": row.allocations.select_related("instalment", "instalment__deal", "by").order_by("id"),
        "writes": writes,
    }
    if form is None or row.free_minor <= 0:
        return render(request, "pipeline/receipt.html", context)

    def run(_values: dict[str, Any]) -> str:
        acts.allocate_receipt(row, parts=form.parts(), by=door.actor(request), at=door.at(request))
        return reverse("receipt", args=[pk])

    return sheet(request, form, run, template="pipeline/receipt.html", said=_("已认款。"), **context)


@door.acts_once
def allocation_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an allocation back."""
    reach = door.need(request, "money", "write")
    row = door.get_or_404(reach, Allocation.objects.all(), "money", pk, "write", on="on", **HOW)
    form = Reason(request.POST or None, on=door.today(request))
    back = reverse("receipt", args=[row.receipt_id])

    def run(values: dict[str, Any]) -> str:
        acts.withdraw_allocation(row, by=door.actor(request), at=door.at(request), **values)
        return back

    return sheet(request, form, run, template=FORM, title=_("撤下认款"), crumb=_("回款"), crumb_url=back,
                 sub=_("钱回到未认款，可以重新认。"), submit=_("撤下"),
                 said=_("已撤下，这笔钱可以重新认款。"))  # fmt: skip


# --- products --------------------------------------------------------------------------------------------------------
def _director(request: HttpRequest) -> None:
    if door.viewer(request).scope("deals", "write") != Scope.ALL:
        raise Http404


@door.acts_once
def product_new(request: HttpRequest) -> HttpResponse:
    """Add a product."""
    _director(request)
    form = ProductForm(request.POST or None, on=door.today(request))
    del form.fields["active"]

    def run(values: dict[str, Any]) -> str:
        acts.add_product(by=door.actor(request), at=door.at(request), **values)
        return reverse("products")

    return sheet(request, form, run, template=FORM, title=_("新增产品"), crumb=_("产品"), crumb_url=reverse("products"),
                 said=_("已新增产品。"))  # fmt: skip


@door.acts_once
def product_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a product."""
    _director(request)
    row = Product.objects.filter(pk=pk).first()
    if row is None:
        raise Http404
    names = ("name", "code", "category", "list_price_minor", "cost_minor", "active")
    form = ProductForm(request.POST or None, on=door.today(request), initial={n: getattr(row, n) for n in names})

    def run(values: dict[str, Any]) -> str:
        acts.change_product(row, by=door.actor(request), at=door.at(request), **values)
        return reverse("products")

    return sheet(request, form, run, template=FORM, title=_("修改产品"), crumb=_("产品"), crumb_url=reverse("products"),
                 said=_("已保存。"))  # fmt: skip
