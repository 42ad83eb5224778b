"""One list for all records: search, filters, sort, pages of 50 with totals, export of what the reader may see."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any

from django.core.paginator import Paginator
from django.db.models import F, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from pacesetter.lib import money, sheets
from pacesetter.people import reads as people
from pacesetter.pipeline import acts

from ... import door, show

PAGE = 50
PART = 2_000
EXPORT_LIMIT = 100_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Column:
    """A column of page and file. `kind`: text, money, day, count, tag, late, need; `on_phone`: first, hero, wide."""

    key: str
    label: Any
    value: Callable[[Any], Any]
    kind: str = "text"
    sort: str = ""
    url: Callable[[Any], str] | None = None
    under: Callable[[Any], Any] | None = None
    on_phone: str = ""
    total: str = ""
    file_only: bool = False


@dataclass(frozen=True)
class Filter:
    """A choice above the list; `apply` narrows the rows by the chosen value."""

    name: str
    label: Any
    options: Sequence[tuple[str, Any]]
    apply: Callable[[QuerySet[Any], str], QuerySet[Any]]


@dataclass
class Listing:
    """A list of one kind of record, ready to be shown or exported."""

    entity: str
    title: Any
    rows: QuerySet[Any]
    columns: Sequence[Column]
    filters: Sequence[Filter] = ()
    order: str | tuple[str, ...] = "-id"
    sub: Any = ""
    search: Any = ""
    empty: Any = ""
    actions: Sequence[tuple[str, str, Any]] = ()
    tabs: Sequence[tuple[str, Any, bool]] = ()
    export: str = ""
    figures: Sequence[tuple[Any, Any]] = ()
    context: dict[str, Any] = field(default_factory=dict)
    # told the rows of a page (or of a part of a file) before their cells are made
    prepare: Callable[[Sequence[Any]], None] | None = None


def answer(request: HttpRequest, listing: Listing, kind: str = "") -> HttpResponse:
    """The page, or the file of everything the filters keep."""
    asked = request.GET
    rows = listing.rows
    for choice in listing.filters:
        value = asked.get(choice.name, "")
        if value and value in {str(key) for key, _label in choice.options}:
            rows = choice.apply(rows, value)
    sort, ordered = _ordered(rows, listing, asked.get("sort", ""))
    if kind:
        return _file(request, listing, ordered, kind)
    page = Paginator(ordered, PAGE).get_page(asked.get("page"))
    shown = list(page.object_list)
    if listing.prepare:
        listing.prepare(shown)
    columns = [column for column in listing.columns if not column.file_only]
    sums = {column.key: Sum(column.total) for column in columns if column.total}
    totals = rows.order_by().aggregate(**sums) if sums and page.paginator.count else {}
    return render(
        request,
        "pipeline/list.html",
        {
            "listing": listing,
            "page": page,
            "asked": asked,
            "narrowed": any(asked.get(name) for name in ("q", *(choice.name for choice in listing.filters))),
            "head": [_head(column, sort) for column in columns],
            "lines": [[_cell(column, row) for column in columns] for row in shown],
            "totals": [(totals.get(c.key), c) for c in columns] if totals else [],
            "filters": [(choice, asked.get(choice.name, "")) for choice in listing.filters],
            **listing.context,
        },
    )


def _ordered(rows: QuerySet[Any], listing: Listing, asked: str) -> tuple[str, QuerySet[Any]]:
    """The rows in the order asked for; a column nobody may sort by is ignored."""
    known = {column.key: column.sort for column in listing.columns if column.sort}
    name = asked.removeprefix("-")
    if name not in known:
        order = (listing.order,) if isinstance(listing.order, str) else listing.order
        return "", rows.order_by(*order, "-id" if order[-1].startswith("-") else "id")
    by = F(known[name])
    down = asked.startswith("-")
    return asked, rows.order_by(by.desc(nulls_last=True) if down else by.asc(nulls_last=True), "-id")


def _head(column: Column, sort: str) -> dict[str, Any]:
    mine = sort.removeprefix("-") == column.key
    down = mine and sort.startswith("-")
    # numbers and days start with the largest, words with the first
    first = "-" + column.key if column.kind in ("money", "day", "count") else column.key
    second = column.key if first.startswith("-") else "-" + column.key
    return {
        "label": column.label,
        "sortable": bool(column.sort),
        "next": second if mine and sort == first else first,
        "aria": ("descending" if down else "ascending") if mine else "",
        "number": column.kind in ("money", "count"),
        "css": "wide-only" if column.on_phone == "wide" else "",
    }


def _second(value: Any) -> Any:
    """The second line of a cell; a day reads as days do everywhere."""
    return show.day(value) if isinstance(value, date) else value or ""


def _cell(column: Column, row: Any) -> dict[str, Any]:
    value = column.value(row)
    return {
        "kind": column.kind,
        "value": value,
        "url": column.url(row) if column.url else "",
        "under": _second(column.under(row)) if column.under else "",
        "label": column.label,
        "first": column.on_phone == "first",
        "css": {"hero": "hero", "wide": "wide-only"}.get(column.on_phone, ""),
    }


def _file(request: HttpRequest, listing: Listing, rows: QuerySet[Any], kind: str) -> HttpResponse:
    """CSV or XLSX of the filtered list; formulas cannot run, the journal knows about it."""
    currency = people.company().currency
    header = [str(column.label) for column in listing.columns]
    chosen = rows[:EXPORT_LIMIT]

    def lines() -> Iterator[list[str]]:
        for part in batched(chosen.iterator(chunk_size=PART), PART):
            if listing.prepare:
                listing.prepare(part)
            for row in part:
                yield [told(column.value(row), column.kind, currency) for column in listing.columns]

    count = min(rows.count(), EXPORT_LIMIT)
    acts.export_records(
        entity=listing.entity, rows=count, kind=kind, by=door.actor(request), at=door.at(request),
        filters={key: value for key, value in request.GET.items() if value},
    )  # fmt: skip
    if kind == "xlsx":
        buffer = io.BytesIO()
        sheets.write_xlsx(buffer, header, lines(), str(listing.title))
        response = HttpResponse(buffer.getvalue(), content_type=XLSX)
    else:
        response = HttpResponse("".join(sheets.csv_lines(header, lines())), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{listing.entity}-{door.today(request)}.{kind}"'
    return response


def batched(rows: Iterator[Any], size: int) -> Iterator[list[Any]]:
    """The rows in parts of a size."""
    while part := list(islice(rows, size)):
        yield part


def told(value: Any, kind: str, currency: str) -> str:
    """A cell of the file: amounts in major units, days as ISO, nothing for what is not known."""
    if value is None:
        return ""
    if kind == "money":
        return money.major_text(int(value), currency)
    return value.isoformat() if isinstance(value, date) else str(value)


def masked(text: str) -> str:
    """A number of which only the ends are shown."""
    return text if not text else f"{text[:3]}****{text[-2:]}" if len(text) > 6 else "****"


__all__ = ["Column", "Filter", "Listing", "answer", "masked", "told"]
