"""Files of a record: added by their author, given out as downloads under their own type, never shown in a page."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    StreamingHttpResponse,
)
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from pacesetter.activity import acts, reads
from pacesetter.activity.models import Activity, Attachment, FileState, NeedsReport
from pacesetter.lib.refusal import Refusal

from ... import door, ranges
from ...forms.evidence import FileForm

# what a page plays; everything else is only given out to be kept
SOUNDS = frozenset({"recording", "voice"})


def beside(request: HttpRequest, row: Activity) -> dict[str, Any]:
    """The files of a record for this reader, and whether they may add one."""
    reach = door.viewer(request)
    mine = row.person_id == reach.person_id and row.withdrawn_at is None
    hears = row.customer_id is not None and reads.heard_by(reach).filter(pk=row.pk).exists()
    return {"files": reads.files_of(reach, row), "adds": mine, "hears": hears,
            "file_form": FileForm(), "file_key": uuid.uuid4().hex}  # fmt: skip


def own(request: HttpRequest, pk: int) -> Activity:
    """The reader's own record."""
    reach = door.need(request, "activities", "write")
    row = Activity.objects.filter(pk=pk, person=reach.person_id).select_related("customer", "person").first()
    if row is None or (request.method not in ("GET", "HEAD") and door.view_as(request) is not None):
        raise Http404
    return row


@door.acts_once
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """One more file; what the sheet sends after its log, and the form of the record's page."""
    row = own(request, pk)
    if request.method != "POST":
        return redirect("activity", pk)
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        text = next(iter(form.errors.values()))[0]
        raise Refusal(str(text), code="form", field=next(iter(form.errors)))
    sent = form.cleaned_data["file"]
    made = acts.add_file(row, kind=form.cleaned_data["kind"], name=sent.name, content=sent.file, size=sent.size,
                         by=door.actor(request), at=door.at(request))  # fmt: skip
    row.refresh_from_db()
    if door.json(request):
        return JsonResponse({"file": str(made.uuid), "state": row.state, "said": _("附件已加上。")})
    messages.success(request, _("附件已加上。"))
    report = NeedsReport.objects.filter(activity=row).first() if request.POST.get("beside") == "report" else None
    return redirect("report", report.pk) if report is not None else redirect("activity", pk)


def _found(request: HttpRequest, key: uuid.UUID) -> Attachment:
    row = reads.files(door.viewer(request)).filter(uuid=key).first()
    if row is None:
        raise Http404
    return row


def give(request: HttpRequest, key: uuid.UUID) -> HttpResponseBase:
    """The bytes, to be kept and not to be shown; who opens a recording stands in the journal."""
    row = _found(request, key)
    if row.state != FileState.WHOLE or not row.path.exists():
        raise Http404
    if row.kind == "recording":
        acts.note_opening(row, by=door.actor(request), at=door.at(request))
    answer = FileResponse(row.path.open("rb"), as_attachment=True, filename=row.name, content_type=row.content_type)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


def play(request: HttpRequest, key: uuid.UUID) -> HttpResponseBase:
    """The sound for the player of the page, the part it asks for; a recording's listening stands in the journal."""
    row = _found(request, key)
    if row.kind not in SOUNDS or row.state != FileState.WHOLE or not row.path.exists():
        raise Http404
    if row.kind == "recording":
        acts.note_listening(row, by=door.actor(request), at=door.at(request))
    size = row.path.stat().st_size
    asked = ranges.asked(request.headers.get("Range", ""), size)
    answer: HttpResponseBase
    if asked is None:
        answer = HttpResponse(status=416)
        answer["Content-Range"] = f"bytes */{size}"
    else:
        first, last = asked
        answer = StreamingHttpResponse(ranges.blocks(row.path, first, last), content_type=row.content_type)
        answer["Content-Length"] = str(last - first + 1)
        if "Range" in request.headers:
            answer.status_code = 206
            answer["Content-Range"] = f"bytes {first}-{last}/{size}"
    answer["Accept-Ranges"] = "bytes"
    answer["Content-Disposition"] = "inline"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


@door.acts_once
def remove(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Its author takes it away, after being asked once."""
    row = _found(request, key)
    own(request, row.activity_id)
    if request.method != "POST":
        return render(request, "day/file_remove.html", {"row": row, "key": door.form_key(request)})
    acts.remove_file(row, by=door.actor(request), at=door.at(request))
    messages.success(request, _("附件已删除。"))
    return redirect("activity", row.activity_id)
