"""XLSX, XLSM, XLSB, ODS and XLS: the archive is scanned before it is opened, and parsed in a limited child process."""

from __future__ import annotations

import json
import os
import re
import subprocess  # nosec B404: runs our own script with our own interpreter
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from ..cells import Cell
from ..faults import ValueFault
from .table import Book, Opener, Raw, Source

MAX_ENTRIES = 2_000
MAX_TOTAL = 1 << 30
MAX_RATIO = 150
_RATIO_FROM = 10 << 20
MAX_FILE = 200 << 20
# seconds of processor time; on a busy machine they take longer on the wall
SECONDS = 8
PATIENCE = 20
MEMORY_MB = 280

_CHILD = Path(__file__).with_name("child.py")
_KINDS = {"t": "text", "n": "number", "d": "date", "b": "boolean", "e": "error"}
_ROOT = re.compile(rb"<[A-Za-z_]")
_OFFICE = {"word/": "Word", "ppt/": "PowerPoint"}


def open_workbook(source: str | Path | bytes, opener: Opener, kind: str, book: Book) -> list[Source]:
    """The visible sheets that hold anything; `book.hidden` names the hidden ones."""
    if kind == "xlsx":
        scan_archive(opener)
    else:
        _scan_compound(opener)
    folder = tempfile.TemporaryDirectory(prefix="import-")
    path = str(source) if not isinstance(source, bytes) else os.path.join(folder.name, "file")
    if isinstance(source, bytes):
        Path(path).write_bytes(source)
    _run_child(kind, path, folder.name)
    book.kind = kind
    try:
        index = json.loads(Path(folder.name, "index.json").read_text("utf-8"))
    except (OSError, ValueError):
        raise ValueFault("unreadable") from None
    epoch_1904 = kind == "xlsx" and _counts_from_1904(opener)
    book.hidden.extend(sheet["name"] for sheet in index if sheet["hidden"])
    sources = [
        Source(partial(_records, folder, sheet["file"]), sheet["name"], epoch_1904=epoch_1904, ragged=True)
        for sheet in index
        if not sheet["hidden"]
    ]
    sources = [
        source
        for source in sources
        if any(any(cells) for _, cells in source.records() if not isinstance(cells, ValueFault))
    ]
    if not sources:
        raise ValueFault("no_data_sheet" if index else "empty_file")
    return sources


def _records(folder: tempfile.TemporaryDirectory[str], name: str) -> Iterator[Raw]:
    """The rows of one sheet. Whoever may still ask for them holds the folder, which goes when nobody does."""
    with open(os.path.join(folder.name, name), encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            yield number, [Cell(cell[1:], _KINDS[cell[0]]) if cell else "" for cell in json.loads(line)]


def _run_child(kind: str, path: str, out: str) -> None:
    command = [sys.executable, "-I", str(_CHILD), kind, path, out, str(MEMORY_MB), str(SECONDS)]
    clean = {"PATH": os.defpath, "MALLOC_ARENA_MAX": "1", "LC_ALL": "C.UTF-8"}
    try:
        done = subprocess.run(  # nosec B603: a list of our own words, no shell
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            timeout=PATIENCE, env=clean, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise ValueFault("too_slow") from None
    if done.returncode == 0:
        return
    if done.returncode == 3:
        raise ValueFault("encrypted")
    if done.returncode in (-24, -14):
        raise ValueFault("too_slow")
    if (
        done.returncode == 5
        or b"memory allocation" in done.stderr
        or b"MemoryError" in done.stderr
        or b"capacity overflow" in done.stderr
    ):
        raise ValueFault("too_big")
    raise ValueFault("unreadable")


def scan_archive(opener: Opener) -> None:
    """Refuse archives that lie or explode before anything is unpacked: entries, sizes, ratio, overlaps, DTDs."""
    with opener() as file:
        if file.seek(0, os.SEEK_END) > MAX_FILE:
            raise ValueFault("too_big")
        try:
            with zipfile.ZipFile(file) as archive:
                _scan_entries(archive)
        except (zipfile.BadZipFile, NotImplementedError, ValueError, RuntimeError, OSError, EOFError) as error:
            if isinstance(error, ValueFault):
                raise
            raise ValueFault("unreadable") from None
        except Exception as error:  # zlib.error has no public base
            if type(error).__name__ == "error":
                raise ValueFault("unreadable") from None
            raise


def _scan_entries(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_TOTAL:
        raise ValueFault("zip_bomb")
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            raise ValueFault("zip_bomb")
        end = entry.header_offset + 30 + entry.compress_size
        if entry.file_size > _RATIO_FROM and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
            raise ValueFault("zip_bomb")
        if entry.flag_bits & 1:
            raise ValueFault("encrypted")
    names = [entry.filename for entry in entries]
    if len(set(names)) != len(names):
        raise ValueFault("unreadable")
    for start, found in _OFFICE.items():
        if any(name.startswith(start) for name in names):
            raise ValueFault("not_a_table", found=found)
    if not ({"xl/workbook.xml", "xl/workbook.bin", "content.xml"} & set(names)):
        raise ValueFault("not_a_table", found="ZIP")
    for entry in entries:
        if entry.filename.lower().endswith((".xml", ".rels", ".vml")):
            _refuse_declarations(archive, entry)


def _refuse_declarations(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """A DTD stands before the root element: read so far and no further."""
    with archive.open(entry) as part:
        head = b""
        while len(head) < 1 << 20:
            chunk = part.read(4096)
            head += chunk
            plain = head.replace(b"\x00", b"")
            if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
                raise ValueFault("xml_entities")
            if not chunk or _ROOT.search(plain):
                return
    raise ValueFault("zip_bomb")


def _scan_compound(opener: Opener) -> None:
    with opener() as file:
        if file.seek(0, os.SEEK_END) > MAX_FILE:
            raise ValueFault("too_big")
        file.seek(0)
        content = file.read()
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise ValueFault("encrypted")
    if "WordDocument".encode("utf-16-le") in content:
        raise ValueFault("not_a_table", found="Word")
    if "PowerPoint Document".encode("utf-16-le") in content:
        raise ValueFault("not_a_table", found="PowerPoint")


def _counts_from_1904(opener: Opener) -> bool:
    with opener() as file, zipfile.ZipFile(file) as archive:
        if "xl/workbook.xml" not in archive.namelist():
            return False
        text = archive.read("xl/workbook.xml")[: 1 << 20]
    return re.search(rb'date1904="(?:1|true)"', text) is not None
