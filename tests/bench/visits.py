"""Fifty reps who log visits at the same time, over HTTP, against a server as `./pace demo` runs it."""

from __future__ import annotations

import http.client
import json
import os
import random
import statistics
import threading
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.homes import Home, free_port

from .company import AT, SELLERS, TODAY, people, say

CUSTOMERS = 40  # of each
TOKEN = "b" * 32
# what one log writes besides the chain's head
TABLES = ("activity_activity", "activity_planitem", "journal_entry", "journal_answer")
BARE = 400


@dataclass
class Rep:
    """One person signed in, and how long each of their logs took; a fault is kept with what was answered."""

    cookies: str
    customers: list[int]
    took: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def work(self, port: int, until: float) -> None:
        dice, line = random.Random(self.cookies), http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        headers = {"Cookie": self.cookies, "Accept": "application/json",
                   "Content-Type": "application/x-www-form-urlencoded"}  # fmt: skip
        while time.perf_counter() < until:
            sheet = {"csrfmiddlewaretoken": TOKEN, "key": uuid.uuid4().hex, "kind": "visit", "twin": "add",
                     "customer": dice.choice(self.customers), "contact_name": "王总", "result": "有意向",
                     "next_step": "送方案", "next_on": "2026-11-18", "seconds": 12}  # fmt: skip
            began = time.perf_counter()
            try:
                line.request("POST", "/log/", urlencode(sheet), headers)
                answer = line.getresponse()
                said = answer.read().decode("utf-8", "replace")
            except (OSError, http.client.HTTPException) as fault:
                self.faults.append(repr(fault))
                line.close()
                continue
            if answer.status == 200:
                self.took.append(time.perf_counter() - began)
            else:
                self.faults.append(f"{answer.status} {said[:300]}")


def sign_in(sellers: list[Any]) -> list[Rep]:
    """Fifty sessions and their customers."""
    from django.conf import settings
    from django.test import Client

    from pacesetter.pipeline.acts import bulk

    with bulk.promote(by=None, at=AT, on=TODAY, label="bench") as batch:
        made = batch.customers([
            bulk.CustomerRow(f"客户{n}", f"C{n:05d}", owner_id=sellers[n % len(sellers)].pk, created_on=TODAY)
            for n in range(len(sellers) * CUSTOMERS)
        ])  # fmt: skip
    reps = []
    for place, seller in enumerate(sellers):
        client = Client()
        client.force_login(seller, backend="pacesetter.web.signin.PersonBackend")
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={TOKEN}"
        reps.append(Rep(cookies, list(made)[place :: len(sellers)]))
    return reps


def bare() -> float:
    """Seconds that plain SQL takes for what one log writes, each in a transaction of its own."""
    from django.db import connection, transaction

    with connection.cursor() as cursor:
        rows: dict[str, tuple[list[str], list[tuple[Any, ...]]]] = {}
        for table in TABLES:
            cursor.execute(f"SELECT * FROM {table} ORDER BY id DESC LIMIT {BARE}")
            rows[table] = ([about[0] for about in cursor.description], cursor.fetchall())
        count = min(len(found) for _names, found in rows.values())
        cursor.execute("SELECT MAX(id) FROM activity_activity")
        newest = cursor.fetchone()[0]
        began = time.perf_counter()
        for place in range(count):
            with transaction.atomic():
                for table, (names, found) in rows.items():
                    fresh: dict[str, Any] = {"key": uuid.uuid4().hex, "digest": uuid.uuid4().hex * 2}
                    if table == "activity_planitem":
                        fresh |= {"origin_id": newest, "done_by_id": None, "state": "open", "ended_at": None}
                    told = {name: fresh.get(name, value) for name, value in zip(names, found[place], strict=True)}
                    del told["id"]
                    columns = ", ".join(connection.ops.quote_name(name) for name in told)
                    marks = ", ".join(["%s"] * len(told))
                    cursor.execute(
                        f"INSERT INTO {table} ({columns}) VALUES ({marks}) RETURNING id", list(told.values())
                    )
                    pk = cursor.fetchall()[0][0]
                    if table == "activity_activity":
                        newest = pk
        return (time.perf_counter() - began) / count


def bench_log(home: Path, seconds: float) -> dict[str, Any]:
    """Everybody logs one visit after the other, without a pause, for so many seconds."""
    from pacesetter.activity.models import Activity

    reps, port = sign_in(people()[1:]), free_port()
    installation = Home(home, os.environ.get("PACE_DATABASE_URL", ""), str(TODAY))
    installation.serve(port)
    try:
        until = time.perf_counter() + seconds
        threads = [threading.Thread(target=rep.work, args=(port, until)) for rep in reps]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        lasted = time.perf_counter() - until + seconds
    finally:
        installation.end()
    took = sorted(one for rep in reps for one in rep.took)
    faults = [fault for rep in reps for fault in rep.faults]
    for fault in faults[:5]:
        say(" ", fault)
    assert Activity.objects.count() == len(took), "what was acknowledged must be there, and nothing else"
    by_hand = bare()
    found = {
        "reps": SELLERS, "seconds": round(lasted, 1), "logs": len(took), "errors": len(faults),
        "logs_per_second": round(len(took) / lasted, 1), "p50_ms": round(statistics.median(took) * 1000),
        "p95_ms": round(took[len(took) * 95 // 100] * 1000), "slowest_ms": round(took[-1] * 1000),
        "times_bare_sql": round(lasted / len(took) / by_hand, 1),
    }  # fmt: skip
    say("  " + json.dumps(found))
    return found
