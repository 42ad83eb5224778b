"""数据导入 (S28): upload, mapping, dry run, import in the background, result, undo."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from pacesetter.imports import reads
from pacesetter.imports.acts import batches as acts
from pacesetter.imports.columns import COLUMNS, TITLES
from pacesetter.imports.composing import MADE
from pacesetter.imports.models import Batch, OnExisting, SavedMapping, State
from pacesetter.imports.presets import PRESETS
from pacesetter.imports.rights import entities_for
from pacesetter.lib import sheets
from pacesetter.lib.refusal import Refusal
from pacesetter.people.rights import Scope

from .. import door
from .imports_forms import decided, guesses, preset_choices, title_of, uploaded

FAULTS = 50
STEPS = [("upload", _("上传")), ("map", _("映射")), ("check", _("预检")), ("import", _("写入")), ("done", _("结果"))]
STEP_OF = {
    State.UPLOADED: "map", State.CHECKING: "check", State.CHECKED: "check", State.QUEUED: "import",
    State.PROMOTING: "import",
}  # fmt: skip
TONES = {State.DONE: "ahead", State.REFUSED: "behind", State.FAILED: "behind", State.PROMOTING: "watch",
         State.QUEUED: "watch"}  # fmt: skip
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _mine(request: HttpRequest) -> QuerySet[Batch]:
    """Own batches; everybody's for those who import everything."""
    reach = door.need(request, "imports", "write")
    rows = Batch.objects.select_related("by")
    if reach.scope("imports", "write") == Scope.ALL and reach.parts("imports", "write") is None:
        return rows
    return rows.filter(by=reach.person)


def _one(request: HttpRequest, mark: UUID) -> Batch:
    found = _mine(request).filter(uuid=mark).first()
    if found is None:
        raise Http404
    return found


def batches(request: HttpRequest) -> HttpResponse:
    """The list of imports, the upload, and templates to download."""
    page = Paginator(_mine(request), FAULTS).get_page(request.GET.get("page"))
    titles = [title_of(one.preset) for one in page]
    entities = entities_for(door.viewer(request))
    return render(
        request,
        "imports/list.html",
        {
            "page": page,
            "rows": list(zip(page, titles, strict=True)),
            "entities": [(entity, TITLES[entity]) for entity in entities],
            "presets": preset_choices(entities),
            "key": door.form_key(request),
            "tones": TONES,
        },
    )


@door.acts_once
def upload(request: HttpRequest) -> HttpResponse:
    """Take the files in; what they are is told by their headers, and can be changed on the next page."""
    reach = door.need(request, "imports", "write")
    if request.method != "POST":
        return redirect("imports")
    files = uploaded(request)
    entities = entities_for(reach)
    chosen = request.POST.get("preset", "")
    allowed = {name for name, _label in preset_choices(entities)}
    batch = acts.open_batch(preset=chosen, files=files, by=door.actor(request), at=door.at(request))
    if chosen not in allowed:
        found = reads.preset_for(reads.files_of(batch))
        guessed = [reads.guessed_entity(path, path.name) for path in reads.files_of(batch)]
        chosen = found or next((name for name in guessed if name in entities), entities[0])
        if chosen not in allowed:
            raise Refusal(_("这些文件里有你不能导入的数据。请找数据分析师或管理员。"), code="right", field="files")
    acts.map_batch(
        batch=batch, preset=chosen, mapping=guesses(batch, chosen, entities), on_existing="fill", take_good=False,
        by=door.actor(request), at=door.at(request),
    )  # fmt: skip
    return redirect("import_map", mark=batch.uuid)


