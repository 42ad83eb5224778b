"""附近的客户 at the door: within reach, told in words, and nothing kept of where somebody stood."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from pacesetter.activity import acts
from pacesetter.activity.models import Activity
from pacesetter.journal.models import Entry
from pacesetter.people.models import Person
from pacesetter.pipeline import acts as pipeline
from pacesetter.web.views.day.near import far_word
from tests.activity.test_places import HERE, met
from tests.world import AT, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]


def near(person: Person, lat: Any = HERE[0], lon: Any = HERE[1]) -> dict[str, Any]:
    client = Client()
    client.force_login(person)
    answer = client.post("/log/near/", {"lat": lat, "lon": lon})
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    told: dict[str, Any] = answer.json()
    return told


def test_my_customers_met_near_here_with_their_distance_and_nothing_is_kept(world: World):
    far = met(world, "八百米电气", HERE[0] + 7_200, HERE[1])
    close = met(world, "门口机械", *HERE)
    met(world, "远处重工", HERE[0] + 90_000, HERE[1])
    met(world, "同事食品", *HERE, world.grower)
    before = (Entry.objects.count(), list(Activity.objects.order_by("id").values_list("place_lat", "place_lon")))
    told = near(world.veteran, HERE[0] + 3, HERE[1])
    assert [one["id"] for one in told["customers"]] == [close.pk, far.pk]
    assert told["customers"][0]["under"].startswith("100 米内 · 2026-03-16")
    assert told["customers"][1]["under"].startswith("约 800 米 · ")
    assert "没有保存" in told["says"]
    after = (Entry.objects.count(), list(Activity.objects.order_by("id").values_list("place_lat", "place_lon")))
    assert after == before


def test_each_way_of_finding_nobody_says_why(world: World):
    customer = pipeline.add_customer(name="海川机械", owner=world.veteran, by=None, at=AT)
    acts.log_activity(person=world.veteran, kind="visit", customer=customer, by=world.veteran, at=AT)
    assert "还排不出附近的客户" in near(world.veteran)["says"]
    met(world, "远处重工", HERE[0] + 90_000, HERE[1])
    assert near(world.veteran) == {"customers": [], "says": "3 公里内没有你记过的客户。"}
    for lat in ("", "31.24", 91_000_000):
        assert near(world.veteran, lat)["says"] == "没有得到位置，照常按名字找。"


@pytest.mark.parametrize(
    ("metres", "word"),
    [(0, "100 米内"), (99, "100 米内"), (100, "约 100 米"), (949, "约 900 米"), (950, "约 1.0 公里"),
     (1_449, "约 1.4 公里"), (2_980, "约 3.0 公里")],
)  # fmt: skip
def test_distances_in_words(metres: int, word: str):
    assert far_word(metres) == word
