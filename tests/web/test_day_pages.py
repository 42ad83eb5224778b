"""My day and the log sheet as pages: what stands there and why, what is refused and what to do instead."""

from __future__ import annotations

import html
import re
import uuid
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pacesetter.activity import acts
from pacesetter.activity.models import Activity, PlanItem
from pacesetter.people import acts as people_acts
from pacesetter.people.models import Person
from pacesetter.pipeline import acts as pipeline
from pacesetter.pipeline.models import Customer
from pacesetter.web.views.installed import needed
from tests.world import AT, TODAY, World

pytestmark = pytest.mark.usefixtures("on_the_day")
JSON = {"accept": "application/json"}


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def customer(world: World) -> Customer:
    row = pipeline.add_customer(name="海川机械", owner=world.veteran, by=None, at=AT)
    pipeline.add_contact(row, name="王总", decision_role="decision_maker", by=None, at=AT)
    return row


def send(client: Client, key: str | None = None, path: str = "/log/", **values: Any) -> Any:
    body = {"key": key or uuid.uuid4().hex, "kind": "visit", "contact_name": "王总", "result": "有意向",
            "next_step": "送方案", "next_on": "2026-03-18", **values}  # fmt: skip
    return client.post(path, {name: value for name, value in body.items() if value is not None}, headers=JSON)


def test_a_sheet_is_logged_and_answered_with_the_rings(world: World, customer: Customer):
    answer = send(client_of(world.veteran), customer=customer.pk, seconds="12")
    told = answer.json()
    row = Activity.objects.get()
    assert (answer.status_code, told["state"], row.seconds, row.channel) == (200, "valid", 12, "sheet")
    assert "算有效拜访" in told["said"]
    assert {ring["key"]: (ring["done"], ring["usual"]) for ring in told["rings"]}["effective_visits"] == (1, 3)


def test_the_next_step_may_have_a_time(world: World, customer: Customer):
    client = client_of(world.veteran)
    answer = send(client, customer=customer.pk, next_time="14:30")
    assert "14:30" in answer.json()["said"]
    assert PlanItem.objects.get().time == time(14, 30)
    assert send(client, customer=customer.pk, next_time="9 Uhr").status_code == 422
    refused = send(client, customer=customer.pk, next_on="", next_time="14:30", twin="add")
    assert refused.json()["faults"] == [{"field": "next_on", "text": "定了时间，还要选哪一天。"}]
    page = client.get(f"/activities/{answer.json()['id']}/").content.decode()
    assert 'value="14:30"' in page


def test_the_same_sheet_three_times_is_one_record_and_other_content_is_refused(world: World, customer: Customer):
    client, key = client_of(world.veteran), uuid.uuid4().hex
    ids = {send(client, key, customer=customer.pk).json()["id"] for _ in range(3)}
    assert len(ids) == 1
    other = send(client, key, customer=customer.pk, result="谈价格")
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    assert Activity.objects.count() == 1


def test_without_the_key_the_same_tap_would_be_asked_about(world: World, customer: Customer):
    """The control: a fresh key is another sheet, and then the second guard asks."""
    client = client_of(world.veteran)
    send(client, customer=customer.pk)
    again = send(client, customer=customer.pk)
    assert (again.status_code, again.json()["code"]) == (422, "twin")
    assert send(client, customer=customer.pk, twin="add").status_code == 200
    assert Activity.objects.count() == 2


def test_a_new_customer_needs_its_name_only(world: World):
    answer = send(client_of(world.veteran), customer_name="新海电子")
    assert answer.status_code == 200
    row = Customer.objects.get(name="新海电子")
    assert (row.owner, row.activities.count()) == (world.veteran, 1)


def test_a_refused_sheet_leaves_no_customer_behind(world: World):
    answer = send(client_of(world.veteran), customer_name="新海电子", on="2026-03-20")
    assert answer.status_code == 422
    assert not Customer.objects.filter(name="新海电子").exists()


