"""The ifs of the people room, by hand."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pacesetter.people import rules
from pacesetter.people.rules import OPEN_END, OPEN_START, Above, Place

MONTHS = rules.Thresholds(3, 12)


@pytest.mark.parametrize(
    ("on", "stage"),
    [
        (date(2025, 1, 30), "unknown"),  # the day before hiring
        (date(2025, 1, 31), "newcomer"),
        (date(2025, 4, 29), "newcomer"),
        (date(2025, 4, 30), "growth"),  # three months after 31 January end on 30 April
        (date(2026, 1, 30), "growth"),
        (date(2026, 1, 31), "mature"),
    ],
)
def test_stage_follows_tenure_to_the_day(on: date, stage: str) -> None:
    assert rules.growth_stage(date(2025, 1, 31), on, MONTHS) == stage


def test_without_a_hire_date_the_stage_is_unknown() -> None:
    assert rules.growth_stage(None, date(2026, 1, 1), MONTHS) == "unknown"


def test_a_new_spell_cuts_splits_and_drops_what_stood_there() -> None:
    """1: Jan–Mar, 2: Mar–Apr, 3: Apr–open; a spell from mid-February to mid-April wants in."""
    old = [
        (1, date(2026, 1, 1), date(2026, 3, 1)),
        (2, date(2026, 3, 1), date(2026, 4, 1)),
        (3, date(2026, 4, 1), OPEN_END),
    ]
    cut = rules.make_room(old, date(2026, 2, 15), date(2026, 4, 15))
    assert cut == rules.Cut((2,), {1: date(2026, 2, 15)}, {3: date(2026, 4, 15)}, {})
    inside = rules.make_room([(3, OPEN_START, OPEN_END)], date(2026, 2, 1), date(2026, 3, 1))
    assert inside == rules.Cut((), {3: date(2026, 2, 1)}, {}, {3: date(2026, 3, 1)})


def test_closure_knows_every_pair_with_its_dates() -> None:
    """3 hangs under 2 until March, then under 1; 2 hangs under 1 always."""
    march = date(2026, 3, 1)
    rows = rules.closure([1, 2, 3], [Place(2, 1), Place(3, 2, OPEN_START, march), Place(3, 1, march)])
    assert set(rows) == {
        Above(1, 1, OPEN_START, OPEN_END, 0),
        Above(2, 2, OPEN_START, OPEN_END, 0),
        Above(3, 3, OPEN_START, OPEN_END, 0),
        Above(1, 2, OPEN_START, OPEN_END, 1),
        Above(2, 3, OPEN_START, march, 1),
        Above(1, 3, OPEN_START, march, 2),
        Above(1, 3, march, OPEN_END, 1),
    }


def test_a_team_under_itself_is_a_loop_only_while_both_places_hold() -> None:
    with pytest.raises(rules.Loop) as loop:
        rules.closure([1, 2], [Place(1, 2), Place(2, 1)])
    assert set(loop.value.path) == {1, 2}
    march = date(2026, 3, 1)
    swapped = rules.closure([1, 2], [Place(1, 2, OPEN_START, march), Place(2, 1, march)])
    assert Above(2, 1, OPEN_START, march, 1) in swapped


@given(st.integers(2, 40).flatmap(lambda n: st.tuples(*[st.integers(0, max(k - 1, 0)) for k in range(n)])))
def test_depth_in_the_closure_is_the_number_of_steps_up(parents: tuple[int, ...]) -> None:
    """Team k hangs under parents[k] < k; team 0 is the root."""
    places = [Place(k, p) for k, p in enumerate(parents) if k]
    rows = {(r.ancestor, r.descendant): r.depth for r in rules.closure(range(len(parents)), places)}
    for team in range(len(parents)):
        at, steps = team, 0
        while True:
            assert rows[(at, team)] == steps
            if at == 0:
                break
            at, steps = parents[at], steps + 1


def test_managers_in_a_circle_are_found_and_a_chain_is_not() -> None:
    assert rules.manager_loop({1: 2, 2: 3, 3: 1}, 1) == [1, 2, 3, 1]
    assert rules.manager_loop({1: 2, 2: 3, 3: None}, 1) == []
    assert rules.manager_loop({1: 2, 2: 3, 3: 2}, 1) == []  # 1 is not part of that circle


@pytest.mark.parametrize(
    ("text", "clean"),
    [("138 0013 8000", "13800138000"), ("+86-13800138000", "13800138000"), ("１３８００１３８０００", "13800138000"),
     ("+4915112345678", "+4915112345678"), ("", None), (None, None)],
)  # fmt: skip
def test_mobiles_are_kept_in_one_form(text: str | None, clean: str | None) -> None:
    assert rules.clean_mobile(text) == clean


@pytest.mark.parametrize("text", ["12345", "23800138000", "138001380001", "abc"])
def test_what_is_no_mobile_is_refused(text: str) -> None:
    with pytest.raises(rules.BadIdentity):
        rules.clean_mobile(text)


def test_leading_zeros_of_an_employee_number_stay() -> None:
    assert rules.clean_employee_no(" 0007 ") == "0007"


def test_open_stretches_leave_closed_periods_out() -> None:
    jan, feb, mar, apr = (date(2026, m, 1) for m in (1, 2, 3, 4))
    assert rules.open_stretches(jan, apr, [(feb, mar)]) == [(jan, feb), (mar, apr)]
    assert rules.open_stretches(feb, mar, [(jan, apr)]) == []
    assert rules.open_stretches(jan, mar, []) == [(jan, mar)]
