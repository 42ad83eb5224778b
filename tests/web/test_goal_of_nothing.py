"""A goal of 0 where less is better: no overdue payment at all. Every page of it says what it is, none breaks."""

from __future__ import annotations

from datetime import date

import pytest

from pacesetter.goals import acts
from pacesetter.goals.acts import Draft, identity
from pacesetter.goals.models import Goal, GoalVersion
from pacesetter.lib.refusal import Refusal
from tests.web.selling_goals import Q1, as_reader, page, send, sold
from tests.world import AT, TODAY, World, put_in_force

pytestmark = pytest.mark.usefixtures("on_the_day")
METRIC = "overdue_amount"


@pytest.fixture
def none_overdue(world: World) -> dict[str, Goal]:
    sold(world)
    top = Draft(METRIC, "company", Q1, 0)
    own = Draft(METRIC, "person", Q1, 0, person=world.veteran.pk, above=identity(top))
    acts.draft_goals([top, own], origin="hand", by=world.director, at=AT)
    put_in_force(Goal.objects.values_list("pk", flat=True))
    return {goal.owner_kind: goal for goal in Goal.objects.all()}


def test_only_where_less_is_better_nothing_is_a_goal(world: World) -> None:
    for metric, more in (("won_amount", {"target": 0}), (METRIC, {"target": -1}), (METRIC, {"target": 1, "floor": -1})):
        with pytest.raises(Refusal) as refused:
            acts.draft_goals([Draft(metric, "company", Q1, **more)], origin="hand", by=world.director, at=AT)
        assert refused.value.code == "value"
    assert not Goal.objects.exists()


def test_every_page_of_it_opens_and_says_that_it_is_kept(world: World, none_overdue: dict[str, Goal]) -> None:
    own = none_overdue["person"].pk
    query = f"?metric={METRIC}&period=2026Q1"
    for address in (
        f"/goals/{query}", f"/goals/{query}&view=months", f"/goals/{own}/", f"/goals/{own}/edit/",
        f"/goals/{own}/expected/", f"/goals/letter/person/{world.veteran.pk}/?period=2026Q1",
        f"/goals/copy/?metric={METRIC}&period=2026Q2&source=2026Q1&percent=10",
        f"/goals/spread/?from={none_overdue['company'].pk}", f"/goals/new/{query}", "/goals/calculator/",
    ):  # fmt: skip
        reader = world.veteran if "calculator" in address else world.director
        assert "出错" not in page(reader, address), address
    html = page(world.director, f"/goals/{own}/")
    assert "正常" in html, "nothing is overdue, and nothing may be"
    assert as_reader(world.veteran).get("/").status_code == 200


def test_the_form_takes_it_and_an_application_may_lower_to_it(world: World) -> None:
    sent = {"metric": METRIC, "period": "2026Q1", "owner": "company", "target": "5000", "weight": "100",
            "pace_basis": "days"}  # fmt: skip
    assert send(world.director, "/goals/new/", **sent).status_code == 302
    assert send(world.director, "/goals/new/", **{**sent, "period": "2026Q2", "target": "0"}).status_code == 302
    assert sorted(GoalVersion.objects.values_list("target", flat=True)) == [0, 500_000]
    goal = Goal.objects.get(end=Q1.end)
    put_in_force([goal.pk])
    event = acts.add_event(kind="policy", title="先款后货", on=date(2026, 3, 9), by=world.director, at=AT)
    asked = {"goal": goal.pk, "event": event.pk, "reason": "以后不赊账", "valid_from": TODAY, "at": AT}
    with pytest.raises(Refusal) as refused:
        acts.request_adjustment(**asked, target=-1, by=world.director)
    assert refused.value.code == "value"
    assert acts.request_adjustment(**asked, target=0, by=world.director).target == 0