@pytest.mark.parametrize(
    ("values", "code", "words"),
    [
        ({"on": "2026-03-10"}, "backdated", "王敏确认"),
        ({"on": "2026-03-17"}, "future", "还没到"),
        ({"on": "2026-02-20"}, "closed_period", "原因"),
        ({"kind": "dance"}, "choice", "类型"),
        ({"amount_minor": "1e3"}, "form", "12480.50"),
        ({"customer": None}, "form", "客户"),
    ],
)
def test_each_refusal_says_what_to_do_instead(
    world: World, customer: Customer, values: dict[str, Any], code: str, words: str
):
    people_acts.close_period(start=date(2026, 2, 1), end=date(2026, 3, 1), by=world.director, at=AT)
    answer = send(client_of(world.veteran), **{"customer": customer.pk, **values})
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert words in answer.json()["faults"][0]["text"]
    assert Activity.objects.count() == 0


def test_a_day_too_far_back_goes_to_the_manager(world: World, customer: Customer):
    answer = send(client_of(world.veteran), customer=customer.pk, on="2026-03-10", ask_manager="1")
    assert "主管确认" in answer.json()["said"]
    row = Activity.objects.get()
    assert (row.state, row.backdated) == ("unverified", True)
    page = client_of(world.leader).get(f"/activities/{row.pk}/").content.decode()
    assert "确认有效" in page
    assert "等主管确认" in page
    for path in ("/activities/", f"/customers/{customer.pk}/"):
        shown = client_of(world.veteran).get(path).content.decode()
        assert "等主管确认" in shown, path
    acts.confirm_visit(row, reason="当天我也在", by=world.leader, at=AT)
    for path in ("/activities/", f"/customers/{customer.pk}/", f"/activities/{row.pk}/"):
        assert "等主管确认" not in client_of(world.veteran).get(path).content.decode(), path


def test_what_lacks_a_fact_is_to_be_verified_and_waits_for_nobody(world: World, customer: Customer):
    acts.set_visit_rule(valid_from=TODAY, min_minutes=15, by=world.director, at=AT)
    send(client_of(world.veteran), customer=customer.pk)
    page = client_of(world.veteran).get("/activities/").content.decode()
    assert "待核实" in page
    assert "等主管确认" not in page


def test_a_customer_out_of_reach_is_not_there(world: World):
    theirs = pipeline.add_customer(name="别人的客户", owner=world.rep2, by=None, at=AT)
    client = client_of(world.veteran)
    assert send(client, customer=theirs.pk).status_code == 404
    assert client.get(f"/log/?customer={theirs.pk}").status_code == 404
    assert client.get("/log/find/?q=别人").json() == {"customers": []}
    assert Activity.objects.count() == 0


def test_a_contact_of_another_customer_is_refused(world: World, customer: Customer):
    other = pipeline.add_customer(name="海河机械", owner=world.veteran, by=None, at=AT)
    contact = pipeline.add_contact(other, name="李总", by=None, at=AT)
    answer = send(client_of(world.veteran), customer=customer.pk, contact=contact.pk, contact_name=None)
    assert (answer.status_code, answer.json()["code"]) == (422, "choice")


def test_what_waited_on_the_phone_keeps_its_own_time(world: World, customer: Customer):
    client = client_of(world.veteran)
    body = {"key": uuid.uuid4().hex, "kind": "call", "customer": customer.pk, "made_at": "2026-03-15T23:30:00.000Z"}
    answer = client.post("/log/", body, headers={**JSON, "x-pace-outbox": "1"})
    assert answer.status_code == 200
    row = Activity.objects.get()
    assert (row.channel, row.at, row.on) == ("outbox", AT - timedelta(minutes=90), TODAY)
    # the fixed clock of the tests runs on from nine
    assert row.delay_minutes is not None
    assert row.delay_minutes >= 90


