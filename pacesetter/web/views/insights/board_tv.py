"""S08 on the wall: the board in large type, a few rows a view, with nothing that shames anybody by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pacesetter.metrics.catalogue import Metric
from pacesetter.people.rights import Scope

from . import board, board_words
from .board import Board, name_of
from .figures import Figures
from .page import Asked
from .scope import by_source_only, reach_of_metrics

MOST_ROWS = 7
TOP = 5
HEROES = 4
LEAST_PEOPLE = 6
LEAST_NEWCOMERS = 3
SECONDS = 20
# What falls behind is not for a wall.
NOT_SHOWN = ("overdue_amount",)
RANKED = ("won_amount", "effective_visits", "collected_amount")


@dataclass(frozen=True)
class Line:
    """One row of a view: place, name, number."""

    place: int
    name: str
    under: str
    text: str


@dataclass(frozen=True)
class View:
    """What stands on the wall at a time: a title over at most seven rows."""

    title: str
    lines: Sequence[Line]


def may_show(asked: Asked) -> bool:
    """Whoever sees a team; reps and marketing have no board of people to show."""
    return reach_of_metrics(asked.figures.viewer) >= Scope.TEAM and not by_source_only(asked.figures.viewer)


@require_safe
def board_tv(request: HttpRequest) -> HttpResponse:
    """The board for a screen in the room; space and arrows turn, P pauses, Esc leaves."""
    asked = Asked(request)
    if not may_show(asked):
        raise Http404
    built = board.build(asked.figures, asked.at, asked.where)
    context = asked.context(
        theme="light",
        heroes=[number for number in built.totals if number.metric not in NOT_SHOWN][:HEROES],
        sentence=board_words.on_the_wall(built, asked.at),
        views=views(asked, built),
        seconds=SECONDS,
        leave_url=asked.address().replace("/tv/", "/", 1),
        here=request.get_full_path(),
    )
    return render(request, "insights/board_tv.html", context)


def views(asked: Asked, built: Board) -> list[View]:
    """Teams before people; of people only the first five, newcomers among themselves, and no board of a small team."""
    figures = asked.figures
    ranked = [metric for metric in built.columns if metric.key in RANKED]
    found: list[View] = []
    if ranked:
        found += _teams(asked, ranked[0])
    if built.people >= LEAST_PEOPLE:
        found += [_people(figures, built, metric, _("前五名")) for metric in ranked]
        fresh = [row for row in built.rows if row.stage == "newcomer"]
        if len(fresh) >= LEAST_NEWCOMERS and ranked:
            found.append(_people(figures, built, ranked[-1], _("新人榜"), fresh))
    return [view for view in found if view.lines]


def _people(figures: Figures, built: Board, metric: Metric, title: str, rows: Any = None) -> View:
    place = built.columns.index(metric)
    scored = [
        (row.numbers[place].sort or 0, row.name, row.under, row.numbers[place].text)
        for row in (built.rows if rows is None else rows)
        if row.person is not None and (row.numbers[place].sort or 0) > 0
    ]
    return View(f"{name_of(metric)} · {title}", _placed(scored)[:TOP])


def _teams(asked: Asked, metric: Metric) -> list[View]:
    figures = asked.figures
    cells = {key[0]: cell for key, cell in figures.now(metric.key, ("team",), asked.at, asked.where).items() if key[0]}
    if len(cells) < 2:
        return []
    figures.names.load("team", cells)
    write = figures.writer
    lines = _placed([(c.top, figures.names.of("team", pk), "", write.short(metric, c)) for pk, c in cells.items()])
    parts = [lines[start : start + MOST_ROWS] for start in range(0, len(lines), MOST_ROWS)]
    return [View(f"{name_of(metric)} · {_('各团队')}", part) for part in parts]


def _placed(scored: list[tuple[Any, str, str, str]]) -> list[Line]:
    """Best first; ties share a place."""
    scored = sorted(scored, key=lambda row: (-row[0], row[1]))
    lines: list[Line] = []
    for at, (score, name, under, text) in enumerate(scored):
        tied = at and scored[at - 1][0] == score
        lines.append(Line(lines[-1].place if tied else at + 1, name, under, text))
    return lines