def mapping(request: HttpRequest, mark: UUID) -> HttpResponse:
    """Which column is what; guessed, shown with samples, decided by the reader, kept under a name if wanted.

    Sent twice it decides the same twice, so it needs no key; and reading the files must hold up nobody who writes.
    """
    batch = _one(request, mark)
    entities = entities_for(door.viewer(request))
    if batch.state not in (State.UPLOADED, State.CHECKED, State.REFUSED):
        return redirect("import_batch", mark=batch.uuid)
    refusal: Refusal | None = None
    if request.method == "POST":
        chosen = request.POST.get("preset", "")
        if chosen not in {name for name, _label in preset_choices(entities)}:
            raise Http404
        found = decided(request.POST, batch, entities) if chosen == batch.preset else guesses(batch, chosen, entities)
        acts.map_batch(
            batch=batch, preset=chosen, mapping=found,
            on_existing=request.POST.get("on_existing", "fill") if request.POST.get("on_existing") in OnExisting.values
            else "fill",
            take_good=request.POST.get("take_good") == "1", by=door.actor(request), at=door.at(request),
        )  # fmt: skip
        name = request.POST.get("save_as", "").strip()
        try:
            parts = [part for part in found.values() if part.get("columns")]
            if name and parts and _is_generic(chosen):
                acts.save_mapping(name=name, parts=parts, by=door.actor(request), at=door.at(request))
        except Refusal as error:
            refusal = error
        if refusal is None and request.POST.get("go") != "look":
            return redirect("import_batch", mark=batch.uuid)
    views = reads.file_views(batch)
    context = {
        "batch": batch,
        "steps": STEPS,
        "step": "map",
        "views": views,
        "generic": _is_generic(batch.preset),
        "kinds": [(entity, TITLES[entity]) for entity in entities],
        "makeable": [(entity, TITLES[entity]) for entity in MADE if entity in entities],
        "order_columns": _order_columns(views),
        "preset": PRESETS.get(batch.preset),
        "rules": _rules(batch),
        "presets": preset_choices(entities),
        "units": reads.UNITS,
        "orders": _orders(),
        "on_existing": OnExisting.choices,
        "key": door.form_key(request),
        "refusal": refusal,
        "save_as": request.POST.get("save_as", ""),
    }
    return render(request, "imports/map.html", context, status=422 if refusal else 200)


def _is_generic(preset: str) -> bool:
    """A kind of data or a saved mapping, whose columns are the reader's to choose."""
    return preset not in PRESETS or PRESETS[preset].generic


def _order_columns(views: list[reads.FileView]) -> list[str]:
    """Columns that may date a return: those of the orders beside it, and what was chosen before."""
    headers = [
        column.header for view in views if view.entity == "deals" for column in view.columns if column.looks_like_days
    ]
    return list(dict.fromkeys([*headers, *(view.decided.day_from for view in views if view.decided.day_from)]))


def _rules(batch: Batch) -> list[str]:
    """What a built-in preset always does, in the reader's language."""
    preset = PRESETS.get(batch.preset)
    place = 1 if (get_language() or "").startswith("en") else 0
    return [rule[place] for rule in preset.rules] if preset else []


def _orders() -> list[tuple[str, Any]]:
    return [("", _("自动识别")), ("ymd", _("年/月/日")), ("mdy", _("月/日/年")), ("dmy", _("日/月/年")),
            ("serial", _("Excel 序号"))]  # fmt: skip


def batch(request: HttpRequest, mark: UUID) -> HttpResponse:
    """One import, wherever it stands."""
    found = _one(request, mark)
    return render(request, "imports/batch.html", _context(request, found))


def _context(request: HttpRequest, found: Batch) -> dict[str, Any]:
    errors = reads.errors_of(found)
    page = Paginator(errors, FAULTS).get_page(request.GET.get("page"))
    sums = {
        name: sum(file.get(name, 0) for file in found.files)
        for name in ("rows", "ready", "created", "updated", "duplicate", "error", "ignored")
    }
    theirs = ours = 0
    gaps: list[reads.Difference] = []
    if found.state == State.DONE and found.totals.get("received"):
        theirs, ours, gaps = reads.differences(found)
    return {
        "batch": found,
        "title": title_of(found.preset),
        "steps": STEPS,
        "step": STEP_OF.get(State(found.state), "done"),
        "tone": TONES.get(State(found.state), ""),
        "sums": sums,
        "page": page,
        "faults": [(fault, reads.sentence(fault)) for fault in page],
        "warnings": [(fault, reads.sentence(fault)) for fault in reads.errors_of(found, "warning")[:FAULTS]],
        "whole": errors.filter(row=None).exists(),
        "months": reads.months_of(found),
        "theirs": theirs,
        "ours": ours,
        "gaps": gaps[:200],
        "gap_count": len(gaps),
        "compared": bool(found.totals.get("received")),
        "kept": found.totals.get("kept", []),
        "undoable": _undoable(request, found),
        "key": door.form_key(request),
        "percent": int(100 * found.rows_done / found.rows_total) if found.rows_total else 0,
    }


