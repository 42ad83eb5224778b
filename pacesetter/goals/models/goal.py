"""A goal, its versions and what happened to each. Rows are written once; what changes is a further row.

Values are integers in the metric's own unit: minor units, counts, days, and basis points of 1 for a ratio.
Who did something stands as id and name, like in the journal, so that a merge of two persons changes no row.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _


class Layer(models.TextChoices):
    """The four layers of the handbook."""

    STRATEGIC = "strategic", _("战略目标")
    TEAM = "team", _("团队目标")
    INDIVIDUAL = "individual", _("个人目标")
    ACTION = "action", _("动作目标")


class OwnerKind(models.TextChoices):
    """Whose goal it is."""

    COMPANY = "company", _("公司")
    TEAM = "team", _("团队")
    PERSON = "person", _("个人")


class Per(models.TextChoices):
    """What the number is for: the whole period, or each working day or week in it ("每日 3 家")."""

    PERIOD = "", _("整个期间")
    DAY = "day", _("每个工作日")
    WEEK = "week", _("每周")


class Goal(models.Model):
    """Which number, whose, when, of what. It never changes; its value stands in versions.

    Scope is the customers' and the deal's, empty = no limit: "华东区制造业客户" is `customer_region` + `industry`.
    """

    metric = models.CharField(_("指标"), max_length=60)
    basis = models.CharField(max_length=20, blank=True, default="")
    layer = models.CharField(_("层级"), max_length=10, choices=Layer.choices)
    owner_kind = models.CharField(max_length=7, choices=OwnerKind.choices)
    team = models.ForeignKey("people.Team", null=True, on_delete=models.PROTECT, related_name="goals")
    person = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="goals")
    period_kind = models.CharField(_("期间"), max_length=17)
    label = models.CharField(max_length=12)
    start = models.DateField()
    end = models.DateField()
    per = models.CharField(max_length=4, choices=Per.choices, blank=True, default="")
    customer_region = models.CharField(_("客户区域"), max_length=80, blank=True, default="")
    industry = models.CharField(_("行业"), max_length=80, blank=True, default="")
    product = models.ForeignKey("pipeline.Product", null=True, on_delete=models.PROTECT, related_name="+")
    customer_kind = models.CharField(_("新客或复购"), max_length=10, blank=True, default="")
    made_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["start", "end"], name="goals_goal_when"),
            models.Index(fields=["metric", "start"], name="goals_goal_metric"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="goals_goal_order"),
            models.CheckConstraint(
                condition=Q(owner_kind="company", team=None, person=None)
                | Q(owner_kind="team", team__isnull=False, person=None)
                | Q(owner_kind="person", team=None, person__isnull=False),
                name="goals_goal_owner",
            ),
            # one number per owner, time and scope; an owner or product that is not there counts as 0
            models.UniqueConstraint(
                F("metric"), F("basis"), F("owner_kind"), Coalesce("team_id", 0), Coalesce("person_id", 0), F("start"),
                F("end"), F("per"), F("customer_region"), F("industry"), Coalesce("product_id", 0), F("customer_kind"),
                name="goals_goal_once",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.metric} {self.label}"

    @property
    def scoped(self) -> bool:
        """Whether it counts only a part of the records."""
        return bool(self.customer_region or self.industry or self.product_id or self.customer_kind)


class GoalVersion(models.Model):
    """One setting of a goal: its lines, its parent and where the number comes from. Immutable, like its parts."""

    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    floor = models.BigIntegerField(_("保底"), null=True)
    target = models.BigIntegerField(_("目标"))
    stretch = models.BigIntegerField(_("冲刺"), null=True)
    challenge = models.BigIntegerField(_("挑战"), null=True)
    weight = models.PositiveSmallIntegerField(_("权重（%）"), default=100)
    # the goal above; a change of parent is a new version
    parent = models.ForeignKey(Goal, null=True, on_delete=models.PROTECT, related_name="child_versions")
    # Σ of the goals below = target + buffer
    buffer = models.BigIntegerField(_("缓冲"), default=0)
    baseline = models.BigIntegerField(_("基线"), null=True)
    # the day from which this version is the one to reach
    valid_from = models.DateField()
    origin = models.CharField(max_length=12)  # hand | spread | import | calculator | adjustment | copy | template
    hand_set = models.BooleanField(default=False)
    # the figures the number came from, as the spread or the calculator gave them
    basis_figures = models.JSONField(default=dict)
    # market events that allow an application: the elastic clause
    elastic = models.JSONField(default=list)
    # working days, or the owner's own seasonal curve
    pace_basis = models.CharField(max_length=8, default="days")
    # the days the number was made for, [[from, to], …]; empty = the whole period. Only what comes beside is prorated
    present = models.JSONField(default=list)
    note = models.CharField(max_length=500, blank=True, default="")
    adjustment = models.ForeignKey("goals.Adjustment", null=True, on_delete=models.PROTECT, related_name="versions")
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=120, blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["goal", "number"], name="goals_version_once"),
            models.CheckConstraint(condition=Q(target__gte=0), name="goals_version_target"),
            models.CheckConstraint(condition=Q(weight__lte=100), name="goals_version_weight"),
        ]

    def __str__(self) -> str:
        return f"{self.goal_id} v{self.number}"


class GoalPart(models.Model):
    """The share of one month (or week …) in a version's target; the parts of a version sum to its target exactly."""

    version = models.ForeignKey(GoalVersion, on_delete=models.PROTECT, related_name="parts")
    label = models.CharField(max_length=12)
    start = models.DateField()
    end = models.DateField()
    target = models.BigIntegerField()
    hand_set = models.BooleanField(default=False)

    class Meta:
        ordering = ["start"]
        constraints = [models.UniqueConstraint(fields=["version", "start"], name="goals_part_once")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.label}"


