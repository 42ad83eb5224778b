"""Formula errors in .xls files, which the spreadsheet reader gives as blanks: they are looked up in the file itself.

Stdlib only, because the child process runs it without the product. A file that cannot be followed raises ValueError.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
_FREE = 0xFFFFFFFA
_SHEET, _BOF, _END, _BOOL_OR_ERROR, _FORMULA = 0x85, 0x809, 0x0A, 0x205, 0x06


def errors_in_xls(content: bytes) -> dict[str, dict[int, dict[int, str]]]:
    """Sheet name → row (from 1) → column (from 0) → error text."""
    try:
        stream = workbook_stream(content)
        found = {}
        for name, offset in _sheets(stream):
            cells = _errors(stream, offset)
            if cells:
                found[name] = cells
        return found
    except (struct.error, IndexError) as error:
        raise ValueError("not a workbook") from error


def workbook_stream(content: bytes) -> bytes:
    """The stream `Workbook` (or `Book`) of a compound file."""
    shift, mini_shift = struct.unpack_from("<HH", content, 30)
    (fat_count,) = struct.unpack_from("<I", content, 44)
    directory, _, cutoff, mini_start, _, difat, _ = struct.unpack_from("<IIIIIII", content, 48)
    if not 7 <= shift <= 16 or not 4 <= mini_shift <= shift:
        raise ValueError("not a compound file")
    size = 1 << shift
    places = list(struct.unpack_from("<109I", content, 76))
    while difat < _FREE and len(places) < fat_count + 109:
        sector = struct.unpack_from(f"<{size // 4}I", content, (difat + 1) << shift)
        places.extend(sector[:-1])
        difat = sector[-1]
    fat: list[int] = []
    for place in places[:fat_count]:
        if place < _FREE:
            fat.extend(struct.unpack_from(f"<{size // 4}I", content, (place + 1) << shift))

    def chain(start: int) -> bytes:
        parts: list[bytes] = []
        seen = 0
        while start < _FREE:
            parts.append(content[(start + 1) << shift : (start + 2) << shift])
            start = fat[start]
            seen += 1
            if seen > len(fat):
                raise ValueError("a loop of sectors")
        return b"".join(parts)

    entries = chain(directory)
    root = b""
    for at in range(0, len(entries), 128):
        entry = entries[at : at + 128]
        (length,) = struct.unpack_from("<H", entry, 64)
        name = entry[: max(length - 2, 0)].decode("utf-16-le", "replace")
        start, wide = struct.unpack_from("<II", entry, 116)
        if at == 0:
            root = entry
        if name in ("Workbook", "Book"):
            if wide >= cutoff:
                return chain(start)[:wide]
            mini_fat_bytes = chain(mini_start)
            mini_fat = struct.unpack(f"<{len(mini_fat_bytes) // 4}I", mini_fat_bytes)
            minis = chain(struct.unpack_from("<I", root, 116)[0])
            pieces: list[bytes] = []
            while start < _FREE and len(pieces) <= len(mini_fat):
                pieces.append(minis[start << mini_shift : (start + 1) << mini_shift])
                start = mini_fat[start]
            return b"".join(pieces)[:wide]
    raise ValueError("no workbook inside")


def records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """(kind, content) of the records from a place on."""
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _sheets(stream: bytes) -> list[tuple[str, int]]:
    found = []
    for kind, content in records(stream, 0):
        if kind == _SHEET and len(content) >= 8:
            (offset,) = struct.unpack_from("<I", content, 0)
            length, wide = content[6], content[7] & 1
            text = content[8 : 8 + length * (2 if wide else 1)]
            found.append((text.decode("utf-16-le" if wide else "latin-1", "replace"), offset))
        elif kind == _END:
            break
    return found


def _errors(stream: bytes, offset: int) -> dict[int, dict[int, str]]:
    cells: dict[int, dict[int, str]] = {}
    depth = 0
    for kind, content in records(stream, offset):
        if kind == _BOF:
            depth += 1
        elif kind == _END:
            depth -= 1
            if depth <= 0:
                break
        elif depth == 1 and kind in (_BOOL_OR_ERROR, _FORMULA) and len(content) >= 8:
            row, column = struct.unpack_from("<HH", content, 0)
            code = None
            if kind == _BOOL_OR_ERROR and content[7]:
                code = content[6]
            elif kind == _FORMULA and len(content) >= 14 and content[12:14] == b"\xff\xff" and content[6] == 2:
                code = content[8]
            if code is not None:
                cells.setdefault(row + 1, {})[column] = _ERRORS.get(code, "#N/A")
    return cells
