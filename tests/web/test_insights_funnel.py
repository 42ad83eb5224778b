"""The funnel and the metric pages.

Leads created in January 2026: ten; eight valid, six intent (one of them skipped "valid"), three proposals, two won.
"""

from __future__ import annotations

import uuid
from datetime import date
from fractions import Fraction

import pytest

from pacesetter.activity.models import CompanyMetric
from pacesetter.metrics import funnel
from pacesetter.metrics.catalogue import METRICS
from pacesetter.pipeline.acts import bulk
from pacesetter.pipeline.models import Lead
from tests.web.test_insights_board import as_reader, page
from tests.world import AT, TODAY, World

pytestmark = pytest.mark.usefixtures("on_the_day")


@pytest.fixture
def leads(world: World) -> World:
    """The leads of this file's docstring, all 孙浩's but one of 吴迪's."""
    day = date(2026, 1, 5)
    rows = []
    for place in range(10):
        step = 0 if place > 7 else 1 if place > 5 else 2 if place > 2 else 3 if place > 1 else 4
        rows.append(
            bulk.LeadRow(
                f"线索{place}", day, source="展会" if place % 2 else "官网",
                owner_id=(world.rep2 if place == 9 else world.veteran).pk,
                stage=("new", "valid", "intent", "intent", "won")[step],
                valid_on=date(2026, 1, 8) if step > 0 else None, intent_on=date(2026, 1, 15) if step > 1 else None,
                proposal_on=date(2026, 2, 2) if step > 2 else None, won_on=date(2026, 2, 20) if step > 3 else None,
            )
        )  # fmt: skip
    with bulk.promote(by=world.admin, at=AT, on=TODAY, label="leads") as batch:
        batch.leads(rows)
    Lead.objects.filter(name="线索5").update(valid_on=None)
    return world


def counts(world: World, query: str, who: str = "director") -> dict[str, list[str]]:
    text = page(getattr(world, who), f"/insights/funnel/?{query}&export=csv").lstrip("\ufeff")
    return {line.split(",")[0]: line.split(",")[1:] for line in text.strip().split("\r\n")}


def test_by_creation_everybody_who_went_further_has_reached_a_step(leads: World) -> None:
    found = counts(leads, "period=2026-01")
    steps = ("线索", "有效", "意向", "方案", "成交", "回款")
    assert [found[step][0] for step in steps] == ["10", "8", "6", "3", "2", "0"]
    assert found["有效"][1:3] == ["80.0%", "80.0%"]
    assert found["意向"][1] == "6/8", "fewer than ten: a count, not a rate"
    assert found["意向"][3] == "7"  # from the 8th to the 15th


def test_by_event_each_step_counts_when_it_happened(leads: World) -> None:
    found = counts(leads, "period=2026-02&mode=period")
    assert [found[step][0] for step in ("线索", "有效", "方案", "成交")] == ["0", "0", "3", "2"]


def test_what_is_still_on_its_way_and_what_skipped_a_step_is_said(leads: World) -> None:
    html = page(leads.director, "/insights/funnel/?period=2026-01")
    assert "仍在进行" in html
    assert "条跳过“有效”直接往后走" in html
    assert "2026 年 1 月 10 条线索，走到成交 2 条，全程 20.0%" in html


def test_the_funnel_splits_and_a_manager_sees_only_his_own(leads: World) -> None:
    found = counts(leads, "period=2026-01&by=source")
    assert found["展会"][0] == "5"
    assert counts(leads, "period=2026-01", "leader")["线索"][0] == "9"
    assert counts(leads, "period=2026-01", "rep2")["线索"][0] == "1"


def test_marketing_splits_by_source_only(leads: World) -> None:
    html = page(leads.marketing, "/insights/funnel/?period=2026-01")
    assert "来源" in html
    assert "by=person" not in html
    assert "孙浩" not in page(leads.marketing, "/insights/funnel/?period=2026-01&by=person")


def test_each_bar_opens_to_records_that_add_up(leads: World) -> None:
    for step in ("lead", "valid", "intent", "proposal", "won"):
        for mode in ("cohort", "period"):
            assert "和数字一致" in page(leads.director, f"/why/funnel_lead_{step}/?period=2026Q1&basis={mode}")


def test_the_costliest_loss_is_told_in_money() -> None:
    """100 → 80 → 20 → 10 against 100 → 80 → 40 → 20: the second step lost 20 leads, half of which win at 1,000."""
    loss = funnel.worst_loss([100, 80, 20, 10], [0] * 4, [100, 80, 40, 20], [0] * 4, 3, Fraction(100_000))
    assert loss is not None
    assert loss.place == 2
    assert loss.amount_minor == 20 * 100_000 // 2


def test_what_is_still_open_is_no_loss_and_small_steps_say_nothing() -> None:
    assert funnel.worst_loss([100, 80, 20, 10], [0, 40, 0, 0], [100, 80, 40, 20], [0] * 4, 3, Fraction(1)) is None
    assert funnel.worst_loss([20, 16, 4, 2], [0] * 4, [100, 80, 40, 20], [0] * 4, 3, Fraction(1)) is None


# ---- metric pages ----------------------------------------------------------------------------------------------------


def test_the_catalogue_is_searched_in_both_languages(world: World) -> None:
    assert "成单率" in page(world.director, "/insights/metrics/")
    for words in ("win+rate", "成单率", "win_rate"):
        html = page(world.director, f"/insights/metrics/?q={words}")
        assert "/insights/metrics/win_rate/" in html
        assert "/insights/metrics/overdue_amount/" not in html
    assert "没找到" in page(world.director, "/insights/metrics/?q=zzz")


def test_every_metric_has_a_page_on_every_basis(leads: World) -> None:
    for key, metric in METRICS.items():
        for basis in metric.bases:
            assert metric.zh in page(leads.analyst, f"/insights/metrics/{key}/?basis={basis}&period=2026-03")
        assert "记录" in page(leads.analyst, f"/why/{key}/?period=2026-03")
    assert as_reader(leads.analyst).get("/insights/metrics/win_rate/?basis=nonsense").status_code == 404


def test_a_company_makes_its_own_count_from_a_form(leads: World) -> None:
    client = as_reader(leads.analyst)
    form = {"form_key": uuid.uuid4().hex, "zh": "演示拜访", "en": "Demo visits", "key": "demo_visits", "kind": "visit"}
    response = client.post("/insights/metrics/new/", form)
    assert response.status_code == 302
    assert CompanyMetric.objects.get().effective_only is False
    assert "演示拜访" in page(leads.analyst, "/insights/metrics/demo_visits/")
    again = {**form, "form_key": uuid.uuid4().hex, "key": "won_amount"}
    assert client.post("/insights/metrics/new/", again).status_code == 422
    assert client.post("/insights/metrics/new/", {**again, "form_key": "x1", "key": "Bad Key"}).status_code == 422
