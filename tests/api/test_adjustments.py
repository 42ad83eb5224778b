"""Applications through the API: asked, assessed, decided, taken back; the same rights and refusals as on the pages."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from pacesetter.goals import acts, followups, reads
from pacesetter.goals.acts import Draft
from pacesetter.goals.models import Adjustment, AdjustmentVoice, Goal, MarketEvent
from pacesetter.journal.models import Entry
from pacesetter.lib import periods
from pacesetter.people.models import Person
from pacesetter.pipeline import acts as pipeline
from pacesetter.pipeline.acts import bulk
from pacesetter.pipeline.models import Customer
from tests.api.calling import Program
from tests.world import AT, TODAY, World, put_in_force

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]
Q2 = periods.parse("2026Q2")


@pytest.fixture
def goal(world: World) -> Goal:
    """孙浩 aims at 100.00 in the second quarter, at least 70.00; the competitor cut prices."""
    acts.draft_goals([Draft("won_amount", "person", Q2, 100_00, person=world.veteran.pk, floor=70_00)],
                     origin="hand", by=world.director, at=AT)  # fmt: skip
    made = Goal.objects.get()
    put_in_force([made.pk])
    acts.add_event(kind="competitor", title="竞品降价", on=date(2026, 3, 9), by=world.leader, at=AT)
    return made


def body(goal: Goal, **more: Any) -> dict[str, Any]:
    return {"goal_id": goal.pk, "market_event_id": MarketEvent.objects.get().pk, "reason": "三家客户改签",
            "target": 90_00, "valid_from": "2026-05-01", **more}  # fmt: skip


@pytest.fixture
def asked(world: World, goal: Goal) -> str:
    answer = Program(world.veteran).post("/adjustments", body(goal))
    assert answer.status_code == 201, answer.content
    return f"/adjustments/{answer.json()['id']}"


def voice(seat: str, yes: bool = True, **more: Any) -> dict[str, Any]:
    return {"seat": seat, "yes": yes, "sentence": "看过数据", **more}


def test_it_is_asked_assessed_and_decided_and_the_goal_changes(world: World, goal: Goal, asked: str) -> None:
    program = Program(world.veteran)
    told = program.get(asked).json()
    assert (told["state"], told["old_target"], told["target"], told["floor"]) == ("asked", 100_00, 90_00, 70_00)
    assert told["evidence"]["on"] == "2026-03-09", "the data of its day is kept with it"
    early = Program(world.director).post(f"{asked}/voice", voice("director"))
    assert (early.status_code, early.json()["code"]) == (422, "assessment")
    assessed = Program(world.analyst).post(f"{asked}/voice", voice("analyst", yes=False)).json()
    assert [(v["seat"], v["yes"], v["by"]) for v in assessed["voices"]] == [("analyst", False, "何睿")]
    decided = Program(world.director).post(f"{asked}/voice", voice("director")).json()
    assert decided["state"] == "approved"
    card = program.get(f"/goals/{goal.pk}").json()
    made = card["versions"][-1]
    assert (made["number"], made["target"], made["floor"], made["origin"]) == (2, 90_00, 70_00, "adjustment")
    assert (made["status"], made["valid_from"]) == ("published", "2026-05-01")
    assert card["in_force"]["number"] == 1, "it holds from its own day on"


def test_what_the_data_says_is_read_as_on_the_page(world: World, goal: Goal) -> None:
    """Weekly amounts are hidden from a role that sees no prices, and a customer from whoever may not open it."""
    with bulk.promote(by=world.admin, at=AT, on=TODAY, label="ledger") as batch:
        mine, other = batch.customers([bulk.CustomerRow("海川机械", owner_id=world.veteran.pk),
                                       bulk.CustomerRow("晨星电子", owner_id=world.veteran.pk)])  # fmt: skip
        won = [bulk.DealRow(name, "won", customer_id=customer, owner_id=world.veteran.pk, amount_minor=amount,
                            opened_on=on, closed_on=on)
               for name, customer, amount, on in (("A", mine, 40_00, date(2026, 3, 3)),
                                                  ("B", other, 10_00, date(2026, 3, 4)))]  # fmt: skip
        bulk.prepare(won)
        batch.deals(won)
    path = f"/adjustments/{Program(world.veteran).post('/adjustments', body(goal)).json()['id']}"
    assert set(Adjustment.objects.get().evidence["ids"]) == {mine, other}, "kept whole"
    pipeline.assign_customer(Customer.objects.get(pk=other), owner=world.rep2, by=world.director, at=AT)

    def read(who: Person) -> tuple[set[Any], set[int]]:
        (listed,), one = Program(who).get("/adjustments").json()["items"], Program(who).get(path).json()
        assert one["evidence"] == listed["evidence"]
        assert one["evidence"]["customers"] == 2
        weeks = {week["label"]: week for week in one["evidence"]["weeks"]}
        assert weeks["2026-W10"]["n"] == 2, "a count is no amount"
        return {week["top"] for week in weeks.values()}, set(one["evidence"]["ids"])

    assert read(world.director) == ({0, 50_00}, {mine, other})
    assert read(world.veteran) == ({0, 50_00}, {mine})
    assert read(world.hrbp) == ({None}, set())


def test_a_line_that_is_not_sent_stays_and_null_empties_it(world: World, goal: Goal) -> None:
    program = Program(world.veteran)
    pk = program.post("/adjustments", body(goal, floor=None)).json()["id"]
    assert Adjustment.objects.get(pk=pk).floor is None


def test_the_same_key_asks_and_speaks_once(world: World, goal: Goal) -> None:
    program, analyst = Program(world.veteran), Program(world.analyst)
    answers = [program.post("/adjustments", body(goal), key="apply-0001") for _ in range(2)]
    assert answers[0].content == answers[1].content
    assert program.post("/adjustments", body(goal, target=1), key="apply-0001").status_code == 422
    path = f"/adjustments/{answers[0].json()['id']}/voice"
    spoken = [analyst.post(path, voice("analyst"), key="voice-0001") for _ in range(2)]
    assert spoken[0].content == spoken[1].content
    assert (Adjustment.objects.count(), AdjustmentVoice.objects.count()) == (1, 1)
    assert analyst.post(path, voice("analyst"), key="voice-0002").json()["code"] in ("twice", "taken")


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"market_event_id": 10**9}, "event", "market_event_id"),
        ({"target": 100_00}, "same", "target"),
        ({"target": 60_00}, "lines", "target"),
        ({"target": 0}, "value", "target"),
        ({"target": 1.5}, "invalid", "target"),
        ({"valid_from": "2026-07-01"}, "valid_from", "valid_from"),
        ({"valid_from": "soon"}, "invalid", "valid_from"),
        ({"reason": ""}, "invalid", "reason"),
        ({"reason": "  "}, "required", "reason"),
        ({"due_on": "2026-05-01"}, "unknown_field", "due_on"),
    ],
)
def test_what_cannot_be_asked_is_refused_at_its_field(
    world: World, goal: Goal, change: dict[str, Any], code: str, field: str
) -> None:
    answer = Program(world.veteran).post("/adjustments", body(goal, **change))
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, code, field)
    assert answer.json()["message"]
    assert not Adjustment.objects.exists()


def test_a_version_that_somebody_followed_is_a_conflict(world: World, goal: Goal) -> None:
    acts.draft_goals([Draft("won_amount", "person", Q2, 110_00, person=world.veteran.pk, floor=70_00)],
                     origin="hand", by=world.director, at=AT)  # fmt: skip
    put_in_force([goal.pk])
    program = Program(world.veteran)
    assert program.post("/adjustments", body(goal, version=1)).status_code == 409
    assert program.post("/adjustments", body(goal, version=2)).status_code == 201


def test_nobody_asks_or_speaks_for_another(world: World, goal: Goal, asked: str) -> None:
    written = Entry.objects.filter(act__endswith="_adjustment")
    before = written.count()
    for name in ("grower", "leader", "director", "leader2", "hrbp", "analyst", "marketing", "admin"):
        assert Program(getattr(world, name)).post("/adjustments", body(goal)).status_code == 404, name
    for name in ("grower", "leader2", "rep2", "marketing", "finance", "admin", "stranger"):
        program = Program(getattr(world, name))
        assert program.post(f"{asked}/voice", voice("analyst")).status_code == 404, name
        assert program.post(f"{asked}/withdraw").status_code == 404, name
    for name, seat, code in (
        ("veteran", "analyst", "role"), ("leader", "director", "role"), ("hrbp", "analyst", "role"),
    ):  # fmt: skip
        answer = Program(getattr(world, name)).post(f"{asked}/voice", voice(seat))
        assert (answer.status_code, answer.json()["code"]) == (422, code), name
    assert Program(world.director).post(f"{asked}/withdraw").status_code == 404, "only the asker takes it back"
    assert written.count() == before == 1


def test_the_asker_takes_it_back_and_nobody_speaks_any_more(world: World, asked: str) -> None:
    told = Program(world.veteran).post(f"{asked}/withdraw", {"reason": "客户回来了"}).json()
    assert (told["state"], told["events"][-1]["reason"]) == ("withdrawn", "客户回来了")
    assert Program(world.analyst).post(f"{asked}/voice", voice("analyst")).json()["code"] == "decided"
    assert Program(world.veteran).post(f"{asked}/withdraw").json()["code"] == "decided"


def test_a_delegate_decides_in_the_place_of_whom_they_stand_for(world: World, asked: str) -> None:
    acts.name_delegate(delegate=world.leader2.pk, start=TODAY, end=TODAY + timedelta(days=1), by=world.director, at=AT)
    Program(world.analyst).post(f"{asked}/voice", voice("analyst"))
    program = Program(world.leader2)
    assert program.post(f"{asked}/voice", voice("director", stands_for_id=world.hrbp.pk)).json()["code"] == "role"
    told = program.post(f"{asked}/voice", voice("director", yes=False, stands_for_id=world.director.pk)).json()
    assert (told["state"], told["voices"][-1]["by"]) == ("refused", "赵磊")


def test_late_is_told_and_never_a_yes(world: World, goal: Goal, asked: str) -> None:
    program = Program(world.director)
    waits = program.get(asked).json()
    assert (waits["waits_for"], waits["lay_with"], waits["lay_since"]) == ("analyst", [], None)
    assert program.get("/adjustments?state=late").json()["total"] == 0
    followups.applications(now=AT.replace(day=20))
    told = program.get(asked).json()
    assert (told["waits_for"], told["lay_with"], told["lay_since"]) == ("analyst", ["何睿"], "2026-03-19")
    assert [row["id"] for row in program.get("/adjustments?state=late").json()["items"]] == [told["id"]]
    assert (told["state"], reads.book([goal])[goal.pk].newest) == ("escalated", 1)


def test_the_register_is_read_and_added_to(world: World, goal: Goal) -> None:
    new = {"kind": "policy", "title": "新环保标准", "on": "2026-03-02", "text": "排放减半"}
    made = Program(world.marketing).post("/market-events", new)
    assert (made.status_code, made.json()["made_by"]) == (201, "马俐")
    twin = Program(world.analyst).post("/market-events", new)
    assert (twin.status_code, twin.json()["field"]) == (422, "title")
    rep = Program(world.veteran)
    assert rep.post("/market-events", new).status_code == 404
    assert [row["title"] for row in rep.get("/market-events").json()["items"]] == ["竞品降价", "新环保标准"]
    assert rep.get("/market-events?kind=policy").json()["total"] == 1
    acts.retire_event(event=made.json()["id"], by=world.director, at=AT)
    assert rep.get("/market-events?q=环保").json()["total"] == 0
    assert rep.get("/market-events?q=环保&retired=true").json()["total"] == 1
    assert Program(world.finance).get("/market-events").status_code == 404
