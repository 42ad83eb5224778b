"""Everything that can be wrong with an imported file, row or value: a code, the reason, and what to do about it.

`ValueFault(code, **params)` is raised by parsers of one value. `Fault` is the same with its place: file, row as the spreadsheet
shows it (header = 1; None = the whole file), column header, value as it stands in the file.
Texts are translated when they are shown; `reason` names the fact, `remedy` the next step.
"""

# One declaration is one line of a table, however wide.
# ruff: noqa: E501
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

# The longest value that a report repeats; the file itself holds the rest.
SHOWN = 80

# code → (reason, remedy)
TEXTS: dict[str, tuple[Any, Any]] = {
    # one value
    "beyond_calendar": (_("日历只到 %(first)s 至 %(last)s 年"), _("改成这些年里的期间")),
    "outside_period": (_("生效日期不在目标的期间内"), _("改成期间内的一天，或留空：从期间第一天起")),
    "required": (_("这一格是空的，但它是必填的"), _("补上后再传")),
    "too_long": (_("超过 %(limit)s 个字"), _("缩短后再传")),
    "control_character": (_("含有看不见的控制字符（%(char)s）"), _("删掉这个字符，或重新输入这一格")),
    "damaged_text": (_("有字符已损坏（%(char)s）"), _("从原系统重新导出，选 UTF-8 或 Excel 格式")),
    "formula_error": (_("这是公式错误 %(value)s，不是值"), _("在表格里改好公式，或换成数值")),
    "wrong_type": (_("这里要%(wanted)s，文件里是%(found)s"), _("把这一格改成%(wanted)s")),
    "damaged_id": (_("编号被表格软件改成了科学计数或截断"), _("把这一列设为文本，从原系统重新导出")),
    "id_shape": (_("编号里不能有空格或换行"), _("改成原系统里的编号")),
    "mobile_shape": (_("不是手机号码"), _("填 11 位手机号，或以 + 开头的国际号码")),
    "phone_shape": (_("不是电话号码"), _("只留数字、空格、横线和括号")),
    "email_shape": (_("不是邮箱地址"), _("填 名字@域名 的形式")),
    "not_a_number": (_("不是数字"), _("只填数字，例如 12480.50")),
    "exponent": (_("用了科学计数法，可能已丢位数"), _("把这一列设为数值格式，写出全部数字")),
    "decimal_comma": (_("逗号的位置既不是千分位，也说不清是不是小数点"), _("小数点用 . ，千分位写成 1,234 或不写")),
    "too_many_decimals": (_("小数超过 %(places)s 位"), _("先定好怎么舍入，在文件里改好；或用声明了舍入规则的预设")),
    "too_large": (_("超出可记录的范围"), _("检查单位和小数点")),
    "other_currency": (_("币种是 %(found)s，公司用 %(expected)s"), _("换算成 %(expected)s 后再传")),
    "unit_unknown": (_("“%(value)s”不是金额单位"), _("写成 元、千元、万元 或 亿元")),
    "units_disagree": (_("这一行的单位是%(found)s，“%(header)s”列按%(expected)s"), _("改成一致，或去掉其中一个")),
    "negative": (_("不能是负数"), _("检查正负号；退款请用退款记录")),
    "percent_shape": (_("不是百分比"), _("写成 12%% 或 0.12")),
    "percent_unclear": (_("没有 %% 号，说不清是比例还是百分数"), _("写成 12%% 或 0.12")),
    "not_integer": (_("不是整数"), _("只填整数")),
    "not_boolean": (_("不是“是”或“否”"), _("填 是 或 否")),
    "unknown_word": (_("不在可选项里"), _("改成其中之一：%(allowed)s；或在对应表里说明它是哪一个")),
    "date_shape": (_("不是日期"), _("写成 2026-03-05")),
    "date_incomplete": (_("日期缺了年、月或日"), _("写全，例如 2026-03-05")),
    "no_such_month": (_("没有 %(month)s 月"), _("改正月份")),
    "no_such_day": (_("%(year)s 年 %(month)s 月没有 %(day)s 日"), _("改正日期")),
    "date_ambiguous": (
        _("可以读成 %(one)s，也可以读成 %(other)s，整列都看不出是哪一种"),
        _("选定这一列是 月/日/年 还是 日/月/年，或写成 2026-03-05"),
    ),
    "two_digit_year": (_("年份只有两位"), _("写四位年份")),
    "date_range": (_("日期要在 1970 到 2100 年之间"), _("改正年份")),
    "time_shape": (_("时间不对"), _("写成 2026-03-05 14:05")),
    "credits_shape": (_("看不出谁分多少"), _("写成 张三:60;李四:40")),
    "credits_sum": (_("份额合计是 %(sum)s%%，不是 100%%"), _("改到合计正好 100%%")),
    "credits_twice": (_("%(who)s 出现了两次"), _("一人写一次")),
    "too_many": (_("超过 %(limit)s 个"), _("分成多行")),
    # one row
    "too_few_cells": (_("这一行只有 %(found)s 格，表头有 %(expected)s 格"), _("补齐缺的格，或检查分隔符和引号")),
    "too_many_cells": (_("这一行有 %(found)s 格，表头只有 %(expected)s 格"), _("含分隔符的内容要用引号括起来")),
    "bad_quote": (_("引号的位置不对"), _("单元格里的引号写成两个，整格用引号括起来")),
    "unclosed_quote": (_("从这一行起引号没有成对"), _("补上缺的引号")),
    "huge_cell": (_("这一格超过 32,767 个字；也可能是前面的引号没有成对"), _("缩短，或补上引号")),
    "json_nested": (_("这一项里又是一个列表或对象"), _("每个字段只放一个值")),
    "json_not_object": (_("这一项不是对象"), _("每条记录写成 {\"列名\": 值}")),
    "json_duplicate_key": (_("同一条记录里“%(key)s”出现了两次"), _("只留一个")),
    "duplicate_key": (_("和第 %(row)s 行的%(column)s相同"), _("删掉重复的一行，或改正编号")),
    "total_row": (_("这是%(word)s行，不是记录"), _("不用处理")),
    "preset_ignores": (_("这个预设不用这份文件"), _("不用处理")),
    "before_opening": (_("%(later)s早于%(earlier)s"), _("核对两个日期")),
    "unknown_return": (_("找不到被退回的订单"), _("核对订单编号")),
    "group_differs": (_("同一单的各行“%(column)s”不一致（第 %(row)s 行是 %(other)s）"), _("改成一致，或拆成两单")),
    "owner_unknown": (_("这个区域没有负责人"), _("在人员文件里补上这个区域")),
    "owner_unclear": (_("这个区域有几位可能的负责人：%(people)s"), _("在人员文件里标明谁是主管，或改成按姓名找")),
    "return_of_several": (_("写了退回金额，但这个编号有 %(count)s 单，分不清退的是哪一单"), _("写完整的商机编号，或不填金额、整单退回")),
    "return_not_dated": (_("看不出哪天退回：订单里没有“%(column)s”"), _("在文件里加退回日期，或改用成交日期")),
    "no_deals": (_("没有商机或成交"), _("不用处理；确认此人是否在岗")),
    "date_mixed": (_("这一列里月和日的顺序不一致"), _("统一成 2026-03-05 的写法")),
    # the whole file
    "missing_file": (_("预设里的这份文件没有传"), _("如果已导入过，不用处理")),
    "empty_file": (_("文件是空的"), _("重新导出后再传")),
    "no_rows": (_("只有表头，没有数据"), _("确认导出时选了数据")),
    "no_header": (_("找不到表头"), _("第一行写列名；可下载模板")),
    "duplicate_header": (_("两列都叫“%(header)s”"), _("改名或删掉一列")),
    "two_columns": (_("“%(one)s”和“%(other)s”都对应到%(field)s"), _("只留一列，或把另一列设为不导入")),
    "missing_column": (_("缺少必填的列：%(field)s"), _("补上这一列，或在映射里指定")),
    "undecodable": (_("这一行有字节不属于 %(encoding)s 编码"), _("用 Excel 另存为 CSV UTF-8 后再传")),
    "unknown_encoding": (_("认不出文件的编码"), _("用 Excel 另存为 CSV UTF-8 后再传")),
    "too_many_rows": (_("超过 %(limit)s 行"), _("分成几份再传")),
    "too_many_columns": (_("超过 %(limit)s 列"), _("只保留要导入的列")),
    "not_a_table": (_("这不是表格文件（像是 %(found)s）"), _("传 CSV、XLSX、XLS 或 JSON")),
    "encrypted": (_("文件加了密码"), _("去掉密码后再传")),
    "zip_bomb": (_("压缩包展开后大得不正常"), _("用表格软件另存一份再传")),
    "xml_entities": (_("文件里有外部实体或 DTD 声明"), _("用表格软件另存一份再传")),
    "unreadable": (_("文件已损坏，读不出来"), _("用表格软件打开后另存一份再传")),
    "too_slow": (_("10 秒内没有读完"), _("另存为 CSV，或分成几份再传")),
    "too_big": (_("展开后占用内存过多"), _("另存为 CSV，或分成几份再传")),
    "no_data_sheet": (_("没有一张可见的工作表有数据"), _("把数据放在可见的工作表里")),
    "sheets_left": (_("只读了工作表“%(read)s”，没有读：%(others)s"), _("要读别的工作表，请在页面上选它，或用 --sheet 指定")),
    "columns_aside": (_("%(count)s 列没有对应的字段，原样留在记录里：%(columns)s"), _("要导入这些列，请在页面上指定，或改表头")),
    "sheet_missing": (_("没有叫“%(sheet)s”的工作表"), _("选文件里有的工作表")),
    "json_shape": (_("不是 JSON 对象的列表"), _("写成 [{\"列名\": 值}, …]")),
    "json_number": (_("含有 %(value)s，它不是 JSON 允许的数"), _("换成数值或 null")),
    "unknown_file": (_("看不出这份文件是什么"), _("在页面上选定它是哪一类数据")),
    "unknown_preset_file": (_("这个预设里没有这份文件"), _("核对文件名，或换一个预设")),
    "currency_needed": (_("不认识的币种 %(currency)s"), _("用三位币种代码，例如 CNY")),
}  # fmt: skip


