"""Files that people open hold no cell that runs."""

import csv
import io

import openpyxl
import pytest

from pacesetter.lib import sheets

PAYLOADS = [
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠A", "=HYPERLINK(\"http://x\")",
    "'=1",
]  # fmt: skip
HARMLESS = ["", "海川机械", "12480.00", "-12480.00", "a=b", "'quoted'", "00123"]


@pytest.mark.parametrize("text", PAYLOADS)
def test_a_formula_gets_a_quote_in_csv_and_loses_it_on_the_way_back(text: str) -> None:
    assert sheets.safe(text)[0] == "'"
    assert sheets.unsafe(sheets.safe(text)) == text


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_no_formula_stays_as_it_is(text: str) -> None:
    assert sheets.safe(text) == text
    assert sheets.unsafe(text) == text


def test_csv_cells_come_back_as_they_were() -> None:
    rows = [[text, "x"] for text in PAYLOADS + HARMLESS]
    text = "".join(sheets.csv_lines(["a", "b"], rows))
    assert text.startswith("\ufeff")
    back = list(csv.reader(io.StringIO(text[1:], newline="")))
    assert [sheets.unsafe(row[0]) for row in back[1:]] == PAYLOADS + HARMLESS


def test_no_cell_of_a_workbook_is_a_formula() -> None:
    target = io.BytesIO()
    sheets.write_xlsx(target, ["a"], [[text] for text in PAYLOADS])
    page = openpyxl.load_workbook(target).active
    assert page is not None
    cells = [page.cell(row, 1) for row in range(2, len(PAYLOADS) + 2)]
    assert {cell.data_type for cell in cells} == {"s"}
