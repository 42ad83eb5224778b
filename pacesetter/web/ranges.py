"""A part of a file, as a player asks for it: `Range: bytes=0-`, one range at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
BLOCK = 64 * 1024


def asked(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte of what is asked for; the whole without a header, None for what the file does not have."""
    if not header:
        return (0, size - 1) if size else None
    told = RANGE.fullmatch(header.strip())
    if told is None or told.groups() == ("", ""):
        return None
    if not told[1]:
        first, last = max(0, size - int(told[2])), size - 1
    else:
        first, last = int(told[1]), min(int(told[2] or size - 1), size - 1)
    return (first, last) if 0 <= first <= last else None


def blocks(path: Path, first: int, last: int) -> Iterator[bytes]:
    """These bytes of a file, a block at a time."""
    left = last - first + 1
    with path.open("rb") as file:
        file.seek(first)
        while left > 0 and (block := file.read(min(BLOCK, left))):
            left -= len(block)
            yield block
