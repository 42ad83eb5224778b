"""The company's choices for goals, from a day on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pacesetter.journal.acts import record
from pacesetter.lib.refusal import Conflict, Refusal
from pacesetter.people import reads as people
from pacesetter.people.models import Person

from .. import reads
from ..models import GoalSettings

KEYS = tuple(key for key, _zh, _en in reads.DEFAULT_LINES)


@transaction.atomic
def set_goal_settings(
    *, valid_from: date, tolerance: int, lines: Sequence[tuple[str, str, str]], challenge_over: int, challenge_top: int,
    whole_metrics: Sequence[str], decide_days: int, pace_basis: str, by: Person | None, at: datetime,
    seen: date | None = None, check_seen: bool = False,
) -> GoalSettings:  # fmt: skip
    """A new version of the choices from a day on (today or later); what was set before stays as it was judged.

    `seen`: the `valid_from` of the version the form was filled from; somebody's newer one is a conflict.
    """
    today = people.business_day(at)
    if valid_from < today:
        raise Refusal(_("从今天或以后的日子起生效。"), code="past", field="valid_from")
    keys = [key for key, _zh, _en in lines]
    if "target" not in keys or not set(keys) <= set(KEYS) or keys != sorted(keys, key=KEYS.index):
        raise Refusal(_("最多四条线，依次是保底、目标、冲刺、挑战；目标线不能少。"), code="lines", field="lines")
    if any(not zh.strip() or not en.strip() for _key, zh, en in lines):
        raise Refusal(_("给每条线写上中文和英文名称。"), code="required", field="lines")
    for name, value, most in (("tolerance", tolerance, 10_000), ("challenge_over", challenge_over, 200),
                              ("challenge_top", challenge_top, 100), ("decide_days", decide_days, 60)):  # fmt: skip
        if not 0 <= value <= most:
            raise Refusal(_("填 0 到 %(most)s 之间的数。") % {"most": most}, code="range", field=name)
    if pace_basis not in ("days", "curve"):
        raise Refusal(_("节奏按工作日或按自己的历史曲线。"), code="pace", field="pace_basis")
    last = GoalSettings.objects.select_for_update().order_by("-valid_from").first()
    if check_seen and (last.valid_from if last else None) != seen:
        raise Conflict(_("%(who)s 已经改过目标设置。看过再保存。") % {"who": last.by_name if last else ""},
                       who=last.by_name if last else "")  # fmt: skip
    values = {
        "tolerance": tolerance, "lines": [list(line) for line in lines], "challenge_over": challenge_over,
        "challenge_top": challenge_top, "whole_metrics": sorted(whole_metrics), "decide_days": decide_days,
        "pace_basis": pace_basis,
    }  # fmt: skip
    row, _made = GoalSettings.objects.update_or_create(
        valid_from=valid_from, defaults={**values, "by_id": by.pk if by else None, "by_name": by.name if by else ""}
    )
    record("set_goal_settings", by=by, at=at, entity="goalsettings", object_id=row.pk, label=str(valid_from),
           after={**values, "valid_from": valid_from})  # fmt: skip
    return row
