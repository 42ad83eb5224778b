"""Words for what the journal stores as keys: acts, objects, fields, values."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

ACTS: Final[dict[str, Any]] = {
    "create_company": _("设置公司"),
    "change_company": _("修改公司设置"),
    "add_calendar": _("新建日历"),
    "build_calendar": _("生成日历"),
    "set_calendar_day": _("修改日历日"),
    "close_period": _("结账"),
    "set_master": _("设置数据主人"),
    "add_region": _("新建区域"),
    "add_team": _("新建团队"),
    "change_team": _("修改团队"),
    "move_team": _("移动团队"),
    "close_team": _("停用团队"),
    "add_person": _("新增人员"),
    "change_person": _("修改人员"),
    "link_external": _("关联外部编号"),
    "join_team": _("加入团队"),
    "transfer": _("调动"),
    "correct_membership": _("更正归属"),
    "override_stage": _("调整成长阶段"),
    "leave": _("离职"),
    "end_departed": _("离职日已过，停用登录"),
    "grant_role": _("加角色"),
    "revoke_role": _("取消角色"),
    "view_as": _("以他人视角查看"),
    "view_as_end": _("结束他人视角"),
    "merge_people": _("合并人员"),
    "undo_merge": _("撤销合并"),
    "invite": _("发出邀请"),
    "reset": _("发出重置链接"),
    "accept_invitation": _("接受邀请"),
    "set_password": _("修改密码"),
    "end_session": _("退出一台设备"),
    "end_sessions": _("退出所有设备"),
    "make_token": _("生成令牌"),
    "revoke_token": _("吊销令牌"),
    "add_customer": _("新建客户"),
    "change_customer": _("修改客户"),
    "assign_customer": _("分配客户"),
    "merge_customers": _("合并客户"),
    "add_contact": _("新增联系人"),
    "change_contact": _("修改联系人"),
    "add_product": _("新增产品"),
    "change_product": _("修改产品"),
    "add_lead": _("新建线索"),
    "move_lead": _("推进线索"),
    "assign_lead": _("分配线索"),
    "claim_lead": _("领取线索"),
    "release_lead": _("放回公海"),
    "open_deal": _("新建商机"),
    "change_deal": _("修改商机"),
    "move_deal": _("推进商机"),
    "win_deal": _("赢单"),
    "lose_deal": _("输单"),
    "reopen_deal": _("重新打开商机"),
    "cancel_deal": _("取消商机"),
    "refund_deal": _("退款或退货"),
    "set_credits": _("设置业绩份额"),
    "issue_invoice": _("开票"),
    "plan_instalment": _("登记应收"),
    "void_instalment": _("作废应收"),
    "record_receipt": _("登记回款"),
    "allocate_receipt": _("认款"),
    "transfer_ownership": _("转交"),
    "refreeze": _("按新归属重算"),
    "log_activity": _("记跟进"),
    "change_activity": _("修改跟进"),
    "withdraw_activity": _("撤回跟进"),
    "confirm_visit": _("确认拜访"),
    "set_visit_rule": _("修改有效拜访规则"),
    "add_kind": _("新增跟进类型"),
    "make_company_metric": _("新建公司指标"),
    "retire_company_metric": _("停用公司指标"),
}
OBJECTS: Final[dict[str, Any]] = {
    "company": _("公司"),
    "calendar": _("日历"),
    "period": _("期间"),
    "region": _("区域"),
    "team": _("团队"),
    "person": _("人员"),
    "token": _("令牌"),
    "master": _("数据主人"),
    "customer": _("客户"),
    "contact": _("联系人"),
    "product": _("产品"),
    "lead": _("线索"),
    "deal": _("商机"),
    "invoice": _("发票"),
    "instalment": _("应收"),
    "receipt": _("回款"),
    "activity": _("跟进"),
    "batch": _("导入批次"),
}
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
    "amount_minor": _("金额（分）"),
    "currency": _("币种"),
    "zone": _("时区"),
    "fiscal_start_month": _("财年起始月"),
    "performance_start_day": _("绩效月起始日"),
    "expires_at": _("有效期至"),
    "primary": _("主团队"),
}


def act_word(key: str) -> Any:
    """The act in words; its key where there is none."""
    return ACTS.get(key, key)


def entity_word(key: str) -> Any:
    """The kind of object in words."""
    return OBJECTS.get(key, key)


def field_word(key: str) -> Any:
    """The field in words."""
    return FIELDS.get(key, key)


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
