"""Texts become values exactly, or say why not."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pacesetter.imports import values
from pacesetter.imports.cells import Cell
from pacesetter.imports.faults import TEXTS, ValueFault
from pacesetter.lib import money


def refused(parse, *given_values, **more):
    with pytest.raises(ValueFault) as caught:
        parse(*given_values, **more)
    return caught.value.code


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("12480.5", 1_248_050),
        ("¥12,480.00", 1_248_000),
        ("￥１２，４８０．００", 1_248_000),
        (" 1,234 元", 123_400),
        ("人民币100", 10_000),
        ("CNY 100", 10_000),
        ("100 CNY", 10_000),
        ("(1,234.00)", -123_400),
        ("−5", -500),
        ("-¥5", -500),
        ("1.2万", 1_200_000),
        ("1.2万元", 1_200_000),
        ("￥0.5亿", 5_000_000_000),
        ("+7", 700),
        (".5", 50),
        ("0", 0),
    ],
)
def test_money_as_people_write_it(text, minor):
    assert values.parse_money(text, "CNY") == minor


def test_a_column_in_ten_thousands():
    assert values.parse_money("12.5", "CNY", unit="万元") == 12_500_000
    # a unit written in the cell itself wins
    assert values.parse_money("12万", "CNY", unit="万元") == 12_000_000
    assert values.parse_money("120000元", "CNY", unit="万元") == 12_000_000
    assert refused(values.parse_money, "0.0000001", "CNY", unit="万元") == "too_many_decimals"


def test_dollars_are_dollars_only_where_the_company_counts_in_them():
    assert values.parse_money("$1,000.10", "USD") == 100_010
    assert values.parse_money("US$5", "USD") == 500
    assert refused(values.parse_money, "¥5", "USD") == "other_currency"
    assert refused(values.parse_money, "5元", "USD") == "other_currency"


@given(st.integers(-money.LIMIT, money.LIMIT))
def test_an_exported_amount_comes_back(minor):
    assert values.parse_money(money.major_text(minor, "CNY"), "CNY") == minor
    grouped = f"{Decimal(minor) / 100:,.2f}"
    assert values.parse_money(grouped, "CNY") == minor


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused_with_a_known_code(text):
    for parse in (
        lambda t: values.parse_money(t, "CNY"),
        values.parse_date,
        values.parse_moment,
        values.parse_mobile,
        values.parse_id,
        values.parse_text,
        values.parse_quantity,
        values.parse_ratio,
        values.parse_integer,
        values.parse_boolean,
        values.parse_credits,
        values.parse_email,
        values.parse_phone,
        values.parse_list,
    ):
        code, said = "date_shape", ""
        try:
            parse(text)
        except ValueFault as fault:
            code, said = fault.code, str(fault)
        assert code in TEXTS
        assert "%(" not in said


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-05",
        "2026/3/5",
        "2026.3.5",
        "20260305",
        "2026年3月5日",
        "2026 年 3 月 5 日",
        "２０２６-０３-０５",
        "2026-03-05 14:05:00",
        "2026/3/5 9:05",
        "2026-03-05T14:05:00+08:00",
        "2026-03-04T23:00:00Z",
        "5 Mar 2026",
        "Mar 5, 2026",
        "2026年3月5日 下午2:05",
        Cell("46086", "number"),
        Cell("2026-03-05", "date"),
    ],
)
def test_dates_as_people_write_them(text):
    assert values.parse_date(text) == date(2026, 3, 5)


def test_the_order_of_day_and_month_comes_from_the_whole_column():
    assert values.infer_dates(["1/2/2026", "1/26/2026"]).order == "mdy"
    assert values.infer_dates(["1/2/2026", "26/1/2026"]).order == "dmy"
    assert values.infer_dates(["1/2/2026", "3/4/2026"]).order == ""
    assert values.infer_dates(["1/26/2026", "26/1/2026"]).order == ""
    assert values.infer_dates(["2026-01-02", "2026/1/3"]).order == "ymd"
    assert values.infer_dates(["46086", "46087"]).order == "serial"
    # one slip of the pen among many does not turn the column
    many = [f"{month}/{day}/2026" for month in range(1, 13) for day in range(13, 28)]
    assert values.infer_dates([*many, "26/1/2026"]).order == "mdy"
    assert values.infer_dates(["1/26/2026", "2/3/2026"]).samples == (
        ("1/26/2026", date(2026, 1, 26)),
        ("2/3/2026", date(2026, 2, 3)),
    )


def test_an_ambiguous_date_demands_a_choice_and_a_choice_settles_it():
    assert refused(values.parse_date, "3/5/2026") == "date_ambiguous"
    assert values.parse_date("3/5/2026", "mdy") == date(2026, 3, 5)
    assert values.parse_date("3/5/2026", "dmy") == date(2026, 5, 3)
    assert values.parse_date("4/4/2026") == date(2026, 4, 4)
    assert refused(values.parse_date, "13/5/2026", "mdy") == "no_such_month"


def test_serials_count_from_the_workbook_own_day():
    assert values.parse_date(Cell("44624", "number"), epoch_1904=True) == date(2026, 3, 5)
    assert values.parse_date("46086.5", "serial") == date(2026, 3, 5)
    assert refused(values.parse_date, Cell("12", "number")) == "date_range"


def test_moments_are_aware():
    assert values.parse_moment("2026-03-05 14:05") == datetime(2026, 3, 5, 6, 5, tzinfo=UTC)
    assert values.parse_moment("2026-03-05T14:05:00Z") == datetime(2026, 3, 5, 14, 5, tzinfo=UTC)
    assert values.parse_moment("2026-03-05 12:05 am") == datetime(2026, 3, 4, 16, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["13800138000", "+86 138-0013-8000", "86 13800138000", "１３８００１３８０００", "138 0013 8000"]
)
def test_a_chinese_mobile_has_one_form(text):
    assert values.parse_mobile(text) == "13800138000"


def test_mobiles_of_other_countries_keep_their_code():
    assert values.parse_mobile("+44 7911 123456") == "+447911123456"
    assert refused(values.parse_mobile, "02164000000") == "mobile_shape"
    assert refused(values.parse_mobile, "+86 12800138000") == "mobile_shape"


def test_ids_keep_leading_zeros_and_refuse_what_a_spreadsheet_broke():
    assert values.parse_id(" 0007 ") == "0007"
    assert values.parse_id("１２３") == "123"
    assert values.parse_id("1E5") == "1E5"
    assert refused(values.parse_id, "1.23E+11") == "damaged_id"
    assert refused(values.parse_id, Cell("1.23456789012346E+17", "number")) == "damaged_id"


def test_texts_are_trimmed_and_normalised():
    assert values.parse_text("\u3000\u200b 海川\u00a0") == "海川"
    assert values.parse_text("e\u0301") == "é"
    assert values.parse_text("两\n行") == "两 行"
    assert values.parse_text("两\n行", lines=True) == "两\n行"
    assert refused(values.parse_text, "锟斤拷公司") == "damaged_text"
    assert refused(values.parse_text, "a\u202eb") == "control_character"


def test_rates():
    assert values.parse_ratio("12%") == Fraction(3, 25)
    assert values.parse_ratio("0.12") == Fraction(3, 25)
    assert values.parse_ratio("12", percent="percent") == Fraction(3, 25)
    assert refused(values.parse_ratio, "12") == "percent_unclear"
    assert refused(values.parse_ratio, "八折") == "percent_shape"


def test_counts_and_quantities():
    assert values.parse_integer("1,200.0") == 1200
    assert refused(values.parse_integer, "1.5") == "not_integer"
    assert refused(values.parse_integer, "-1", low=0) == "negative"
    assert values.parse_quantity("2.5") == Decimal("2.5")
    assert refused(values.parse_quantity, "0.0001") == "too_many_decimals"


def test_yes_and_no():
    assert [values.parse_boolean(text) for text in ("是", "Y", "√", "1", "TRUE")] == [True] * 5
    assert [values.parse_boolean(text) for text in ("否", "n", "×", "0", "False")] == [False] * 5
    assert refused(values.parse_boolean, "也许") == "not_boolean"


def test_credit_shares():
    assert values.parse_credits("张三:60；李四：40%") == (("张三", Fraction(3, 5)), ("李四", Fraction(2, 5)))
    assert values.parse_credits("0007") == (("0007", Fraction(1)),)
    assert refused(values.parse_credits, "张三:60;李四:30") == "credits_sum"
    assert refused(values.parse_credits, "张三:50;张三:50") == "credits_twice"
    assert refused(values.parse_credits, "张三:x") == "credits_shape"


def test_words_are_found_without_case_and_blanks():
    words = {"closedwon": "won"}
    assert values.parse_word(" Closed Won ", words) == "won"
    assert refused(values.parse_word, "什么", words) == "unknown_word"
