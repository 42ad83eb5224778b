"""Which versions of goals a reader sees: drafts are for whoever sets or imported them, for the owner once they were
handed in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.db.models import Exists, OuterRef, Q, QuerySet

from pacesetter.people.reach import Reach
from pacesetter.people.rights import Scope

from ..models import Goal, GoalEvent, GoalVersion, OwnerKind
from .book import Book, book
from .rights import action_metrics, may_commit, visible, writable

HANDED_IN = ("submitted", "returned")


def seen(reach: Reach, goals: Iterable[Goal]) -> Book:
    """The goals (in reach) with the versions that the reader sees; one of which there is none is left out."""
    held = list(goals)
    hidden = {goal.pk for goal in held if not writable(reach, goal)}
    owned = {goal.pk for goal in held if goal.pk in hidden and may_commit(reach, goal)}
    imported = _imported(reach, hidden - owned)
    found = book(held, published_only=hidden - owned - imported, on=reach.on)
    if not owned and not imported:
        return found
    views = {}
    for pk, view in found.views.items():
        if pk in owned:
            shown = tuple(v for v in view.versions if v.stood.was_published or v.status in HANDED_IN)
            if not shown:
                continue
            view = replace(view, versions=shown)
        elif pk in imported:
            mine = tuple(v for v in view.versions if v.stood.was_published or _mine(reach, v.row))
            view = replace(view, versions=mine)
        views[pk] = view
    return Book(views)


def _imports(reach: Reach) -> bool:
    """Whether the reader imports drafts of goals, whatever else a further role sets."""
    return reach.may_part("imports", "goals", "write")


def _mine(reach: Reach, row: GoalVersion) -> bool:
    return row.origin == "import" and row.by_id == reach.person_id


def _imported(reach: Reach, hidden: set[int]) -> set[int]:
    """Those of which the reader imported a version."""
    if not hidden or not _imports(reach):
        return set()
    rows = GoalVersion.objects.filter(goal_id__in=list(hidden), origin="import", by_id=reach.person_id)
    return set(rows.values_list("goal_id", flat=True))


def seen_rows(reach: Reach) -> QuerySet[Goal]:
    """The goals of which `seen` leaves something, as a query, to be counted and cut into pages."""
    goals = visible(reach)
    scope = reach.scope("goals", "write")
    if scope == Scope.ALL:
        return goals
    sets = Q(pk__in=[])
    if scope == Scope.TEAM:
        sets = Q(team_id__in=reach.team_ids) | Q(person_id__in=reach.people_ids)
    elif scope == Scope.OWN:
        sets = ~Q(per="") & Q(metric__in=action_metrics(), person_id=reach.person_id)
    if _imports(reach):
        imported = GoalVersion.objects.filter(goal=OuterRef("pk"), origin="import", by_id=reach.person_id)
        sets |= Q(Exists(imported))
    versions = GoalVersion.objects.filter(goal=OuterRef("pk"))
    gone = GoalEvent.objects.filter(version=OuterRef("pk"), kind=GoalEvent.Kind.WITHDRAWN)
    held = versions.filter(~Exists(gone), events__kind=GoalEvent.Kind.PUBLISHED)
    later = GoalEvent.objects.filter(version=OuterRef("version"), pk__gt=OuterRef("pk")).exclude(
        kind=GoalEvent.Kind.ACCEPTED
    )
    handed_in = GoalEvent.objects.filter(~Exists(later), version__goal=OuterRef("pk"), kind__in=HANDED_IN)
    mine = Q(owner_kind=OwnerKind.PERSON, person_id=reach.person_id) | Q(
        owner_kind=OwnerKind.TEAM, team_id__in=reach.led
    )
    return goals.filter(sets | Exists(held) | (mine & Exists(handed_in)))
