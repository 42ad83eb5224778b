"""From a path (a file or a folder) and a preset to records: the one entrance for the web and the command line.

    opened = open_paths(paths, preset, currency="CNY")
    opened.tables, opened.faults, opened.files   what was recognised; `samples()` shows dates as they were read
    for item in opened.records(): Record or Fault, in the order people, products, customers, leads, deals, …

`Fault.level`: `error`, `ignored` (counts as ignored), `duplicate` (counts as duplicate), `warning` (counts nothing).
Nothing here writes anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, tzinfo
from pathlib import Path
from typing import Any

from pacesetter.lib import money

from .columns import COLUMNS
from .faults import Fault, ValueFault, shown
from .goal_sheets import month_columns
from .mapping import SheetMapping, guess, guess_entity, is_header_word, label
from .presets import PRESETS, FilePlan, Preset
from .presets.generic import shape as generic_shape
from .reading import Book, Sheet, read
from .tables import Options, Record, Table
from .values import counts_money
from .values.dates import SHANGHAI

_SUFFIXES = (
    ".csv",
    ".tsv",
    ".txt",
    ".xlsx",
    ".xlsm",
    ".xlsb",
    ".xls",
    ".ods",
    ".json",
    ".jsonl",
    ".ndjson",
    ".xml",
    ".htm",
    ".html",
)


@dataclass(frozen=True, slots=True)
class Choices:
    """What somebody decided on the page for one file: entity, worksheet, columns {header: column or ""}, orders,
    words, units; the rest as `tables.Options` has it.
    """

    entity: str = ""
    sheet: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    orders: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    percent: Mapping[str, str] = field(default_factory=dict)
    half_up: frozenset[str] = frozenset()
    exact: frozenset[str] = frozenset()
    key: tuple[str, ...] = ()
    make: frozenset[str] = frozenset()
    owner_by: str = ""
    day_from: str = ""
    fixed: Mapping[str, str] = field(default_factory=dict)

    def fits(self, headers: Sequence[str]) -> int:
        """How many of a sheet's headers this was decided for; 0 where one that it needs is not there."""
        used = {header for header, name in self.columns.items() if name}
        return len(set(self.columns) & set(headers)) if used and used <= set(headers) else 0


