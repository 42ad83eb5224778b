"""The words of the story. Companies and people are invented: two characters drawn together, a trade, a city."""

from __future__ import annotations

from typing import Any

from .plan import ProductPlan

COMPANY = "青屿智造（演示公司）"
FIRST, SECOND = "澄岚栖沐拓衡朗琢砺皓榕岭汀晏翊钧霁渝煦珩", "川原舟石桥岸屿帆谷宁章序台麓畔野林禾"
# industry → (what the name says, weight among customers)
INDUSTRIES = {
    "装备制造": (("精密机械", "自动化设备", "重工机械"), 26),
    "汽车零部件": (("汽车零部件", "车辆科技", "传动系统"), 20),
    "电子信息": (("电子", "光电科技", "半导体材料"), 20),
    "食品饮料": (("食品", "饮品", "生物发酵"), 12),
    "医药健康": (("医药", "医疗器械", "生物科技"), 12),
    "新能源": (("新能源", "储能科技", "光伏材料"), 10),
}
CITIES = {
    "华东": ("上海", "苏州", "杭州", "宁波", "无锡", "合肥"),
    "华南": ("广州", "深圳", "东莞", "佛山", "珠海", "厦门"),
}
SIZES = (("1000 人以上", 15), ("300–999 人", 30), ("100–299 人", 35), ("100 人以下", 20))
TIERS = (("A", 18), ("B", 42), ("C", 40))
SOURCES = (("官网咨询", 24), ("展会", 16), ("老客户转介绍", 18), ("渠道伙伴", 14), ("电话开发", 18), ("内容营销", 10))
# how well leads of a source turn into business, in thousandths of the seller's own rate
SOURCE_QUALITY = {
    "官网咨询": 950,
    "展会": 800,
    "老客户转介绍": 1400,
    "渠道伙伴": 1150,
    "电话开发": 700,
    "内容营销": 850,
}
COMPETITORS = ("智川软件", "恒桥工业云", "博岸信息", "自研系统")
LOSS_REASONS = (("price", 26), ("competitor", 24), ("no_budget", 15), ("timing", 12), ("contact", 9), ("no_need", 7),
                ("product", 6), ("other", 1))  # fmt: skip
SURNAMES = "王李张刘陈杨赵黄周吴徐孙马朱胡郭林何高罗"
GIVEN = ("建国", "志强", "丽华", "晓峰", "雅静", "文博", "海燕", "国栋", "思远", "婷婷", "俊杰", "春梅", "立新", "慧敏",
         "永康", "佳宁")  # fmt: skip
# title, part in the decision, weight
CONTACTS = ((("总经理", "decision_maker"), 20), (("生产总监", "influencer"), 25), (("信息部经理", "champion"), 22),
            (("采购经理", "buyer"), 20), (("车间主任", "user"), 10), (("财务经理", "blocker"), 3))  # fmt: skip
PRODUCTS = (
    ProductPlan("MES-S", "制造执行系统 标准版", "软件", 128_000_00, 18_000_00),
    ProductPlan("MES-P", "制造执行系统 旗舰版", "软件", 298_000_00, 42_000_00),
    ProductPlan("QMS", "质量追溯模块", "软件", 46_000_00, 6_000_00),
    ProductPlan("WMS", "仓储管理模块", "软件", 58_000_00, 8_000_00),
    ProductPlan("BI", "生产看板", "软件", 28_000_00, 3_000_00),
    ProductPlan("EMS", "能耗监测", "软件", 36_000_00, 5_000_00),
    ProductPlan("GW", "设备联网网关", "硬件", 3_600_00, 1_900_00),
    ProductPlan("PAD", "工位终端", "硬件", 2_200_00, 1_300_00),
    ProductPlan("IMP", "实施服务（人天）", "服务", 2_400_00, 1_100_00),
    ProductPlan("TRN", "操作培训", "服务", 8_000_00, 2_500_00),
    ProductPlan("SUP", "年度维保", "服务", 15_000_00, 4_000_00),
)
# what is bought together: (product, least, most) per kind of deal
BASKETS = {
    "small": ((("QMS", 1, 1), ("IMP", 3, 6)), (("BI", 1, 1), ("TRN", 1, 1)), (("GW", 6, 15),), (("EMS", 1, 1),),
              (("SUP", 1, 2), ("PAD", 4, 10))),
    "medium": ((("MES-S", 1, 1), ("IMP", 8, 15)), (("WMS", 1, 1), ("QMS", 1, 1), ("IMP", 6, 10)),
               (("MES-S", 1, 1), ("GW", 8, 20), ("TRN", 1, 2))),
    "large": ((("MES-P", 1, 1), ("IMP", 20, 35), ("GW", 20, 50)), (("MES-P", 1, 1), ("WMS", 1, 1), ("IMP", 15, 30)),
              (("MES-S", 2, 3), ("PAD", 20, 40), ("SUP", 1, 1))),
}  # fmt: skip
DEAL_NAMES = {"small": ("加购", "扩容", "追加模块"), "medium": ("数字化车间", "产线升级", "仓储改造"),
              "large": ("智能工厂一期", "集团推广", "新厂区建设")}  # fmt: skip
RESULTS = (("有意向", 30), ("需方案", 22), ("谈价格", 16), ("再联系", 22), ("无需求", 4), ("没见到", 6))
NEXT_STEPS = {"有意向": ("约技术交流", "拜访决策人", "发案例资料"), "需方案": ("送方案", "做需求调研", "演示系统"),
              "谈价格": ("发正式报价", "约商务谈判", "走合同评审"), "再联系": ("电话回访", "再次拜访", "邀请参观样板"),
              "没见到": ("重新约时间",)}  # fmt: skip
NOTES = ("产线换型多，关心换线时间。", "现有系统三年没有升级。", "希望先做一条产线试点。", "预算要等下季度审批。",
         "对接设备品牌较杂，需要确认协议。", "客户提到竞品报价更低。", "质量部门最着急，可以先从追溯做起。",
         "决策人下周出差，已约视频。", "要求提供同行业案例。", "对实施周期有顾虑。")  # fmt: skip
LEAVING, MOVING = "个人发展", "补充华东一队力量"

DOUBT = "上个月我记得还有一单，怎么不在这里？"
DOUBT_ANSWERED = "那一单在本月 1 日签约，算本月。打开记录可以看到签约日。"
DOUBT_OPEN = "这个月的赢单率把取消的商机也算进分母了吗？"
# minor units: won in twelve months or open deals from this on
TIER_LINES: dict[str, Any] = {
    "a_won_minor": 60_000_000, "a_open_minor": 100_000_000, "b_won_minor": 20_000_000, "b_open_minor": 40_000_000,
    "c_won_minor": 1_000_000, "c_open_minor": 5_000_000,
}  # fmt: skip
