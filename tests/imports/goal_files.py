"""Files of goals as these tests write them, and the goals that came of them."""

from __future__ import annotations

from typing import Any

from pacesetter.goals import reads
from pacesetter.goals.models import Goal
from pacesetter.imports.acts import batches
from pacesetter.imports.importing import Result, run
from pacesetter.people.models import Person
from tests.world import AT

LONG = (
    "指标,归属,人员,团队,期间,保底,目标（万元）,冲刺,挑战,权重,上级目标,缓冲,说明\n"
    "成交额,公司,,,2026Q2,,300,,,,,,年度主线\n"
    "成交额,,,华东一队,2026年第二季度,,180,,,,公司,,\n"
    "成交额,,,华东二队,2026Q2,,120,,,,公司,,\n"
)


def take(text: str | bytes, by: Person | None = None, **how: Any) -> Result:
    data = text.encode() if isinstance(text, str) else text
    order = batches.order_for("goals", [("目标.csv", data)], **how)
    if how.get("dry_run"):
        return run(order, by=by, at=AT)
    return batches.run_now(order, by=by, at=AT)


def counts(result: Result) -> tuple[int, int, int, int]:
    file = result.as_json()["files"][0]
    assert file["rows"] == sum(file[name] for name in ("ready", "created", "updated", "duplicate", "error", "ignored"))
    return file["created"], file["updated"], file["duplicate"], file["error"]


def views() -> dict[tuple[str, str, str], reads.GoalView]:
    """(metric, whose, label) → the goal."""
    rows = Goal.objects.select_related("team", "person").order_by("pk")
    whose = {g.pk: str(g.team or g.person or "公司") for g in rows}
    return {(v.goal.metric, whose[v.pk], v.goal.label): v for v in reads.book(rows)}


def faults(result: Result) -> list[tuple[int | None, str, str, str]]:
    return [(fault.row, fault.column, fault.value, fault.code) for fault in result.plan.errors]
