"""Files as people really have them: encodings, delimiters, titles, totals, two-line headers, what hides in .xls."""

import io
import json
import struct
import subprocess
import sys
import zipfile
from datetime import date, datetime

import pytest
import xlsxwriter

from pacesetter.imports.cells import number_text
from pacesetter.imports.mapping import is_header_word
from pacesetter.imports.reading import delimited, read
from pacesetter.imports.reading.compound import errors_in_xls
from pacesetter.imports.sources import Choices, open_paths
from pacesetter.imports.tables import Record

HEAD = "商机编号,客户,负责人,成交额,成交日期\n"
ROWS = 'D1,海川机械,王敏,"1,000.50",2026-03-05\nD2,远航物流,李四,200,2026-03-06\n'


def table(content, name="a.csv"):
    book = read(content if isinstance(content, bytes) else content.encode(), name, known=is_header_word)
    assert not book.faults, book.faults
    return book.sheets[0]


def cells(sheet):
    return [(row.number, list(row.cells)) for row in sheet.rows()]


def records(content, entity="deals", name="a.csv", **more):
    found = list(
        open_paths([(name, content if isinstance(content, bytes) else content.encode())], entity, **more).records()
    )
    return [item for item in found if isinstance(item, Record)], [
        item for item in found if not isinstance(item, Record)
    ]


