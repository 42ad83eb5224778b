"""Words for records in templates: fields of a conflict, names of people, why a visit does not count."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from pacesetter.web import judged, kept, show

register = template.Library()

FAILED: dict[str, Any] = {
    "contact": _("没有联系人"),
    "result": _("没有结果"),
    "next_step": _("没有带日期的下一步"),
    "minutes": _("时长不足或未填"),
    "place": _("没有定位"),
    "photo": _("还没有照片"),
    "backdated": _("超过可补录天数"),
    "entry_window": _("录入超时"),
    "duplicate": _("与前几天重复"),
}
REVERSALS: dict[str, Any] = {"refund": _("退款"), "return": _("退货"), "cancel": _("取消")}
TWINS: dict[str, Any] = {"name": _("名称相同"), "phone": _("电话相同")}
RESULTS: dict[str, Any] = {
    "有意向": _("有意向"), "需方案": _("需方案"), "谈价格": _("谈价格"), "再联系": _("再联系"), "无需求": _("无需求"),
    "没见到": _("没见到"),
}  # fmt: skip

# the chips of the next step, kept in Chinese in the record
STEPS: dict[str, Any] = {
    "送方案": _("送方案"), "报价": _("报价"), "再次拜访": _("再次拜访"), "电话确认": _("电话确认"),
    "签合同": _("签合同"), "催回款": _("催回款"),
}  # fmt: skip


@register.filter
def field_word(name: str) -> Any:
    """A field's key in words."""
    return kept.field_word(name)


@register.filter
def ring(number: Any) -> str:
    """The address that rings a number on a phone; "" for what is none, such as a masked one."""
    text = str(number or "").strip()
    digits = re.sub(r"[\s()（）.-]", "", text)
    return f"tel:{digits}" if re.fullmatch(r"\+?\d{5,20}", digits, re.ASCII) else ""


@register.filter
def side_by_side(both: Any) -> list[tuple[Any, str, str]]:
    """(field, what stands, what was sent) of a conflict, as a reader sees them."""
    return [(kept.field_word(name), _said(name, now), _said(name, mine)) for name, now, mine in both]


def _said(name: str, value: Any) -> str:
    if value in (None, ""):
        return show.MISSING
    if name.endswith("_minor"):
        return show.money(value)
    if isinstance(value, date):
        return show.day(value)
    if name in ("questions", "sections"):
        return "、".join(str(part["zh" if show.chinese() else "en"]) for part in value)
    return kept.choice_word(name, value)


@register.filter
def of(names: dict[Any, Any], key: Any) -> Any:
    """What a dictionary holds under a key."""
    return names.get(key, "")


@register.filter
def failed_words(names: list[str]) -> str:
    """Why a visit does not count."""
    return "、".join(str(FAILED.get(name, name)) for name in names)


@register.filter
def reversal_word(kind: str) -> Any:
    """Refund, return or cancellation."""
    return REVERSALS.get(kind, kind)


@register.filter
def twin_word(why: str) -> Any:
    """By what two customers look alike."""
    return TWINS.get(why, why)


@register.filter
def result_word(text: str) -> Any:
    """A result as the reader's language says it; own words stay."""
    return RESULTS.get(text, text)


@register.filter
def step_word(text: str) -> Any:
    """A next step chosen from the chips as the reader's language says it; own words stay."""
    return STEPS.get(text, text)


@register.filter
def kind_word(key: str) -> str:
    """A kind of activity in the reader's language."""
    from pacesetter.activity.reads import kinds

    known = {kind.key: (kind.zh, kind.en) for kind in kinds(active=False)}
    pair = known.get(key, (key, key))
    return pair[0] if show.chinese() else pair[1]


@register.filter
def thousandth(number: int | None) -> str:
    """A quantity kept in thousandths: 1500 → 1.5."""
    if number is None:
        return show.MISSING
    whole, rest = divmod(abs(number), 1000)
    return ("-" if number < 0 else "") + f"{whole:,}.{rest:03d}".rstrip("0").rstrip(".")


@register.filter
def judged_lines(row: Any) -> list[judged.Line]:
    """The conditions of the rule that judged a visit, each met, failed or unknown."""
    return judged.lines(row)


@register.filter
def judged_version(row: Any) -> str:
    """Which version of the rule judged it."""
    return judged.version(row)


@register.filter
def judged_state(row: Any) -> str:
    """How it stands with a visit."""
    return judged.state_word(row)


@register.filter
def judged_short(row: Any) -> str:
    """How many conditions were met, and by which version."""
    return judged.short(row)
