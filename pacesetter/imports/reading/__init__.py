"""A file → tables of text cells, with the row numbers that a spreadsheet shows.

    book = read(path_or_bytes, "三月成交.xlsx", known=is_header_word)
    book.faults            why the file as a whole cannot be read (then there are no sheets)
    sheet = book.sheets[0]
    sheet.headers          column names; "" where the file has none
    for row in sheet.rows(): row.number, row.cells, row.fault, row.total

`sheet.rows()` may be called again (it reads again; nothing is kept in memory but a CSV's current line). Cells are
`str`, or `Cell` with a kind where the file says what they are (XLSX, XLS, ODS, XML, JSON). Blank rows are skipped. A
row with `fault` cannot be taken; a row with `total` is a 合计 row. No file raises: what cannot be read ends in
`book.faults`.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

from ..faults import Fault, ValueFault
from .delimited import open_delimited
from .encoding import CONTROLS, looks_wide
from .markup import open_html, open_xml
from .records import read_json
from .table import Book, Opener, Row, Sheet, Source
from .workbook import open_workbook

__all__ = ["Book", "Row", "Sheet", "read"]

_WORKBOOKS = ("xlsx", "xlsm", "xlsb", "xls", "ods")
# kinds of file that people mistake for tables
_MAGIC = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf", "7z"),
    (b"Rar!", "RAR"),
    (b"SQLite format 3", "SQLite"),
    (b"PAR1", "Parquet"),
    (b"\x7fELF", "ELF"),
    (b"MZ", "EXE"),
    (b"{\\rtf", "RTF"),
    (b"ID3", "MP3"),
    (b"RIFF", "RIFF"),
)


def read(source: str | Path | bytes, name: str = "", *, known: Callable[[str], bool] | None = None) -> Book:
    """Read any supported file. `known` tells whether a text is a column name somebody would use (helps to find the
    header).
    """
    name = name or (Path(source).name if not isinstance(source, bytes) else "")
    book = Book(name)
    try:
        opener = _opener(source)
        with opener() as file:
            head = file.read(4096)
        for found in _sources(source, opener, head, name, book):
            book.add(found, known)
        if not book.sheets and not book.faults:
            raise ValueFault("empty_file")
    except ValueFault as fault:
        book.sheets.clear()
        book.faults.append(Fault(name, None, "", "", fault.code, fault.params))
    except (OSError, UnicodeError, MemoryError, RecursionError, EOFError):
        book.sheets.clear()
        book.faults.append(Fault(name, None, "", "", "unreadable"))
    return book


def _is_binary(head: bytes, suffix: str) -> bool:
    """Whether what is no known file is no text either: too many control bytes, fewer where it says it is a workbook."""
    if looks_wide(head):
        return False
    controls = len(head) - len(head.translate(None, CONTROLS))
    return len(head) > 64 and controls * (50 if suffix in _WORKBOOKS else 20) > len(head)


def _opener(source: str | Path | bytes) -> Opener:
    if isinstance(source, bytes):
        return lambda: io.BytesIO(source)
    return lambda: open(source, "rb")


def _sources(source: str | Path | bytes, opener: Opener, head: bytes, name: str, book: Book) -> list[Source]:
    """The tables inside, told by content first and name second."""
    if not head.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        raise ValueFault("empty_file")
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return open_workbook(source, opener, "xlsx", book)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return open_workbook(source, opener, "xls", book)
    for magic, kind in _MAGIC:
        if head.startswith(magic) and (len(magic) > 2 or b"\x00" in head[:64]):
            raise ValueFault("not_a_table", found=kind)
    start = head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    suffix = name.lower().rpartition(".")[2]
    if suffix in ("json", "jsonl", "ndjson") or (start[:1] in (b"[", b"{") and suffix not in ("csv", "tsv", "txt")):
        book.kind = "json"
        return [read_json(opener)]
    lowered = start[:2048].lower()
    if start.startswith(b"<"):
        if b"urn:schemas-microsoft-com:office:spreadsheet" in lowered and b"<html" not in lowered:
            book.kind = "xml"
            return open_xml(opener)
        if b"<table" in lowered or b"<html" in lowered or b"<!doctype html" in lowered or suffix in ("html", "htm"):
            book.kind = "html"
            return [open_html(opener)]
        if lowered.startswith(b"<?xml"):
            book.kind = "xml"
            return open_xml(opener)
    if _is_binary(head, suffix):
        raise ValueFault("unreadable")
    book.kind = "csv"
    return [open_delimited(opener)]
