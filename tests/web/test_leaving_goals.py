"""Who leaves keeps the goals in their own name: the page that hands everything else over says so and lists them."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client

from pacesetter.goals.models import Goal
from tests.web.selling_goals import cascade, page
from tests.world import TODAY, World

pytestmark = pytest.mark.usefixtures("on_the_day")


def test_the_page_of_leaving_lists_the_goals_that_stay_in_the_name_of_whoever_goes(world: World):
    goals = cascade(world)
    html = page(world.hrbp, f"/manage/people/{world.veteran.pk}/leave/")
    assert "他有 2 个进行中的目标" in html
    assert "不转给接手人" in html
    assert f'href="/goals/{goals["veteran"].pk}/"' in html
    assert "¥10.00万" in html
    # somebody who sees no goals reads how many there are and nothing of them
    admin = page(world.admin, f"/manage/people/{world.veteran.pk}/leave/")
    assert "他有 2 个进行中的目标" in admin
    assert f"/goals/{goals['veteran'].pk}/" not in admin
    assert "进行中的目标" not in page(world.hrbp, f"/manage/people/{world.rep2.pk}/leave/")


def test_a_draft_is_no_goal_that_runs_and_leaving_moves_none(world: World):
    cascade(world, publish=False)
    assert "进行中的目标" not in page(world.hrbp, f"/manage/people/{world.veteran.pk}/leave/")
    client = Client()
    client.force_login(world.hrbp)
    before = set(Goal.objects.values_list("pk", "person_id"))
    answer = client.post(f"/manage/people/{world.veteran.pk}/leave/", {
        "key": uuid.uuid4().hex, "on": TODAY.isoformat(), "reason": "个人原因", "customers": "manager",
        "deals": "manager", "leads": "manager",
    })  # fmt: skip
    assert answer.status_code == 302
    assert set(Goal.objects.values_list("pk", "person_id")) == before