def test_an_undo_belongs_to_its_author_and_its_quarter_of_an_hour(world: World, customer: Customer):
    client = client_of(world.veteran)
    made = send(client, customer=customer.pk).json()
    assert client_of(world.leader).post(made["undo"], {"key": "a"}, headers=JSON).status_code == 404
    told = client.post(made["undo"], {"key": uuid.uuid4().hex}, headers=JSON).json()
    assert {ring["key"]: ring["done"] for ring in told["rings"]}["effective_visits"] == 0
    made = send(client, customer=customer.pk).json()
    Activity.objects.filter(pk=made["id"]).update(entered_at=AT - timedelta(minutes=16))
    late = client.post(made["undo"], {"key": uuid.uuid4().hex}, headers=JSON)
    assert (late.status_code, late.json()["code"]) == (422, "too_late")


# --- the day ---------------------------------------------------------------------------------------------------------
def test_the_day_stands_overdue_first_then_today_then_suggestions_with_reasons(world: World, customer: Customer):
    """An overdue plan, a plan of today, a deal whose next step is due, money overdue, a quiet deal."""
    me = world.veteran
    late = acts.plan_item(person=me, on=TODAY, customer=customer, purpose="看现场", by=None, at=AT)
    PlanItem.objects.filter(pk=late.pk).update(on=TODAY - timedelta(days=2))
    second = pipeline.add_customer(name="今日客户", owner=me, by=None, at=AT)
    acts.plan_item(person=me, on=TODAY, customer=second, purpose="报价", kind="proposal", by=None, at=AT)
    due = pipeline.add_customer(name="到期客户", owner=me, by=None, at=AT)
    deal = pipeline.open_deal(name="二期", customer=due, owner=me, by=None, at=AT)
    pipeline.change_deal(deal, next_step="打电话", next_on=TODAY, by=None, at=AT)
    owes = pipeline.add_customer(name="欠款客户", owner=me, by=None, at=AT)
    pipeline.plan_instalment(customer=owes, due_on=TODAY - timedelta(days=40), amount_minor=1_234_500, by=None, at=AT)
    quiet = pipeline.add_customer(name="安静客户", owner=me, by=None, at=AT)
    pipeline.open_deal(name="三期", customer=quiet, owner=me, on=TODAY - timedelta(days=12), by=None, at=AT)
    page = client_of(me).get("/today/").content.decode()
    order = [page.index(words) for words in ("海川机械", "今日客户", "到期客户", "欠款客户", "安静客户")]
    assert order == sorted(order)
    for words in ("过期 2 天", "¥1.23万 逾期 40 天", "12 天没有联系", "打电话"):
        assert words in page
    assert "为什么" not in page
    why = client_of(me).get(f"/today/hints/overdue_money/?customer={owes.pk}").content.decode()
    assert "逾期 40 天" in why
    assert "金额大的排在前面" in why


def test_an_empty_day_says_what_to_do(world: World):
    page = client_of(world.grower).get("/today/").content.decode()
    assert "今天没有安排" in page


def test_a_plan_is_moved_dropped_and_made_from_a_suggestion(world: World, customer: Customer):
    client = client_of(world.veteran)
    client.post("/plans/new/", {"key": "a", "on": "2026-03-16", "customer": customer.pk, "kind": "call"})
    item = PlanItem.objects.get()
    client.post(f"/plans/{item.pk}/move/", {"key": "b", "on": "2026-03-17"})
    item.refresh_from_db()
    assert (item.kind, item.on) == ("call", date(2026, 3, 17))
    assert client.post(f"/plans/{item.pk}/drop/", {"key": "c"}).status_code == 422
    client.post(f"/plans/{item.pk}/drop/", {"key": "d", "reason": "客户出差"})
    item.refresh_from_db()
    assert (item.state, item.reason) == ("dropped", "客户出差")


def toast_undo(client: Client) -> str:
    """The address behind the undo of the toast on My day."""
    page = client.get("/today/").content.decode()
    found = re.search(r'data-undo="([^"]+)"', page)
    return html.unescape(found[1]) if found else ""


