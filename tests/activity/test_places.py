"""How far apart two places are, and which customers were met near here."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from pacesetter.activity import acts, reads
from pacesetter.activity.models import Activity
from pacesetter.activity.rules.places import MOST_NEAR, NEAR_METRES, Known, metres, nearest
from pacesetter.pipeline import acts as pipeline
from pacesetter.pipeline.models import Customer
from tests.world import AT, World

# the Bund in Shanghai
HERE = (31_240_000, 121_490_000)


@pytest.mark.parametrize(
    ("there", "far"),
    [
        (HERE, 0),
        ((31_249_000, 121_490_000), 1_000),  # north
        ((31_240_000, 121_500_000), 951),  # east, where a degree is narrower
        ((31_231_000, 121_480_000), 1_381),
        ((39_904_200, 116_407_400), 1_067_000),  # Beijing
    ],
)
def test_metres_between_two_places(there: tuple[int, int], far: int):
    assert abs(metres(*HERE, *there) - far) <= max(3, far // 100)
    assert metres(*HERE, *there) == pytest.approx(metres(*there, *HERE), abs=2)


def test_across_the_date_line_is_near():
    assert metres(0, 179_999_000, 0, -179_999_000) < 300


def test_the_nearest_first_each_customer_once_and_none_beyond_reach():
    known = [Known(1, 31_249_000, 121_490_000), Known(2, 31_241_000, 121_490_000), Known(1, 31_240_500, 121_490_000),
             Known(3, 31_267_000, 121_491_000)]  # fmt: skip
    assert metres(*HERE, 31_267_000, 121_491_000) > NEAR_METRES
    assert [customer for customer, _far in nearest(*HERE, known)] == [1, 2]
    assert nearest(*HERE, []) == []
    many = [Known(n, HERE[0], HERE[1] + 10 * n) for n in range(20)]
    assert [customer for customer, _far in nearest(*HERE, many)] == list(range(MOST_NEAR))


def met(world: World, name: str, lat: int, lon: int, who: Any = None) -> Customer:
    who = who or world.veteran
    customer = pipeline.add_customer(name=name, owner=who, by=None, at=AT)
    acts.log_activity(person=who, kind="visit", customer=customer, place=acts.Place(lat, lon, 20), by=who, at=AT)
    return customer


def test_only_ones_own_records_that_stand_and_still_have_their_place(world: World):
    mine = met(world, "海川机械", *HERE)
    gone = met(world, "撤回电气", *HERE)
    acts.withdraw_activity(Activity.objects.get(customer=gone), by=world.veteran, at=AT)
    met(world, "同事重工", *HERE, world.grower)
    given = met(world, "交接食品", *HERE)
    pipeline.assign_customer(given, owner=world.rep2, by=None, at=AT, reason="换区")
    reach = world.reach(world.veteran)
    rows = reach.rows(Customer.objects.all(), "customers", "write")
    assert reads.places(reach, rows) == [Known(mine.pk, *HERE)]
    acts.forget_places(at=AT + timedelta(days=31))
    assert reads.places(reach, rows) == []
