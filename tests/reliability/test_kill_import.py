"""kill -9 of an import, most of all inside its promotion: afterwards all of the file is there, or nothing of it."""

from __future__ import annotations

import random
import signal
import time
from pathlib import Path

import pytest

from .company import Company

ROWS = 400
COUNTS = """
from django.apps import apps
from pacesetter.imports.models import Batch
names = [("pipeline", n) for n in ("Customer", "Deal", "DealLine", "CreditShare", "StageChange", "Booking", "Product")]
names += [("journal", "Entry"), ("journal", "RowChange"), ("imports", "Batch")]
counts = {n: apps.get_model(a, n).objects.count() for a, n in names}
"""


@pytest.fixture(scope="module")
def deals(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of deals with customers, products and owners."""
    lines = ["商机编号,商机名称,客户,产品,负责人,阶段,金额,创建日期,成交日期"]
    for n in range(ROWS):
        won = n % 3 == 0
        lines.append(
            f"K{n:05d},商机{n},,,E00{4 + n % 3},{'赢单' if won else '接触'},{1000 + n}.50,2026-01-{1 + n % 28:02d},"
            + (f"2026-02-{1 + n % 28:02d}" if won else "")
        )
    path = tmp_path_factory.mktemp("files") / "deals.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def counts(company: Company) -> dict[str, int]:
    found: dict[str, int] = company.value("counts", COUNTS)
    return found


def file_with(deals: Path, mark: str) -> Path:
    """The same file under other keys, so that each round has something new to import."""
    path = deals.with_name(f"deals-{mark}.csv")
    path.write_text(deals.read_text(encoding="utf-8").replace("\nK", f"\n{mark}"), encoding="utf-8")
    return path


@pytest.mark.timeout(400)
def test_an_import_killed_inside_its_promotion_leaves_nothing(company: Company, deals: Path):
    """Killed in the middle of each bulk write in turn; then the whole file goes in, exactly once."""
    before = counts(company)
    path = file_with(deals, "P")
    died = 0
    for step in range(1, 30):
        status, said = company.take("deals", path, die_at=step)
        if status == 0:
            break
        assert status == -signal.SIGKILL
        died += 1
        assert counts(company) == before, f"half an import after a kill in write {step}"
    assert died >= 5
    assert said["taken"] is True, said
    after = counts(company)
    assert after["Deal"] - before["Deal"] == ROWS
    assert after["Batch"] - before["Batch"] == 1
    company.whole()
    # the same file once more creates nothing
    status, said = company.take("deals", path)
    assert (status, counts(company)["Deal"]) == (0, after["Deal"])


@pytest.mark.timeout(400)
def test_an_import_killed_at_any_time_is_whole_or_absent(company: Company, deals: Path):
    """Eight kills at random moments between the start and long after the end."""
    dice = random.Random(3)
    began = time.monotonic()
    path = file_with(deals, "W")
    assert company.take("deals", path)[0] == 0
    usual = time.monotonic() - began
    for number in range(8):
        before = counts(company)
        path = file_with(deals, f"R{number}")
        process = company.taking("deals", path)
        time.sleep(dice.uniform(0.1, 1.2) * usual)
        status = company.kill(process)
        after = counts(company)
        gained = {name: after[name] - before[name] for name in after}
        assert gained["Deal"] in (0, ROWS), f"half an import: {gained}, exit {status}"
        if not gained["Deal"]:
            assert not any(gained.values())
            assert company.take("deals", path)[0] == 0
            assert counts(company)["Deal"] == before["Deal"] + ROWS
        else:
            assert gained["Batch"] == 1
            assert gained["StageChange"] >= ROWS
    company.whole()


def test_an_importer_without_a_transaction_would_fail_this_test(company: Company, deals: Path):
    """The control: the same rows written one act after the other leave a half when killed."""
    before = counts(company)
    process = company.home.start(
        "-c",
        "from datetime import UTC, datetime\nfrom pacesetter.pipeline import acts\n"
        f"for n in range({ROWS * 50}): "
        "acts.add_customer(name=f'散装{n}', owner=None, by=None, at=datetime(2026, 3, 16, 1, tzinfo=UTC))",
    )
    end = time.monotonic() + 30
    while counts(company)["Customer"] == before["Customer"] and time.monotonic() < end:
        time.sleep(0.05)
    company.kill(process)
    assert 0 < counts(company)["Customer"] - before["Customer"] < ROWS * 50
