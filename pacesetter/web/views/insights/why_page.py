"""The Why drawer: the same address is the drawer's body, a page of its own, a print, and the full list of records."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pacesetter.lib import money as coins
from pacesetter.metrics.catalogue import Metric, UnknownBasis
from pacesetter.metrics.engine import UnknownDim
from pacesetter.web import door

from .board import name_of
from .page import Asked, crumb, table_response, wants_table
from .questions import beside
from .records import Evidence, Record, evidence
from .scope import must_read
from .why import checked, explain, scope_name
from .wording import in_money

PAGE = 50


def metric_of(asked: Asked, key: str) -> Metric:
    try:
        found = asked.figures.metric(key)
    except KeyError as error:
        raise Http404 from error
    return must_read(asked.figures.viewer, found)


def basis_of(asked: Asked, metric: Metric) -> str:
    try:
        return metric.basis(asked.request.GET.get("basis", ""))[0]
    except UnknownBasis as error:
        raise Http404 from error


@require_safe
def why_page(request: HttpRequest, key: str) -> HttpResponse:
    """One number explained; inside the drawer (htmx) only its body."""
    asked = Asked(request, look_back=False)
    metric = metric_of(asked, key)
    basis = basis_of(asked, metric)
    try:
        why = explain(asked.figures, metric, basis, asked.at, asked.where)
    except UnknownDim as error:
        raise Http404 from error
    context = {
        "why": why,
        "at": asked.at,
        "money": in_money(metric),
        "writer": asked.figures.writer,
        "page_url": request.get_full_path(),
        "records_url": f"{request.path}records/?{request.GET.urlencode()}",
        "crumb": crumb(),
        "taken_at": door.at(request),
        "asking": beside(asked.figures, metric, basis, asked.at, asked.where, door.at(request)),
        "key": door.form_key(request),
    }
    htmx = bool(getattr(request, "htmx", False))
    return render(request, "why/_body.html" if htmx else "why/page.html", context)


@require_safe
def why_records(request: HttpRequest, key: str) -> HttpResponse:
    """All records behind a number, in pages, or as a download."""
    asked = Asked(request, look_back=False)
    metric = metric_of(asked, key)
    basis = basis_of(asked, metric)
    question = asked.figures.question(key, (), asked.at.start, asked.at.end, asked.where, basis)
    try:
        found = evidence(asked.figures, metric, basis, asked.at.start, question.stand, asked.where)
    except UnknownDim as error:
        raise Http404 from error
    if found is None or found.hidden:
        raise Http404
    if wants_table(request):
        header = [_("日期"), _("记录"), _("客户或类型"), _("人员"), _("说明"), _("计入"), _("计入分母")]
        return table_response(request, f"{key}-{asked.at.key}", header, _lines(found, asked))
    pages: Paginator[Record] = Paginator(_Sliced(found), PAGE)  # type: ignore[arg-type]
    page = pages.get_page(request.GET.get("page"))
    cell = asked.figures.total(key, asked.at.start, asked.at.end, asked.where, basis)
    adds_up, check = checked(asked.figures, metric, cell, found)
    context = asked.context(
        why={
            "name": name_of(metric),
            "value": asked.figures.writer.short(metric, cell),
            "scope": scope_name(asked.figures, asked.where, metric),
            "adds_up": adds_up,
            "check": check,
        },
        page=page,
        records=page.object_list,
        money=found.money,
        writer=asked.figures.writer,
        back_url=f"{request.path.removesuffix('records/')}?{request.GET.urlencode()}",
        csv_url=asked.address(export="csv"),
        xlsx_url=asked.address(export="xlsx"),
    )
    return render(request, "why/records.html", context)


class _Sliced:
    """Records as a list that reads only the page it is asked for."""

    def __init__(self, found: Evidence) -> None:
        self.found = found

    def __len__(self) -> int:
        return self.found.count

    def __getitem__(self, part: slice) -> list[Record]:
        return list(self.found.page(part.start, part.stop))


def _lines(found: Evidence, asked: Asked) -> Iterator[list[str]]:
    def put(number: int | None) -> str:
        if number is None:
            return ""
        return coins.major_text(number, asked.figures.company.currency) if found.money else str(number)

    for record in found.everything():
        on: Any = record.on
        yield [
            on.isoformat() if on else "",
            record.title,
            record.customer,
            record.person,
            record.detail,
            put(record.top),
            put(record.bottom),
        ]
