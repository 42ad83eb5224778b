"""What a deal's next stage asks for: only that, and what stands on the deal already counts as said."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from .deals import OPEN_STAGES

# target stage → the fields it cannot do without
NEEDS: Final[Mapping[str, tuple[str, ...]]] = {
    "prospect": (),
    "intent": (),
    "proposal": ("amount_minor", "next_step", "next_on"),
    "negotiation": ("amount_minor", "expected_on"),
    "won": ("amount_minor",),
    "lost": ("loss_reason",),
}
# target stage → what its sheet offers besides
OFFERS: Final[Mapping[str, tuple[str, ...]]] = {
    "prospect": ("next_step", "next_on"),
    "intent": ("next_step", "next_on"),
    "proposal": (),
    "negotiation": ("next_step", "next_on"),
    "won": ("contract_no",),
    "lost": ("competitor", "note"),
}


def backwards(stage: str, target: str) -> bool:
    """Whether an open deal would go back."""
    return (
        stage in OPEN_STAGES and target in OPEN_STAGES and OPEN_STAGES.index(target) < OPEN_STAGES.index(stage)
    )  # fmt: skip


def asked(stage: str, target: str) -> tuple[str, ...]:
    """What the sheet of a target stage shows, in its order: what is needed, then what is offered."""
    names = (*NEEDS.get(target, ()), *OFFERS.get(target, ()))
    return (*names, "reason") if backwards(stage, target) else names


def missing(stage: str, target: str, told: Mapping[str, Any], on: date) -> list[str]:
    """The fields still to be filled in before a deal may go to `target` on a day.

    `told`: the deal's own values with those of the sheet over them. A day of the past says nothing about what
    comes next; losing to a competitor asks which one; going back asks why.
    """
    if target == "lost":
        needed = ("loss_reason", "competitor") if told.get("loss_reason") == "competitor" else ("loss_reason",)
    else:
        needed = (*NEEDS.get(target, ()), *(("reason",) if backwards(stage, target) else ()))
    return [name for name in needed if not _said(name, told.get(name), on)]


def _said(name: str, value: Any, on: date) -> bool:
    if value is None or (isinstance(value, str) and not value.strip()):
        return False
    return not (name in ("next_on", "expected_on") and value < on)
