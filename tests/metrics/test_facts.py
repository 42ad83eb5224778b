"""The rooms' projections, on the tables of the rooms themselves, and the doors' page over them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from pacesetter import assembly
from pacesetter.activity.models import Activity, ActivityKind, CompanyMetric
from pacesetter.lib.refusal import OutOfReach
from pacesetter.metrics import schema
from pacesetter.metrics.catalogue import METRICS
from pacesetter.metrics.engine import UnknownDim
from pacesetter.people.models import Person
from pacesetter.people.reads import seat_at
from pacesetter.pipeline.models import (
    Allocation,
    Booking,
    Customer,
    Deal,
    DealLine,
    Instalment,
    Invoice,
    Lead,
    Product,
    Receipt,
    StageChange,
)
from tests.world import AT, TODAY, World

pytestmark = pytest.mark.django_db
YEAR = (date(2026, 1, 1), date(2027, 1, 1))


def seat(person: Person, on: date) -> dict[str, Any]:
    return seat_at(person.pk, on).columns()


@pytest.fixture
def busy(world: World) -> World:
    """孙浩 won 100.00 of 云盘 from 甲公司 on 10 Jan (opened 5 Jan, intent from 6 Jan, proposal 8 Jan; a lead of 2 Jan),
    half of it due on 20 Jan and paid 30.00 on 22 Jan; visited it effectively on 7 Jan (a withdrawn visit is none).
    吴迪 lost a deal on 12 Jan. 郑宇 won 40.00 in 一队 on 20 Jan and 60.00 in 二队 on 20 Feb.
    """
    customer = Customer.objects.create(
        name="甲公司", industry="制造", region="上海", created_on=date(2026, 1, 1), created_at=AT
    )
    product = Product.objects.create(name="云盘", code="P1")
    first = date(2026, 1, 10)
    lead = Lead.objects.create(
        name="甲",
        source="展会",
        created_on=date(2026, 1, 2),
        created_at=AT,
        intent_on=date(2026, 1, 5),
        won_on=first,
        **seat(world.veteran, date(2026, 1, 2)),
    )

    def win(owner: Person, on: date, amount: int, lead_id: int | None = None) -> Deal:
        deal = Deal.objects.create(
            name=f"{owner.name} {on}",
            customer=customer,
            owner=owner,
            stage="won",
            amount_minor=amount,
            opened_on=on,
            closed_on=on,
            created_at=AT,
            source="展会",
            customer_kind="new",
            lead_id=lead_id,
        )
        DealLine.objects.create(deal=deal, product=product, amount_minor=amount)
        Booking.objects.create(
            deal=deal,
            customer=customer,
            product=product,
            kind="won",
            on=on,
            customer_kind="new",
            source="展会",
            primary=True,
            amount_minor=amount,
            **seat(owner, on),
        )
        step(deal, owner, on, "won", "won")
        return deal

    def step(deal: Deal, owner: Person, on: date, stage: str, outcome: str) -> None:
        StageChange.objects.create(
            deal=deal,
            stage=stage,
            outcome=outcome,
            on=on,
            at=AT,
            days_in_previous=4,
            from_stage="intent",
            **seat(owner, on),
        )

    deal = win(world.veteran, first, 10000, lead.pk)
    step(deal, world.veteran, date(2026, 1, 5), "prospect", "opened")
    step(deal, world.veteran, date(2026, 1, 6), "intent", "moved")
    win(world.mover, date(2026, 1, 20), 4000)
    win(world.mover, date(2026, 2, 20), 6000)
    lost = Deal.objects.create(name="乙", owner=world.rep2, stage="lost", closed_on=date(2026, 1, 12), created_at=AT)
    step(lost, world.rep2, date(2026, 1, 12), "lost", "lost")
    here = seat(world.veteran, first)
    plan = Instalment.objects.create(customer=customer, deal=deal, due_on=date(2026, 1, 20), amount_minor=5000, **here)
    money = Receipt.objects.create(customer=customer, on=date(2026, 1, 22), amount_minor=3000, **here)
    Allocation.objects.create(receipt=money, instalment=plan, on=date(2026, 1, 22), amount_minor=3000, at=AT, **here)
    Invoice.objects.create(customer=customer, deal=deal, on=date(2026, 1, 15), amount_minor=10000, **here)
    for kind, on, effective, withdrawn in (
        ("visit", date(2026, 1, 7), True, None),
        ("visit", date(2026, 1, 7), True, AT),
        ("proposal", date(2026, 1, 8), None, None),
        ("demo", date(2026, 1, 9), None, None),
    ):
        Activity.objects.create(
            kind=kind,
            on=on,
            customer=customer,
            deal=deal,
            effective=effective,
            entered_at=AT,
            withdrawn_at=withdrawn,
            result="ok",
            **here,
        )
    return world


def rows(key: str, by: str = "", **more: Any) -> list[tuple[Any, ...]]:
    dims = tuple(dim for dim in by.split(",") if dim)
    start, end = more.pop("window", YEAR)
    asked = assembly.question(key, start, end, today=TODAY, reach=more.pop("reach", None), by=dims, **more)
    return [(*row.labels, row.cell.top, row.cell.bottom) for row in assembly.answer(asked)]


@pytest.mark.parametrize("name", schema.TABLES)
def test_a_projection_has_the_columns_of_the_schema(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT f.* FROM ({assembly.FACTS[name].sql}) AS f LIMIT 1")
        assert [column[0] for column in cursor.description] == list(schema.TABLES[name].columns)


def test_the_rooms_facts_become_numbers(busy: World) -> None:
    assert rows("won_amount", "person,quarter") == [("孙浩", "2026Q1", 10000, None), ("郑宇", "2026Q1", 10000, None)]
    assert rows("won_amount", "product,customer_region,industry,source") == [
        ("云盘", "上海", "制造", "展会", 20000, None)
    ]
    assert rows("won_amount", "team,manager") == [("华东一队", "王敏", 14000, None), ("华东二队", "赵磊", 6000, None)]
    assert rows("won_amount", "region,growth_stage") == [("华东", "mature", 20000, None)]
    assert rows("deals_won", "product") == [("云盘", 3, None)]
    assert rows("win_rate", "team") == [("华东一队", 2, 2), ("华东二队", 1, 2)]
    assert rows("win_rate", basis="created") == [(1, 1)]
    assert rows("lead_conversion_rate", "source") == [("展会", 1, 1)]
    assert rows("effective_visits", "person") == [("孙浩", 1, None)]
    assert rows("proposal_rate") == [(1, 1)]
    assert rows("collection_rate", "month", window=(date(2026, 1, 1), date(2026, 2, 1))) == [("2026-01", 3000, 5000)]
    assert rows("collection_rate", basis="receivable") == [(3000, 10000)]
    assert rows("overdue_amount", "ageing", window=(date(2026, 1, 1), date(2026, 2, 1))) == [("0-30", 2000, None)]
    assert rows("days_in_stage", "stage") == [("intent", 4, None)]
    assert rows("customer_mix") == [(20000**2, 20000**2)]


def test_every_metric_runs_on_the_rooms_own_tables(busy: World) -> None:
    for key, metric in METRICS.items():
        for basis in metric.bases:
            for dims in ("person", "team,month"):
                rows(key, dims, basis=basis)


def test_capacity_counts_reps_by_the_companys_ramp(busy: World) -> None:
    """李想 (hired 2 Feb 2026) ramps at 50 %: February 2026 has 28 days, working days as the calendar says."""
    people = {row[0]: row[1:] for row in rows("sales_capacity", "person", window=(date(2026, 2, 1), date(2026, 3, 1)))}
    assert people["李想"][0] * 2 == people["孙浩"][0] > 0
    assert "王敏" not in people
    assert "钱进" not in people


def test_homonyms_carry_their_employee_number(busy: World) -> None:
    Person.objects.filter(pk=busy.mover.pk).update(name="孙浩")
    assert rows("won_amount", "person") == [("孙浩 (E006)", 10000, None), ("孙浩 (E008)", 10000, None)]


def test_a_leader_reads_what_was_the_teams_on_that_day(busy: World) -> None:
    """郑宇 moved to 二队 on 1 Feb: January's 40.00 stays with 王敏, February's 60.00 is 赵磊's."""
    assert rows("won_amount", "person", reach=busy.reach(busy.leader)) == [("孙浩", 10000, None), ("郑宇", 4000, None)]
    assert rows("won_amount", "person", reach=busy.reach(busy.leader2)) == [("郑宇", 6000, None)]
    assert rows("won_amount", reach=busy.reach(busy.director)) == [(20000, None)]
    assert rows("won_amount", "person", reach=busy.reach(busy.veteran)) == [("孙浩", 10000, None)]
    assert rows("won_amount", reach=busy.reach(busy.newcomer)) == []


