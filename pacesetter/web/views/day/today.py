"""S01 我的一天: rings, what was promised, what suggests itself and why, what is done."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from pacesetter.activity import acts, reads
from pacesetter.activity.models import PlanItem
from pacesetter.activity.rules.hints import DEFAULTS
from pacesetter.lib.refusal import Refusal
from pacesetter.people.reach import Reach
from pacesetter.pipeline.models import Customer, Deal, Lead

from ... import door, show
from ...forms.day import DropForm, MoveForm, PlanForm
from ..goals import late
from ..goals.derived import of_my_day
from ..insights import questions
from ..pipeline.write import find
from . import aims, observation, reasons, sheet
from .rings import lead, rings_with

MOST_SUGGESTED = 40


@dataclass(frozen=True)
class Line:
    """One line of the day as the page draws it."""

    todo: reads.Todo
    kind: str
    why: str
    more: list[str]
    open: dict[str, Any]
    late: int = 0
    # one form key each: moving it (or planning a suggestion), and dropping it
    key: str = field(default_factory=lambda: uuid.uuid4().hex)
    key2: str = field(default_factory=lambda: uuid.uuid4().hex)

    @property
    def open_json(self) -> str:
        """What the sheet opens with."""
        return json.dumps(self.open, ensure_ascii=False)

    @property
    def name(self) -> str:
        """Whom it is about."""
        todo = self.todo
        return str(todo.customer or todo.lead or todo.deal or "")

    @property
    def url(self) -> str:
        """The sheet as a page, for readers without scripts."""
        names = ("plan", "deal", "customer", "lead", "kind")
        told: dict[str, Any] = {name: self.open[name] for name in names if name in self.open}
        return f"{reverse('log')}?{urlencode(told)}"

    @property
    def why_url(self) -> str:
        """Where the suggestion explains itself."""
        if self.todo.hint is None:
            return ""
        about = {"deal": self.todo.deal.pk} if self.todo.deal else {"customer": self.open.get("customer", "")}
        return f"{reverse('hint', args=[self.todo.hint.key])}?{urlencode(about)}"


def day_context(request: HttpRequest) -> dict[str, Any]:
    """What the list and the rings show."""
    reach, on = door.viewer(request), door.today(request)
    limit = MOST_SUGGESTED if request.GET.get("all") else reads.SUGGESTED
    terms = reads.terms_of_day(on)
    day = reads.my_day(reach, on, suggestions=limit, terms=terms)
    kinds = {kind.key: kind.zh if show.chinese() else kind.en for kind in terms.kinds}
    company = door.company(request)
    own = aims.held(reach, on)
    month = aims.month(reach, on, company, reach.person_id, own) if company else None
    asking = [month.question] if month and month.question else []
    drawn, beside = rings_with(asking, reach, on, aims.norms(own, terms.norms))
    if month and beside:
        month = month.told(beside[0].top)
    return {
        "lead": lead(drawn),
        "day": day,
        "overdue": [_line(todo, kinds, on) for todo in day.overdue],
        "due": [_line(todo, kinds, on) for todo in day.due],
        "suggested": [_line(todo, kinds, on) for todo in day.suggested],
        "done": day.done,
        "kinds": kinds,
        "terms": terms,
        "rings": drawn,
        "month": month,
        "tomorrow": on + timedelta(days=1),
        "monday": on + timedelta(days=7 - on.weekday()),
        "today": on,
    }


def _line(todo: reads.Todo, kinds: dict[str, str], on: date) -> Line:
    start: dict[str, Any] = {"kind": todo.kind}
    for name, row in (("plan", todo.plan), ("customer", todo.customer), ("deal", todo.deal), ("lead", todo.lead)):
        if row is not None:
            start[name] = row.pk
    if todo.lead is not None:
        start["leadName"], start["leadContact"] = todo.lead.name, todo.lead.contact_name
    if todo.customer is not None:
        start["name"] = todo.customer.name
    late = (on - todo.on).days if todo.on is not None and todo.on < on else 0
    more = [reasons.sentence(hint, stage=todo.deal.stage if todo.deal else "") for hint in todo.more]
    return Line(todo, kinds.get(todo.kind, todo.kind), reasons.why(todo), more, start, late)


def today(request: HttpRequest) -> HttpResponse:
    """The day of a reader who sells; its list alone when only that is asked for. Others have their first page."""
    if not door.viewer(request).may("activities", "write"):
        return redirect("home")
    context = day_context(request)
    if request.GET.get("part") == "list":
        return render(request, "day/_list.html", context)
    return render(
        request,
        "day/today.html",
        {
            **context,
            **sheet.context(request, context["terms"]),
            "sheet_start": {},
            **questions.news(request, door.viewer(request)),
            **observation.waiting(request),
            **of_my_day(request),
            **late.of_first_page(request),
        },
    )


def hint(request: HttpRequest, key: str) -> HttpResponse:
    """Why something is suggested: the rule with the company's days, this case's figures, and the order of the day."""
    reach, on = door.need(request, "activities"), door.today(request)
    if key not in DEFAULTS or not reach.may("deals"):
        raise Http404
    settings = reads.hint_settings()
    told = [
        reasons.Rule(one, *reasons.rule_words(one, settings[one].days), settings[one].days, DEFAULTS[one][1],
                     settings[one].active)
        for one in reasons.ordered()
    ]  # fmt: skip
    case: list[str] = []
    row: Any = None
    if request.GET.get("deal", "").isdigit():
        row = find(request, Deal, "deals", int(request.GET["deal"][:17]))
        for need in reads.deal_needs(reads.open_deals(Deal.objects.filter(pk=row.pk)), on, settings):
            case = [reasons.sentence(one, stage=row.stage) for one in need.hints]
    elif request.GET.get("customer", "").isdigit():
        row = find(request, Customer, "customers", int(request.GET["customer"][:17]))
        case = _owed(reach, row, on)
    template = "day/_hint.html" if getattr(request, "htmx", False) else "day/hint.html"
    chosen = next(one for one in told if one.key == key)
    return render(request, template, {"rule": chosen, "rules": told, "case": case, "row": row})


def _owed(reach: Reach, customer: Customer, on: date) -> list[str]:
    from pacesetter.pipeline import reads as pipeline

    rows = pipeline.instalments().filter(customer=customer)
    return [
        reasons.sentence(owed.hint, amount_minor=owed.left_minor) for owed in reads.overdue_money(rows, on)
    ]  # fmt: skip


# --- plans -----------------------------------------------------------------------------------------------------------
def _own(request: HttpRequest, pk: int) -> PlanItem:
    door.need(request, "activities", "write")
    row = PlanItem.objects.filter(pk=pk, person=door.actor(request)).select_related("customer", "deal", "lead").first()
    if row is None:
        raise Http404
    return row


@door.acts_once
def plan_new(request: HttpRequest) -> HttpResponse:
    """Plan something, or take a suggestion into the plan."""
    door.need(request, "activities", "write")
    if request.method != "POST":
        return redirect("my_day")
    form = PlanForm(request.POST)
    if not form.is_valid():
        raise Refusal(_("选一个日期和一个客户。"), code="required", field="on")
    values = form.cleaned_data
    found = {
        name: None if values[name] is None else find(request, model, entity, values[name], "write")
        for name, model, entity in (
            ("customer", Customer, "customers"), ("deal", Deal, "deals"), ("lead", Lead, "leads"),
        )
    }  # fmt: skip
    at = door.at(request)
    item = acts.plan_item(person=door.actor(request), on=values["on"], kind=values["kind"] or "visit",
                          purpose=values["purpose"], by=door.actor(request), at=at, **found)  # fmt: skip
    # one that stood there before is not this tap's to take back
    back = _undo(item) if item.created_at == at else ""
    messages.success(request, _("已排到 %(day)s。") % {"day": show.day(item.on)}, extra_tags=back)
    return redirect("my_day")


def _undo(item: PlanItem) -> str:
    """The address that takes back what was just done to a plan."""
    return f"{reverse('plan_undo', args=[item.pk])}?{urlencode({'version': item.version})}"


@door.acts_once
def plan_move(request: HttpRequest, pk: int) -> HttpResponse:
    """To another day."""
    item = _own(request, pk)
    if request.method != "POST":
        return redirect("my_day")
    form = MoveForm(request.POST)
    if not form.is_valid():
        raise Refusal(_("日期写成 2026-03-16 这样。"), code="shape", field="on")
    was = item.version
    item = acts.move_plan(item, on=form.cleaned_data["on"], by=door.actor(request), at=door.at(request))
    back = _undo(item) if item.version != was else ""
    messages.success(request, _("已改到 %(day)s。") % {"day": show.day(item.on)}, extra_tags=back)
    return redirect("my_day")


@door.acts_once
def plan_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """It will not be done."""
    item = _own(request, pk)
    if request.method != "POST":
        return redirect("my_day")
    form = DropForm(request.POST)
    if not form.is_valid():
        raise Refusal(_("请写一句原因。"), code="required", field="reason")
    item = acts.drop_plan(item, reason=form.cleaned_data["reason"], by=door.actor(request), at=door.at(request))
    messages.success(request, _("已取消。"), extra_tags=_undo(item))
    return redirect("my_day")


@door.acts_once
def plan_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back the last thing done to a plan; the toast knows which."""
    item = _own(request, pk)
    if request.method != "POST":
        return redirect("my_day")
    version = request.GET.get("version", "")
    known = int(version[:9]) if version.isascii() and version.isdigit() else 0
    acts.undo_plan(item, version=known, by=door.actor(request), at=door.at(request))
    messages.success(request, _("已撤销。"))
    return redirect("my_day")
