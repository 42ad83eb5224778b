"""The records behind a number: every metric of the catalogue opens to them, a new one without another file."""

from __future__ import annotations

import re
from typing import Any

import pytest

from pacesetter.metrics.catalogue import METRICS, Basis, Measure, Metric
from pacesetter.pipeline.models import Deal
from pacesetter.web.views.insights.records import PROVED
from tests.web.facts import busy
from tests.web.test_insights_board import page
from tests.world import World

pytestmark = pytest.mark.usefixtures("on_the_day")
QUARTER = "period=2026Q1"
CALCULATED = "没有单条记录"


def lost(t: Any, span: Any) -> Any:
    return (t.outcome == "lost") & (t.valid == 1) & (t.source == "展会")


LOST_AT_FAIRS = Metric(
    "lost_at_fairs",
    "展会输单数",
    "Deals from fairs lost",
    "result",
    "count",
    {"": Basis(top=(Measure("deal_step", "count", ("展会输单", "lost from fairs"), where=lost),),
               top_words=("展会输单", "lost from fairs"))},
    ("来自展会、本期输掉的商机数。", "Deals from trade fairs that were lost in the period."),
    better="down",
)  # fmt: skip


@pytest.fixture
def company(world: World) -> World:
    busy(world, months=3)
    return world


def shown(html: str) -> set[str]:
    """The deals whose pages the list of records leads to."""
    return set(re.findall(r'href="/deals/(\d+)/"', html))


def test_every_metric_opens_to_records_that_do_not_contradict_it(company: World):
    calculated = []
    for metric in METRICS.values():
        for basis in metric.bases:
            html = page(company.director, f"/why/{metric.key}/?{QUARTER}&basis={basis}")
            assert "对不上" not in html, metric.key
            if CALCULATED in html:
                calculated.append(metric.key)
    assert calculated == [metric.key for metric in METRICS.values() if any(b.plan for b in metric.bases.values())]


def test_a_new_metric_opens_to_its_own_records_and_no_others(company: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(METRICS, LOST_AT_FAIRS.key, LOST_AT_FAIRS)  # type: ignore[arg-type]
    mine = Deal.objects.filter(source="展会", stage="lost", closed_on__gte="2026-01-01", closed_on__lt="2026-04-01")
    others = Deal.objects.filter(stage="lost").exclude(source="展会")
    assert mine.exists()
    assert others.exists()
    assert "展会输单数" in page(company.director, "/insights/metrics/")
    assert "展会输单数" in page(company.director, f"/insights/metrics/{LOST_AT_FAIRS.key}/?{QUARTER}")
    html = page(company.director, f"/why/{LOST_AT_FAIRS.key}/records/?{QUARTER}&export=csv")
    assert html.count("\r\n") == 1 + mine.count()
    html = page(company.director, f"/why/{LOST_AT_FAIRS.key}/?{QUARTER}")
    assert "和数字一致" not in html, "the spine must not vouch for itself"
    listed = shown(html[html.index("<h3>记录</h3>") :])
    assert listed
    assert listed <= {str(pk) for pk in mine.values_list("pk", flat=True)}


def test_a_reader_sees_the_records_of_a_new_metric_within_reach_only(company: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(METRICS, LOST_AT_FAIRS.key, LOST_AT_FAIRS)  # type: ignore[arg-type]
    everything = page(company.director, f"/why/{LOST_AT_FAIRS.key}/records/?{QUARTER}&export=csv")
    own = page(company.veteran, f"/why/{LOST_AT_FAIRS.key}/records/?{QUARTER}&export=csv")
    assert own.count("\r\n") < everything.count("\r\n")
    assert set(own.splitlines()) < set(everything.splitlines())
    assert "你的角色看数量，不看单条记录" in page(company.hrbp, f"/why/proposal_rate/?{QUARTER}")


def test_what_is_proved_is_in_the_catalogue():
    assert set(METRICS) >= PROVED
