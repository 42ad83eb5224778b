"""What a preset is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from typing import Any

from ..faults import Fault
from ..tables import Record, Table

# tables by the role of their file → records and faults, in the order people, products, customers, leads, deals,
# activities, …
Shape = Callable[[Mapping[str, "list[Table]"]], Iterator["Record | Fault"]]


@dataclass(frozen=True, slots=True)
class FilePlan:
    """One kind of file of a preset.

    `patterns` match the file's name (lower case); `columns` {header: canonical column} is the mapping (None = guess
    it); `headers` must all be there for the file to be taken for this one. `ignored` names the fault code of a file
    that is known but not imported. `sheet` prefers a worksheet by name.
    """

    role: str
    patterns: tuple[str, ...]
    entity: str
    columns: Mapping[str, str] | None = None
    headers: tuple[str, ...] = ()
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    orders: Mapping[str, str] = field(default_factory=dict)
    percent: Mapping[str, str] = field(default_factory=dict)
    half_up: frozenset[str] = frozenset()
    exact: frozenset[str] = frozenset()
    ignored: str = ""
    needed: bool = False
    # required columns that the preset says itself
    given: frozenset[str] = frozenset()
    sheet: str = ""

    def fits(self, file: str) -> bool:
        """Whether a file's name is one of this kind."""
        return any(fnmatch(file.lower(), pattern) for pattern in self.patterns)


@dataclass(frozen=True, slots=True)
class Preset:
    """One system's export: its files and what is always true of them.

    `settings` are set on an empty home only: currency, fiscal_start_month, country. `rules` are sentences (Chinese,
    English) that the preview and `docs/import.md` print. `shape` None = one record a row, deals grouped by their
    number.
    """

    name: str
    zh: str
    en: str
    files: Sequence[FilePlan]
    settings: Mapping[str, Any] = field(default_factory=dict)
    rules: Sequence[tuple[str, str]] = ()
    shape: Shape | None = None
    generic: bool = False
