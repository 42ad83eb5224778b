"""What holds when a version comes or goes: the one before makes room, or holds again as a further version."""

from __future__ import annotations

from collections.abc import Container, Iterable
from datetime import datetime

from pacesetter.people.models import Person

from .. import reads
from ..models import GoalEvent, GoalPart, GoalVersion
from .saying import _say


def copy(old: reads.VersionView, number: int, *, by: Person | None, at: datetime) -> GoalVersion:
    """An earlier version with its months as a further one of this number, drafted. Nothing is overwritten."""
    made = GoalVersion.objects.get(pk=old.row.pk)
    made.pk, made.number, made.at = None, number, at
    made.save(force_insert=True)
    GoalPart.objects.bulk_create(
        GoalPart(version=made, label=p.label, start=p.start, end=p.end, target=p.target, hand_set=p.hand_set)
        for p in old.parts
    )
    _say([made.pk], GoalEvent.Kind.DRAFTED, by=by, at=at)
    return made


def supersede(views: Iterable[reads.GoalView], *, by: Person | None, at: datetime) -> None:
    """The versions in force make room for the next; one that is only back for want of a newer one was told already."""
    held = [view.latest for view in views]
    now = [v.row.pk for v in held if v is not None and v.status != GoalEvent.Kind.SUPERSEDED]
    _say(now, GoalEvent.Kind.SUPERSEDED, by=by, at=at)


def alive(view: reads.GoalView, version: reads.VersionView, *, by: Person | None, at: datetime) -> GoalVersion:
    """The version in force as one to which something may still happen.

    Homes of an earlier day hold some that are only back for want of a newer one: to these nothing happens any more, and
    they are put in force as a further version first.
    """
    if version.status != GoalEvent.Kind.SUPERSEDED:
        return version.row
    made = copy(version, view.newest + 1, by=by, at=at)
    _say([made.pk], GoalEvent.Kind.PUBLISHED, by=by, at=at)
    return made


def hold_again(views: Iterable[reads.GoalView], gone: Container[int], *, by: Person | None, at: datetime) -> None:
    """Where the version in force is among those that go, a copy of the one before it, in force.

    `views`: as they stood before. Where there was none, the goal is taken back whole, with what was superseded before.
    """
    for view in views:
        if view.latest is None or view.latest.row.pk not in gone:
            continue
        old = view.held_before
        if old is not None:
            again = copy(old, view.newest + 1, by=by, at=at)
            _say([again.pk], GoalEvent.Kind.PUBLISHED, by=by, at=at)
        else:
            past = [v.row.pk for v in view.versions if v.stood.was_published and v.row.pk not in gone]
            _say(past, GoalEvent.Kind.WITHDRAWN, by=by, at=at)