class GoalEvent(models.Model):
    """What happened to a version; the newest one says where it stands."""

    class Kind(models.TextChoices):
        """draft → submitted → published → locked → superseded, ended by the clock."""

        DRAFTED = "drafted", _("草稿")
        SUBMITTED = "submitted", _("已提交")
        RETURNED = "returned", _("已退回")
        PUBLISHED = "published", _("已发布")
        ACCEPTED = "accepted", _("已签认")
        LOCKED = "locked", _("已锁定")
        SUPERSEDED = "superseded", _("已被替换")
        WITHDRAWN = "withdrawn", _("已撤回")
        ACHIEVED = "achieved", _("已达成")
        MISSED = "missed", _("未达成")
        EXPIRED = "expired", _("已过期")

    version = models.ForeignKey(GoalVersion, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=120, blank=True, default="")
    reason = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["kind", "version"], name="goals_event_kind")]
        constraints = [
            # submitted and returned may come again; everything else happens to a version once
            models.UniqueConstraint(
                fields=["version", "kind"],
                condition=~Q(kind__in=["submitted", "returned"]),
                name="goals_event_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.kind}"


class GoalOutcome(models.Model):
    """How a goal ended, frozen when its period was over: the metric's own figures beside the version in force.

    Of a goal for each day or week `top` is the whole time's, `bottom` its working days.
    """

    goal = models.OneToOneField(Goal, on_delete=models.PROTECT, related_name="outcome")
    version = models.ForeignKey(GoalVersion, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=10)  # achieved | missed | expired | withdrawn
    top = models.BigIntegerField(null=True)
    bottom = models.BigIntegerField(null=True)
    cases = models.IntegerField(default=0)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.goal_id} {self.verdict}"


class Commitment(models.Model):
    """What the owner says is possible, beside the value from above, with a comment. The newest one counts."""

    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="commitments")
    value = models.BigIntegerField(_("承诺值"))
    comment = models.CharField(_("说明"), max_length=500)
    at = models.DateTimeField()
    by_id = models.BigIntegerField()
    by_name = models.CharField(max_length=120)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.goal_id} {self.value}"
