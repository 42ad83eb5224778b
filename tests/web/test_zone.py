"""Times read as the clock of the company's own place shows them."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from pacesetter.people.models import Company
from tests.world import World

pytestmark = pytest.mark.usefixtures("on_the_day")


@pytest.mark.parametrize(("zone", "told"), [("America/New_York", "今天 21:0"), ("Asia/Shanghai", "今天 09:0")])
def test_a_page_tells_times_in_the_zone_of_the_company_and_leaves_none_behind(world: World, zone: str, told: str):
    Company.objects.update(zone=zone)
    client = Client()
    client.force_login(world.veteran)
    client.get("/me/")
    page = client.get("/me/").content.decode()
    assert told in page
    assert timezone.get_current_timezone_name() == "Asia/Shanghai"
