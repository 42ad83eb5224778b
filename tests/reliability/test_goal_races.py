"""Twenty clients at once on one goal: two editors, double approval, approve and withdraw, one's own by a second role.

Each guard has its control: with the guard left out, the very same race goes wrong.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.homes import Moulds

from .company import Company
from .conftest import KINDS

CLIENTS = 20
REFUSED = {"decided", "taken", "twice"}


def races(company: Company, times: int, name: str, guard: str = "") -> list[dict[str, Any]]:
    """A race of tests/reliability/goal_hands.py some times over, each on a goal of its own, perhaps without guards."""
    said = company.run(
        "import json\nfrom tests.reliability import goal_hands, victims\n"
        f"for one in {guard!r}.split('+'):\n    victims.leave_out(one)\n"
        f"print(json.dumps([goal_hands.{name}() for _time in range({times})]))"
    )
    found: list[dict[str, Any]] = json.loads(said)
    assert len(found) == times
    for one in found:
        assert sum(one["told"].values()) == CLIENTS
        assert "lost" not in one["told"]
    return found


def race(company: Company, name: str, guard: str = "") -> dict[str, Any]:
    """One of them."""
    return races(company, 1, name, guard)[0]


@pytest.fixture(params=KINDS)
def bare(request: pytest.FixtureRequest, moulds: Moulds, tmp_path) -> Iterator[Callable[[], Company]]:
    """A company of this test alone, whose database refuses nothing by itself any more."""
    with moulds.home(tmp_path / request.param, "cast", request.param) as home:
        company = Company(home)
        company.run("from tests.reliability import goal_hands\ngoal_hands.forget_constraints()")
        yield lambda: company


# --- two editors -----------------------------------------------------------------------------------------------------
def test_of_two_managers_who_edit_one_goal_the_second_is_told(company: Company):
    for found in races(company, 3, "editors"):
        assert (found["told"], found["versions"]) == ({"done": 1, "conflict": CLIENTS - 1}, 2)


def test_without_the_look_at_what_was_seen_each_overwrites_the_other(company: Company):
    """The control: all are told it worked, nineteen drafts are gone."""
    found = race(company, "editors", "goal_seen")
    assert (found["told"], found["versions"]) == ({"done": CLIENTS}, 1 + CLIENTS)


# --- a double approval -----------------------------------------------------------------------------------------------
def test_of_many_approvals_one_makes_a_version(company: Company):
    for found in races(company, 3, "double_approval"):
        assert found["told"].pop("done") == 1
        assert set(found["told"]) <= REFUSED, found
        assert (found["ends"], found["versions"], found["target"]) == (["approved"], 2, 90_00)


def test_without_the_look_at_its_end_the_database_still_lets_one_through(company: Company):
    """Two guards, the rule and the constraint: each alone keeps it to one."""
    found = race(company, "double_approval", "goal_decided")
    assert found["told"] == {"done": 1, "database": CLIENTS - 1}
    assert (found["ends"], found["versions"]) == (["approved"], 2)


def test_without_either_guard_every_approval_makes_a_version(bare):
    """The control."""
    found = race(bare(), "double_approval", "goal_decided")
    assert found["told"] == {"done": CLIENTS}
    assert found["versions"] == 1 + CLIENTS


def test_with_the_rule_alone_one_makes_a_version(bare):
    found = race(bare(), "double_approval")
    assert (found["told"]["done"], found["ends"], found["versions"]) == (1, ["approved"], 2)


def test_without_turns_the_hands_meet_in_the_database(bare):
    """The control on PostgreSQL, of the rule alone; SQLite has one writer at a time and needs no turns."""
    company = bare()
    found = races(company, 4, "double_approval", "goal_turns")
    wrong = [one for one in found if one["told"].get("done") != 1 or one["told"].get("database")]
    assert bool(wrong) == bool(company.home.database), found


# --- approve and withdraw --------------------------------------------------------------------------------------------
def test_an_application_is_approved_or_withdrawn_and_never_both(company: Company):
    for found in races(company, 3, "approve_and_withdraw"):
        assert found["told"].pop("done") == 1
        assert set(found["told"]) <= REFUSED, found
        assert (found["ends"], found["versions"]) in ((["approved"], 2), (["withdrawn"], 1))


def test_without_the_guards_it_is_approved_and_withdrawn(bare):
    """The control: a withdrawn application changed the goal."""
    found = race(bare(), "approve_and_withdraw", "goal_decided")
    assert set(found["ends"]) == {"approved", "withdrawn"}
    assert found["told"] == {"done": CLIENTS}


# --- one's own, and two seats ----------------------------------------------------------------------------------------
def test_nobody_approves_their_own_through_a_second_role(company: Company):
    for found in races(company, 3, "own_through_a_second_role"):
        assert found["told"] == {"self": CLIENTS}
        assert (found["ends"], found["versions"], found["seats"]) == ([], 1, ["analyst"])


def test_without_its_guard_the_own_application_is_approved(company: Company):
    """The control."""
    found = race(company, "own_through_a_second_role", "goal_self")
    assert (found["ends"], found["versions"]) == (["approved"], 2)


def test_one_person_speaks_from_one_seat(company: Company):
    for found in races(company, 3, "two_seats"):
        assert found["told"].pop("done") == 1
        assert set(found["told"]) <= {"assessment", "twice", "taken"}, found
        assert found["again"] == {"twice": 1}
        assert (found["ends"], found["seats"]) == ([], ["analyst"])


def test_without_the_rule_the_database_still_keeps_one_person_to_one_seat(company: Company):
    found = race(company, "two_seats", "goal_seats")
    assert found["again"] == {"database": 1}
    assert (found["ends"], found["seats"]) == ([], ["analyst"])


def test_without_either_guard_one_person_assesses_and_decides(bare):
    """The control."""
    found = race(bare(), "two_seats", "goal_seats")
    assert found["ends"] == ["approved"]
    assert set(found["seats"]) == {"analyst", "director"}
