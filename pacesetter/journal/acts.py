"""Writing the journal: the only way a line gets in, and what every act shares (once-only answers, bulk rows).

Called inside the transaction of the act it tells of, so a line and its act live or die together.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import chain, islice
from typing import Any, Protocol

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, connection, models, transaction
from django.utils.translation import gettext_lazy as _

from pacesetter.lib.refusal import Refusal

from .models import Answer, ChainHead, Entry, RowChange

GENESIS = "0" * 64
CHUNK = 2_000
# Every act asks these two: written once, for composing them anew takes longer than asking.
_READ_HEAD = 'SELECT "digest" FROM "journal_chainhead" WHERE "id" = 1'
_MOVE_HEAD = 'UPDATE "journal_chainhead" SET "digest" = %s WHERE "id" = 1'
# how the acts of this moment come, where somebody else acts in a person's name
_WAY: ContextVar[str] = ContextVar("way", default="")


@contextmanager
def by_way_of(word: str) -> Iterator[None]:
    """Lines written inside carry `word`: what was done in a person's name is told from what they did themselves."""
    held = _WAY.set(word)
    try:
        yield
    finally:
        _WAY.reset(held)


class Actor(Protocol):
    """Whoever acts: a person (id and name). None stands for the system itself."""

    name: str

    @property
    def pk(self) -> Any: ...


_ENCODER = DjangoJSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def canonical(value: object) -> str:
    """One text per value, so that a digest never depends on key order or on who serialises."""
    return _ENCODER.encode(value)


def plain(value: dict[str, Any] | None) -> dict[str, Any]:
    """A dictionary as JSON will give it back (dates as ISO text, decimals as text)."""
    loaded: dict[str, Any] = json.loads(canonical(value or {}))
    return loaded


def digest_of(entry: Entry) -> str:
    """The chained digest of a line: over everything it says and the digest before it."""
    said = [
        entry.previous, entry.at.astimezone(UTC).isoformat(), entry.by_id, entry.by_name, entry.act, entry.entity,
        entry.object_id, entry.label, entry.about_id, entry.before, entry.after, entry.reason, entry.request_id,
        entry.rows,
    ]  # fmt: skip
    return hashlib.sha256(canonical(said).encode()).hexdigest()


def record(
    act: str,
    *,
    by: Actor | None,
    at: datetime,
    entity: str,
    object_id: object = "",
    label: str = "",
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
    about_id: int | None = None,
    rows: int = 1,
    request_id: str = "",
) -> Entry:
    """Write one line. Must run inside the act's transaction; the chain head is locked until it commits."""
    previous = _head()
    entry = Entry(
        at=at,
        by_id=None if by is None else by.pk,
        by_name="" if by is None else by.name,
        act=act,
        entity=entity,
        object_id=str(object_id),
        label=label[:200],
        about_id=about_id,
        before=plain(before),
        after=plain(after),
        reason=reason[:500],
        rows=rows,
        request_id=request_id or _WAY.get(),
        previous=previous,
    )
    entry.digest = digest_of(entry)
    entry.save(force_insert=True)
    with connection.cursor() as cursor:
        cursor.execute(_MOVE_HEAD, [entry.digest])
    return entry


def _head() -> str:
    """The newest digest, its row locked until the transaction ends (SQLite's write lock is held already)."""
    locks = connection.features.has_select_for_update
    if locks and connection.get_autocommit():
        raise transaction.TransactionManagementError("a line of the journal is written inside the act's transaction")
    with connection.cursor() as cursor:
        cursor.execute(f"{_READ_HEAD} FOR UPDATE" if locks else _READ_HEAD)
        found = cursor.fetchone()
    if found is None:
        head, _created = ChainHead.objects.select_for_update().get_or_create(pk=1, defaults={"digest": GENESIS})
        return head.digest
    digest: str = found[0]
    return digest


def since(entity: str, seen: int) -> list[Entry]:
    """Lines of a kind of record written after the line `seen`, newest first; none more until the transaction ends."""
    _head()
    return list(Entry.objects.filter(entity=entity, pk__gt=seen).order_by("-id"))


def broken_lines() -> list[int]:
    """Ids of lines whose digest does not fit what they say or the line before; [] = the journal is whole."""
    wrong, previous = [], GENESIS
    for entry in Entry.objects.order_by("id").iterator(chunk_size=CHUNK):
        if entry.previous != previous or digest_of(entry) != entry.digest:
            wrong.append(entry.pk)
        previous = entry.digest
    return wrong


