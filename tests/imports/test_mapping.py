"""Headers find their columns; never two to one."""

import pytest

from pacesetter.imports.columns import COLUMNS, ENTITIES
from pacesetter.imports.mapping import find, guess, guess_entity, is_header_word, normal


def names(headers, entity):
    return {found.header: found.column.name for found in guess(headers, entity).columns}


@pytest.mark.parametrize("entity", ENTITIES)
@pytest.mark.parametrize("language", ["zh", "en", "name"])
def test_every_column_is_found_by_its_own_headers(entity, language):
    headers = [getattr(column, language) for column in COLUMNS[entity]]
    found = guess(headers, entity)
    assert not found.faults
    assert [mapped.column for mapped in found.columns] == list(COLUMNS[entity])


@pytest.mark.parametrize("entity", ENTITIES)
def test_no_synonym_means_two_columns(entity):
    seen = {}
    for column in COLUMNS[entity]:
        for alias in (column.name, column.zh, column.en, *column.aliases):
            if entity == "activities" and normal(alias) == normal("记录编号"):
                continue
            assert seen.setdefault(normal(alias), column.name) == column.name


@pytest.mark.parametrize("entity", ENTITIES)
def test_a_template_tells_its_own_entity(entity):
    assert guess_entity([column.zh for column in COLUMNS[entity]]) == entity
    assert guess_entity([column.en for column in COLUMNS[entity]]) == entity


def test_a_unit_in_the_header_is_kept():
    found = guess(["成交额（万元）", "折扣(%)", "金额"], "deals").columns
    assert [(mapped.column.name, mapped.unit, mapped.percent) for mapped in found] == [
        ("amount", "万元", ""),
        ("discount", "", "percent"),
    ]
    [mapped] = guess(["合同金额_万元"], "deals").columns
    assert (mapped.column.name, mapped.unit, mapped.confidence) == ("amount", "万元", 0.7)
    [mapped] = guess(["Amount (USD)"], "deals").columns
    assert mapped.currency == "USD"
    [mapped] = guess(["合同金额(含税)"], "deals").columns
    assert mapped.tax == "included"


def test_two_columns_for_one_field_are_refused_and_a_choice_settles_it():
    headers = ["销售额", "合同金额", "客户"]
    assert [fault.code for fault in guess(headers, "deals").faults] == ["two_columns"]
    chosen = guess(headers, "deals", {"合同金额": ""})
    assert not chosen.faults
    assert {mapped.header for mapped in chosen.columns} == {"销售额", "客户"}


def test_the_own_name_beats_a_synonym():
    found = guess(["客户", "公司名称"], "deals")
    assert not found.faults
    assert [(mapped.header, mapped.column.name) for mapped in found.columns] == [("客户", "customer")]
    assert found.unmapped == [1]


def test_signs_and_case_do_not_matter():
    assert find("DEAL_NO", "deals")[0].name == "deal_no"
    assert find("客户 ID", "customers")[0].name == "code"
    assert find("*姓名", "people")[0].name == "name"
    assert find("天气", "people") is None
    assert is_header_word("成交额（万元）")
    assert not is_header_word("海川机械有限公司")


def test_unknown_headers_name_no_entity():
    assert guess_entity(["天气", "温度"]) == ""
    assert guess_entity([]) == ""
