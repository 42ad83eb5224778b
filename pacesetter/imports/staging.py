"""Where checked rows wait until they are written: in memory while few, in a file of the batch when many.

Staging happens outside the database's write lock. The file is private to one run and thrown away after it; a run that
was killed starts again from the uploaded files.
"""

from __future__ import annotations

import pickle
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

CHUNK = 2_000
IN_MEMORY = 20


class Staging:
    """Items by name of a list, in the order they were put."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self.counts: dict[str, int] = {}
        self._open: dict[str, list[Any]] = {}
        self._chunks: dict[str, list[list[Any]]] = {}
        self._file: sqlite3.Connection | None = None

    def put(self, name: str, item: Any) -> None:
        """Append one item to the list `name`."""
        items = self._open.setdefault(name, [])
        items.append(item)
        self.counts[name] = self.counts.get(name, 0) + 1
        if len(items) >= CHUNK:
            self._flush(name)

    def count(self, name: str) -> int:
        """How many items the list holds."""
        return self.counts.get(name, 0)

    def items(self, name: str) -> Iterator[Any]:
        """Every item of the list, in order."""
        if self._file is not None:
            cursor = self._file.execute("SELECT items FROM chunk WHERE name = ? ORDER BY id", [name])
            for (packed,) in cursor:
                # our own file, written a moment ago by this process
                yield from pickle.loads(packed)
        for chunk in self._chunks.get(name, []):
            yield from chunk
        yield from self._open.get(name, [])

    def close(self) -> None:
        """Throw the staged items away."""
        self._open, self._chunks = {}, {}
        if self._file is not None:
            self._file.close()
            self._file = None
        if self.path is not None:
            self.path.unlink(missing_ok=True)

    def _flush(self, name: str) -> None:
        self._chunks.setdefault(name, []).append(self._open.pop(name))
        if self.path is not None and sum(len(chunks) for chunks in self._chunks.values()) > IN_MEMORY:
            self._spill(self.path)

    def _spill(self, path: Path) -> None:
        if self._file is None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
            self._file = sqlite3.connect(path)
            # thrown away after the run: nothing here needs to survive a crash
            self._file.executescript(
                "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
                "CREATE TABLE chunk (id INTEGER PRIMARY KEY, name TEXT, items BLOB);"
                "CREATE INDEX chunk_name ON chunk (name, id);"
            )
        for name, chunks in self._chunks.items():
            self._file.executemany(
                "INSERT INTO chunk (name, items) VALUES (?, ?)",
                [(name, pickle.dumps(chunk, pickle.HIGHEST_PROTOCOL)) for chunk in chunks],
            )
        self._file.commit()
        self._chunks = {}
