"""Insights and the Why pages: who sees which number at all. Whose numbers is proved in tests/web/test_insights_*.py."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pacesetter.activity.acts import make_company_metric
from pacesetter.activity.models import CompanyMetric
from pacesetter.people import acts
from pacesetter.people.models import Person, Question
from tests.matrix.policy import OWN, Row, to
from tests.world import AT, World

NUMBERS = to("rep", "manager", "director", "hrbp", "analyst", "marketing", "finance")
MONEY = to("rep", "manager", "director", "analyst", "finance")
MAKERS = to("director", "analyst")


def won_amount(world: World, who: Person) -> Mapping[str, Any]:
    return {"key": "won_amount"}


def own_count(world: World, who: Person) -> Mapping[str, Any]:
    """A count the company made; the same for everybody."""
    if not CompanyMetric.objects.filter(key="own_calls").exists():
        make_company_metric(key="own_calls", zh="自数电话", en="Own calls", kind="call", by=None, at=AT)
    return {"key": "own_calls"}


def a_question(world: World, who: Person) -> Mapping[str, Any]:
    """Asked by this person about the company's amount, or, by whoever sees only part of it, about their own."""
    sees_all = who in (world.director, world.analyst, world.finance)
    scope = "" if sees_all else f"scope=person%3A{who.pk}"
    made = Question.objects.filter(asked_by=who).first() or acts.ask_question(
        metric="won_amount", basis="", scope=scope, period="2026-03", shown=(0, None, 0), text="少了一单", by=who, at=AT
    )
    return {"pk": made.pk}


ROWS = {
    "insights": Row(NUMBERS),
    "board": Row(NUMBERS),
    "board_tv": Row(to("manager", "director", "hrbp", "analyst", "finance")),
    # finance sees amounts and collections, no way of leads and deals
    "funnel": Row(to("rep", "manager", "director", "hrbp", "analyst", "marketing")),
    "metric_list": Row(NUMBERS),
    "metric_new": Row(MAKERS),
    "metric_retire": Row(MAKERS, own_count),
    "metric_detail": Row(MONEY, won_amount),
    "questions": Row(NUMBERS),
    # analyst and director answer, everybody else opens what they asked
    "question": Row({**to("rep", "manager", "finance", relations=OWN), **to("director", "analyst")}, a_question),
    "why_ask": Row(MONEY, won_amount),
    "why": Row(MONEY, won_amount),
    "why_records": Row(MONEY, won_amount),
}
