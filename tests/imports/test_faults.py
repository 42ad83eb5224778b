"""Reasons and remedies exist in both languages, with the same blanks to fill in."""

import re

import pytest
from django.utils.translation import override

from pacesetter.imports import checking  # noqa: F401 - adds the reasons that only stored data give
from pacesetter.imports.columns import TITLES
from pacesetter.imports.faults import TEXTS, Fault, ValueFault, shown
from pacesetter.web.english import imports, imports_pages

ENGLISH = {**imports.TEXTS, **imports_pages.TEXTS, "%(reason)s": "%(reason)s"}
BLANK = re.compile(r"%\((\w+)\)s")


@pytest.mark.parametrize("code", TEXTS)
def test_every_reason_and_remedy_has_its_english(code):
    with override("zh-hans"):
        for text in map(str, TEXTS[code]):
            assert set(BLANK.findall(ENGLISH[text])) == set(BLANK.findall(text))


def test_every_entity_has_its_english():
    with override("zh-hans"):
        assert {str(title) for title in TITLES.values()} <= set(ENGLISH)


def test_a_fault_speaks_in_whole_sentences():
    with override("zh-hans"):
        assert str(ValueFault("no_such_month", month=13)) == "没有 13 月。改正月份。"
        fault = Fault("a.csv", 12, "成交日期", "2026/13/05", "no_such_month", {"month": 13})
        assert fault.reason == "没有 13 月。改正月份。"
        assert str(ValueFault("credits_sum", sum=90)) == "份额合计是 90%，不是 100%。改到合计正好 100%。"
        assert str(ValueFault("percent_shape")) == "不是百分比。写成 12% 或 0.12。"


def test_a_value_is_shown_short_and_printable():
    assert shown("a\x00b") == "a·b"
    assert len(shown("长" * 500)) == 81
