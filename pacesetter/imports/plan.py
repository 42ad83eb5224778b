"""What an import would do: counts per file that add up, everything wrong, and the staged rows.

Counts are of rows as the spreadsheet shows them: where several rows make one deal, each counts as the deal does.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from .faults import Fault
from .staging import Staging

STATUSES = ("ready", "updated", "duplicate", "error", "ignored")


@dataclass
class FileCount:
    """One file: how many rows became what. `rows` = ready + updated + duplicate + error + ignored."""

    file: str
    entity: str
    ready: int = 0
    updated: int = 0
    duplicate: int = 0
    error: int = 0
    ignored: int = 0
    rate: int = 0

    @property
    def rows(self) -> int:
        return self.ready + self.updated + self.duplicate + self.error + self.ignored

    def as_json(self, *, taken: bool) -> dict[str, Any]:
        """The line of the CLI contract; once taken, `ready` rows are `created`."""
        return {
            "file": self.file,
            "entity": self.entity,
            "rows": self.rows,
            "ready": 0 if taken else self.ready,
            "created": self.ready if taken else 0,
            "updated": self.updated,
            "duplicate": self.duplicate,
            "error": self.error,
            "ignored": self.ignored,
            "rate": self.rate,
        }


@dataclass
class Plan:
    """The result of a check: nothing is written yet."""

    staging: Staging
    files: dict[str, FileCount] = field(default_factory=dict)
    errors: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    # (file, row) that are in error already: further faults of the same row do not count again
    wrong: set[tuple[str, int]] = field(default_factory=set)
    # Σ of money of the rows that are ready, by (year, month)
    months: dict[tuple[int, int], int] = field(default_factory=dict)
    # customer → first win among the new deals
    wins: dict[int, date] = field(default_factory=dict)
    # money received as the file tells it: (month, customer) → minor units
    received: dict[tuple[str, int], int] = field(default_factory=dict)
    began: float = field(default_factory=time.monotonic)
    journal_head: int = 0
    first_day: date | None = None
    last_day: date | None = None

    def file(self, name: str, entity: str = "") -> FileCount:
        """The counts of one file."""
        found = self.files.get(name)
        if found is None:
            found = self.files[name] = FileCount(name, entity)
        elif entity and not found.entity:
            found.entity = entity
        return found

    def take_fault(self, fault: Fault) -> None:
        """Note a fault and count its row: once as an error, however many faults it has."""
        counts = self.file(fault.file)
        if fault.level == "warning":
            self.warnings.append(fault)
            return
        if fault.level == "ignored":
            counts.ignored += fault.rows
            if fault.row is None:
                self.warnings.append(fault)
            return
        if fault.level == "duplicate":
            counts.duplicate += fault.rows
            return
        self.errors.append(fault)
        if fault.row is None:
            return
        if (fault.file, fault.row) not in self.wrong:
            self.wrong.add((fault.file, fault.row))
            counts.error += fault.rows

    @property
    def seats_stand(self) -> bool:
        """False when this import brings people: their seats are known only once they are written."""
        return not any(self.staging.count(name) for name in ("people", "update:people", "teams"))

    @property
    def broken(self) -> bool:
        """True when a whole file cannot be read: then good rows cannot be taken either."""
        return any(fault.row is None for fault in self.errors)

    @property
    def refused(self) -> bool:
        """True when something is wrong at all."""
        return bool(self.errors)

    @property
    def done(self) -> int:
        """Rows dealt with so far."""
        return sum(file.rows for file in self.files.values())

    def timed(self) -> None:
        """Write the rate (rows/s of the whole run) to every file."""
        seconds = max(time.monotonic() - self.began, 0.001)
        rate = int(self.done / seconds)
        for file in self.files.values():
            file.rate = rate

    def as_json(self, *, taken: bool) -> dict[str, Any]:
        """The JSON of the CLI contract."""
        self.timed()
        return {
            "files": [file.as_json(taken=taken) for file in self.files.values()],
            "warnings": [shown(fault) for fault in self.warnings],
            "errors": [shown(fault) for fault in self.errors],
        }


def shown(fault: Fault) -> dict[str, Any]:
    """A fault as the CLI contract names it."""
    return {
        "file": fault.file,
        "row": fault.row,
        "column": fault.column,
        "value": fault.value,
        "reason": fault.reason,
    }
