"""What a read file is: a book of sheets, each with its header found and its rows judged by shape."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import BinaryIO, NamedTuple

from ..cells import EDGES, strip
from ..faults import Fault, ValueFault
from . import shape

Opener = Callable[[], BinaryIO]
# the file's own rows: number as the spreadsheet shows it, and the cells or why there are none
Raw = tuple[int, "Sequence[str] | ValueFault"]

MAX_ROWS = 1_048_576
MAX_COLUMNS = 1_000
MAX_CELL = 32_767
_LOOK_AHEAD = 40


class Row(NamedTuple):
    """One row of data. `cells` has exactly as many cells as the sheet has headers, unless `fault` is set."""

    number: int
    cells: Sequence[str]
    fault: ValueFault | None = None
    total: str = ""


@dataclass(slots=True)
class Source:
    """A table as a format gives it: `records()` starts again from the first row each time."""

    records: Callable[[], Iterator[Raw]]
    name: str = ""
    encoding: str = ""
    delimiter: str = ""
    epoch_1904: bool = False
    # column names known without looking for a header row (JSON)
    headers: list[str] | None = None
    # rows may have fewer cells than the header (formats that store only used cells)
    ragged: bool = False
    # every row must be searched for control characters or undecodable bytes
    check: Callable[[str], ValueFault | None] | None = None


@dataclass(slots=True)
class Sheet:
    """One table: where its header is, what its columns are called, and its rows."""

    file: str
    source: Source
    header: shape.Header

    @property
    def name(self) -> str:
        """The worksheet's name; empty for files of one table."""
        return self.source.name

    @property
    def headers(self) -> list[str]:
        """Column names; empty text where the file gives none."""
        return self.header.names

    @property
    def header_row(self) -> int:
        """The spreadsheet row of the (first) header line."""
        return self.header.row

    @property
    def encoding(self) -> str:
        """As found: `utf-8`, `utf-8-bom`, `gb18030`, `utf-16-le` …"""
        return self.source.encoding

    @property
    def delimiter(self) -> str:
        """Of a text file."""
        return self.source.delimiter

    @property
    def epoch_1904(self) -> bool:
        """Whether bare serials count from 1904."""
        return self.source.epoch_1904

    def rows(self) -> Iterator[Row]:
        """Every row under the header that is not blank."""
        width, needed, last = len(self.header.names), self.header.needed, self.header.last_row
        ragged, check = self.source.ragged, self.source.check
        for number, cells in self.source.records():
            if number <= last:
                continue
            if number > MAX_ROWS:
                yield Row(number, (), ValueFault("too_many_rows", limit=f"{MAX_ROWS:,}"))
                return
            if isinstance(cells, ValueFault):
                yield Row(number, (), cells)
                continue
            joined = "".join(cells)
            if not joined or (joined[0] in EDGES and not strip(joined)):
                continue
            if shape.may_be_total(joined):
                word = shape.total_word(cells, width, partial(self._above, number))
                if word:
                    yield Row(number, cells, None, word)
                    continue
            if check is not None:
                fault = check(joined)
                if fault is not None:
                    yield Row(number, cells, fault)
                    continue
            if len(joined) > MAX_CELL and any(len(cell) > MAX_CELL for cell in cells):
                yield Row(number, cells, ValueFault("huge_cell"))
                continue
            count = len(cells)
            if count != width:
                if count > width:
                    if strip("".join(cells[width:])):
                        yield Row(number, cells, ValueFault("too_many_cells", found=count, expected=width))
                        continue
                    cells = cells[:width]
                elif count >= needed or ragged:
                    cells = [*cells, *[""] * (width - count)]
                else:
                    yield Row(number, cells, ValueFault("too_few_cells", found=count, expected=width))
                    continue
            yield Row(number, cells)

    def _above(self, upto: int) -> Iterator[Sequence[str]]:
        """The data rows above a row, to check whether it is their sum."""
        for number, cells in self.source.records():
            if number >= upto:
                return
            if number > self.header.last_row and not isinstance(cells, ValueFault):
                yield cells


@dataclass(slots=True)
class Book:
    """A file: its visible sheets that hold a table, or the reason why it cannot be read."""

    file: str
    kind: str = ""
    sheets: list[Sheet] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)

    def add(self, source: Source, known: Callable[[str], bool] | None) -> None:
        """Find the header of a table and keep it, or keep the reason why not."""
        if source.headers is not None:
            header: shape.Header | None = shape.Header(1, 1, source.headers, 0)
        else:
            first = list(islice(source.records(), _LOOK_AHEAD))
            if not any(strip("".join(cells)) for _, cells in first if not isinstance(cells, ValueFault)):
                fault = next((cells for _, cells in first if isinstance(cells, ValueFault)), None)
                if fault is not None:
                    self.faults.append(Fault(self.file, first[0][0], "", "", fault.code, fault.params))
                return
            header = shape.find_header([(n, c) for n, c in first if not isinstance(c, ValueFault)], known)
        if header is None or not any(header.names):
            self.faults.append(Fault(self.file, None, "", "", "no_header"))
            return
        if len(header.names) > MAX_COLUMNS:
            self.faults.append(Fault(self.file, None, "", "", "too_many_columns", {"limit": f"{MAX_COLUMNS:,}"}))
            return
        self.sheets.append(Sheet(self.file, source, header))
