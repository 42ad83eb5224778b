"""The API knows tokens, not sessions: a signed-in browser is as unknown there as anybody (401).

What tokens reach is asked role by role in tests/api/test_policy.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pacesetter.people.models import Person
from tests.matrix.policy import Row, everybody
from tests.world import World


def one(world: World, who: Person) -> Mapping[str, Any]:
    return {"pk": 1}


def contact(world: World, who: Person) -> Mapping[str, Any]:
    return {"pk": 1, "contact_pk": 1}


def allocation(world: World, who: Person) -> Mapping[str, Any]:
    return {"pk": 1, "allocation_pk": 1}


def key(world: World, who: Person) -> Mapping[str, Any]:
    return {"key": "won_amount"}


WITHOUT = (
    "customers", "customer_add", "leads", "lead_add", "deals", "deal_open", "activities", "activity_log", "invoices",
    "invoice_issue", "instalments", "instalment_plan", "receipts", "receipt_record", "products", "product_add",
    "metrics", "me", "goals", "goal_draft", "adjustments", "adjustment_ask", "market_events", "market_event_add",
)  # fmt: skip
WITH = (
    "customer", "customer_change", "contacts", "contact_add", "lead", "lead_change", "deal", "deal_change", "activity",
    "activity_change", "invoice", "instalment", "receipt", "product", "product_change",
    "goal", "adjustment",
)  # fmt: skip
# opened by a browser they say 405, whoever asks
ONLY_SENT = (
    "customer_assign", "lead_move", "lead_assign", "lead_claim", "lead_release", "deal_move", "deal_win", "deal_lose",
    "deal_reopen", "deal_cancel", "deal_refund", "deal_credits", "activity_confirm", "activity_withdraw",
    "instalment_void", "receipt_allocate", "goal_submit", "goal_publish", "goal_withdraw", "goal_accept",
    "goal_return", "goal_lock", "adjustment_voice", "adjustment_withdraw",
)  # fmt: skip
BATCHES = ("goals_submit", "goals_return", "goals_publish", "goals_lock", "goals_withdraw")

ROWS = {
    **{f"api:{name}": Row({}) for name in WITHOUT},
    **{f"api:{name}": Row({}, one) for name in WITH},
    **{f"api:{name}": Row(everybody(), one, anonymous="open") for name in ONLY_SENT},
    **{f"api:{name}": Row(everybody(), anonymous="open") for name in BATCHES},
    "api:activity_parse": Row(everybody(), anonymous="open"),
    "api:contact": Row({}, contact),
    "api:contact_change": Row({}, contact),
    "api:allocation_withdraw": Row(everybody(), allocation, anonymous="open"),
    "api:metric": Row({}, key),
    "api_openapi": Row(everybody()),
    "api_missing": Row({}, anonymous="hidden"),
}
