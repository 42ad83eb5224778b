"""`./pace bench`: how fast, as ratios to bare SQL on the same machine in the same run.

    ./pace bench                       import into a table of 1,000,000 deals, and the team board
    ./pace bench --table 50000 --small 2000       the same, quickly
    ./pace bench import | board        one of the two
    PACE_DATABASE_URL=postgres://…     on PostgreSQL instead of SQLite

Seconds depend on the machine; the ratios do not (much). `slowest_visit_seconds` is how long a visit logged meanwhile
waited: on SQLite as long as the file is written. Nothing is kept: the home is a temporary one.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
TODAY = date(2026, 11, 16)
AT = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
SELLERS, TEAMS, MONTHS = 50, 5, 24
# what an import of one deal writes, in the order of its tables
TABLES = ("pipeline_deal", "pipeline_dealline", "pipeline_creditshare", "pipeline_stagechange", "pipeline_booking",
          "journal_rowchange")  # fmt: skip


def say(*words: object) -> None:
    print(*words, file=sys.stderr, flush=True)


def people() -> list[Any]:
    """Fifty sellers in five teams of one company, and a director over them."""
    from pacesetter.people import acts

    acts.create_company(name="测速公司", by=None, at=AT)
    since = date(2023, 1, 2)
    top = acts.add_person(name="总监", employee_no="B000", by=None, at=AT)
    acts.grant_role(person=top, role="director", by=None, at=AT)
    root = acts.add_team(name="总部", leader=top, by=None, at=AT)
    acts.join_team(person=top, team=root, by=None, at=AT)
    sellers = []
    for t in range(TEAMS):
        region = acts.add_region(name=f"区域{t % 2}", by=None, at=AT)
        team = acts.add_team(name=f"队{t}", parent=root, region=region, by=None, at=AT)
        for n in range(SELLERS // TEAMS):
            number = t * 100 + n + 1
            person = acts.add_person(name=f"销售{number}", employee_no=f"B{number:03d}", hire_on=since, by=None, at=AT)
            acts.grant_role(person=person, role="rep", by=None, at=AT)
            acts.join_team(person=person, team=team, on=since, by=None, at=AT)
            sellers.append(person)
    return [top, *sellers]


def workday(dice: random.Random) -> date:
    """Some day of the last 24 months."""
    return TODAY - timedelta(days=dice.randrange(1, MONTHS * 30))


def rows_of(
    dice: random.Random, sellers: list[Any], customers: range, products: range, first: int, count: int
) -> list[Any]:
    """Deals as the bulk act takes them: two lines, one or two credits, history."""
    from pacesetter.pipeline.acts import bulk
    from pacesetter.pipeline.rules import Credit

    made = []
    for n in range(first, first + count):
        owner, won, closed = dice.choice(sellers), n % 3 == 0, workday(dice)
        mate = dice.choice(sellers)
        amounts = (dice.randrange(100_00, 90_000_00), dice.randrange(100_00, 9_000_00))
        shared = won and n % 10 == 0 and mate is not owner
        credits = [Credit(owner.pk, 700_000, False, True), Credit(mate.pk, 300_000, False, False)] if shared else []
        made.append(
            bulk.DealRow(
                name=f"商机{n}", code=f"T{n:08d}", stage="won" if won else "lost" if n % 3 == 1 else "proposal",
                customer_id=dice.choice(customers), owner_id=owner.pk, opened_on=closed - timedelta(days=40),
                closed_on=closed if n % 3 < 2 else None, loss_reason="price" if n % 3 == 1 else "", credits=credits,
                lines=[bulk.LineRow(amount, dice.choice(products)) for amount in amounts],
            )
        )  # fmt: skip
    return made


def fill(sellers: list[Any], deals: int) -> None:
    """Customers, products and the table that is there already."""
    from pacesetter.pipeline.acts import bulk

    dice, began = random.Random(1), time.perf_counter()
    with bulk.promote(by=None, at=AT, on=TODAY, label="bench") as batch:
        products = batch.products([bulk.ProductRow(f"产品{n}", f"P{n:03d}") for n in range(20)])
        customers = batch.customers([
            bulk.CustomerRow(f"客户{n}", f"C{n:05d}", owner_id=sellers[n % len(sellers)].pk,
                             created_on=TODAY - timedelta(days=900)) for n in range(5_000)
        ])  # fmt: skip
    for first in range(0, deals, 50_000):
        count = min(50_000, deals - first)
        with bulk.promote(by=None, at=AT, on=TODAY, label="bench") as batch:
            batch.deals(rows_of(dice, sellers, customers, products, first, count))
        say(f"  {first + count:,} deals there after {time.perf_counter() - began:.0f} s")


# --- import ---------------------------------------------------------------------------------------------------------
def file_of(path: Path, first: int, count: int) -> None:
    """A file with lines, credits and stages, as a CRM would export it: one line of a deal a row, two a deal."""
    dice = random.Random(first)
    header = ["商机编号", "行号", "商机名称", "客户编号", "产品编号", "负责人", "阶段", "金额", "创建日期", "成交日期"]
    header.append("业绩分配")
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(header)
        for n in range(first, first + count):
            owner, closed, won = 1 + n % 10, workday(dice), n % 3 == 0
            shares = f"B{owner:03d}:70%;B{100 + owner:03d}:30%" if won and n % 10 == 0 else ""
            out.writerow([f"F{n:08d}", 1, f"导入{n}", f"C{n % 5000:05d}", f"P{n % 20:03d}", f"B{owner:03d}",
                          "赢单" if won else "方案", f"{dice.randrange(100, 90_000)}.{n % 100:02d}",
                          closed - timedelta(days=30), closed if won else "", shares])  # fmt: skip


def visits(home: Path, seconds: float) -> subprocess.Popen[str]:
    """Somebody logging visits in another process meanwhile; prints how many went in and how many failed."""
    code = f"""
