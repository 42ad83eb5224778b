"""How a visit was judged, in words: each condition of the rule of its day, and which version that was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pacesetter.activity.acts.judging import plain_rule
from pacesetter.activity.models import Activity, VisitRule, VisitState
from pacesetter.activity.rules.checklist import checklist

from . import show

CONDITIONS: dict[str, Any] = {
    "contact": gettext_lazy("见到联系人"),
    "result": gettext_lazy("有结果"),
    "next_step": gettext_lazy("有带日期的下一步"),
    "minutes": gettext_lazy("达到最短时长"),
    "place": gettext_lazy("有定位"),
    "photo": gettext_lazy("有照片"),
    "entry_window": gettext_lazy("在录入时限内"),
    "backdated": gettext_lazy("在可补录天数内"),
    "duplicate": gettext_lazy("没有重复"),
}
SIGNS = {True: "✓", False: "✗", None: "?"}


@dataclass(frozen=True)
class Line:
    """One condition as it is shown."""

    name: str
    word: str
    met: bool | None

    @property
    def sign(self) -> str:
        return SIGNS[self.met]


def lines(row: Activity) -> list[Line]:
    """The conditions that judged this record; none for a kind that is not judged."""
    if not row.state:
        return []
    found = checklist(plain_rule(row.rule), row.failed, minutes=row.minutes,
                      entry_known=row.delay_minutes is not None)  # fmt: skip
    return [Line(one.name, _word(one.name, row.rule), one.met) for one in found]


def _word(name: str, rule: VisitRule | None) -> str:
    if name == "minutes" and rule is not None and rule.min_minutes:
        return _("至少 %(n)s 分钟") % {"n": rule.min_minutes}
    return str(CONDITIONS[name])


def state_word(row: Activity) -> str:
    """How it stands with a visit; one that waits for the manager because of its day says so."""
    if row.state == VisitState.UNVERIFIED and row.backdated:
        return _("等主管确认")
    return str(row.get_state_display()) if row.state else ""


def version(row: Activity) -> str:
    """Which version of the rule judged it."""
    if not row.state:
        return ""
    return _("规则：%(day)s 起的版本") % {"day": show.day(row.rule.valid_from)} if row.rule else _("规则：默认版本")


def told(row: Activity) -> str:
    """All of it in one line, for lists and exports."""
    marks = " ".join(f"{line.sign}{line.word}" for line in lines(row))
    return f"{version(row)} {marks}".strip()


def short(row: Activity) -> str:
    """How many conditions were met, and which version asked."""
    found = lines(row)
    if not found:
        return ""
    met = {"met": sum(line.met is True for line in found), "all": len(found), "version": version(row)}
    return _("%(met)s/%(all)s 条满足 · %(version)s") % met
