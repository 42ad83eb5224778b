"""Reasons that only the stored data can give: references, duplicates, closed periods."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

# code → (reason, remedy), as in `faults.TEXTS`
TEXTS: dict[str, tuple[Any, Any]] = {
    "unknown_reference": (_("找不到“%(value)s”（%(entity)s）"), _("先导入或新建它，或改成系统里的编号或名称")),
    "ambiguous_name": (_("“%(value)s”不止一个：%(candidates)s"), _("改填编号或工号")),
    "ambiguous_team": (_("团队“%(value)s”不止一个"), _("写出上级，例如 华东区/一队，或填团队编号")),
    "own_parent": (_("上级客户是它自己"), _("改正上级客户")),
    "own_manager": (_("直属上级是本人"), _("改正直属上级")),
    "same_record": (_("和第 %(row)s 行是同一条记录，内容却不同"), _("只留一行，或补上编号分清两条")),
    "group_incomplete": (_("同一单的另一行有错"), _("改好那一行，整单一起导入")),
    "same_number": (_("同一批文件里已有这个编号的另一条记录"), _("删掉重复的一行，或改正编号")),
    "before_creation": (_("早于 %(earlier)s"), _("核对两个日期")),
    "closed_period": (
        _("在已关账的期间（%(start)s 至 %(end)s，不含）内"),
        _("改到下一个未关账的日期，或从文件里去掉这一行"),
    ),
    "keys_disagree": (_("这一行的工号、手机和邮箱属于不同的人：%(candidates)s"), _("核对工号和手机")),
    "in_future": (_("日期还没到"), _("改正日期")),
    "more_than_won": (_("退回的比成交的还多"), _("核对金额和单号")),
    # told once per file, with how often
    "role_left_out": (_("%(count)s 行的角色没有导入（从第 %(row)s 行起）"), _("请系统管理员在人员页面授予角色")),
    "deal_without_customer": (_("%(count)s 行没有客户（从第 %(row)s 行起），已照收"), _("之后可在商机里补上客户")),
    "deal_without_owner": (
        _("%(count)s 行没有负责人（从第 %(row)s 行起），不计入任何人"),
        _("之后可在商机里补上负责人"),
    ),
    "closing_day_expected": (
        _("%(count)s 行还没关闭却有成交日期（从第 %(row)s 行起），作为预计成交日期"),
        _("不用处理"),
    ),
    "stage_differs": (
        _("%(count)s 行的阶段或成交额和系统里不同（从第 %(row)s 行起），没有改动"),
        _("要按文件更新，请选“用文件覆盖”"),
    ),
    # the whole import
    "no_files": (_("没有可以读的文件"), _("传 CSV、XLSX、XLS 或 JSON")),
    "refused_by_act": ("%(reason)s", _("按提示改好再传")),
}
