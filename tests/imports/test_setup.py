"""`setup`: a world from JSON, through acts, twice the same."""

import copy
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from pacesetter.imports import setting_up
from pacesetter.lib.refusal import Refusal
from pacesetter.people import reads
from pacesetter.people.models import CalendarDay, ClosedPeriod, Company, Person, Team

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 16, 1, tzinfo=UTC)

WORLD: dict[str, Any] = {
    "company": {"name": "样例公司", "currency": "CNY", "zone": "Asia/Shanghai", "fiscal_start_month": 4},
    "calendars": [
        {"name": "单休", "pattern": "six_day", "days": [{"day": "2026-03-07", "weight": 0, "name": "团建"}]},
    ],
    "regions": ["华东"],
    "teams": [
        {"name": "一队", "code": "E1", "parent": "E", "calendar": "单休", "leader": "E001"},
        {"name": "华东区", "code": "E", "region": "华东"},
    ],
    "people": [
        {"name": "王敏", "employee_no": "E001", "team": "E1", "roles": ["manager"]},
        {
            "name": "李想", "employee_no": "E002", "mobile": "13800138000", "hire_on": "2026-01-05",
            "memberships": [{"team": "E1", "from": "2026-01-05", "title": "销售"}],
            "roles": [{"role": "rep", "from": "2026-01-05"}],
            "stages": [{"stage": "growth", "from": "2026-03-01", "reason": "有经验"}],
        },
        {"name": "旧人", "employee_no": "E003", "team": "E1", "left_on": "2025-12-31"},
    ],
    "closed_periods": [{"start": "2025-01-01", "end": "2026-01-01"}],
}  # fmt: skip


def test_a_world_is_set_up_through_acts() -> None:
    made = setting_up.set_up(copy.deepcopy(WORLD), by=None, at=AT)
    assert made == {"calendars": 1, "regions": 1, "teams": 2, "people": 3, "memberships": 3, "roles": 2,
                    "stages": 1, "closed_periods": 1}  # fmt: skip
    assert Company.objects.get().fiscal_start_month == 4
    rep = Person.objects.get(employee_no="E002")
    seat = reads.seat_at(rep.pk, date(2026, 2, 1))
    assert Team.objects.get(pk=seat.team_id).name == "一队"
    assert seat.manager_id == Person.objects.get(employee_no="E001").pk
    assert seat.growth_stage == "newcomer"
    assert reads.seat_at(rep.pk, date(2026, 3, 2)).growth_stage == "growth"
    assert CalendarDay.objects.get(calendar__name="单休", day=date(2026, 3, 7)).weight == 0
    assert Person.objects.get(employee_no="E003").left_on == date(2025, 12, 31)
    assert ClosedPeriod.objects.count() == 1


def test_the_same_file_again_makes_nothing() -> None:
    setting_up.set_up(copy.deepcopy(WORLD), by=None, at=AT)
    assert set(setting_up.set_up(copy.deepcopy(WORLD), by=None, at=AT).values()) == {0}


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        (("company", "currency"), "XXX", "company.currency"),
        (("company", "zone"), "Mars", "company.zone"),
        (("people", 1, "hire_on"), "2026/1/5", "people[1].hire_on"),
        (("people", 1, "mobile"), "12345", "people[1].mobile"),
        (("people", 1, "memberships", 0, "team"), "没有", "people[1].memberships[0].team"),
        (("people", 0, "roles"), ["boss"], "people[0].roles[0].role"),
        (("people", 0, "salary"), 1, "people[0].salary"),
        (("teams", 1, "parent"), "E1", "teams[0].parent"),
        (("closed_periods", 0, "end"), "2027-01-01", "closed_periods[0].end"),
        (("people",), {}, "people"),
    ],
)
def test_a_wrong_value_is_refused_with_its_path_and_nothing_is_kept(
    path: tuple[Any, ...], value: Any, field: str
) -> None:
    world = copy.deepcopy(WORLD)
    at: Any = world
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    with pytest.raises(Refusal) as refused:
        setting_up.set_up(world, by=None, at=AT)
    assert refused.value.field == field
    assert not Person.objects.exists()
    assert not Company.objects.exists()


def test_the_command_prints_only_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACE_TODAY", "2026-03-16")
    file = tmp_path / "world.json"
    file.write_text(json.dumps(WORLD), encoding="utf-8")
    out = io.StringIO()
    call_command("setup", "--from", str(file), "--json", stdout=out)
    assert json.loads(out.getvalue())["made"]["people"] == 3
    file.write_text("{", encoding="utf-8")
    with pytest.raises(SystemExit) as stop:
        call_command("setup", "--from", str(file), stdout=io.StringIO())
    assert stop.value.code == 2
    with pytest.raises(CommandError) as wrong:
        call_command("setup", "--from", str(tmp_path / "none.json"))
    assert wrong.value.returncode == 64
