"""The audit log of goals: a line names its metric, and its values read in that metric's unit."""

from __future__ import annotations

import pytest

from pacesetter.goals import acts
from pacesetter.goals.acts import Draft
from pacesetter.lib import periods
from tests.web.selling_goals import as_reader, page
from tests.world import AT, World


@pytest.mark.django_db
@pytest.mark.usefixtures("on_the_day")
def test_a_goals_line_names_its_metric_and_reads_in_its_unit(world: World):
    for metric, target in (("won_amount", 12_345_600), ("effective_visits", 40)):
        acts.draft_goals([Draft(metric, "person", periods.parse("2026-04"), target, person=world.veteran.pk)],
                         origin="manual", by=world.leader, at=AT)  # fmt: skip
    text = page(world.admin, "/manage/audit/?act=draft_goals")
    for words in ("成交额 2026-04", "有效拜访", "¥123,456.00", "→ 40", "设目标"):
        assert words in text, words
    client = as_reader(world.admin)
    client.cookies["pace_language"] = "en"
    english = client.get("/manage/audit/?act=draft_goals").content.decode()
    for words in ("Won amount 2026-04", "Set goals", "Goal<"):
        assert words in english, words
    assert "won_amount" not in english
