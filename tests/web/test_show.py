"""The formatter and its JavaScript twin read the same vectors."""

import json
import shutil
import subprocess
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pacesetter.web import show

HERE = Path(__file__).parent
VECTORS = json.loads((HERE / "show_vectors.json").read_text(encoding="utf-8"))
CASES = [
    pytest.param(name, case["args"], language, case[key], id=f"{name}-{case['args']}-{key}")
    for name, cases in VECTORS.items()
    for case in cases
    for key, language in (("zh", "zh-hans"), ("en", "en"))
]


def prepared(name: str, args: list[Any]) -> list[Any]:
    """JSON has no dates; give the functions real ones."""
    if name in {"day", "week"}:
        return [date.fromisoformat(arg) if arg else None for arg in args]
    if name == "near":
        return [datetime.fromisoformat(arg) for arg in args]
    return args


@pytest.mark.parametrize(("name", "args", "language", "expected"), CASES)
def test_every_vector_reads_as_written(name: str, args: list[Any], language: str, expected: str) -> None:
    function = getattr(show, name)
    extra = {} if name in {"rate", "change"} else {"language": language}
    assert function(*prepared(name, args), **extra) == expected


def test_the_javascript_twin_reads_the_same_vectors() -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node here to run frontend/show.js")
    script = f"""
        const show = await import({json.dumps((HERE.parents[1] / "frontend/show.js").as_uri())});
        const vectors = {json.dumps(VECTORS)};
        const plain = new Set(['rate', 'change']);
        const wrong = [];
        for (const [name, cases] of Object.entries(vectors))
          for (const one of cases)
            for (const language of ['zh', 'en']) {{
              const got = show[name](...one.args, ...(plain.has(name) ? [] : [language]));
              if (got !== one[language]) wrong.push([name, one.args, language, got, one[language]]);
            }}
        console.log(JSON.stringify(wrong));
    """
    done = subprocess.run(
        [node, "--input-type=module", "-e", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == []


@given(st.integers(min_value=0, max_value=10**15))
def test_a_short_amount_is_never_further_off_than_half_of_its_last_digit(minor: int) -> None:
    shown = show.money_short(minor, "zh-hans").removeprefix("¥").replace(",", "")
    size = {"万": 10_000, "亿": 100_000_000}.get(shown[-1], 1)
    digits = shown.rstrip("万亿")
    places = len(digits.partition(".")[2])
    error = abs(Decimal(digits) * size - Decimal(minor) / 100)
    assert error <= Decimal(size) / 10**places / 2
    assert Decimal(digits) < 10_000 or shown[-1] == "亿"
