"""A small file and one ten times as large into a full table, with visits logged meanwhile."""

from __future__ import annotations

import csv
import json
import os
import random
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.homes import ROOT

from .company import AT, fill, people, say, workday

# what an import of one deal writes, in the order of its tables
TABLES = ("pipeline_deal", "pipeline_dealline", "pipeline_creditshare", "pipeline_stagechange", "pipeline_booking",
          "journal_rowchange")  # fmt: skip


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
