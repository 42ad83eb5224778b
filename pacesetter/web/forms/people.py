"""What the pages of people, teams and the company ask for."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pacesetter.people.models import Absence, GrowthStage, Person, Team, WorkCalendar
from pacesetter.people.rights import CAPABILITIES, ROLES
from pacesetter.web import show

from .fields import Day, PersonChoice, TeamChoice

ROLE_CHOICES = [(key, role.name) for key, role in ROLES.items()]
ALL_ROLE_CHOICES = [*ROLE_CHOICES, *CAPABILITIES.items()]
PATTERNS = [("five_day", _("双休")), ("six_day", _("单休（周日休）")), ("alternate", _("大小周"))]


def _month(number: int) -> str:
    return f"{number} 月" if show.chinese() else show.MONTHS[number - 1]


MONTHS = [(n, lazy(_month, str)(n)) for n in range(1, 13)]


class OnDay(forms.Form):
    """A form whose choices depend on the day and on who may be chosen."""

    def __init__(self, *args: Any, on: date, people: Any = None, without: Team | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, PersonChoice):
                field.offer(Person.objects.none() if people is None else people, on)
            if isinstance(field, TeamChoice):
                field.offer(on, without=without)
            if isinstance(field, Day) and field.initial is None and field.required:
                field.initial = on


class NewPerson(OnDay):
    """A person with the first seat and role."""

    name = forms.CharField(label=_("姓名"), max_length=80)
    employee_no = forms.CharField(label=_("工号"), max_length=40, required=False)
    mobile = forms.CharField(label=_("手机"), max_length=20, required=False)
    email = forms.CharField(label=_("邮箱"), max_length=254, required=False)
    hire_on = Day(label=_("入职日期"), required=False, help_text=_("不填则成长阶段显示为“阶段未知”。"))
    team = TeamChoice(label=_("团队"), required=False)
    manager = PersonChoice(label=_("直属上级"), required=False, empty_label=_("按团队负责人"))
    role = forms.ChoiceField(label=_("角色"), choices=[("", _("先不给")), *ROLE_CHOICES], required=False)


class PersonFacts(forms.Form):
    """What a person record says."""

    name = forms.CharField(label=_("姓名"), max_length=80)
    employee_no = forms.CharField(label=_("工号"), max_length=40, required=False)
    mobile = forms.CharField(label=_("手机"), max_length=20, required=False)
    email = forms.CharField(label=_("邮箱"), max_length=254, required=False)
    hire_on = Day(label=_("入职日期"), required=False)


class Move(OnDay):
    """A transfer from a day on."""

    team = TeamChoice(label=_("调到"))
    on = Day(label=_("从哪天起"), help_text=_("这一天之前的记录仍归原来的团队。"))
    manager = PersonChoice(label=_("直属上级"), required=False, empty_label=_("按团队负责人"))
    title = forms.CharField(label=_("职务"), max_length=80, required=False)
    further = forms.BooleanField(label=_("兼岗：保留现在的主团队"), required=False)
    reason = forms.CharField(label=_("原因"), max_length=500, required=False)


class Correct(OnDay):
    """The past was wrong: where somebody really sat."""

    team = TeamChoice(label=_("实际所在团队"))
    start = Day(label=_("从"))
    end = Day(label=_("到（不含，空着表示至今）"), required=False)
    manager = PersonChoice(label=_("直属上级"), required=False, empty_label=_("按团队负责人"))
    reason = forms.CharField(label=_("原因"), max_length=500)


class Stage(OnDay):
    """A growth stage by hand."""

    stage = forms.ChoiceField(
        label=_("成长阶段"),
        choices=[("", _("按入职时间计算")), *[c for c in GrowthStage.choices if c[0] != "unknown"]],
        required=False,
    )
    on = Day(label=_("从哪天起"))
    until = Day(label=_("到（不含，空着表示一直）"), required=False)
    reason = forms.CharField(label=_("原因"), max_length=500)


class Absent(OnDay):
    """Somebody is away for some days, both ends included."""

    kind = forms.ChoiceField(label=_("类别"), choices=Absence.Kind.choices)
    start = Day(label=_("从"))
    last = Day(label=_("到（含）"))


class Grant(OnDay):
    """A role from a day on."""

    role = forms.ChoiceField(label=_("角色"), choices=ALL_ROLE_CHOICES)
    on = Day(label=_("从哪天起"))
    until = Day(label=_("到（不含，空着表示一直）"), required=False)
    reason = forms.CharField(label=_("原因"), max_length=500, required=False)


class Revoke(OnDay):
    """A role ends on a day."""

    role = forms.ChoiceField(label=_("角色"), choices=ALL_ROLE_CHOICES)
    on = Day(label=_("从哪天起不再有"))
    reason = forms.CharField(label=_("原因"), max_length=500, required=False)


# whoever may publish goals may also withdraw those that run
GOAL_RULES = [
    ("stay", _("都留在名下，按在岗天数折算，到期结束")),
    ("ahead", _("最后一天之后才开始的撤回，进行中的留下")),
    ("all", _("没有锁定的都撤回")),
]
RULES = [("successor", _("交给接手人")), ("manager", _("交给直属上级")), ("stay", _("先不动"))]


class Leave(OnDay):
    """Leaving with one hand-over: a rule for everything the person holds."""

    on = Day(label=_("最后一天"), help_text=_("这一天之后不能再登录；当天或更早则立即退出。"))
    successor = PersonChoice(label=_("接手人"), required=False)
    customers = forms.ChoiceField(label=pgettext_lazy("place", "客户"), choices=RULES, initial="manager")
    deals = forms.ChoiceField(label=_("进行中的商机和下一步"), choices=RULES, initial="manager")
    leads = forms.ChoiceField(
        label=pgettext_lazy("place", "线索"), choices=[*RULES, ("pool", _("放回公海"))], initial="manager"
    )
    goals = forms.ChoiceField(label=_("目标"), choices=GOAL_RULES[:2], initial="stay", required=False)
    reason = forms.CharField(label=_("原因"), max_length=500, required=False)

    def __init__(self, *args: Any, has_goals: bool, sets_goals: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_goals:
            del self.fields["goals"]
        elif sets_goals:
            self.fields["goals"].choices = GOAL_RULES  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or {}
        if asked.get("goals", "stay") not in {"", "stay"} and not asked.get("reason"):
            self.add_error("reason", _("撤回目标要写明原因。"))
        uses = any(asked.get(name) == "successor" for name in ("customers", "deals", "leads"))
        if uses and not asked.get("successor"):
            self.add_error("successor", _("选一位接手人，或换一种交接方式。"))
        return asked


class Reason(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("原因"), max_length=500)


class Merge(OnDay):
    """Which other record is the same person."""

    drop = PersonChoice(label=_("并入的另一条记录"))
    reason = forms.CharField(label=_("原因"), max_length=500)


# --- teams -----------------------------------------------------------------------------------------------------------
class TeamForm(OnDay):
    """A team."""

    name = forms.CharField(label=_("团队"), max_length=80)
    code = forms.CharField(label=_("团队编号"), max_length=60, required=False)
    leader = PersonChoice(label=_("负责人"), required=False)
    region = forms.CharField(label=_("区域"), max_length=80, required=False, help_text=_("写新名字会新建一个区域。"))
    calendar = forms.ModelChoiceField(
        label=_("工作日历"), queryset=WorkCalendar.objects.order_by("name"), required=False,
        empty_label=_("随上级或公司"),
    )  # fmt: skip

    def region_or_none(self) -> str:
        """The region's name as written."""
        return str(self.cleaned_data.get("region") or "").strip()


