"""One line becomes a card: what is understood, what stays a note, what is offered because it may mean two things.

The day of the tests is Monday 2026-03-16.
"""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pacesetter.activity.rules.sentence import Named, Sentence, parse

TODAY = date(2026, 3, 16)
HAICHUAN, SHORT, AUTO = Named(1, "海川机械有限公司"), Named(2, "海川"), Named(3, "远山自动化")
NORTH, SOUTH, TOMORROW = Named(4, "北方宏达电气"), Named(5, "南方宏达电气"), Named(6, "明天教育")
LATIN, LONG = Named(7, "Brightwell Machinery Ltd"), Named(8, "海川机械设备有限公司")
CUSTOMERS = [HAICHUAN, AUTO, NORTH, SOUTH, TOMORROW, LATIN]
WANG, LI1, LI2, FIELD = Named(11, "王立新", 1), Named(12, "李强", 1), Named(13, "李敏", 1), Named(14, "王大山", 3)
ANNA = Named(15, "Anna Wang", 7)
CONTACTS = [WANG, LI1, LI2, FIELD, ANNA]
KINDS = [("visit", ("拜访", "Visit")), ("call", ("电话", "Call")), ("online", ("线上沟通", "Online meeting")),
         ("proposal", ("提交方案", "Proposal")), ("needs_report", ("需求分析报告", "Needs-analysis report")),
         ("joint_visit", ("陪同拜访", "Joint visit")), ("other", ("其他", "Other")),
         ("stock", ("盘点库存", "Stock count"))]  # fmt: skip
WHOLE = {"kind": "visit", "customer": HAICHUAN, "contact": WANG, "contact_name": "王总", "result": "有意向",
         "next_step": "报价", "next_on": date(2026, 3, 24), "note": ""}  # fmt: skip


def day(number: int, month: int = 3, year: int = 2026) -> date:
    return date(year, month, number)


def told(text: str, customers: list[Named] | None = None) -> Sentence:
    return parse(text, TODAY, CUSTOMERS if customers is None else customers, CONTACTS, KINDS)


