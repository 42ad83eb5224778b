"""What is due on a day is overdue from the next day on, in the number, its records, the lists and My day alike."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client

from pacesetter import assembly
from pacesetter.activity import reads as activity
from pacesetter.people.models import Person
from pacesetter.people.reach import reach_of
from pacesetter.pipeline import acts, reads
from pacesetter.pipeline.models import Instalment
from pacesetter.web.views.home import _overdue
from tests.world import AT, TODAY, World

pytestmark = pytest.mark.usefixtures("on_the_day")
MARCH = (date(2026, 3, 1), date(2026, 4, 1))


@pytest.fixture
def owing(world: World) -> World:
    """Due yesterday 100, today 20, tomorrow 3; 30 of yesterday's came in today."""
    row = acts.add_customer(name="海川机械", owner=world.veteran, by=None, at=AT)
    deal = acts.open_deal(name="产线", customer=row, owner=world.veteran, on=date(2026, 3, 2), by=None, at=AT)
    for days, amount in ((-1, 10_000), (0, 2_000), (1, 300)):
        acts.plan_instalment(
            customer=row, deal=deal, due_on=TODAY + timedelta(days=days), amount_minor=amount, by=None, at=AT
        )
    money = acts.record_receipt(customer=row, on=TODAY, amount_minor=3_000, by=None, at=AT)
    first = Instalment.objects.order_by("due_on").first()
    assert first is not None
    acts.allocate_receipt(money, parts=[(first, 3_000)], by=world.finance, at=AT)
    return world


def counted(person: Person, on: date) -> dict[str, int]:
    """The same amount by every way a reader meets it on a day."""
    reach = reach_of(person, on)
    asked = assembly.question("overdue_amount", *MARCH, today=on, reach=reach)
    by_age = assembly.question("overdue_amount", *MARCH, today=on, reach=reach, by=("ageing",))
    rows = reads.instalments()
    money = {row.pk: row for row in reads.instalments()}
    return {
        "metric": assembly.total(asked).top,
        "metric by age": sum(row.cell.top for row in assembly.answer(by_age)),
        "ageing of the list": sum(reads.ageing_totals(rows, on).values()),
        "collection of the deals": sum(one.overdue_minor for one in reads.collection_of(money.values(), on).values()),
        "first page": sum(row.left_minor for row in _overdue(reach)),
        "my day": sum(owed.left_minor for owed in activity.overdue_money(rows, on)),
    }


def test_every_way_to_what_is_overdue_gives_the_same_amount(owing: World) -> None:
    """On the day itself: 70 of yesterday's. The day after: today's 20 as well, and then tomorrow's 3."""
    for days, amount in ((-1, 0), (0, 7_000), (1, 9_000), (2, 9_300)):
        found = counted(owing.director, TODAY + timedelta(days=days))
        assert set(found.values()) == {amount}, (days, found)


def test_the_records_behind_the_number_add_up_on_the_day_something_falls_due(owing: World) -> None:
    client = Client()
    client.force_login(owing.director)
    page = client.get("/why/overdue_amount/?period=2026-03").content.decode()
    assert "条记录合计 ¥70.00，和数字一致" in page
    assert "逾期 1 天" in page
    listed = client.get("/collections/?state=overdue").content.decode()
    assert listed.count("data-row") == 1
    assert "逾期 0-30 天" in listed
