"""Writing through the API: once per key, nothing undeclared, strict values, lost updates, and the way of a deal."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from django.urls import resolve
from ninja.errors import ValidationError

from pacesetter.activity.models import Activity, PlanItem
from pacesetter.api.caller import here
from pacesetter.api.urls import api, description
from pacesetter.goals.models import Goal, GoalVersion
from pacesetter.journal.models import Entry
from pacesetter.people import acts as people_acts
from pacesetter.people import reads as people
from pacesetter.pipeline.models import (
    Contact,
    Customer,
    Deal,
    DealLine,
    Instalment,
    Invoice,
    Lead,
    Product,
    Receipt,
)
from tests.api.calling import Program
from tests.world import AT, TODAY, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]
MODELS = (Customer, Contact, Lead, Deal, DealLine, Activity, Invoice, Instalment, Receipt, Product, Goal,
          GoalVersion)  # fmt: skip


@pytest.fixture
def rep(world: World) -> Program:
    return Program(world.veteran)


def customer(rep: Program, **more: Any) -> int:
    answer = rep.post("/customers", {"name": "海澜泵业", **more})
    assert answer.status_code == 201, answer.content
    return int(answer.json()["id"])


def test_the_same_key_and_body_get_the_same_bytes_and_act_once(rep: Program):
    first = rep.post("/customers", {"name": "海澜泵业"}, key="key-00000001")
    again = rep.post("/customers", {"name": "海澜泵业"}, key="key-00000001")
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert Customer.objects.count() == 1


def test_the_same_key_with_another_body_or_path_is_refused(rep: Program):
    rep.post("/customers", {"name": "海澜泵业"}, key="key-00000001")
    other = rep.post("/customers", {"name": "另一家"}, key="key-00000001")
    elsewhere = rep.post("/leads", {"name": "海澜泵业"}, key="key-00000001")
    assert [a.status_code for a in (other, elsewhere)] == [422, 422]
    assert other.json()["code"] == "key_reused"
    assert (Customer.objects.count(), Lead.objects.count()) == (1, 0)


def test_a_refused_body_may_be_sent_again_corrected_under_its_key(rep: Program):
    assert rep.post("/customers", {"name": "  "}, key="key-00000001").status_code == 422
    assert rep.post("/customers", {"name": "海澜泵业"}, key="key-00000001").status_code == 201


def test_a_write_without_a_key_is_refused(rep: Program):
    headers = {"Authorization": f"Bearer {rep.secret}"}
    answer = rep.client.post("/api/v1/customers", {"name": "x"}, content_type="application/json", headers=headers)
    assert answer.status_code == 422
    assert answer.json()["field"] == "Idempotency-Key"
    assert not Customer.objects.exists()


def _writes() -> list[tuple[str, str, dict[str, Any]]]:
    """(method, path, declared properties) of every write the description tells of."""
    told: Any = description()
    found = []
    for path, methods in told["paths"].items():
        for method, operation in methods.items():
            if method in ("post", "patch"):
                ref = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
                schema = told["components"]["schemas"][ref.rsplit("/", 1)[1]]
                assert schema["additionalProperties"] is False, path
                found.append((method.upper(), path.removeprefix("/api/v1"), schema.get("properties", {})))
    return found


def test_no_write_takes_a_model_field_that_it_does_not_declare(world: World, monkeypatch: pytest.MonkeyPatch):
    """Every field of every model, sent alone to every write: undeclared ones are named and refused, nothing changes.

    Over the wire they come all at once; one by one they are handed to the address itself, past sessions and tokens.
    """
    director, factory = Program(world.director), RequestFactory()
    faults: list[list[dict[str, Any]]] = []
    answers = api._exception_handlers[ValidationError]

    def noted(request: HttpRequest, error: Any) -> Any:
        """An answer tells the first fault only."""
        faults.append(error.errors)
        return answers(request, error)

    monkeypatch.setitem(api._exception_handlers, ValidationError, noted)
    names = {field.attname for model in MODELS for field in model._meta.concrete_fields} | {
        field.name for model in MODELS for field in model._meta.concrete_fields
    }
    before, wrong = Entry.objects.count(), []
    for method, path, declared in _writes():
        for name in (part for part in ("pk", "contact_pk", "allocation_pk")):
            path = path.replace("{" + name + "}", "1")
        required = {"version": 1} if "version" in declared else {}
        undeclared, there = sorted(names - set(declared)), resolve(f"/api/v1{path}")
        with people.company_once():
            for name in undeclared:
                body, key = json.dumps({**required, name: 1}), {"Idempotency-Key": uuid.uuid4().hex}
                request = factory.generic(method, f"/api/v1{path}", body, "application/json", headers=key)
                assert here(request, world.director)
                answer = there.func(request, **there.kwargs)
                named = [one["loc"][-1] for one in faults.pop() if one["type"] == "extra_forbidden"] if faults else []
                if answer.status_code != 422 or named != [name]:
                    wrong.append((method, path, name, answer.status_code))
        told = director.send(method, path, dict.fromkeys(undeclared, 1))
        named = {one["loc"][-1] for one in faults.pop() if one["type"] == "extra_forbidden"} if faults else set()
        if told.status_code != 422 or named != set(undeclared):
            wrong.append((method, path, "all", told.status_code))
    assert wrong == []
    assert Entry.objects.count() == before


def test_a_declared_but_protected_change_needs_its_own_act(rep: Program):
    pk = customer(rep)
    answer = rep.patch(f"/customers/{pk}", {"version": 1, "owner_id": 1})
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, "unknown_field", "owner_id")


@pytest.mark.parametrize("amount", [1.0, "100", True, -1, 10**17, None])
def test_an_amount_is_a_whole_number_of_minor_units(world: World, amount: Any):
    finance = Program(world.finance)
    pk = customer(Program(world.veteran))
    answer = finance.post("/receipts", {"customer_id": pk, "on": "2026-03-02", "amount_minor": amount})
    assert answer.status_code == 422
    assert answer.json()["field"] == "amount_minor"


@pytest.mark.parametrize("day", ["2026-3-2", "2026-02-30", "20260302", "2026-03-02T00:00:00", 0, "٢٠٢٦-٠٣-٠٢", None])
def test_a_day_is_ten_characters(world: World, day: Any):
    pk = customer(Program(world.veteran))
    answer = Program(world.finance).post("/receipts", {"customer_id": pk, "on": day, "amount_minor": 1})
    assert (answer.status_code, answer.json()["field"]) == (422, "on")


@pytest.mark.parametrize("name", ["x" * 201, "a\x00b", "a\nb", "", 5])
def test_text_has_limits(rep: Program, name: Any):
    answer = rep.post("/customers", {"name": name})
    assert (answer.status_code, answer.json()["field"]) == (422, "name")


def test_trouble_speaks_the_readers_language(rep: Program):
    assert rep.post("/customers", {"name": "x", "nope": 1}).json()["message"].startswith("There is no such field")
    chinese = rep.send("POST", "/customers", {"name": "x", "nope": 1}, **{"Accept-Language": "zh-CN"})
    assert chinese.json()["message"].startswith("没有这个字段")


def test_a_body_that_is_no_json_is_refused(rep: Program):
    for body in (b"{", b"\xff\xfe", b"[" * 50_000, b"NaN", b"null"):
        answer = rep.send("POST", "/customers", body)
        assert answer.status_code in (400, 422), body[:10]
        assert set(answer.json()) == {"code", "message", "field"}


def test_a_lost_update_is_a_conflict(rep: Program):
    pk = customer(rep)
    assert rep.patch(f"/customers/{pk}", {"version": 1, "industry": "机械"}).json()["version"] == 2
    late = rep.patch(f"/customers/{pk}", {"version": 1, "industry": "化工"})
    assert (late.status_code, late.json()["code"]) == (409, "conflict")
    assert Customer.objects.get().industry == "机械"


def test_null_empties_and_what_is_not_sent_stays(rep: Program):
    pk = customer(rep, code="C-1", industry="机械")
    answer = rep.patch(f"/customers/{pk}", {"version": 1, "code": None})
    assert (answer.json()["code"], answer.json()["industry"]) == (None, "机械")


def test_a_deal_goes_all_the_way(world: World, rep: Program):
    """Two lines of 700.00 and 300.00, 70/30 credits, won, 100.00 back: 3 bookings steps, 900.00 stand."""
    director = Program(world.director)
    product = director.post("/products", {"name": "水泵", "code": "P1", "list_price_minor": 70_000}).json()["id"]
    pk = customer(rep)
    body = {
        "name": "一期",
        "customer_id": pk,
        "on": "2026-03-02",
        "lines": [{"product_id": product, "quantity_milli": 2_000, "unit_price_minor": 35_000},
                  {"name": "安装", "amount_minor": 30_000}],
        "credits": [{"person_id": world.veteran.pk, "share_ppm": 700_000, "primary": True},
                    {"person_id": world.grower.pk, "share_ppm": 300_000}],
    }  # fmt: skip
    made = rep.post("/deals", body)
    assert made.status_code == 201, made.content
    deal = made.json()
    assert (deal["amount_minor"], [c["amount_minor"] for c in deal["credits"]]) == (100_000, [70_000, 30_000])
    path = f"/deals/{deal['id']}"
    step = {"stage": "proposal", "version": 1, "on": "2026-03-05"}
    lacking = rep.post(f"{path}/move", step)
    assert (lacking.status_code, lacking.json()["code"]) == (422, "required")
    moved = rep.post(f"{path}/move", {**step, "next_step": "讲方案", "next_on": "2026-03-09"})
    assert moved.json()["stage"] == "proposal"
    assert rep.post(f"{path}/win", {"on": "2026-03-10"}).json()["stage"] == "won"
    back = rep.post(f"{path}/refund", {"amount_minor": 10_000, "reason": "少发一台"}).json()
    assert [(r["kind"], r["amount_minor"]) for r in back["reversals"]] == [("refund", 10_000)]
    rows = director.get("/metrics/won_amount?from=2026-03-01&to=2026-04-01&by=person").json()
    assert {tuple(row["key"]): row["top"] for row in rows} == {("孙浩",): 63_000, ("陈晨",): 27_000}
    assert all(row["unit"] == "minor" and row["bottom"] is None for row in rows)
    assert rep.post(f"{path}/reopen", {"reason": "录错"}).json()["code"] == "reversed"
    assert rep.post(f"{path}/lose", {"loss_reason": "price"}).json()["code"] == "stage"


def test_lines_beyond_the_limit_are_refused(rep: Program):
    lines = [{"quantity_milli": 10**12, "unit_price_minor": 9 * 10**15}]
    pk = rep.post("/deals", {"name": "一期"}).json()["id"]
    assert rep.patch(f"/deals/{pk}", {"version": 1, "lines": lines}).json()["field"] == "lines"
    assert rep.post("/deals", {"name": "二期", "lines": lines}).status_code == 422


def test_money_comes_in_and_is_allocated(world: World):
    finance, pk = Program(world.finance), customer(Program(world.veteran))
    owed = finance.post("/instalments", {"customer_id": pk, "due_on": "2026-03-01", "amount_minor": 500}).json()
    paid = finance.post("/receipts", {"customer_id": pk, "on": "2026-03-02", "amount_minor": 300}).json()
    part = {"parts": [{"instalment_id": owed["id"], "amount_minor": 300}]}
    card = finance.post(f"/receipts/{paid['id']}/allocate", part).json()
    assert (card["free_minor"], len(card["allocations"])) == (0, 1)
    assert finance.get(f"/instalments/{owed['id']}").json()["left_minor"] == 200
    again = finance.post(f"/receipts/{paid['id']}/allocate", part)
    assert (again.status_code, again.json()["code"]) == (422, "too_much")
    allocation = card["allocations"][0]["id"]
    free = finance.post(f"/receipts/{paid['id']}/allocations/{allocation}/withdraw", {"reason": "认错"}).json()
    assert free["free_minor"] == 300
    assert finance.post(f"/instalments/{owed['id']}/void", {"reason": "取消"}).json()["voided_on"] == "2026-03-16"


def test_leads_and_visits(world: World, rep: Program):
    lead = rep.post("/leads", {"name": "展会名片", "source": "展会", "on": "2026-03-02"}).json()
    assert rep.post(f"/leads/{lead['id']}/move", {"stage": "valid"}).json()["valid_on"] == "2026-03-16"
    freed = rep.post(f"/leads/{lead['id']}/release", {"reason": "没时间"}).json()
    assert freed["in_pool"]
    claimed = Program(world.grower).post(f"/leads/{lead['id']}/claim").json()
    assert claimed["owner"] == "陈晨"
    assert rep.get(f"/leads/{lead['id']}").status_code == 404
    pk = customer(rep)
    visit = rep.post("/activities", {"kind": "visit", "customer_id": pk, "contact_name": "王总"})
    assert (visit.status_code, visit.json()["effective"]) == (201, False)
    whole = {"version": 1, "result": "有意向", "next_step": "送方案", "next_on": "2026-03-20"}
    assert rep.patch(f"/activities/{visit.json()['id']}", whole).json()["effective"] is True


def test_a_log_says_how_it_came_in_what_was_talked_of_and_when_the_next_step_is(rep: Program):
    body = {"kind": "visit", "customer_id": customer(rep), "contact_name": "王总", "result": "有意向"}
    step = {"next_step": "报价", "next_on": "2026-03-20", "next_time": "14:30"}
    told = rep.post("/activities", {**body, **step, "channel": "chat", "amount_minor": 8_600_000}).json()
    assert (told["channel"], told["amount_minor"], told["next_time"]) == ("chat", 8_600_000, "14:30:00")
    item = PlanItem.objects.get(origin=told["id"])
    assert f"{item.time:%H:%M}" == "14:30"
    assert rep.post("/activities", body).json()["channel"] == "api", "a program is no sheet"
    moved = {"version": 1, "next_time": "09:05", "amount_minor": 9_000_000}
    told = rep.patch(f"/activities/{told['id']}", moved).json()
    assert (told["amount_minor"], told["next_time"]) == (9_000_000, "09:05:00")
    for wrong in ({"channel": "sheet"}, {"next_time": "25:00", "next_on": "2026-03-20"}, {"next_time": "14:30"},
                  {"next_time": 14, "next_on": "2026-03-20"}, {"amount_minor": 8.6}, {"amount_minor": -1}):  # fmt: skip
        assert rep.post("/activities", {**body, **wrong}).status_code == 422, wrong


def test_a_misspelt_filter_does_not_widen_the_answer(rep: Program):
    answer = rep.get("/customers?ownr_id=1")
    assert (answer.status_code, answer.json()["field"]) == (422, "ownr_id")


def test_pages_are_bounded(rep: Program):
    for name in ("一", "二", "三"):
        rep.post("/customers", {"name": name})
    page = rep.get("/customers?limit=2&sort=id").json()
    assert ([row["name"] for row in page["items"]], page["total"], page["next"]) == (["一", "二"], 3, 2)
    assert [row["name"] for row in rep.get("/customers?limit=2&sort=id&page=2").json()["items"]] == ["三"]
    assert rep.get("/customers?limit=201").status_code == 422
    assert [row["name"] for row in rep.get("/customers?q=二").json()["items"]] == ["二"]


def test_tokens_end(world: World, rep: Program):
    assert rep.get("/me").json()["roles"] == ["rep"]
    people_acts.revoke_role(person=world.veteran, role="rep", on=TODAY, by=world.admin, at=AT)
    assert rep.get("/customers").status_code == 404
    people_acts.revoke_token(token=rep.token, by=world.veteran, at=AT)
    assert rep.get("/me").status_code == 401
