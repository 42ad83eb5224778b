"""Goals, their versions and what was said about them cannot be changed by any road, SQL included."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.homes import Moulds

from .company import Company
from .conftest import KINDS
from .goal_hands import ANEW, EDITS, TABLES

HANDS = "from tests.reliability import goal_hands as hands"
ORM = 5
SLIPS = 12


@pytest.fixture(scope="module", params=KINDS)
def kept(request: pytest.FixtureRequest, moulds: Moulds, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """A company with a row in every table of the room."""
    with moulds.home(tmp_path_factory.mktemp(request.param), "cast", request.param) as home:
        company = Company(home)
        company.run(f"{HANDS}\nhands.one_of_each()")
        yield company


def statements() -> list[str]:
    return [
        *(f"UPDATE goals_{name} SET {EDITS[name]}" for name in TABLES),
        *(f"DELETE FROM goals_{name}" for name in TABLES),
    ]


EMPTIED = [*(f"goals_{name}" for name in TABLES), "people_person"]
COLUMNS = ["layer = 'action'", "label = 'x'", "start = '2020-01-01'", "person_id = NULL", "made_at = '2020-01-01'",
           "per = 'day'", "industry = 'x'"]  # fmt: skip


@pytest.fixture(scope="module")
def answers(kept: Company) -> dict[str, str]:
    """What the database answers to each statement that tests ask about one by one."""
    asked = [*statements(), *(f"TRUNCATE {table} CASCADE" for table in EMPTIED),
             *(f"UPDATE goals_goal SET {column}" for column in COLUMNS)]  # fmt: skip
    found: dict[str, str] = kept.value(f"{{sql: hands.tried(sql) for sql in {asked!r}}}", HANDS)
    return found


@pytest.fixture(scope="module")
def replaced(kept: Company) -> dict[str, list[str]]:
    """What it answers where a row of a table is put again; on SQLite a stranger's connection asks too."""
    paths = [""] if kept.home.database else ["", str(kept.home.folder / "pacesetter.sqlite3")]
    said = f"{{table: [hands.rewritten(table, path) for path in {paths!r}] for table in hands.ANEW}}"
    found: dict[str, list[str]] = kept.value(said, HANDS)
    return found


@pytest.mark.parametrize("sql", statements())
def test_update_and_delete_are_refused_by_the_database(answers: dict[str, str], sql: str):
    assert "never overwritten" in answers[sql]


@pytest.mark.parametrize("table", EMPTIED)
def test_no_table_is_emptied(kept: Company, answers: dict[str, str], table: str):
    """Nor by way of a table that they hang on; SQLite knows no such statement."""
    said = answers[f"TRUNCATE {table} CASCADE"]
    assert ("never overwritten" in said or "append-only" in said) if kept.home.database else "syntax" in said


def test_the_models_are_refused_too(kept: Company):
    said = kept.value("hands.by_orm()", HANDS)
    assert len(said) == ORM
    assert all("never overwritten" in one for one in said), said


def test_a_version_is_not_slipped_under_a_locked_goal(kept: Company):
    assert "locked" in kept.value("hands.version_on_a_locked_goal()", HANDS)


@pytest.mark.parametrize("column", COLUMNS)
def test_no_part_of_what_a_goal_is_may_change(answers: dict[str, str], column: str):
    assert "never overwritten" in answers[f"UPDATE goals_goal SET {column}"]


def test_nothing_is_slipped_under_a_locked_goal(kept: Company):
    said = kept.value("hands.slips()", HANDS)
    assert len(said) == SLIPS
    assert [name for name, answer in said.items() if answer.endswith(" rows")] == []


def test_what_is_lawful_still_happens_to_a_locked_goal(kept: Company):
    assert kept.value("hands.lawful()", HANDS) == [
        90_00, "achieved", "achieved",
        ["drafted", "published", "locked", "accepted", "superseded", "drafted", "withdrawn", "drafted", "published",
         "locked", "achieved"],
    ]  # fmt: skip


@pytest.mark.parametrize("table", sorted(ANEW))
def test_a_row_is_not_put_again_under_its_own_id(kept: Company, replaced: dict[str, list[str]], table: str):
    assert len(replaced[table]) == (1 if kept.home.database else 2)
    assert [answer for answer in replaced[table] if answer.endswith(" rows")] == []


def test_without_the_triggers_every_road_is_open(kept: Company):
    """The control: each statement that is refused above changes rows; what stands again refuses again."""
    edits = [sql for sql in statements() if sql.startswith("UPDATE")]
    deletes = [f"DELETE FROM goals_{name}" for name in ("goalpart", "goaloutcome", "commitment", "adjustmentvoice",
                                                        "adjustmentevent", "goalevent")]  # fmt: skip
    said = kept.value(
        "(hands.drop_triggers(), "
        f"[hands.tried(sql) for sql in {[*edits, *deletes]!r}], hands.version_on_a_locked_goal(), hands.by_orm()[:3], "
        f"list(hands.slips().values()), [hands.rewritten(table) for table in {sorted(ANEW)!r}], "
        "install_triggers(None), journal_triggers(None))",
        f"{HANDS}\nfrom pacesetter.goals.apps import install_triggers\n"
        "from pacesetter.journal.apps import install_triggers as journal_triggers",
    )
    for told in ([*said[1], said[2]], said[4], said[5]):
        assert [one for one in told if not one.endswith(" rows") or one.startswith("0")] == []
    assert said[3] == ["done"] * 3
    assert "never overwritten" in kept.value(f"hands.tried({edits[0]!r})", HANDS)
