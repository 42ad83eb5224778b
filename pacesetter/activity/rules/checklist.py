"""What the rule of its day asked of a visit, condition by condition, from the verdict that is stored with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .visit import NAMES, Rule, conditions


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition and whether it was met; None = nobody told, or it can only be vouched for."""

    name: str
    met: bool | None


def checklist(
    rule: Rule, failed: Iterable[str], *, minutes: int | None = None, entry_known: bool = True
) -> tuple[Condition, ...]:
    """The conditions of a version in the order they are shown; one that failed is listed whatever the version says.

    The stored verdict decides, so a list never says other than the count. `entry_known`: whether it is known when it
    was entered; an entry window cannot be met otherwise.
    """
    wrong = set(failed)
    asked = set(conditions(rule))
    found = []
    for name in NAMES:
        if name in wrong:
            vouched = name in ("place", "photo", "backdated") or (name == "entry_window" and "backdated" in wrong)
            told = not vouched and (name != "minutes" or minutes is not None)
            found.append(Condition(name, False if told else None))
        elif name in asked:
            found.append(Condition(name, None if name == "entry_window" and not entry_known else True))
    return tuple(found)