@pytest.mark.parametrize(
    ("codec", "label"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-bom"),
        ("gbk", "gb18030"),
        ("gb18030", "gb18030"),
        ("utf-16", "utf-16-le"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_encoding_and_delimiter_are_found(codec, label, delimiter):
    text = (HEAD + ROWS.replace('"1,000.50"', "1000.50")).replace(",", delimiter)
    sheet = table(text.encode(codec))
    assert (sheet.encoding, sheet.delimiter) == (label, delimiter)
    assert sheet.headers == ["商机编号", "客户", "负责人", "成交额", "成交日期"]
    assert cells(sheet)[1] == (3, ["D2", "远航物流", "李四", "200", "2026-03-06"])


def test_rare_characters_of_gb18030_are_read():
    sheet = table("姓名,备注\n王堃喆,𠮷\n李四,好\n张三,客户很好\n".encode("gb18030"))
    assert cells(sheet)[0] == (2, ["王堃喆", "𠮷"])


def test_latin_1_is_not_taken_for_chinese():
    [], faults = records("name,mobile\nJosé Núñez,\nMüller,\n".encode("latin-1"), "people")
    assert [(fault.row, fault.column, fault.code) for fault in faults] == [
        (2, "name", "undecodable"),
        (3, "name", "undecodable"),
    ]


def test_a_separator_line_of_excel_is_no_row():
    sheet = table("sep=;\n姓名;手机\n王敏;13800138000\n")
    assert (sheet.header_row, cells(sheet)) == (1, [(2, ["王敏", "13800138000"])])


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end(end):
    assert cells(table((HEAD + ROWS).replace("\n", end)))[1][0] == 3


def test_rows_are_numbered_as_the_spreadsheet_shows_them():
    sheet = table('姓名,备注\n王敏,"两\n行"\n\n李四,x\n  ,\u3000\n张三,y\n')
    assert [number for number, _ in cells(sheet)] == [2, 4, 6]


def test_titles_above_the_header_are_stepped_over():
    text = "三月成交明细,,,,\n导出时间：2026-04-01,导出人：王敏,,,\n" + HEAD + ROWS
    sheet = table(text)
    assert sheet.header_row == 3
    assert [number for number, _ in cells(sheet)] == [4, 5]


def test_a_two_line_header_becomes_one():
    text = "客户,应收,,回款,\n,日期,金额,日期,金额\n海川,2026-03-01,100,2026-03-05,100\n"
    sheet = table(text)
    assert (sheet.header_row, sheet.header.last_row) == (1, 2)
    assert sheet.headers == ["客户", "应收日期", "应收金额", "回款日期", "回款金额"]
    made, faults = records(text, "collections")
    assert not faults
    assert (made[0].row, made[0].values["due_amount"], made[0].values["received_on"]) == (3, 10_000, date(2026, 3, 5))


def test_a_missing_header_is_no_second_header_line():
    sheet = table("姓名,,团队\n王敏,x,一队\n李四,y,二队\n")
    assert sheet.headers == ["姓名", "", "团队"]
    assert [number for number, _ in cells(sheet)] == [2, 3]


def test_total_rows_are_ignored_with_a_reason_and_customers_called_total_are_not():
    text = HEAD + ROWS + '小计,,,1200.50,\n合计：,,,"1,200.50",\n'
    made, faults = records(text)
    assert len(made) == 2
    assert [(fault.row, fault.code, fault.level) for fault in faults] == [
        (4, "total_row", "ignored"),
        (5, "total_row", "ignored"),
    ]
    text = "客户名称,规模\n海川,30\n合计,12\n"
    assert [record.values["name"] for record in records(text, "customers")[0]] == ["海川", "合计"]
    text = "客户名称,规模\n海川,30\n远航,12\n合计,42\n"
    assert [record.values["name"] for record in records(text, "customers")[0]] == ["海川", "远航"]
    text = HEAD + "D1,总计科技有限公司,王敏,5,2026-03-05\n"
    assert len(records(text)[0]) == 1


def test_trailing_blank_cells_do_no_harm():
    assert cells(table("姓名,手机,\n王敏,13800138000,,,\n李四,13900139000\n")) == [
        (2, ["王敏", "13800138000", ""]),
        (3, ["李四", "13900139000", ""]),
    ]


def test_an_apostrophe_that_protects_a_formula_comes_off():
    sheet = table("姓名,备注\n'=1+1,'-5\nO'Hara,'tis\n")
    assert cells(sheet) == [(2, ["=1+1", "-5"]), (3, ["O'Hara", "'tis"])]


def test_what_looks_like_a_formula_stays_text():
    made, faults = records("姓名,备注\n=cmd|' /C calc'!A0,+1+1\n", "people")
    assert not faults
    assert made[0].values["name"] == "=cmd|' /C calc'!A0"


def test_a_million_rows_are_too_many_for_a_sheet(monkeypatch):
    monkeypatch.setattr("pacesetter.imports.reading.table.MAX_ROWS", 10)
    _, faults = records("姓名\n" + "王敏\n" * 20, "people")
    assert [(fault.row, fault.code) for fault in faults] == [(11, "too_many_rows")]


def test_too_many_columns_are_refused():
    book = read((",".join(f"c{i}" for i in range(1_200)) + "\n" + "1," * 1_199 + "1\n").encode(), "a.csv")
    assert book.faults[0].code == "too_many_columns"


def workbook(fill, **options):
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, **options})
    fill(book)
    book.close()
    return out.getvalue()


@pytest.mark.parametrize("epoch_1904", [False, True])
def test_a_workbook_gives_dates_numbers_and_leading_zeros_as_shown(epoch_1904):
    def fill(book):
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        percent = book.add_format({"num_format": "0%"})
        sheet.write_row(0, 0, ["商机编号", "客户", "成交额", "成交日期", "负责人", "折扣", "数量", "备注"])
        sheet.write_string(1, 0, "000123")
        sheet.write_row(1, 1, ["海川", 129.696 * 100])
        sheet.write_datetime(1, 3, datetime(2026, 3, 5), day)
        sheet.write_number(1, 4, 13800138000)
        sheet.write_number(1, 5, 0.12, percent)
        sheet.write_number(1, 6, 0.1 + 0.2)
        # a serial that nobody formatted as a date
        sheet.write_row(2, 0, ["D2", "远航", 5, 46086 - (1462 if epoch_1904 else 0), "王敏"])

    made, faults = records(workbook(fill, date_1904=epoch_1904), name="a.xlsx")
    assert not faults
    first, second = made
    assert first.values["deal_no"] == "000123"
    assert first.values["amount"] == 1_296_960
    assert first.values["closed_on"] == date(2026, 3, 5)
    assert first.values["owner"] == "13800138000"
    [line] = first.values["lines"]
    assert (str(line["discount"]), str(line["quantity"])) == ("3/25", "0.3")
    assert second.values["closed_on"] == date(2026, 3, 5)


def test_hidden_sheets_are_passed_over_and_the_fitting_sheet_is_chosen():
    def fill(book):
        hidden = book.add_worksheet("旧")
        hidden.write_row(0, 0, ["客户名称"])
        hidden.write_row(1, 0, ["不要"])
        hidden.hide()
        cover = book.add_worksheet("说明")
        cover.write_row(0, 0, ["填写说明", "要点"])
        cover.write_row(1, 0, ["一", "二"])
        data = book.add_worksheet("客户")
        data.write_row(0, 0, ["客户名称", "行业"])
        data.write_row(1, 0, ["海川", "制造"])
        data.activate()

    content = workbook(fill)
    made, faults = records(content, "customers", "a.xlsx")
    assert [(fault.code, fault.value, fault.level) for fault in faults] == [("sheets_left", "说明", "warning")]
    assert [record.values["name"] for record in made] == ["海川"]
    assert read(content, "a.xlsx").hidden == ["旧"]
    _, faults = records(content, "customers", "a.xlsx", choices={"a.xlsx": Choices(sheet="没有")})
    assert faults[0].code == "sheet_missing"


def test_a_sheet_with_one_far_cell_does_not_take_the_machine():
    def fill(book):
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["姓名", "手机"])
        sheet.write(1, 0, "王敏")
        sheet.write(1_048_575, 16_383, "x")

    book = read(workbook(fill), "a.xlsx")
    assert book.faults or list(book.sheets[0].rows())


