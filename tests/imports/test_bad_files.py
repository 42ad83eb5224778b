"""Every bad file is refused with row, column, value and remedy; a naive importer fails on all of them."""

import time

import pytest

from pacesetter.imports.faults import Fault
from pacesetter.imports.sources import open_paths
from pacesetter.imports.tables import Record

from .bad_files import CASES, naive


def outcome(case):
    items = list(open_paths([(case.name, case.content)], case.entity).records())
    errors = [item for item in items if isinstance(item, Fault) and item.level == "error"]
    return errors, [item for item in items if isinstance(item, Record)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_bad_file_is_refused_at_its_place(case):
    began = time.monotonic()
    errors, records = outcome(case)
    assert [(fault.row, fault.column, fault.value, fault.code) for fault in errors] == [
        (case.row, case.column, case.value, case.code)
    ]
    # a reason and a remedy, in full sentences with nothing left to fill in
    assert errors[0].reason.count("。") >= 1
    assert "%(" not in errors[0].reason
    # the bad row is nowhere among the good ones
    assert case.row not in {row for record in records for row in record.rows}
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_control_importer_names_no_row(case):
    """It crashes on the file or takes it without a word: neither tells anybody which row is wrong."""
    said = ""
    try:
        naive(case.content)
    except Exception as error:  # any crash will do: it is the control
        said = str(error)
    assert f"row {case.row}" not in said


def test_there_are_more_than_forty_kinds():
    assert len({case.id for case in CASES}) == len(CASES) > 40


def test_the_sentence_of_the_screen():
    [fault], _ = outcome(next(case for case in CASES if case.id == "day-month-13"))
    assert fault.reason.startswith("没有 13 月")


def test_good_rows_beside_a_bad_one_are_still_offered():
    case = next(case for case in CASES if case.id == "money-text")
    errors, records = outcome(case)
    assert len(errors) == 1
    assert [(record.row, record.values["amount"]) for record in records] == [(2, 10_000)]
