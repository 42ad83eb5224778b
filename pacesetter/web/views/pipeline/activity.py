"""The list of activities, logging one, completing, confirming and withdrawing it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pacesetter.activity import acts, reads
from pacesetter.activity.models import Activity, VisitState
from pacesetter.people.models import Person
from pacesetter.people.rights import Scope
from pacesetter.pipeline.models import Contact

from ... import door, judged, show
from ...forms.pipeline import ActivityForm, Reason
from ...templatetags.records import result_word
from ..day.files import beside
from ..day.observation import may_observe, told
from ..day.report import state_of
from ..sheet import sheet
from .listing import Column, Filter, Listing, answer
from .lists import owner_filter, words
from .write import FORM

HOW: dict[str, Any] = {"owner": "person_id", "team": "team_id", "on": "on"}
NAMES = ("kind", "contact", "contact_name", "result", "next_step", "next_on", "next_time", "minutes",
         "companion", "note", "version")  # fmt: skip


def activities(request: HttpRequest, kind: str = "") -> HttpResponse:
    """Activities in reach."""
    reach = door.need(request, "activities")
    rows = reach.rows(reads.activities(words(request)), "activities", **HOW)
    zh = show.chinese()
    kinds = {k.key: k.zh if zh else k.en for k in reads.kinds(active=False)}
    columns = [
        Column("customer", _("客户"), lambda r: str(r.customer or r.lead or "") or None, sort="customer__name",
               on_phone="first", url=lambda r: reverse("activity", args=[r.pk]), under=lambda r: r.contact_name),
        Column("kind", _("类型"), lambda r: kinds.get(r.kind, r.kind), "tag", sort="kind"),
        Column("on", _("日期"), lambda r: r.on, "day", sort="on", on_phone="hero"),
        Column("person", _("销售"), lambda r: r.person.name if r.person else "", sort="person__name"),
        Column("result", _("结果"), lambda r: result_word(r.result), sort="result"),
        Column("next", _("下一步"), lambda r: r.next_step, sort="next_on", on_phone="wide",
               under=lambda r: r.next_on or ""),
        Column("state", _("有效"), judged.state_word, "tag", sort="state",
               on_phone="wide"),
    ]  # fmt: skip
    may = reach.may("activities", "write")
    return answer(request, Listing(
        "activities", _("跟进记录"), rows, columns, order="-on", export="activities_export",
        search=_("客户、联系人、备注"),
        sub=_("做了什么，算不算有效？"),
        actions=[(reverse("observations"), "eye", _("陪访观察")), (reverse("reports"), "file-text", _("报告")),
                 (reverse("log"), "plus", _("记跟进"))] if may else [],
        filters=[
            owner_filter(reach, "activities", "person_id"),
            Filter("kind", _("类型"), list(kinds.items()), lambda q, v: q.filter(kind=v)),
            Filter("state", _("有效"), VisitState.choices, lambda q, v: q.filter(state=v)),
        ],
        empty=_("还没有往来记录。记第一条大约 10 秒。"),
    ), kind)  # fmt: skip


def _row(request: HttpRequest, pk: int, verb: str) -> Activity:
    reach = door.need(request, "activities", verb)
    rows = Activity.objects.select_related("customer", "deal", "lead", "person", "companion")
    return door.get_or_404(reach, rows, "activities", pk, verb, **HOW)


@door.acts_once
def activity(request: HttpRequest, pk: int) -> HttpResponse:
    """One activity: read by whoever reaches it, completed by its author, confirmed by the manager."""
    reach = door.viewer(request)
    row = _row(request, pk, "read")
    mine = row.person_id == reach.person_id and reach.may("activities", "write") and row.withdrawn_at is None
    people = Person.objects.filter(pk=row.companion_id or 0)
    if mine:
        people = Person.objects.filter(Q(pk=row.companion_id or 0) | Q(pk__in=_named(row, door.today(request))))
    contacts = Contact.objects.filter(customer=row.customer_id, archived=False)
    form = ActivityForm(
        request.POST or None, on=door.today(request), english=not show.chinese(), people=people,
        initial={name: getattr(row, name) for name in NAMES}, offered={"contact": contacts},
    )  # fmt: skip
    for name in ("on", "customer", "lead", "deal"):
        del form.fields[name]
    if request.method == "POST" and not mine:
        raise Http404
    if not mine:
        for field in form.fields.values():
            field.disabled = True

    def run(values: dict[str, Any]) -> str:
        acts.change_activity(row, by=door.actor(request), at=door.at(request), **values)
        return reverse("activity", args=[pk])

    waits = row.state in (VisitState.UNVERIFIED, VisitState.NOT_EFFECTIVE) and row.withdrawn_at is None
    confirms = reach.scope("activities", "write") >= Scope.TEAM and row.person_id != reach.person_id and waits
    return sheet(request, form, run, template="pipeline/activity.html", row=row, mine=mine, said=_("已保存。"),
                 confirms=confirms and _reaches(reach, row), **_beside(request, row))  # fmt: skip


def _named(row: Activity, on: date) -> Any:
    return reads.colleagues(row.person, on).order_by().values("pk") if row.person else ()


def _beside(request: HttpRequest, row: Activity) -> dict[str, Any]:
    """What stands beside the record for this reader: observations, its report."""
    reach = door.viewer(request)
    report = reads.reports(reach).filter(activity=row).first() if row.kind == "needs_report" else None
    return {"found": told(reads.observations(reach, row)), "observes": may_observe(request, row),
            "report": state_of(request, report) if report else None, **beside(request, row)}  # fmt: skip


def _reaches(reach: Any, row: Activity) -> bool:
    return bool(reach.rows(Activity.objects.filter(pk=row.pk), "activities", "write", **HOW).exists())


@door.acts_once
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """A manager vouches for a visit."""
    row = _row(request, pk, "write")
    if door.viewer(request).scope("activities", "write") < Scope.TEAM:
        raise Http404
    form = Reason(request.POST or None, on=door.today(request))

    def run(values: dict[str, Any]) -> str:
        acts.confirm_visit(row, by=door.actor(request), at=door.at(request), **values)
        return reverse("activity", args=[pk])

    return sheet(request, form, run, template=FORM, title=_("确认有效"), crumb=_("跟进记录"), said=_("已确认。"),
                 submit=_("确认"), crumb_url=reverse("activity", args=[pk]))  # fmt: skip


@door.acts_once
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Its author takes it back."""
    row = _row(request, pk, "write")
    if row.person_id != door.actor(request).pk:
        raise Http404
    form = Reason(request.POST or None, on=door.today(request))

    def run(values: dict[str, Any]) -> str:
        acts.withdraw_activity(row, by=door.actor(request), at=door.at(request), **values)
        return reverse("activities")

    return sheet(request, form, run, template=FORM, title=_("撤回记录"), crumb=_("跟进记录"), said=_("已撤回。"),
                 sub=_("撤回后不再计数；时间线上留着划掉的一行。"), submit=_("撤回"),
                 crumb_url=reverse("activity", args=[pk]))  # fmt: skip
