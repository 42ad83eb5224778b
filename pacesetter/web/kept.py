"""What a record keeps, in words: its fields, and values that are keys; for the journal and for conflicts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from pacesetter.activity.models import Norm
from pacesetter.pipeline.models import DealStage, DecisionRole, LossReason, TaxBasis
from pacesetter.pipeline.models.words import LeadStage

FIELDS: Final[dict[str, Any]] = {
    "name": _("名称"),
    "employee_no": _("工号"),
    "mobile": _("手机"),
    "email": _("邮箱"),
    "hire_on": _("入职日期"),
    "left_on": _("离职日期"),
    "team_id": _("团队"),
    "manager_id": _("直属上级"),
    "leader_id": _("负责人"),
    "parent_id": _("上级团队"),
    "region_id": _("区域"),
    "valid_from": _("生效日"),
    "valid_to": _("失效日（不含）"),
    "from": _("从"),
    "until": _("到（不含）"),
    "start": _("开始"),
    "end": _("结束（不含）"),
    "role": _("角色"),
    "stage": _("阶段"),
    "title": _("职务"),
    "memberships": _("归属"),
    "grants": _("角色"),
    "weight": _("上班"),
    "owner_id": _("负责人"),
    "currency": _("币种"),
    "zone": _("时区"),
    "fiscal_start_month": _("财年起始月"),
    "performance_start_day": _("绩效月起始日"),
    "expires_at": _("有效期至"),
    "primary": _("主团队"),
    "filters": _("筛选"),
    "metric": _("指标"),
    "basis": _("口径"),
    "scope": _("范围"),
    "period": _("期间"),
    "answer": _("回答"),
    "state": _("状态"),
    "floor": _("保底"),
    "target": _("目标值"),
    "stretch": _("冲刺"),
    "challenge": _("挑战"),
    "goals": _("目标个数"),
    "value": _("承诺值"),
    "origin": _("来源"),
    "tolerance": _("容差（万分之）"),
    "lines": _("几条线"),
    "challenge_over": _("挑战线高于目标（%）"),
    "challenge_top": _("适用于前（%）"),
    "whole_metrics": _("不按在岗折算的指标"),
    "decide_days": _("申请几个工作日内决定"),
    "pace_basis": _("节奏"),
    "in_pool": _("在公海"),
    "claimed_on": _("领取日期"),
    "protected_until": _("保护期至"),
    "protect_max_on": _("最长保护到"),
    "freed_at": _("回到公海的时间"),
    "freed_from_id": _("原负责人"),
    "freed_because": _("回到公海的原因"),
    "days": _("天数"),
    "kind": _("类型"),
    "tier": _("分层"),
    "tier_fixed": _("分层由人定"),
    "tier_reason": _("分层原因"),
    "tier_on": _("分层日期"),
    "tier_because": _("分层依据"),
    "protect_days": _("领取后保护几天"),
    "extend_days": _("每次跟进后至少再保护几天"),
    "max_days": _("最长保护几天"),
    "warn_days": _("到期前几天提醒"),
    "cooldown_hours": _("失去后几小时内不能再领"),
    "hold_limit": _("每人最多持有几条"),
    "next_step": _("下一步"),
    "next_on": _("下一步日期"),
    "next_time": _("下一步时间"),
    "expected_on": _("预计成交日期"),
    "signed_on": _("签约日期"),
    "contract_no": _("合同编号"),
    "competitor": _("竞品"),
    "loss_reason": _("输单原因"),
    "contact": _("联系人"),
    "result": _("结果"),
    "min_minutes": _("最短时长（分钟）"),
    "entry_hours": _("录入时限（小时，0 不限）"),
    "duplicate_days": _("同一客户几天内不重复计"),
    "place": _("要求定位"),
    "back_days": _("可补录天数"),
    "recording_days": _("拜访录音保留天数"),
    "per": _("周期"),
    "tax_basis": _("计税"),
    "decision_role": _("决策角色"),
    "count": _("数量"),
    "questions": _("题目"),
    "sections": _("各节"),
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
# fields whose values are keys → the words of each
CHOICES: Final[dict[str, Mapping[str, Any]]] = {
    "stage": {**dict(LeadStage.choices), **dict(DealStage.choices)},
    "loss_reason": dict(LossReason.choices),
    "tax_basis": dict(TaxBasis.choices),
    "decision_role": dict(DecisionRole.choices),
    "per": dict(Norm._meta.get_field("per").choices or ()),
}


def field_word(key: str) -> Any:
    """The field in words."""
    return FIELDS.get(key, key)


def choice_word(key: str, value: object) -> str:
    """The value of a field in words, where it is one of its keys; else as short text."""
    known = CHOICES.get(key, {})
    return str(known[value]) if isinstance(value, str) and value in known else value_word(value)


def value_word(value: object) -> str:
    """A stored value as short text."""
    if value is None or value == "" or value == [] or value == {}:
        return "—"
    if isinstance(value, bool):
        return _now("是") if value else _now("否")
    if value in ("1900-01-01", "9999-12-31"):
        return _now("不限")
    if isinstance(value, dict):
        return "; ".join(f"{field_word(str(k))}: {value_word(v)}" for k, v in value.items() if k not in ("id",))
    if isinstance(value, list):
        return " / ".join(value_word(item) for item in value)
    return str(value)