def test_html_inside_xls_is_read():
    html = (
        "<html><head><meta charset='gb2312'></head><body><table><tr><td colspan=2>三月</td></tr>"
        "<tr><th>姓名</th><th>工号</th></tr><tr><td>王敏&nbsp;</td><td style='mso-number-format:\"\\@\"'>0007</td></tr>"
        "<tr><td>李四</td><td>0008</td></tr></table></body></html>"
    )
    made, faults = records(html.encode("gbk"), "people", "人员.xls")
    assert not faults
    assert [(record.row, record.values["name"], record.values["employee_no"]) for record in made] == [
        (3, "王敏", "0007"),
        (4, "李四", "0008"),
    ]


def test_a_spanning_cell_of_html_keeps_its_columns():
    html = (
        "<table><tr><th>团队</th><th>姓名</th></tr>"
        "<tr><td rowspan=2>一队</td><td>王敏</td></tr><tr><td>李四</td></tr></table>"
    )
    assert cells(table(html, "a.xls")) == [(2, ["一队", "王敏"]), (3, ["", "李四"])]


def test_text_inside_xls_is_read():
    assert cells(table("姓名\t工号\n王敏\t0007\n", "a.xls")) == [(2, ["王敏", "0007"])]


def test_xml_spreadsheet_is_read_and_its_doctype_refused():
    xml = """<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
     xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="一"><Table>
     <Row><Cell><Data ss:Type="String">姓名</Data></Cell><Cell><Data ss:Type="String">入职日期</Data></Cell></Row>
     <Row ss:Index="4"><Cell><Data ss:Type="String">王敏</Data></Cell>
     <Cell><Data ss:Type="DateTime">2025-11-03T00:00:00.000</Data></Cell></Row></Table></Worksheet></Workbook>"""
    made, faults = records(xml, "people", "a.xls")
    assert not faults
    assert (made[0].row, made[0].values["hire_on"]) == (4, date(2025, 11, 3))
    book = read(xml.replace("<Workbook", "<!DOCTYPE x><Workbook", 1).encode(), "a.xls")
    assert book.faults[0].code == "xml_entities"


def test_json_and_json_lines_are_read():
    rows = [{"姓名": "王敏", "工号": "0007"}, {"姓名": "李四", "手机": 13800138000}]
    made, faults = records(json.dumps(rows), "people", "a.json")
    assert not faults
    assert [(record.row, record.values["mobile"]) for record in made] == [(2, None), (3, "13800138000")]
    made, faults = records("\n".join(json.dumps(row) for row in rows), "people", "a.jsonl")
    assert len(made) == 2
    assert not faults


