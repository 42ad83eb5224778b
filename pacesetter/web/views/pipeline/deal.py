"""The deal's card and every step of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pacesetter.activity import reads as activity_reads
from pacesetter.lib.refusal import Refusal
from pacesetter.people.rights import Scope
from pacesetter.pipeline import acts, reads, rules
from pacesetter.pipeline.acts.posting import credits_of
from pacesetter.pipeline.models import Customer, Deal, DealStage, Lead

from ... import door
from ...forms.pipeline import LINES, Assign, DealBack, DealCancel, DealForm, Reason, Shares
from ..sheet import sheet
from . import card, needs, stage
from .customer import _names
from .write import FORM, chooses, find, kind_words, offered, products, sellers

FIELDS = ("name", "stage", "amount_minor", "expected_on", "source", "competitor", "tax_basis", "contract_no",
          "next_step", "next_on", "note", "version")  # fmt: skip


def deal(request: HttpRequest, pk: int) -> HttpResponse:
    """One deal: the next step, what it needs, its way, one timeline, contacts, credits, money."""
    reach, today = door.viewer(request), door.today(request)
    row: Deal = find(request, Deal, "deals", pk)
    medians = reads.usual_days()
    here, usual = reads.stage_days(row, today), medians.get(row.stage, (None, 0))[0]
    page = max(1, int(request.GET["page"])) if request.GET.get("page", "").isdigit() else 1
    moments, more = activity_reads.timeline(deal=row, page=min(page, 200), keep=reach.rows)
    instalments = list(reads.instalments().filter(deal=row).order_by("due_on")[:200]) if reach.may("money") else []
    money = reads.collection_of(instalments, today).get(pk)
    writes = card.writes(reach, Deal.objects.filter(pk=pk), "deals")
    closed = row.stage not in rules.OPEN_STAGES
    customer = row.customer
    if customer is not None and not reach.rows(Customer.objects.filter(pk=customer.pk), "customers").exists():
        customer = None
    back = list(row.reversals.order_by("on")) if closed else []
    terms = activity_reads.terms_of_day(today)
    may = {
        "write": writes,
        "log": writes and reach.may("activities", "write"),
        "assign": writes and chooses(reach, "deals"),
        "contacts": customer is not None and writes and reach.may("contacts", "write")
        and card.writes(reach, Customer.objects.filter(pk=customer.pk), "customers"),
        "shares": writes and (row.stage != "won" or reach.scope("deals", "write") >= Scope.TEAM),
        "reverse": writes and row.stage == "won",
        "money": reach.may("money", "write") and row.customer_id is not None,
        "see_money": reach.may("money"),
    }  # fmt: skip
    contacts = card.contacts_of(reach, customer) if customer is not None else []
    counted = {customer.pk: len(contacts)} if customer is not None and reach.may("contacts") else None
    then = stage.following(row.stage)
    return render(request, "pipeline/deal.html", {
        "row": row,
        "customer": customer,
        "contact_query": f"?deal={pk}",
        "came_from": card.came_from("deal", pk, moments),
        "here": here,
        "usual": usual,
        "slow": here is not None and usual is not None and here > usual,
        "today": today,
        "path": [(key, word) for key, word in DealStage.choices if key in (*rules.OPEN_STAGES, "won")],
        "then": {"key": then, "word": dict(DealStage.choices)[DealStage(then)], "url": stage.address(row, then)},
        "hints": needs.of(reach, [row], today, usual=medians, contacts=counted, settings=terms.hints).get(pk, []),
        "lines": row.lines.select_related("product").order_by("id"),
        "shares": reads.shares(row),
        "reversals": back,
        "left_minor": rules.reversible(row.amount_minor or 0, (one.amount_minor for one in back)),
        "money": money,
        "instalments": [(i, rules.ageing(i.due_on, today) if i.left_minor > 0 else "") for i in instalments],
        "contacts": contacts,
        "moments": moments,
        "names": _names(moments),
        "kinds": kind_words(terms.kinds),
        "page_number": page,
        "more": more,
        "closed": closed,
        "celebrates": row.stage == "won" and bool(request.GET.get("won")),
        "may": may,
        "extra": row.extra if isinstance(row.extra, dict) else {},
        **(card.log_context(request, customer, contacts, [row], terms, row) if may["log"] else {}),
    })  # fmt: skip


@door.acts_once
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand a deal over, with a reason; its history keeps from whom."""
    reach = door.need(request, "deals", "write")
    row: Deal = find(request, Deal, "deals", pk, "write")
    if not chooses(reach, "deals"):
        raise Http404
    form = Assign(request.POST or None, on=door.today(request), people=sellers(reach, "deals"),
                  initial={"owner": row.owner_id, "version": row.version})  # fmt: skip

    def run(values: dict[str, Any]) -> str:
        acts.change_deal(row, by=door.actor(request), at=door.at(request), **values)
        return reverse("deal", args=[pk])

    return sheet(request, form, run, template=FORM, title=_("交接商机"), crumb=row.name, submit=_("交接"),
                 said=_("已交接。"), sub=_("赢单之后交接要写原因，业绩的差额记在今天。") if row.stage == "won" else "",
                 crumb_url=reverse("deal", args=[pk]))  # fmt: skip