import django, json, time; django.setup()
from pacesetter.activity import acts
from pacesetter.people.models import Person
from pacesetter.pipeline.models import Customer
from datetime import UTC, datetime
person, customer = Person.objects.get(employee_no="B001"), Customer.objects.first()
done, failed, slowest = 0, 0, 0
print("ready", flush=True)
while True:
    began = time.perf_counter()
    try:
        acts.log_activity(person=person, kind="visit", customer=customer, contact_name="王", result="有意向", by=person,
                          at=datetime(2026, 11, 16, 2, 0, tzinfo=UTC))
        done += 1
    except Exception as error:
        failed += 1
    slowest = max(slowest, time.perf_counter() - began)
    import os
    if os.path.exists({str(home / "stop")!r}): break
    time.sleep(0.05)
print(json.dumps([done, failed, slowest]), flush=True)
"""
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
                               stdout=subprocess.PIPE, text=True)  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "ready"
    return process


def bare(first_deal: int) -> float:
    """Seconds that plain SQL takes for the very same rows into the same tables, rolled back afterwards."""
    from django.db import connection, transaction

    copies: list[tuple[str, list[str], list[tuple[Any, ...]]]] = []
    with connection.cursor() as cursor:
        for table in TABLES:
            key = {"pipeline_deal": "id", "journal_rowchange": "row_id"}.get(table, "deal_id")
            also = " AND entity = 'deal'" if table == "journal_rowchange" else ""
            cursor.execute(f"SELECT * FROM {table} WHERE {key} >= %s{also}", [first_deal])
            names = [about[0] for about in cursor.description]
            copies.append((table, names, cursor.fetchall()))
        seconds = 0.0
        with transaction.atomic():
            for table, _names, _rows in reversed(copies):
                if table == "journal_rowchange":
                    continue  # append-only: its copies get new ids instead
                key = "id" if table == "pipeline_deal" else "deal_id"
                cursor.execute(f"DELETE FROM {table} WHERE {key} >= %s", [first_deal])
            for table, names, rows in copies:
                if table == "journal_rowchange":
                    place = names.index("id")
                    rows = [(*row[:place], None if connection.vendor == "sqlite" else -row[place], *row[place + 1 :])
                            for row in rows]  # fmt: skip
                quoted = ", ".join(connection.ops.quote_name(name) for name in names)
                began = time.perf_counter()
                if connection.vendor == "sqlite":
                    import sqlite3

                    marks = ", ".join("?" * len(names))
                    plain = [[v.isoformat() if isinstance(v, date) else v for v in row] for row in rows]
                    sqlite3.Cursor.executemany(cursor.cursor, f"INSERT INTO {table} ({quoted}) VALUES ({marks})", plain)
                else:
                    with cursor.copy(f"COPY {table} ({quoted}) FROM STDIN") as copy:
                        for row in rows:
                            copy.write_row(row)
                seconds += time.perf_counter() - began
            transaction.set_rollback(True)
    return seconds


def bench_import(home: Path, table: int, small: int) -> dict[str, Any]:
    """A small file and one ten times as large into the full table, with visits logged meanwhile."""
    from django.db.models import Max

    from pacesetter.imports.acts import batches
    from pacesetter.pipeline.models import Deal

    fill(people()[1:], table)
    found: dict[str, Any] = {"table": table}
    for name, first, count in (("small", 0, small), ("large", small, small * 10)):
        path = home / f"{name}.csv"
        file_of(path, first, count)
        before = Deal.objects.aggregate(top=Max("id"))["top"] or 0
        (home / "stop").unlink(missing_ok=True)
        other = visits(home, 0)
        began = time.perf_counter()
        result = batches.run_now(batches.order_for("deals", [path]), by=None, at=AT)
        seconds = time.perf_counter() - began
        (home / "stop").touch()
        done, failed, slowest = json.loads(other.communicate()[0].strip().splitlines()[-1])
        assert result.taken, json.dumps(result.as_json(), ensure_ascii=False)[:2000]
        assert Deal.objects.filter(pk__gt=before).count() == count
        plain = bare(before + 1)
        found[name] = {
            "rows": count, "seconds": round(seconds, 2), "rows_per_second": round(count / seconds),
            "times_bare_sql": round(seconds / plain, 1), "visits_meanwhile": done, "visits_failed": failed,
            "slowest_visit_seconds": round(slowest, 2),
        }  # fmt: skip
        say(f"  import of {count:,} rows into {table:,}: {found[name]}")
    found["ten_times_the_rows_take"] = round(found["large"]["seconds"] / found["small"]["seconds"], 1)
    return found


# --- team board -----------------------------------------------------------------------------------------------------
def behaviour(sellers: list[Any], dice: random.Random) -> None:
    """24 months of leads, deals and visits of fifty people."""
    from pacesetter.activity.acts.bulk import ActivityRow, take_activities
    from pacesetter.pipeline.acts import bulk

    fill(sellers, SELLERS * MONTHS * 5)
    with bulk.promote(by=None, at=AT, on=TODAY, label="bench") as batch:
        customers = range(1, 5_001)
        leads = []
        for n in range(SELLERS * MONTHS * 10):
            seller, on = sellers[n % len(sellers)], workday(dice)
            leads.append(bulk.LeadRow(f"线索{n}", on, owner_id=seller.pk, stage="intent" if n % 3 == 0 else "valid",
                                      valid_on=on, intent_on=on if n % 3 == 0 else None))  # fmt: skip
        batch.leads(leads)
        take_activities(batch, [
            ActivityRow(sellers[n % len(sellers)].pk, dice.choice(("visit", "visit", "call")), workday(dice),
                        customer_id=dice.choice(customers), contact_name="王", result="有意向" if n % 5 else "",
                        next_step="再访", next_on=TODAY)
            for n in range(SELLERS * MONTHS * 21 * 3)
        ])  # fmt: skip


def timed(run: Any, times: int = 5) -> float:
    """The median of some runs, in milliseconds; the first one warms up and does not count."""
    run()
    seconds = []
    for _ in range(times):
        began = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds) * 1000


def queries() -> Iterator[str]:
    """What a clerk would write by hand for the board's main columns: one query a column, by person."""
    first, last = TODAY - timedelta(days=MONTHS * 30), TODAY + timedelta(days=1)
    within = f""""on" >= '{first}' AND "on" < '{last}'"""
    yield f"SELECT person_id, SUM(amount_minor) FROM pipeline_booking WHERE NOT overlay AND {within} GROUP BY 1"
    yield (f"SELECT person_id, COUNT(*) FROM activity_activity WHERE effective AND withdrawn_at IS NULL AND {within} "
           "GROUP BY 1")  # fmt: skip
    yield (f"SELECT person_id, SUM(outcome = 'won'), COUNT(*) FROM pipeline_stagechange WHERE valid AND outcome IN "
           f"('won', 'lost') AND {within} GROUP BY 1").replace(
        "SUM(outcome = 'won')", "SUM(CASE WHEN outcome = 'won' THEN 1 ELSE 0 END)")  # fmt: skip
    yield (f"SELECT person_id, COUNT(intent_on), COUNT(*) FROM pipeline_lead WHERE created_on >= '{first}' AND "
           f"created_on < '{last}' GROUP BY 1")  # fmt: skip


