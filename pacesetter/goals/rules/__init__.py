"""The ifs of goals over plain values: spreading, prorating, calculating back to a day, checking. One noun per file.

Values are integers in the metric's own unit: minor units for money, counts for counts, days for days, and for ratios
basis points of 1 (2,500 = 25 %). Rates and weights are exact `Fraction`s; nothing here makes a float.
"""

from .adjusting import (
    ASSESSES,
    DECIDES,
    SEATS,
    Matter,
    Said,
    awaited,
    late,
    looked_back,
    new_parts,
    seats_held,
    silenced,
)
from .cascade import Balance, Node, balances, beyond, loops, parts_add_up
from .states import (
    IN_FORCE,
    LINES,
    OPEN,
    STATES,
    Stood,
    held_before,
    in_force,
    lines_above_nothing,
    lines_in_order,
    may_follow,
    open_draft,
    status,
    verdict,
)

__all__ = [
    "ASSESSES",
    "DECIDES",
    "IN_FORCE",
    "LINES",
    "OPEN",
    "SEATS",
    "STATES",
    "Balance",
    "Matter",
    "Node",
    "Said",
    "Stood",
    "awaited",
    "balances",
    "beyond",
    "held_before",
    "in_force",
    "late",
    "lines_above_nothing",
    "lines_in_order",
    "looked_back",
    "loops",
    "may_follow",
    "new_parts",
    "open_draft",
    "parts_add_up",
    "seats_held",
    "silenced",
    "status",
    "verdict",
]
