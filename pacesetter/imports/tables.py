"""A sheet read by a mapping: typed rows, or faults with their place. No row is dropped without a fault.

    table = Table(sheet, sheet_mapping, options)
    for item in table.rows(): Typed (values by canonical column) or Fault

A `Record` is what the writer of the import takes: one thing to create or update.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from decimal import Decimal
from fractions import Fraction
from typing import Any

from pacesetter.lib import money

from . import values as read
from .cells import EDGES, strip
from .columns import READING, Column, column_words
from .faults import Fault, ValueFault, shown
from .mapping import Mapped, SheetMapping, label, own_unit
from .reading import Row, Sheet
from .values.goals import Measure, parse_period

_MEMORY = 20_000
# the column that a file of wrong rows carries back: told to people, not to be read again
REASON_HEADERS = frozenset(["错误原因", "What is wrong"])
_NOTHING: dict[str, Any] = {}
# a column with its place, name and parser, and what the parser remembers
_Step = tuple[Mapped, int, str, Callable[[str], Any], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Record:
    """One record of an entity, ready for its act.

    `values` by canonical column: mapped and blank = None, not mapped = absent. Deals may carry `values["lines"]`, a
    tuple of dicts (line_key, product, quantity, unit_price, discount, amount, cost, row), whose amounts sum to
    `values["amount"]`, and `values["returns"]`, a tuple of dicts (kind, on, amount, reason, file, row). `external_id`
    identifies it within (source, entity). `file` and `row` say where it stands; `rows` are all spreadsheet rows it
    was made of (empty = made on the way from another file's rows, counted nowhere). `extra` holds unmapped columns by
    header. `raw` holds the file's own text, by column, of values that a declared rule rounded.
    """

    entity: str
    file: str
    row: int
    values: dict[str, Any]
    extra: dict[str, str] = field(default_factory=dict)
    raw: dict[str, str] = field(default_factory=dict)
    rows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Options:
    """How the cells of a file are read.

    `orders` date order by column (`mdy`, `dmy`, `ymd`, `serial`; "*" for all); `words` value maps by column {written:
    stored}; `half_up` the columns whose amounts are rounded by a declared rule; `exact` the money columns kept as
    Fractions of minor units, to be summed first; `percent` `ratio` or `percent` by column; `texts` replaces texts by
    column {written: text}.

    How rows become records: `key` the headers that make one deal beside its number; `make` the entities whose missing
    records are made on the way; `owner_by` `region` where the owner's column names a region, and `regions` who looks
    after which; `day_from` the orders' header that dates a return; `fixed` words that every row has.
    """

    currency: str = "CNY"
    zone: tzinfo = read.dates.SHANGHAI
    orders: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    half_up: frozenset[str] = frozenset()
    exact: frozenset[str] = frozenset()
    percent: Mapping[str, str] = field(default_factory=dict)
    key: tuple[str, ...] = ()
    make: frozenset[str] = frozenset()
    owner_by: str = ""
    day_from: str = ""
    fixed: Mapping[str, str] = field(default_factory=dict)
    regions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(slots=True)
class Typed:
    """One row with its values; `cells` by canonical column as they stand in the file."""

    row: int
    values: dict[str, Any]
    extra: dict[str, str]
    raw: dict[str, str]


class Table:
    """One sheet with its mapping. Dates are inferred over the whole column before the first row is given."""

    def __init__(self, sheet: Sheet, mapping: SheetMapping, options: Options, file: str = "") -> None:
        self.sheet = sheet
        self.mapping = mapping
        self.options = options
        self.file = file or sheet.file
        self.entity = mapping.entity
        self.faults = [Fault(self.file, None, "", "", fault.code, fault.params) for fault in mapping.faults]
        for found in mapping.columns:
            if found.currency and found.currency != options.currency:
                params = {"found": found.currency, "expected": options.currency}
                self.faults.append(Fault(self.file, None, found.header, "", "other_currency", params))
        self.orders: dict[str, read.dates.Inference] = {}
        self.extras = [
            (i, sheet.headers[i] or f"({_letters(i)})")
            for i in mapping.unmapped
            if sheet.headers[i] not in REASON_HEADERS
        ]

    def infer(self) -> dict[str, read.dates.Inference]:
        """Date order and three samples of every date column, for the reader to check."""
        dated = [found for found in self.mapping.columns if found.column.type in ("date", "moment")]
        if not dated or self.orders:
            return self.orders
        columns: dict[str, _Distinct] = {found.column.name: _Distinct() for found in dated}
        for row in self.sheet.rows():
            if row.fault is None and not row.total:
                for found in dated:
                    text = row.cells[found.index]
                    if text:
                        columns[found.column.name].add(text)
        for found in dated:
            name = found.column.name
            declared = self.options.orders.get(name) or self.options.orders.get("*", "")
            inference = read.infer_dates(columns[name], zone=self.options.zone, epoch_1904=self.sheet.epoch_1904)
            self.orders[name] = replace(inference, order=declared) if declared else inference
        return self.orders

    def rows(self) -> Iterator[Typed | Fault]:
        """Every row: typed, or all of its faults. 合计 rows come as faults of level `ignored`."""
        self.infer()
        reading = [found for found in self.mapping.columns if found.column.type in READING]
        plans = {"": self._plan("")}
        plan = plans[""]
        rounded = self.options.half_up | self.options.exact
        keep = _Remembering(_extra)
        fixed = tuple(self.options.fixed.items())
        count = 0
        for row in self.sheet.rows():
            if row.fault is not None:
                count += 1
                yield self._row_fault(row)
                continue
            if row.total:
                params = {"word": row.total}
                yield Fault(self.file, row.number, "", row.total, "total_row", params, level="ignored")
                continue
            count += 1
            cells = row.cells
            values: dict[str, Any] = {}
            raw: dict[str, str] = {}
            wrong: list[Fault] = []
            if reading:
                unit = self._said(row, reading, wrong)
                if unit not in plans:
                    plans[unit] = self._plan(unit)
                plan = plans[unit]
            for found, index, name, parse, seen in plan:
                text = cells[index]
                if text in seen and type(text) is str:
                    values[name] = seen[text]
                    continue
                if not text or (text[0] in EDGES and not strip(text)):
                    values[name] = None
                    if found.column.required:
                        wrong.append(Fault(self.file, row.number, found.header, "", "required"))
                    continue
                try:
                    values[name] = parse(text)
                except ValueFault as fault:
                    wrong.append(Fault(self.file, row.number, found.header, shown(text), fault.code, fault.params))
                    continue
                if rounded and name in rounded:
                    raw[name] = str(text)
            extra: dict[str, str] = {}
            for index, header in self.extras:
                text = cells[index]
                if text:
                    try:
                        kept = keep(text)
                    except ValueFault as fault:
                        wrong.append(Fault(self.file, row.number, header, shown(text), fault.code, fault.params))
                        continue
                    if kept:
                        extra[header] = kept
            if wrong:
                yield from wrong
                continue
            for name, word in fixed:
                values.setdefault(name, word)
            yield Typed(row.number, values, extra, raw)
        if not count:
            yield Fault(self.file, None, "", "", "no_rows")

    def _plan(self, unit: str) -> list[_Step]:
        """How each column is read; amounts whose header says no unit count in `unit`."""
        steps: list[_Step] = []
        for found in self.mapping.columns:
            if found.column.type in READING:
                continue
            told = replace(found, unit=unit) if unit and found.column.type == "money" else found
            parser = self._parser(told)
            memory = parser.seen if isinstance(parser, _Remembering) else _NOTHING
            steps.append((found, found.index, found.column.name, parser, memory))
        return steps

    def _said(self, row: Row, reading: Sequence[Mapped], wrong: list[Fault]) -> str:
        """The unit that a row names for its amounts. Another currency or unit than theirs is refused."""
        unit = ""
        for found in reading:
            text = row.cells[found.index]
            if not strip(text):
                continue
            try:
                if found.column.type == "currency":
                    read.check_currency(text, self.options.currency)
                    continue
                unit = read.parse_unit(text, self.options.currency)
                for other in self.mapping.columns:
                    own = own_unit(other) if other.column.type == "money" and row.cells[other.index] else ""
                    if own and own != unit:
                        raise ValueFault("units_disagree", found=unit, header=other.header, expected=own)
            except ValueFault as fault:
                wrong.append(Fault(self.file, row.number, found.header, shown(text), fault.code, fault.params))
        return unit

    def _row_fault(self, row: Row) -> Fault:
        """Where in the row it is, if that can be told."""
        fault = row.fault
        assert fault is not None
        header, value = "", ""
        if fault.code in ("huge_cell", "control_character", "undecodable"):
            for index, cell in enumerate(row.cells):
                bad = len(cell) > 32_767 if fault.code == "huge_cell" else not _clean(cell)
                if bad:
                    header = self.sheet.headers[index] if index < len(self.sheet.headers) else ""
                    value = shown(cell)
                    break
        else:
            value = shown(" | ".join(row.cells))
        return Fault(self.file, row.number, header, value, fault.code, fault.params)

    def _parser(self, found: Mapped) -> Callable[[str], Any]:
        column, options = found.column, self.options
        name = column.name
        parse = self._plain_parser(found, column, options)
        replaced = options.texts.get(name)
        if replaced:
            inner = parse

            def parse(text: str) -> Any:
                return inner(replaced.get(strip(text), text))

        if column.type in ("money", "credits", "note", "measure"):
            return parse
        return _Remembering(parse)

    def _plain_parser(self, found: Mapped, column: Column, options: Options) -> Callable[[str], Any]:
        name, kind = column.name, column.type
        if kind in ("text", "ref"):
            return read.parse_text
        if kind == "note":
            return lambda text: read.parse_text(text, limit=read.texts.MAX_NOTE, lines=True)
        if kind == "money":
            unit = found.unit or "元"
            if name in options.exact:
                return lambda text: exact_minor(text, options.currency, unit)
            half_up = name in options.half_up
            return lambda text: read.parse_money(text, options.currency, unit=unit, half_up=half_up)
        if kind == "ratio":
            percent = options.percent.get(name) or found.percent
            return lambda text: read.parse_ratio(text, percent=percent)
        if kind in ("date", "moment"):
            order = self.orders[name].order if name in self.orders else ""
            if kind == "date":
                return lambda text: read.parse_date(text, order, zone=options.zone, epoch_1904=self.sheet.epoch_1904)
            return lambda text: read.parse_moment(text, order, zone=options.zone, epoch_1904=self.sheet.epoch_1904)
        if kind == "word":
            words = column_words(column)
            declared = options.words.get(name)
            if declared:
                words = words | {read.words.plain_word(written): word for written, word in declared.items()}
            return lambda text: read.parse_word(text, words, column.shown)
        if kind == "measure":
            return lambda text: Measure(text, found.unit, options.percent.get(name) or found.percent)
        if kind == "integer":
            return lambda text: read.parse_integer(text, low=0)
        return _SIMPLE[kind]


_SIMPLE: dict[str, Callable[[str], Any]] = {
    "id": read.parse_id,
    "mobile": read.parse_mobile,
    "phone": read.parse_phone,
    "email": read.parse_email,
    "quantity": read.parse_quantity,
    "boolean": read.parse_boolean,
    "credits": read.parse_credits,
    "list": read.parse_list,
    "period": parse_period,
}


class _Remembering:
    """A parser that remembers what it read: files repeat names, stages and products."""

    def __init__(self, parse: Callable[[str], Any]) -> None:
        self.parse = parse
        self.seen: dict[str, Any] = {}

    def __call__(self, text: str) -> Any:
        # texts of a declared kind are parsed anew: the kind is not part of equality
        if type(text) is not str:
            return self.parse(text)
        if text in self.seen:
            return self.seen[text]
        value = self.parse(text)
        if len(self.seen) < _MEMORY:
            self.seen[text] = value
        return value


class _Distinct:
    """The distinct texts of a column, in order of first use, up to a bound."""

    def __init__(self) -> None:
        self.texts: dict[str, None] = {}

    def add(self, text: str) -> None:
        if len(self.texts) < 100_000:
            self.texts[text] = None

    def __iter__(self) -> Iterator[str]:
        return iter(self.texts)


def exact_minor(text: str, currency: str, unit: str = "元") -> Fraction:
    """An amount in minor units, not rounded: for lines that are summed before a declared rounding."""
    number = read.numbers.decimal_of(text)
    found = Fraction(number) * money.UNITS[unit] * 10 ** money.exponent(currency)
    if abs(found) > money.LIMIT:
        raise ValueFault("too_large")
    return found


def decimal_text(value: Fraction) -> str:
    """An exact amount as decimal text, as far as decimals go."""
    return format((Decimal(value.numerator) / Decimal(value.denominator)).normalize(), "f")


def _extra(text: str) -> str:
    """A cell of a column that is only kept: any text without control characters, also a formula error."""
    try:
        return read.parse_text(text, limit=read.texts.MAX_NOTE, lines=True)
    except ValueFault as fault:
        if fault.code in ("formula_error", "wrong_type"):
            return str(text)
        raise


def _clean(cell: str) -> bool:
    return all(char.isprintable() or char in "\t\r\n\u3000\u00a0\u200b\ufeff" for char in cell) and "\ufffd" not in cell


def _letters(index: int) -> str:
    """The spreadsheet's name of a column: 0 → A, 26 → AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def header_of(table: Table, name: str) -> str:
    """The file's header of a canonical column, for a fault that names it."""
    found = table.mapping.of(name)
    return found.header if found else label(next(c for c in _columns(table) if c.name == name))


def _columns(table: Table) -> Sequence[Column]:
    from .columns import COLUMNS

    return COLUMNS[table.entity]
