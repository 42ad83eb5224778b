"""Tables as files that people open: CSV, XLSX, Parquet — never with a cell that a spreadsheet would run.

A text that begins like a formula (`= + - @`, a tab or line break, or their full-width forms) gets a leading `'` in CSV;
the importer takes it off again. In XLSX such a text is written as a string cell. Plain numbers are left alone.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO

TRIGGERS = "=+-@\t\r\n＝＋－＠"
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?", re.ASCII)
# no longer than a spreadsheet's cell
CELL = 32_767


def safe(text: str) -> str:
    """The text as a CSV cell that no spreadsheet runs."""
    if text and (text[0] in TRIGGERS or (text[0] == "'" and text[1:2] and text[1] in TRIGGERS + "'")):
        return text if _NUMBER.fullmatch(text) and text[0] == "-" else "'" + text
    return text


def unsafe(text: str) -> str:
    """What `safe` was given: the inverse, for files that come back."""
    if text[:1] == "'" and text[1:2] and text[1] in TRIGGERS + "'":
        return text[1:]
    return text


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A CSV with a byte order mark, so that Excel reads it as UTF-8; in pieces, for streaming."""
    buffer = io.StringIO(newline="")
    buffer.write("\ufeff")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([safe(name) for name in header])
    for row in rows:
        writer.writerow([safe(text) for text in row])
        if buffer.tell() > 64_000:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(csv_lines(header, rows))


def write_xlsx(target: Path | IO[bytes], header: Sequence[str], rows: Iterable[Sequence[str]], sheet: str = "") -> None:
    """An XLSX whose cells are all text: no formula, no lost zero, no date turned round."""
    import xlsxwriter

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    book = xlsxwriter.Workbook(str(target) if isinstance(target, Path) else target, options)
    bold = book.add_format({"bold": True})
    as_text = book.add_format({"num_format": "@"})
    page = book.add_worksheet(sheet[:31] or None)
    page.freeze_panes(1, 0)
    for place, name in enumerate(header):
        page.set_column(place, place, max(10, min(40, 2 * len(name) + 4)), as_text)
        page.write_string(0, place, name, bold)
    for number, row in enumerate(rows, start=1):
        for place, text in enumerate(row):
            if text:
                page.write_string(number, place, text[:CELL])
    book.close()


def write_parquet(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A Parquet file of text columns, in groups of 50,000 rows."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([(name, pa.string()) for name in header])
    with pq.ParquetWriter(path, schema) as writer:
        chunk: list[Sequence[str]] = []

        def flush() -> None:
            columns = [pa.array([row[place] for row in chunk], pa.string()) for place in range(len(header))]
            writer.write_table(pa.Table.from_arrays(columns, schema=schema))
            chunk.clear()

        for row in rows:
            chunk.append(row)
            if len(chunk) >= 50_000:
                flush()
        flush()
