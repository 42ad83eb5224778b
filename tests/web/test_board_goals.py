"""Goals on the team board: who is furthest behind first, sums that equal the rows, and the same in a file."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from django.test import Client

from pacesetter.goals import acts
from pacesetter.goals.acts import Draft
from pacesetter.goals.models import Goal
from pacesetter.lib import periods
from pacesetter.people import reads
from pacesetter.people.models import Person
from pacesetter.pipeline import acts as pipeline
from pacesetter.web.views.insights.board_goals import Aimed, together
from tests.world import AT, TODAY, World, put_in_force

pytestmark = pytest.mark.usefixtures("on_the_day")
MARCH = periods.parse("2026-03")


def page(person: Person, **asked: str) -> str:
    client = Client()
    client.force_login(person)
    return client.get("/insights/board/", asked).content.decode()


@pytest.fixture
def aimed(world: World) -> World:
    """孙浩 has 4,000 of 6,000, 陈晨 nothing of 1,000, 李想 has no goal."""
    rows = [Draft("won_amount", "person", MARCH, amount, person=one.pk)
            for one, amount in ((world.veteran, 6_000_00), (world.grower, 1_000_00))]  # fmt: skip
    acts.draft_goals(rows, origin="hand", by=None, at=AT)
    put_in_force(Goal.objects.values_list("pk", flat=True))
    customer = pipeline.add_customer(name="海川机械", owner=world.veteran, by=None, at=AT)
    deal = pipeline.open_deal(name="单", customer=customer, owner=world.veteran, amount_minor=4_000_00,
                              on=date(2026, 3, 2), by=None, at=AT)  # fmt: skip
    pipeline.win_deal(deal, on=date(2026, 3, 3), by=None, at=AT)
    return world


def test_who_is_furthest_behind_stands_first_and_who_has_no_goal_last(aimed: World):
    told = page(aimed.leader)
    body = told[told.index("<tbody>") :]
    assert body.index("陈晨") < body.index("孙浩") < body.index("李想")
    assert "未设目标" in body
    by_amount = page(aimed.leader, sort="won_amount")
    body = by_amount[by_amount.index("<tbody>") :]
    assert body.index("孙浩") < body.index("陈晨")


def test_the_file_carries_goal_and_due_and_their_sums(aimed: World):
    client = Client()
    client.force_login(aimed.leader)
    answer = client.get("/insights/board/", {"export": "csv"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    calendar = aimed.company.calendar_id
    share = Fraction(reads.working_days(calendar, MARCH.start, TODAY),
                     reads.working_days(calendar, MARCH.start, MARCH.end))  # fmt: skip
    told = {row["姓名"]: (row["目标 (CNY)"], row["应完成 (CNY)"]) for row in rows}
    due = round(6_000_00 * share)
    assert told["孙浩"] == ("6000.00", f"{due // 100}.{due % 100:02d}")
    assert told["李想"] == ("", "")
    assert told["合计"][0] == "7000.00"


def test_without_goals_the_board_is_as_before(world: World):
    assert "目标进度" not in page(world.leader)


def test_whoever_sees_no_money_sees_no_goals_in_money(aimed: World):
    assert "目标进度" not in page(aimed.hrbp)


def test_a_rep_sees_the_own_goal_alone(aimed: World):
    told = page(aimed.grower)
    assert "目标进度" in told
    assert "孙浩" not in told


def test_too_early_for_each_is_too_early_for_all():
    """Two working days in, nobody has a chip, so the total has none; the control: one of them has."""
    early = Aimed(0, 100, 10)
    assert together([early, early, None]).status == ""
    assert together([early, replace(early, status="behind")]).status == "behind"
    assert together([None]) is None