# what these name are words of the product, which a reader reads in his language
_WORDS = ("entity", "allowed")


def _say(text: str, params: Mapping[str, Any]) -> str:
    if "%" not in text:
        return text
    told = {name: _in_words(str(value)) if name in _WORDS else value for name, value in params.items()}
    return text % told


def _in_words(words: str) -> str:
    """`拜访、电话` as the reader writes it: the English of a choice is one that files may hold."""
    told = [pgettext("in files", word) for word in words.split("、")]
    return "、".join(told) if told == words.split("、") else ", ".join(told)


def reason(code: str, params: Mapping[str, Any]) -> str:
    """The fact in the reader's language."""
    return _say(str(TEXTS[code][0]), params)


def remedy(code: str, params: Mapping[str, Any]) -> str:
    """The next step in the reader's language."""
    return _say(str(TEXTS[code][1]), params)


def sentences(code: str, params: Mapping[str, Any]) -> str:
    """Reason and remedy, as error lists show them."""
    return str(_("{reason}。{remedy}。")).format(reason=reason(code, params), remedy=remedy(code, params))


class ValueFault(ValueError):
    """A value that cannot be stored as what it should be."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        return sentences(self.code, self.params)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong at a place. `row` None = the whole file; `column` is the header as it stands in the file.

    `level`: `error` refuses the row (or file), `ignored` and `duplicate` count it so, `warning` counts nothing.
    `rows` > 1 where one fault stands for several rows of the file (a file that is ignored as a whole).
    """

    file: str
    row: int | None
    column: str
    value: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    level: str = "error"
    rows: int = 1

    @property
    def reason(self) -> str:
        """Reason and remedy in one sentence pair, as the error list shows it."""
        return sentences(self.code, self.params)


def shown(value: str) -> str:
    """A value short and printable enough for a report."""
    text = "".join(char if char.isprintable() else "·" for char in value[: SHOWN + 1])
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"