@pytest.mark.parametrize(
    ("who", "sees", "not_there"),
    [
        ("hrbp", ("win_rate", "effective_visits", "deals_won"), ("won_amount", "customer_mix", "collection_rate")),
        ("finance", ("won_amount", "collection_rate", "overdue_amount"), ("effective_visits", "leads_created")),
        ("marketing", ("leads_created", "lead_conversion_rate"), ("won_amount", "win_rate", "visits")),
        ("admin", (), ("won_amount", "visits", "leads_created")),
        ("stranger", (), ("won_amount", "visits")),
    ],
)
def test_a_role_reads_its_part_of_the_catalogue(
    busy: World, who: str, sees: tuple[str, ...], not_there: tuple[str, ...]
) -> None:
    reach = busy.reach(busy.by_role(who))
    for key in sees:
        assert rows(key, reach=reach), key
    for key in not_there:
        with pytest.raises(OutOfReach):
            rows(key, reach=reach)


def test_marketing_reads_leads_by_source_and_not_by_person(busy: World) -> None:
    reach = busy.reach(busy.marketing)
    assert rows("leads_created", "source", reach=reach) == [("展会", 1, None)]
    with pytest.raises(OutOfReach):
        rows("leads_created", "person", reach=reach)


def test_a_companys_own_kinds_and_metrics_are_counted(busy: World) -> None:
    ActivityKind.objects.create(key="demo", zh="演示", en="Demos")
    CompanyMetric.objects.create(key="good_visits", zh="成果拜访", en="Fruitful visits", kind="visit", result="ok")
    assert {"activity_demo", "good_visits"} <= set(assembly.catalogue())
    assert rows("activity_demo", "person") == [("孙浩", 1, None)]
    assert rows("good_visits") == [(1, None)]
    CompanyMetric.objects.update(retired_at=AT)
    assert "good_visits" not in assembly.catalogue(), "it is offered no more"
    assert rows("good_visits") == [(1, None)], "goals that were set on it stay readable"
    with pytest.raises(assembly.UnknownMetric):
        rows("never_there")


