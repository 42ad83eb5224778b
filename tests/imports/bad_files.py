"""Files that must be refused, each with the row, column, value and reason code that must be named.

`naive` is the control: an importer as it is often written (csv, float, strptime). It must fail every case: crash, or store
something without a word.
"""

# One case is one line of a table, however wide.
# ruff: noqa: E501
from __future__ import annotations

import csv
import functools
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import xlsxwriter

DEALS = "商机编号,商机名称,客户,负责人,成交额,阶段,创建日期,成交日期\n"
GOOD = "D1,一单,海川,王敏,100.00,赢单,2026-01-05,2026-03-05\n"
PEOPLE = "工号,姓名,手机,入职日期\n"


@dataclass(frozen=True)
class Case:
    """One bad file. `row` None = the whole file is refused."""

    id: str
    made: bytes | Callable[[], bytes]
    row: int | None
    column: str
    value: str
    code: str
    entity: str = "deals"
    name: str = "bad.csv"

    @property
    def content(self) -> bytes:
        return self.made() if callable(self.made) else self.made


def deal(**cells: str) -> bytes:
    """A deals file whose second record (row 3) has these cells changed."""
    good = dict(zip(DEALS.strip().split(","), GOOD.strip().split(","), strict=True))
    good["商机编号"] = "D2"
    text = ",".join(_quoted((good | cells)[header]) for header in good)
    return (DEALS + GOOD + text + "\n").encode()


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if any(char in text for char in ',"\n\r') else text


def person(**cells: str) -> bytes:
    """A people file whose second record (row 3) has these cells changed."""
    good = {"工号": "0008", "姓名": "李四", "手机": "13900139000", "入职日期": "2025-11-03"}
    text = ",".join(_quoted((good | cells)[header]) for header in good)
    return (PEOPLE + "0007,王敏,13800138000,2025-11-03\n" + text + "\n").encode()


def workbook(rows: list[list[Any]], **options: Any) -> bytes:
    """An XLSX of one sheet; a callable cell writes itself."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, **options})
    sheet = book.add_worksheet("数据")
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            if callable(cell):
                cell(sheet, number, place)
            else:
                sheet.write(number, place, cell)
    book.close()
    return out.getvalue()


def error(text: str) -> Any:
    """A formula whose result is an error."""
    return lambda sheet, row, place: sheet.write_formula(row, place, "=1/0", None, text)


@functools.cache
def bomb() -> bytes:
    """A workbook whose sheet unpacks to two hundred megabytes; only made for a test that opens it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (200 << 20))
    return out.getvalue()


