"""Regions, teams as an effective-dated tree, and who belongs where from when to when.

All ranges are `[valid_from, valid_to)`; an unknown start is OPEN_START, no end is OPEN_END, so that SQL compares
plain dates and never meets NULL.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pacesetter.people.rules import OPEN_END, OPEN_START

from .seat import GrowthStage


class Region(models.Model):
    """Where sellers sell: 华东, Central …"""

    name = models.CharField(_("区域"), max_length=80, unique=True)

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """A team or department. Its place in the tree is dated (TeamPlace); its leaders are members with the role."""

    name = models.CharField(_("团队"), max_length=80)
    code = models.CharField(_("团队编号"), max_length=60, unique=True, null=True, blank=True)
    region = models.ForeignKey(Region, verbose_name=_("区域"), null=True, blank=True, on_delete=models.PROTECT)
    calendar = models.ForeignKey("people.WorkCalendar", null=True, blank=True, on_delete=models.PROTECT)
    # the head: reaches the whole subtree
    leader = models.ForeignKey(
        "people.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="led_teams"
    )
    closed_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Dated(models.Model):
    """A row that holds for `[valid_from, valid_to)`."""

    valid_from = models.DateField(_("生效日"), default=OPEN_START)
    valid_to = models.DateField(_("失效日（不含）"), default=OPEN_END)

    class Meta:
        abstract = True


class TeamPlace(Dated):
    """Under which parent a team hangs, from when to when. No row or parent None = a root."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="places")
    parent = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="child_places")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(valid_to__gt=F("valid_from")), name="people_place_order"),
            models.CheckConstraint(condition=~Q(team=F("parent")), name="people_place_not_self"),
            models.UniqueConstraint(fields=["team", "valid_from"], name="people_place_once"),
        ]

    def __str__(self) -> str:
        return f"{self.team_id} ⊂ {self.parent_id}"


class TeamClosure(Dated):
    """Every (ancestor, descendant) pair with its dates, the team itself included: no recursive SQL in metrics."""

    ancestor = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="below")
    descendant = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="above")
    depth = models.PositiveSmallIntegerField()

    class Meta:
        indexes = [models.Index(fields=["descendant", "ancestor"], name="people_closure_up")]
        constraints = [
            models.UniqueConstraint(fields=["ancestor", "descendant", "valid_from"], name="people_closure_once"),
        ]

    def __str__(self) -> str:
        return f"{self.ancestor_id} > {self.descendant_id}"


class Membership(Dated):
    """A person in a team under a line manager. One primary team at a time; further ones (兼岗) are not primary."""

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="memberships")
    manager = models.ForeignKey(
        "people.Person",
        verbose_name=_("直属上级"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="managed",
    )
    region = models.ForeignKey(Region, null=True, blank=True, on_delete=models.PROTECT)
    title = models.CharField(_("职务"), max_length=80, blank=True, default="")
    primary = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index(fields=["team", "valid_from"], name="people_member_team")]
        constraints = [
            models.CheckConstraint(condition=Q(valid_to__gt=F("valid_from")), name="people_member_order"),
            models.CheckConstraint(condition=~Q(person=F("manager")), name="people_member_not_own_manager"),
            models.UniqueConstraint(
                fields=["person"], condition=Q(primary=True, valid_to=OPEN_END), name="people_member_one_primary"
            ),
            models.UniqueConstraint(fields=["person", "team", "valid_from"], name="people_member_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} @ {self.team_id}"


class StageOverride(Dated):
    """A growth stage set by hand, with its reason; it beats tenure while it holds."""

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="stage_overrides")
    stage = models.CharField(max_length=10, choices=GrowthStage.choices)
    reason = models.CharField(max_length=500)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(valid_to__gt=F("valid_from")), name="people_stage_order")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.stage}"
