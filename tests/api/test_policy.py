"""Token × address × whose record: the API reaches exactly what the pages reach, and out of reach is 404.

The rows are those of the pages (tests/matrix/rows/pipeline.py): one table of rights for both doors.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from pacesetter.goals.models import Adjustment, Goal
from pacesetter.journal.models import Entry
from pacesetter.people import acts as people_acts
from pacesetter.people.models import Person
from pacesetter.pipeline.models import Allocation, Contact, Customer, Invoice
from tests.api.calling import Program
from tests.matrix.policy import EVERY, OWN, ROLES, TEAM, policy, reader, to, whose
from tests.matrix.rows import goals as goal_pages
from tests.matrix.rows import goals_adjusting as adjusting
from tests.matrix.rows import pipeline as pages
from tests.world import AT, TODAY, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]
PAGES = policy()


@dataclass(frozen=True)
class Door:
    """One address: who gets an answer for whose record, and what is sent."""

    method: str
    path: str
    allow: Mapping[str, frozenset[str]]
    make: Callable[[World, Person], Mapping[str, Any]] | None = None
    body: Callable[[World], Any] | None = None


def like(method: str, path: str, page: str, **body: Any) -> Door:
    """As the page of this name."""
    return Door(method, path, PAGES[page].allow, PAGES[page].make, lambda world: body)


def to_grower(world: World) -> Any:
    return {"owner_id": world.grower.pk}


def invoice(world: World, who: Person) -> Mapping[str, Any]:
    customer = pages.customer_of(who)
    return {"pk": Invoice.objects.create(customer=customer, on=pages.BEFORE, amount_minor=5, **pages.seat(who)).pk}


def allocation(world: World, who: Person) -> Mapping[str, Any]:
    pk = pages.allocation(world, who)["pk"]
    return {"pk": Allocation.objects.get(pk=pk).receipt_id, "allocation_pk": pk}


def visits_of_mine(world: World) -> Any:
    mine = {"owner_kind": "person", "person_id": world.veteran.pk}
    return {"metric": "visits", **mine, "period": "2026-04", "per": "day", "target": 3}


def an_adjustment(world: World, who: Person) -> Mapping[str, Any]:
    """An application about a published goal of this person."""
    goal = Goal.objects.get(pk=goal_pages.a_goal(world, who)["pk"])
    found = goal.adjustments.first()
    if found is None:
        found = Adjustment.objects.create(
            goal=goal, version=goal.versions.get(number=1), reason="大客户推迟", target=5, valid_from=goal.start,
            asked_at=AT, asked_by=who, due_on=TODAY, check_on=TODAY,
        )  # fmt: skip
    return {"pk": found.pk}


def a_batch(world: World) -> Any:
    """A published goal of the rep, alone in its batch."""
    return {"goals": [{"id": goal_pages.a_goal(world, world.veteran)["pk"], "version": 1}], "reason": "测试"}


def for_mine(world: World) -> Any:
    """What the rep asks for the own goal."""
    goal = Goal.objects.get(pk=goal_pages.a_goal(world, world.veteran)["pk"])
    return {"goal_id": goal.pk, "market_event_id": adjusting.event().pk, "reason": "新规", "target": 5,
            "valid_from": goal.start.isoformat()}  # fmt: skip


# a manager sets the team's goals; who left is in no team any more
SET = {**to("manager", relations=TEAM), **to("director")}
ASKED = {**to("rep", relations=OWN), **to("manager", relations=TEAM), **to("director", "hrbp", "analyst")}
OWN_ONLY = to("rep", "manager", "director", "hrbp", "analyst", relations=OWN)
SAYS = {"seat": "analyst", "yes": True, "sentence": "看过数据"}
CONTACTS = {**pages.RECORDS, "analyst": EVERY}
WHY = {"reason": "测试"}
DOORS = {
    "customers": [
        like("GET", "/customers", "customers"),
        like("POST", "/customers", "customer_new", name="新客户"),
        like("GET", "/customers/{pk}", "customer"),
        like("PATCH", "/customers/{pk}", "customer_edit", version=1, industry="机械"),
        Door("POST", "/customers/{pk}/assign", PAGES["customer_assign"].allow, pages.customer, to_grower),
        Door("GET", "/customers/{pk}/contacts", CONTACTS, pages.customer),
        like("POST", "/customers/{pk}/contacts", "contact_new", name="王总"),
        Door("GET", "/customers/{pk}/contacts/{contact_pk}", CONTACTS, pages.contact),
        like("PATCH", "/customers/{pk}/contacts/{contact_pk}", "contact_edit", title="经理"),
    ],
    "leads": [
        like("GET", "/leads", "leads"),
        like("POST", "/leads", "lead_new", name="新线索"),
        like("GET", "/leads/{pk}", "lead"),
        like("PATCH", "/leads/{pk}", "lead_edit", version=1, source="展会"),
        like("POST", "/leads/{pk}/move", "lead_step", stage="valid"),
        Door("POST", "/leads/{pk}/assign", PAGES["lead_assign"].allow, pages.lead, to_grower),
        like("POST", "/leads/{pk}/claim", "lead_claim"),
        like("POST", "/leads/{pk}/release", "lead_release", **WHY),
    ],
    "deals": [
        like("GET", "/deals", "deals"),
        like("POST", "/deals", "deal_new", name="一期"),
        like("GET", "/deals/{pk}", "deal"),
        like("PATCH", "/deals/{pk}", "deal_edit", version=1, competitor="某家"),
        like("POST", "/deals/{pk}/move", "deal_move", stage="intent"),
        like("POST", "/deals/{pk}/win", "deal_win", amount_minor=5),
        like("POST", "/deals/{pk}/lose", "deal_lose", loss_reason="price"),
        like("POST", "/deals/{pk}/reopen", "deal_reopen", **WHY),
        like("POST", "/deals/{pk}/cancel", "deal_cancel", **WHY),
        like("POST", "/deals/{pk}/refund", "deal_refund", amount_minor=1, **WHY),
        like("POST", "/deals/{pk}/credits", "deal_shares", credits=[]),
        like("GET", "/products", "products"),
        Door("GET", "/products/{pk}", pages.DEALS, pages.product),
        like("POST", "/products", "product_new", name="水泵"),
        like("PATCH", "/products/{pk}", "product_edit", category="泵"),
    ],
    "activities": [
        like("GET", "/activities", "activities"),
        like("POST", "/activities", "log", kind="call"),
        like("POST", "/activities/parse", "log", text="拜访"),
        like("GET", "/activities/{pk}", "activity"),
        Door("PATCH", "/activities/{pk}", PAGES["activity_withdraw"].allow, pages.activity, lambda w: {"version": 1}),
        like("POST", "/activities/{pk}/confirm", "activity_confirm", **WHY),
        like("POST", "/activities/{pk}/withdraw", "activity_withdraw", **WHY),
    ],
    "money": [
        like("GET", "/invoices", "collections"),
        like("GET", "/instalments", "collections"),
        like("GET", "/receipts", "collections"),
        Door("GET", "/invoices/{pk}", pages.READ_MONEY, invoice),
        Door("GET", "/instalments/{pk}", pages.READ_MONEY, pages.instalment),
        like("GET", "/receipts/{pk}", "receipt"),
        like("POST", "/instalments/{pk}/void", "instalment_void", **WHY),
        Door("POST", "/receipts/{pk}/allocations/{allocation_pk}/withdraw", to("finance"), allocation, lambda w: WHY),
    ],
    "goals": [
        Door("GET", "/goals", goal_pages.READERS),
        Door("GET", "/goals/{pk}", goal_pages.ONE, goal_pages.a_goal),
        Door("POST", "/goals", to("rep", "manager", "director"), None, visits_of_mine),
        Door("POST", "/goals/{pk}/submit", SET, goal_pages.a_goal, lambda w: {}),
        Door("POST", "/goals/{pk}/publish", to("director"), goal_pages.a_goal, lambda w: {"version": 1}),
        Door("POST", "/goals/{pk}/withdraw", to("director"), goal_pages.a_goal, lambda w: {}),
        Door("POST", "/goals/{pk}/accept", to("rep", "manager", "director", "hrbp", "analyst", relations=OWN),
             goal_pages.a_goal, lambda w: {"version": 1}),
        Door("POST", "/goals/{pk}/return", to("director"), goal_pages.a_goal, lambda w: WHY),
        Door("POST", "/goals/{pk}/lock", to("director"), goal_pages.a_goal, lambda w: {}),
        Door("POST", "/goals/submit", to("manager", "director"), None, lambda w: {"goals": a_batch(w)["goals"]}),
        *(Door("POST", f"/goals/{name}", to("director"), None, a_batch)
          for name in ("publish", "return", "lock", "withdraw")),
        Door("GET", "/adjustments", goal_pages.READERS),
        Door("POST", "/adjustments", to("rep"), None, for_mine),
        Door("POST", "/adjustments/{pk}/voice", ASKED, an_adjustment, lambda w: SAYS),
        Door("POST", "/adjustments/{pk}/withdraw", OWN_ONLY, an_adjustment, lambda w: {}),
        like("GET", "/market-events", "market_events"),
        like("POST", "/market-events", "market_event_new", kind="policy", title="新规", on="2026-03-02"),
        Door("GET", "/adjustments/{pk}", ASKED, an_adjustment),
    ],
    "metrics": [
        Door("GET", "/metrics", to("rep", "manager", "director", "hrbp", "analyst", "marketing", "finance")),
        Door("GET", "/metrics/won_amount?from=2026-01-01&to=2026-04-01&by=person",
             to("rep", "manager", "director", "analyst", "finance")),
        Door("GET", "/metrics/lead_conversion_rate?from=2026-01-01&to=2026-04-01&by=source",
             to("rep", "manager", "director", "hrbp", "analyst", "marketing")),
        Door("GET", "/metrics/no_such_metric?from=2026-01-01&to=2026-04-01", {}),
    ],
}  # fmt: skip


@pytest.mark.parametrize("area", DOORS)
def test_a_token_reaches_what_its_person_reaches(area: str, world: World):
    """Out of reach: 404 with the same bytes as a record that is not there, and no line in the journal."""
    programs = {role: Program(reader(world, role)) for role in ROLES}
    nowhere = programs["director"].get(f"/customers/{10**9}").content
    wrong = []
    for door in DOORS[area]:
        relations = ("own",) if door.make is None else ("own", "team", "other")
        if door.make is not None and door.method == "GET":
            relations = (*relations, "ex", "left")
        for role, program in programs.items():
            for relation in relations:
                path = door.path.format(**door.make(world, whose(world, role, relation))) if door.make else door.path
                before = Entry.objects.count()
                answer = program.send(door.method, path, door.body(world) if door.body else None)
                allowed = relation in door.allow.get(role, frozenset())
                status = answer.status_code
                if status >= 500 or (status not in (401, 403, 404)) != allowed:
                    wrong.append(f"{role} {relation} {door.method} {path}: {status}, allowed={allowed}")
                elif not allowed and (answer.content != nowhere or Entry.objects.count() != before):
                    wrong.append(f"{role} {relation} {door.method} {path}: leaves a trace")
    assert wrong == []


def test_lists_hold_only_what_is_in_reach(world: World):
    for person in (world.veteran, world.grower, world.rep2):
        pages.deal_of(person)
    rows = {role: Program(reader(world, role)).get("/deals").json().get("items", []) for role in ROLES}
    seen = {role: sorted(row["owner"] for row in found) for role, found in rows.items()}
    everybody = sorted(p.name for p in (world.veteran, world.grower, world.rep2))
    assert seen["rep"] == ["孙浩"]
    assert seen["manager"] == sorted(["孙浩", "陈晨"])
    assert seen["director"] == seen["analyst"] == seen["finance"] == everybody
    assert not any(seen[role] for role in ("hrbp", "marketing", "admin", "stranger"))


def test_masked_contacts_are_neither_shown_nor_found(world: World):
    row = Customer.objects.create(name="海澜", owner=world.veteran, phone="13911112222", **pages.DAY)
    Contact.objects.create(customer=row, name="王总", mobile="13933334444", email="w@example.com")
    analyst = Program(world.analyst)
    assert analyst.get(f"/customers/{row.pk}").json()["phone"] is None
    contact = analyst.get(f"/customers/{row.pk}/contacts").json()["items"][0]
    assert (contact["name"], contact["mobile"], contact["email"]) == ("王总", None, None)
    assert analyst.get("/customers?q=1391111").json()["total"] == 0
    assert Program(world.veteran).get("/customers?q=1391111").json()["total"] == 1


def test_a_body_cannot_name_what_is_out_of_reach(world: World):
    """Foreign ids in bodies: as if they were not there, nothing written."""
    foreign, deal = pages.customer_of(world.rep2), pages.deal_of(world.rep2)
    lead, mine = pages.lead_of(world.rep2), pages.customer_of(world.veteran)
    rep, before = Program(world.veteran), Entry.objects.count()
    for path, body in (
        ("/customers", {"name": "x", "parent_id": foreign.pk}),
        ("/customers", {"name": "x", "lead_id": lead.pk}),
        ("/customers", {"name": "x", "owner_id": world.rep2.pk}),
        ("/leads", {"name": "x", "owner_id": None}),
        ("/deals", {"name": "x", "customer_id": foreign.pk}),
        ("/deals", {"name": "x", "lead_id": lead.pk}),
        ("/deals", {"name": "x", "lines": [{"product_id": 999, "amount_minor": 1}]}),
        ("/activities", {"kind": "call", "deal_id": deal.pk}),
        ("/activities", {"kind": "call", "customer_id": foreign.pk}),
        ("/activities", {"kind": "call", "lead_id": lead.pk}),
        (f"/customers/{mine.pk}/assign", {"owner_id": world.rep2.pk}),
    ):
        assert rep.post(path, body).status_code in (404,), (path, body)
    assert Entry.objects.count() == before


def test_without_a_good_token_nobody_gets_in(world: World):
    for program in (Program(None), Program(None, secret="pace_wrong"), Program(None, secret="x" * 5_000)):
        answer = program.get("/customers")
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized")
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    signed_in = Program(None)
    signed_in.client.force_login(world.director)
    assert signed_in.get("/customers").status_code == 401
    assert signed_in.post("/customers", {"name": "x"}).status_code == 401


def test_a_token_that_only_reads_does_not_write(world: World):
    program = Program(world.veteran, may_write=False)
    assert program.get("/customers").status_code == 200
    answer = program.post("/customers", {"name": "x"})
    assert (answer.status_code, answer.json()["code"]) == (403, "read_only")
    assert not Customer.objects.exists()


def test_leaving_ends_the_token_and_a_new_role_counts_at_once(world: World):
    program = Program(world.grower)
    people_acts.grant_role(person=world.grower, role="director", by=world.admin, at=AT)
    assert program.get(f"/customers/{pages.customer_of(world.rep2).pk}").status_code == 200
    people_acts.revoke_role(person=world.grower, role="director", on=TODAY, by=world.admin, at=AT)
    assert program.get(f"/customers/{pages.customer_of(world.rep2).pk}").status_code == 404
    people_acts.leave(person=world.grower, on=TODAY.replace(day=13), reason="个人原因", by=world.admin, at=AT)
    assert program.get("/me").status_code == 401


def test_the_description_needs_a_sign_in_or_a_token(world: World):
    program = Program(world.stranger)
    assert program.client.get("/api/openapi.json").status_code == 401
    told = program.client.get("/api/openapi.json", headers={"Authorization": f"Bearer {program.secret}"})
    assert told.json()["openapi"] == "3.1.0"
    for path, methods in told.json()["paths"].items():
        for method, operation in methods.items():
            assert {"401", "404", "422"} <= set(operation["responses"]), (method, path)
            if method != "get":
                assert any(p["name"] == "Idempotency-Key" and p["required"] for p in operation["parameters"]), path


def test_an_address_that_is_not_there_answers_as_json(world: World):
    answer = Program(world.director).get("/nothing/here")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
