"""录音: consent first, then an upload in parts that goes on where it broke."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as gettext_now
from django.utils.translation import gettext_lazy as _

from pacesetter.activity import acts, reads
from pacesetter.activity.models import Activity, Attachment, Consent, FileState
from pacesetter.activity.rules import files as rules
from pacesetter.lib.refusal import Refusal
from pacesetter.pipeline.models import Customer

from ... import door
from ...forms.evidence import ConsentForm, RecordingForm
from ...forms.pipeline import Reason
from ..pipeline.write import FORM, find
from ..sheet import sheet
from .files import own


@door.acts_once
def recordings(request: HttpRequest, pk: int) -> HttpResponse:
    """The recordings of one record; its author notes a consent and uploads."""
    reach = door.need(request, "activities")
    row = Activity.objects.select_related("customer", "person").filter(pk__in=reads.heard_by(reach).values("pk"), pk=pk)
    found = row.first()
    if found is None or found.customer is None:
        raise Http404
    mine = found.person_id == reach.person_id and found.withdrawn_at is None and reach.may("activities", "write")
    if request.method == "POST" and (not mine or door.view_as(request) is not None):
        raise Http404
    form = ConsentForm(request.POST or None, on=door.today(request), initial={"who": found.contact_name})
    customer, company = found.customer, door.company(request)
    keep_days = company.recording_days if company else 0

    def run(values: dict[str, Any]) -> str:
        values.pop("version", None)
        acts.note_consent(customer=customer, by=door.actor(request), at=door.at(request), **values)
        return reverse("recordings", args=[pk])

    return sheet(request, form, run, template="day/recordings.html", said=_("同意已登记。"), row=found, mine=mine,
                 consents=list(reads.consents(found.customer_id)), keep_days=keep_days, part=rules.PART,
                 files=[one for one in reads.files_of(reach, found) if one.kind == "recording"])  # fmt: skip


def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Announce a recording; answers where to go on, which is 0 for a new one."""
    row = own(request, pk)
    if request.method != "POST":
        return redirect("recordings", pk)
    form = RecordingForm(request.POST)
    if not form.is_valid():
        return _said(Refusal(gettext_now("选一份录音和一份同意。"), code="form"))
    values = form.cleaned_data
    consent = Consent.objects.filter(pk=values.pop("consent"), customer=row.customer_id).first()
    if consent is None:
        return _said(Refusal(gettext_now("先登记同意，再上传录音。"), code="consent", field="consent"))
    try:
        made = acts.begin_recording(row, consent=consent, by=door.actor(request), at=door.at(request), **values)
    except Refusal as refusal:
        return _said(refusal)
    return _stands(made)


def _coming(request: HttpRequest, key: uuid.UUID) -> Attachment:
    found = Attachment.objects.filter(uuid=key, kind="recording").select_related("activity").first()
    if found is None:
        raise Http404
    own(request, found.activity_id)
    return found


def part(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The next part as the body, `?offset=` where it begins; 409 says where to go on. GET: how it stands."""
    row = _coming(request, key)
    if request.method not in ("POST", "PUT"):
        return _stands(row)
    text = request.GET.get("offset", "")
    offset = int(text) if text.isascii() and text.isdigit() and len(text) < 15 else -1
    try:
        row = acts.receive_part(row, offset=offset, data=request.body, by=door.actor(request))
    except acts.WrongOffset as wrong:
        return JsonResponse({"offset": wrong.expected}, status=409)
    except Refusal as refusal:
        return _said(refusal)
    return _stands(row)


def whole(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """All parts were sent: whole if it is what was announced."""
    row = _coming(request, key)
    if request.method != "POST":
        return _stands(row)
    try:
        row = acts.complete_recording(row, by=door.actor(request), at=door.at(request))
    except acts.WrongOffset as wrong:
        return JsonResponse({"offset": wrong.expected}, status=409)
    except Refusal as refusal:
        return _said(refusal)
    if row.state == FileState.REMOVED:
        return _said(Refusal(gettext_now("录音超过 2 小时，请剪短后再上传。"), code="long"))
    if row.state != FileState.WHOLE:
        return _said(Refusal(gettext_now("收到的内容和原文件不一致，请重新上传。"), code="differs"))
    return _stands(row)


def _stands(row: Attachment) -> JsonResponse:
    return JsonResponse({"id": str(row.uuid), "offset": row.received, "size": row.size, "state": row.state,
                         "part": reverse("recording_part", args=[row.uuid]),
                         "whole": reverse("recording_whole", args=[row.uuid])})  # fmt: skip


def _said(refusal: Refusal) -> JsonResponse:
    faults = [{"field": refusal.field, "text": str(refusal)}]
    return JsonResponse({"code": refusal.code, "faults": faults}, status=422)


@door.acts_once
def consent_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever agreed takes it back: the recordings go with it."""
    door.need(request, "activities", "write")
    row = Consent.objects.select_related("customer").filter(pk=pk).first()
    if row is None:
        raise Http404
    find(request, Customer, "customers", row.customer_id, "write")
    if request.method == "POST" and door.view_as(request) is not None:
        raise Http404
    form = Reason(request.POST or None, on=door.today(request))
    back = reverse("customer", args=[row.customer_id])

    def run(values: dict[str, Any]) -> str:
        acts.withdraw_consent(row, by=door.actor(request), at=door.at(request), **values)
        return back

    return sheet(request, form, run, template=FORM, title=_("撤回录音同意"), crumb=row.customer.name, crumb_url=back,
                 sub=_("凭这份同意上传的录音会一起删除，不能恢复。"), submit=_("撤回"),
                 said=_("同意已撤回，录音已删除。"))  # fmt: skip