def bench_board() -> dict[str, Any]:
    """The page as the director gets it, for 24 months, against plain SQL for the same columns."""
    from django.db import connection
    from django.test import Client

    director, *sellers = people()
    behaviour(sellers, random.Random(2))
    client = Client(HTTP_HOST="localhost")
    client.force_login(director, backend="pacesetter.web.signin.PersonBackend")
    first = TODAY - timedelta(days=MONTHS * 30)
    path = f"/insights/board/?period={first}..{TODAY}"

    def page() -> None:
        answer = client.get(path)
        assert answer.status_code == 200, answer.status_code

    def plain() -> None:
        with connection.cursor() as cursor:
            for sql in queries():
                cursor.execute(sql)
                cursor.fetchall()

    board, sql = timed(page), timed(plain)
    return {"people": SELLERS, "months": MONTHS, "board_ms": round(board), "bare_sql_ms": round(sql),
            "times_bare_sql": round(board / sql, 1)}  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(prog="pace bench", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("what", nargs="?", choices=["import", "board"])
    parser.add_argument("--table", type=int, default=1_000_000, help="deals that are there already")
    parser.add_argument("--small", type=int, default=10_000, help="rows of the small file; the large one has ten times")
    options = parser.parse_args()
    found: dict[str, Any] = {}
    for what in ("board", "import"):
        if options.what not in (None, what):
            continue
        home = Path(tempfile.mkdtemp(prefix="pace-bench-"))
        try:
            # a process each: every run begins with an empty home
            arguments = [sys.executable, __file__, "--inside", what, str(options.table), str(options.small)]
            env = {**os.environ, "PACE_HOME": str(home), "PACE_TODAY": str(TODAY), "PYTHONPATH": str(ROOT)}
            answer = subprocess.run(arguments, env=env, stdout=subprocess.PIPE, text=True, check=True)
            found[what] = json.loads(answer.stdout)
        finally:
            shutil.rmtree(home, ignore_errors=True)
    print(json.dumps(found, ensure_ascii=False, indent=1))
    return 0


def inside(what: str, table: int, small: int) -> None:
    """The measuring process."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pacesetter.config.settings")
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    home = Path(os.environ["PACE_HOME"])
    print(json.dumps(bench_board() if what == "board" else bench_import(home, table, small)))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--inside"]:
        inside(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
    else:
        sys.exit(main())