class NewTeam(TeamForm):
    """A team with its place."""

    parent = TeamChoice(label=_("上级团队"), required=False, empty_label=_("没有，最上层"))
    field_order = ["name", "parent", "leader", "region", "code", "calendar"]


class PlaceTeam(OnDay):
    """Another parent from a day on."""

    parent = TeamChoice(label=_("上级团队"), required=False, empty_label=_("没有，最上层"))
    on = Day(label=_("从哪天起"))
    reason = forms.CharField(label=_("原因"), max_length=500, required=False)


class CloseTeam(OnDay):
    """A team ends."""

    on = Day(label=_("从哪天起停用"))
    reason = forms.CharField(label=_("原因"), max_length=500, required=False)


# --- company ---------------------------------------------------------------------------------------------------------
class CompanyForm(forms.Form):
    """The settings every number depends on."""

    name = forms.CharField(label=_("公司名称"), max_length=120)
    currency = forms.CharField(label=_("币种"), max_length=3, initial="CNY", help_text=_("三位代码，例如 CNY。"))
    zone = forms.CharField(label=_("时区"), max_length=60, initial="Asia/Shanghai")
    fiscal_start_month = forms.TypedChoiceField(label=_("财年起始月"), choices=MONTHS, coerce=int, initial=1)
    performance_start_day = forms.IntegerField(
        label=_("绩效月起始日"), min_value=1, max_value=28, initial=1,
        help_text=_("1 表示自然月；26 表示 26 日到次月 25 日。"),
    )  # fmt: skip