@dataclass(slots=True)
class Opened:
    """All files of one import, read and mapped."""

    preset: Preset
    tables: dict[str, list[Table]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    # (file, entity) in the order in which they were given
    files: list[tuple[str, str]] = field(default_factory=list)
    books: list[Book] = field(default_factory=list)

    def records(self) -> Iterator[Record | Fault]:
        """Everything the files hold; faults of whole files first."""
        yield from self.faults
        if any(fault.level == "error" for fault in self.faults):
            return
        yield from (self.preset.shape or generic_shape)(self.tables)

    def samples(self) -> list[tuple[str, str, str, tuple[tuple[str, date], ...]]]:
        """(file, header, order, samples) of every date column."""
        return [
            (table.file, found.header, inference.order, inference.samples)
            for tables in self.tables.values()
            for table in tables
            for found in table.mapping.columns
            if (inference := table.infer().get(found.column.name))
        ]


def open_paths(
    paths: Sequence[str | Path | tuple[str, bytes]],
    preset: Preset | str,
    *,
    currency: str = "CNY",
    zone: tzinfo = SHANGHAI,
    choices: Mapping[str, Choices] | None = None,
    parts: Sequence[Choices] = (),
    regions: Mapping[str, tuple[str, ...]] | None = None,
    sheet: str = "",
) -> Opened:
    """Read and map files (paths, folders, or (name, bytes)).

    `choices` by file name; `parts` are those of a saved mapping, each file takes the one whose headers it has.
    `regions` tells who looks after which; `sheet` names the worksheet of every workbook.
    """
    found = PRESETS[preset] if isinstance(preset, str) else preset
    opened = Opened(found)
    if currency not in money.CURRENCIES:
        opened.faults.append(Fault("", None, "", "", "currency_needed", {"currency": currency}))
        return opened
    options = Options(currency=currency, zone=zone, regions=regions or {})
    for name, source in _each(paths):
        _open_one(opened, name, source, options, (choices or {}).get(name), parts, sheet)
    for plan in found.files:
        if plan.needed and plan.role not in opened.tables and not opened.faults and len(opened.files) > 1:
            opened.faults.append(Fault(plan.patterns[0], None, "", "", "missing_file", level="warning"))
    return opened


def _each(paths: Sequence[str | Path | tuple[str, bytes]]) -> Iterator[tuple[str, str | Path | bytes]]:
    for path in paths:
        if isinstance(path, tuple):
            yield path
        elif Path(path).is_dir():
            for inner in sorted(Path(path).iterdir()):
                if inner.is_file() and inner.suffix.lower() in _SUFFIXES and not inner.name.startswith((".", "~$")):
                    yield inner.name, inner
        else:
            yield Path(path).name, path


def part_for(parts: Sequence[Choices], book: Book) -> Choices | None:
    """The part of a saved mapping that a file is read by: the only one, else the one whose headers fit best."""
    if len(parts) == 1:
        return parts[0]
    fitting = [(max((part.fits(sheet.headers) for sheet in book.sheets), default=0), part) for part in parts]
    best = max(fitting, key=lambda pair: pair[0], default=(0, None))
    return best[1] if best[0] else None


def _known(preset: Preset, parts: Sequence[Choices] = ()) -> Callable[[str], bool]:
    """Headers that the preset's own files use, beside the ones everybody uses."""
    own = {header for plan in preset.files for header in (plan.columns or {})} | {
        h for p in preset.files for h in p.headers
    }
    own |= {header for part in parts for header in part.columns}
    return lambda text: text in own or is_header_word(text)


def _open_one(opened: Opened, name: str, source: str | Path | bytes, options: Options, decided: Choices | None,
              parts: Sequence[Choices], wanted: str = "") -> None:  # fmt: skip
    preset = opened.preset
    book = read(source, name, known=_known(preset, parts))
    opened.books.append(book)
    saved = part_for(parts, book) if parts else None
    choices = decided or saved or Choices()
    if wanted and any(known.name for known in book.sheets):
        choices = replace(choices, sheet=wanted)
    sheet = _choose_sheet(book, preset, choices) if book.sheets else None
    plan = _plan(preset, name, sheet)
    if plan is None or (sheet is not None and decided is None and parts and saved is None):
        opened.files.append((name, ""))
        opened.faults.append(Fault(name, None, "", "", "unknown_preset_file"))
        return
    entity = plan.entity
    if preset.generic and choices.entity and choices.entity != entity:
        entity, plan = choices.entity, replace(plan, entity=choices.entity, role=choices.entity)
    opened.files.append((name, entity))
    if sheet is None:
        opened.faults.extend(book.faults)
        return
    if plan.ignored:
        count = sum(1 for row in sheet.rows() if not row.fault)
        opened.faults.append(Fault(name, None, "", "", plan.ignored, level="ignored", rows=count))
        return
    mapping = _map(sheet, plan, entity, choices)
    table = Table(sheet, mapping, _options(options, plan, choices), name)
    opened.faults.extend(_left_out(book, sheet, table, plan, choices))
    broken = [fault for fault in table.faults if fault.level == "error"]
    opened.faults.extend(broken)
    opened.tables.setdefault(plan.role, []).append(table)


def _left_out(book: Book, sheet: Sheet, table: Table, plan: FilePlan, choices: Choices) -> Iterator[Fault]:
    """Worksheets that are not read and columns that go nowhere: nobody chose that, so it is said."""
    others = [other.name for other in book.sheets if other is not sheet and other.name]
    if others and not choices.sheet:
        params = {"read": sheet.name, "others": "、".join(others)}
        yield Fault(table.file, None, "", shown(params["others"]), "sheets_left", params, level="warning")
    if plan.columns is not None:
        return
    months = month_columns(table) if table.entity == "goals" else {}
    aside = [header for _index, header in table.extras if header not in months and header not in choices.columns]
    if aside:
        params = {"count": str(len(aside)), "columns": "、".join(aside)}
        yield Fault(table.file, None, "", shown(params["columns"]), "columns_aside", params, level="warning")


def _options(options: Options, plan: FilePlan, choices: Choices) -> Options:
    return replace(
        options,
        orders={**plan.orders, **choices.orders},
        words={**plan.words, **choices.words},
        texts=plan.texts,
        half_up=plan.half_up | choices.half_up,
        exact=plan.exact | choices.exact,
        percent={**plan.percent, **choices.percent},
        key=choices.key,
        make=choices.make,
        owner_by=choices.owner_by,
        day_from=choices.day_from,
        fixed=choices.fixed,
    )


def _choose_sheet(book: Book, preset: Preset, choices: Choices) -> Sheet | None:
    """The worksheet asked for, else the one whose headers fit the preset, else the first that holds a table."""
    if choices.sheet:
        for sheet in book.sheets:
            if sheet.name == choices.sheet:
                return sheet
        book.faults.append(Fault(book.file, None, "", "", "sheet_missing", {"sheet": choices.sheet}))
        return None
    wanted = choices.entity or (preset.files[0].entity if preset.generic else "")
    for sheet in book.sheets:
        if wanted and len(book.sheets) > 1:
            if guess_entity(sheet.headers, sheet.name) == wanted:
                return sheet
        elif any(plan.headers and set(plan.headers) <= set(sheet.headers) for plan in preset.files):
            return sheet
    return book.sheets[0]


def _plan(preset: Preset, name: str, sheet: Sheet | None) -> FilePlan | None:
    if preset.generic:
        return preset.files[0]
    headers = set(sheet.headers) if sheet else set()
    for plan in preset.files:
        if plan.headers and set(plan.headers) <= headers:
            return plan
    return next((plan for plan in preset.files if plan.fits(name)), None)


def _map(sheet: Sheet, plan: FilePlan, entity: str, choices: Choices) -> SheetMapping:
    if plan.columns is None:
        mapping = guess(sheet.headers, entity, choices.columns)
    else:
        fixed = {header: plan.columns.get(header, "") for header in sheet.headers if header}
        mapping = guess(sheet.headers, entity, {**fixed, **choices.columns})
        given = {label(column) for column in COLUMNS[entity] if column.name in plan.given}
        mapping.faults = [f for f in mapping.faults if f.code != "missing_column" or f.params["field"] not in given]
        missing = [header for header in plan.headers if header not in sheet.headers]
        mapping.faults.extend(ValueFault("missing_column", field=header) for header in missing)
    _settle_unit(sheet, mapping)
    if choices.units:
        mapping.columns = [
            replace(found, unit=choices.units[found.header]) if found.header in choices.units else found
            for found in mapping.columns
        ]
    return mapping


def _settle_unit(sheet: Sheet, mapping: SheetMapping) -> None:
    """Of the columns guessed to be the amounts' unit, the first with money in it: 单位 is also 台, or a company."""
    unit = next((found for found in mapping.columns if found.column.type == "unit"), None)
    if unit is None or unit.confidence >= 1:
        return
    likely = [unit, *(rival for rival in mapping.rivals if rival.column.type == "unit")]
    known = next((found for found in likely if counts_money(_distinct(sheet, found.index))), None)
    if known is None:
        mapping.without(unit)
    elif known is not unit:
        mapping.instead(unit, known)


def _distinct(sheet: Sheet, index: int) -> list[str]:
    rows = (row for row in sheet.rows() if row.fault is None and not row.total)
    return list({str(row.cells[index]): None for row in rows if row.cells[index]})


def template(entity: str) -> list[tuple[str, str, Any]]:
    """(Chinese header, English header, sample) of every column, for the template to download."""
    return [(column.zh, column.en, column.sample) for column in COLUMNS[entity]]