def reserve_ids(model: type[models.Model], count: int) -> range:
    """`count` fresh primary keys of `model` for a bulk write; nobody else will be given them."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # the write lock is held (IMMEDIATE): nobody can take an id in between
            cursor.execute("SELECT COALESCE((SELECT seq FROM sqlite_sequence WHERE name = %s), 0)", [table])
            first = cursor.fetchone()[0] + 1
            return range(first, first + count)
        # the sequence lock makes the jump atomic among bulk writers; ordinary inserts only ever move forward
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [table])
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
        sequence = cursor.fetchone()[0]
        cursor.execute(
            "SELECT min(v), max(v), count(*) FROM (SELECT nextval(%s) AS v FROM generate_series(1, %s)) s",
            [sequence, count],
        )
        low, high, got = cursor.fetchone()
        if count and high - low + 1 == got:
            return range(low, high + 1)
        # an ordinary insert slipped in between: take a clean stretch beyond everything seen
        cursor.execute("SELECT setval(%s, nextval(%s) + %s)", [sequence, sequence, count])
        last = cursor.fetchone()[0]
        return range(last - count + 1, last + 1)


class Ready:
    """Rows for `write_rows` whose days and instants are `stored` texts already: nothing is looked at on the way."""

    def __init__(self, rows: Iterable[Sequence[Any]]) -> None:
        self.rows = rows

    def __iter__(self) -> Iterator[Sequence[Any]]:
        return iter(self.rows)


def stored(at: datetime) -> Any:
    """An instant as a bulk write hands it over: once for many rows."""
    return connection.ops.adapt_datetimefield_value(at) if connection.vendor == "sqlite" else at


def write_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Insert plain tuples into the table of `model`, several times faster than bulk_create; returns how many.

    `columns` are column names (`owner_id`), values are plain (dates, ints, text, JSON already as text). The caller
    is an act: it has checked the values and holds the transaction.
    """
    quote = connection.ops.quote_name
    names = ", ".join(quote(name) for name in columns)
    table = quote(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            written = 0
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
                    written += 1
            return written
        insert = f"INSERT INTO {table} ({names}) VALUES"
        if isinstance(rows, Ready):
            return _put(cursor.cursor, insert, len(columns), rows)

        texts: dict[date, str] = {}  # few different days and instants: each is put into words once

        def told(value: date) -> str:
            text = texts[value] = str(stored(value)) if isinstance(value, datetime) else value.isoformat()
            return text

        fields = [model._meta.get_field(name) for name in columns]
        dated = [place for place, field in enumerate(fields) if isinstance(field, models.DateField)]

        def plain_rows() -> Iterable[Sequence[Any]]:
            for row in rows:
                kept = list(row)
                for place in dated:
                    value = kept[place]
                    if isinstance(value, date):
                        kept[place] = texts.get(value) or told(value)
                yield kept

        return _put(cursor.cursor, insert, len(columns), plain_rows())


def _put(cursor: sqlite3.Cursor, insert: str, width: int, rows: Iterable[Sequence[Any]]) -> int:
    """Insert rows, as many to a statement as it takes values: SQLite begins and ends something with every statement.

    By the driver's own methods: Django's would parse the SQL for %s and wrap every row.
    """
    many, mark = (connection.features.max_query_params or 999) // width, f"({', '.join('?' * width)})"
    whole = f"{insert} {', '.join([mark] * many)}"
    written, left = 0, iter(rows)
    while part := list(islice(left, many)):
        if len(part) == many:
            sqlite3.Cursor.execute(cursor, whole, list(chain.from_iterable(part)))
        else:
            sqlite3.Cursor.executemany(cursor, f"{insert} {mark}", part)
        written += len(part)
    return written


def record_rows(
    entry: Entry, entity: str, changes: Iterable[tuple[int, dict[str, Any] | None, dict[str, Any] | None]]
) -> int:
    """The per-row before/after of a bulk act. `before` None = created."""
    return write_rows(
        RowChange,
        ["entry_id", "entity", "row_id", "before", "after"],
        (
            (entry.pk, entity, row_id, None if b is None else canonical(b), None if a is None else canonical(a))
            for row_id, b, a in changes
        ),
    )


@dataclass(frozen=True)
class Reply:
    """What a door answered: enough to answer the same again."""

    status: int
    body: str = ""
    location: str = ""


def answer_once(
    *, by: Actor, key: str, path: str, body: bytes, at: datetime, run: Callable[[], Reply]
) -> tuple[Reply, bool]:
    """Run `run` once per (person, key). Returns (reply, replayed).

    The same key with the same path and body gets the first reply; with another body it is refused (422). The key,
    the act and the reply commit together: a killed process leaves either all of them or none.
    """
    digest = hashlib.sha256(path.encode() + b"\0" + body).hexdigest()

    def replay() -> Reply:
        old = Answer.objects.get(by_id=by.pk, key=key)
        if old.body_digest != digest:
            raise Refusal(_("这张表单已经提交过，内容不同。请重新打开再填。"), code="key_reused")
        return Reply(old.status, old.body, old.location)

    try:
        with transaction.atomic():
            row = Answer.objects.create(by_id=by.pk, key=key, path=path[:200], body_digest=digest, status=0, at=at)
            reply = run()
            if reply.status >= 400:
                # a refused form may be sent again, corrected, under the same key
                transaction.set_rollback(True)
            else:
                row.status, row.body, row.location = reply.status, reply.body, reply.location
                row.save(update_fields=["status", "body", "location"])
            return reply, False
    except IntegrityError:
        # the key was taken before, or just now; a fault of the act itself took its own key back with it
        if Answer.objects.filter(by_id=by.pk, key=key).exists():
            return replay(), True
        raise


def forget_answers(before: datetime) -> int:
    """Delete answers given before this instant: no browser sends a form again that late. Returns how many."""
    return Answer.objects.filter(at__lt=before).delete()[0]