def test_planning_moving_and_dropping_are_taken_back_from_their_toasts(world: World, customer: Customer):
    client = client_of(world.veteran)
    asked = {"on": "2026-03-17", "customer": customer.pk, "kind": "call"}
    client.post("/plans/new/", {**asked, "key": "a"})
    item, undo = PlanItem.objects.get(), toast_undo(client)
    assert undo == f"/plans/{item.pk}/undo/?version=1"
    client.post("/plans/new/", {**asked, "key": "b"})
    assert toast_undo(client) == "", "what was planned before is not this tap's to take back"
    assert client_of(world.grower).post(undo, {"key": "c"}).status_code == 404
    client.post(undo, {"key": "d"})
    item.refresh_from_db()
    assert item.state == "dropped"
    client.post("/plans/new/", {**asked, "key": "e"})
    client.get("/today/")
    item = PlanItem.objects.get(state="open")
    client.post(f"/plans/{item.pk}/move/", {"key": "f", "on": "2026-03-20"})
    client.post(toast_undo(client), {"key": "g"})
    item.refresh_from_db()
    assert item.on == date(2026, 3, 17)
    client.get("/today/")
    client.post(f"/plans/{item.pk}/drop/", {"key": "h", "reason": "客户出差"})
    client.post(toast_undo(client), {"key": "i"})
    item.refresh_from_db()
    assert item.state == "open"