def test_overlapping_or_too_many_entries_are_a_bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        for number in range(2_100):
            archive.writestr(f"x{number}", "")
    assert read(out.getvalue(), "a.xlsx").faults[0].code == "zip_bomb"


def test_the_reader_of_workbooks_is_limited_in_memory():
    script = "import runpy,sys; sys.argv=['child','xlsx','x','y','200','5']; runpy.run_path(%r, run_name='x')['main'];"
    from pacesetter.imports.reading import workbook as module

    done = subprocess.run([sys.executable, "-c", script % str(module._CHILD)], check=False, timeout=20)
    assert done.returncode == 0
    assert module.MEMORY_MB <= 300


def test_the_child_writes_numbers_as_the_parent_would():
    from pacesetter.imports.reading import child

    for value in (129.696, 13800138000.0, 125.43999999999998, 1.23e17, 1e-7, -0.0, 0.1 + 0.2, 1e15, 999999999999999.0):
        assert child.number_text(value) == number_text(value)


def test_the_field_limit_holds():
    assert delimited.csv.field_size_limit() == 1_000_000


def test_spans_cannot_blow_a_small_file_up():
    html = "<table>" + "<tr>" + "<td colspan=1000>x</td>" * 4_000 + "</tr></table>"
    assert read(html.encode(), "a.xls").faults[0].code == "too_big"
    xml = (
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
        + '<Worksheet><Table><Row ss:Index="1048576"><Cell/></Row></Table></Worksheet>' * 5
        + "</Workbook>"
    )
    assert read(xml.encode(), "a.xls").faults[0].code == "too_big"


def compound(stream):
    """A compound file of one stream: header, one sector of table, one of directory, the rest is the stream."""
    stream = stream.ljust(4_608, b"\0")
    count = len(stream) // 512
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 10
    head += struct.pack("<IIIIIIIII", 1, 1, 0, 4_096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0)
    head += b"\xff\xff\xff\xff" * 108
    table = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, 2 + count), 0xFFFFFFFE]
    table += [0xFFFFFFFF] * (128 - len(table))

    def entry(name, kind, start, size):
        wide = (name + "\0").encode("utf-16-le")
        return (
            wide.ljust(64, b"\0")
            + struct.pack("<HB", len(wide), kind)
            + b"\0" * 49
            + struct.pack("<III", start, size, 0)
        )

    directory = entry("Root Entry", 5, 0xFFFFFFFE, 0) + entry("Workbook", 2, 2, len(stream)) + b"\0" * 256
    return head + struct.pack("<128I", *table) + directory + stream


def test_formula_errors_of_old_workbooks_are_found():
    def record(kind, content=b""):
        return struct.pack("<HH", kind, len(content)) + content

    name = "数据".encode("utf-16-le")
    sheet_entry = struct.pack("<IBB", 0, 0, 0) + bytes([2, 1]) + name
    start = len(record(0x809, b"\0" * 16) + record(0x85, sheet_entry) + record(0x0A))
    sheet_entry = struct.pack("<I", start) + sheet_entry[4:]
    stream = record(0x809, b"\0" * 16) + record(0x85, sheet_entry) + record(0x0A) + record(0x809, b"\0" * 16)
    stream += record(0x205, struct.pack("<HHHBB", 2, 3, 0, 0x2A, 1))
    stream += record(0x205, struct.pack("<HHHBB", 4, 3, 0, 1, 0))
    stream += record(0x06, struct.pack("<HHH", 5, 0, 0) + b"\x02\0\x17\0\0\0\xff\xff" + b"\0" * 8)
    stream += record(0x0A)
    assert errors_in_xls(compound(stream)) == {"数据": {3: {3: "#N/A"}, 6: {0: "#REF!"}}}
    for cut in (100, 600, 1_100):
        with pytest.raises(ValueError, match="workbook"):
            errors_in_xls(compound(stream)[:cut])
