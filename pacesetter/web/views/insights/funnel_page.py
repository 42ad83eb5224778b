"""S19: where customers are lost on the way, by creation or by event, and which loss costs the most."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pacesetter.lib import periods
from pacesetter.metrics import funnel
from pacesetter.metrics.engine.question import Cell, Question
from pacesetter.metrics.schema import DIMS
from pacesetter.web import show

from .board import Number, name_of
from .figures import Figures
from .links import why_url
from .page import Asked, table_response, wants_table
from .scope import Where
from .wording import decimal, small, sortable

SPLITS = ("source", "person", "team", "region", "product", "customer_region", "industry", "growth_stage")
ROWS = 12


@dataclass
class Bar:
    """One step of the funnel."""

    key: str
    name: str
    reached: Number
    amount: Number | None
    rate: Number | None
    overall: Number | None
    days: Number | None
    standing: Number | None
    before: Number | None
    change: str
    width: str
    held: str  # the hatched part of the bar: still on the way
    worst: bool = False


@dataclass
class Split:
    """One segment: how many reached each step, and the rates between."""

    name: str
    numbers: list[Number]
    rates: list[Number | None]


def _number(figures: Figures, key: str, cell: Cell | None, asked: Asked, where: Where, basis: str) -> Number:
    metric = figures.metric(key)
    cell = cell or Cell((), 0, None if metric.unit in ("count", "minor") else 0, 0, metric.unit)
    write = figures.writer
    text = f"{decimal(cell)}" if metric.unit == "days" and cell.n else write.short(metric, cell)
    if metric.unit == "days" and not cell.n:
        text = show.MISSING
    return Number(
        text,
        write.exact(metric, cell) if metric.unit != "days" else text,
        why_url(key, asked.at, where, basis),
        name_of(metric),
        sortable(cell),
        cell,
        "",
        small(metric, cell),
        key,
    )


def _can(figures: Figures, key: str) -> bool:
    """Whether the reader may see this number of the funnel."""
    try:
        figures.metric(key)
    except KeyError:
        return False
    return True


def _subject(asked: Asked) -> str:
    """Leads where there are any, else deals; what the reader may not see is not offered."""
    figures = asked.figures
    can = [subject for subject in funnel.STEPS if _can(figures, f"funnel_{subject}_{subject}")]
    if not can:
        raise Http404
    wanted = asked.request.GET.get("of", "")
    if wanted in can:
        return wanted
    for subject in can:
        first = funnel.STEPS[subject][0]
        if figures.total(f"funnel_{subject}_{first.key}", date(1990, 1, 1), asked.at.end, Where()).top:
            return subject
    return can[0]


@require_safe
def funnel_page(request: HttpRequest) -> HttpResponse:
    """The funnel of a window and scope; `?mode=period`, `?by=source`, `?of=deal`; `?export=csv|xlsx`."""
    asked = Asked(request, "quarter")
    figures = asked.figures
    subject = _subject(asked)
    mode = funnel.PERIOD if request.GET.get("mode") == funnel.PERIOD else funnel.COHORT
    steps = funnel.STEPS[subject]
    bars = _bars(asked, subject, mode)
    loss = _worst(asked, subject) if mode == funnel.COHORT else None
    if loss is not None:
        bars[loss["place"]].worst = True
    dims = [dim for dim in SPLITS if dim in figures.dims(figures.metric(f"funnel_{subject}_{steps[-1].key}"))]
    by = request.GET.get("by", "")
    by = by if by in dims else ""
    splits, more = _splits(asked, subject, mode, by) if by else ([], 0)
    if wants_table(request):
        return table_response(request, f"funnel-{asked.at.key}", *_table(bars, splits, by))
    context = asked.context(
        bars=bars,
        mode=mode,
        subject=subject,
        subjects=[
            {
                "url": asked.address(of=key),
                "label": funnel.STEPS[key][0].words[0 if show.chinese() else 1],
                "active": key == subject,
            }
            for key in funnel.STEPS
            if _can(figures, f"funnel_{key}_{key}")
        ],
        modes=[
            {"url": asked.address(mode=None), "label": _("按创建月"), "active": mode == funnel.COHORT},
            {"url": asked.address(mode=funnel.PERIOD), "label": _("按本期发生"), "active": mode == funnel.PERIOD},
        ],
        loss=loss,
        with_money=any(bar.amount for bar in bars),
        skipped=_skipped(asked, subject) if mode == funnel.COHORT else [],
        dims=[
            {"url": asked.address(by=dim), "label": DIMS[dim][0 if show.chinese() else 1], "active": dim == by}
            for dim in dims
        ],
        plain_url=asked.address(by=None),
        by=DIMS[by][0 if show.chinese() else 1] if by else "",
        splits=splits,
        more=more,
        steps=[step.words[0 if show.chinese() else 1] for step in steps],
        sentence=_sentence(asked, bars, subject),
        csv_url=asked.address(export="csv"),
        xlsx_url=asked.address(export="xlsx"),
        empty=not bars[0].reached.cell or not bars[0].reached.cell.top,
    )
    return render(request, "insights/funnel.html", context)


def _bars(asked: Asked, subject: str, mode: str) -> list[Bar]:
    figures, at, where = asked.figures, asked.at, asked.where
    steps = funnel.STEPS[subject]
    figures.expect(_expected(asked, subject, mode))
    counts = [figures.total(f"funnel_{subject}_{s.key}", at.start, at.end, where, mode) for s in steps]
    priors = [figures.total(f"funnel_{subject}_{s.key}", at.before_start, at.before_end, where, mode) for s in steps]
    widest = max([cell.top for cell in counts] + [1])
    bars = []
    for place, step in enumerate(steps):
        key = f"funnel_{subject}_{step.key}"
        cell, prior = counts[place], priors[place]

        def put(suffix: str, held: Cell, key: str = key) -> Number:
            return _number(figures, key + suffix, held, asked, where, mode)

        rate = overall = days = amount = standing = None
        held = 0
        if place:
            rate = put("_rate", Cell((), cell.top, counts[place - 1].top, counts[place - 1].top, "ratio"))
            overall = put("_overall", Cell((), cell.top, counts[0].top, counts[0].top, "ratio"))
            days = put("_days", figures.total(f"{key}_days", at.start, at.end, where, mode))
        if (subject == "deal" or step.key in ("won", "collected")) and _can(figures, f"{key}_amount"):
            amount = put("_amount", figures.total(f"{key}_amount", at.start, at.end, where, mode))
        if mode == funnel.COHORT and place + 1 < len(steps):
            standing = put("_standing", figures.total(f"{key}_standing", at.start, at.end, where, mode))
            held = standing.cell.top if standing.cell else 0
        bars.append(
            Bar(
                step.key,
                step.words[0 if show.chinese() else 1],
                _number(figures, key, cell, asked, where, mode),
                amount,
                rate,
                overall,
                days,
                standing if standing and standing.cell and standing.cell.top else None,
                _number(figures, key, prior, asked, where, mode),
                show.change(cell.top, prior.top) if prior.top else "",
                _share(cell.top, widest),
                _share(min(held, cell.top), widest),
            )
        )
    return bars


def _expected(asked: Asked, subject: str, mode: str) -> Iterator[Question]:
    """Every total that this page shows: steps, amounts, who stands between them, the twelve months before."""
    figures, at, where = asked.figures, asked.at, asked.where
    keys = [f"funnel_{subject}_{step.key}" for step in funnel.STEPS[subject]]
    spans = [(at.start, at.end, mode), (at.before_start, at.before_end, mode)]
    for start, end, basis in spans:
        yield from (figures.question(key, (), start, end, where, basis) for key in keys)
    more = [f"{key}{suffix}" for key in keys for suffix in ("_amount", "_standing", "_skipped")]
    known = [key for key in more if key in funnel.METRICS and _can(figures, key)]
    yield from (figures.question(key, (), at.start, at.end, where, mode) for key in known
                if mode in figures.metric(key).bases)  # fmt: skip
    try:
        begin = periods.year_before(at.start)
    except periods.PeriodError:
        return
    usual = [key for key in (*keys, *(f"{key}_standing" for key in keys[:-1])) if _can(figures, key)]
    if mode == funnel.COHORT:
        yield from (figures.question(key, (), begin, at.start, where, mode) for key in usual)
        whole = [f"funnel_{subject}_won_amount", f"funnel_{subject}_won"]
        yield from (figures.question(key, (), begin, at.end, where, mode) for key in whole if _can(figures, key))


def _share(part: int, whole: int) -> str:
    """A width of an SVG of 1000, as text."""
    return str(part * 1000 // whole)


def _reached(figures: Figures, subject: str, start: date, end: date, where: Where) -> tuple[list[int], list[int]]:
    steps = funnel.STEPS[subject]
    now = [figures.total(f"funnel_{subject}_{s.key}", start, end, where, funnel.COHORT).top for s in steps]
    standing = [
        figures.total(f"funnel_{subject}_{s.key}_standing", start, end, where, funnel.COHORT).top for s in steps[:-1]
    ]
    return now, [*standing, 0]


def _worst(asked: Asked, subject: str) -> dict[str, Any] | None:
    """The costliest step against the twelve months before the window."""
    figures, at, where = asked.figures, asked.at, asked.where
    if not _can(figures, f"funnel_{subject}_won_amount"):
        return None
    try:
        start = periods.year_before(at.start)
    except periods.PeriodError:
        return None
    steps = funnel.STEPS[subject]
    won = next(i for i, step in enumerate(steps) if step.key == "won")
    now, standing = _reached(figures, subject, at.start, at.end, where)
    usual, usual_standing = _reached(figures, subject, start, at.start, where)
    money = figures.total(f"funnel_{subject}_won_amount", start, at.end, where, funnel.COHORT)
    wins = figures.total(f"funnel_{subject}_won", start, at.end, where, funnel.COHORT).top
    if not wins or money.top <= 0:
        return None
    found = funnel.worst_loss(now, standing, usual, usual_standing, won, Fraction(money.top, wins))
    if found is None:
        return None
    words = [step.words[0 if show.chinese() else 1] for step in steps]
    key = f"funnel_{subject}_{steps[found.place].key}_rate"
    return {
        "place": found.place,
        "from": words[found.place - 1],
        "to": words[found.place],
        "now": show.percent(*found.now),
        "usual": show.percent(*found.usual),
        "n": found.now[1],
        "amount": figures.writer.money_short(found.amount_minor),
        "exact": figures.writer.money(found.amount_minor),
        "why": why_url(key, at, where, funnel.COHORT),
        "lost_url": _lost_url(subject, asked),
    }


def _lost_url(subject: str, asked: Asked) -> str:
    from pacesetter.web.places import exists

    path = "/leads/" if subject == "lead" else "/deals/"
    return f"{path}?stage=lost" if exists(path) else ""


def _skipped(asked: Asked, subject: str) -> list[dict[str, Any]]:
    """Who went on without a step: counted and open to the records."""
    found = []
    for step in funnel.STEPS[subject][1:-1]:
        key = f"funnel_{subject}_{step.key}_skipped"
        cell = asked.figures.total(key, asked.at.start, asked.at.end, asked.where, funnel.COHORT)
        if cell.top:
            found.append(
                {
                    "name": step.words[0 if show.chinese() else 1],
                    "n": cell.top,
                    "why": why_url(key, asked.at, asked.where, funnel.COHORT),
                }
            )
    return found


def _splits(asked: Asked, subject: str, mode: str, by: str) -> tuple[list[Split], int]:
    """The funnel by segment, largest first."""
    figures, at, where = asked.figures, asked.at, asked.where
    steps = funnel.STEPS[subject]
    cells = [figures.now(f"funnel_{subject}_{step.key}", (by,), at, where, mode) for step in steps]
    keys = sorted({key for found in cells for key in found}, key=lambda k: -(cells[0][k].top if k in cells[0] else 0))
    figures.names.load(by, [key[0] for key in keys[:ROWS]])
    found = []
    for key in keys[:ROWS]:
        inner = where.narrowed(by, key[0])
        numbers: list[Number] = []
        rates: list[Number | None] = []
        for place, step in enumerate(steps):
            name = f"funnel_{subject}_{step.key}"
            cell = cells[place].get(key) or Cell(key, 0, None, 0, "count")
            numbers.append(_number(figures, name, cell, asked, inner, mode))
            if place:
                prior = cells[place - 1].get(key)
                base = prior.top if prior else 0
                ratio = Cell(key, cell.top, base, base, "ratio")
                rates.append(_number(figures, f"{name}_rate", ratio, asked, inner, mode))
            else:
                rates.append(None)
        found.append(Split(figures.names.of(by, key[0]), numbers, rates))
    return found, max(0, len(keys) - ROWS)


def _sentence(asked: Asked, bars: list[Bar], subject: str) -> str:
    """What the picture shows, for those who do not see it and for those in a hurry."""
    first, last = bars[0], next(bar for bar in bars if bar.key == "won")
    if not first.reached.cell or not first.reached.cell.top:
        return _("%(period)s没有新的%(noun)s。") % {"period": asked.at.name, "noun": first.name.lower()}
    return _("%(period)s %(n)s 条%(noun)s，走到成交 %(won)s 条，全程 %(rate)s。") % {
        "period": asked.at.name,
        "n": first.reached.text,
        "noun": first.name.lower(),
        "won": last.reached.text,
        "rate": last.overall.text if last.overall else show.MISSING,
    }


def _table(bars: list[Bar], splits: list[Split], by: str) -> tuple[list[str], Iterator[list[str]]]:
    head = [_("阶段"), _("数量"), _("占上一步"), _("占第一步"), _("中位天数"), _("上期数量")]

    def plain() -> Iterator[list[str]]:
        for bar in bars:
            yield [
                bar.name,
                str(bar.reached.cell.top if bar.reached.cell else ""),
                bar.rate.text if bar.rate else "",
                bar.overall.text if bar.overall else "",
                bar.days.text if bar.days else "",
                str(bar.before.cell.top if bar.before and bar.before.cell else ""),
            ]

    if not splits:
        return head, plain()

    def segments() -> Iterator[list[str]]:
        for split in splits:
            yield [split.name, *(str(number.cell.top) if number.cell else "" for number in split.numbers)]

    return [by, *(bar.name for bar in bars)], segments()
