"""The organisation of a chat system: a dry run, what it found, and taking exactly that."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from pacesetter.chat import acts, configured, planning, reads
from pacesetter.chat.adapter import FAULTS
from pacesetter.chat.models import State, SyncRun
from pacesetter.people.models import EntityMaster, Person

from .. import door
from .people.listing import may, need

SHOWN = 20
# So many leavers at once are rather a directory that we may no longer see.
MANY, SHARE = 5, 5


def _readers(request: HttpRequest) -> bool:
    """Whether the reader may write here. 404 for who may not even read, and where nothing is connected."""
    if not configured.names():
        raise Http404
    return may(need(request, "person"), "team")


def _writers(request: HttpRequest) -> None:
    if not _readers(request):
        raise Http404


def chat(request: HttpRequest) -> HttpResponse:
    """The connected systems, who is right where two differ, and the last runs."""
    writable = _readers(request)
    master = EntityMaster.objects.filter(entity="person").values_list("source", flat=True).first() or ""
    return render(
        request,
        "chat/chat.html",
        {
            "systems": [(name, configured.NAMES[name]) for name in configured.names()],
            "names": configured.NAMES,
            "master": master,
            "runs": [(run, configured.NAMES[run.name], sum(run.counts.values())) for run in reads.runs()[:SHOWN]],
            "writable": writable,
            "key": door.form_key(request),
        },
    )


@door.acts_once
def attempt(request: HttpRequest, name: str) -> HttpResponse:
    """Ask for a dry run; the worker fetches it."""
    _writers(request)
    if name not in configured.names():
        raise Http404
    if request.method != "POST":
        return redirect("chat")
    run = acts.ask(name=name, by=door.actor(request), at=door.at(request))
    return redirect("chat_run", pk=run.pk)


@door.acts_once
def master(request: HttpRequest) -> HttpResponse:
    """Who is right where the two differ."""
    _writers(request)
    if request.method != "POST":
        return redirect("chat")
    name = request.POST.get("master", "")
    if name and name not in configured.names():
        raise Http404
    acts.choose_master(name=name, by=door.actor(request), at=door.at(request))
    messages.success(request, _("已保存。"))
    return redirect("chat")


def _run(pk: int) -> SyncRun:
    run = SyncRun.objects.select_related("by", "applied_by").filter(pk=pk, name__in=configured.names()).first()
    if run is None:
        raise Http404
    return run


def run(request: HttpRequest, pk: int) -> HttpResponse:
    """One run: counts, what would change, what stands in the way."""
    writable = _readers(request)
    found = _run(pk)
    fragment = bool(getattr(request, "htmx", False)) and found.state in (State.WAITING, State.FETCHING)
    template = "chat/_waiting.html" if fragment else "chat/run.html"
    response = render(request, template, _shown(request, found, writable))
    if getattr(request, "htmx", False) and not fragment:
        response = HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return response


def _shown(request: HttpRequest, found: SyncRun, writable: bool, **more: Any) -> dict[str, Any]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for one in found.steps:
        row = {
            "id": f"{one['kind']}:{one['key']}",
            "label": one["label"],
            "says": planning.told(one["kind"], one["args"]),
        }
        if one["kind"] in planning.TICKED:
            row["person"] = Person.objects.filter(pk=one["args"]["person"]).first()
        if one["kind"] == "leaver" and row["person"] is not None:
            held = acts.holds(row["person"])
            row["says"] = _now("名下客户 %(customers)s、商机 %(deals)s、线索 %(leads)s，会转给直属上级") % held
        groups.setdefault(one["kind"], []).append(row)
    notes: dict[str, list[dict[str, Any]]] = {}
    for one in found.notes:
        row = {"label": one["label"], "says": planning.told(one["kind"], one["args"])}
        notes.setdefault(one["kind"], []).append(row)
    leavers, people = len(groups.get("leaver", ())), len(found.snapshot.get("members", ()))
    return {
        "run": found,
        "system": configured.NAMES[found.name],
        "groups": [(planning.STEPS[kind], rows) for kind, rows in groups.items() if kind not in planning.TICKED],
        "ticks": [(planning.STEPS[kind], kind, rows) for kind, rows in groups.items() if kind in planning.TICKED],
        "notes": [
            (planning.NOTES[kind], rows) for kind, rows in sorted(notes.items(), key=lambda one: one[0] == "kept")
        ],
        "taken": [(planning.STEPS[kind], n) for kind, n in found.counts.items()],
        "total": sum(
            n for kind, n in found.counts.items() if kind not in planning.TICKED or found.state == State.APPLIED
        ),
        "many": leavers > MANY and leavers * SHARE > people,
        "fault": FAULTS.get(found.fault.get("kind", "")),
        "adds": "person_add" in groups,
        "writable": writable,
        "key": door.form_key(request),
        **more,
    }


@door.acts_once
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Take what was shown."""
    _writers(request)
    found = _run(pk)
    if request.method != "POST":
        return redirect("chat_run", pk=found.pk)
    counts = acts.apply(
        run=found, ticked=frozenset(request.POST.getlist("tick")), role=request.POST.get("role", ""),
        by=door.actor(request), at=door.at(request),
    )  # fmt: skip
    messages.success(request, _now("已同步，共 %(n)s 处。") % {"n": sum(counts.values())})
    return redirect("chat_run", pk=found.pk)
