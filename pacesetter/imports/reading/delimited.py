"""CSV and its relatives: comma, semicolon, tab or bar between cells; streamed, one record in memory at a time.

A row's number is the record's number, as a spreadsheet shows it: a quoted cell may hold line ends, blank lines count.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from functools import partial
from itertools import islice

from ..faults import ValueFault
from .encoding import Encoding, detect
from .table import Opener, Raw, Source

_CANDIDATES = ",\t;|"
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\r?\n?', re.IGNORECASE)
# what our own CSV export puts an apostrophe before, so that no spreadsheet runs it
_ESCAPED = re.compile("'+[=+\\-@＝＋－＠\t\r]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")

# One field may be this long before the reader gives up on its quotes (the default would be 128 KB).
csv.field_size_limit(1_000_000)


def open_delimited(opener: Opener) -> Source:
    """Find encoding and delimiter; the rows are read later."""
    encoding = detect(opener)
    with opener() as file:
        text = io.TextIOWrapper(file, encoding.codec, errors=_errors(encoding), newline="")
        sample = text.read(1 << 16)
    declared = _SEPARATOR_LINE.match(sample)
    delimiter = declared[1] if declared else sniff(sample)
    check = partial(_check, encoding) if encoding.controls or encoding.broken else None
    return Source(
        partial(_records, opener, encoding, delimiter, bool(declared)),
        encoding=encoding.label,
        delimiter=delimiter,
        check=check,
    )


def _errors(encoding: Encoding) -> str:
    if not encoding.broken:
        return "strict"
    return "replace" if encoding.codec.startswith(("utf-16", "utf-32")) else "surrogateescape"


def sniff(sample: str) -> str:
    """The delimiter that gives most rows the same number of cells, more than one; a comma where none does."""
    best, best_score = ",", (0.0, 0)
    for delimiter in _CANDIDATES:
        if delimiter not in sample:
            continue
        try:
            rows = list(islice(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter), 200))
        except csv.Error:
            continue
        if len(rows) > 1 and len(sample) >= 1 << 16:
            rows.pop()
        widths = [len(row) for row in rows if any(row)]
        if not widths:
            continue
        common = max(set(widths), key=lambda width: (widths.count(width), width))
        if common < 2:
            # a title line may stand above; a delimiter that splits only a few lines is part of the text
            continue
        score = (widths.count(common) / len(widths), common)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _records(opener: Opener, encoding: Encoding, delimiter: str, skip_first: bool) -> Iterator[Raw]:
    number = 0
    with opener() as file:
        text = io.TextIOWrapper(file, encoding.codec, errors=_errors(encoding), newline="")
        if skip_first:
            text.readline()
        reader = csv.reader(text, delimiter=delimiter, strict=True)
        while True:
            try:
                if encoding.apostrophes:
                    for cells in reader:
                        number += 1
                        if any(cell[:1] == "'" for cell in cells):
                            cells = [unescape(cell) for cell in cells]
                        yield number, cells
                else:
                    for cells in reader:
                        number += 1
                        yield number, cells
                return
            except csv.Error as error:
                number += 1
                message = str(error)
                if "unexpected end" in message:
                    yield number, ValueFault("unclosed_quote")
                    return
                yield number, ValueFault("huge_cell" if "field larger" in message else "bad_quote")


def unescape(cell: str) -> str:
    """Take off the apostrophe that protects a text from being run as a formula."""
    return cell[1:] if _ESCAPED.match(cell) else cell


def _check(encoding: Encoding, joined: str) -> ValueFault | None:
    found = _CONTROL.search(joined)
    if found:
        if "\ud800" <= found.group() <= "\udfff":
            return ValueFault("undecodable", encoding=encoding.label)
        return ValueFault("control_character", char=f"U+{ord(found.group()):04X}")
    if encoding.broken and "\ufffd" in joined:
        return ValueFault("undecodable", encoding=encoding.label)
    return None
