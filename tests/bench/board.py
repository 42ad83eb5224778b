"""The team board for 24 months of fifty people, against plain SQL for the same columns."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from .company import AT, MONTHS, SELLERS, TODAY, fill, people, workday


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
