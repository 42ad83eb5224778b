"""Result metrics: what was won, from whom, and how many deals it took."""

import ibis.expr.types as ir

from .words import Basis, Measure, Metric, Span


def _base(t: ir.Table, span: Span) -> ir.BooleanValue:
    """Overlays stand beside the deal: they never count towards an amount."""
    return t.overlay == 0


def _won(t: ir.Table, span: Span) -> ir.BooleanValue:
    return (t.overlay == 0) & (t.kind == "won")


def _won_before(t: ir.Table, span: Span) -> ir.BooleanValue:
    return _won(t, span) & (t.happened_on < span.end)


def _of_kind(*kinds: str):  # type: ignore[no-untyped-def]
    return lambda t, span: (t.overlay == 0) & t.customer_kind.isin(list(kinds))


AMOUNT = Measure("booking", "sum", ("成交额", "won amount"), of="amount_minor", where=_base)
WINS = Measure(
    "deal_step", "count", ("成单数", "deals won"), where=lambda t, span: (t.outcome == "won") & (t.valid == 1)
)
CANCELS = Measure(
    "deal_step",
    "count",
    ("取消数", "deals cancelled"),
    where=lambda t, span: (t.outcome == "cancelled") & (t.valid == 1),
    sign=-1,
)
CLOSED = Measure(
    "deal_step",
    "count",
    ("赢单与输单数", "deals won or lost"),
    where=lambda t, span: t.outcome.isin(["won", "lost"]) & (t.valid == 1),
)
OPENED = Measure("deal_step", "count", ("新建商机数", "deals opened"), where=lambda t, span: t.outcome == "opened")
OPENED_AND_WON = Measure(
    "deal_step",
    "count",
    ("其中已赢单", "of them won"),
    where=lambda t, span: (t.outcome == "opened") & (t.deal_stage == "won"),
)
BUYERS = Measure("booking", "distinct", ("成交客户数", "customers with a win"), of="customer_id", where=_won)

