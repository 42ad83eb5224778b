"""Who finds which places in the navigation."""

import pytest

from pacesetter.people.rights import ROLES
from pacesetter.web import places


@pytest.fixture(autouse=True)
def _all_pages_exist(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(places, "exists", lambda path: True)


def keys(*roles: str) -> list[str]:
    return [place["key"] for place in places.navigation(roles, "/")]


def test_every_role_has_places_and_none_more_than_seven():
    assert set(places.BY_ROLE) == set(ROLES)
    for role in ROLES:
        assert 1 <= len(keys(role)) <= 7


def test_an_admin_sees_the_system_and_no_business():
    assert keys("admin") == ["today", "manage"]


def test_two_roles_have_the_places_of_both_in_one_order():
    assert keys("rep", "admin") == ["today", "customers", "goals", "process", "insights", "manage"]


def test_somebody_without_a_role_has_today_only():
    assert keys() == ["today"]


def test_the_open_place_shows_its_spots_and_marks_the_page():
    shown = {place["key"]: place for place in places.navigation({"manager"}, "/insights/funnel/")}
    assert shown["insights"]["open"]
    assert not shown["today"]["open"]
    assert [spot["url"] for spot in shown["insights"]["spots"] if spot["active"]] == ["/insights/funnel/"]


def test_marketing_finds_leads_but_no_deals():
    shown = {place["key"]: place for place in places.navigation({"marketing"}, "/customers/")}
    urls = [spot["url"] for spot in shown["customers"]["spots"]]
    assert "/leads/" in urls
    assert "/deals/" not in urls


def test_a_place_without_a_page_is_not_shown(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(places, "exists", lambda path: path == "/")
    assert keys("manager") == ["today"]
