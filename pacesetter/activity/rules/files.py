"""How large, how long and of which type the files of a record may be, and how long recordings are kept."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

MB: Final = 1024 * 1024
# kind → (groups of types it may be, most bytes)
KINDS: Final[dict[str, tuple[frozenset[str], int]]] = {
    "photo": (frozenset({"image"}), 15 * MB),
    "voice": (frozenset({"audio"}), 10 * MB),
    "document": (frozenset({"document", "image"}), 20 * MB),
    "recording": (frozenset({"audio"}), 100 * MB),
}
MOST_FILES: Final = 20
LONGEST_SECONDS: Final = 2 * 3600
# a part of an upload; small enough to get through a bad line
PART: Final = 1 * MB
# an upload nobody went on with
ABANDONED_DAYS: Final = 7
HOWS: Final = ("spoken", "written", "message")


def fits(kind: str, group: str) -> bool:
    """Whether a type belongs to a kind of file."""
    return group in KINDS[kind][0]


def most_bytes(kind: str) -> int:
    """The size limit of a kind."""
    return KINDS[kind][1]


def ends_on(promised: date, uploaded_on: date, days: int) -> date:
    """The last day a recording is kept: what was promised when it came, or earlier where the company now keeps less."""
    return min(promised, uploaded_on + timedelta(days=days))
