"""kill -9 of the server while four people write: what was acknowledged is there once, the rest can be sent again."""

from __future__ import annotations

import random
import shutil
import sqlite3
import threading
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from .company import WRITERS, Company, Lost, Visitor

ROUNDS = 10
# acknowledged before a kill
FEW = 3
CUSTOMERS, LINES = "Customer.objects.count()", "Entry.objects.filter(act='add_customer').count()"
ANSWERS = "Answer.objects.filter(path='/customers/new/').count()"
MODELS = "from pacesetter.pipeline.models import Customer\nfrom pacesetter.journal.models import Answer, Entry"


@dataclass
class Book:
    """What the writers know: names that were acknowledged, and sent ones without an answer."""

    acknowledged: list[str] = field(default_factory=list)
    open: list[tuple[Visitor, str, str]] = field(default_factory=list)
    wrong: list[object] = field(default_factory=list)


def write(visitor: Visitor, book: Book, stop: threading.Event) -> None:
    """One customer after the other until the line goes dead."""
    while not stop.is_set():
        name, key = f"客户{uuid.uuid4().hex[:12]}", uuid.uuid4().hex
        try:
            status, _where = visitor.add_customer(name, key)
        except Lost:
            book.open.append((visitor, name, key))
            return
        (book.acknowledged if status == 302 else book.wrong).append(name)


@pytest.mark.timeout(400)
def test_nothing_acknowledged_is_lost_and_nothing_is_doubled(company: Company):
    """Ten kills; after each, what was in flight is sent again with the same key and must then be there exactly once."""
    dice, book = random.Random(7), Book()
    count = f"[{CUSTOMERS}, {LINES}, {ANSWERS}]"
    before = company.value(count, MODELS)
    company.serve()
    visitors = [company.visitor(login) for login in WRITERS]
    for _round in range(ROUNDS):
        stop = threading.Event()
        threads = [threading.Thread(target=write, args=(visitor, book, stop)) for visitor in visitors]
        for thread in threads:
            thread.start()
        some, end = len(book.acknowledged) + FEW, time.monotonic() + 30
        while len(book.acknowledged) < some and time.monotonic() < end:
            time.sleep(0.01)
        time.sleep(dice.uniform(0, 0.4))
        assert company.kill() == -9
        stop.set()
        for thread in threads:
            thread.join(30)
        company.serve()
        for visitor, name, key in book.open:
            status, where = visitor.add_customer(name, key)
            assert status == 302, where[:500]
            book.acknowledged.append(name)
        book.open.clear()
    company.kill()

    assert book.wrong == []
    assert len(book.acknowledged) > ROUNDS * 2
    names = company.value(
        "list(Customer.objects.filter(name__startswith='客户').values_list('name', flat=True))", MODELS
    )
    assert sorted(names) == sorted(book.acknowledged), "lost or doubled"
    # the act, its journal line and the answer live and die together
    assert company.value(count, MODELS) == [number + len(names) for number in before]
    assert company.value("Answer.objects.filter(status=0).count()", MODELS) == 0
    company.whole()


def test_a_torn_log_gives_a_prefix_of_history(company: Company, tmp_path: Path):
    """SQLite: the write-ahead log of a killed server cut or changed at any place opens as an earlier whole moment."""
    if company.home.database:
        return  # PostgreSQL tests its own log
    file = company.home.folder / "pacesetter.sqlite3"
    store = sqlite3.connect(file)
    store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()
    company.serve()
    visitor = company.visitor(WRITERS[0])
    for number in range(12):
        assert visitor.add_customer(f"撕裂{number}")[0] == 302
    company.kill()
    log = file.with_name(file.name + "-wal")
    size, dice, counts = log.stat().st_size, random.Random(11), []
    assert size > 0
    for attempt in range(60):
        copy = tmp_path / f"copy{attempt}.sqlite3"
        shutil.copy(file, copy)
        torn = bytearray(log.read_bytes())
        at = dice.randrange(32, size)
        if attempt % 2:
            del torn[at:]
        else:
            torn[at] ^= 1 << dice.randrange(8)
        copy.with_name(copy.name + "-wal").write_bytes(torn)
        store = sqlite3.connect(copy)
        try:
            assert store.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            customers = store.execute("SELECT COUNT(*) FROM pipeline_customer").fetchone()[0]
            lines = store.execute("SELECT COUNT(*) FROM journal_entry WHERE act = 'add_customer'").fetchone()[0]
            last = store.execute("SELECT digest FROM journal_entry ORDER BY id DESC LIMIT 1").fetchone()[0]
            assert store.execute("SELECT digest FROM journal_chainhead").fetchone()[0] == last
        finally:
            store.close()
        assert customers == lines
        counts.append(customers)
    assert len(set(counts)) > 3, "the cuts must fall into different moments"
