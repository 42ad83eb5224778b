"""Words for what the journal stores as keys: acts, objects, fields, values."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

ACTS: Final[dict[str, Any]] = {
    "create_company": pgettext_lazy("journal", "设置公司"),
    "change_company": pgettext_lazy("journal", "修改公司设置"),
    "add_calendar": pgettext_lazy("journal", "新建日历"),
    "build_calendar": pgettext_lazy("journal", "生成日历"),
    "set_calendar_day": pgettext_lazy("journal", "修改日历日"),
    "close_period": pgettext_lazy("journal", "结账"),
    "set_master": pgettext_lazy("journal", "设置数据主人"),
    "add_region": pgettext_lazy("journal", "新建区域"),
    "add_team": pgettext_lazy("journal", "新建团队"),
    "change_team": pgettext_lazy("journal", "修改团队"),
    "move_team": pgettext_lazy("journal", "移动团队"),
    "close_team": pgettext_lazy("journal", "停用团队"),
    "add_person": pgettext_lazy("journal", "新增人员"),
    "change_person": pgettext_lazy("journal", "修改人员"),
    "link_external": pgettext_lazy("journal", "关联外部编号"),
    "join_team": pgettext_lazy("journal", "加入团队"),
    "end_further": pgettext_lazy("journal", "结束兼岗"),
    "transfer": pgettext_lazy("journal", "调动"),
    "correct_membership": pgettext_lazy("journal", "更正归属"),
    "override_stage": pgettext_lazy("journal", "调整成长阶段"),
    "leave": pgettext_lazy("journal", "离职"),
    "end_departed": pgettext_lazy("journal", "离职日已过，停用登录"),
    "grant_role": pgettext_lazy("journal", "加角色"),
    "revoke_role": pgettext_lazy("journal", "取消角色"),
    "view_as": pgettext_lazy("journal", "以他人视角查看"),
    "view_as_end": pgettext_lazy("journal", "结束他人视角"),
    "merge_people": pgettext_lazy("journal", "合并人员"),
    "undo_merge": pgettext_lazy("journal", "撤销合并"),
    "invite": pgettext_lazy("journal", "发出邀请"),
    "reset": pgettext_lazy("journal", "发出重置链接"),
    "accept_invitation": pgettext_lazy("journal", "接受邀请"),
    "set_password": pgettext_lazy("journal", "修改密码"),
    "end_session": pgettext_lazy("journal", "退出一台设备"),
    "end_sessions": pgettext_lazy("journal", "退出所有设备"),
    "make_token": pgettext_lazy("journal", "生成令牌"),
    "revoke_token": pgettext_lazy("journal", "吊销令牌"),
    "add_customer": pgettext_lazy("journal", "新建客户"),
    "change_customer": pgettext_lazy("journal", "修改客户"),
    "assign_customer": pgettext_lazy("journal", "分配客户"),
    "merge_customers": pgettext_lazy("journal", "合并客户"),
    "add_contact": pgettext_lazy("journal", "新增联系人"),
    "change_contact": pgettext_lazy("journal", "修改联系人"),
    "add_product": pgettext_lazy("journal", "新增产品"),
    "change_product": pgettext_lazy("journal", "修改产品"),
    "add_lead": pgettext_lazy("journal", "新建线索"),
    "change_lead": pgettext_lazy("journal", "修改线索"),
    "move_lead": pgettext_lazy("journal", "推进线索"),
    "assign_lead": pgettext_lazy("journal", "分配线索"),
    "claim_lead": pgettext_lazy("journal", "领取线索"),
    "release_lead": pgettext_lazy("journal", "放回公海"),
    "open_deal": pgettext_lazy("journal", "新建商机"),
    "change_deal": pgettext_lazy("journal", "修改商机"),
    "move_deal": pgettext_lazy("journal", "推进商机"),
    "win_deal": pgettext_lazy("journal", "赢单"),
    "lose_deal": pgettext_lazy("journal", "输单"),
    "reopen_deal": pgettext_lazy("journal", "重新打开商机"),
    "cancel_deal": pgettext_lazy("journal", "取消商机"),
    "refund_deal": pgettext_lazy("journal", "退款"),
    "return_deal": pgettext_lazy("journal", "退货"),
    "set_credits": pgettext_lazy("journal", "设置业绩份额"),
    "issue_invoice": pgettext_lazy("journal", "开票"),
    "plan_instalment": pgettext_lazy("journal", "登记应收"),
    "void_instalment": pgettext_lazy("journal", "作废应收"),
    "record_receipt": pgettext_lazy("journal", "登记回款"),
    "allocate_receipt": pgettext_lazy("journal", "认款"),
    "withdraw_allocation": pgettext_lazy("journal", "撤回认款"),
    "transfer_ownership": pgettext_lazy("journal", "转交"),
    "refreeze": pgettext_lazy("journal", "按新归属重算"),
    "log_activity": pgettext_lazy("journal", "记跟进"),
    "change_activity": pgettext_lazy("journal", "修改跟进"),
    "withdraw_activity": pgettext_lazy("journal", "撤回跟进"),
    "confirm_visit": pgettext_lazy("journal", "确认拜访"),
    "merge_log": pgettext_lazy("journal", "合并跟进"),
    "plan_item": pgettext_lazy("journal", "安排计划"),
    "move_plan": pgettext_lazy("journal", "改期"),
    "drop_plan": pgettext_lazy("journal", "取消计划"),
    "expire_plan": pgettext_lazy("journal", "计划过期"),
    "set_visit_rule": pgettext_lazy("journal", "修改有效拜访规则"),
    "set_norm": pgettext_lazy("journal", "修改默认数量"),
    "set_hint": pgettext_lazy("journal", "修改提示设置"),
    "change_kind": pgettext_lazy("journal", "修改跟进类型"),
    "add_kind": pgettext_lazy("journal", "新增跟进类型"),
    "make_company_metric": pgettext_lazy("journal", "新建公司指标"),
    "retire_company_metric": pgettext_lazy("journal", "停用公司指标"),
    "take_history": pgettext_lazy("journal", "接入历史记录"),
    "open_batch": pgettext_lazy("journal", "上传文件"),
    "queue_batch": pgettext_lazy("journal", "开始导入"),
    "cancel_batch": pgettext_lazy("journal", "取消导入"),
    "import_batch": pgettext_lazy("journal", "导入"),
    "undo_batch": pgettext_lazy("journal", "撤销导入"),
    "save_mapping": pgettext_lazy("journal", "保存映射"),
    "export_records": pgettext_lazy("journal", "导出"),
    "ask_question": pgettext_lazy("journal", "对数字提问"),
    "answer_question": pgettext_lazy("journal", "回答提问"),
    "withdraw_question": pgettext_lazy("journal", "撤回提问"),
    "note_answer": pgettext_lazy("journal", "看过回答"),
    "ask_organisation": pgettext_lazy("journal", "试算组织同步"),
    "sync_organisation": pgettext_lazy("journal", "同步组织"),
}
OBJECTS: Final[dict[str, Any]] = {
    "company": _("公司"),
    "calendar": _("日历"),
    "period": _("期间"),
    "region": _("区域"),
    "team": _("团队"),
    "person": pgettext_lazy("one", "人员"),
    "token": _("令牌"),
    "master": _("数据主人"),
    "sync_run": _("组织同步"),
    "customer": _("客户"),
    "contact": _("联系人"),
    "product": pgettext_lazy("one", "产品"),
    "lead": _("线索"),
    "deal": _("商机"),
    "invoice": _("发票"),
    "instalment": _("应收"),
    "receipt": _("回款"),
    "activity": _("跟进"),
    "batch": _("导入批次"),
    "saved_mapping": _("映射"),
    "import": _("数据导入"),
    "people": _("人员"),
    "customers": pgettext_lazy("place", "客户"),
    "leads": pgettext_lazy("place", "线索"),
    "deals": pgettext_lazy("place", "商机"),
    "instalments": _("应收"),
    "receipts": _("回款"),
    "products": _("产品"),
    "activities": _("跟进"),
    "activitykind": _("跟进类型"),
    "companymetric": _("公司指标"),
    "visitrule": _("有效拜访规则"),
    "planitem": _("计划"),
    "norm": _("默认数量"),
    "hintsetting": _("提示设置"),
    "question": _("提问"),
    "board": _("团队看板"),
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
    "filters": _("筛选"),
    "metric": _("指标"),
    "basis": _("口径"),
    "scope": _("范围"),
    "period": _("期间"),
    "answer": _("回答"),
    "state": _("状态"),
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
