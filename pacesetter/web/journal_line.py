"""What a line of the journal says to a reader: names for ids, amounts in the company's currency, words for keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pacesetter.journal.models import Entry
from pacesetter.people.models import Person, Region, Team
from pacesetter.pipeline.models import Product
from pacesetter.pipeline.models.words import DealStage, LeadStage, LossReason

from . import show
from .words import field_word, value_word

FIELDS: Final[dict[str, Any]] = {
    "amount_minor": _("金额"),
    "won_minor": _("近 12 个月成交额"),
    "open_minor": _("进行中的商机金额"),
    "needed_minor": _("门槛"),
    "a_won_minor": _("A 级成交额门槛"),
    "b_won_minor": _("B 级成交额门槛"),
    "c_won_minor": _("C 级成交额门槛"),
    "a_open_minor": _("A 级商机门槛"),
    "b_open_minor": _("B 级商机门槛"),
    "c_open_minor": _("C 级商机门槛"),
    "a_days": _("A 级拜访间隔（天）"),
    "b_days": _("B 级拜访间隔（天）"),
    "c_days": _("C 级拜访间隔（天）"),
    "on": _("日期"),
    "stage_since": _("进入阶段的日期"),
    "closed_on": _("关闭日期"),
    "intent_on": _("成为意向的日期"),
    "valid_on": _("判为有效的日期"),
    "given_on": _("同意日期"),
    "last_touch_on": _("最近跟进"),
    "lead_last_touch_on": _("线索最近跟进"),
    "deal_next_step": _("商机下一步"),
    "deal_next_on": _("商机下一步日期"),
    "person_id": _("人员"),
    "successor_id": _("接手人"),
    "reader_id": _("读报告的人"),
    "stands_for": _("代谁"),
    "customer_id": _("客户"),
    "customer": _("客户"),
    "deal_id": _("商机"),
    "deal": _("商机"),
    "lead_id": _("线索"),
    "lead": _("线索"),
    "product_id": _("产品"),
    "activity_id": _("跟进"),
    "plan_id": _("计划"),
    "reversal_id": _("冲回"),
    "customer_region": _("客户区域"),
    "industry": _("行业"),
    "code": _("编号"),
    "key": _("英文标识"),
    "note": _("备注"),
    "purpose": _("目的"),
    "reason": _("原因"),
    "reply": _("回复"),
    "effective": _("有效"),
    "effective_only": _("只计有效"),
    "distinct_customers": _("按客户去重"),
    "history_complete_from": _("历史数据完整起始日"),
    "version": _("版本"),
    "zh": _("中文名称"),
    "en": _("英文名称"),
}
PEOPLE: Final = {"person_id", "owner_id", "manager_id", "leader_id", "successor_id", "freed_from_id", "reader_id",
                 "stands_for"}  # fmt: skip
TEAMS: Final = {"team_id"}
# records that are named by number: who reads the journal need not see them
NUMBERED: Final = {"customer_id", "deal_id", "lead_id", "activity_id", "plan_id", "reversal_id", "consent_id"}
STAGES: Final[dict[str, Any]] = {**dict(LeadStage.choices), **dict(DealStage.choices)}


def field(key: str) -> Any:
    """A field in words."""
    return FIELDS.get(key) or field_word(key)


def _pairs(value: object) -> Iterator[tuple[str, object]]:
    """Every (key, value) inside what a line keeps, however deep."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield str(key), inner
            yield from _pairs(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _pairs(inner)


class Names:
    """The names behind the ids of these lines, read in one question per kind."""

    def __init__(self, lines: Iterable[Entry]) -> None:
        ids: dict[str, set[int]] = {}
        for line in lines:
            for key, value in (*_pairs(line.before), *_pairs(line.after)):
                if isinstance(value, int) and not isinstance(value, bool) and (kind := _kind(key, line.entity)):
                    ids.setdefault(kind, set()).add(value)
        models: dict[str, Any] = {"person": Person, "team": Team, "region": Region, "product": Product}
        self.of: Mapping[str, dict[int, str]] = {
            kind: dict(models[kind].objects.filter(pk__in=wanted).values_list("pk", "name"))
            for kind, wanted in ids.items()
        }

    def word(self, key: str, value: object, entity: str) -> str:
        """A stored value as a reader understands it."""
        if isinstance(value, dict) and value:
            inner = ((name, one) for name, one in value.items() if name != "id")
            return "; ".join(f"{field(str(name))}: {self.word(str(name), one, entity)}" for name, one in inner)
        if isinstance(value, list) and value:
            return " / ".join(self.word(key, one, entity) for one in value)
        if isinstance(value, int) and not isinstance(value, bool):
            if key.endswith("_minor"):
                return show.money(value)
            if kind := _kind(key, entity):
                return self.of.get(kind, {}).get(value) or gettext("编号 %(n)s") % {"n": value}
            if key in NUMBERED:
                return gettext("编号 %(n)s") % {"n": value}
        if key == "stage" and value in STAGES:
            return str(STAGES[str(value)])
        if key == "loss_reason" and value in LossReason.values:
            return str(LossReason(value).label)
        return value_word(value)


def _kind(key: str, entity: str) -> str:
    if key in PEOPLE:
        return "person"
    if key in TEAMS or (key == "parent_id" and entity == "team"):
        return "team"
    return {"region_id": "region", "product_id": "product"}.get(key, "")
