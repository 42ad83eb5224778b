"""S30, audit: who changed what and when, before → after, and whether the journal is whole."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _now

from pacesetter import assembly
from pacesetter.goals.rules import LINES
from pacesetter.journal import reads as journal
from pacesetter.journal.acts import broken_lines
from pacesetter.journal.models import Entry
from pacesetter.lib import sheets
from pacesetter.metrics.catalogue import Metric
from pacesetter.people import acts, reads
from pacesetter.people.models import Person
from pacesetter.people.rights import Scope

from .. import door
from ..journal_line import Names
from ..kept import field_word
from ..words import act_word, entity_word
from .goals import units
from .people.listing import need

PAGE = 50
EXPORT_LIMIT = 50_000


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _lines(request: HttpRequest) -> QuerySet[Entry]:
    """The lines in reach that the filters keep."""
    reach, asked = door.need(request, "journal"), request.GET
    zone = ZoneInfo(reads.company().zone)
    start, end = _day(asked.get("from", "")), _day(asked.get("to", ""))
    who = asked.get("who", "")
    return journal.search(
        by_id=int(who) if who.isdigit() else None,
        act=asked.get("act", ""),
        entity=asked.get("entity", ""),
        words=asked.get("q", "").strip()[:80],
        start=datetime.combine(start, time(), zone) if start else None,
        end=datetime.combine(end + timedelta(days=1), time(), zone) if end else None,
        concerning=None if reach.scope("journal") == Scope.ALL else reach.person_id,
    )


# their lines are named by a metric's key, and carry values in its unit
OF_GOALS = ("goal", "adjustment")
VALUES = (*LINES, "value")


def named(entry: Entry, known: Mapping[str, Metric]) -> str:
    """What a line is about, a metric by its name."""
    key, _space, rest = entry.label.partition(" ")
    metric = known.get(key) if entry.entity in OF_GOALS else None
    return entry.label if metric is None else f"{units.named(metric)} {rest}"


def difference(entry: Entry, known: Mapping[str, Metric], names: Names) -> list[tuple[Any, str, str]]:
    """(field, before, after) in words, for what an act changed."""
    before = entry.before if isinstance(entry.before, dict) else {}
    after = entry.after if isinstance(entry.after, dict) else {}
    metric = known.get(entry.label.partition(" ")[0]) if entry.entity in OF_GOALS else None

    def word(key: str, value: object) -> str:
        if metric is not None and key in VALUES and isinstance(value, int):
            return units.Units(metric, reads.company().currency).say(value)
        return names.word(key, value, entry.entity)

    keys = [*before, *(key for key in after if key not in before)]
    return [(field_word(key), word(key, before.get(key)), word(key, after.get(key))) for key in keys]


def told(entry: Entry, known: Mapping[str, Metric], names: Names) -> tuple[Any, ...]:
    """A line as the page draws it."""
    return entry, named(entry, known), act_word(entry.act), entity_word(entry.entity), difference(entry, known, names)


def audit(request: HttpRequest) -> HttpResponse:
    """The list, paged by cursor so that it stays fast at any length."""
    lines = _lines(request)
    cursor = request.GET.get("before", "")
    if cursor.isdigit():
        lines = lines.filter(pk__lt=int(cursor))
    found = list(lines[: PAGE + 1])
    more, found = found[PAGE - 1].pk if len(found) > PAGE else None, found[:PAGE]
    known = assembly.catalogue() if any(line.entity in OF_GOALS for line in found) else {}
    reach, names = door.viewer(request), Names(found)
    everything = reach.scope("journal") == Scope.ALL
    return render(
        request,
        "people/audit.html",
        {
            "lines": [told(line, known, names) for line in found],
            "more": more,
            "asked": request.GET,
            "everything": everything,
            "authors": Person.objects.filter(pk__in=Entry.objects.values("by_id")).order_by("name")
            if everything
            else [],
            "actions": sorted(
                {(key, str(act_word(key))) for key in Entry.objects.values_list("act", flat=True).distinct()}
            )
            if everything
            else [],
            "head": Entry.objects.order_by("-id").first() if everything else None,
            "wrong": request.session.pop("journal_wrong", None),
            "key": door.form_key(request),
        },
    )


@door.acts_once
def check(request: HttpRequest) -> HttpResponse:
    """Recompute the chain of digests over the whole journal."""
    if door.need(request, "journal").scope("journal") != Scope.ALL:
        raise Http404
    if request.method == "POST":
        wrong = broken_lines()
        request.session["journal_wrong"] = wrong[:20]
        if wrong:
            messages.error(request, _now("有 %(n)s 行对不上，从编号 %(first)s 开始。") % {
                "n": len(wrong), "first": wrong[0]
            })  # fmt: skip
        else:
            messages.success(request, _now("全部对得上，没有被改过的行。"))
    return redirect("audit")


def _rows(lines: Iterable[Entry], zone: ZoneInfo) -> Iterable[list[str]]:
    for line in lines:
        yield [
            str(line.pk),
            line.at.astimezone(zone).isoformat(timespec="seconds"),
            line.by_name,
            line.act,
            str(act_word(line.act)),
            line.entity,
            line.object_id,
            line.label,
            json.dumps(line.before, ensure_ascii=False),
            json.dumps(line.after, ensure_ascii=False),
            line.reason,
            line.digest,
        ]


def export(request: HttpRequest, kind: str) -> HttpResponse:
    """What the filters keep, as CSV or XLSX, each line with its digest."""
    lines = _lines(request)[:EXPORT_LIMIT]
    zone = ZoneInfo(reads.company().zone)
    header = [
        "id", _now("时间"), _now("操作人"), "act", _now("动作"), "entity", "object_id", _now("名称"), _now("之前"),
        _now("之后"), _now("原因"), "digest",
    ]  # fmt: skip
    name = f"audit-{door.today(request)}.{kind}"
    if kind == "xlsx":
        buffer = io.BytesIO()
        sheets.write_xlsx(buffer, header, _rows(lines.iterator(), zone), _now("审计日志"))
        answer = HttpResponse(
            buffer.getvalue(), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        )
    else:
        answer = HttpResponse(
            "".join(sheets.csv_lines(header, _rows(lines.iterator(), zone))), content_type="text/csv; charset=utf-8"
        )
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@door.acts_once
def undo_merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a merge of two people apart again."""
    need(request, "access")
    entry = Entry.objects.filter(pk=pk, act="merge_people").first()
    if entry is None:
        raise Http404
    if request.method == "POST":
        acts.undo_merge(entry=entry, by=door.actor(request), at=door.at(request))
        messages.success(request, _now("已撤销合并。"))
    return redirect("audit")
