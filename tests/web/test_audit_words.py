"""The journal names people and teams, writes amounts in the company's currency, and keeps no raw keys."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from pacesetter.people.models import Company
from pacesetter.pipeline import acts
from pacesetter.web.templatetags.records import side_by_side
from tests.web.selling_goals import as_reader, page
from tests.world import AT, TODAY, World

pytestmark = pytest.mark.usefixtures("on_the_day")


def test_a_line_says_names_stages_and_amounts(world: World):
    Company.objects.update(currency="USD")
    customer = acts.add_customer(name="海川机械", owner=world.veteran, by=world.veteran, at=AT)
    deal = acts.open_deal(name="一期", customer=customer, owner=world.veteran, amount_minor=1_234_567,
                          on=TODAY - timedelta(days=20), by=world.veteran, at=AT)  # fmt: skip
    deal = acts.move_deal(deal, stage="negotiation", on=TODAY, by=world.veteran, at=AT, asks=False)
    acts.change_deal(deal, tax_basis="excluded", by=world.veteran, at=AT)
    acts.transfer_ownership(from_person=world.veteran, to_person=world.grower, what=("customers", "deals"), on=TODAY,
                            reason="换人", by=world.leader, at=AT)  # fmt: skip
    html = page(world.admin, "/manage/audit/")
    for words in ("$12,345.67", "谈判", "不含税", world.grower.name, "进入阶段的日期"):
        assert words in html, words
    shown = " ".join(re.findall(r'<dl class="facts">(.*?)</dl>', html, re.DOTALL))
    for raw in ("stage_since", "negotiation", "1234567", "person_id", "owner_id", "excluded", "金额（分）"):
        assert raw not in shown, raw
    english = as_reader(world.admin)
    english.cookies["pace_language"] = "en"
    assert "In this stage since" in english.get("/manage/audit/").content.decode()


def test_a_conflict_says_fields_and_values_by_the_words_of_the_journal(world: World):
    both = [("amount_minor", 100, 200), ("stage", "intent", "negotiation"), ("loss_reason", "price", ""),
            ("closed_on", TODAY, None), ("tax_basis", "included", "excluded")]  # fmt: skip
    assert side_by_side(both) == [
        ("金额", "¥1.00", "¥2.00"), ("阶段", "意向", "谈判"), ("输单原因", "价格", "—"),
        ("关闭日期", "2026-03-16", "—"), ("计税", "含税", "不含税"),
    ]  # fmt: skip
