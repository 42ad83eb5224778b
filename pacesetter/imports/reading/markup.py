"""Tables inside HTML (what many systems export as .xls) and XML Spreadsheet 2003."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import partial
from html.parser import HTMLParser
from xml.parsers import expat

from ..cells import Cell, number_text
from ..faults import ValueFault
from .encoding import detect
from .table import MAX_COLUMNS, Opener, Raw, Source

MAX_BYTES = 20 << 20
# spans and indexes can blow a small file up to any size
MAX_CELLS = 3_000_000
_CHARSET = re.compile(rb'charset\s*=\s*["\']?\s*([\w-]+)', re.IGNORECASE)
_CHINESE = {"gb2312", "gbk", "gb_2312-80", "x-gbk", "cp936", "gb18030"}
_SS = "urn:schemas-microsoft-com:office:spreadsheet"


def _bytes(opener: Opener) -> bytes:
    with opener() as file:
        if file.seek(0, os.SEEK_END) > MAX_BYTES:
            raise ValueFault("too_big")
        file.seek(0)
        return file.read()


def _kept(rows: list[list[str]]) -> Iterator[Raw]:
    yield from enumerate(rows, 1)


class _Tables(HTMLParser):
    """Collects every outermost table as rows of texts; spans are filled with blanks."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self.depth = 0
        self.row: list[str] | None = None
        self.cell: list[str] | None = None
        self.span = 1
        self.rows_down = 1
        self.silent = 0
        self.cells = 0
        # column → how many further rows a cell of an earlier row covers
        self.covered: dict[int, int] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style"):
            self.silent += 1
        elif tag == "table":
            self.depth += 1
            if self.depth == 1:
                self.tables.append([])
                self.covered = {}
        elif self.depth == 1 and tag == "tr":
            self._end_row()
            self.row = []
        elif self.depth == 1 and tag in ("td", "th"):
            self._end_cell()
            if self.row is None:
                self.row = []
            found = dict(attrs)
            self.span = _count(found.get("colspan"), MAX_COLUMNS)
            self.rows_down = _count(found.get("rowspan"), 1000)
            self.cell = []
        elif tag == "br" and self.cell is not None:
            self.cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self.silent = max(0, self.silent - 1)
        elif tag == "table" and self.depth:
            if self.depth == 1:
                self._end_row()
            self.depth -= 1
        elif self.depth == 1 and tag in ("td", "th"):
            self._end_cell()
        elif self.depth == 1 and tag == "tr":
            self._end_row()

    def handle_data(self, data: str) -> None:
        if self.cell is not None and not self.silent:
            self.cell.append(data)

    def _end_cell(self) -> None:
        if self.cell is None or self.row is None:
            return
        self._skip_covered()
        self.cells += self.span
        if self.cells > MAX_CELLS:
            raise ValueFault("too_big")
        text = "\n".join(" ".join(line.split()) for line in "".join(self.cell).split("\n")).strip()
        for place in range(self.span):
            if self.rows_down > 1:
                self.covered[len(self.row)] = self.rows_down
            self.row.append(text if place == 0 else "")
        self.cell = None

    def _skip_covered(self) -> None:
        while self.row is not None and self.covered.get(len(self.row), 0) > 0:
            self.row.append("")
            self.cells += 1

    def _end_row(self) -> None:
        self._end_cell()
        if self.row is None:
            return
        self._skip_covered()
        self.covered = {column: left - 1 for column, left in self.covered.items() if left > 1}
        if self.tables:
            self.tables[-1].append(self.row)
        self.row = None


def _count(text: str | None, most: int) -> int:
    return min(int(text), most) if text and text.strip().isascii() and text.strip().isdigit() and int(text) > 0 else 1


