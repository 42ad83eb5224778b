"""Pages of the pool and of tiers: what is left is told, refusals say when, a version is seen before it is saved."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from pacesetter.journal.models import Entry
from pacesetter.people.models import Person
from pacesetter.pipeline import acts
from pacesetter.pipeline.models import Customer, Lead, PoolRule, TierRule
from tests.world import AT, TODAY, World

pytestmark = pytest.mark.usefixtures("on_the_day")
POOL = {"protect_days": 14, "extend_days": 7, "max_days": 45, "warn_days": 3, "cooldown_hours": 24, "hold_limit": 0}


def client_of(person: Person, language: str = "zh-hans") -> Client:
    client = Client()
    client.force_login(person)
    client.cookies["pace_language"] = language
    return client


def send(client: Client, path: str, **values: Any) -> Any:
    return client.post(path, {"key": uuid.uuid4().hex, **values})


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def claimed(world: World, days_ago: int, name: str = "东方电气") -> Lead:
    at = AT - timedelta(days=days_ago)
    return acts.claim_lead(acts.add_lead(name=name, owner=None, by=None, at=at), by=world.veteran, at=at)


@pytest.fixture
def ruled(world: World) -> World:
    acts.set_pool_rule(valid_from=date(2025, 12, 1), by=world.director, at=AT)
    acts.set_pool_rule(valid_from=date(2026, 1, 1), by=world.director, at=AT)
    return world


def test_the_card_and_the_list_tell_what_is_left(ruled: World):
    lead = claimed(ruled, 9)
    client = client_of(ruled.veteran)
    card = text(client, f"/leads/{lead.pk}/")
    assert "保护期还剩 5 天，到 2026-03-21" in card
    assert "最长到 2026-04-21" in card
    assert "还剩 5 天" in text(client, "/leads/")
    assert "快到了" not in text(client, "/leads/")
    other = claimed(ruled, 12, "快到期")
    page = text(client, "/leads/")
    assert "1 条线索的保护期快到了" in page
    soon = text(client, "/leads/?ends=soon")
    assert (other.name in soon, lead.name in soon) == (True, False)
    assert "Protected for 5 more days" in text(client_of(ruled.veteran, "en"), f"/leads/{lead.pk}/")


def test_the_former_owner_and_everybody_else_see_why_it_went_back(ruled: World):
    lead = claimed(ruled, 20)
    assert acts.reclaim_lead(lead.pk, at=AT)
    reason = "保护期到 2026-03-10，14 天内没有跟进"
    mine = text(client_of(ruled.veteran), "/leads/")
    assert "最近从你这里回到公海" in mine
    assert reason in mine
    assert "最近从你这里回到公海" not in text(client_of(ruled.grower), "/leads/")
    for reader in (ruled.veteran, ruled.grower, ruled.marketing):
        client = client_of(reader)
        assert reason in text(client, "/leads/?view=pool")
        assert reason in text(client, f"/leads/{lead.pk}/")
    assert lead.name in text(client_of(ruled.veteran), "/leads/?view=pool&freed=mine")
    assert lead.name not in text(client_of(ruled.grower), "/leads/?view=pool&freed=mine")


def test_whoever_lost_it_is_told_when_and_others_get_the_button(ruled: World):
    lead = claimed(ruled, 20)
    acts.reclaim_lead(lead.pk, at=AT)
    mine, other = client_of(ruled.veteran), client_of(ruled.grower)
    claim = f"/leads/{lead.pk}/claim/"
    card = text(mine, f"/leads/{lead.pk}/")
    assert claim not in card
    assert "之后你可以再领取" in card
    assert claim in text(other, f"/leads/{lead.pk}/")
    assert send(mine, claim).status_code == 422
    assert send(other, claim).status_code == 302
    lead.refresh_from_db()
    assert lead.owner == ruled.grower


def test_a_pool_version_is_seen_in_words_before_it_is_saved(world: World):
    client = client_of(world.director)
    seen = send(client, "/manage/pool/", preview="1", valid_from="2026-03-20", **{**POOL, "protect_days": 10})
    page = seen.content.decode()
    assert (seen.status_code, PoolRule.objects.count()) == (200, 0)
    assert "例：2026-03-20 领取的线索，一直不跟进保护到 2026-03-30，不断跟进最长到 2026-05-04。" in page
    assert send(client, "/manage/pool/", valid_from="2026-03-20", **POOL).status_code == 302
    assert PoolRule.objects.get().valid_from == date(2026, 3, 20)
    assert "还没生效" in text(client, "/manage/pool/")
    wrong = send(client, "/manage/pool/", valid_from="2026-03-21", **{**POOL, "max_days": 3})
    assert (wrong.status_code, PoolRule.objects.count()) == (422, 1)
    assert Entry.objects.get(act="set_pool_rule").by_id == world.director.pk


def test_a_tier_version_counts_customers_before_it_is_saved(world: World):
    for name, amount in (("大", 300_000), ("小", 20_000)):
        row = acts.add_customer(name=name, owner=world.veteran, by=None, at=AT)
        acts.open_deal(name="一期", owner=world.veteran, customer=row, amount_minor=amount, by=None, at=AT)
    client = client_of(world.admin)
    asked = {"valid_from": "2026-03-16", "a_open_minor": "3000", "c_open_minor": "100",
             "a_days": 14, "b_days": 30, "c_days": 0}  # fmt: skip
    seen = send(client, "/manage/tiers/", preview="1", **asked)
    assert (seen.status_code, TierRule.objects.count()) == (200, 0)
    assert [then for _word, _now, then in seen.context["counts"]] == [1, 0, 1, 0]
    assert "2 个客户的分层会变" in seen.content.decode()
    assert set(Customer.objects.values_list("tier", flat=True)) == {""}
    assert send(client, "/manage/tiers/", **asked).status_code == 302
    assert acts.follow_tier_rule(at=AT) == 2


@pytest.mark.parametrize("path", ["/manage/pool/", "/manage/tiers/"])
def test_nobody_else_sets_rules(world: World, path: str):
    for role in ("rep", "manager", "hrbp", "analyst", "marketing", "finance", "stranger"):
        client = client_of(world.by_role(role))
        assert client.get(path).status_code == 404
        assert send(client, path, preview="1").status_code == 404


def test_the_tier_opens_to_what_decided_it(world: World):
    row = acts.add_customer(name="海川机械", owner=world.veteran, by=None, at=AT)
    acts.open_deal(name="一期", owner=world.veteran, customer=row, amount_minor=300_000, by=None, at=AT)
    acts.set_tier_rule(valid_from=TODAY, a_open_minor=250_000, by=None, at=AT)
    acts.follow_tier_rule(at=AT)
    client = client_of(world.veteran)
    assert "A 级 · 按规则" in text(client, f"/customers/{row.pk}/")
    why = f"/customers/{row.pk}/tier/"
    assert "进行中的商机 ¥3,000.00，达到门槛 ¥2,500.00。" in text(client, why)
    drawer = client.get(why, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in drawer
    # marketing sees customers that came from a lead, never amounts
    lead = acts.add_lead(name="来源", owner=world.veteran, by=None, at=AT)
    Lead.objects.filter(pk=lead.pk).update(customer=row)
    hidden = text(client_of(world.marketing), why)
    assert "进行中的商机达到门槛。" in hidden
    assert "3,000" not in hidden
    change = f"{why}change/"
    assert send(client, change, tier="C", reason="", version="").status_code == 422
    assert send(client, change, tier="C", reason="关停在即", version="").status_code == 302
    assert "C 级 · 手工" in text(client, f"/customers/{row.pk}/").replace("by hand", "手工")
    assert "由人指定：关停在即" in text(client, why)
    assert send(client, change, tier="rule", reason="", version="").status_code == 302
    row.refresh_from_db()
    assert (row.tier, row.tier_fixed) == ("A", False)
