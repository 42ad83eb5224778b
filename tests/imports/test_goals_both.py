"""Goals are imported, changed, exported and taken back alike on SQLite and PostgreSQL, in a real installation."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.homes import Home, Moulds

STORY = """
import json
from datetime import UTC, datetime, timedelta
from pacesetter.goals import acts as goals
from pacesetter.goals.models import Goal, GoalEvent
from pacesetter.imports import exporting
from pacesetter.imports.acts import batches
from pacesetter.imports.models import Batch
from pacesetter.people import acts as people

at = datetime(2026, 3, 16, 1, tzinfo=UTC)
people.create_company(name="样例", by=None, at=at)
someone = people.add_person(name="李想", employee_no="0007", by=None, at=at)
people.grant_role(person=someone, role="analyst", by=None, at=at)
text = "指标,归属,期间,目标\\n成交额,公司,2026Q2,100\\n成交额,0007,2026Q2,100\\n"

def take(text, minute, by=None, **how):
    when = at + timedelta(minutes=minute)
    order = batches.order_for("goals", [("a.csv", text.encode())], **how)
    file = batches.run_now(order, by=by, at=when).as_json()["files"][0]
    return [file[name] for name in ("created", "updated", "duplicate", "error")]

told = [take(text, 1), take(text, 2), take(text.replace(",100", ",120"), 3, on_existing="overwrite")]
batches.undo_batch(batch=Batch.objects.order_by("-pk")[0], by=None, at=at + timedelta(minutes=4))
told.append([row["target"] for row in exporting.Exporter().rows("goals")])
told.append(take(text.replace(",100", ",130"), 5, by=someone, on_existing="overwrite"))
batches.undo_batch(batch=Batch.objects.order_by("-pk")[0], by=someone, at=at + timedelta(minutes=6))
told.append([row["target"] for row in exporting.Exporter().rows("goals")])
told.append([GoalEvent.objects.filter(kind=kind).count() for kind in ("published", "superseded", "withdrawn")])
print(json.dumps(told))
"""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def home(request: pytest.FixtureRequest, moulds: Moulds, tmp_path: Path) -> Iterator[Home]:
    with moulds.home(tmp_path, "empty", request.param) as made:
        yield made


def test_goals_come_change_and_go_alike_on_both_databases(home: Home) -> None:
    assert json.loads(home.python(STORY)) == [
        [2, 0, 0, 0],
        [0, 0, 2, 0],
        [0, 2, 0, 0],
        ["100.00", "100.00"],
        [0, 2, 0, 0],
        ["100.00", "100.00"],
        [6, 2, 4],
    ]
