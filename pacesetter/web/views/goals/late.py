"""Applications nobody answered in time, for whoever was told: on the first page, and marked in the list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from pacesetter.goals import reads, rules
from pacesetter.goals.models import AdjustmentEvent

from ... import door, show
from .wording import SEATS, company_name, title_of, units_of

SHOWN = 5


@dataclass(frozen=True)
class Late:
    """One row of the first page: which goal, from what to what, for which seat it waits and since when."""

    url: str
    title: str
    change: str
    waits: str
    due_on: date


def waits_for(seat: str) -> str:
    """等数据分析师评估, 等销售总监决定."""
    words = gettext("等%(seat)s决定") if seat == rules.DECIDES else gettext("等%(seat)s评估")
    return words % {"seat": SEATS[seat]}


def of_first_page(request: HttpRequest) -> dict[str, Any]:
    """What a first page shows; one query."""
    rows, company = [], company_name(request)
    found = list(reads.escalated_to(door.viewer(request))[: SHOWN + 1])
    for row in found[:SHOWN]:
        units = units_of(request, row.goal)
        change = f"{units.say(row.version.target, short=True)} → {units.say(row.target, short=True)}"
        seat = rules.DECIDES if row.assessed else rules.ASSESSES  # type: ignore[attr-defined]
        rows.append(Late(reverse("adjustment", args=[row.pk]), title_of(row.goal, units, company), change,
                         waits_for(seat), row.due_on))  # fmt: skip
    more = f"{reverse('adjustments')}?show=late" if len(found) > SHOWN else ""
    return {"late_adjustments": rows, "late_adjustments_url": more}


def lay_with(event: AdjustmentEvent | None) -> str:
    """何睿（数据分析师）没有在 03-19 前表态, as it was when it was told further up; empty where it was not."""
    lies = event.figures.get("lies") if event is not None else None
    if not lies or lies["seat"] not in SEATS:
        return ""
    names = gettext("、").join(one["name"] for one in lies["with"])
    words = {"names": names or gettext("无人在席"), "seat": SEATS[lies["seat"]],
             "day": show.day(date.fromisoformat(lies["since"]))}  # fmt: skip
    return gettext("%(names)s（%(seat)s）到 %(day)s 没有表态") % words
