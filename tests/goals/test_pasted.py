"""What people paste from Excel, read exactly or refused with row, column, value and remedy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pacesetter.goals.rules import pasted
from pacesetter.goals.rules.pasted import REMEDIES, Fault, Line, match, number, read


def money(text, **words):
    return read(text, measure="minor", **words)


def test_names_and_amounts_with_a_unit_in_the_header():
    found = money("姓名\t目标（万元）\r\n李想\t50\r\n王敏\t1,250.5\r\n")
    assert found.header == ("目标(万元)",)
    assert found.lines == (Line(2, "李想", (50_000_000,)), Line(3, "王敏", (1_250_500_000,)))
    assert found.faults == ()


def test_without_a_header_every_row_is_data_and_the_page_says_the_unit():
    assert money("李想\t50\n王敏\t60", unit="万元").lines[0] == Line(1, "李想", (50_000_000,))
    assert money("李想\t50").lines[0].values == (5_000,)


def test_a_months_table_with_totals_in_both_directions():
    text = "姓名\t1月\t2月\t合计\n李想\t10\t20\t30\n王敏\t5\t\t5\n合计\t15\t20\t35\n"
    found = money(text)
    assert found.header == ("1月", "2月")
    assert [line.values for line in found.lines] == [(1_000, 2_000), (500, None)]
    assert found.faults == ()
    wrong = money(text.replace("\t30\n", "\t31\n"))
    assert wrong.faults == (Fault(2, "合计", "3100", "total_differs", detail=3_000),)
    down = money("姓名\t目标\n李想\t10\n合计\t12")
    assert down.faults == (Fault(3, "目标", "1200", "total_differs", detail=1_000),)


@pytest.mark.parametrize("first", ["\t2025年1月", "x\tQ1", "谁\t1月(万元)", "Name\tJan", "销售\t1", "team\t"])
def test_a_header_is_known_by_its_words(first):
    assert len(money(f"{first}\n李想\t7").lines) == 1


@pytest.mark.parametrize("first", ["王敏\t8", "王敏\t¥8万", "王敏\t待定", "王敏\t80 万元"])
def test_a_first_row_that_is_data_is_not_swallowed(first):
    found = money(f"{first}\n李想\t7")
    assert len(found.lines) == 2
    assert len(found.faults) == ("待定" in first)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1,234.5", 123_450), ("￥１，２３４．５", 123_450), ("50万", 50_000_000), ("50 万元", 50_000_000),
        ("1.2亿", 12_000_000_000), ("8640元", 864_000), ("3百万", 300_000_000), ("+5", 500), ("", None), ("—", None),
        ("-", None), ("  ", None), ("0", 0), ("-0", 0), (".5", 50), ("¥8.64万", 8_640_000), ("1 234", 123_400),
    ],
)  # fmt: skip
def test_amounts_as_people_write_them(cell, value):
    assert number(cell, "minor") == value


@pytest.mark.parametrize(
    ("cell", "currency", "value"),
    [
        ("$1,234.5", "USD", 123_450), ("USD 50", "USD", 5_000), ("50 usd", "USD", 5_000), ("＄5万", "USD", 5_000_000),
        ("$500 USD", "USD", 50_000), ("¥500", "JPY", 500), ("HK$5", "HKD", 500), ("RMB 5", "CNY", 500),
        ("5 CNY", "CNY", 500), ("￥5", "CNY", 500), ("¥5", "USD", None), ("$5", "CNY", None), ("RMB 5", "USD", None),
        ("USD 5", "CNY", None), ("$5", "HKD", None), ("¥5", "EUR", None),
    ],
)  # fmt: skip
def test_an_amount_carries_the_sign_of_its_own_currency_and_no_other(cell, currency, value):
    if value is None:
        with pytest.raises(ValueError, match="not_a_number"):
            number(cell, "minor", currency=currency)
    else:
        assert number(cell, "minor", currency=currency) == value


@pytest.mark.parametrize("measure", ["count", "days", "ratio"])
def test_what_is_no_amount_has_no_sign(measure):
    with pytest.raises(ValueError, match="not_a_number"):
        number("¥1", measure)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("12,34", "separator"), ("1.234,5", "separator"), ("1,23,456", "separator"), ("1.2E+07", "exponent"),
        ("#REF!", "excel_error"), ("#N/A", "excel_error"), ("-5", "negative"), ("(1,000)", "negative"),
        ("−3万", "negative"), ("1.234", "too_many_decimals"), ("99999999999亿", "too_large"), ("五十", "not_a_number"),
        ("5 台", "not_a_number"), ("50%", "not_a_number"), ("1" * 41, "too_large"), ("$5", "not_a_number"),
        ("万", "not_a_number"),
    ],
)  # fmt: skip
def test_what_is_no_amount_says_what_is_wrong(cell, code):
    found = money(f"姓名\t目标\n李想\t{cell}")
    assert [(fault.row, fault.column, fault.value, fault.code) for fault in found.faults] == [
        (2, "目标", pasted._tidy(cell), code)
    ]
    assert found.faults[0].remedy == REMEDIES[code]
    assert found.lines == (Line(2, "李想", (None,)),)


@pytest.mark.parametrize(
    ("cell", "measure", "value"),
    [
        ("3家", "count", 3), ("1.2万", "count", 12_000), ("12 次", "count", 12), ("20天", "days", 20),
        ("25%", "ratio", 2_500), ("0.25", "ratio", 2_500), ("1", "ratio", 10_000), ("120%", "ratio", 12_000),
        ("12.34％", "ratio", 1_234),
    ],
)  # fmt: skip
def test_counts_days_and_ratios_in_their_own_unit(cell, measure, value):
    assert number(cell, measure) == value


@pytest.mark.parametrize(
    ("cell", "measure", "code"),
    [("2.5", "count", "too_many_decimals"), ("25", "ratio", "percent_unclear"), ("12.345%", "ratio",
     "too_many_decimals"), ("99999%", "ratio", "too_large"), ("5万", "ratio", "not_a_number"),
     ("5%", "count", "not_a_number"), ("9" * 30, "count", "too_large")],
)  # fmt: skip
def test_what_is_no_count_or_ratio(cell, measure, code):
    with pytest.raises(ValueError, match=code):
        number(cell, measure)


def test_a_percent_header_says_what_a_bare_number_is():
    assert read("姓名\t成单率（%）\n李想\t25\n", measure="ratio").lines[0].values == (2_500,)
    assert read("姓名\t成单率（%）\n合计\t99\n李想\t25\n", measure="ratio").faults == ()


def test_rows_that_do_not_fit_are_named():
    found = money("姓名\t目标\n李想\t1\t2\n\t3\n\n王敏\t4")
    assert [(fault.row, fault.column, fault.code) for fault in found.faults] == [
        (2, "C", "columns"), (3, "姓名", "no_name")]  # fmt: skip
    assert found.lines == (Line(5, "王敏", (400,)),)


def test_a_line_typed_without_a_tab_is_split_at_its_last_blank():
    assert money("Li Xiang 50万\n王敏　60万").lines == (
        Line(1, "Li Xiang", (50_000_000,)),
        Line(2, "王敏", (60_000_000,)),
    )


def test_a_cell_that_excel_quoted_and_one_too_many():
    assert money('"李\n想"\t5\n').lines[0].name == "李\n想"
    many = money("\n".join(f"p{place}\t1" for place in range(pasted.MOST_ROWS + 1)))
    assert (many.lines, many.faults[0].code, many.faults[0].row) == ((), "too_many_rows", pasted.MOST_ROWS + 1)
    assert money("x" * 200_000).faults[0].code == "columns"
    assert money('"李想\t5\n王敏\t6').faults[0].code == "columns"
    assert money("") == pasted.Pasted((), (), ())
    assert money("\t".join(["李想", *["1"] * pasted.MOST_COLUMNS])).faults[0].code == "columns"


PEOPLE = [(1, ("李想", "E01")), (2, ("张伟", "E02")), (3, ("张伟", "E03")), (4, ("Wang Min", "E04", ""))]


def test_names_mean_one_person_or_are_refused_with_the_candidates():
    table = money("李想\t1\n张伟\t2\ne03\t3\nwang min\t4\n王\t5\nE01\t6")
    found = match(table.lines, PEOPLE)
    assert [(key, line.row) for key, line in found.lines] == [(1, 1), (3, 3), (4, 4)]
    assert [(fault.row, fault.code, fault.candidates, fault.detail) for fault in found.faults] == [
        (2, "ambiguous", (2, 3), None), (5, "unknown_name", (), None), (6, "twice", (), 1)]  # fmt: skip


def test_an_unknown_measure_is_a_mistake_of_the_program():
    with pytest.raises(ValueError, match="measure"):
        read("", measure="weight")
    with pytest.raises(ValueError, match="measure"):
        read("", measure="minor", unit="斤")


@given(st.lists(st.integers(0, 10**13), min_size=1, max_size=9), st.sampled_from(["元", "万元"]))
def test_what_is_written_with_separators_is_read_back_to_the_cent(amounts, unit):
    scale = 100 if unit == "元" else 1_000_000
    rows = [f"p{place}\t{amount // scale:,}.{amount % scale:0{len(str(scale)) - 1}d}" for place, amount in
            enumerate(amounts)]  # fmt: skip
    found = money("\n".join([f"姓名\t目标（{unit}）", *rows]))
    assert found.faults == ()
    assert [line.values[0] for line in found.lines] == amounts


@given(st.text(max_size=60), st.sampled_from(pasted.MEASURES))
def test_whatever_is_pasted_is_read_or_named(text, measure):
    found = read(text, measure=measure)
    assert all(fault.remedy and fault.row >= 1 for fault in found.faults)
    assert all(value is None or value >= 0 for line in found.lines for value in line.values)
