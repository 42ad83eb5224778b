"""Reads one workbook in a process of its own, within limits, and writes its sheets as lines of JSON.

Run as a script (`python -I child.py KIND FILE OUT MEMORY_MB SECONDS`): it imports nothing of the product, so a crash,
a bomb or a loop in a malformed file ends here. OUT/index.json lists the sheets, OUT/<n>.jsonl holds the rows of each;
a cell is one letter (t text, n number, d date, b boolean, e error) and its text. Exit codes: 0 read, 3 encrypted, 4
unreadable, 5 memory.
"""

from __future__ import annotations

import datetime
import json
import re
import resource
import runpy
import sys
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

_ERROR_CELL = re.compile(rb'<(?:\w+:)?c\s([^>]*\bt="e"[^>]*)>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)<', re.DOTALL)
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^>]*>")
_ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')


def number_text(value: float) -> str:
    """The same as `cells.number_text`, which this script cannot import."""
    if value != value or value in (float("inf"), float("-inf")):
        return str(value)
    if abs(value) >= 1e15:
        return f"{value:.14E}"
    if value.is_integer():
        return str(int(value))
    text = repr(value)
    if len(text) <= 16 and "e" not in text:
        return text
    text = format(Decimal(f"{value:.15g}"), "f")
    return "0" if text == "-0" else text


def cell_text(value: Any) -> str:
    """One letter for the kind, then the text; empty for a blank cell."""
    if isinstance(value, str):
        return "t" + value if value else ""
    if isinstance(value, bool):
        return "btrue" if value else "bfalse"
    if isinstance(value, int):
        return "n" + (str(value) if abs(value) < 10**15 else f"{value:.14E}")
    if isinstance(value, float):
        return "n" + number_text(value)
    if isinstance(value, datetime.datetime):
        moment = (value + datetime.timedelta(microseconds=500_000)).replace(microsecond=0)
        return "d" + (moment.date().isoformat() if moment.time() == datetime.time() else moment.isoformat(" "))
    if isinstance(value, (datetime.date, datetime.time)):
        return "d" + value.isoformat()
    return "d" + str(value)


def errors_of(path: str) -> dict[str, dict[int, dict[int, str]]]:
    """Sheet name → row → column → error text: the reader gives formula errors as blanks, and a blank is not what they
    are.
    """
    found: dict[str, dict[int, dict[int, str]]] = {}
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        if "xl/workbook.xml" not in names:
            return found
        relations = {}
        for tag in _RELATION.findall(archive.read("xl/_rels/workbook.xml.rels")):
            attributes = dict(_ATTRIBUTE.findall(tag))
            target = attributes.get(b"Target", b"").decode()
            relations[attributes.get(b"Id", b"")] = target.lstrip("/") if target.startswith("/") else "xl/" + target
        for tag in _SHEET.findall(archive.read("xl/workbook.xml")):
            attributes = dict(_ATTRIBUTE.findall(tag))
            part = relations.get(attributes.get(b"r:id", b""), "")
            if part in names:
                name = attributes.get(b"name", b"").decode()
                for escape, char in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
                    name = name.replace(escape, char)
                cells = _errors_in(archive, part)
                if cells:
                    found[name] = cells
    return found


def _errors_of_xls(path: str) -> dict[str, dict[int, dict[int, str]]]:
    look = runpy.run_path(str(Path(__file__).with_name("compound.py")))["errors_in_xls"]
    return look(Path(path).read_bytes())


def _errors_in(archive: zipfile.ZipFile, part: str) -> dict[int, dict[int, str]]:
    cells: dict[int, dict[int, str]] = {}
    with archive.open(part) as file:
        rest = b""
        while chunk := file.read(1 << 20):
            text = rest + chunk
            if b't="e"' not in text:
                rest = text[-512:]
                continue
            end = 0
            for match in _ERROR_CELL.finditer(text):
                place = _REFERENCE.search(match[1])
                if place:
                    column = 0
                    for letter in place[1]:
                        column = column * 26 + letter - 64
                    cells.setdefault(int(place[2]), {})[column - 1] = match[2].decode("utf-8", "replace")
                end = match.end()
            rest = text[max(end, len(text) - 4096) :]
    return cells


def main(kind: str, path: str, out: str, memory: int, seconds: int) -> int:
    """Read every visible sheet."""
    resource.setrlimit(resource.RLIMIT_AS, (memory << 20, memory << 20))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_path(path)
        errors = errors_of(path) if kind == "xlsx" else _errors_of_xls(path)
        index: list[dict[str, Any]] = []
        for number, sheet in enumerate(book.sheets_metadata):
            if sheet.typ != python_calamine.SheetTypeEnum.WorkSheet:
                continue
            hidden = sheet.visible != python_calamine.SheetVisibleEnum.Visible
            index.append({"name": sheet.name, "hidden": hidden, "file": f"{number}.jsonl"})
            if not hidden:
                _write(book.get_sheet_by_name(sheet.name), errors.get(sheet.name, {}), f"{out}/{number}.jsonl")
        with open(f"{out}/index.json", "w", encoding="utf-8") as file:
            json.dump(index, file)
    except MemoryError:
        return 5
    except python_calamine.PasswordError:
        return 3
    except (python_calamine.CalamineError, ValueError, KeyError, OSError, zipfile.BadZipFile, RecursionError, EOFError):
        return 4
    return 0


def _write(sheet: Any, errors: dict[int, dict[int, str]], path: str) -> None:
    last = max(errors, default=0)
    with open(path, "w", encoding="utf-8", errors="surrogatepass") as file:
        number = 0
        # the reader starts at the first used row, the spreadsheet at row 1; columns likewise
        above, left = sheet.start if sheet.start else (0, 0)
        for _ in range(above):
            number += 1
            file.write(_line([], errors.get(number)))
        for row in sheet.iter_rows():
            number += 1
            file.write(_line([""] * left + [cell_text(value) for value in row], errors.get(number)))
        while number < last:
            number += 1
            file.write(_line([], errors.get(number)))


def _line(cells: list[str], errors: dict[int, str] | None) -> str:
    for column, text in (errors or {}).items():
        cells.extend([""] * (column + 1 - len(cells)))
        cells[column] = "e" + text
    return json.dumps(cells, ensure_ascii=True) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5])))