class CompanySettings(CompanyForm):
    """All settings."""

    history_complete_from = Day(
        label=_("历史数据完整起始日"), required=False, help_text=_("早于这一天的订单不判断新客或复购。")
    )
    newcomer_months = forms.IntegerField(label=_("新人期（月）"), min_value=1, max_value=60)
    growth_months = forms.IntegerField(label=_("成长期至（月）"), min_value=2, max_value=120)
    ramp_newcomer = forms.IntegerField(label=_("新人期爬坡系数（%）"), min_value=0, max_value=100)
    ramp_growth = forms.IntegerField(label=_("成长期爬坡系数（%）"), min_value=0, max_value=100)
    align_spring_festival = forms.BooleanField(label=_("同比按春节对齐"), required=False)
    direction_colours = forms.ChoiceField(
        label=_("涨跌色"),
        choices=[("neutral", _("中性")), ("red_up", _("红涨绿跌")), ("green_up", _("绿涨红跌"))],
    )
    recording_days = forms.IntegerField(
        label=_("拜访录音保留天数"), min_value=7, max_value=1095,
        help_text=_("到期自动删除。改短了，已有的录音也提前删除；改长了，已有的录音仍按上传时说的日期。"),
    )  # fmt: skip


class FirstCompany(CompanyForm):
    """The first step of the set-up: the company and its work calendar."""

    pattern = forms.ChoiceField(label=_("工作制"), choices=PATTERNS, initial="five_day")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # most companies close their months with the calendar; the others say so here or later
        self.fields["performance_start_day"].required = False

    def clean_performance_start_day(self) -> int:
        """The first of the month where nothing is said."""
        return self.cleaned_data["performance_start_day"] or 1


class NewCalendar(forms.Form):
    """A further work calendar."""

    name = forms.CharField(label=_("名称"), max_length=60)
    pattern = forms.ChoiceField(label=_("工作制"), choices=PATTERNS)


class CalendarDayForm(forms.Form):
    """A day by hand."""

    day = Day(label=_("日期"))
    weight = forms.TypedChoiceField(label=_("上班还是休息"), choices=[(1, _("上班")), (0, _("休息"))], coerce=int)
    name = forms.CharField(label=_("名称"), max_length=60, required=False)
    reason = forms.CharField(label=_("原因"), max_length=500, required=False)


class ClosePeriod(forms.Form):
    """A period to close for ever."""

    start = Day(label=_("开始"))
    end = Day(label=_("结束（不含）"))
    reason = forms.CharField(label=_("备注"), max_length=500, required=False)
    sure = forms.BooleanField(label=_("我知道：结账不能撤销，之后只能在新的日期记更正"))


# --- me --------------------------------------------------------------------------------------------------------------
class Profile(forms.Form):
    """What everybody may change about themselves."""

    mobile = forms.CharField(label=_("手机"), max_length=20, required=False)
    email = forms.CharField(label=_("邮箱"), max_length=254, required=False)
    language = forms.ChoiceField(
        label=_("语言"), choices=[("", _("随浏览器")), ("zh-hans", "中文"), ("en", "English")], required=False
    )
    theme = forms.ChoiceField(
        label=_("外观"),
        choices=[("", _("跟随系统")), ("light", _("浅色")), ("dark", _("深色"))],
        required=False,
    )
    density = forms.ChoiceField(
        label=_("密度"), choices=[("", _("标准")), ("compact", _("紧凑")), ("loose", _("宽松"))], required=False
    )


class NewToken(forms.Form):
    """A key for a program."""

    name = forms.CharField(label=_("名称"), max_length=80, help_text=_("用它的程序，例如“BI 报表”。"))
    may_write = forms.BooleanField(label=_("可以写入（和你本人一样）"), required=False)


class SetPassword(forms.Form):
    """A first or new password, typed twice."""

    password = forms.CharField(
        label=_("新密码"), max_length=128, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("至少 10 位，不要只用数字或常见密码。"),
    )  # fmt: skip
    again = forms.CharField(
        label=_("再输一次"), max_length=128, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or {}
        if asked.get("password") and asked.get("again") and asked["password"] != asked["again"]:
            self.add_error("again", _("两次输入不一样。"))
        return asked


class ChangePassword(SetPassword):
    """The old password first."""

    old = forms.CharField(
        label=_("现在的密码"), max_length=128, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip
    field_order = ["old", "password", "again"]


class FirstAdmin(SetPassword):
    """Who sets the installation up and runs it."""

    name = forms.CharField(label=_("你的姓名"), max_length=80)
    login = forms.CharField(label=_("手机号或工号"), max_length=40, help_text=_("以后用它登录。"))
    field_order = ["name", "login", "password", "again"]
