"""The AdventureWorks files end to end, against plain code over the files that shares nothing with the product."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pacesetter.goals.models import Goal, GoalEvent, GoalVersion
from pacesetter.imports import importing
from pacesetter.people.models import Person, Team
from pacesetter.pipeline.models import Deal

from .real import cents, folder, imported, measured, quarter, take

pytestmark = pytest.mark.django_db


class TestAdventureWorks:
    START, END = date(2017, 1, 1), date(2020, 1, 1)

    @pytest.fixture(scope="class")
    def taken(self, django_db_setup: Any, django_db_blocker: Any) -> Iterator[importing.Result]:
        with imported(django_db_blocker, folder("adventureworks"), "adventureworks") as result:
            yield result

    @pytest.fixture(scope="class")
    def orders(self) -> list[dict[str, str]]:
        path = folder("adventureworks")
        with (path / "person.csv").open(encoding="utf-8-sig") as file:
            people = {row["person_id"]: row for row in csv.DictReader(file)}
        with (path / "ord_dev.csv").open(encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            person = people[row["person_id"]]
            row["name"] = person["nm"]
            above = people.get(person["manager_id"])
            row["manager"] = above["nm"] if above else ""
        return rows

    def test_all_orders_are_won_deals(self, taken: importing.Result) -> None:
        files = {file["file"]: file for file in taken.as_json()["files"]}
        assert files["ord_dev.csv"]["created"] == 1_994
        assert files["person.csv"]["created"] == 17
        assert Deal.objects.exclude(stage="won").count() == 0

    def test_the_fiscal_year_is_the_presets(self, taken: importing.Result, orders: list[dict[str, str]]) -> None:
        expected: dict[str, int] = defaultdict(int)
        for row in orders:
            day = row["date_2017"]
            expected[f"FY{int(day[:4]) + (1 if int(day[5:7]) >= 7 else 0)}"] += cents(row["net"])
        won = measured("won_amount", "fiscal_year", self.START, self.END)
        assert {key[0]: top for key, (top, _b) in won.items()} == dict(expected)

    def test_amounts_are_rounded_half_up_per_order(self, taken: importing.Result, orders: list[dict[str, str]]) -> None:
        expected: dict[tuple[str, str], int] = defaultdict(int)
        for row in orders:
            expected[row["name"], quarter(row["date_2017"])] += cents(row["net"])
        won = measured("won_amount", "person,quarter", self.START, self.END)
        assert {key: top for key, (top, _b) in won.items()} == dict(expected)
        odd = next(row for row in orders if len(row["net"].partition(".")[2]) > 2)
        assert Deal.objects.get(code=odd["SalesOrderID"]).amount_text == odd["net"]

    def test_line_managers_hold_on_every_day(self, taken: importing.Result, orders: list[dict[str, str]]) -> None:
        expected: dict[str | None, int] = defaultdict(int)
        for row in orders:
            expected[row["manager"] or None] += cents(row["net"])
        won = measured("won_amount", "manager", self.START, self.END)
        assert {key[0]: top for key, (top, _b) in won.items()} == dict(expected)

    def test_every_quota_is_a_goal_of_its_person_and_quarter(self, taken: importing.Result) -> None:
        files = {file["file"]: file for file in taken.as_json()["files"]}
        assert files["quota.csv"]["entity"] == files["target_monthly.csv"]["entity"] == "goals"
        assert files["quota.csv"]["created"] == files["quota.csv"]["rows"] == 163
        path = folder("adventureworks")
        with (path / "person.csv").open(encoding="utf-8-sig") as file:
            names = {row["person_id"]: row["nm"] for row in csv.DictReader(file)}
        with (path / "quota.csv").open(encoding="utf-8-sig") as file:
            expected = {
                (names[row["person_id"]], quarter(row["period_start"])): cents(row["amount"])
                for row in csv.DictReader(file)
            }
        goals = GoalVersion.objects.filter(goal__period_kind="quarter").select_related("goal__person")
        assert {(str(v.goal.person), v.goal.label): v.target for v in goals} == expected
        assert len(expected) == 163
        assert {v.goal.metric for v in goals} == {"won_amount"}

    def test_monthly_targets_are_the_persons_and_a_managers_is_the_teams(self, taken: importing.Result) -> None:
        path = folder("adventureworks")
        with (path / "person.csv").open(encoding="utf-8-sig") as file:
            people = {row["nid"]: row for row in csv.DictReader(file)}
        leads = {row["manager_id"] for row in people.values()}
        with (path / "target_monthly.csv").open(encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
        expected = {
            (people[r["nid"]]["nm"], people[r["nid"]]["person_id"] in leads, r["month_start"][:7]): cents(r["target"])
            for r in rows
            if r["nid"] in people
        }
        goals = GoalVersion.objects.filter(goal__period_kind="month").select_related("goal__person", "goal__team")
        assert {
            (str(v.goal.team or v.goal.person), v.goal.owner_kind == "team", v.goal.label): v.target for v in goals
        } == expected
        assert len(expected) == 809 - 54
        managers = {whose for whose, team, _month in expected if team}
        assert managers == {"Stephen Jiang", "Amy Alberts", "Syed Abbas"}

    def test_the_goals_hold_and_serve_no_other(self, taken: importing.Result) -> None:
        assert GoalEvent.objects.filter(kind="published").count() == Goal.objects.count() == 163 + 755
        assert not GoalVersion.objects.exclude(parent=None).exists()

    def test_rows_of_somebody_unknown_are_told_one_by_one(self, taken: importing.Result) -> None:
        file = next(file for file in taken.as_json()["files"] if file["file"] == "target_monthly.csv")
        assert (file["rows"], file["created"], file["ignored"], file["error"]) == (809, 755, 54, 0)
        told = [line for line in taken.as_json()["warnings"] if line["file"] == "target_monthly.csv"]
        with (folder("adventureworks") / "target_monthly.csv").open(encoding="utf-8-sig") as source:
            wrong = [n for n, row in enumerate(csv.DictReader(source), start=2) if row["nid"] == "112432117"]
        assert [(line["row"], line["column"], line["value"]) for line in told] == [
            (number, "nid", "112432117") for number in wrong
        ]
        assert all("112432117" in line["reason"] for line in told)

    def test_the_same_files_again_create_nothing(self, taken: importing.Result) -> None:
        before = Deal.objects.count(), Person.objects.count(), Team.objects.count(), GoalVersion.objects.count()
        again = take(folder("adventureworks"), "adventureworks").as_json()
        assert {file["file"]: file["duplicate"] for file in again["files"]} == {
            "ord_dev.csv": 1_994, "person.csv": 17, "quota.csv": 163, "target_monthly.csv": 755,
        }  # fmt: skip
        assert sum(file["created"] + file["updated"] for file in again["files"]) == 0
        assert before == (
            Deal.objects.count(), Person.objects.count(), Team.objects.count(), GoalVersion.objects.count(),
        )  # fmt: skip

    def test_a_folder_with_other_names_and_numbers_works_the_same(
        self, taken: importing.Result, tmp_path: Path
    ) -> None:
        (tmp_path / "person_x.csv").write_text(
            "person_id,employee_key,nm,title,manager_id,hire,nid,territory_id\n"
            "9001,9101,甲,Manager,,2010-01-01,77,\n9002,9102,乙,Rep,9001,2010-01-01,78,1\n",
            encoding="utf-8",
        )
        (tmp_path / "quota_x.csv").write_text(
            "person_id,qn,period_start,quota_date,amount\n9002,1,2018-02-03,2011-05-31,7.25\n", encoding="utf-8"
        )
        (tmp_path / "target_x.csv").write_text(
            "Year,nid,mon,month_start,target\n2018,77,2,2018-02-01,9\n2018,79,2,2018-02-01,9\n", encoding="utf-8"
        )
        result = take(tmp_path, "adventureworks")
        assert result.taken, result.as_json()["errors"]
        assert [f["created"] for f in result.as_json()["files"]] == [2, 1, 1]
        assert [line["value"] for line in result.as_json()["warnings"]] == ["79"]
        made = Goal.objects.filter(versions__in=GoalVersion.objects.order_by("-pk")[:2])
        assert {(str(g.person or g.team), g.owner_kind, g.label) for g in made} == {
            ("乙", "person", "2018Q1"), ("甲", "team", "2018-02"),
        }  # fmt: skip
