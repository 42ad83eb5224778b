"""The words a spoken line is understood by: kinds, results, next steps, titles. What is not here stays a note."""

from __future__ import annotations

import re
from typing import Final

# kinds by their key; the company's own names of its kinds are added to these
KINDS: Final = {
    "joint_visit": ("陪同拜访", "陪访", "joint visit"),
    "needs_report": ("需求分析报告", "需求分析", "needs analysis", "needs report"),
    "proposal": ("提交方案", "交方案", "送方案", "发方案", "提方案", "submitted proposal", "sent proposal"),
    "visit": ("上门拜访", "拜访", "走访", "上门", "登门", "visited", "visit"),
    "call": ("打电话", "电话沟通", "致电", "通电话", "电话", "phone call", "called", "call", "phoned"),
    "online": ("线上沟通", "视频会议", "线上会议", "线上", "online meeting", "video call", "online"),
}
# names too common to be meant as a kind in the middle of a line
NO_KINDS: Final = frozenset({"other"})

# the six results of the sheet and what says the same without doubt
RESULTS: Final = {
    "有意向": ("有意向", "意向明确", "有兴趣", "很感兴趣", "感兴趣", "interested", "has intent", "intent"),
    "需方案": ("需要方案", "需方案", "要方案", "needs a proposal", "needs proposal", "wants a proposal"),
    "谈价格": ("谈价格", "谈价钱", "议价", "砍价", "谈价", "negotiating price", "negotiating", "price talk"),
    "再联系": ("再联系", "以后再联系", "contact again", "talk later"),
    "无需求": ("暂无需求", "没有需求", "没需求", "无需求", "no need"),
    "没见到": ("没有见到", "没见到", "没见着", "未见到", "没碰到", "扑空", "not met", "no show"),
}
# said before a result it turns it round: neither the result nor its opposite is certain then
NOT: Final = ("没有", "没", "无", "不", "未", "不太", "不够", "not ", "no ", "isn't ", "not very ")

STEPS: Final = (
    "提交方案", "送方案", "发方案", "出方案", "方案", "报价单", "报价", "再次拜访", "拜访", "回访", "上门",
    "电话确认", "打电话", "回电", "电话",
    "签合同", "签约", "合同", "催回款", "催款", "回款", "收款", "送样品", "送样", "寄样", "样品", "发资料",
    "资料", "演示", "试用", "勘察",
    "开会", "会议", "面谈", "投标", "标书", "验收", "交货", "发货", "回复", "联系",
    "send a proposal", "send proposal", "proposal", "send a quote", "send quote", "quotation", "quote",
    "visit again", "visit", "call back",
    "call", "sign the contract", "sign contract", "contract", "collect payment", "payment", "send samples",
    "samples", "sample", "demo",
    "trial", "meeting", "follow up", "tender",
)  # fmt: skip
MARKERS: Final = ("下一步", "下步", "next step")
EARLIER: Final = ("上次", "上回", "last time")

SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段"
    "雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单裴霍涂成苗谷盛曲冉骆蓝"
    "路游辛靳欧管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄"
    "丛仲虞敖巩明佘池查麻苑迟邝"
)  # fmt: skip
DOUBLE: Final = ("欧阳", "司马", "上官", "诸葛", "夏侯", "皇甫", "尉迟", "公孙", "慕容", "司徒", "令狐", "东方")
TITLES: Final = (
    "董事长", "总经理", "副总", "总监", "经理", "主任", "部长", "厂长", "处长", "科长", "局长", "院长", "校长",
    "所长", "店长", "主管", "老板",
    "老师", "医生", "教授", "博士", "会计", "书记", "秘书", "工程师", "总", "董", "工",
)  # fmt: skip
_AFTER: Final = r"(?!公司|部|额|价|结|算|量|体|共|会|业|厂|作|艺|地|资|人|具|程)"
TITLED: Final = re.compile(rf"(?P<name>(?:{'|'.join(DOUBLE)}|[{SURNAMES}]))(?P<title>{'|'.join(TITLES)}){_AFTER}")
# a whole word of surname, given name and title
FULL_TITLED: Final = re.compile(rf"(?:{'|'.join(DOUBLE)}|[{SURNAMES}])[一-鿿]{{1,2}}(?:{'|'.join(TITLES[:-3])})")
MISTER: Final = re.compile(r"(?<![a-z])(?:mr|mrs|ms|miss|dr)\.? ?(?P<name>[a-z]+)(?![a-z])")

# ends of company names that are left out when people talk, and words that name a trade and not a company
ENDINGS: Final = re.compile(
    r"(?:股份有限公司|有限责任公司|集团有限公司|有限公司|股份公司|集团公司|公司|集团"
    r"|,? (?:co\.?,? ?ltd\.?|ltd\.?|limited|inc\.?|group|company|llc|gmbh))$"
)
TRADES: Final = frozenset({
    "机械", "科技", "公司", "集团", "有限", "实业", "贸易", "工业", "电气", "设备", "材料", "制造", "电子",
    "股份", "医疗", "食品", "化工", "建设",
    "工程", "技术", "服务", "商贸", "物流", "自动化", "智能", "精密", "重工", "有限公司", "科技有限公司",
    "machinery", "technology", "company", "group", "limited", "industrial", "trading", "equipment", "electric",
    "and", "the", "ltd", "inc",
})  # fmt: skip
FILLERS: Final = frozenset({
    "了", "的", "去", "跟", "和", "与", "在", "到", "约", "约了", "见", "见了", "见到", "见到了", "给", "对",
    "已", "已经", "过", "是", "客户", "后",
    "the", "a", "an", "with", "at", "on", "for", "to", "and", "of", "then", "by", "from", "met", "saw", "is",
})  # fmt: skip
