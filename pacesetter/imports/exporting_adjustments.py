"""Applications to change goals as rows: which goal, from what to what and why, who said what, how it ended.

They go out only: an application is made by whoever answers for the goal, never by a file.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pacesetter.goals import reads
from pacesetter.goals.models import Adjustment, AdjustmentVoice, OwnerKind
from pacesetter.goals.rules import LINES

from .columns import Column
from .exporting_goals import team_names, team_text

if TYPE_CHECKING:
    from .exporting import Exporter

CHUNK = 500
Row = dict[str, str]
SEATS = {"analyst": ("数据分析师", "Data analyst"), "hrbp": ("HRBP", "HRBP"), "director": ("销售总监", "Director")}
COLUMNS = (
    Column("number", "申请编号", "Application"),
    Column("metric", "指标", "Metric"),
    Column("basis", "口径", "Basis"),
    Column("owner", "负责", "Owner"),
    Column("person", "人员", "Person"),
    Column("team", "团队", "Team"),
    Column("period", "期间", "Period"),
    Column("customer_region", "客户区域", "Customer region"),
    Column("industry", "行业", "Industry"),
    Column("product", "产品", "Product"),
    Column("customer_kind", "客户类型", "Customer kind"),
    Column("event_kind", "事件类型", "Event kind"),
    Column("event", "市场事件", "Market event"),
    Column("event_on", "发生日期", "Event date"),
    Column("reason", "原因", "Reason"),
    *(Column(f"old_{name}", f"原来的{zh}", f"Old {en}") for name, zh, en in
      (("floor", "保底", "floor"), ("target", "目标", "target"), ("stretch", "冲刺", "stretch"),
       ("challenge", "挑战", "challenge"))),
    *(Column(name, zh, en) for name, zh, en in
      (("floor", "保底", "Floor"), ("target", "目标", "Target"), ("stretch", "冲刺", "Stretch"),
       ("challenge", "挑战", "Challenge"))),
    Column("valid_from", "生效日", "Valid from"),
    Column("asked_by", "申请人", "Asked by"),
    Column("asked_on", "申请日", "Asked on"),
    Column("due_on", "期限", "Due on"),
    Column("state", "状态", "State"),
    Column("ended_on", "办结日", "Ended on"),
    *(column for seat, (zh, en) in SEATS.items() for column in (
        Column(f"{seat}_says", f"{zh}意见", f"{en} says"), Column(f"{seat}_by", f"{zh}姓名", f"{en} name"),
        Column(f"{seat}_sentence", f"{zh}说明", f"{en} sentence"))),
    Column("check_on", "回看日", "Looked back on"),
    Column("verdict", "回看结果", "Verdict"),
)  # fmt: skip


def adjustments(out: Exporter) -> Iterator[Row]:
    """Every application, oldest first."""
    names, metrics = team_names(), reads.metrics_for_goals()
    ids = list(Adjustment.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), CHUNK):
        rows = Adjustment.objects.filter(pk__in=ids[start : start + CHUNK]).order_by("pk")
        for view in reads.adjustments(rows):
            yield _row(out, names, metrics, view)


def _row(out: Exporter, names: dict[str, int], metrics: dict[str, Any], view: reads.AdjustmentView) -> Row:
    row, goal, end, checked = view.row, view.row.goal, view.end, view.event("checked")
    unit = metrics[goal.metric].unit if goal.metric in metrics else ""
    told = {
        "number": str(row.pk),
        "metric": goal.metric,
        "basis": goal.basis,
        "owner": "公司" if goal.owner_kind == OwnerKind.COMPANY else "",
        "person": out.who(goal.person_id),
        "team": team_text(names, goal.team),
        "period": goal.label,
        "customer_region": goal.customer_region,
        "industry": goal.industry,
        "product": out.name("products", goal.product),
        "customer_kind": goal.customer_kind,
        "event_kind": row.event.kind if row.event else "",
        "event": row.event.title if row.event else "",
        "event_on": row.event.on.isoformat() if row.event else "",
        "reason": row.reason,
        **{f"old_{name}": out.measure(unit, getattr(row.version, name)) for name in LINES},
        **{name: out.measure(unit, getattr(row, name)) for name in LINES},
        "valid_from": row.valid_from.isoformat(),
        "asked_by": out.who(row.asked_by_id),
        "asked_on": out.day(row.asked_at),
        "due_on": row.due_on.isoformat(),
        "state": view.state,
        "ended_on": out.day(end.at) if end else "",
        "check_on": row.check_on.isoformat(),
        "verdict": checked.figures["verdict"] if checked else "",
    }
    for seat in SEATS:
        told |= _voice(seat, view.voice(seat))
    return told


def _voice(seat: str, said: AdjustmentVoice | None) -> Row:
    if said is None:
        return {}
    return {f"{seat}_says": "同意" if said.yes else "不同意", f"{seat}_by": said.by_name,
            f"{seat}_sentence": said.sentence}  # fmt: skip
