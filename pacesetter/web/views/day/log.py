"""S02 记跟进: the sheet, what it sends, its undo. Answers JSON to the sheet's script, pages to everybody else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from pacesetter.activity import acts, reads
from pacesetter.activity.models import Activity, PlanItem
from pacesetter.lib.refusal import OutOfReach, Refusal
from pacesetter.people.models import Person
from pacesetter.people.reach import Reach
from pacesetter.pipeline import acts as pipeline
from pacesetter.pipeline.models import Contact, Customer, Deal, Lead

from ... import door, show
from ...forms.day import LogForm
from ...templatetags.records import step_word
from ..pipeline.write import find
from . import sheet
from .rings import lead, rings

# an undo belongs to the toast it stands on
UNDO_WITHIN = timedelta(minutes=15)
# what a phone says of the past is believed as far back as it may be logged at all
CLOCK_AHEAD = timedelta(minutes=5)
FOUND = 12
# a line that comes with the address, from a message to the bot
SAID = 300


@door.acts_once
def log(request: HttpRequest) -> HttpResponse:
    """The sheet as a page of its own; what it sends is logged once."""
    reach = door.need(request, "activities", "write")
    if request.method != "POST":
        return render(request, "day/log.html", {**sheet.context(request), **_start(request)})
    if door.view_as(request) is not None:
        raise Http404
    form = LogForm(request.POST)
    if not form.is_valid():
        return _refused(request, [(name, str(errors[0])) for name, errors in form.errors.items()], "form")
    try:
        row = _log(request, reach, form.cleaned_data)
    except OutOfReach as error:
        raise Http404 from error
    except Refusal as refusal:
        return _refused(request, [(refusal.field, str(refusal))], refusal.code)
    said = _said(row)
    undo = reverse("log_undo", args=[row.pk])
    if not door.json(request):
        messages.success(request, said, extra_tags=undo)
        return redirect("my_day")
    return JsonResponse({"id": row.pk, "said": said, "undo": undo, "effective": row.effective, "state": row.state,
                         "failed": row.failed, "open": _next_page(row), **_moved(request)})  # fmt: skip


def _next_page(row: Activity) -> str:
    """Where the sheet goes on: a report is written after its record."""
    return reverse("report_edit", args=[row.pk]) if row.kind == "needs_report" and row.withdrawn_at is None else ""


def _moved(request: HttpRequest) -> dict[str, Any]:
    """The rings as they stand now, and the day in one sentence."""
    drawn = rings(door.viewer(request), door.today(request))
    return {"rings": [ring.as_json() for ring in drawn], "lead": lead(drawn)}


def _log(request: HttpRequest, reach: Reach, values: dict[str, Any]) -> Activity:
    """Resolve what was chosen within reach and log it; a new customer is made with its name only."""
    me, at = door.actor(request), door.at(request)
    plan = _mine(PlanItem.objects.select_related("customer", "deal", "lead"), reach, values.pop("plan"))
    named = reads.about(reach, customer=values.pop("customer"), deal=values.pop("deal"), lead=values.pop("lead"))
    customer, deal, lead = named.customer, named.deal, named.lead
    name = values.pop("customer_name").strip()
    if plan is not None and customer is None and not name:
        customer, deal, lead = plan.customer, deal or plan.deal, lead or plan.lead
    if customer is None and deal is None and lead is None and name:
        # the customer of a deal of mine is not made a second time
        customer = reads.of_my_work(reach).filter(name=name).order_by("id").first()
    if customer is None and deal is None and lead is None and name:
        customer = pipeline.add_customer(name=name, owner=me, by=me, at=at)
    contact_id, contact = values.pop("contact"), None
    about = customer or (deal.customer if deal else None)
    if contact_id is not None:
        contact = Contact.objects.filter(pk=contact_id, customer=about, archived=False).first()
        if contact is None:
            raise Refusal(_("这位联系人属于另一个客户。"), code="choice", field="contact")
    companion = _companion(reach, values.pop("companion"))
    place = None
    lat, lon, metres = values.pop("lat"), values.pop("lon"), values.pop("metres")
    if lat is not None and lon is not None:
        place = acts.Place(lat, lon, metres)
    made_at = values.pop("made_at")
    # a header, not a field: the body of a retry must be the body of the first attempt
    channel = "outbox" if request.headers.get("X-Pace-Outbox") else values.pop("channel") or "sheet"
    values.pop("channel", None)
    on = values.pop("on")
    today = door.today(request)
    happened = at if on in (None, today) else None
    if channel == "outbox" and made_at is not None:
        happened = _believed(made_at, at)
        on = on if on is not None and on != today else None
    return acts.log_activity(
        person=me, by=me, at=at, on=on, happened_at=happened, customer=customer, contact=contact, deal=deal, lead=lead,
        key=door_key(request), plan=plan, twin=values.pop("twin") or "ask", place=place, channel=channel,
        asks_confirmation=values.pop("ask_manager"), companion=companion, **values,
    )  # fmt: skip


def door_key(request: HttpRequest) -> Any:
    """The sheet's number as the record keeps it; a number that is none is only good for the answer book."""
    import uuid

    try:
        return uuid.UUID(request.POST.get(door.KEY, ""))
    except ValueError:
        return None


def _believed(made_at: datetime, at: datetime) -> datetime:
    """When a phone says it happened; a clock that runs ahead is brought back to now."""
    told = made_at if made_at.tzinfo else made_at.replace(tzinfo=UTC)
    return at if told > at + CLOCK_AHEAD else min(told, at)


