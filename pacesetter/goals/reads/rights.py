"""Who sees and sets which goals: the table of rights, applied.

Read: own + the goals above (company, and teams one stands in); team: the subtree and the goals above; all. Marketing
reads goals on lead metrics. Drafts are seen by those who may set them, and by the owner once they are submitted.
Write: a rep the own action goals; a manager those of the team; the director all, and only the director publishes —
action goals excepted, which their writers put in force themselves. An action goal names so many actions each day or
week; an amount, a rate or a total of a period is a quota, whatever layer it is called.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from pacesetter.metrics.catalogue import METRICS, Metric
from pacesetter.people import reads as people
from pacesetter.people.models import Membership, TeamClosure
from pacesetter.people.reach import Reach
from pacesetter.people.rights import Scope

from ..models import Goal, OwnerKind
from .catalogue import metrics_for_goals

REASONS = {
    "publish": _("目标由销售总监发布。请先提交。"),
    "action": _("销售可以自己设定动作目标；其他目标请主管设定，或申请调整。"),
}


def _teams_above(reach: Reach) -> list[int]:
    """The teams the reader stands in or heads, and all above them."""
    own = set(
        Membership.objects.filter(people.valid(reach.on), person_id=reach.person_id).values_list("team_id", flat=True)
    )
    own |= set(reach.led)
    return list(
        TeamClosure.objects.filter(people.valid(reach.on), descendant_id__in=own).values_list("ancestor_id", flat=True)
    )


def visible(reach: Reach) -> QuerySet[Goal]:
    """The goals in reach, drafts and all (a page asks `book(..., published_only=…)` for those it may not set)."""
    goals = Goal.objects.select_related("team", "person", "product")
    found = Q(pk__in=[])
    for grant in reach.grants("goals"):
        if grant.scope == Scope.ALL and not grant.only:
            return goals
        found |= _within(reach, grant.scope) & _families(grant.only)
    return goals.filter(found)


def _within(reach: Reach, scope: Scope) -> Q:
    if scope == Scope.ALL:
        return Q()
    if scope < Scope.OWN:
        return Q(pk__in=[])
    mine = Q(owner_kind=OwnerKind.COMPANY) | Q(team_id__in=_teams_above(reach)) | Q(person_id=reach.person_id)
    if scope == Scope.TEAM:
        mine |= Q(person_id__in=reach.people_ids) | Q(team_id__in=reach.team_ids)
    return mine


def _families(only: frozenset[str]) -> Q:
    if not only:
        return Q()
    return Q(metric__in=[key for key, metric in METRICS.items() if metric.family in only])


def writable(reach: Reach, goal: Goal) -> bool:
    """Whether the reader may draft a version of this goal."""
    return may_draft(
        reach, owner_kind=goal.owner_kind, team=goal.team_id, person=goal.person_id, metric=goal.metric, per=goal.per
    )


def action_metrics() -> frozenset[str]:
    """The metrics an action goal may name: what somebody does, not what comes of it."""
    return frozenset(key for key, metric in metrics_for_goals().items() if metric.kind == "process")


def _is_action(metric: str, per: str) -> bool:
    """Whether a number of this metric for this long is an action goal's."""
    known = METRICS.get(metric) or (metrics_for_goals().get(metric) if per else None)
    return bool(per) and known is not None and known.kind == "process"


def may_draft(
    reach: Reach, *, owner_kind: str, team: int | None, person: int | None, metric: str, per: str
) -> bool:  # fmt: skip
    """Whether the reader may set a goal of this owner, on this metric, for the whole period or each day or week."""
    scope = reach.scope("goals", "write")
    if scope == Scope.ALL:
        return True
    if owner_kind == OwnerKind.COMPANY or scope < Scope.OWN:
        return False
    if scope == Scope.TEAM:
        return team in reach.team_ids if owner_kind == OwnerKind.TEAM else person in reach.people_ids
    own = owner_kind == OwnerKind.PERSON and person == reach.person_id
    return own and _is_action(metric, per)


def may_publish(reach: Reach, goal: Goal) -> bool:
    """Whether the reader may put this goal in force."""
    if reach.scope("goals", "write") == Scope.ALL:
        return True
    return _is_action(goal.metric, goal.per) and writable(reach, goal)


def sees_figures(reach: Reach, goal: Goal, metric: Metric) -> bool:
    """Whether the reader sees what was done for a goal; those above are read by value, percent and status only."""
    company = goal.owner_kind == OwnerKind.COMPANY
    scope = reach.scope_of_family(metric.family, money=metric.shows_money, persons=not company)
    if company or scope == Scope.ALL:
        return scope == Scope.ALL
    if goal.owner_kind == OwnerKind.PERSON:
        own = goal.person_id == reach.person_id and scope > Scope.NONE
        return own or (scope == Scope.TEAM and goal.person_id in reach.people_ids)
    return scope == Scope.TEAM and goal.team_id in reach.team_ids


def hides_amounts(reach: Reach, goal: Goal, metric: Metric) -> bool:
    """Whether what an application says of a goal is read in percent: a role hides amounts, and none opens these."""
    hides = any("prices" in grant.masks for grant in reach.grants("metrics"))
    return hides and metric.unit == "minor" and not sees_figures(reach, goal, metric)


def may_commit(reach: Reach, goal: Goal) -> bool:
    """Whether the reader answers for the goal: the person, or the head of the team."""
    if goal.owner_kind == OwnerKind.PERSON:
        return goal.person_id == reach.person_id
    if goal.owner_kind == OwnerKind.TEAM:
        return goal.team_id in reach.led
    return reach.scope("goals", "write") == Scope.ALL


def own_goals(person_id: int) -> QuerySet[Goal]:
    """The goals of one person."""
    return Goal.objects.filter(person_id=person_id).select_related("person", "product")
