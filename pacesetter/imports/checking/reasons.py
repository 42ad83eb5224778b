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
    "not_positive": (_("金额要大于 0"), _("改正金额，或从文件里去掉这一行")),
    "discount_range": (_("折扣率要在 0 到 100%% 之间"), _("写成让利的部分，例如打九折写 10%%")),
    "more_than_won": (_("退回的比成交的还多"), _("核对金额和单号")),
    "unknown_metric": (_("指标目录里没有“%(value)s”"), _("改成指标目录里的名称或代号，例如 成交额")),
    "unknown_basis": (_("这个指标没有这个口径"), _("改成指标目录里的口径，或留空")),
    "no_such_period": (_("没有“%(value)s”这个期间"), _("写成 2026-03、2026Q2、2026、FY2026 或 2026-W09")),
    "period_shape": (_("看不出是哪个期间"), _("写成 2026-03、2026Q2、2026、FY2026 或 2026-W09")),
    "goal_owner": (_("没写目标是谁的"), _("填 公司、团队，或人员的姓名或工号")),
    "goal_owner_unclear": (_("“%(value)s”既是团队也是人员"), _("分开填在“团队”列或“人员”列")),
    "goal_value": (_("目标要大于 0（越少越好的指标可以是 0），其他几条线不能是负数"), _("改正数值")),
    "goal_lines": (_("保底、目标、冲刺、挑战没有依次递进"), _("核对这几列，以及它们的单位")),
    "goal_weight": (_("权重要在 0 到 100 之间"), _("改正权重")),
    "goal_parts": (_("各期之和是 %(sum)s，目标是 %(target)s（按最小单位）"), _("改到两者相等，或留空“目标”列")),
    "goal_parts_outside": (_("各期要在目标的期间之内，每期一次"), _("改正这几个期间")),
    "goal_scope": (_("这个指标的记录里没有这项范围"), _("清空这一格，或换一个指标")),
    "goal_closed": (_("这个期间已结账（到 %(until)s，不含）"), _("从文件里去掉这一行；影响记在复盘里")),
    "goal_locked": (_("这个目标已锁定"), _("要改，请提交目标调整申请")),
    "goal_ended": (_("这个目标已经结束"), _("从文件里去掉这一行；影响记在复盘里")),
    "goal_above_unknown": (
        _("找不到上级目标“%(value)s”"),
        _("写成 归属@期间@指标，例如 公司@2026Q2；没有上级目标就写 无"),
    ),
    "parts_shape": (_("看不出各期是多少"), _("写成 2026-04=900000;2026-05=1000000")),
    "months_need_year": (_("各月没有说是哪一年"), _("在“期间”列写年份，例如 2026；或把表头写成 2026-01")),
    "months_incomplete": (
        _("各月凑不成整个期间，这几条线不知道属于哪个月"),
        _("补齐月份；或清空保底、目标、冲刺、挑战"),
    ),
    "outside_people": (_("人员文件里没有 %(who)s，这一行没有导入"), _("要导入，请把这个人加进人员文件")),
    # told once per file, with how often
    "role_left_out": (_("%(count)s 行的角色没有导入（从第 %(row)s 行起）"), _("请系统管理员在人员页面授予角色")),
    "deal_without_customer": (_("%(count)s 行没有客户（从第 %(row)s 行起），已照收"), _("之后可在商机里补上客户")),
    "deal_without_owner": (
        _("%(count)s 行没有负责人（从第 %(row)s 行起），不计入任何人"),
        _("之后可在商机里补上负责人"),
    ),
    "customer_owner_of_deals": (
        _("%(count)s 个客户没写负责人（从第 %(row)s 行起），已归给其商机的负责人"),
        _("核对这些客户；不对的，在客户页改负责人"),
    ),
    "customer_without_owner": (
        _("%(count)s 个客户没有负责人（从第 %(row)s 行起），销售和主管看不到"),
        _("在文件里补上负责人，或在客户页分配"),
    ),
    "closing_day_expected": (
        _("%(count)s 行还没关闭却有成交日期（从第 %(row)s 行起），作为预计成交日期"),
        _("不用处理"),
    ),
    "stage_differs": (
        _("%(count)s 行的阶段或成交额和系统里不同（从第 %(row)s 行起），没有改动"),
        _("要按文件更新，请选“用文件覆盖”"),
    ),
    "goals_as_drafts": (
        _("上下级加不拢，目标都留作草稿：%(goal)s 差 %(difference)s"),
        _("在目标页面调整或写明缓冲，再发布"),
    ),
    "goal_scope_near": (_("还没有客户写着“%(value)s”，已照收；是不是“%(near)s”？"), _("写错了就改好再传")),
    "goal_scope_new": (_("还没有客户写着“%(value)s”，已照收"), _("写错了就改好再传")),
    "goals_unready": (
        _("%(n)s 个目标没有支撑的上级目标，已照文件生效，例如 %(goal)s"),
        _("要汇总到上级的，在目标页面连上"),
    ),
    # the whole import
    "no_files": (_("没有可以读的文件"), _("传 CSV、XLSX、XLS 或 JSON")),
    "refused_by_act": ("%(reason)s", _("按提示改好再传")),
}
