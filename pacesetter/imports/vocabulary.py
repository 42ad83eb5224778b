"""The words that files use for stages, roles and kinds, and the words of the product they stand for.

Keys are written forms (compared without case and blanks), values are what is stored.
"""

# One declaration is one line of a table, however wide.
# ruff: noqa: E501
from __future__ import annotations


def _words(**groups: str) -> dict[str, str]:
    found = {}
    for word, written in groups.items():
        for form in (word, *written.split("|")):
            found[form] = word
    return found


ROLES = _words(
    rep="销售|销售员|销售代表|业务员|客户经理|销售顾问|Sales|Sales representative|Sales rep|Representative|Salesperson",
    manager="主管|经理|销售主管|销售经理|队长|组长|团队主管|Team lead|Team leader|Sales manager|Supervisor",
    director="总监|销售总监|负责人|Head of sales|Sales director|VP sales",
    hrbp="HRBP|人力|人事|HR",
    analyst="分析师|数据分析师|Data analyst",
    marketing="市场|市场部|营销|Market",
    finance="财务|会计|出纳|Accountant",
    admin="管理员|系统管理员|Administrator",
)
ROLES_SHOWN = "销售、主管、总监、HRBP、分析师、市场、财务、管理员"

GROWTH_STAGES = _words(
    newcomer="新人|新人期|Newcomer|New", growth="成长期|成长|Growing|Growth", mature="成熟期|成熟|老手|Veteran|Mature"
)
GROWTH_STAGES_SHOWN = "新人期、成长期、成熟期"

TIERS = {"A": "A", "B": "B", "C": "C", "A级": "A", "B级": "B", "C级": "C", "A类": "A", "B类": "B", "C类": "C", "重点": "A", "普通": "B", "一般": "C",
         "A 级客户": "A", "B 级客户": "B", "C 级客户": "C"}  # fmt: skip

LEAD_STAGES = _words(
    new="新线索|新|待跟进|未跟进|未处理|New lead|Open|Not contacted",
    valid="有效|有效线索|跟进中|已联系|Qualified|Qualified lead|Contacted|Working|MQL|SQL",
    intent="意向|意向客户|有意向|Interested|Prospect",
    won="已成单|成单|成交|已转化|已转换|转化|Converted|Closed won",
    lost="已关闭|关闭|无效|无效线索|流失|丢失|Lost|Disqualified|Unqualified|Closed lost|Dead",
)
LEAD_STAGES_SHOWN = "新线索、有效线索、意向客户、已成单、已关闭"

DEAL_STAGES = _words(
    prospect="接触|初步接触|初步沟通|新建|线索|发现商机|Prospecting|Prospect|Qualification|New|Open",
    intent="意向|需求确认|需求分析|确认意向|意向客户|Engaging|Engaged|Needs analysis|Discovery|Qualified",
    proposal="方案|方案报价|报价|提案|方案提交|Proposal|Quote|Quoted|Proposition|Value proposition|Proposal/Price quote",
    negotiation="谈判|商务谈判|合同谈判|谈判审核|签约中|Negotiation|Negotiation/Review|Contract sent|Contracting",
    won="赢单|成交|成单|已成交|已签约|签约|已赢单|已完成|完成|Won|Closed won|Closed-won|Complete|Completed",
    lost="输单|丢单|失败|战败|流失|已输单|Lost|Closed lost|Closed-lost",
    cancelled="已取消|取消|作废|关闭|Cancelled|Canceled|Void",
)
DEAL_STAGES_SHOWN = "接触、意向、方案、谈判、赢单、输单、已取消"

RETURN_KINDS = _words(
    refund="退款|退钱|Refunded",
    **{"return": "退货|退回|Returned"},
    cancel="取消|撤单|作废|Cancelled|Canceled|Cancellation",
)
RETURN_KINDS_SHOWN = "退款、退货、取消"

LOSS_REASONS = _words(
    price="价格|价格高|太贵|价格因素|Price|Too expensive",
    competitor="竞品|选了竞品|竞争对手|输给竞品|Competitor|Competition",
    no_budget="没有预算|无预算|预算不足|预算|Budget|No budget",
    no_need="需求消失|无需求|没有需求|需求取消|No need|No requirement",
    product="产品不匹配|产品|功能不满足|不匹配|Product|Product fit|Features|Missing features",
    timing="时机不对|时机|延期|项目延期|暂缓|Timing|Bad timing|Delayed",
    contact="没见到决策人|联系不上|失联|无法联系|No contact|Unresponsive|No decision maker",
    other="其他|其它|Other|Others",
)
LOSS_REASONS_SHOWN = "价格、选了竞品、没有预算、需求消失、产品不匹配、时机不对、没见到决策人、其他"

TAX_BASES = _words(
    included="含税|是|Y|Yes|true|1|Included|Incl. tax",
    excluded="不含税|未税|否|N|No|false|0|Excluded|Excl. tax",
    unknown="未说明|未知|Unknown",
)
TAX_BASES_SHOWN = "含税、不含税"

ACTIVITY_KINDS = _words(
    visit="拜访|客户拜访|上门|上门拜访|面访|外出拜访|面谈|现场拜访|Visit|Meeting|On-site|Site visit|Field visit|Face to face",
    call="电话|电话沟通|通话|打电话|电话拜访|Phone|Phone call|Outbound call|Call",
    online="线上|线上会议|视频|视频会议|微信|企业微信|邮件|在线沟通|Online|Video|Web meeting|Email|E-mail|WeChat|Demo|Online meeting",
    proposal="方案|提交方案|方案提交|报价|提案|Proposal|Quote|Proposal submitted",
    needs_report="需求分析|需求分析报告|需求报告|需求调研|Needs analysis|Needs report|Needs-analysis report",
    joint_visit="协访|陪访|联合拜访|共同拜访|Joint visit|Ride along|Ride-along",
    other="其他|其它|Other|Others|Task|Note",
)
ACTIVITY_KINDS_SHOWN = "拜访、电话、线上、方案、需求分析、协访、其他"

CUSTOMER_KINDS = _words(
    new="新客|新客户|新签|New|New customer", repurchase="复购|老客|老客户|续签|Repeat|Repeat customer|Repurchase"
)
CUSTOMER_KINDS_SHOWN = "新客、复购"

# what the number is for: the whole period, or each working day or week in it
PERS = _words(
    period="期|整个期间|每期|全期|Whole period|Total",
    day="日|天|每日|每天|每个工作日|Daily|Each working day",
    week="周|每周|Weekly|Each week",
)
PERS_SHOWN = "期、日、周"

GOAL_STATUS = _words(
    draft="草稿|已提交|已退回|drafted|submitted|returned|Draft",
    published="已发布|已锁定|已达成|未达成|已过期|locked|achieved|missed|expired|Published|In force",
)
GOAL_STATUS_SHOWN = "草稿、已发布"

# what files call a metric besides its names in the catalogue
METRICS = _words(
    won_amount="销售额|业绩|成交金额|销售业绩|签约额|合同额|Revenue|Sales|Sales amount",
    deals_won="成交单数|单数|成单量|Orders|Wins",
    collected_amount="回款|回款金额|Collections|Cash collected",
    effective_visits="有效拜访量|有效拜访数|有效拜访次数",
    leads_created="线索数|新增线索数|Leads|New leads",
    customers_developed="新客户数|新增客户数|开发客户数|New customers",
)
