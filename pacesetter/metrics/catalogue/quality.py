"""How records come in: the signals an analyst reads before trusting behaviour data (experience.md §7)."""

from __future__ import annotations

from typing import Any

from .process import median
from .words import Basis, Measure, Metric, Spread, Words

PROMPT_MINUTES = 120
OWNER: Words = ("数据分析师", "Data analyst")


def _records(words: Words, where: Any) -> Measure:
    return Measure("activity", "count", words, where=where)


# imports tell neither how long the sheet was open nor when something was entered: they are left out
TIMED = _records(
    ("知道何时录入的记录", "records whose time of entry is known"), lambda t, span: t.delay_minutes.notnull()
)
PROMPT = _records(
    ("其中 2 小时内录入", "of them entered within 2 hours"), lambda t, span: t.delay_minutes <= PROMPT_MINUTES
)
BURST = _records(
    ("其中 20:00 后集中补录", "of them entered in bursts after 20:00"),
    lambda t, span: t.delay_minutes.notnull() & (t.burst == 1),
)
ALL = _records(("跟进记录数", "records"), None)
TWICE = _records(
    ("2 小时内同一客户再记", "logged again for the same customer within 2 hours"), lambda t, span: t.twin == 1
)
OLD = _records(("超出可补录天数的记录", "records entered past the days allowed"), lambda t, span: t.backdated == 1)

METRICS: tuple[Metric, ...] = (
    Metric(
        "follow_ups",
        "跟进次数",
        "Follow-ups",
        "process",
        "count",
        {"": Basis(top=(ALL,), top_words=ALL.words)},
        ("本期登记的全部跟进，不分类型。", "All activities logged in the period, of any kind."),
        window="week",
    ),
    Metric(
        "log_seconds",
        "录入用时",
        "Seconds per log",
        "health",
        "count",
        {
            "": Basis(
                spread=Spread(
                    "activity",
                    ("seconds",),
                    median,
                    ("用页面录入的记录数", "records entered on the sheet"),
                    where=lambda t, span: t.seconds.notnull(),
                ),
                top_words=("从打开到保存的秒数，中位数", "median seconds from opening the sheet to saving"),
            )
        },
        (
            "记一条跟进从打开到保存用了多少秒，取中位数。超过 30 秒就该减少字段。",
            "Median seconds from opening the log sheet to saving it. Above 30, fields should be cut.",
        ),
        better="down",
        additive=False,
        window="week",
        owner=OWNER,
        levels=(("15 秒以内", "15 seconds or less"), ("超过 30 秒：减少字段", "above 30 seconds: cut fields")),
    ),
    Metric(
        "prompt_entry_rate",
        "及时录入率",
        "Prompt entry rate",
        "health",
        "ratio",
        {"": Basis(top=(PROMPT,), bottom=(TIMED,), top_words=PROMPT.words, bottom_words=TIMED.words)},
        (
            "发生后 2 小时内录入的记录占多少。低于 50 % 说明补录已经开始。",
            "The share of records entered within two hours. Below 50 %, back-filling has begun.",
        ),
        minimum_n=10,
        window="week",
        owner=OWNER,
        levels=(("80% 以上", "80 % or more"), ("低于 50%：补录已经开始", "below 50 %: back-filling has begun")),
    ),
    Metric(
        "evening_burst_rate",
        "晚间集中补录率",
        "Evening burst rate",
        "health",
        "ratio",
        {"": Basis(top=(BURST,), bottom=(TIMED,), top_words=BURST.words, bottom_words=TIMED.words)},
        (
            "20:00 之后 15 分钟内连续录入 3 条以上的记录占多少。超过 30 % 说明数据在为报表而做。",
            "The share of records entered after 20:00 as one of three or more within 15 minutes. Above 30 %, data is "
            "being made for the report.",
        ),
        better="down",
        minimum_n=10,
        window="week",
        owner=OWNER,
        levels=(
            ("10% 以内", "10 % or less"),
            ("超过 30%：数据在为报表而做", "above 30 %: data is being made for the report"),
        ),
    ),
    Metric(
        "repeated_entries",
        "重复录入",
        "Repeated entries",
        "health",
        "count",
        {"": Basis(top=(TWICE,), top_words=TWICE.words)},
        (
            "提示过重复、仍然新增的记录数。",
            "Records added although the same customer had been logged within two hours.",
        ),
        better="down",
        window="week",
        owner=OWNER,
    ),
    Metric(
        "backdated_entries",
        "超期补录",
        "Back-dated entries",
        "health",
        "count",
        {"": Basis(top=(OLD,), top_words=OLD.words)},
        (
            "日期早于可补录天数、要主管确认的记录数，确认与否都算。",
            "Records dated further back than may be logged alone, confirmed by the manager or not.",
        ),
        better="down",
        window="week",
        owner=OWNER,
    ),
)
