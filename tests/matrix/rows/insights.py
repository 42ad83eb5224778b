"""Insights and the Why pages: who sees which number at all. Whose numbers is proved in tests/web/test_insights_*.py."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pacesetter.people.models import Person
from tests.matrix.policy import Row, to
from tests.world import World

NUMBERS = to("rep", "manager", "director", "hrbp", "analyst", "marketing", "finance")
MONEY = to("rep", "manager", "director", "analyst", "finance")
MAKERS = to("director", "analyst")


def won_amount(world: World, who: Person) -> Mapping[str, Any]:
    return {"key": "won_amount"}


ROWS = {
    "insights": Row(NUMBERS),
    "board": Row(NUMBERS),
    # finance sees amounts and collections, no way of leads and deals
    "funnel": Row(to("rep", "manager", "director", "hrbp", "analyst", "marketing")),
    "metric_list": Row(NUMBERS),
    "metric_new": Row(MAKERS),
    "metric_detail": Row(MONEY, won_amount),
    "why": Row(MONEY, won_amount),
    "why_records": Row(MONEY, won_amount),
}
