"""The register of market events, and who stands in for whom."""

from __future__ import annotations

from datetime import date

import pytest

from pacesetter.goals import acts, reads
from pacesetter.goals.models import Delegate, MarketEvent
from pacesetter.journal import reads as journal
from pacesetter.journal.models import Entry
from pacesetter.lib.refusal import Conflict, OutOfReach, Refusal
from pacesetter.people import acts as people
from tests.world import AT, TODAY, World

from .applying import DAY, at

VALUES = {"kind": "policy", "title": "新环保标准", "on": date(2026, 3, 2)}


@pytest.mark.parametrize("who", ["director", "analyst", "leader", "marketing"])
def test_four_roles_add_to_the_register(world: World, who: str):
    made = acts.add_event(**VALUES, text="排放限值减半", industry="化工", by=getattr(world, who), at=AT)
    assert (made.made_by, made.industry) == (getattr(world, who), "化工")
    assert list(reads.market_events()) == [made]


@pytest.mark.parametrize("who", ["veteran", "hrbp", "finance", "admin", "stranger"])
def test_the_others_do_not(world: World, event, who: str):
    by = getattr(world, who)
    for act in (
        lambda: acts.add_event(**VALUES, by=by, at=AT),
        lambda: acts.change_event(event=event.pk, **VALUES, by=by, at=AT),
        lambda: acts.retire_event(event=event.pk, by=by, at=AT),
    ):
        with pytest.raises(OutOfReach):
            act()


@pytest.mark.parametrize(
    ("change", "field"),
    [({"kind": "weather"}, "kind"), ({"title": " "}, "title"), ({"until": date(2026, 3, 1)}, "until"),
     ({"product": 987_654}, "product")],
)  # fmt: skip
def test_an_event_that_says_nothing_is_refused(world: World, change: dict, field: str):
    with pytest.raises(Refusal) as refused:
        acts.add_event(**(VALUES | change), by=world.analyst, at=AT)
    assert refused.value.field == field
    assert not MarketEvent.objects.exists()


def test_an_event_of_one_day_is_one(world: World):
    acts.add_event(**VALUES, until=VALUES["on"], by=world.analyst, at=AT)


def test_the_same_event_is_there_once(world: World, event):
    with pytest.raises(Refusal) as refused:
        acts.add_event(kind="competitor", title=" 竞品降价 15% ", on=event.on, by=world.analyst, at=AT)
    assert refused.value.code == "twin"
    acts.retire_event(event=event.pk, by=world.analyst, at=AT)
    acts.add_event(kind="competitor", title="竞品降价 15%", on=event.on, by=world.analyst, at=AT)


def test_a_correction_is_journaled_and_a_second_editor_is_told(world: World, event):
    seen = journal.newest("marketevent")
    acts.change_event(event=event.pk, kind="competitor", title="竞品降价 12%", on=event.on, by=world.analyst, at=AT,
                      seen=seen)  # fmt: skip
    line = Entry.objects.get(act="change_event")
    assert (line.before["title"], line.after["title"]) == ("竞品降价 15%", "竞品降价 12%")
    with pytest.raises(Conflict) as refused:
        acts.change_event(event=event.pk, kind="competitor", title="竞品降价 18%", on=event.on, by=world.leader, at=AT,
                          seen=seen)  # fmt: skip
    assert refused.value.who == "何睿"
    acts.change_event(event=event.pk, kind="competitor", title="竞品降价 18%", on=event.on, by=world.leader, at=AT,
                      seen=refused.value.now)  # fmt: skip
    event.refresh_from_db()
    assert event.title == "竞品降价 18%"


def test_saving_without_a_change_writes_nothing(world: World, event):
    acts.change_event(event=event.pk, kind="competitor", title=event.title, on=event.on, by=world.analyst, at=AT)
    assert not Entry.objects.filter(act="change_event").exists()


def test_a_retired_event_stays_and_changes_no_more(world: World, event):
    acts.retire_event(event=event.pk, by=world.leader, at=AT)
    assert not reads.market_events().exists()
    assert list(reads.market_events(retired=True)) == [event]
    for act in (
        lambda: acts.retire_event(event=event.pk, by=world.leader, at=AT),
        lambda: acts.change_event(event=event.pk, **VALUES, by=world.leader, at=AT),
    ):
        with pytest.raises(Refusal) as refused:
            act()
        assert refused.value.code == "retired"


# --- delegates -------------------------------------------------------------------------------------------------------
def name(world: World, who: str = "leader", start: date = TODAY, end: date = TODAY + DAY, by: str = "director"):
    return acts.name_delegate(delegate=getattr(world, who).pk, start=start, end=end, by=getattr(world, by), at=AT)


@pytest.mark.parametrize("by", ["director", "hrbp", "analyst"])
def test_whoever_sits_in_a_seat_names_a_delegate(world: World, by: str):
    name(world, by=by)
    assert reads.seats_of(world.leader.pk, TODAY) == {by: (getattr(world, by).pk,)}
    assert reads.seats_of(world.leader.pk, TODAY + DAY) == {}


@pytest.mark.parametrize("by", ["veteran", "leader", "marketing", "finance", "admin", "stranger"])
def test_the_others_have_no_seat_to_give(world: World, by: str):
    with pytest.raises(OutOfReach):
        name(world, "grower", by=by)


@pytest.mark.parametrize(
    ("start", "end"),
    [(TODAY - DAY, TODAY + DAY), (TODAY, TODAY), (TODAY + DAY, TODAY), (TODAY, TODAY + 367 * DAY)],
)
def test_a_delegation_begins_today_or_later_and_ends(world: World, start: date, end: date):
    with pytest.raises(Refusal) as refused:
        name(world, start=start, end=end)
    assert refused.value.code == "days"


def test_a_year_is_the_longest(world: World):
    name(world, end=TODAY + 366 * DAY)


@pytest.mark.parametrize("who", ["director", "left"])
def test_a_delegate_is_somebody_else_who_is_here(world: World, who: str):
    with pytest.raises(Refusal) as refused:
        name(world, who)
    assert refused.value.code == "delegate"


def test_one_delegate_at_a_time(world: World):
    first = name(world, end=TODAY + 3 * DAY)
    with pytest.raises(Refusal) as refused:
        name(world, "leader2", start=TODAY + 2 * DAY, end=TODAY + 5 * DAY)
    assert refused.value.code == "overlap"
    name(world, "leader2", start=TODAY + 3 * DAY, end=TODAY + 5 * DAY)
    acts.end_delegate(delegate=first.pk, by=world.director, at=AT)
    name(world, "leader2", end=TODAY + 2 * DAY)


def test_only_who_named_ends_it_and_once_is_enough(world: World):
    row = name(world)
    with pytest.raises(OutOfReach):
        acts.end_delegate(delegate=row.pk, by=world.leader, at=AT)
    acts.end_delegate(delegate=row.pk, by=world.director, at=AT)
    acts.end_delegate(delegate=row.pk, by=world.director, at=at(TODAY + DAY))
    assert Delegate.objects.get().ended_at == AT
    assert Entry.objects.filter(act="end_delegate").count() == 1


def test_a_delegate_of_somebody_whose_role_ended_has_no_seat(world: World):
    name(world, end=TODAY + 9 * DAY)
    people.grant_role(person=world.leader2, role="director", by=None, at=AT)
    people.revoke_role(person=world.director, role="director", on=TODAY + DAY, by=None, at=AT)
    assert reads.seats_of(world.leader.pk, TODAY) != {}
    assert reads.seats_of(world.leader.pk, TODAY + DAY) == {}
