"""A batch of goals is taken back whole while nothing followed; what held before holds again."""

from __future__ import annotations

import pytest

from pacesetter.goals import acts as goal_acts
from pacesetter.goals.models import GoalEvent
from pacesetter.imports.acts import batches
from pacesetter.imports.models import Batch
from pacesetter.lib.refusal import Refusal
from tests.imports.goal_files import LONG, counts, take, views
from tests.world import AT, World, put_in_force


def test_drafts_of_a_batch_are_taken_back_until_one_is_published(world: World) -> None:
    take(LONG, by=world.analyst)
    batches.undo_batch(batch=Batch.objects.get(), by=world.analyst, at=AT)
    assert {view.status for view in views().values()} == {"withdrawn"}
    take(LONG, by=world.analyst)
    put_in_force([view.pk for view in views().values()])
    with pytest.raises(Refusal) as refused:
        batches.undo_batch(batch=Batch.objects.order_by("pk").last(), by=world.analyst, at=AT)
    assert refused.value.code == "changed"


def test_what_an_import_put_in_force_is_taken_back_and_what_held_before_holds_again(world: World) -> None:
    take(LONG)
    take(LONG.replace(",300,", ",310,").replace(",180,", ",190,"), on_existing="overwrite")
    batches.undo_batch(batch=Batch.objects.order_by("pk").last(), by=None, at=AT)
    company = views()["won_amount", "公司", "2026Q2"]
    assert [(v.row.target, v.status) for v in company.versions] == [
        (3_000_000_00, "superseded"),
        (3_100_000_00, "withdrawn"),
        (3_000_000_00, "published"),
    ]
    assert counts(take(LONG, on_existing="overwrite")) == (0, 0, 3, 0)


@pytest.mark.parametrize("since", ["signed", "locked", "changed", "served"])
def test_a_batch_is_not_taken_back_when_one_of_its_goals_moved_on(world: World, since: str) -> None:
    take(LONG)
    view = views()["won_amount", "华东一队", "2026Q2"]
    if since == "signed":
        goal_acts.accept_goal(goal=view.pk, version=view.in_force.row.pk, by=world.leader, at=AT)
    elif since == "locked":
        goal_acts.lock_goals([view.pk], by=None, at=AT)
    elif since == "changed":
        take("指标,团队,期间,目标（万元）\n成交额,华东一队,2026Q2,200\n", by=world.analyst, on_existing="overwrite")
    else:
        take("指标,人员,期间,目标（万元）\n成交额,孙浩,2026Q2,180\n")
    with pytest.raises(Refusal, match="2026Q2"):
        batches.undo_batch(batch=Batch.objects.order_by("pk").first(), by=None, at=AT)
    assert views()["won_amount", "公司", "2026Q2"].status == "published"
    assert not GoalEvent.objects.filter(kind="withdrawn").exists()
