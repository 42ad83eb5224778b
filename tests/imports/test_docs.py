"""docs/import.md names every preset and every canonical column, and its setup example works."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pacesetter.imports import setting_up
from pacesetter.imports.columns import COLUMNS
from pacesetter.imports.presets import PRESETS

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "import.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("entity", sorted(COLUMNS))
def test_every_column_is_documented(entity: str) -> None:
    section = TEXT.partition(f"### {entity}\n")[2].partition("\n### ")[0]
    told = re.findall(r"^\| `(\w+)` \| (.*?) \| (.*?) \|", section, re.MULTILINE)
    assert told == [(column.name, column.zh, column.en) for column in COLUMNS[entity]]


def test_every_preset_is_named() -> None:
    assert [name for name in PRESETS if name not in TEXT] == []


@pytest.mark.django_db
def test_the_setup_example_works() -> None:
    example = re.search(r"```json\n(.*?)```", TEXT, re.DOTALL)
    assert example is not None
    made = setting_up.set_up(json.loads(example[1]), by=None, at=datetime(2026, 3, 16, 1, tzinfo=UTC))
    assert (made["people"], made["teams"], made["closed_periods"]) == (2, 2, 1)