METRICS = (
    Metric(
        "won_amount",
        "成交额",
        "Won amount",
        "result",
        "minor",
        {"": Basis(top=(AMOUNT,), top_words=AMOUNT.words)},
        (
            "赢单金额按签约日计入，按业绩份额分到个人；退款、退货、取消在发生当期扣减，不改过去的数。",
            "Amounts of won deals on their signing day, split by credit shares; refunds, returns and cancellations "
            "reduce the period in which they happen, never a past one.",
        ),
        family="amounts",
    ),
    Metric(
        "deals_won",
        "成单数",
        "Deals won",
        "result",
        "count",
        {"": Basis(top=(WINS, CANCELS), top_words=("赢单 − 取消", "wins − cancellations"))},
        (
            "赢单数减去当期取消数，只算在主负责人名下；按产品看时，一单含几种产品就在每种产品下各计一次。",
            "Wins minus the cancellations of the period, counted for the primary owner only; by product, a deal counts "
            "once under each product it contains.",
        ),
        family="amounts",
    ),
    Metric(
        "win_rate",
        "成单率",
        "Win rate",
        "result",
        "ratio",
        {
            "closed": Basis(top=(WINS,), bottom=(CLOSED,), top_words=("赢单数", "won"), bottom_words=CLOSED.words),
            "created": Basis(
                top=(OPENED_AND_WON,),
                bottom=(OPENED,),
                top_words=OPENED_AND_WON.words,
                bottom_words=OPENED.words,
            ),
        },
        (
            "按关闭口径：本期关闭的商机里赢单占多少；按创建口径：本期新建的商机里至今赢单占多少（含未结束的，近期偏低）。",
            "Closed basis: of the deals closed in the period, the share won. Created basis: of the deals opened in the "
            "period, the share won so far, open ones included (recent periods read low).",
        ),
        minimum_n=10,
        window="quarter",
        basis_words={"closed": ("按关闭", "closed"), "created": ("按创建", "created")},
    ),
    Metric(
        "average_order_value",
        "单均额",
        "Average order value",
        "result",
        "minor",
        {
            "": Basis(
                top=(AMOUNT,), bottom=(WINS, CANCELS), top_words=AMOUNT.words, bottom_words=("成单数", "deals won")
            )
        },
        ("成交额除以成单数，每一单平均多少钱。", "Won amount divided by deals won: what one deal brings on average."),
        window="quarter",
        family="amounts",
    ),
    Metric(
        "amount_per_customer",
        "客单价",
        "Amount per customer",
        "result",
        "minor",
        {"": Basis(top=(AMOUNT,), bottom=(BUYERS,), top_words=AMOUNT.words, bottom_words=BUYERS.words)},
        (
            "成交额除以本期有赢单的客户数；同一客户多单只算一个。",
            "Won amount divided by the customers with a win in the period; a customer counts once however many deals.",
        ),
        additive=False,
        window="quarter",
        family="amounts",
    ),
    Metric(
        "new_amount",
        "新客成交额",
        "New-customer amount",
        "result",
        "minor",
        {
            "": Basis(
                top=(
                    Measure(
                        "booking",
                        "sum",
                        ("新客成交额", "amount from new customers"),
                        of="amount_minor",
                        where=_of_kind("new"),
                    ),
                ),
                top_words=("新客成交额", "amount from new customers"),
            )
        },
        (
            "客户首单的成交额；按客户的事件日期先后判断首单。",
            "Amount of customers' first deals, told by the order of event dates of the customer.",
        ),
        family="amounts",
    ),
    Metric(
        "repurchase_amount",
        "复购成交额",
        "Repurchase amount",
        "result",
        "minor",
        {
            "": Basis(
                top=(
                    Measure(
                        "booking",
                        "sum",
                        ("复购成交额", "amount from repurchase"),
                        of="amount_minor",
                        where=_of_kind("repurchase"),
                    ),
                ),
                top_words=("复购成交额", "amount from repurchase"),
            )
        },
        ("老客户首单之后各单的成交额。", "Amount of the deals after a customer's first."),
        family="amounts",
    ),
    Metric(
        "new_amount_share",
        "新客占比",
        "New-customer share of amount",
        "result",
        "ratio",
        {
            "": Basis(
                top=(
                    Measure(
                        "booking",
                        "sum",
                        ("新客成交额", "amount from new customers"),
                        of="amount_minor",
                        where=_of_kind("new"),
                    ),
                ),
                bottom=(
                    Measure(
                        "booking",
                        "sum",
                        ("新客与复购成交额", "new and repurchase amount"),
                        of="amount_minor",
                        where=_of_kind("new", "repurchase"),
                    ),
                ),
                top_words=("新客成交额", "amount from new customers"),
                bottom_words=("新客 + 复购成交额", "new + repurchase amount"),
            )
        },
        (
            "新客成交额占新客与复购成交额之和的比重；历史不完整、分不清新老的不计入。",
            "New-customer amount out of new and repurchase together; deals whose kind is unknown stay out of both.",
        ),
        better="none",
        window="quarter",
        family="amounts",
    ),
    Metric(
        "repurchase_rate",
        "复购率",
        "Repurchase rate",
        "result",
        "ratio",
        {
            "": Basis(
                top=(
                    Measure(
                        "booking",
                        "distinct",
                        ("本期复购客户数", "customers who bought again"),
                        of="customer_id",
                        where=lambda t, span: _won(t, span) & (t.customer_kind == "repurchase"),
                    ),
                ),
                bottom=(
                    Measure(
                        "booking",
                        "distinct",
                        ("期末前有成交的客户数", "customers won by the end"),
                        of="customer_id",
                        on=None,
                        where=_won_before,
                    ),
                ),
                top_words=("本期复购客户数", "customers who bought again in the period"),
                bottom_words=("期末前有成交的客户数", "customers with a first win before the end of the period"),
                moving=True,
            )
        },
        (
            "本期再次成交的客户，占期末前已有首单的全部客户。",
            "Customers who bought again in the period, out of all customers whose first win lies before its end.",
        ),
        additive=False,
        minimum_n=10,
        window="quarter",
    ),
    Metric(
        "customers_developed",
        "客户开发量",
        "Customers developed",
        "result",
        "count",
        {
            "": Basis(
                top=(
                    Measure(
                        "booking",
                        "distinct",
                        ("首次成交客户数", "customers with their first win"),
                        of="customer_id",
                        where=lambda t, span: _won(t, span) & (t.customer_kind == "new"),
                    ),
                ),
                top_words=("首次成交客户数", "customers with their first win"),
            )
        },
        (
            "首单落在本期的客户数，一个客户一生只算一次。",
            "Customers whose first win falls in the period; each counts once ever.",
        ),
        additive=False,
    ),
    Metric(
        "deals_opened",
        "新建商机数",
        "Deals opened",
        "process",
        "count",
        {"": Basis(top=(OPENED,), top_words=OPENED.words)},
        ("本期新建的商机数，算在当日负责人名下。", "Deals opened in the period, counted for the owner of that day."),
    ),
    Metric(
        "deals_lost",
        "输单数",
        "Deals lost",
        "result",
        "count",
        {
            "": Basis(
                top=(
                    Measure(
                        "deal_step",
                        "count",
                        ("输单数", "deals lost"),
                        where=lambda t, span: (t.outcome == "lost") & (t.valid == 1),
                    ),
                ),
                top_words=("输单数", "deals lost"),
            )
        },
        ("本期关闭为输单的商机数。", "Deals closed as lost in the period."),
        better="down",
    ),
)
