"""Finding what a file's words refer to: by code, by the key of the other system, by name — never by guess.

A `Directory` knows one entity: what is stored already (asked for in chunks, remembered) and what this batch will add.
Objects of this batch have negative ids until they are stored: the n-th new one is −n.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import connection

CHUNK = 900


@dataclass
class Directory:
    """One entity's names. `keys` are columns that identify (in order), `names` columns that may repeat."""

    entity: str
    table: str
    keys: Sequence[str]
    names: Sequence[str]
    source: str = ""
    # a small table is read once, a large one is asked for the keys of each chunk
    whole: bool = False
    merged: str = ""
    key_ids: dict[str, int] = field(default_factory=dict)
    name_ids: dict[str, tuple[int, ...]] = field(default_factory=dict)
    # stored objects without any key: only their name tells who they are
    keyless: set[int] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    added: int = 0
    loaded: bool = False

    def add(self, keys: Iterable[str], names: Iterable[str] = ()) -> int:
        """Take in one new object of this batch; returns its provisional id."""
        self.added += 1
        made = -self.added
        for key in keys:
            if key:
                self.key_ids[key] = made
        for name in names:
            if name:
                self.name_ids[name] = (*self.name_ids.get(name, ()), made)
        return made

    def also(self, known: int, keys: Iterable[str]) -> None:
        """Remember further keys of an object."""
        for key in keys:
            if key:
                self.key_ids.setdefault(key, known)

    def ask(self, words: Iterable[str]) -> None:
        """Look up these words in the database, so that `find` answers from memory."""
        if self.whole:
            if not self.loaded:
                self._load()
            return
        fresh = sorted({word for word in words if word} - self.asked)
        self.asked.update(fresh)
        for start in range(0, len(fresh), CHUNK):
            self._ask(fresh[start : start + CHUNK])

    def find(self, word: str) -> tuple[int, ...]:
        """The ids that a word means: one by key, else all of that name; () = nobody."""
        known = self.key_ids.get(word)
        if known is not None:
            return (known,)
        return self.name_ids.get(word, ())

    def key(self, word: str) -> int | None:
        """The id with this code or outside key; names do not count."""
        return self.key_ids.get(word)

    # --- the database ---------------------------------------------------------------------------------------------
    def _target(self) -> str:
        return f"COALESCE({self.merged}, id)" if self.merged else "id"

    def _load(self) -> None:
        self.loaded = True
        columns = ", ".join([self._target(), *self.keys, *self.names])
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {columns} FROM {self.table} ORDER BY id")
            for target, *words in cursor.fetchall():
                if not any(words[: len(self.keys)]):
                    self.keyless.add(target)
                for place, word in enumerate(words):
                    if word:
                        self._remember(place, str(word), target)
            if self.source:
                cursor.execute(
                    "SELECT external_id, object_id, source FROM people_externalid WHERE entity = %s", [self.entity]
                )
                self._outside(cursor.fetchall())

    def _outside(self, rows: list[tuple[str, int, str]]) -> None:
        """Keys of the file's own system first; one of another system only where it can mean but one object."""
        others: dict[str, set[int]] = {}
        for word, target, source in rows:
            if source == self.source:
                self.key_ids.setdefault(word, target)
            else:
                others.setdefault(word, set()).add(target)
        for word, targets in others.items():
            if len(targets) == 1:
                self.key_ids.setdefault(word, *targets)

    def _remember(self, place: int, word: str, target: int) -> None:
        if place < len(self.keys):
            self.key_ids.setdefault(word, target)
        elif target not in self.name_ids.get(word, ()):
            self.name_ids[word] = (*self.name_ids.get(word, ()), target)

    def _ask(self, words: list[str]) -> None:
        marks = ", ".join(["%s"] * len(words))
        bare = " AND ".join(f"COALESCE({key}, '') = ''" for key in self.keys)
        with connection.cursor() as cursor:
            for place, column in enumerate([*self.keys, *self.names]):
                cursor.execute(
                    f"SELECT {column}, {self._target()}, CASE WHEN {bare} THEN 1 ELSE 0 END FROM {self.table}"
                    f" WHERE {column} IN ({marks}) ORDER BY id",
                    words,
                )
                for word, target, keyless in cursor.fetchall():
                    self._remember(place, str(word), target)
                    if keyless:
                        self.keyless.add(target)
            if self.source:
                cursor.execute(
                    "SELECT external_id, object_id, source FROM people_externalid"
                    f" WHERE entity = %s AND external_id IN ({marks})",
                    [self.entity, *words],
                )
                self._outside(cursor.fetchall())


def directories(source: str) -> dict[str, Directory]:
    """A directory per entity, for files of this source (the preset's name)."""
    return {
        "people": Directory(
            "people", "people_person", ["employee_no", "mobile", "email"], ["name"], source, True, "merged_into_id"
        ),
        "teams": Directory("teams", "people_team", ["code"], ["name"], source, True),
        "regions": Directory("regions", "people_region", ["name"], [], "", True),
        "products": Directory("products", "pipeline_product", ["code"], ["name"], source, True),
        "customers": Directory("customers", "pipeline_customer", ["code"], ["name"], source, merged="merged_into_id"),
        "leads": Directory("leads", "pipeline_lead", ["code"], ["name"], source),
        "deals": Directory("deals", "pipeline_deal", ["code"], ["contract_no"], source),
        "returns": Directory("returns", "pipeline_reversal", ["code"], []),
        "activities": Directory("activities", "activity_activity", ["code"], [], source),
        "goals": Directory("goals", "goals_goal", [], []),
        # a row of money is known by the numbers of its parts
        "collections": Directory("collections", "pipeline_invoice", ["number"], []),
        "invoices": Directory("invoices", "pipeline_invoice", ["number"], []),
        "instalments": Directory("instalments", "pipeline_instalment", ["number"], []),
        "receipts": Directory("receipts", "pipeline_receipt", ["number"], []),
    }
