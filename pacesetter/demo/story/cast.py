"""Who works at the demo company: one strong team, one that visits much and closes little, one of newcomers, one whose
customers pay late, one like most. Hire days are counted back from today, so that every growth stage is there."""

from __future__ import annotations

from datetime import date, timedelta

from . import vocabulary
from .plan import Habits, PersonPlan, TeamPlan

STRONG = Habits(leads=3300, repeats=1500, visits=1000, careful=880, intent=520, win=470, size=1150, late=30)
BUSY = Habits(leads=3000, repeats=1200, visits=1550, careful=900, intent=330, win=190, size=900, late=30)
YOUNG = Habits(leads=3100, repeats=900, visits=950, careful=700, intent=380, win=320, size=800, ramp=True, trend=25)
LATE_PAID = Habits(leads=2800, repeats=1350, visits=800, careful=760, intent=430, win=390, size=1250, pays="badly")
USUAL = Habits(pays="slowly")

TEAMS = [
    TeamPlan("hq", vocabulary.COMPANY, None, "zhou", None),
    TeamPlan("east", "华东区", "hq", None, "华东"),
    TeamPlan("south", "华南区", "hq", None, "华南"),
    TeamPlan("e1", "华东一队", "east", "wang", "华东"),
    TeamPlan("e2", "华东二队", "east", "zhao", "华东"),
    TeamPlan("e3", "华东三队", "east", "shen", "华东"),
    TeamPlan("s1", "华南一队", "south", "liang", "华南"),
    TeamPlan("s2", "华南二队", "south", "tang", "华南"),
]


def people(today: date) -> list[PersonPlan]:
    """Everybody, managers before their reps."""

    def ago(days: int) -> date:
        return today - timedelta(days=days)

    def office(key: str, name: str, role: str, team: str, days: int, title: str) -> PersonPlan:
        return PersonPlan(key, name, role, team, ago(days), title)

    def seller(key: str, name: str, team: str, days: int, habits: Habits, **more: object) -> PersonPlan:
        title = "销售代表" if days < 365 else "高级销售"
        return PersonPlan(key, name, "rep", team, ago(days), title, habits, **more)  # type: ignore[arg-type]

    return [
        office("zhou", "周以宁", "director", "hq", 3020, "销售总监"),
        office("wang", "王若川", "manager", "e1", 2210, "销售主管"),
        office("zhao", "赵听澜", "manager", "e2", 1850, "销售主管"),
        office("shen", "沈言", "manager", "e3", 1420, "销售主管"),
        office("liang", "梁书衡", "manager", "s1", 1990, "销售主管"),
        office("tang", "唐知夏", "manager", "s2", 1310, "销售主管"),
        office("lin", "林沐", "hrbp", "hq", 1600, "HRBP"),
        office("he", "何思齐", "analyst", "hq", 1100, "数据分析师"),
        office("ma", "马映雪", "marketing", "hq", 980, "市场经理"),
        office("gao", "高明澈", "finance", "hq", 2600, "财务"),
        office("fang", "方正言", "admin", "hq", 2800, "系统管理员"),
        seller("e11", "陈予安", "e1", 1480, Habits(leads=3500, repeats=1900, visits=1050, careful=930, intent=560,
                                                   win=520, size=1300, late=10)),
        seller("e12", "宋清和", "e1", 1210, STRONG),
        # the stuck veteran: does the same every week, and the same little comes of it
        seller("e13", "孙柏年", "e1", 2300, Habits(leads=2100, repeats=1000, visits=900, careful=560, intent=300,
                                                   win=260, size=950, late=260, evening=True)),
        seller("e14", "叶知秋", "e1", 300, Habits(leads=3200, repeats=900, visits=1000, careful=820, intent=450,
                                                  win=380, size=900, ramp=True, trend=35)),
        seller("e21", "吴疏影", "e2", 1130, BUSY),
        seller("e22", "许怀瑾", "e2", 890, BUSY),
        seller("e23", "秦牧野", "e2", 640, Habits(leads=2800, repeats=1100, visits=1650, careful=930, intent=310,
                                                  win=170, size=850)),
        seller("e24", "冯晚晴", "e2", 250, Habits(leads=2900, repeats=800, visits=1400, careful=860, intent=340,
                                                  win=230, size=800, ramp=True, trend=20)),
        seller("e31", "程向阳", "e3", 720, USUAL, moves=(ago(118), "e1")),
        seller("e32", "丁一帆", "e3", 150, YOUNG),
        # the newcomer, still in the first three months
        seller("e33", "李初阳", "e3", 52, Habits(leads=4200, repeats=500, visits=1100, careful=650, intent=360,
                                                 win=300, size=700, ramp=True)),
        seller("e34", "邵文舟", "e3", 205, YOUNG),
        seller("e35", "范星辰", "e3", 980, Habits(leads=2900, repeats=1300, visits=820, careful=800, intent=420,
                                                  win=350)),
        seller("s11", "黎安澜", "s1", 1340, LATE_PAID),
        seller("s12", "钟毓", "s1", 1020, LATE_PAID),
        seller("s13", "曾望舒", "s1", 560, Habits(leads=2700, repeats=1300, visits=780, careful=720, intent=400,
                                                  win=360, size=1150, pays="badly")),
        seller("s14", "谢北辰", "s1", 800, USUAL, left=ago(76), heir="s13"),
        seller("s21", "温如玉", "s2", 1270, USUAL),
        seller("s22", "江屿", "s2", 930, Habits(leads=3000, repeats=1300, visits=880, careful=800, intent=420,
                                                win=360)),
        seller("s23", "苏念", "s2", 330, Habits(leads=3000, repeats=900, visits=950, careful=760, intent=380, win=300,
                                                size=850, ramp=True, trend=30)),
        seller("s24", "陶然", "s2", 75, Habits(leads=3800, repeats=500, visits=1000, careful=700, intent=350, win=280,
                                               size=700, ramp=True)),
    ]  # fmt: skip