TABLE: list[tuple[str, dict[str, Any]]] = [
    # the whole line, with and without spaces, in other orders and other marks
    ("拜访 海川机械 王总 有意向 下周二报价", WHOLE),
    ("拜访海川机械王总有意向下周二报价", WHOLE),
    ("拜访，海川机械，王总，有意向，下周二报价。", WHOLE),
    ("拜访 海川机械 王总 有意向 报价 下周二", WHOLE),
    ("拜访 海川机械 王总 有意向 报价下周二", WHOLE),
    ("海川机械王总，拜访，下周二报价，有意向", WHOLE),
    ("拜访　海川机械　王总　有意向　下周二　报价", WHOLE),
    ("拜访 海川机械有限公司 王立新 有意向 下周二报价", {**WHOLE, "contact_name": "王立新"}),
    ("拜访 海川机械 王总 有意向 下一步：报价 下周二", WHOLE),
    ("visit Brightwell Wang interested next Tuesday quote",
     {"kind": "visit", "customer": LATIN, "contact": ANNA, "contact_name": "Wang", "result": "有意向",
      "next_step": "quote", "next_on": day(24), "note": ""}),
    ("Visit Brightwell Machinery Ltd, Mr Wang, intent, quote next Tuesday",
     {"kind": "visit", "customer": LATIN, "contact": ANNA, "contact_name": "Mr Wang", "result": "有意向",
      "next_step": "quote", "next_on": day(24)}),
    # kinds
    ("电话 海川机械", {"kind": "call", "customer": HAICHUAN}),
    ("打电话给海川机械", {"kind": "call", "customer": HAICHUAN, "note": ""}),
    ("陪访 海川机械 李总", {"kind": "joint_visit", "contacts": (LI1, LI2), "contact": None, "contact_name": "李总"}),
    ("线上沟通 远山自动化", {"kind": "online", "customer": AUTO}),
    ("提交方案 远山自动化", {"kind": "proposal", "customer": AUTO}),
    ("盘点库存 远山自动化", {"kind": "stock", "customer": AUTO}),
    ("海川机械 有意向", {"kind": "", "customer": HAICHUAN, "result": "有意向"}),
    ("其他问题 海川机械", {"kind": "", "note": "其他问题"}),
    ("called Brightwell", {"kind": "call", "customer": LATIN}),
    ("recalled Brightwell", {"kind": "", "customer": LATIN, "note": "recalled"}),
    # the next step is not what was done
    ("拜访 海川机械 明天电话确认", {"kind": "visit", "next_step": "电话确认", "next_on": day(17)}),
    ("明天拜访海川机械", {"kind": "", "next_step": "拜访", "next_on": day(17), "customer": HAICHUAN}),
    ("拜访 海川机械 报价", {"kind": "visit", "next_step": "", "next_on": None, "note": "报价"}),
    ("拜访 海川机械 下一步 打样", {"kind": "visit", "next_step": "打样", "next_on": None, "note": ""}),
    ("拜访 海川机械 下一步 打样 周五", {"next_step": "打样", "next_on": day(20)}),
    ("拜访 海川机械 后天送第二版方案", {"next_step": "送第二版方案", "next_on": day(18)}),
    ("拜访 海川机械 周五去看看", {"next_step": "", "next_on": day(20), "note": "去看看"}),
    # customers
    ("拜访 海川 王总", {"customer": HAICHUAN, "contact": WANG}),
    ("拜访 宏达 王总", {"customer": None, "candidates": (NORTH, SOUTH), "contact": None, "contact_name": "王总"}),
    ("拜访 北方宏达", {"customer": NORTH, "candidates": ()}),
    ("拜访 海川机械和远山自动化", {"customer": None, "candidates": (AUTO, HAICHUAN)}),
    ("拜访 海川 或 远山 有意向", {"customer": None, "candidates": (HAICHUAN, AUTO), "result": "有意向"}),
    ("拜访海川或者远山自动化", {"customer": None, "candidates": (AUTO, HAICHUAN)}),
    ("visit Brightwell or 远山", {"customer": None, "candidates": (LATIN, AUTO)}),
    ("拜访 海川 和 王总", {"customer": HAICHUAN, "candidates": (), "contact": WANG}),
    ("拜访 海川 有意向 远山", {"customer": HAICHUAN, "candidates": (), "note": "远山"}),
    ("拜访 明天教育 有意向", {"customer": TOMORROW, "next_on": None}),
    ("拜访 新海电子 有意向", {"customer": None, "candidates": (), "note": "新海电子"}),
    ("拜访 机械", {"customer": None, "candidates": (), "note": "机械"}),
    # contacts
    ("拜访 海川机械 李经理", {"contact": None, "contacts": (LI1, LI2), "contact_name": "李经理"}),
    ("拜访 海川机械 李敏", {"contact": LI2, "contacts": (), "contact_name": "李敏"}),
    ("拜访 海川机械 张工", {"contact": None, "contacts": (), "contact_name": "张工"}),
    ("拜访 海川机械 刘主任", {"contact_name": "刘主任"}),
    ("拜访 海川机械 欧阳总监", {"contact_name": "欧阳总监"}),
    ("拜访 海川机械 赵德海经理", {"contact_name": "赵德海经理", "note": ""}),
    ("拜访 海川机械 王大山", {"contact": None, "contact_name": "", "note": "王大山"}),
    ("拜访 王总", {"contact": None, "contact_name": "王总", "customer": None}),
    ("拜访 海川机械 张工业园", {"contact_name": "", "note": "张工业园"}),
    ("拜访 海川机械 王总部", {"contact_name": "", "note": "王总部"}),
    # results
    ("海川机械 没有意向", {"result": "", "note": "没有意向"}),
    ("海川机械 不感兴趣", {"result": "", "note": "不感兴趣"}),
    ("Brightwell not interested", {"result": "", "note": "not interested"}),
    ("海川机械 王总 扑空", {"result": "没见到"}),
    ("海川机械 需要方案", {"result": "需方案"}),
    ("海川机械 砍价", {"result": "谈价格"}),
    ("海川机械 再联系", {"result": "再联系"}),
    ("海川机械 暂无需求", {"result": "无需求"}),
    ("海川机械 有意向 谈价格", {"result": "有意向", "note": "谈价格"}),
    # days
    ("昨天拜访了海川机械", {"kind": "visit", "on": day(15), "next_on": None, "note": ""}),
    ("前天 拜访 海川机械 明天报价", {"on": day(14), "next_on": day(17), "next_step": "报价"}),
    ("今天拜访海川机械 大后天报价", {"on": TODAY, "next_on": day(19)}),
    ("拜访 海川机械 本周五报价", {"next_on": day(20)}),
    ("拜访 海川机械 周一报价", {"next_on": day(23)}),
    ("拜访 海川机械 周一", {"next_on": None, "on": None, "note": "周一"}),
    ("上周五拜访海川机械", {"on": day(13), "next_on": None}),
    ("拜访 海川机械 下周 报价", {"next_on": day(23), "next_step": "报价"}),
    ("拜访 海川机械 月底 签合同", {"next_on": day(31), "next_step": "签合同"}),
    ("拜访 海川机械 3天后报价", {"next_on": day(19)}),
    ("拜访 海川机械 两周后报价", {"next_on": day(30)}),
    ("拜访 海川机械 十二天后报价", {"next_on": day(28)}),
    ("拜访 海川机械 三个工作日后报价", {"next_on": None, "note": "三个工作日后报价"}),
    ("拜访 海川机械 3月18日报价", {"next_on": day(18)}),
    ("拜访 海川机械 3-18 报价", {"next_on": day(18), "next_step": "报价"}),
    ("拜访 海川机械 2026-03-18 报价", {"next_on": day(18)}),
    ("拜访 海川机械 3月2日", {"on": day(2), "next_on": None}),
    ("拜访 海川机械 3月2日 报价", {"on": day(2), "next_on": None, "next_step": "", "note": "报价"}),
    ("拜访 海川机械 12月1日报价", {"next_on": None, "on": None, "note": "12月1日报价"}),
    ("拜访 海川机械 2月30日报价", {"next_on": None, "on": None, "note": "2月30日报价"}),
    ("拜访 海川机械 上次3月2日 谈过", {"on": None, "next_on": None, "note": "上次3月2日 谈过"}),
    ("visit Brightwell tomorrow call", {"kind": "visit", "next_step": "call", "next_on": day(17)}),
    ("visit Brightwell quote in 3 days", {"next_step": "quote", "next_on": day(19)}),
    ("visit Brightwell quote on Friday", {"next_step": "quote", "next_on": day(20), "note": ""}),
    # times, lengths, amounts
    ("拜访 海川机械 明天下午3点报价", {"next_time": time(15), "next_step": "报价", "time": None}),
    ("14:05 拜访 海川机械", {"time": time(14, 5), "next_time": None}),
    ("拜访 海川机械 3点", {"time": None, "note": "3点"}),
    ("拜访 海川机械 30分钟", {"minutes": 30}),
    ("拜访 海川机械 半小时", {"minutes": 30}),
    ("拜访 海川机械 一个半小时", {"minutes": 90}),
    ("拜访 海川机械 1.5小时", {"minutes": 90}),
    ("visit Brightwell 45 min", {"minutes": 45}),
    ("拜访 海川机械 8.6万", {"amount_minor": 8_600_000}),
    ("拜访 海川机械 12万元", {"amount_minor": 12_000_000}),
    ("拜访 海川机械 3000元", {"amount_minor": 300_000}),
    ("拜访 海川机械 ¥86,000", {"amount_minor": 8_600_000}),
    ("拜访 海川机械 ￥86,000.50", {"amount_minor": 8_600_050}),
    ("拜访 海川机械 3000", {"amount_minor": None, "note": "3000"}),
    ("拜访 海川机械 8万台", {"amount_minor": None, "note": "8万台"}),
    ("拜访 海川机械 3.333元", {"amount_minor": None, "note": "3.333元"}),
    # what is not known stays, in its order
    ("担心交期，拜访 海川机械 要我们保证", {"note": "担心交期 要我们保证"}),
    ("", {"kind": "", "customer": None, "note": ""}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "parts"), TABLE, ids=[text or "nothing" for text, _parts in TABLE])
