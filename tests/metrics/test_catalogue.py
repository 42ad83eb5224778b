"""The catalogue: complete in both languages, documented, and made of operations that every database has alike."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import ibis.expr.operations as ops
import pytest

from pacesetter.metrics import docs, schema
from pacesetter.metrics.catalogue import METRICS, by_key, with_company_metrics
from pacesetter.metrics.catalogue.derived import dims_of
from pacesetter.metrics.catalogue.process import count_of_activities
from pacesetter.metrics.catalogue.words import END, START, Measure, meant, number
from pacesetter.metrics.engine import dims_for
from pacesetter.metrics.engine.compiling import _grouped, compiled

ROOT = Path(__file__).parents[2]
# What the catalogue may be written in: compared, combined, counted and summed alike on SQLite, PostgreSQL and column
# stores. Date arithmetic, truncation, division, standard deviation and median are not among them.
ALLOWED = {
    *("UnboundTable", "Filter", "Project", "Aggregate", "JoinChain", "JoinLink", "JoinTable", "JoinReference", "Field"),
    *("Literal", "Cast", "Equals", "NotEquals", "Less", "LessEqual", "Greater", "GreaterEqual", "And", "Or", "Not"),
    *("IsNull", "NotNull", "InValues", "IfElse", "SearchedCase", "Coalesce", "Least", "Greatest"),
    *("Count", "CountStar", "CountDistinct", "Sum", "Min", "Max", "Add", "Subtract", "Multiply"),
    *("WindowFunction", "RowNumber", "SortKey", "Alias"),
}


@pytest.mark.parametrize("key", METRICS)
def test_a_metric_is_written_in_operations_all_databases_share(key: str) -> None:
    metric = METRICS[key]
    for basis in metric.bases.values():
        for measure in basis.measures():
            table, _, _ = _grouped(measure, ())
            used = {type(node).__name__ for node in table.op().find(ops.Node)}
            assert used <= ALLOWED, used - ALLOWED


@pytest.mark.parametrize("key", METRICS)
def test_a_metric_says_what_it_is_in_both_languages(key: str) -> None:
    metric = METRICS[key]
    assert re.fullmatch(r"[a-z][a-z_]*", metric.key)
    assert metric.kind in docs.KINDS
    assert metric.unit in docs.UNITS
    assert metric.better in ("up", "down", "none")
    chinese = re.compile(r"[一-鿿]")
    words = [metric.name, metric.meaning, *(b.top_words for b in metric.bases.values())]
    words += [b.bottom_words for b in metric.bases.values() if b.bottom_words[0]]
    for zh, en in words:
        assert chinese.search(zh), zh
        assert not chinese.search(en), en
    assert metric.meaning[0].endswith("。")
    assert metric.meaning[1].endswith(".")
    if metric.unit == "ratio":
        assert all(basis.bottom_words[0] for basis in metric.bases.values())
    if len(metric.bases) > 1 and metric.unit == "ratio":
        assert set(metric.basis_words) == set(metric.bases)


def test_the_page_of_definitions_is_the_catalogue() -> None:
    written = (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
    differ = [new for new in docs.page().splitlines() if new not in written.splitlines()]
    assert written == docs.page(), f"write it anew with ./pace metricdocs: {differ[:3]}"


@pytest.mark.parametrize("name", schema.TABLES)
def test_a_fact_table_fits_itself(name: str) -> None:
    table = schema.TABLES[name]
    assert set(table.columns.values()) <= {"int64", "date", "string"}
    assert table.case in table.columns
    assert {column for column in table.dims.values() if column} <= set(table.columns)
    assert set(table.dims) <= set(schema.DIMS)
    assert table.seat_on is None or table.columns[table.seat_on] == "date"


@pytest.mark.parametrize(
    ("write", "says"),
    [
        (lambda: Measure("booking", "average", ("a", "b"), of="amount_minor"), "count, sum, distinct"),
        (lambda: Measure("booking", "sum", ("a", "b")), "name a column in `of`"),
        (lambda: replace(METRICS["visits"], unit="percent"), "visits: unit is 'percent'; it may be minor, count"),
        (lambda: replace(METRICS["visits"], better="higher"), "up, down, none"),
        (lambda: replace(METRICS["visits"], family="sales"), "people, leads, amounts, collections"),
        (lambda: by_key([METRICS["visits"], METRICS["calls"], METRICS["visits"]]), "two metrics have the key 'visits'"),
        (lambda: dims_of("bookings"), "no fact table 'bookings'; there are: activity, allocation, booking"),
    ],
)
def test_a_slip_in_a_metric_is_told_where_it_is_written(write: Callable[[], object], says: str) -> None:
    with pytest.raises((ValueError, LookupError), match=re.escape(says)):
        write()


def test_the_money_of_a_metric_is_known_where_prices_are_hidden() -> None:
    shown = {key for key, metric in METRICS.items() if not metric.shows_money}
    assert {"deals_won", "win_rate", "effective_visits", "sales_capacity", "repurchase_rate"} <= shown
    assert not {"won_amount", "new_amount_share", "customer_mix", "collection_rate", "overdue_amount"} & shown
    assert all(metric.shows_money for metric in METRICS.values() if metric.unit == "minor")


def test_a_companys_metric_never_takes_the_place_of_a_built_in_one() -> None:
    mine = count_of_activities("visits", "我的", "Mine", "visit", meaning=("我的。", "Mine."))
    other = count_of_activities("demos", "演示", "Demos", "demo", meaning=("演示。", "Demos."))
    both = with_company_metrics([mine, other])
    assert both["visits"] is METRICS["visits"]
    assert both["demos"] is other
    assert count_of_activities("demos", "演示", "Demos", "demo", meaning=("演示。", "Demos.")) is other


def test_compiling_happens_once() -> None:
    measure = Measure("booking", "sum", ("a", "b"), of="amount_minor")
    before = compiled.cache_info().misses
    assert compiled(measure, ("person",), "sqlite") is compiled(measure, ("person",), "sqlite")
    assert compiled.cache_info().misses == before + 1


def test_a_date_of_the_question_is_told_from_any_other() -> None:
    from datetime import date, timedelta

    assert meant(START) == ("start", 0)
    assert meant(END - timedelta(90)) == ("end", -90)
    assert meant(date(2026, 1, 1)) is None


@pytest.mark.parametrize(
    ("top", "bottom", "value"), [(6, None, 6), (6, 3, 2), (0, 5, 0), (5, 0, None), (0, 0, None), (-4, 2, -2)]
)
def test_top_over_bottom(top: int, bottom: int | None, value: int | None) -> None:
    assert number(top, bottom) == value


def test_money_dims_stand_on_the_facts() -> None:
    assert "product" in dims_of("booking")
    assert "ageing" in dims_for(METRICS["overdue_amount"])
    assert "product" not in dims_for(METRICS["collection_rate"])