def _undoable(request: HttpRequest, found: Batch) -> bool:
    if found.state != State.DONE or not found.entries or found.finished_at is None:
        return False
    return (door.at(request) - found.finished_at).days < acts.UNDO_DAYS


def check(request: HttpRequest, mark: UUID) -> HttpResponse:
    """The dry run. Not in a transaction of its own: reading a large file must not hold up whoever writes meanwhile."""
    found = _one(request, mark)
    if request.method == "POST" and found.state == State.UPLOADED:
        try:
            acts.check_batch(batch=found, by=door.actor(request), at=door.at(request))
        except Refusal as refusal:
            messages.error(request, str(refusal))
    return _again(request, found)


def _again(request: HttpRequest, found: Batch) -> HttpResponse:
    """Back to the batch: htmx reloads the page, a plain form is sent there."""
    if getattr(request, "htmx", False):
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = reverse("import_batch", args=[found.uuid])
        return answer
    return redirect("import_batch", mark=found.uuid)


def progress(request: HttpRequest, mark: UUID) -> HttpResponse:
    """How far it is; once it has ended the whole page is loaded anew."""
    found = _one(request, mark)
    if getattr(request, "htmx", False) and found.state not in (State.QUEUED, State.PROMOTING):
        return _again(request, found)
    return render(request, "imports/_progress.html", _context(request, found))


@door.acts_once
def start(request: HttpRequest, mark: UUID) -> HttpResponse:
    """Hand it to the worker."""
    found = _one(request, mark)
    if request.method == "POST":
        acts.queue_batch(
            batch=found, take_good=request.POST.get("take_good") == "1", by=door.actor(request), at=door.at(request)
        )
    return redirect("import_batch", mark=found.uuid)


@door.acts_once
def cancel(request: HttpRequest, mark: UUID) -> HttpResponse:
    """Stop it before anything is written."""
    found = _one(request, mark)
    if request.method == "POST":
        acts.cancel_batch(batch=found, by=door.actor(request), at=door.at(request))
        messages.success(request, _now("已取消，没有写入任何记录。"))
    return redirect("import_batch", mark=found.uuid)


@door.acts_once
def undo(request: HttpRequest, mark: UUID) -> HttpResponse:
    """Take the batch back; what was changed since stays and is listed."""
    found = _one(request, mark)
    if request.method == "POST":
        result = acts.undo_batch(
            batch=found, reason=request.POST.get("reason", ""), by=door.actor(request), at=door.at(request)
        )
        told = _now("已撤销 %(removed)s 条，保留 %(kept)s 条。") % {
            "removed": sum(result.removed.values()) + sum(result.restored.values()),
            "kept": len(result.kept),
        }
        messages.success(request, told)
    return redirect("import_batch", mark=found.uuid)


# --- files to download -----------------------------------------------------------------------------------------------
def errors(request: HttpRequest, mark: UUID, kind: str) -> HttpResponse | StreamingHttpResponse:
    """Only the wrong rows with a reason behind each: correct them and upload the file again."""
    found = _one(request, mark)
    header, rows = reads.error_rows(found)
    return _file(header, rows, kind, f"errors-{str(found.uuid)[:8]}")


def template(request: HttpRequest, entity: str, kind: str) -> HttpResponse | StreamingHttpResponse:
    """An empty table with its headers and one sample row."""
    if entity not in entities_for(door.need(request, "imports", "write")):
        raise Http404
    english = (get_language() or "").startswith("en")
    heads = [column.en if english else column.zh for column in COLUMNS[entity]]
    return _file(heads, iter([[column.sample for column in COLUMNS[entity]]]), kind, entity)


def _file(header: list[str], rows: Any, kind: str, name: str) -> HttpResponse | StreamingHttpResponse:
    if kind == "csv":
        answer: Any = StreamingHttpResponse(sheets.csv_lines(header, rows), content_type="text/csv; charset=utf-8")
    elif kind == "xlsx":
        buffer = io.BytesIO()
        sheets.write_xlsx(buffer, header, rows)
        answer = HttpResponse(buffer.getvalue(), content_type=XLSX)
    else:
        raise Http404
    answer["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer


__all__ = ["SavedMapping", "batch", "batches", "cancel", "check", "errors", "mapping", "progress", "start", "template",
           "undo", "upload"]  # fmt: skip
