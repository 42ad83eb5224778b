"""The canonical columns of every entity: one declaration for imports, templates, exports and `docs/import.md`.

A `Column` has a `name` (the key in `Record.values`), a Chinese and an English header, a `type`, and further headers people use.

| type | value | | type | value |
|---|---|---|---|---|
| text, note | str | | date | date |
| id, mobile, phone, email | str | | moment | aware datetime |
| money | int, minor units | | word | one of `words` |
| quantity | Decimal, ≤ 3 decimals | | ref | str: any key or name of `of`, resolved by the door's writer |
| ratio | Fraction | | credits | ((who, Fraction), …), Σ = 1 |
| integer, boolean | int, bool | | list | (str, …) |
| measure | Measure, read once the metric is known | | period | a period's label |
| currency | nothing: another than the company's is refused | | unit | nothing: what the row's money counts in |

A mapped but blank cell is None. Relations are text: 工号, code or name; an ambiguous name is refused where it is resolved.
"""

# One declaration is one line of a table, however wide.
# ruff: noqa: E501
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from . import vocabulary as words_of
from .cells import plain_word

ENTITIES = ("people", "products", "customers", "leads", "deals", "activities", "collections", "goals")
# kinds of files: the entities, and the returns of deals, which name deals and are no records of their own to export
KINDS = ("people", "products", "customers", "leads", "deals", "returns", "activities", "collections", "goals")
TITLES: dict[str, Any] = {
    "people": _("人员"),
    "products": _("产品"),
    "customers": pgettext_lazy("place", "客户"),
    "leads": pgettext_lazy("place", "线索"),
    "deals": _("商机与成交"),
    "returns": _("退货与退款"),
    "activities": _("跟进活动"),
    "collections": _("应收与回款"),
    "goals": _("目标"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One canonical column. `unique` = identifies a record; `of` = the entity a ref points to; `line` = belongs to a deal's line."""

    name: str
    zh: str
    en: str
    type: str = "text"
    aliases: tuple[str, ...] = ()
    required: bool = False
    unique: bool = False
    of: str = ""
    line: bool = False
    words: Mapping[str, str] = field(default_factory=dict)
    shown: str = ""
    sample: str = ""


def _c(name: str, zh: str, en: str, kind: str = "text", aliases: str = "", **more: Any) -> Column:
    return Column(name, zh, en, kind, tuple(alias for alias in aliases.split("|") if alias), **more)


_EXTERNAL = _c(
    "external_id",
    "外部编号",
    "External id",
    "id",
    "来源编号|原系统编号|记录ID|记录编号|Record ID|Salesforce ID|数据ID",
    unique=True,
)
_NOTE = _c("note", "备注", "Note", "note", "说明|描述|备注信息|Remark|Remarks|Comment|Comments|Notes|Description|Memo")
_OWNER_ALIASES = (
    "负责人姓名|负责人工号|所有人|销售|销售员|销售人员|业务员|业务人员|客户经理|销售代表|销售顾问|销售经理|归属人|跟进人|跟进人员|员工姓名|"
    "Owner name|Sales agent|Salesperson|Sales person|Sales rep|Rep|Account owner|Opportunity owner|Deal owner|Lead owner|"
    "Assigned to|Account executive|Account manager|Responsible"
)
_OWNER = _c("owner", "负责人", "Owner", "ref", _OWNER_ALIASES, of="people", sample="0007")
_CURRENCY = _c(
    "currency",
    "币种",
    "Currency",
    "currency",
    "币别|货币|币种代码|货币代码|结算币种|交易币种|Currency code|Currency ISO code",
)
# “单位” may also be a company or 台: only with units of money in it a column is this one (see `sources`)
_UNIT = _c("unit", "金额单位", "Amount unit", "unit", "单位|货币单位|计价单位|Unit")
_REGION = "区域|地区|大区|省份|省|Territory|Office location|Location|Sales region"

PEOPLE = (
    _c("employee_no", "工号", "Employee no.", "id",
       "员工编号|员工号|人员编号|职工号|工号ID|Employee number|Employee ID|Employee key|Emp no|Staff no|Staff ID", unique=True, sample="0007"),
    _c("name", "姓名", "Name", "text",
       "员工姓名|人员姓名|销售姓名|名字|销售员|销售人员|Full name|Employee name|Person|Sales agent|Salesperson|Staff name|Employee",
       required=True, sample="王敏"),
    _c("mobile", "手机", "Mobile", "mobile", "手机号|手机号码|联系电话|移动电话|电话|联系方式|Mobile phone|Cell phone|Cellphone|Phone|Phone number",
       unique=True, sample="13800138000"),
    _c("email", "邮箱", "Email", "email", "电子邮箱|电子邮件|邮件|公司邮箱|企业邮箱|E-mail|Mail|Email address", unique=True, sample="wangmin@example.com"),
    _c("hire_on", "入职日期", "Hire date", "date", "入职时间|入职日|到岗日期|加入日期|Hired|Hired on|Start date|Joined|Date of joining|Join date",
       sample="2025-11-03"),
    _c("left_on", "离职日期", "Leave date", "date", "离职时间|离岗日期|最后工作日|Left on|End date|Termination date|Last day"),
    _c("team", "团队", "Team", "text",
       "部门|小组|所属团队|所属部门|组织|销售团队|销售组|团队路径|部门路径|Department|Group|Sales team|Org|Team path", sample="华东区/一队"),
    _c("manager", "直属上级", "Manager", "ref",
       "上级|主管|上级主管|直接上级|汇报对象|经理|直属主管|团队主管|上级工号|主管工号|Line manager|Supervisor|Reports to|Manager name|Manager ID",
       of="people", sample="0002"),
    _c("region", "销售区域", "Region", "text", _REGION + "|Regional office|Office", sample="华东"),
    _c("role", "角色", "Role", "word", "系统角色|权限角色|岗位角色|身份|User role", words=words_of.ROLES, shown=words_of.ROLES_SHOWN, sample="销售"),
    _c("title", "职务", "Job title", "text", "岗位|职位|头衔|职称|Title|Position"),
    _c("growth_stage", "成长阶段", "Growth stage", "word", "阶段|成长期|销售阶段|Stage|Tenure stage", words=words_of.GROWTH_STAGES,
       shown=words_of.GROWTH_STAGES_SHOWN),
    _EXTERNAL,
    _NOTE,
)  # fmt: skip

PRODUCTS = (
    _c("code", "产品编号", "Product code", "id",
       "产品编码|产品ID|商品编号|商品编码|物料编码|货号|SKU|Product ID|Product no|Item code|Item no|Material code|Code", unique=True, sample="P-100"),
    _c("name", "产品名称", "Product", "text", "产品|商品|商品名称|品名|物料名称|名称|Product name|Item|Item name|Name", required=True, sample="巡检服务"),
    _c("category", "类别", "Category", "text", "产品类别|分类|产品分类|系列|产品系列|品类|产品线|Series|Product line|Family|Type|Product category"),
    _c("list_price", "标价", "List price", "money",
       "单价|价格|建议零售价|零售价|标准价|目录价|报价|售价|Price|Sales price|Unit price|Standard price|Retail price", sample="12000.00"),
    _c("cost", "成本", "Cost", "money", "成本价|单位成本|标准成本|Unit cost|Standard cost"),
    _c("active", "在售", "Active", "boolean", "是否在售|启用|状态|是否启用|Enabled|On sale"),
    _CURRENCY,
    _UNIT,
    _EXTERNAL,
    _NOTE,
)  # fmt: skip

CUSTOMERS = (
    _c("code", "客户编号", "Customer code", "id",
       "客户编码|客户ID|客户号|客户代码|Customer ID|Customer no|Customer number|Account ID|Account number|Account no|Code", unique=True, sample="C-0101"),
    _c("name", "客户名称", "Customer", "text",
       "客户|公司|公司名称|企业名称|单位名称|客户全称|名称|Customer name|Account|Account name|Company|Company name|Organization|Name",
       required=True, sample="海川机械有限公司"),
    _c("industry", "行业", "Industry", "text", "所属行业|行业类别|客户行业|行业分类|Sector|Vertical", sample="制造"),
    _c("region", "客户区域", "Customer region", "text", _REGION + "|城市|所在城市|所在地区|国家|City|Country|Region|State|Province", sample="华东"),
    _c("size", "规模", "Size", "text", "企业规模|员工人数|员工规模|人数|公司规模|Employees|Number of employees|Headcount|Company size"),
    _c("tier", "分层", "Tier", "word", "客户等级|客户级别|等级|级别|分级|客户分级|客户分层|Level|Grade|Segment tier", words=words_of.TIERS, shown="A、B、C"),
    _OWNER,
    _c("parent", "上级客户", "Parent customer", "ref", "母公司|集团|总公司|所属集团|Parent|Parent account|Subsidiary of|Parent company", of="customers"),
    _c("source", "来源", "Source", "text", "客户来源|渠道|获客渠道|Lead source|Channel"),
    _c("phone", "电话", "Phone", "phone", "联系电话|公司电话|客户电话|固定电话|座机|Telephone|Phone number|Tel"),
    _c("address", "地址", "Address", "text", "公司地址|详细地址|客户地址|联系地址|Street|Billing address"),
    _c("contacts", "联系人", "Contacts", "list", "客户联系人|主要联系人|首要联系人|联系人姓名|Contact|Contact name|Primary contact", sample="赵工"),
    _c("contact_mobile", "联系人手机", "Contact mobile", "mobile", "联系人电话|联系人手机号|Contact phone"),
    _c("contact_title", "联系人职务", "Contact title", "text", "联系人职位"),
    _c("created_on", "建档日期", "Created", "date", "创建日期|创建时间|建档时间|录入日期|客户创建时间|Created on|Created date|Create date|Date created"),
    _EXTERNAL,
    _NOTE,
)  # fmt: skip

LEADS = (
    _c("code", "线索编号", "Lead code", "id", "线索编码|线索ID|线索号|Lead ID|Lead no|Lead number|Code", unique=True, sample="L-0001"),
    _c("name", "线索名称", "Lead", "text",
       "公司/称呼|公司|公司名称|企业名称|客户名称|线索|客户|名称|称呼|Lead name|Company|Company name|Account|Organization|Name",
       required=True, sample="远航物流"),
    _c("contact_name", "联系人", "Contact", "text", "联系人姓名|姓名|线索联系人|Contact name|Contact person|First contact"),
    _c("mobile", "手机", "Mobile", "mobile", "手机号|手机号码|联系电话|电话|联系方式|Mobile phone|Phone|Phone number|Cell phone"),
    _c("source", "来源", "Source", "text", "线索来源|渠道|来源渠道|获客渠道|推广渠道|Lead source|Channel|Origin|Campaign", sample="展会"),
    _c("industry", "行业", "Industry", "text", "所属行业|客户行业|Sector"),
    _c("customer_region", "客户区域", "Customer region", "text", _REGION + "|城市|所在地区|国家|City|Country|Region"),
    _OWNER,
    _c("stage", "阶段", "Stage", "word", "线索状态|线索阶段|状态|跟进状态|当前阶段|Status|Lead status|Lead stage", words=words_of.LEAD_STAGES,
       shown=words_of.LEAD_STAGES_SHOWN, sample="有效线索"),
    _c("created_on", "创建日期", "Created", "date",
       "创建时间|线索日期|获取日期|分配日期|分配时间|录入日期|进线日期|进线时间|Created on|Created date|Create date|Date|Lead date|First contact date",
       required=True, sample="2026-03-02"),
    _c("valid_on", "有效日期", "Qualified on", "date", "转有效日期|有效时间|确认有效日期|Qualified date|MQL date|SQL date|Valid on"),
    _c("intent_on", "意向日期", "Intent on", "date", "转意向日期|意向时间|意向客户日期|Intent date"),
    _c("proposal_on", "方案日期", "Proposal on", "date", "提案日期|方案提交日期|报价日期|Proposal date|Quote date"),
    _c("won_on", "成单日期", "Won on", "date", "成交日期|转化日期|赢单日期|签约日期|Won date|Converted on|Converted date|Conversion date"),
    _c("lost_on", "关闭日期", "Closed on", "date", "丢失日期|无效日期|流失日期|Lost date|Lost on|Closed date"),
    _c("loss_reason", "关闭原因", "Loss reason", "word", "无效原因|流失原因|丢失原因|丢单原因|Lost reason|Reason", words=words_of.LOSS_REASONS,
       shown=words_of.LOSS_REASONS_SHOWN),
    _c("in_pool", "在公海", "In pool", "boolean", "是否公海|公海|Pool"),
    _c("customer", "转化客户", "Converted customer", "ref", "关联客户|对应客户|Converted account", of="customers"),
    _EXTERNAL,
    _NOTE,
)  # fmt: skip

DEALS = (
    _c("deal_no", "商机编号", "Deal no.", "id",
       "订单号|订单编号|订单 ID|商机号|商机ID|成交单号|销售单号|单号|机会编号|Deal ID|Deal number|Opportunity ID|Opportunity number|Order ID|Order no|"
       "Order number|SalesOrderID|Sales order|Code", unique=True, sample="D-2026-001"),
    _c("line_key", "行号", "Line no.", "id", "行 ID|明细编号|行项目|明细行号|订单行号|Line|Line ID|Row ID|Line number|Line item", line=True),
    _c("name", "商机名称", "Deal", "text", "商机|商机标题|项目名称|项目|订单名称|机会名称|Deal name|Opportunity|Opportunity name|Title|Subject|Name"),
    _c("customer", "客户", "Customer", "ref",
       "客户名称|客户名|客户编号|公司|公司名称|企业名称|购买方|Customer name|Account|Account name|Company|Client|Customer ID", of="customers", sample="海川机械有限公司"),
    _OWNER,
    _c("product", "产品", "Product", "ref", "产品名称|产品编号|商品|商品名称|品名|Product name|Product code|Item|SKU", of="products", line=True),
    _c("quantity", "数量", "Quantity", "quantity", "件数|台数|套数|销量|销售数量|Qty|Units|Count", line=True),
    _c("unit_price", "单价", "Unit price", "money", "成交单价|销售单价|Price|Sales price", line=True),
    _c("discount", "折扣率", "Discount", "ratio", "折扣|优惠率|让利率|Discount rate|Discount %", line=True),
    _c("amount", "成交额", "Amount", "money",
       "金额|成交金额|销售额|合同金额|合同额|订单金额|商机金额|预计金额|签约金额|总金额|总价|销售金额|业绩|Deal amount|Deal value|Value|Close value|Revenue|"
       "Sales|Total|Net|Net amount|Contract value|Order amount|Sales amount", sample="86000.00"),
    _c("cost", "成本", "Cost", "money", "成本金额|成本额|总成本|Total cost|COGS", line=True),
    _c("tax_basis", "计税", "Tax basis", "word", "含税|是否含税|税务口径|Tax included|Including tax", words=words_of.TAX_BASES, shown=words_of.TAX_BASES_SHOWN),
    _c("stage", "阶段", "Stage", "word", "商机阶段|销售阶段|状态|商机状态|订单状态|当前阶段|Deal stage|Sales stage|Status|State|Opportunity stage",
       words=words_of.DEAL_STAGES, shown=words_of.DEAL_STAGES_SHOWN, sample="赢单"),
    _c("opened_on", "创建日期", "Opened on", "date",
       "创建时间|立项日期|商机日期|开始日期|录入日期|接触日期|Created|Created on|Created date|Engage date|Open date|Start date|Opened", sample="2026-01-12"),
    _c("expected_on", "预计成交日期", "Expected close", "date", "预计签单日期|预计成交时间|预计结单日期|预计签约日期|Expected close date|Expected on|Forecast date"),
    _c("closed_on", "成交日期", "Closed on", "date",
       "关闭日期|成交时间|签单日|赢单日期|结单日期|订单日期|下单日期|成单日期|销售日期|Close date|Closed|Closed date|Won date|Order date|Date|Deal date",
       sample="2026-03-05"),
    _c("signed_on", "签约日期", "Signed on", "date", "签约时间|签订日期|合同日期|合同签订日期|签单日期|Signed|Sign date|Contract date"),
    _c("contract_no", "合同编号", "Contract no.", "id", "合同号|合同编码|协议编号|Contract ID|Contract number|Contract"),
    _c("loss_reason", "输单原因", "Loss reason", "word", "丢单原因|失败原因|战败原因|Lost reason|Reason lost", words=words_of.LOSS_REASONS,
       shown=words_of.LOSS_REASONS_SHOWN),
    _c("competitor", "竞品", "Competitor", "text", "竞争对手|竞争产品|对手|Competitors|Lost to"),
    _c("source", "来源", "Source", "text", "商机来源|渠道|来源渠道|Lead source|Channel"),
    _c("credits", "业绩分配", "Credit shares", "credits", "业绩份额|分成|业绩分成|共享业绩|Credit|Credits|Split|Credit split", sample="0007:60;0009:40"),
    _c("next_step", "下一步", "Next step", "text", "下步计划|跟进计划|Next action"),
    _c("next_on", "下一步日期", "Next step on", "date", "下次跟进日期|下次跟进时间|Next step date|Next date|Next action date"),
    _CURRENCY,
    _UNIT,
    _EXTERNAL,
    _NOTE,
)  # fmt: skip

RETURNS = (
    _c("deal_no", "商机编号", "Deal no.", "id",
       "订单号|订单编号|订单 ID|单号|销售单号|原订单号|原单号|退货单号|合同号|合同编号|Order ID|Order no|Order number|Deal ID|Deal number|Contract no",
       required=True, sample="D-2026-001"),
    _c("on", "退回日期", "Returned on", "date",
       "退货日期|退款日期|退货时间|退款时间|日期|Return date|Refund date|Refunded on|Date", sample="2026-03-20"),
    _c("amount", "退回金额", "Returned amount", "money", "退货金额|退款金额|退款额|金额|Refund amount|Return amount|Refund|Amount", sample="8600.00"),
    _c("kind", "退回类型", "Kind of return", "word", "退货类型|退款类型|Return type|Refund type", words=words_of.RETURN_KINDS,
       shown=words_of.RETURN_KINDS_SHOWN),
    _c("reason", "退回原因", "Reason of the return", "text", "退货原因|退款原因|原因|Reason|Return reason|Refund reason"),
    _CURRENCY,
    _UNIT,
    _EXTERNAL,
)  # fmt: skip

ACTIVITIES = (
    _c("code", "活动编号", "Activity code", "id", "活动ID|记录编号|跟进编号|拜访编号|Activity ID|Task ID|Code", unique=True),
    _c("kind", "类型", "Kind", "word", "活动类型|跟进方式|跟进类型|拜访类型|拜访方式|方式|沟通方式|Activity type|Type|Activity|Method",
       required=True, words=words_of.ACTIVITY_KINDS, shown=words_of.ACTIVITY_KINDS_SHOWN, sample="拜访"),
    _c("at", "时间", "At", "moment",
       "日期|活动日期|跟进时间|跟进日期|拜访时间|拜访日期|活动时间|开始时间|发生时间|联系时间|Date|On|Time|Activity date|Start time|Start|Timestamp|Datetime",
       required=True, sample="2026-03-05 14:05"),
    _c("person", "人员", "Person", "ref", _OWNER_ALIASES + "|负责人|员工|工号|拜访人|创建人|姓名|Owner|Employee|User|Created by", of="people",
       required=True, sample="0007"),
    _c("customer", "客户", "Customer", "ref", "客户名称|客户名|拜访客户|公司|公司名称|客户编号|Customer name|Account|Account name|Company", of="customers",
       sample="海川机械有限公司"),
    _c("lead", "线索", "Lead", "ref", "线索名称|线索编号|Lead name|Lead ID", of="leads"),
    _c("deal", "商机", "Deal", "ref", "商机名称|商机编号|订单号|合同号|Deal name|Deal no|Opportunity|Opportunity name|Opportunity ID", of="deals"),
    _c("contact", "联系人", "Contact", "text", "联系人姓名|拜访对象|对接人|见到谁|Contact name|Contact person|Met"),
    _c("result", "结果", "Result", "text", "跟进结果|拜访结果|沟通结果|活动结果|Outcome|Disposition|Call result", sample="有意向"),
    _c("next_step", "下一步", "Next step", "text", "下步计划|下一步计划|后续计划|跟进计划|Next action|Follow up", sample="发报价"),
    _c("next_on", "下一步日期", "Next step on", "date", "下次跟进时间|下次跟进日期|下次拜访日期|计划日期|Next step date|Next date|Follow up date",
       sample="2026-03-09"),
    _c("minutes", "时长", "Minutes", "integer", "时长（分钟）|时长(分钟)|分钟|通话时长|拜访时长|Duration|Duration (min)|Length"),
    _c("companion", "同行人", "Companion", "ref", "陪访人|协访人|协同人|Joint with|Accompanied by", of="people"),
    _c("note", "备注", "Note", "note", "内容|跟进内容|拜访内容|沟通内容|跟进记录|描述|说明|Remark|Comments|Notes|Description|Content|Summary"),
    _EXTERNAL,
)  # fmt: skip

COLLECTIONS = (
    _c("customer", "客户", "Customer", "ref", "客户名称|客户名|客户编号|付款方|付款单位|公司|公司名称|Customer name|Customer ID|Account|Payer|Company|Client",
       of="customers", required=True, sample="海川机械有限公司"),
    _c("deal", "商机/合同", "Deal", "ref", "合同编号|合同号|商机编号|订单号|商机|合同|Deal no|Contract no|Contract|Order ID|Opportunity", of="deals"),
    _c("invoice_no", "发票号", "Invoice no.", "id", "发票号码|发票编号|票号|Invoice number|Invoice|Invoice ID", unique=True, sample="26117000000012345678"),
    _c("invoice_on", "开票日期", "Invoice date", "date", "发票日期|开票时间|Invoice on|Invoiced on|Date of invoice", sample="2026-03-10"),
    _c("invoice_amount", "开票金额", "Invoice amount", "money", "发票金额|价税合计|Invoiced amount|Amount invoiced|Invoice total", sample="86000.00"),
    _c("instalment_no", "应收编号", "Instalment no.", "id", "期次编号|应收单号|分期编号|回款计划编号|期次|Instalment|Installment no|Plan no", unique=True),
    _c("due_amount", "应收金额", "Due amount", "money", "计划回款金额|计划金额|应回款金额|应收款|Planned amount|Amount due|Receivable", sample="43000.00"),
    _c("due_on", "应收日期", "Due date", "date", "到期日期|到期日|计划回款日期|应付日期|应回款日期|付款期限|Due on|Due|Payment due"),
    _c("receipt_no", "回款单号", "Receipt no.", "id", "回款编号|收款单号|流水号|银行流水号|交易流水号|Receipt number|Payment ID|Payment no|Transaction ID",
       unique=True),
    _c("received_amount", "回款金额", "Received amount", "money", "实收金额|收款金额|到账金额|已收金额|已回款|实际回款金额|Received|Amount received|Paid|Payment|"
       "Paid amount|Collected", sample="43000.00"),
    _c("received_on", "回款日期", "Received on", "date", "到账日期|收款日期|实收日期|回款时间|到账时间|结清日期|Settled date|Settled|Payment date|Paid on|"
       "Paid date|Receipt date|Received date"),
    _c("method", "回款方式", "Method", "text", "付款方式|收款方式|支付方式|Payment method"),
    _c("owner", "负责人", "Owner", "ref", _OWNER_ALIASES, of="people"),
    _CURRENCY,
    _UNIT,
    _EXTERNAL,
    _NOTE,
)  # fmt: skip

GOALS = (
    _c("metric", "指标", "Metric", "text", "目标指标|指标名称|考核指标|KPI|Measure", required=True, sample="成交额"),
    _c("basis", "口径", "Basis", "text", "指标口径|计算口径"),
    _c("owner", "归属", "Goal of", "text", "目标归属|归属对象|责任主体|责任人|Owned by|Owner", sample="公司"),
    _c("person", "人员", "Person", "ref", "姓名|工号|销售|销售员|销售人员|业务员|负责人|员工|Employee|Name|Salesperson|Sales agent|Rep|Employee no", of="people"),
    _c("team", "团队", "Team", "text", "部门|小组|销售团队|Department|Group|Sales team"),
    _c("period", "期间", "Period", "period", "周期|月份|季度|年份|年度|时间|考核期|Month|Quarter|Year", sample="2026Q2"),
    _c("floor", "保底", "Floor", "measure", "保底目标|保底值|底线|Minimum"),
    _c("target", "目标", "Target", "measure", "目标值|目标金额|任务|任务额|指标值|年度目标|全年目标|全年|合计|Goal|Quota|Value|Amount|Target value", sample="3000000.00"),
    _c("stretch", "冲刺", "Stretch", "measure", "冲刺目标|冲刺值"),
    _c("challenge", "挑战", "Challenge", "measure", "挑战目标|挑战值"),
    _c("unit", "单位", "Unit", "text", "计量单位|目标单位"),
    _CURRENCY,
    _c("weight", "权重", "Weight", "integer", "权重（%）|考核权重|Weighting"),
    _c("customer_region", "区域", "Customer region", "text", "客户区域|地区|大区|Region|Territory"),
    _c("industry", "行业", "Industry", "text", "客户行业|所属行业|Sector"),
    _c("product", "产品", "Product", "ref", "产品名称|产品编号|Product name|Product code", of="products"),
    _c("customer_kind", "新客/复购", "New or repeat", "word", "客户类型|新客或复购|新老客户|Customer kind", words=words_of.CUSTOMER_KINDS,
       shown=words_of.CUSTOMER_KINDS_SHOWN),
    _c("per", "每", "Per", "word", "按|频率|每期/每日/每周|Frequency", words=words_of.PERS, shown=words_of.PERS_SHOWN),
    _c("above", "上级目标", "Goal above", "text", "上级|支撑目标|父目标|Parent|Parent goal|Supports"),
    _c("buffer", "缓冲", "Buffer", "measure", "预留|Reserve"),
    _c("parts", "分期", "Parts", "text", "分月|各月|Months|Split"),
    _c("valid_from", "生效日期", "Valid from", "date", "起效日期|开始日期|Effective from"),
    _c("status", "状态", "Status", "word", "目标状态", words=words_of.GOAL_STATUS, shown=words_of.GOAL_STATUS_SHOWN),
    _c("note", "说明", "Note", "note", "备注|描述|Remark|Remarks|Comment|Notes|Description"),
)  # fmt: skip

COLUMNS: dict[str, tuple[Column, ...]] = {
    "people": PEOPLE,
    "products": PRODUCTS,
    "customers": CUSTOMERS,
    "leads": LEADS,
    "deals": DEALS,
    "returns": RETURNS,
    "activities": ACTIVITIES,
    "collections": COLLECTIONS,
    "goals": GOALS,
}


# further places a column may go to: chosen by hand on the page, never guessed. `customer.…` and `product.…` tell about a
# customer or product that a deal refers to and that is made on the way; `return.on` dates returns whose own file has no day; `team+region` fills both.
CHOSEN: dict[str, tuple[Column, ...]] = {
    "people": (_c("team+region", "团队（也作销售区域）", "Team (also the region)"),),
    "deals": (
        _c("customer.name", "新客户：名称", "New customer: name"),
        _c("customer.region", "新客户：区域", "New customer: region"),
        _c("customer.industry", "新客户：行业", "New customer: industry"),
        _c("customer.size", "新客户：规模", "New customer: size"),
        _c("product.name", "新产品：名称", "New product: name"),
        _c("product.category", "新产品：类别", "New product: category"),
        _c("return.on", "退货时记在这天", "Day of a return", "date"),
    ),
}


# columns that say how the others are read: never stored, never exported
READING = ("currency", "unit")


@cache
def by_name(entity: str) -> dict[str, Column]:
    """The entity's columns by name, those that only a choice reaches among them."""
    return {column.name: column for column in (*COLUMNS[entity], *CHOSEN.get(entity, ()))}


def column_words(column: Column) -> dict[str, str]:
    """Written word (in its plain form) → canonical word."""
    return {plain_word(written): word for written, word in column.words.items()}