def entities() -> bytes:
    """A workbook with a DTD that multiplies itself."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "xl/workbook.xml", '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb">]><workbook>&b;</workbook>'
        )
    return out.getvalue()


HEAD = DEALS.strip().split(",")
ROW = GOOD.strip().split(",")


def book_with(column: str, cell: Any, **options: Any) -> bytes:
    """A deals workbook with one cell changed."""
    changed: list[Any] = list(ROW)
    changed[HEAD.index(column)] = cell
    return workbook([HEAD, changed], **options)


def _plain_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("readme.txt", "hello")
    return out.getvalue()


def money(id_: str, value: str, code: str, shown: str | None = None) -> Case:
    return Case(f"money-{id_}", deal(成交额=value), 3, "成交额", value if shown is None else shown, code)


def day(id_: str, value: str, code: str) -> Case:
    return Case(f"day-{id_}", deal(成交日期=value), 3, "成交日期", value, code)


JSON_HEAD = {"商机编号": "D1", "客户": "海川", "负责人": "王敏", "成交额": "1.00", "成交日期": "2026-03-05"}

CASES = [
    money("exponent", "1e3", "exponent"),
    money("signed-exponent", "1.25E+05", "exponent"),
    money("underscore", "1_000", "not_a_number"),
    money("arabic-indic", "١٢٣", "not_a_number"),
    money("nan", "NaN", "not_a_number"),
    money("infinity", "inf", "not_a_number"),
    money("decimal-comma", "1,23", "decimal_comma"),
    money("european", "1.234,56", "decimal_comma"),
    money("lakh", "1,2345", "decimal_comma"),
    money("three-decimals", "1.005", "too_many_decimals"),
    money("other-symbol", "$100", "other_currency"),
    money("other-code", "100 USD", "other_currency"),
    money("euro", "€5", "other_currency"),
    money("too-large", "90000000000000.01", "too_large"),
    money("text", "一百", "not_a_number"),
    money("two-points", "1.2.3", "not_a_number"),
    money("percent", "12%", "not_a_number"),
    money("formula-error", "#REF!", "formula_error"),
    money("double-sign", "--5", "not_a_number"),
    day("month-13", "2026/13/05", "no_such_month"),
    day("30-february", "2026-02-30", "no_such_day"),
    day("29-february", "2025-02-29", "no_such_day"),
    day("two-digit-year", "26/3/5", "two_digit_year"),
    day("ambiguous", "3/5/2026", "date_ambiguous"),
    day("no-year", "3月5日", "date_incomplete"),
    day("no-day", "2026-03", "date_incomplete"),
    day("before-1970", "1900-01-01", "date_range"),
    day("after-2100", "2101-01-01", "date_range"),
    day("zero", "0000-00-00", "no_such_month"),
    day("text", "昨天", "date_shape"),
    day("bad-time", "2026-03-05 25:00", "time_shape"),
    day("serial-among-texts", "46086", "date_shape"),
    Case("word-unknown-stage", deal(阶段="快成了"), 3, "阶段", "快成了", "unknown_word"),
    Case("text-control", deal(商机名称="一\x07单"), 3, "商机名称", "一·单", "control_character"),
    Case("text-nul", deal(商机名称="一\x00单"), 3, "商机名称", "一·单", "control_character"),
    Case("text-replacement", deal(商机名称="一\ufffd单"), 3, "商机名称", "一\ufffd单", "damaged_text"),
    Case("text-too-long", deal(商机名称="长" * 201), 3, "商机名称", "长" * 80 + "…", "too_long"),
    Case("cell-huge", deal(商机名称="长" * 40_000), 3, "商机名称", "长" * 80 + "…", "huge_cell"),
    Case("id-scientific", deal(商机编号="1.23E+11"), 3, "商机编号", "1.23E+11", "damaged_id"),
    Case("mobile-scientific", person(手机="1.38E+10"), 3, "手机", "1.38E+10", "damaged_id", "people"),
    Case("mobile-short", person(手机="1380013800"), 3, "手机", "1380013800", "mobile_shape", "people"),
    Case("mobile-float", person(手机="13800138000.0"), 3, "手机", "13800138000.0", "mobile_shape", "people"),
    Case("required", person(姓名=""), 3, "姓名", "", "required", "people"),
    Case("required-blank", person(姓名="\u3000 "), 3, "姓名", "", "required", "people"),
    Case("row-too-many", (DEALS + GOOD + "D2,一,单,海川,王敏,1,赢单,2026-01-05,2026-03-05\n").encode(), 3, "",
         "D2 | 一 | 单 | 海川 | 王敏 | 1 | 赢单 | 2026-01-05 | 2026-03-05", "too_many_cells"),
    Case("row-too-few", (DEALS + GOOD + "D2,一单,海川\n").encode(), 3, "", "D2 | 一单 | 海川", "too_few_cells"),
    Case("quote-open", (DEALS + GOOD + '"D2,一单,海川,王敏,1,赢单,2026-01-05,2026-03-05\n').encode(), 3, "", "", "unclosed_quote"),
    Case("quote-inside", (DEALS + GOOD + '"D2"x,一单,海川,王敏,1,赢单,2026-01-05,2026-03-05\n').encode(), 3, "", "", "bad_quote"),
    Case("row-after-multiline", (DEALS + '"D1","一\n单",海川,王敏,1,赢单,2026-01-05,2026-03-05\n' + GOOD.replace("100.00", "x")
         .replace("D1", "D2")).encode(), 3, "成交额", "x", "not_a_number"),
    Case("row-after-blank", (DEALS + "\n" + GOOD.replace("100.00", "x")).encode(), 3, "成交额", "x", "not_a_number"),
    Case("bytes-bad", (DEALS + GOOD).encode() + b"D2,\xff\xfe\xfa,\xe6\xb5,\xe7\x8e,1,x,2026-01-05,2026-03-05\n", 3, "商机名称", "···",
         "undecodable"),
    Case("bytes-gbk-in-utf8", (DEALS + GOOD).encode() + "D2,海单,海川,王敏,1,赢单,2026-01-05,2026-03-05\n".encode("gbk"), 3, "商机名称",
         "····", "undecodable"),
    Case("empty", b"", None, "", "", "empty_file"),
    Case("only-bom", b"\xef\xbb\xbf\r\n", None, "", "", "empty_file"),
    Case("header-only", DEALS.encode(), None, "", "", "no_rows"),
    Case("header-twice", DEALS.replace("商机名称", "成交额").encode() + GOOD.encode(), None, "", "", "duplicate_header"),
    Case("two-columns", DEALS.replace("商机名称", "销售额").replace("成交额", "合同金额").encode() + GOOD.encode(), None, "", "", "two_columns"),
    Case("column-missing", b"\xe5\xb7\xa5\xe5\x8f\xb7,\xe6\x89\x8b\xe6\x9c\xba\n0007,13800138000\n", None, "", "", "missing_column", "people"),
    Case("pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", None, "", "", "not_a_table"),
    Case("zip", _plain_zip(), None, "", "", "not_a_table", name="bad.xlsx"),
    Case("xlsx-bomb", bomb, None, "", "", "zip_bomb", name="bad.xlsx"),
    Case("xlsx-entities", entities(), None, "", "", "xml_entities", name="bad.xlsx"),
    Case("xlsx-cut", workbook([HEAD, ROW])[:-400], None, "", "", "unreadable", name="bad.xlsx"),
    Case("xlsx-encrypted", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600,
         None, "", "", "encrypted", name="bad.xlsx"),
    Case("xls-broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000, None, "", "", "unreadable", name="bad.xls"),
    Case("xlsx-formula-error", book_with("成交额", error("#N/A")), 2, "成交额", "#N/A", "formula_error", name="bad.xlsx"),
    Case("xlsx-ref-error", book_with("客户", error("#REF!")), 2, "客户", "#REF!", "formula_error", name="bad.xlsx"),
    Case("xlsx-boolean-name", book_with("商机名称", True), 2, "商机名称", "true", "wrong_type", name="bad.xlsx"),
    Case("xlsx-lost-digits", book_with("商机编号", 123456789012345678), 2, "商机编号", "1.23456789012346E+17", "damaged_id", name="bad.xlsx"),
    Case("xlsx-date-as-money", book_with("成交额", datetime(2026, 3, 5), default_date_format="yyyy-mm-dd"), 2, "成交额", "2026-03-05", "not_a_number", name="bad.xlsx"),
    Case("json-twice", b'[{"\xe5\xa7\x93\xe5\x90\x8d": "a", "\xe5\xa7\x93\xe5\x90\x8d": "b"}]', 2, "", "", "json_duplicate_key", "people", "bad.json"),
    Case("json-nan", b'[{"name": "a", "amount": NaN}]', None, "", "", "json_number", name="bad.json"),
    Case("json-nested", json.dumps([JSON_HEAD | {"成交额": [1]}]).encode(), 2, "", "", "json_nested", name="bad.json"),
    Case("json-exponent", json.dumps([JSON_HEAD]).replace('"1.00"', "1e3").encode(), 2, "成交额", "1e3", "exponent", name="bad.json"),
    Case("json-boolean", json.dumps([JSON_HEAD | {"客户": True}]).encode(), 2, "客户", "true", "wrong_type", name="bad.json"),
    Case("json-not-a-list", b'{"name": 1}', None, "", "", "json_shape", name="bad.json"),
    Case("json-number-in-list", b"[1, 2]", None, "", "", "json_shape", name="bad.json"),
    Case("json-cut", b'[{"name": "a"', None, "", "", "json_shape", name="bad.json"),
    Case("json-deep", b"[" * 100_000, None, "", "", "json_shape", name="bad.json"),
]  # fmt: skip


def naive(content: bytes) -> int:
    """The control: returns how many rows it would have stored, or crashes."""
    stored = 0
    for row in csv.DictReader(io.StringIO(content.decode("utf-8", "ignore"))):
        for header, value in row.items():
            if header in ("成交额", "amount"):
                float((value or "0").replace(",", "").replace("_", "").lstrip("$€¥"))
            if header in ("成交日期", "入职日期") and value:
                datetime.strptime(value[:10].replace("/", "-"), "%Y-%m-%d")  # noqa: DTZ007
        stored += 1
    return stored
