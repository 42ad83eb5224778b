"""What the import pages ask: how the files of a batch are mapped, what is wrong, totals beside what is stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pacesetter.lib.periods import add_months
from pacesetter.pipeline.models import Booking, Customer, Receipt

from . import faults
from .acts.batches import folder_of, order_of
from .cells import plain_word
from .columns import COLUMNS, Column, by_name, column_words
from .composing import Owners, composed
from .goal_sheets import month_columns
from .grouping import LINE
from .importing import opened
from .mapping import guess, guess_entity, label
from .models import Batch, BatchFault
from .presets import PRESETS
from .sources import Choices as FileChoices
from .sources import Opened, part_for
from .tables import REASON_HEADERS, Record, Table
from .values import parse_date

SAMPLES = 3
UNKNOWN = 30
LOOK = 200
RETURN_COLUMNS = 8
# what may be the same for every row of a file
SAID_ONCE = frozenset(["role", "tier", "stage", "tax_basis", "kind"])
UNITS = ("元", "千元", "万元", "百万元", "亿元")
ORDERS = ("", "ymd", "mdy", "dmy", "serial")


@dataclass
class ColumnView:
    """One column of a file as the mapping page shows it."""

    header: str
    samples: list[str]
    name: str = ""
    label: str = ""
    type: str = ""
    sure: bool = False
    unit: str = ""
    order: str = ""
    dates: list[tuple[str, date]] = field(default_factory=list)
    # words that nobody knows, each with what somebody said it means
    unknown: list[tuple[str, str]] = field(default_factory=list)
    allowed: list[tuple[str, str]] = field(default_factory=list)
    # how more decimals than the currency has are rounded: "" not at all, "row", or "deal" after adding up
    rounding: str = ""
    # whether the column is a part of the deal's number
    key: bool = False
    # whether a file of goals holds a month's values here
    month: bool = False

    @property
    def looks_like_days(self) -> bool:
        """Whether the samples are days."""
        try:
            return bool([parse_date(text, self.order) for text in self.samples])
        except faults.ValueFault:
            return False

    @property
    def may_be_key(self) -> bool:
        """Whether deals may be told apart by this column."""
        return self.name not in ("deal_no", *LINE) and self.type in ("", "text", "id", "ref", "date", "moment", "word")


@dataclass
class FileView:
    """One file with its columns and what is wrong with it as a whole."""

    file: str
    entity: str
    columns: list[ColumnView]
    faults: list[str]
    fields: list[tuple[str, str]] = field(default_factory=list)
    # canonical columns of words that the file lacks: (name, label, words, chosen)
    absent: list[tuple[str, str, list[tuple[str, str]], str]] = field(default_factory=list)
    decided: FileChoices = field(default_factory=FileChoices)
    # the worksheets that hold a table, and the one that is read
    sheets: list[str] = field(default_factory=list)
    sheet: str = ""
    # the numbers that the chosen columns make of the first rows
    numbers: list[str] = field(default_factory=list)


def choices_of_columns(entity: str) -> list[tuple[str, str]]:
    """(name, header in the reader's language) of every place that a column of such a file may go to."""
    return [(name, label(column)) for name, column in by_name(entity).items()]


def words_of(column: Column) -> list[tuple[str, str]]:
    """(stored word, word in the reader's language) that a column may hold."""
    words = list(dict.fromkeys(column.words.values()))
    if (get_language() or "").startswith("en"):
        return [(word, word.replace("_", " ").capitalize()) for word in words]
    # a word that is not shown to people is not offered either
    return list(zip(words, column.shown.split("、"), strict=False))


def file_views(batch: Batch) -> list[FileView]:
    """The batch's files, mapped as decided or as guessed."""
    order = order_of(batch, dry_run=True)
    found = opened(order)
    tables = {table.file: table for tables in found.tables.values() for table in tables}
    views = []
    for name, entity in found.files:
        told = [fault.reason for fault in found.faults if fault.file == name and fault.level != "warning"]
        table, book = tables.get(name), next((book for book in found.books if book.file == name), None)
        decided = order.files.get(name) or (part_for(order.parts, book) if book and order.parts else None)
        view = FileView(name, entity, [], told, decided=decided or FileChoices())
        if book is not None and table is not None:
            view.sheets, view.sheet = [one.name for one in book.sheets], table.sheet.name
        if entity in COLUMNS:
            view.fields = choices_of_columns(entity)
        if table is not None:
            view.columns = _columns(table, view.decided)
            view.absent = _absent(table, view.decided)
            view.numbers = _numbers(table)
        views.append(view)
    return views


def _absent(table: Table, decided: FileChoices) -> list[tuple[str, str, list[tuple[str, str]], str]]:
    """What a file does not say may be said once for all its rows."""
    return [
        (column.name, label(column), words_of(column), decided.fixed.get(column.name, ""))
        for column in COLUMNS[table.entity]
        if column.name in SAID_ONCE and not column.required and table.mapping.of(column.name) is None
    ]


def _numbers(table: Table) -> list[str]:
    """A few of the numbers that several columns make."""
    if not table.options.key:
        return []
    # whose the deals are does not matter here
    bare = Table(table.sheet, table.mapping, replace(table.options, owner_by=""), table.file)
    items = islice(composed(bare, Owners()), LOOK)
    numbers = [item.values.get("deal_no") for item in items if isinstance(item, Record) and item.entity == "deals"]
    return [number for number in dict.fromkeys(numbers) if number][:SAMPLES]


def guessed_entity(path: Path, name: str) -> str:
    """What kind of records a file seems to hold; empty where its headers do not tell."""
    from .mapping import is_header_word
    from .reading import read

    book = read(path, name, known=is_header_word)
    headers = book.sheets[0].headers if book.sheets else []
    if _of_returns(headers, name):
        return "returns"
    return next((guess_entity(sheet.headers, f"{name} {sheet.name}") for sheet in book.sheets), "")


def _of_returns(headers: list[str], name: str) -> bool:
    """A narrow file that speaks of returns and names a deal."""
    told = any(
        word in plain_word(text) for text in (name, *headers) for word in ("退货", "退款", "退回", "return", "refund")
    )
    found = guess(headers, "returns")
    return told and found.of("deal_no") is not None and len(headers) <= RETURN_COLUMNS


def preset_for(paths: list[Path]) -> str:
    """The built-in preset that knows all of these files by their headers; empty when none does."""
    from .reading import read

    headers = []
    for path in paths:
        book = read(path, path.name)
        headers.append(set(book.sheets[0].headers) if book.sheets else set())
    for preset in PRESETS.values():
        if preset.generic:
            continue
        if headers and all(
            any(plan.headers and set(plan.headers) <= found for plan in preset.files) or
            any(plan.ignored and plan.fits(path.name) for plan in preset.files)
            for found, path in zip(headers, paths, strict=True)
        ):  # fmt: skip
            return preset.name
    return ""


def _columns(table: Table, decided: FileChoices) -> list[ColumnView]:
    rows = [row for row in islice(table.sheet.rows(), LOOK) if row.fault is None and not row.total]
    mapped = {found.index: found for found in table.mapping.columns}
    orders = table.infer()
    months = month_columns(table) if table.entity == "goals" else {}
    views = []
    for index, header in enumerate(table.sheet.headers):
        if not header or header in REASON_HEADERS:
            continue
        texts = [str(row.cells[index]) for row in rows if row.cells[index]]
        view = ColumnView(
            header, list(dict.fromkeys(texts))[:SAMPLES], key=header in table.options.key, month=header in months
        )
        found = mapped.get(index)
        if found is not None:
            column = found.column
            view.name, view.type, view.sure, view.unit = column.name, column.type, found.confidence >= 0.9, found.unit
            view.label = label(column)
            if column.name in table.options.exact | table.options.half_up:
                view.rounding = "deal" if column.name in table.options.exact else "row"
            inference = orders.get(column.name)
            if inference is not None:
                view.order, view.dates = inference.order, list(inference.samples)[:SAMPLES]
            if column.type == "word":
                words = column_words(column)
                chosen = decided.words.get(column.name, {})
                view.unknown = [
                    (text, chosen.get(text, ""))
                    for text in dict.fromkeys(texts)
                    if plain_word(text) not in words or text in chosen
                ][:UNKNOWN]
                view.allowed = words_of(column)
        views.append(view)
    return views


def errors_of(batch: Batch, level: str = "error") -> QuerySet[BatchFault]:
    """Faults of a batch, in the order of the file."""
    return BatchFault.objects.filter(batch=batch, level=level).order_by("file", "row", "id")


def sentence(fault: BatchFault) -> str:
    """Reason and remedy in the reader's language."""
    return f"{faults.reason(fault.code, fault.params)}。{faults.remedy(fault.code, fault.params)}。"


def error_rows(batch: Batch) -> tuple[list[str], Iterator[list[str]]]:
    """Only the wrong rows, as they stand in their file, with a reason behind: correct them and upload again.

    For several files with different headers the rows of the first file with errors are given.
    """
    wrong: dict[str, dict[int, list[str]]] = {}
    for fault in errors_of(batch).exclude(row=None):
        told = wrong.setdefault(fault.file, {}).setdefault(fault.row or 0, [])
        told.append(f"{fault.column}: {sentence(fault)}" if fault.column else sentence(fault))
    found: Opened = opened(order_of(batch, dry_run=True))
    for tables in found.tables.values():
        for table in tables:
            if table.file in wrong:
                return _error_table(table, wrong[table.file])
    return [_("文件"), _("错误原因")], iter(
        [[fault.file, sentence(fault)] for fault in errors_of(batch).filter(row=None)[:1000]]
    )


def _error_table(table: Table, wrong: dict[int, list[str]]) -> tuple[list[str], Iterator[list[str]]]:
    heads = [name for name in table.sheet.headers if name not in REASON_HEADERS]
    kept = [place for place, name in enumerate(table.sheet.headers) if name not in REASON_HEADERS]

    def rows() -> Iterator[list[str]]:
        for row in table.sheet.rows():
            told = wrong.get(row.number)
            if told:
                cells = [str(row.cells[place]) if place < len(row.cells) else "" for place in kept]
                yield [*cells, " ".join(told)]

    return [*heads, _("错误原因")], rows()


@dataclass(frozen=True)
class Month:
    """One month: what the file holds, what was stored of it before this batch, and the month before that."""

    label: str
    file_minor: int
    stored_minor: int
    before_minor: int


def months_of(batch: Batch) -> list[Month]:
    """The latest months of a file's money beside what is stored: a wrong unit shows at once."""
    totals = batch.totals.get("months", {})
    money = any(file.get("entity") == "collections" for file in batch.files)
    return [
        Month(label, totals[label], _stored(label, 0, money), _stored(label, -1, money))
        for label in sorted(totals, reverse=True)[:3]
    ]


def _stored(label: str, shift: int, money: bool) -> int:
    first = add_months(date(int(label[:4]), int(label[5:]), 1), shift)
    end = add_months(first, 1)
    if money:
        rows: QuerySet[Any] = Receipt.objects.filter(on__gte=first, on__lt=end)
    else:
        rows = Booking.objects.filter(on__gte=first, on__lt=end, overlay=False)
    return rows.aggregate(total=Sum("amount_minor"))["total"] or 0


@dataclass(frozen=True)
class Difference:
    """One customer and month where finance's file and our receipts differ."""

    month: str
    customer: str
    theirs_minor: int
    ours_minor: int

    @property
    def gap_minor(self) -> int:
        return self.theirs_minor - self.ours_minor


def differences(batch: Batch) -> tuple[int, int, list[Difference]]:
    """Finance's total, our total over the file's months, and every customer and month that differs."""
    told: dict[tuple[str, int], int] = {}
    for month, customer, minor in batch.totals.get("received", []):
        told[month, customer] = told.get((month, customer), 0) + minor
    months = sorted({month for month, _customer in told})
    ours: dict[tuple[str, int], int] = {}
    for month in months:
        first = date(int(month[:4]), int(month[5:]), 1)
        rows = Receipt.objects.filter(on__gte=first, on__lt=add_months(first, 1)).values_list("customer_id")
        for customer, total in rows.annotate(total=Sum("amount_minor")).order_by():
            ours[month, customer] = total
    apart = [key for key in sorted({*told, *ours}) if told.get(key, 0) != ours.get(key, 0)]
    names = dict(Customer.objects.filter(pk__in={customer for _month, customer in apart}).values_list("pk", "name"))
    found = [
        Difference(month, names.get(customer, ""), told.get((month, customer), 0), ours.get((month, customer), 0))
        for month, customer in apart
    ]
    return sum(told.values()), sum(ours.values()), found


def files_of(batch: Batch) -> list[Path]:
    """The uploaded files that are still there."""
    return [path for item in batch.files if (path := folder_of(batch) / item["file"]).is_file()]


__all__ = ["ORDERS", "UNITS", "by_name", "choices_of_columns", "differences", "error_rows", "errors_of", "file_views",
           "files_of", "guessed_entity", "months_of", "preset_for", "sentence"]  # fmt: skip
