"""S08: the team board."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pacesetter.lib import money as coins
from pacesetter.people.models import GrowthStage
from pacesetter.people.rights import Scope
from pacesetter.web import door

from . import board, board_words
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
        return table_response(request, f"board-{asked.at.key}", _header(built, figures), _lines(built, figures))
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
        groups=groups,
        sentence=board_words.sentence(figures, built, asked.at, asked.where),
        ranking=board_words.ranking(figures, asked.at) if own else [],
        own=own,
        stages=dict(GrowthStage.choices),
        csv_url=asked.address(export="csv"),
        xlsx_url=asked.address(export="xlsx"),
        has_visits=any(metric.key == "effective_visits" for metric in built.columns),
        has_money=figures.has("won_amount"),
        empty=not any(number.cell and number.cell.n for number in built.totals),
    )
    return render(request, "insights/board.html", context)


def _header(built: board.Board, figures: Any) -> list[str]:
    head = [_("来源")] if built.by_source else [_("姓名"), _("团队"), _("成长阶段")]
    for metric in built.columns:
        name = board.name_of(metric)
        if metric.unit == "ratio":
            head += [name, _("%(name)s分子") % {"name": name}, _("%(name)s分母") % {"name": name}, f"{name} n"]
        elif metric.unit == "minor":
            head.append(f"{name} ({figures.company.currency})")
        else:
            head.append(name)
    return head


def _lines(built: board.Board, figures: Any) -> Iterator[list[str]]:
    stages = dict(GrowthStage.choices)
    for row in built.rows:
        first = [row.name] if built.by_source else [row.name, row.under, str(stages.get(row.stage, ""))]
        yield first + _figures(built, row.numbers, figures)
    yield ([_("合计")] if built.by_source else [_("合计"), "", ""]) + _figures(built, built.totals, figures)


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
