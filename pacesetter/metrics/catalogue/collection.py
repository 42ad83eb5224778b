"""Result metrics of collection: what was invoiced, what fell due, what was paid and what is late."""

from .words import Basis, Measure, Metric

FINANCE = ("财务", "Finance")

DUE = Measure(
    "instalment_paid",
    "sum",
    ("本期到期应收", "instalments due"),
    of="amount_minor",
    on="due_on",
)
DUE_PAID = Measure("instalment_paid", "sum", ("其中已回款", "of it received"), of="paid_minor", on="due_on")
RECEIVED = Measure("receipt", "sum", ("回款额", "money received"), of="amount_minor")
RECEIVED_BEFORE = Measure(
    "receipt",
    "sum",
    ("期初前已回款", "received before"),
    of="amount_minor",
    on=None,
    where=lambda t, span: t.happened_on < span.start,
    sign=-1,
)
RECEIVABLE_WORDS = ("期初应收 + 本期开票", "open at the start + invoiced in the period")
BILLED = Measure(
    "invoice",
    "sum",
    ("截至期末开票", "invoiced by the end"),
    of="amount_minor",
    on=None,
    where=lambda t, span: t.happened_on < span.end,
)
PLANNED = Measure(
    "instalment_paid",
    "sum",
    ("截至期末到期应收", "due by the end"),
    of="amount_minor",
    on=None,
    where=lambda t, span: t.due_on < span.end,
)

METRICS = (
    Metric(
        "collected_amount",
        "回款额",
        "Collected amount",
        "result",
        "minor",
        {"": Basis(top=(RECEIVED,), top_words=RECEIVED.words)},
        (
            "本期到账的回款，按到账日计入，认款与否都算。",
            "Money received in the period on the day it arrived, allocated or not.",
        ),
        owner=FINANCE,
        family="collections",
    ),
    Metric(
        "collection_rate",
        "回款率",
        "Collection rate",
        "result",
        "ratio",
        {
            "instalment": Basis(
                top=(DUE_PAID,), bottom=(DUE,), top_words=DUE_PAID.words, bottom_words=DUE.words, moving=True
            ),
            "receivable": Basis(
                top=(RECEIVED,),
                bottom=(BILLED, RECEIVED_BEFORE),
                top_words=RECEIVED.words,
                bottom_words=RECEIVABLE_WORDS,
                moving=True,
                unless_empty=(
                    "invoice",
                    Basis(
                        top=(RECEIVED,),
                        bottom=(PLANNED, RECEIVED_BEFORE),
                        top_words=RECEIVED.words,
                        bottom_words=("期初应收 + 本期到期", "open at the start + due in the period"),
                        moving=True,
                    ),
                ),
            ),
        },
        (
            "按应收计划：本期到期的应收里，到期末已回款多少（每笔最多 100 %）；"
            "按应收余额：本期回款占期初应收加本期开票多少。",
            "By instalments: of what fell due in the period, the part received by its end (each capped at 100 %). "
            "By receivables: money received out of what was open at the start plus what was invoiced in the period.",
        ),
        minimum_n=10,
        window="quarter",
        owner=FINANCE,
        basis_words={"instalment": ("按应收计划", "instalment"), "receivable": ("按应收余额", "receivable")},
        family="collections",
    ),
    Metric(
        "overdue_amount",
        "逾期应收",
        "Overdue amount",
        "result",
        "minor",
        {
            "": Basis(
                top=(
                    Measure(
                        "instalment_paid",
                        "sum",
                        ("逾期未回款", "due and not received"),
                        of="open_minor",
                        on=None,
                        where=lambda t, span: (t.due_on < span.morning) & (t.open_minor > 0),
                    ),
                ),
                top_words=("逾期未回款", "due and not received"),
                moving=True,
            )
        },
        (
            "已过应收日而未收回的金额，应收日的第二天起算逾期：看期末后的第一个早上，本期还没过完就看今天早上；"
            "账龄是那天与应收日相差的天数，分为 0–30、31–60、61–90、90 天以上。",
            "What is past its due day and not received, late from the day after it: on the first morning after the "
            "period, this morning while it is not over; by days between that morning and the due day.",
        ),
        better="down",
        owner=FINANCE,
        family="collections",
    ),
    Metric(
        "invoiced_amount",
        "开票额",
        "Invoiced amount",
        "result",
        "minor",
        {
            "": Basis(
                top=(Measure("invoice", "sum", ("开票额", "invoiced"), of="amount_minor"),),
                top_words=("开票额", "invoiced"),
            )
        },
        ("本期开出的发票金额。", "Amount of the invoices issued in the period."),
        owner=FINANCE,
        family="collections",
    ),
)
