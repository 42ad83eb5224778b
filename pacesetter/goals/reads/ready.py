"""Which drafts may not be published yet: the checks that hold one back. Goals of a file hold, with a warning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from ..models import Goal, OwnerKind
from ..rules import smart
from .book import GoalView, book


def unready(
    views: Iterable[GoalView], today: date, *, history: bool = False
) -> list[tuple[GoalView, smart.Check]]:  # fmt: skip
    """Drafts that serve no goal that stands, or whose time is over, with the check that says so.

    An action goal from the calculation serves the amount it was calculated from. `history`: goals of past periods are
    taken as they were.
    """
    held = [view for view in views if view.draft is not None]
    ids = {v.draft.row.parent_id for v in held if v.draft is not None and v.draft.row.parent_id}
    above: Mapping[int, GoalView] = book(Goal.objects.filter(pk__in=ids)).views if ids else {}
    found = []
    for view in held:
        assert view.draft is not None
        goal, row = view.goal, view.draft.row
        if history and goal.end <= today:
            continue
        named = above.get(row.parent_id or 0)
        # one that was withdrawn is none
        parent = named.goal if named is not None and named.shown is not None else None
        serves = None if parent is None else smart.Parent(0, False, parent.start, parent.end)
        derived = parent is None and row.origin == "calculator" and bool(row.basis_figures)
        top = goal.owner_kind == OwnerKind.COMPANY or derived
        aim = smart.Aim(row.target, parent=serves, top=top, start=goal.start, end=goal.end)
        for one in (smart.check_relevant(aim), smart.check_time(aim, today)):
            # the time somebody spent in a team before a transfer may be over while the goal above still runs
            if one.blocks and not (one.code == "period_over" and parent is not None and parent.end > today):
                found.append((view, one))
    return found
