"""kill -9 in the middle of an import: nothing is half-written, and the next worker does it once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.homes import Home, Moulds

ROWS = 300
PREPARE = f"""
import json, os, signal
from datetime import UTC, datetime, timedelta
from django.db import connections
from pacesetter.people import acts as people
from pacesetter.imports import followups
from pacesetter.imports.acts import batches
from pacesetter.imports.models import Batch
from pacesetter.journal import acts as journal
from pacesetter.journal.models import RowChange
from pacesetter.pipeline.models import Booking, CreditShare, Deal, StageChange

at = datetime(2026, 3, 16, 1, tzinfo=UTC)
people.create_company(name="样例", by=None, at=at)
people.add_person(name="李想", employee_no="0007", by=None, at=at)
lines = ["商机编号,负责人,成交额,阶段,创建日期,成交日期"]
lines += [f"D{{n}},0007,{{n}}.50,赢单,2026-01-05,2026-03-05" for n in range({ROWS})]
batch = batches.open_batch(preset="deals", files=[("d.csv", ["\\n".join(lines).encode()])], by=None, at=at)
batches.queue_batch(batch=batches.check_batch(batch=batch, by=None, at=at), by=None, at=at)
real = journal.write_rows

def killed_at(step):
    \"\"\"Dies after a part of the n-th set of rows that the promotion writes.\"\"\"
    seen = []
    def deadly(model, columns, rows):
        seen.append(model)
        if len(seen) == step:
            some = []
            for row in rows:
                some.append(row)
                if len(some) == 100:
                    break
            real(model, columns, some)
            os.kill(os.getpid(), signal.SIGKILL)
        return real(model, columns, rows)
    return deadly

def child(work):
    \"\"\"Run `work` in a process of its own; how it ended.\"\"\"
    part()
    pid = os.fork()
    if pid == 0:
        work()
        part()
        os._exit(0)
    return pid

def part():
    \"\"\"No connection may be shared over a fork.\"\"\"
    for connection in connections.all():
        connection.close()
        if connection.vendor == "postgresql":
            connection.close_pool()

def told():
    return [Deal.objects.count(), StageChange.objects.count(), CreditShare.objects.count(), Booking.objects.count(),
            RowChange.objects.count(), Batch.objects.get().state, journal.broken_lines()]
"""
KILL = """
answer = []
for place, step in enumerate((1, 2, 3, 4, 5)):
    def work():
        journal.write_rows = killed_at(step)
        # each new worker comes two minutes later: by then the one before is known to be dead
        followups.run_due_batches(now=at + timedelta(minutes=2 * place))
    _pid, status = os.waitpid(child(work), 0)
    answer.append([os.WTERMSIG(status), *told()])
followups.run_due_batches(now=at + timedelta(minutes=20))
print(json.dumps([answer, told()]))
"""
TWICE = """
pids = [child(lambda: followups.run_due_batches(now=at)) for _ in range(2)]
for pid in pids:
    os.waitpid(pid, 0)
print(json.dumps(told()))
"""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def home(request: pytest.FixtureRequest, moulds: Moulds, tmp_path: Path) -> Iterator[Home]:
    with moulds.home(tmp_path, kind=request.param) as made:
        yield made


def test_a_killed_import_leaves_nothing_and_is_taken_up_again(home: Home) -> None:
    killed, done = json.loads(home.python(PREPARE + KILL))
    assert killed == [[9, 0, 0, 0, 0, 0, "promoting", []]] * 5
    assert done == [ROWS, 2 * ROWS, ROWS, ROWS, ROWS, "done", []]


def test_two_workers_import_a_batch_once(home: Home) -> None:
    assert json.loads(home.python(PREPARE + TWICE))[:6] == [ROWS, 2 * ROWS, ROWS, ROWS, ROWS, "done"]
