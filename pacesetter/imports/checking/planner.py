"""The shape of a planner: gathers records in chunks, asks the database once per chunk, decides row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..faults import shown
from ..tables import Record
from .base import CHUNK, Checker, Row, changes

Difference = Callable[[dict[str, Any]], dict[str, Any]]


class Planner:
    """One entity. Subclasses say which words to look up, how a row is made and what is stored already."""

    entity = ""
    key_columns: tuple[str, ...] = ("code", "external_id")
    # False where repeated codes were found already when the rows were read
    remember_all = True
    # whole entity is gathered before planning (rows may refer to later ones)
    whole = False

    def __init__(self, checker: Checker) -> None:
        self.checker = checker
        self.directory = checker.directories[self.entity]
        self.staging = checker.plan.staging
        self._gathered: list[Record] = []
        self._waiting: list[Row] = []
        self._met: list[tuple[Row, int, Difference]] = []
        # provisional id → (row, what it said): tells a repeated row from a contradiction
        self._first: dict[int, tuple[int, int]] = {}

    # --- for subclasses ----------------------------------------------------------------------------------------------
    def words(self, row: Row) -> dict[str, list[Any]]:
        """Entity → words of the row to look up there."""
        raise NotImplementedError

    def plan(self, row: Row) -> None:
        """Decide one row: refuse, meet or create."""
        raise NotImplementedError

    def stored(self, ids: list[int]) -> dict[int, dict[str, Any]]:
        """The columns of existing rows that the file may change."""
        return {}

    def must_wait(self, row: Row) -> bool:
        """True while the row refers to one that has not come yet."""
        return False

    def before(self, rows: list[Row]) -> None:
        """What a whole chunk needs before its rows are planned."""

    # --- the run -----------------------------------------------------------------------------------------------------
    def take(self, record: Record) -> None:
        """Gather one record; plan a chunk when it is full."""
        self._gathered.append(record)
        if len(self._gathered) >= CHUNK and not self.whole:
            self._run()

    def finish(self) -> None:
        """Plan what is left, waiting rows last."""
        self._run()
        while self._waiting:
            waiting, self._waiting = self._waiting, []
            ready = [row for row in waiting if not self.must_wait(row)]
            self._waiting = [row for row in waiting if self.must_wait(row)]
            if not ready:
                # nobody they wait for comes any more: the reference is told as unknown
                ready, self._waiting = self._waiting, []
            for row in ready:
                self.plan(row)
        self._compare()

    def _run(self) -> None:
        records, self._gathered = self._gathered, []
        if not records:
            return
        columns = self.key_columns
        rows = [
            Row(self.checker, record, [key for name in columns if (key := record.values.get(name))])
            for record in records
        ]
        wanted: dict[str, set[Any]] = {}
        for row in rows:
            for entity, words in self.words(row).items():
                found = wanted.get(entity)
                if found is None:
                    wanted[entity] = set(words)
                else:
                    found.update(words)
        for entity, asked in wanted.items():
            asked.discard(None)
            self.checker.directories[entity].ask(asked)
        self.before(rows)
        for row in rows:
            if self.must_wait(row):
                self._waiting.append(row)
            else:
                self.plan(row)
        self._compare()

    # --- outcomes ----------------------------------------------------------------------------------------------------
    def known_key(self, row: Row) -> int | None:
        """The record that one of the keys belongs to, stored or earlier in the batch."""
        for key in row.keys:
            found = self.directory.key_ids.get(key)
            if found is not None:
                return found
        return None

    def identify(self, row: Row, name: str) -> int | None:
        """The record this row means, if it is here (or earlier in the batch): by key, else by its one name."""
        found = self.known_key(row)
        if found is not None:
            return found
        named = self.directory.find(name) if name else ()
        if row.keys:
            # a stored record that has only this name is completed; one with another key is somebody else
            bare = [known for known in named if known in self.directory.keyless]
            return bare[0] if len(bare) == 1 else None
        if len(named) > 1:
            told = self.checker.candidates(self.entity, named)
            row.wrong("name", "ambiguous_name", value=shown(name), candidates=told)
            return None
        return named[0] if named else None

    def create(self, row: Row, made: Any, local: int) -> None:
        """Stage a new record under its provisional id."""
        self.staging.put(self.entity, made)
        outside = row.get("external_id")
        if outside and outside != row.get(self.key_columns[0]):
            self.staging.put("external", (self.entity, local, outside))
        if row.record.rows and (self.remember_all or not row.record.values.get(self.key_columns[0])):
            self._first[local] = (row.record.row, _digest(row.values))
        self.checker.kept(row.record, self.entity, local)
        self.checker.count(row.record, "ready")

    def meet(self, row: Row, known: int, difference: Difference) -> None:
        """The record is here already: a duplicate, or an update where the file says more."""
        if known < 0:
            return self._again(row, known)
        self._met.append((row, known, difference))
        return None

    def differ(self, made: Any, old: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
        """What of `made` changes a stored row, by the chosen strategy."""
        return changes(made, old, names, on_existing=self.checker.choices.on_existing)

    def _again(self, row: Row, known: int) -> None:
        """The record came earlier in this batch: the same again is a duplicate, something else a contradiction."""
        number, digest = self._first.get(known, (None, None))
        if row.record.rows and number is None and not self.remember_all and row.values.get(self.key_columns[0]):
            return self.checker.refuse(row.record, [self.checker.fault(row.record, self.key_columns[0], "same_number")])
        if not row.record.rows or number is None or digest == _digest(row.values):
            self.checker.kept(row.record, self.entity, known)
            return self.checker.count(row.record, "duplicate")
        key = self.key_columns[0] if row.values.get(self.key_columns[0]) else "name"
        fault = self.checker.fault(row.record, key, "same_record", row=number)
        return self.checker.refuse(row.record, [fault])

    def _compare(self) -> None:
        met, self._met = self._met, []
        if not met:
            return
        old = self.stored(sorted({known for _row, known, _difference in met}))
        for row, known, difference in met:
            stored = old.get(known)
            changed = difference(stored) if stored is not None else {}
            if row.faults:
                self.checker.refuse(row.record, row.faults)
                continue
            if changed and stored is not None:
                self.staging.put("update:" + self.entity, (known, changed))
                # a second row of the same file must see what the first one changed
                stored.update(changed)
            self.checker.kept(row.record, self.entity, known)
            self.checker.count(row.record, "updated" if changed else "duplicate")


def _digest(values: Mapping[str, Any]) -> int:
    return hash(tuple(sorted((name, str(value)) for name, value in values.items() if value not in (None, ""))))