def _mine(rows: Any, reach: Reach, pk: int | None) -> Any:
    if pk is None:
        return None
    found = rows.filter(pk=pk, person=reach.person_id).first()
    if found is None:
        raise Http404
    return found


def _companion(reach: Reach, pk: int | None) -> Person | None:
    """Who was along: somebody the author may name."""
    if pk is None:
        return None
    found = reads.colleagues(reach.person, reach.on).filter(pk=pk).first()
    if found is None:
        raise Refusal(_("同行的人从名单里选：主管、师傅或同队同事。"), code="choice", field="companion")
    return found


def _said(row: Activity) -> str:
    """What the toast says: whether it counts, and the next step."""
    parts = []
    if row.state in ("valid", "confirmed"):
        parts.append(_("已记，算有效拜访。"))
    elif row.state == "unverified":
        parts.append(_("已记，等主管确认后计入。") if row.backdated else _("已记，待核实后计入。"))
    elif row.state == "not_effective":
        parts.append(_("已记，不计有效，可以补。"))
    else:
        parts.append(_("已记。"))
    if row.next_step and row.next_on:
        day = " ".join(filter(None, (show.day(row.next_on), f"{row.next_time:%H:%M}" if row.next_time else "")))
        parts.append(_("下一步：%(day)s %(step)s") % {"day": day, "step": step_word(row.next_step)})
    return " ".join(parts)


def _refused(request: HttpRequest, faults: list[tuple[str, str]], code: str) -> HttpResponse:
    if door.json(request):
        return JsonResponse({"code": code, "faults": [{"field": f, "text": t} for f, t in faults]}, status=422)
    context = {**sheet.context(request), **_start(request), "sheet_faults": [text for _field, text in faults],
               "sheet_code": code, "sheet_key": door.form_key(request), "sent": request.POST}  # fmt: skip
    return render(request, "day/log.html", context, status=422)


def _start(request: HttpRequest) -> dict[str, Any]:
    """What the sheet opens with: the plan, deal, customer or lead of the address, if in reach."""
    reach = door.viewer(request)
    asked: dict[str, Any] = {"kind": request.GET.get("kind", "")[:40]}
    plan = deal = customer = lead = None
    if (pk := _number(request, "plan")) is not None:
        plan = _mine(PlanItem.objects.select_related("customer", "deal", "lead"), reach, pk)
        customer, deal, lead, asked["plan"] = plan.customer, plan.deal, plan.lead, plan.pk
        asked["kind"] = asked["kind"] or plan.kind
    if (pk := _number(request, "deal")) is not None:
        deal = find(request, Deal, "deals", pk, "write")
        customer = deal.customer
    if (pk := _number(request, "lead")) is not None:
        lead = find(request, Lead, "leads", pk, "write", pool=True)
    if (pk := _number(request, "customer")) is not None:
        customer = find(request, Customer, "customers", pk, "write")
    if customer is not None:
        asked["customer"] = sheet.told(reach, [customer])[0]
    if deal is not None:
        asked["deal"] = {"id": deal.pk, "name": deal.name}
    if lead is not None:
        asked["lead"] = sheet.lead_told(lead)
    if said := request.GET.get("say", "").strip()[:SAID]:
        asked["say"] = said
    return {"sheet_start": asked}


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None


def find_customers(request: HttpRequest) -> HttpResponse:
    """Customers in reach by a part of their name, for those the sheet does not know by heart."""
    reach = door.need(request, "activities", "write")
    words = request.GET.get("q", "").strip()[:60]
    rows = reads.customers_to_log(reach).filter(merged_into=None)
    found = rows.filter(name__icontains=words).order_by("name", "id")[:FOUND] if words else []
    return JsonResponse({"customers": sheet.told(reach, found)})


def known(request: HttpRequest) -> HttpResponse:
    """My customers with their contacts and open deals: what the sheet knows by heart."""
    reach = door.need(request, "activities", "write")
    rows = sheet.told(reach, sheet.mine(reach))
    along = reads.colleagues(reach.person, reach.on).values_list("pk", "name", "employee_no")[: sheet.KNOWN]
    named = [{"id": pk, "name": " · ".join(filter(None, (name, number)))} for pk, name, number in along]
    return JsonResponse({"customers": rows, "more": len(rows) >= sheet.KNOWN, "colleagues": named})


def token(request: HttpRequest) -> HttpResponse:
    """A fresh form token and who is signed in: what an outbox needs after a new sign-in."""
    answer = JsonResponse({"token": get_token(request), "person": door.actor(request).pk})
    answer["Cache-Control"] = "no-store"
    return answer


@door.acts_once
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a log back that was just made; its plan is open again."""
    door.need(request, "activities", "write")
    me = door.actor(request)
    row = Activity.objects.filter(pk=pk, person=me).first()
    if row is None:
        raise Http404
    if request.method != "POST":
        return redirect("activity", pk)
    if door.at(request) - row.entered_at > UNDO_WITHIN:
        raise Refusal(_("已经过了 15 分钟。打开这条记录，可以修改或撤回。"), code="too_late")
    acts.withdraw_activity(row, reason=_("刚记就撤销"), by=me, at=door.at(request))
    return JsonResponse({"said": _("已撤销。"), **_moved(request)})