def test_a_line_is_understood(text: str, parts: dict[str, Any]):
    card = told(text)
    assert {name: getattr(card, name) for name in parts} == parts


def test_the_longest_name_wins_and_a_name_said_in_full_is_no_part_of_another():
    assert told("拜访海川机械设备王总", [HAICHUAN, LONG]).customer == LONG
    assert told("拜访海川机械王总", [HAICHUAN, LONG]).customer == HAICHUAN
    assert told("拜访海川王总", [HAICHUAN, SHORT]).customer == SHORT
    assert told("拜访海川机械王总", [HAICHUAN, SHORT]).customer == HAICHUAN
    twins = [Named(21, "同名电子"), Named(22, "同名电子")]
    assert told("拜访同名电子", twins).candidates == tuple(twins)


def test_a_part_of_too_many_names_is_nobody():
    many = [Named(n, f"宏达{letter}业") for n, letter in enumerate("甲乙丙丁戊己庚")]
    assert (told("拜访 宏达", many).candidates, told("拜访 宏达", many).note) == ((), "宏达")
    assert told("拜访 宏达", many[:6]).candidates == tuple(many[:6])


def test_each_part_says_its_words():
    card = told("拜访 海川机械 王总 有意向 下周二下午3点报价 半小时 8.6万 担心交期")
    said = {part: card.said(part) for part in ("kind", "customer", "contact", "result", "next_step", "next_on",
                                               "next_time", "minutes", "amount")}  # fmt: skip
    assert said == {"kind": "拜访", "customer": "海川机械", "contact": "王总", "result": "有意向", "next_step": "报价",
                    "next_on": "下周二", "next_time": "下午3点", "minutes": "半小时", "amount": "8.6万"}  # fmt: skip
    assert card.note == "担心交期"