def test_a_number_is_never_kept_when_a_fact_changes(busy: World) -> None:
    assert rows("won_amount") == [(20000, None)]
    Booking.objects.filter(person=busy.mover).delete()
    assert rows("won_amount") == [(10000, None)]


# ---- the command -----------------------------------------------------------------------------------------------------


def command(*words: str) -> list[dict[str, Any]]:
    out = StringIO()
    call_command("metric", *words, "--json", stdout=out, stderr=StringIO())
    found = json.loads(out.getvalue())
    assert isinstance(found, list)
    return found


def test_the_command_prints_the_contract(busy: World) -> None:
    year = ("--from", "2026-01-01", "--to", "2027-01-01")
    assert command("average_order_value", "--by", "person,quarter", *year) == [
        {"key": ["孙浩", "2026Q1"], "top": 10000, "bottom": 1, "value": 10000, "n": 1, "unit": "minor"},
        {"key": ["郑宇", "2026Q1"], "top": 10000, "bottom": 2, "value": 5000, "n": 2, "unit": "minor"},
    ]
    [rate] = command("win_rate", *year)
    assert rate == {"key": [], "top": 3, "bottom": 4, "value": 0.75, "n": 4, "unit": "ratio"}
    assert command("won_amount", "--by", "person", "--team", "华东二队", *year) == [
        {"key": ["郑宇"], "top": 6000, "bottom": None, "value": 6000, "n": 1, "unit": "minor"}
    ]
    assert command("won_amount", "--by", "industry", "--from", "2026-01-10", "--to", "2026-01-10") == []


@pytest.mark.parametrize(
    "words",
    [
        ("nothing", "--from", "2026-01-01", "--to", "2027-01-01"),
        ("won_amount", "--by", "colour", "--from", "2026-01-01", "--to", "2027-01-01"),
        ("won_amount", "--by", "person,person", "--from", "2026-01-01", "--to", "2027-01-01"),
        ("won_amount", "--basis", "cohort", "--from", "2026-01-01", "--to", "2027-01-01"),
        ("won_amount", "--team", "没有", "--from", "2026-01-01", "--to", "2027-01-01"),
        ("won_amount", "--from", "2026-13-01", "--to", "2027-01-01"),
        ("won_amount", "--from", "2026-02-01", "--to", "2026-01-01"),
        ("won_amount", "--from", "2026-02-01"),
    ],
)
def test_wrong_usage_leaves_with_64(world: World, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CommandError) as caught:
        command(*words)
    assert caught.value.returncode == 64
    assert capsys.readouterr().out == ""


def test_the_error_of_an_unknown_dim_names_those_there_are(world: World) -> None:
    with pytest.raises(UnknownDim, match="it has: person, team"):
        rows("visits", "product")


def test_a_board_asks_few_and_flat_queries(busy: World, django_assert_max_num_queries: Callable[..., Any]) -> None:
    with django_assert_max_num_queries(6):
        rows("average_order_value", "person,month")
