"""Goals, their versions and what was said about them cannot be changed by any road, SQL included."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.homes import Moulds

from .company import Company
from .conftest import KINDS
from .goal_hands import EDITS, TABLES

HANDS = "from tests.reliability import goal_hands as hands"
ORM = 5


@pytest.fixture(scope="module", params=KINDS)
def kept(request: pytest.FixtureRequest, moulds: Moulds, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """A company with a row in every table of the room."""
    with moulds.home(tmp_path_factory.mktemp(request.param), "cast", request.param) as home:
        company = Company(home)
        company.run(f"{HANDS}\nhands.one_of_each()")
        yield company
        company.end()


def statements() -> list[str]:
    return [
        *(f"UPDATE goals_{name} SET {EDITS[name]}" for name in TABLES),
        *(f"DELETE FROM goals_{name}" for name in TABLES),
    ]


@pytest.mark.parametrize("sql", statements())
def test_update_and_delete_are_refused_by_the_database(kept: Company, sql: str):
    assert "never overwritten" in kept.value(f"hands.tried({sql!r})", HANDS)


def test_the_models_are_refused_too(kept: Company):
    said = kept.value("hands.by_orm()", HANDS)
    assert len(said) == ORM
    assert all("never overwritten" in one for one in said), said


def test_a_version_is_not_slipped_under_a_locked_goal(kept: Company):
    assert "locked" in kept.value("hands.version_on_a_locked_goal()", HANDS)


def test_without_the_triggers_every_road_is_open(kept: Company):
    """The control: each statement that is refused above changes rows; what stands again refuses again."""
    edits = [sql for sql in statements() if sql.startswith("UPDATE")]
    deletes = [f"DELETE FROM goals_{name}" for name in ("goalpart", "goaloutcome", "commitment", "adjustmentvoice",
                                                        "adjustmentevent", "goalevent")]  # fmt: skip
    said = kept.value(
        "(hands.drop_triggers(), "
        f"[hands.tried(sql) for sql in {[*edits, *deletes]!r}], hands.version_on_a_locked_goal(), hands.by_orm()[:3], "
        "install_triggers(None))",
        f"{HANDS}\nfrom pacesetter.goals.apps import install_triggers",
    )
    assert all(one.endswith(" rows") and not one.startswith("0") for one in (*said[1], said[2])), said
    assert said[3] == ["done"] * 3
    assert "never overwritten" in kept.value(f"hands.tried({edits[0]!r})", HANDS)