def test_a_kind_that_is_not_offered_is_not_understood():
    assert parse("电话 海川机械", TODAY, CUSTOMERS, CONTACTS, [("visit", ("拜访",))]).kind == ""


PIECES = [
    *("拜访", "海川机械", "海川", "宏达", "王总", "李经理", "有意向", "没有意向", "下周二", "报价"),
    *("昨天", "周一", "3月18日", "12月1日"),
    *("半小时", "8.6万", "3000", "下午3点", "3点", "下一步", "上次", "担心交期", "了", " ", "，"),
    *("visit", "Brightwell", "next Tuesday", "Ａ", "¥9", "İ", "."),
]  # fmt: skip
LINES = st.one_of(st.lists(st.sampled_from(PIECES), max_size=12).map("".join), st.text(max_size=40))
BETWEEN = set(" \t\r\n\u3000,，。;；、:：!！?？·|/-—()（）")


def bare(text: str) -> str:
    return "".join(letter for letter in text if letter not in BETWEEN)


@given(LINES)
@example("拜访海川机械王总有意向下周二报价，担心交期")
def test_no_word_is_lost_and_none_is_used_twice(text: str):
    card = told(text)
    pieces = sorted([*card.words, *card.rest], key=lambda word: word.start)
    assert bare("".join(word.text for word in pieces)) == bare(text)
    assert all(text[word.start :].startswith(word.text) for word in pieces)
    assert card.note == " ".join(word.text for word in card.rest)


@given(LINES)
def test_a_next_step_lies_ahead_and_what_was_done_does_not(text: str):
    card = told(text)
    assert card.next_on is None or card.next_on > TODAY
    assert card.on is None or card.on <= TODAY
    assert card.customer is None or not card.candidates


def test_a_very_long_line_loses_nothing_either():
    card = told("拜访 海川机械 " + "很长" * 200)
    assert card.customer == HAICHUAN
    assert bare(card.note) == "很长" * 200
