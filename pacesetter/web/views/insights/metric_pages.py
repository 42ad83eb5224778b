"""S21: the catalogue of metrics, and one metric in detail."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pacesetter.activity.models import CompanyMetric
from pacesetter.lib import periods
from pacesetter.metrics.catalogue import METRICS, Metric, UnknownBasis
from pacesetter.metrics.schema import DIMS, TIME_DIMS
from pacesetter.web import door, show

from .asked import period_name
from .board import COLUMNS, Number, name_of
from .links import page_url, why_url
from .page import Asked, crumb, table_response, wants_table
from .scope import must_read
from .spread import definition_changes, spread
from .why import basis_name, unit_of
from .wording import small, sortable, whole

KINDS = ("process", "result", "health")
GRAINS = ("week", "month", "quarter", "year", "fiscal_quarter", "fiscal_year")
BACK = {"week": 13, "month": 12, "quarter": 8, "year": 5, "fiscal_quarter": 8, "fiscal_year": 5}
MAKERS = ("director", "analyst", "admin")
SEGMENTS = 30


def _said(words: tuple[str, str]) -> str:
    return words[0] if show.chinese() else words[1]


def _levels(metric: Metric) -> list[str]:
    """What is healthy and what alarming, for signals that have both."""
    return [_said(words) for words in metric.levels or ()]


def may_make(asked: Asked) -> bool:
    return bool({"director", "analyst"} & asked.figures.viewer.roles)


@require_safe
def metric_list(request: HttpRequest) -> HttpResponse:
    """Every metric the reader may see, by kind; `?q=` searches both languages."""
    asked = Asked(request)
    figures = asked.figures
    wanted = request.GET.get("q", "").strip().casefold()[:60]
    titles = {"process": _("过程"), "result": _("结果"), "health": _("健康")}
    groups = []
    listed = [
        metric
        for metric in figures.catalogue.values()
        if wanted in " ".join((metric.key, metric.zh, metric.en, *metric.meaning)).casefold()
    ]
    figures.expect(figures.question(metric.key, (), asked.at.start, asked.at.end, asked.where) for metric in listed)
    for kind in KINDS:
        rows = []
        for metric in listed:
            if metric.kind != kind:
                continue
            cell = figures.total(metric.key, asked.at.start, asked.at.end, asked.where)
            write = figures.writer
            rows.append(
                {
                    "metric": metric,
                    "name": name_of(metric),
                    "other": metric.en if show.chinese() else metric.zh,
                    "meaning": _said(metric.meaning),
                    "levels": _levels(metric),
                    "unit": unit_of(figures, metric),
                    "own": metric.key not in METRICS,
                    "url": page_url("metric_detail", asked.at, asked.where, metric.key),
                    "number": Number(
                        write.short(metric, cell),
                        write.exact(metric, cell),
                        why_url(metric.key, asked.at, asked.where),
                        name_of(metric),
                        sortable(cell),
                        cell,
                        "",
                        small(metric, cell),
                        metric.key,
                    ),
                }
            )
        if rows:
            groups.append({"title": titles[kind], "rows": rows})
    context = asked.context(
        groups=groups,
        q=request.GET.get("q", ""),
        new_url=reverse("metric_new") if may_make(asked) else "",
        total=sum(len(group["rows"]) for group in groups),
    )
    return render(request, "insights/metrics.html", context)


@require_safe
def metric_detail(request: HttpRequest, key: str) -> HttpResponse:
    """One metric: how it is calculated, how it moved, who moves it."""
    asked = Asked(request, "quarter")
    figures = asked.figures
    metric = must_read(figures.viewer, figures.catalogue.get(key))
    try:
        basis, chosen = metric.basis(request.GET.get("basis", ""))
    except UnknownBasis as error:
        raise Http404 from error
    grain = request.GET.get("grain", "month")
    grain = grain if grain in GRAINS else "month"
    dims = [dim for dim in figures.dims(metric, basis) if dim not in TIME_DIMS]
    by = request.GET.get("by", "") or next(iter(dims), "")
    by = by if by in dims else ""
    now, before = (asked.at.start, asked.at.end), (asked.at.before_start, asked.at.before_end)
    splits = [(), (by,)] if by else [()]
    figures.expect(figures.question(key, dims, *span, asked.where, basis) for dims in splits for span in (now, before))
    segments = _segments(asked, metric, basis, by) if by else []
    if wants_table(request):
        header = [_said(DIMS[by]) if by else _("指标"), name_of(metric), _("分子"), _("分母"), "n"]
        lines = ([r["name"], r["number"].text, *map(str, r["raw"])] for r in segments)
        return table_response(request, f"{key}-{asked.at.key}", header, lines)
    cell = figures.total(key, *now, asked.where, basis)
    prior = figures.total(key, *before, asked.where, basis)
    enough = [r for r in segments if not r["number"].small and r["number"].sort is not None]
    ordered = sorted(enough, key=lambda r: r["number"].sort, reverse=metric.better != "down")
    facts = sorted({DIMS_OF.get(m.fact, m.fact) for m in chosen.measures()})
    context = asked.context(
        metric=metric,
        name=name_of(metric),
        other=metric.en if show.chinese() else metric.zh,
        meaning=_said(metric.meaning),
        levels=_levels(metric),
        number=_cell_number(asked, metric, basis, cell, prior),
        unit=unit_of(figures, metric),
        bases=[
            {"url": asked.address(basis=k), "label": basis_name(metric, k), "active": k == basis}
            for k in metric.bases
            if len(metric.bases) > 1
        ],
        formula=_formula_words(metric, chosen),
        owner=_said(metric.owner),
        grain=grain,
        grains=[
            {"url": asked.address(grain=g), "label": _said(DIMS[g]), "active": g == grain}
            for g in GRAINS
            if figures.settings.fiscal_start_month != 1 or not g.startswith("fiscal")
        ],
        chart=_chart(asked, metric, basis, grain),
        by=by,
        by_name=_said(DIMS[by]) if by else "",
        dims=[{"url": asked.address(by=d), "label": _said(DIMS[d]), "active": d == by} for d in dims],
        segments=segments[:SEGMENTS],
        more=max(0, len(segments) - SEGMENTS),
        spread=_spread_chart(asked, metric, basis, segments[:SEGMENTS], by),
        people=spread(figures, metric, basis, asked.at, asked.where),
        notes=definition_changes(metric, date(asked.at.start.year - 1, 1, 1), asked.at.last),
        best=ordered[:3] if len(ordered) >= 4 else [],
        worst=ordered[-3:][::-1] if len(ordered) >= 6 else [],
        small_count=sum(1 for r in segments if r["number"].small),
        facts=[facts_name(fact) for fact in facts],
        used_in=_used(asked, metric),
        crumb=crumb(),
        csv_url=asked.address(export="csv"),
        xlsx_url=asked.address(export="xlsx"),
        key=door.form_key(request),
        retire=CompanyMetric.objects.filter(key=key, retired_at=None).exists() and may_make(asked),
        additive=metric.additive,
        without=_without(asked, metric, basis, by, segments),
    )
    return render(request, "insights/metric.html", context)


DIMS_OF = {
    "instalment_paid": "instalment",
    "lead_touched": "lead",
    "deal_proposed": "deal_step",
    "stage_left": "deal_step",
    "deal_path": "deal_step",
}


def facts_name(fact: str) -> str:
    """A fact table and the day its facts are counted on, in words."""
    return {
        "booking": _("成交与退款，按签约日和退款日"),
        "deal_step": _("商机阶段变化，按变化当天"),
        "lead": _("线索，按创建日"),
        "activity": _("跟进记录，按发生日"),
        "instalment": _("应收计划，按应收日"),
        "receipt": _("回款，按到账日"),
        "invoice": _("开票，按开票日"),
    }.get(fact, fact)


def _cell_number(asked: Asked, metric: Metric, basis: str, cell: Any, before: Any) -> Number:
    write = asked.figures.writer
    return Number(
        write.short(metric, cell),
        write.exact(metric, cell),
        why_url(metric.key, asked.at, asked.where, basis),
        name_of(metric),
        sortable(cell),
        cell,
        write.change(metric, cell, before),
        small(metric, cell),
        metric.key,
    )


def _formula_words(metric: Metric, chosen: Any) -> str:
    top = _said(chosen.top_words) or name_of(metric)
    bottom = _said(chosen.bottom_words)
    if top.casefold() == name_of(metric).casefold() and metric.unit == "minor":
        top = _("赢单 − 退款与退货 − 取消") if metric.key == "won_amount" else _("各条记录的金额之和")
    elif top.casefold() == name_of(metric).casefold():
        top = _counted_words(chosen)
    return f"{name_of(metric)} = {top} ÷ {bottom}" if bottom else f"{name_of(metric)} = {top}"


def _counted_words(chosen: Any) -> str:
    """What a count counts: records, or each customer (or whatever it tells apart) once."""
    of = {measure.of for measure in chosen.top if measure.agg == "distinct"}
    if not of:
        return _("符合条件的记录条数")
    return _("符合条件的客户数，同一客户只数一次") if of == {"customer_id"} else _("符合条件的对象数，同一个只数一次")


def _chart(asked: Asked, metric: Metric, basis: str, grain: str) -> dict[str, Any] | None:
    """The metric over the last periods of a grain, as the chart component wants it."""
    figures, at = asked.figures, asked.at
    if grain not in figures.dims(metric, basis):
        return None
    last = periods.period_of(at.last, grain, figures.settings)
    first = last
    for _step in range(BACK[grain] - 1):
        first = periods.previous(first, figures.settings)
    span = list(periods.between(first.start, last.end, grain, figures.settings))
    end = min(last.end, at.end if at.end > last.start else last.end)
    cells = figures.ask(metric.key, (grain,), first.start, end, asked.where, basis)
    values = [_mark(metric, cells.get((period.label,))) for period in span]
    labels = [_short_label(grain, period) for period in span]
    known = [(label, value) for label, value in zip(labels, values, strict=True) if value is not None]
    if not known:
        return None
    name = name_of(metric)
    write = figures.writer
    newest = cells.get((span[-1].label,))
    sentence = _("%(name)s，%(from)s 到 %(to)s 共 %(n)s 期，最近一期 %(value)s。") % {
        "name": name,
        "from": labels[0],
        "to": labels[-1],
        "n": len(span),
        "value": write.short(metric, newest),
    }
    return {
        "kind": "line",
        "unit": metric.unit,
        "currency": figures.company.currency,
        "labels": labels,
        "axis": _said(DIMS[grain]),
        "series": [{"name": name, "values": values}],
        "title": name,
        "sentence": sentence,
        "note": _("最后一期还没结束") if asked.at.end < last.end else "",
    }


def _short_label(grain: str, period: periods.Period) -> str:
    if grain == "week":
        return f"{period.start.month}/{period.start.day}"
    if grain in ("fiscal_quarter", "fiscal_year", "performance_month", "year"):
        return period.label
    return period.label if show.chinese() else period_name(grain, period.label, period.start, period.last)


def _mark(metric: Metric, cell: Any) -> Any:
    """A value for a chart: [top, bottom] for rates, whole units else, null where nothing is known."""
    if cell is None:
        return 0 if metric.unit in ("count", "minor") and metric.additive and not _divided(metric) else None
    if metric.unit == "ratio":
        return [cell.top, cell.bottom] if cell.bottom and not small(metric, cell) else None
    return whole(cell)


def _divided(metric: Metric) -> bool:
    _key, basis = metric.basis()
    return bool(basis.bottom or basis.spread)


def _segments(asked: Asked, metric: Metric, basis: str, by: str) -> list[dict[str, Any]]:
    """One row per value of a dim, best first, each open to its own records."""
    figures = asked.figures
    cells = figures.now(metric.key, (by,), asked.at, asked.where, basis)
    before = figures.before(metric.key, (by,), asked.at, asked.where, basis)
    figures.names.load(by, [key[0] for key in cells])
    write = figures.writer
    rows = []
    for key, cell in cells.items():
        inner = asked.where.narrowed(by, key[0])
        rows.append(
            {
                "name": figures.names.of(by, key[0]),
                "key": key[0],
                "raw": [cell.top, "" if cell.bottom is None else cell.bottom, cell.n],
                "n": cell.n,
                "number": Number(
                    write.short(metric, cell),
                    write.exact(metric, cell),
                    why_url(metric.key, asked.at, inner, basis),
                    name_of(metric),
                    sortable(cell),
                    cell,
                    write.change(metric, cell, before.get(key)),
                    small(metric, cell),
                    metric.key,
                ),
            }
        )
    down = metric.better == "down"
    rows.sort(
        key=lambda r: (
            r["number"].small,
            r["number"].sort is None,
            (r["number"].sort or Fraction(0)) * (1 if down and metric.unit == "ratio" else -1),
            r["name"],
        )
    )
    return rows


def _spread_chart(asked: Asked, metric: Metric, basis: str, rows: list[dict[str, Any]], by: str) -> Any:
    shown = [r for r in rows if not r["number"].small and r["number"].sort is not None][:12]
    if len(shown) < 2:
        return None
    name = name_of(metric)
    return {
        "kind": "bar",
        "unit": metric.unit,
        "currency": asked.figures.company.currency,
        "labels": [r["name"] for r in shown],
        "axis": _said(DIMS[by]),
        "series": [{"name": name, "values": [_mark(metric, r["number"].cell) for r in shown]}],
        "title": name,
        "sentence": _("%(name)s按%(by)s：最高 %(first)s %(value)s，共 %(n)s 项。")
        % {
            "name": name,
            "by": _said(DIMS[by]),
            "first": shown[0]["name"],
            "value": shown[0]["number"].text,
            "n": len(rows),
        },
    }


def _without(asked: Asked, metric: Metric, basis: str, by: str, rows: list[dict[str, Any]]) -> str:
    """A quality note: facts that carry no value of the dim they are split by."""
    nothing = next((r for r in rows if r["key"] is None), None)
    if nothing is None:
        return ""
    return _("%(value)s 没有填写%(dim)s，归在“未指定”。") % {"value": nothing["number"].text, "dim": _said(DIMS[by])}


def _used(asked: Asked, metric: Metric) -> list[dict[str, str]]:
    """Pages that show this metric."""
    found = []
    if metric.key in COLUMNS:
        found.append({"url": page_url("board", asked.at, asked.where), "label": _("团队看板")})
    of_funnel = ("lead_conversion_rate", "leads_created", "win_rate", "deals_won", "deals_opened")
    if metric.key in of_funnel and asked.figures.has_funnel:
        found.append({"url": page_url("funnel", asked.at, asked.where), "label": _("漏斗分析")})
    if metric.key in ("won_amount", "deals_won", "win_rate", "effective_visits", "collected_amount", "leads_created"):
        found.append({"url": "/", "label": _("今日")})
    return found
