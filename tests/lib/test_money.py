"""Money: text to minor units and back, to the unit."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pacesetter.lib import money


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("12480.5", "CNY", 1248050),
        ("12480", "CNY", 1248000),
        ("-0.05", "USD", -5),
        ("007", "CNY", 700),
        ("500", "JPY", 500),
        ("1.234", "KWD", 1234),
        ("90000000000000.00", "CNY", money.LIMIT),
    ],
)
def test_plain_text_becomes_minor_units(text, currency, minor):
    assert money.parse(text, currency) == minor


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1.234", "decimals"),
        ("1e3", "shape"),
        ("1_000", "shape"),
        ("١٢٣", "shape"),
        ("１２３", "shape"),
        ("NaN", "shape"),
        ("inf", "shape"),
        ("+5", "shape"),
        (".5", "shape"),
        ("5.", "shape"),
        ("", "shape"),
        ("1,000", "shape"),
        ("90000000000000.01", "range"),
        ("9" * 70, "shape"),
    ],
)
def test_anything_else_is_refused_with_its_code(text, code):
    with pytest.raises(money.MoneyError) as refused:
        money.parse(text, "CNY")
    assert refused.value.code == code


def test_a_yen_has_no_decimals():
    with pytest.raises(money.MoneyError, match="decimals"):
        money.parse("1.5", "JPY")


def test_an_unknown_currency_is_refused():
    with pytest.raises(money.MoneyError, match="currency"):
        money.parse("1", "RMB")


def test_a_unit_of_ten_thousand_moves_the_point_exactly():
    assert money.parse("1.23", "CNY", unit="万元") == 1_230_000
    assert money.parse("0.000001", "CNY", unit="万元") == 1
    with pytest.raises(money.MoneyError, match="decimals"):
        money.parse("0.0000001", "CNY", unit="万元")


def test_rounding_happens_only_where_it_is_declared_and_halves_go_up():
    assert money.parse("2.345", "CNY", half_up=True) == 235
    assert money.parse("-2.345", "CNY", half_up=True) == -235
    assert money.parse("20565.6206", "USD", half_up=True) == 2056562
    assert money.to_minor(Decimal("0.125") + Decimal("0.01"), "CNY", half_up=True) == 14


def test_a_not_a_number_is_no_amount():
    with pytest.raises(money.MoneyError, match="shape"):
        money.to_minor(Decimal("NaN"), "CNY")


@given(st.integers(-money.LIMIT, money.LIMIT), st.sampled_from(["CNY", "JPY", "KWD", "CLF"]))
def test_text_and_back_is_the_same(minor, currency):
    assert money.parse(money.major_text(minor, currency), currency) == minor


@given(st.fractions())
def test_rounding_is_to_the_nearest_and_symmetric(value):
    rounded = money.round_half_up(value)
    assert abs(rounded - value) <= Fraction(1, 2)
    assert money.round_half_up(-value) == -rounded


def test_major_text_keeps_every_decimal():
    assert money.major_text(1248000, "CNY") == "12480.00"
    assert money.major_text(-5, "CNY") == "-0.05"
    assert money.major_text(500, "JPY") == "500"


def test_an_amount_times_a_rate_rounds_once():
    assert money.times(10_001, Fraction(15, 1000)) == 150
    assert money.times(-10_001, Fraction(1, 2)) == -5001