@door.acts_once
def new(request: HttpRequest) -> HttpResponse:
    """Open a deal, from a customer's card or from nothing."""
    reach, on = door.need(request, "deals", "write"), door.today(request)
    asked = request.GET
    text = asked.get("customer", "")
    customer = find(request, Customer, "customers", int(text)) if text.isdigit() else None
    lead = find(request, Lead, "leads", int(asked["lead"]), "write") if asked.get("lead", "").isdigit() else None
    start = {"owner": reach.person_id, "customer": customer, "source": lead.source if lead else ""}
    form = DealForm(
        request.POST or None, on=on, people=sellers(reach, "deals"), products=products(), initial=start,
        offered=offered(reach, "customer", verb="read"),
    )  # fmt: skip
    del form.fields["reason"]
    if not chooses(reach, "deals"):
        del form.fields["owner"]

    def run(values: dict[str, Any]) -> str:
        lines = form.lines()
        kept = {name: value for name, value in values.items() if not name.startswith("line_")}
        owner = kept.pop("owner", None) if "owner" in kept else door.actor(request)
        row = acts.open_deal(owner=owner, on=kept.pop("opened_on"), lead=lead, lines=lines, by=door.actor(request),
                             at=door.at(request), **kept)  # fmt: skip
        return reverse("deal", args=[row.pk])

    back = reverse("customer", args=[customer.pk]) if customer else reverse("deals")
    return sheet(request, form, run, template=FORM, title=_("新建商机"),
                 crumb=customer.name if customer else pgettext_lazy("place", "商机"),
                 crumb_url=back, said=_("已新建商机。"))  # fmt: skip