def open_html(opener: Opener) -> Source:
    """The table with most cells; a row's number is its place in the table, as a spreadsheet opens it."""
    content = _bytes(opener)
    declared = _CHARSET.search(content[:4096])
    name = declared[1].decode("ascii").lower() if declared else ""
    encoding = detect(opener)
    codec = "gb18030" if name in _CHINESE and not encoding.codec.startswith(("utf-8-sig", "utf-16")) else encoding.codec
    parser = _Tables()
    try:
        text = content.decode(codec)
    except UnicodeError:
        text = content.decode(encoding.codec, "replace")
    parser.feed(text)
    parser.close()
    parser._end_row()
    tables = [table for table in parser.tables if any(any(row) for row in table)]
    if not tables:
        raise ValueFault("not_a_table", found="HTML")
    best = max(tables, key=lambda table: sum(1 for row in table for cell in row if cell))
    return Source(partial(_kept, best), encoding="gb18030" if codec == "gb18030" else encoding.label, ragged=True)


def open_xml(opener: Opener) -> list[Source]:
    """The worksheets of an XML Spreadsheet 2003 file; any DTD is refused."""
    reader = _Worksheets()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    try:
        parser.Parse(_bytes(opener), True)
    except expat.ExpatError:
        raise ValueFault("unreadable") from None
    sheets = [(name, rows) for name, rows, hidden in reader.sheets if rows and not hidden]
    if not sheets:
        raise ValueFault("not_a_table" if not reader.sheets else "no_data_sheet", found="XML")
    return [Source(partial(_kept, rows), name, encoding="xml", ragged=True) for name, rows in sheets]


def _refuse(*_: object) -> None:
    raise ValueFault("xml_entities")


class _Worksheets:
    """Handlers that fill `sheets`: name, rows, hidden."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, list[list[str]], bool]] = []
        self.row: list[str] = []
        self.kind = ""
        self.data: list[str] | None = None
        self.skip = 0
        self.cells = 0

    def _count(self, more: int) -> None:
        self.cells += more
        if self.cells > MAX_CELLS:
            raise ValueFault("too_big")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.removeprefix(_SS + " ")
        if name == "Worksheet":
            self.sheets.append(
                (attributes.get(f"{_SS} Name", ""), [], attributes.get(f"{_SS} Visible", "") == "SheetHidden")
            )
        elif name == "Row" and self.sheets:
            rows = self.sheets[-1][1]
            index = _count(attributes.get(f"{_SS} Index"), 1_048_576)
            self._count(max(1, index - len(rows)))
            while f"{_SS} Index" in attributes and len(rows) < index - 1:
                rows.append([])
            self.row = []
        elif name == "Cell":
            index = _count(attributes.get(f"{_SS} Index"), MAX_COLUMNS)
            self._count(max(1, index - len(self.row)))
            while f"{_SS} Index" in attributes and len(self.row) < index - 1:
                self.row.append("")
            self.row.append("")
            across = attributes.get(f"{_SS} MergeAcross")
            self.skip = _count(across, MAX_COLUMNS) if across else 0
        elif name == "Data":
            self.kind, self.data = attributes.get(f"{_SS} Type", "String"), []

    def text(self, data: str) -> None:
        if self.data is not None:
            self.data.append(data)

    def end(self, tag: str) -> None:
        name = tag.removeprefix(_SS + " ")
        if name == "Data" and self.data is not None and self.row:
            self.row[-1] = _typed("".join(self.data), self.kind)
            self.data = None
        elif name == "Cell":
            self._count(self.skip)
            self.row.extend([""] * self.skip)
            self.skip = 0
        elif name == "Row" and self.sheets:
            self.sheets[-1][1].append(self.row)


def _typed(text: str, kind: str) -> str:
    if kind == "Number":
        try:
            return Cell(text if "E" not in text.upper() else number_text(float(text)), "number")
        except ValueError:
            return Cell(text, "error")
    if kind == "DateTime":
        return Cell(text.replace("T", " ").removesuffix(".000").removesuffix(" 00:00:00"), "date")
    if kind == "Boolean":
        return Cell("true" if text == "1" else "false", "boolean")
    return Cell(text, "error") if kind == "Error" else text
