"""`./pace export adjustments`: applications to change goals, what was asked, said and decided; no way back in."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from pacesetter.goals import acts, followups
from pacesetter.goals.acts import Draft
from pacesetter.goals.models import Goal, MarketEvent
from pacesetter.lib import periods
from tests.world import AT, World, put_in_force

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]
Q2 = periods.parse("2026Q2")


@pytest.fixture
def two(world: World) -> World:
    """孙浩's is approved, the team's of 华东一队 waits and is late."""
    for draft in (Draft("won_amount", "person", Q2, 100_00, person=world.veteran.pk, floor=70_00),
                  Draft("win_rate", "team", Q2, 2_500, team=world.east1.pk)):  # fmt: skip
        acts.draft_goals([draft], origin="hand", by=world.director, at=AT)
    put_in_force(Goal.objects.values_list("pk", flat=True))
    acts.add_event(kind="competitor", title="竞品降价", on=date(2026, 3, 9), by=world.leader, at=AT)
    asked = {"event": MarketEvent.objects.get().pk, "reason": "三家客户改签", "valid_from": date(2026, 5, 1), "at": AT}
    own = acts.request_adjustment(goal=Goal.objects.get(person=world.veteran).pk, target=90_00, floor=None,
                                  by=world.veteran, **asked)  # fmt: skip
    acts.request_adjustment(goal=Goal.objects.get(team=world.east1).pk, target=2_050, by=world.leader, **asked)
    for seat, who in (("analyst", world.analyst), ("director", world.director)):
        acts.give_voice(adjustment=own.pk, seat=seat, yes=True, sentence="看过数据", by=who, at=AT)
    followups.applications(now=AT.replace(day=20))
    return world


def out(*words: str) -> Any:
    told = io.StringIO()
    call_command("export", "adjustments", *words, stdout=told, stderr=io.StringIO())
    return told.getvalue()


def test_each_application_is_told_in_plain_text(two: World) -> None:
    own, team = json.loads(out("--json"))
    assert (own["metric"], own["person"], own["period"]) == ("won_amount", two.veteran.employee_no, "2026Q2")
    assert (own["old_target"], own["target"], own["old_floor"], own.get("floor")) == ("100.00", "90.00", "70.00", None)
    assert (own["event"], own["event_on"], own["reason"]) == ("竞品降价", "2026-03-09", "三家客户改签")
    assert (own["state"], own["ended_on"], own["asked_on"]) == ("approved", "2026-03-16", "2026-03-16")
    assert (own["analyst_says"], own["analyst_by"], own["director_sentence"]) == ("同意", "何睿", "看过数据")
    assert own.get("hrbp_says") is None
    assert (team["team"], team["old_target"], team["target"]) == ("华东一队", "25%", "20.5%")
    assert (team["state"], team["due_on"], team.get("ended_on")) == ("escalated", "2026-03-19", None)


def test_it_is_written_as_files_and_read_by_nothing(two: World, tmp_path: Path) -> None:
    target = tmp_path / "a.csv"
    out("--csv", str(target), "--xlsx", str(tmp_path / "a.xlsx"), "--parquet", str(tmp_path / "a.parquet"))
    rows = list(csv.reader(target.read_text(encoding="utf-8-sig").splitlines()))
    assert rows[0][:3] == ["申请编号", "指标", "口径"]
    assert len(rows) == 3
    assert {path.suffix for path in tmp_path.iterdir()} == {".csv", ".xlsx", ".parquet"}
    with pytest.raises(CommandError):
        call_command("import", "--preset", "adjustments", str(target), stdout=io.StringIO(), stderr=io.StringIO())


def test_goals_go_out_with_the_version_that_an_application_put_in_force(two: World) -> None:
    told = io.StringIO()
    call_command("export", "goals", "--json", stdout=told, stderr=io.StringIO())
    own = next(row for row in json.loads(told.getvalue()) if row["metric"] == "won_amount")
    assert (own["target"], own["valid_from"], own["status"]) == ("90.00", "2026-05-01", "published")
