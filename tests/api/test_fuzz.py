"""Schemathesis on the description: well-formed and malformed calls to every address; no 5xx, nothing undeclared.

A few examples for each address, in one transaction that is rolled back.
"""

from __future__ import annotations

import uuid
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi import checks

from pacesetter.api.urls import description
from pacesetter.config.wsgi import application
from tests.api.calling import Program
from tests.matrix.rows import goals as goal_pages
from tests.matrix.rows import goals_adjusting as adjusting
from tests.matrix.rows import pipeline as pages
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]
FEW = settings(
    max_examples=3,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]


def records(world: World) -> dict[str, int]:
    """One record of each kind, so that some calls find what they name."""
    return {
        "customers": pages.customer_of(world.director).pk,
        "leads": pages.lead_of(world.director).pk,
        "deals": pages.deal_of(world.director).pk,
        "activities": int(pages.activity(world, world.director)["pk"]),
        "instalments": int(pages.instalment(world, world.director)["pk"]),
        "receipts": int(pages.receipt(world, world.director)["pk"]),
        "products": int(pages.product(world, world.director)["pk"]),
        "goals": int(goal_pages.a_goal(world, world.director)["pk"]),
        "adjustments": int(adjusting.application(world, world.veteran)["pk"]),
    }


class Caller:
    """Sends what schemathesis makes up, as the right person, and counts."""

    def __init__(self, world: World, mode: GenerationMode) -> None:
        self.director, self.finance = Program(world.director), Program(world.finance)
        self.there, self.mode, self.calls = records(world), mode, 0

    def try_out(self, operation: Any) -> None:
        area = operation.path.split("/")[3]
        who = self.finance if area in ("invoices", "instalments", "receipts") else self.director

        @seed(20260316)
        @FEW
        @given(case=operation.as_strategy(generation_mode=self.mode))
        def call(case: schemathesis.Case) -> None:
            self.calls += 1
            if self.mode is GenerationMode.POSITIVE:
                case.headers["Idempotency-Key"] = uuid.uuid4().hex
                if "pk" in case.path_parameters and area in self.there:
                    case.path_parameters["pk"] = self.there[area]
            answer = case.call(base_url="http://localhost", headers={"Authorization": f"Bearer {who.secret}"})
            case.validate_response(answer, checks=CHECKS)

        call()


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["well-formed", "malformed"])
def test_no_call_breaks_the_api(mode: GenerationMode, world: World):
    """Every address, by a director (records) and finance (money): declared answers only."""
    caller, wrong = Caller(world, mode), []
    told = schemathesis.openapi.from_dict(dict(description()))
    told.app = application
    for found in told.get_all_operations():
        operation = found.ok()
        try:
            caller.try_out(operation)
        except Exception as broken:
            wrong.append(f"{operation.label}: {broken}"[:1_500])
    assert wrong == [], "\n".join(wrong)
    assert caller.calls >= 60
