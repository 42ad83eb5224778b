"""S08: the team board."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pacesetter.lib import money as coins
from pacesetter.people.models import GrowthStage
from pacesetter.people.rights import Scope
from pacesetter.pipeline.acts import export_records
from pacesetter.web import door

from . import board, board_tv, board_words
from .page import Asked, table_response, wants_table
from .scope import reach_of_metrics


@require_safe
def first_page(request: HttpRequest) -> HttpResponse:
    """The first page of 洞察: the board."""
    door.need(request, "metrics")
    return redirect("board")


@require_safe
def board_page(request: HttpRequest) -> HttpResponse:
    """One row per seller in reach, totals, group, sort; `?export=csv|xlsx` gives the same table."""
    asked = Asked(request)
    figures = asked.figures
    sort, descending = request.GET.get("sort", ""), request.GET.get("dir", "") != "asc"
    built = board.build(
        figures, asked.at, asked.where, group=request.GET.get("group", ""), sort=sort, descending=descending
    )
    if wants_table(request):
        return _table(request, asked, built)
    own = reach_of_metrics(figures.viewer) == Scope.OWN
    groups = []
    if not own and not built.by_source:
        groups = [
            {"url": asked.address(group=key or None), "label": label, "active": key == built.grouped}
            for key, label in board.GROUPS.items()
        ]
    columns = []
    for metric in built.columns:
        turned = "asc" if built.sort == metric.key and descending else None
        columns.append(
            {
                "key": metric.key,
                "name": board.name_of(metric),
                "url": asked.address(sort=metric.key, dir=turned),
                "sorted": ("descending" if descending else "ascending") if built.sort == metric.key else "",
            }
        )
    context = asked.context(
        board=built,
        columns=columns,
        gap_url=asked.address(sort=board.GAP, dir="asc" if built.sort == board.GAP and descending else None),
        gap_sorted=("descending" if descending else "ascending") if built.sort == board.GAP else "",
        groups=groups,
        sentence=board_words.sentence(figures, built, asked.at, asked.where),
        ranking=board_words.ranking(figures, asked.at) if own else [],
        own=own,
        picking=[(key, value) for key, value in request.GET.items() if key not in ("export", "ids")],
        may_pick=not own and not built.by_source,
        tv_url=request.path + "tv/?" + request.GET.urlencode() if board_tv.may_show(asked) else "",
        stages=dict(GrowthStage.choices),
        csv_url=asked.address(export="csv"),
        xlsx_url=asked.address(export="xlsx"),
        has_visits=any(metric.key == "effective_visits" for metric in built.columns),
        has_money=figures.has("won_amount"),
        empty=not any(number.cell and number.cell.n for number in built.totals),
    )
    return render(request, "insights/board.html", context)


def _table(request: HttpRequest, asked: Asked, built: board.Board) -> HttpResponse:
    """The board as a file; with `ids` only those people, and a total of them."""
    figures, rows, totals = asked.figures, built.rows, built.totals
    picked = {int(word) for word in request.GET.getlist("ids") if word.isascii() and word.isdigit()}
    if request.GET.getlist("ids"):
        rows = [row for row in rows if row.person in picked]
        if not rows:
            raise Http404
        totals = board.totals_of(figures, built, rows, asked.at, asked.where)
    export_records(
        entity="board", rows=len(rows), kind=request.GET["export"], by=door.actor(request), at=door.at(request),
        filters={key: value for key, value in request.GET.items() if key not in ("export", "ids")},
    )  # fmt: skip
    lines = _lines(built, figures, rows, totals)
    found: HttpResponse = table_response(request, f"board-{asked.at.key}", _header(built, figures), lines)
    return found


def _header(built: board.Board, figures: Any) -> list[str]:
    head = [_("来源")] if built.by_source else [_("姓名"), _("团队"), _("成长阶段")]
    if built.aim is not None:
        unit = figures.company.currency
        head += [_("目标 (%(unit)s)") % {"unit": unit}, _("应完成 (%(unit)s)") % {"unit": unit}]
    for metric in built.columns:
        name = board.name_of(metric)
        if metric.unit == "ratio":
            head += [name, _("%(name)s分子") % {"name": name}, _("%(name)s分母") % {"name": name}, f"{name} n"]
        elif metric.unit == "minor":
            head.append(f"{name} ({figures.company.currency})")
        else:
            head.append(name)
    return head


def _lines(built: board.Board, figures: Any, rows: list[board.Row], totals: list[board.Number]) -> Iterator[list[str]]:
    stages = dict(GrowthStage.choices)
    for row in rows:
        first = [row.name] if built.by_source else [row.name, row.under, str(stages.get(row.stage, ""))]
        yield first + _aim(built, row.aim, figures) + _figures(built, row.numbers, figures)
    total = board.together(row.aim for row in rows)
    first = [_("合计")] if built.by_source else [_("合计"), "", ""]
    yield first + _aim(built, total, figures) + _figures(built, totals, figures)


def _aim(built: board.Board, aim: board.Aimed | None, figures: Any) -> list[str]:
    """Goal and due by now in major units, where the board has goals at all."""
    if built.aim is None:
        return []
    if aim is None:
        return ["", ""]
    return [coins.major_text(value, figures.company.currency) for value in (aim.target, aim.expected)]


def _figures(built: board.Board, numbers: list[board.Number], figures: Any) -> list[str]:
    """Exact values: money in major units, rates with what they were made of."""
    told: list[str] = []
    for metric, number in zip(built.columns, numbers, strict=True):
        cell = number.cell
        if metric.unit == "ratio":
            told += [number.text, str(cell.top), str(cell.bottom), str(cell.n)] if cell else ["", "", "", ""]
        elif cell is None:
            told.append("")
        elif metric.unit == "minor":
            told.append(coins.major_text(cell.top, figures.company.currency))
        else:
            told.append(str(cell.top))
    return told