def test_the_rep_begins_with_the_day_and_a_reader_who_does_not_sell_with_their_own_page(world: World):
    assert "我的一天" in client_of(world.veteran).get("/").content.decode()
    answer = client_of(world.hrbp).get("/today/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


def _queries(client: Client) -> int:
    from django.db import connection

    client.get("/today/?part=list")
    with CaptureQueriesContext(connection) as seen:
        assert client.get("/today/").status_code == 200
    return len(seen)


def test_the_day_costs_the_same_with_many_customers(world: World):
    me = world.veteran

    def fill(count: int, start: int) -> None:
        for n in range(start, start + count):
            row = pipeline.add_customer(name=f"客户{n}", owner=me, by=None, at=AT)
            deal = pipeline.open_deal(
                name=f"商机{n}", customer=row, owner=me, on=TODAY - timedelta(days=30), by=None, at=AT
            )
            pipeline.change_deal(deal, next_step="报价", next_on=TODAY - timedelta(days=n % 3), by=None, at=AT)
            acts.plan_item(person=me, on=TODAY, customer=row, by=None, at=AT)

    client = client_of(me)
    counts = []
    for count, start in ((3, 0), (25, 3)):
        fill(count, start)
        counts.append(_queries(client))
    counts.append(_queries(client_of(world.leader)))
    assert counts[0] == counts[1]
    assert max(counts) <= 21, counts


# --- installable -----------------------------------------------------------------------------------------------------
def test_the_app_can_be_installed_by_somebody_not_signed_in(world: World):
    client = Client()
    manifest = client.get("/manifest.webmanifest").json()
    assert manifest["start_url"] == "/today/"
    assert all(client.get(icon["src"]).status_code == 200 for icon in manifest["icons"])
    worker = client.get("/sw.js")
    assert worker.headers["Content-Type"].startswith("text/javascript")
    assert "/offline/" in worker.content.decode()
    assert client.get("/offline/").status_code == 200


def test_the_worker_keeps_every_file_that_the_script_imports():
    built = {
        "frontend/app.js": {"file": "app.js", "css": ["app.css"], "imports": ["_theme.js", "frontend/verdict.js"],
                            "dynamicImports": ["frontend/charts.js"]},
        "_theme.js": {"file": "theme.js", "imports": ["_deep.js"]},
        "_deep.js": {"file": "deep.js", "css": ["deep.css"], "imports": ["_theme.js"]},
        "frontend/verdict.js": {"file": "verdict.js"},
        "frontend/charts.js": {"file": "charts.js"},
    }  # fmt: skip
    assert needed(built) == ["app.js", "app.css", "theme.js", "verdict.js", "deep.js", "deep.css"]
    assert needed({}) == []


def test_due_visits_and_leads_about_to_lapse_are_suggested(world: World):
    """Tier A every 14 days, last met 20 days ago: 6 days late. A lead of a pool rule with 3 days of protection."""
    me = world.veteran
    pipeline.set_tier_rule(valid_from=TODAY, a_won_minor=100, by=None, at=AT)
    pipeline.set_pool_rule(valid_from=TODAY, protect_days=3, extend_days=3, max_days=30, by=None, at=AT)
    row = pipeline.add_customer(name="该回访客户", owner=me, tier="A", by=None, at=AT - timedelta(days=60))
    acts.log_activity(person=me, kind="call", customer=row, on=TODAY - timedelta(days=20), by=None, at=AT)
    lead = pipeline.add_lead(name="将到期线索", owner=None, by=None, at=AT)
    pipeline.claim_lead(lead, by=me, at=AT)
    page = client_of(me).get("/today/").content.decode()
    assert "过了回访间隔 6 天" in page
    assert "保护期还剩 3 天" in page
    assert page.index("将到期线索") < page.index("该回访客户")


def test_the_sheet_offers_the_customers_of_todays_plan_first_then_those_met_last(world: World, customer: Customer):
    me = world.veteran
    met = pipeline.add_customer(name="昨天见过", owner=me, by=None, at=AT)
    acts.log_activity(person=me, kind="visit", customer=met, on=TODAY - timedelta(days=1), by=None, at=AT)
    pipeline.add_customer(name="从没见过", owner=me, by=None, at=AT)
    acts.plan_item(person=me, on=TODAY, customer=customer, by=None, at=AT)
    later = pipeline.add_customer(name="以后才去", owner=me, by=None, at=AT)
    acts.plan_item(person=me, on=TODAY + timedelta(days=5), customer=later, by=None, at=AT)
    told = client_of(me).get("/log/known/").json()["customers"]
    assert [one["name"] for one in told] == ["海川机械", "昨天见过", "从没见过", "以后才去"]
    assert told[0]["contacts"][0]["name"] == "王总"


def test_a_line_rings_who_was_met_last_else_who_decides(world: World, customer: Customer):
    pipeline.add_contact(customer, name="赵工", mobile="13800005678", decision_role="user", by=None, at=AT)
    boss = pipeline.add_contact(customer, name="钱总", mobile="138 0000 1234", decision_role="decision_maker", by=None,
                                at=AT)  # fmt: skip
    acts.plan_item(person=world.veteran, on=TODAY, customer=customer, by=world.veteran, at=AT)
    page = client_of(world.veteran).get("/today/").content.decode()
    assert 'href="tel:13800001234"' in page
    assert "打给钱总" in page
    acts.log_activity(
        person=world.veteran, kind="call", customer=customer, contact_name="赵工", by=world.veteran, at=AT
    )
    acts.plan_item(person=world.veteran, on=TODAY, customer=customer, by=world.veteran, at=AT)
    page = client_of(world.veteran).get("/today/").content.decode()
    assert 'href="tel:13800005678"' in page
    pipeline.change_contact(boss, mobile="", by=None, at=AT)
    pipeline.assign_customer(customer, owner=world.rep2, by=None, at=AT, reason="换区")
    page = client_of(world.veteran).get("/today/").content.decode()
    assert "海川机械" in page, "the plan is still there"
    assert "tel:" not in page, "the number went with the customer"


def test_numbers_on_a_card_are_rung_and_masked_ones_are_not(world: World, customer: Customer):
    pipeline.add_contact(customer, name="赵工", mobile="13800005678", by=None, at=AT)
    path = f"/customers/{customer.pk}/"
    assert 'href="tel:13800005678"' in client_of(world.veteran).get(path).content.decode()
    masked = client_of(world.analyst).get(path).content.decode()
    assert "赵工" in masked
    assert "tel:" not in masked