@door.acts_once
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a deal; what was won is corrected forward."""
    reach = door.need(request, "deals", "write")
    row: Deal = find(request, Deal, "deals", pk, "write")
    rows = list(row.lines.order_by("id"))
    start = {name: getattr(row, name) for name in FIELDS} | {"owner": row.owner_id, "customer": row.customer}
    for place, line in enumerate(rows[:LINES]):
        start |= {f"line_{place}_product": line.product_id, f"line_{place}_name": line.name,
                  f"line_{place}_amount": line.amount_minor}  # fmt: skip
    if rows:
        start["amount_minor"] = None
    form = DealForm(request.POST or None, on=door.today(request), people=sellers(reach, "deals"), initial=start,
                    products=products(), offered=offered(reach, "customer", verb="read"))  # fmt: skip
    for name in ("stage", "opened_on", *(() if chooses(reach, "deals") else ("owner",))):
        del form.fields[name]
    if row.stage != "won":
        del form.fields["reason"]
    if len(rows) > LINES:
        # more lines than boxes: they stay as they are
        for name in [name for name in form.fields if name.startswith("line_")]:
            del form.fields[name]
        form.main_fields = lambda: list(form)  # type: ignore[method-assign]
        form.line_rows = list  # type: ignore[method-assign]

    def run(values: dict[str, Any]) -> str:
        kept = {name: value for name, value in values.items() if not name.startswith("line_")}
        lines = form.lines() if "line_0_amount" in form.fields else None
        same = [(x.product_id, x.name, x.amount_minor) for x in rows]
        if lines is not None and [(x.product.pk if x.product else None, x.name or str(x.product or ""), x.amount)
                                  for x in lines] == same:  # fmt: skip
            lines = None
        if rows and not lines:
            kept.pop("amount_minor", None)
        acts.change_deal(row, lines=lines or None, by=door.actor(request), at=door.at(request), **kept)
        return reverse("deal", args=[pk])

    return sheet(request, form, run, template=FORM, title=_("修改商机"), crumb=row.name, said=_("已保存。"),
                 crumb_url=reverse("deal", args=[pk]))  # fmt: skip


def _step(
    request: HttpRequest, pk: int, make: Callable[[Deal, dict[str, Any]], Any], run: Callable[..., Any], title: Any,
    said: Any, start: Callable[[Deal], dict[str, Any]] = lambda _row: {}, **words: Any,
) -> HttpResponse:  # fmt: skip
    """A form about one deal that ends on its card."""
    row: Deal = find(request, Deal, "deals", pk, "write")
    form = make(row, {"initial": {"version": row.version, **start(row)}, "on": door.today(request)})

    def act(values: dict[str, Any]) -> str:
        run(row, by=door.actor(request), at=door.at(request), **values)
        return reverse("deal", args=[pk])

    return sheet(request, form, act, template=FORM, title=title, crumb=row.name, said=said,
                 crumb_url=reverse("deal", args=[pk]), **words)  # fmt: skip


@door.acts_once
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Taken back."""
    return _step(request, pk, lambda _row, how: Reason(request.POST or None, **how), acts.reopen_deal,
                 _("重新打开"), _("已重新打开。"), sub=_("回到谈判阶段，这次结果当作没有发生过。"),
                 submit=_("重新打开"))  # fmt: skip


@door.acts_once
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancelled."""
    return _step(request, pk, lambda _row, how: DealCancel(request.POST or None, **how), acts.cancel_deal,
                 _("取消商机"), _("已取消。"), sub=_("进行中的离开漏斗；已赢的从取消当天的期间扣减。"),
                 submit=_("取消商机"), back=_("先不取消"))  # fmt: skip


@door.acts_once
def refund(request: HttpRequest, pk: int) -> HttpResponse:
    """Money or goods back."""

    def make(_row: Deal, how: dict[str, Any]) -> DealBack:
        form = DealBack(request.POST or None, **how)
        form.fields.pop("version", None)
        return form

    return _step(
        request,
        pk,
        make,
        acts.refund_deal,
        _("退款或退货"),
        _("已登记，业绩从今天的期间扣减。"),
        sub=_("从退款当天的期间扣减，不改过去的数。"),
        submit=_("登记"),
    )


@door.acts_once
def shares(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is credited."""
    reach = door.need(request, "deals", "write")
    row: Deal = find(request, Deal, "deals", pk, "write")
    if reach.scope("deals", "write") < Scope.TEAM and row.stage == "won":
        raise Http404
    credits = [credit for credit in credits_of(row) if credit.person_id is not None]
    form = Shares(request.POST or None, on=door.today(request), people=_colleagues(),
                  initial={"version": row.version, **Shares.initial_of(credits)})  # fmt: skip

    def run(values: dict[str, Any]) -> str:
        if len(credits) > 4:
            raise Refusal(_("这个商机有超过 4 份，请用导入或接口修改。"), code="too_many")
        acts.set_credits(row, credits=form.credits(), reason=values["reason"], version=values.get("version"),
                         by=door.actor(request), at=door.at(request))  # fmt: skip
        return reverse("deal", args=[pk])

    return sheet(request, form, run, template=FORM, title=_("业绩分配"), crumb=row.name, said=_("已保存份额。"),
                 sub=_("基本份额合计必须是 100%；叠加另计。"), crumb_url=reverse("deal", args=[pk]))  # fmt: skip


def _colleagues() -> Any:
    """Everybody who sells: a deal may be shared across teams."""
    from pacesetter.people.models import Person

    live = Person.objects.filter(merged_into=None, access_ended=False)
    sells = live.filter(role_grants__role__in=("rep", "manager", "director"))
    return sells.distinct().order_by("name", "id")
