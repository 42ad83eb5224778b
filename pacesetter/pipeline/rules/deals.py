"""The ifs and formulas of the pipeline: who is credited with how much, what is new business, which step is allowed.

Pure functions over plain values: amounts in integer minor units, shares in millionths (ppm), dates are business dates.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from pacesetter.lib import shares
from pacesetter.lib.money import times

WHOLE: Final = 1_000_000

OPEN_STAGES: Final = ("prospect", "intent", "proposal", "negotiation")
CLOSED_STAGES: Final = ("won", "lost", "cancelled")
LEAD_ORDER: Final = ("new", "valid", "intent", "won")
AGEING: Final = ((30, "0-30"), (60, "31-60"), (90, "61-90"))


class RuleError(ValueError):
    """Values that no rule accepts; `.code` says which and `.field` where."""

    def __init__(self, code: str, field: str = "", detail: object = "") -> None:
        super().__init__(f"{code}: {detail}" if detail != "" else code)
        self.code = code
        self.field = field
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Credit:
    """One person's share of a deal, in millionths. Base shares sum to the whole; overlays stand beside them."""

    person_id: int | None
    share_ppm: int
    overlay: bool = False
    primary: bool = False


@dataclass(frozen=True, slots=True)
class Posting:
    """What one credit gets of one line: places in the sequences given to `postings`, and the amount."""

    credit: int
    line: int
    amount: int


def check_credits(credits: Sequence[Credit]) -> None:
    """Base shares sum to exactly 100 %, one of them is the primary's, nobody stands twice on the same side."""
    base = [credit for credit in credits if not credit.overlay]
    if not base:
        raise RuleError("no_credit", "credits")
    if any(not 0 < credit.share_ppm <= WHOLE for credit in credits):
        raise RuleError("share_range", "credits")
    total = sum(credit.share_ppm for credit in base)
    if total != WHOLE:
        raise RuleError("share_sum", "credits", total)
    if sum(credit.primary for credit in base) != 1 or any(credit.primary for credit in credits if credit.overlay):
        raise RuleError("one_primary", "credits")
    seen = [(credit.person_id, credit.overlay) for credit in credits]
    if len(set(seen)) != len(seen):
        raise RuleError("credit_twice", "credits")


def person_amounts(amount: int, share_ppms: Sequence[int]) -> list[int]:
    """Each base share's part of the deal: largest remainder (first of equals first), so the parts sum to the amount."""
    size = abs(amount)
    parts = [size * share // WHOLE for share in share_ppms]
    left = size - sum(parts)
    order = sorted(range(len(parts)), key=lambda place: (-(size * share_ppms[place] % WHOLE), place)) if left else ()
    for place in order[:left]:
        parts[place] += 1
    return parts if amount >= 0 else [-part for part in parts]


def postings(amount: int, credits: Sequence[Credit], lines: Sequence[int] = ()) -> list[Posting]:
    """The exact matrix credit × line: each person's row sums to their share, each line's column to its amount.

    Without lines the whole amount is one line 0. Overlays get their share of every line beside the base, rounded
    once per person. Zero cells are left out unless a credit would vanish altogether.
    """
    columns = list(lines) or [amount]
    if sum(columns) != amount:
        raise RuleError("lines_sum", "lines", sum(columns) - amount)
    base = [place for place, credit in enumerate(credits) if not credit.overlay]
    if not base:
        raise RuleError("no_credit", "credits")
    if len(base) == 1 and len(credits) == 1:
        return _row(base[0], columns)
    rows = person_amounts(amount, [credits[place].share_ppm for place in base])
    found: list[Posting] = []
    if len(base) == 1:
        found += _row(base[0], columns)
    elif len(columns) == 1:
        found += [Posting(place, 0, part) for place, part in zip(base, rows, strict=True)]
    else:
        for place, cells in zip(base, matrix([credits[p].share_ppm for p in base], rows, columns), strict=True):
            found += _row(place, cells)
    for place, credit in enumerate(credits):
        if credit.overlay:
            found += _row(place, spread(times(amount, Fraction(credit.share_ppm, WHOLE)), columns))
    return found


def _row(place: int, cells: Sequence[int]) -> list[Posting]:
    kept = [Posting(place, line, part) for line, part in enumerate(cells) if part]
    return kept or [Posting(place, 0, 0)]


def spread(amount: int, lines: Sequence[int]) -> list[int]:
    """An amount over lines in proportion to their size (evenly where all are 0), summing to it exactly."""
    if len(lines) == 1:
        return [amount]
    weights = [abs(line) for line in lines]
    return shares.by_weights(amount, weights if any(weights) else [1] * len(lines))


def matrix(share_ppms: Sequence[int], rows: Sequence[int], columns: Sequence[int]) -> list[list[int]]:
    """Whole numbers close to share × column whose rows sum to `rows` and columns to `columns` (controlled rounding).

    Every cell starts at its floor; the units left over in a row are placed where the exact cell has a fraction, along
    augmenting paths, so that both margins come out.
    """
    exact = [[share * column for column in columns] for share in share_ppms]
    cells = [[value // WHOLE for value in line] for line in exact]
    loose = [[value % WHOLE for value in line] for line in exact]
    row_left = [total - sum(line) for total, line in zip(rows, cells, strict=True)]
    column_left = [
        total - sum(line[place] for line in cells) for place, total in enumerate(columns)
    ]  # fmt: skip
    extra = [[0] * len(columns) for _ in rows]

    def place_one(row: int, seen: set[int]) -> bool:
        for column in sorted(range(len(columns)), key=lambda c: (-loose[row][c], c)):
            if column in seen or extra[row][column] or not loose[row][column]:
                continue
            seen.add(column)
            if column_left[column] > 0:
                column_left[column] -= 1
                extra[row][column] = 1
                return True
            for other in range(len(rows)):
                if other != row and extra[other][column] and place_one(other, seen):
                    extra[other][column] = 0
                    extra[row][column] = 1
                    return True
        return False

    for row in range(len(rows)):
        while row_left[row] > 0 and place_one(row, set()):
            row_left[row] -= 1
    # a margin that no path reached: the unit goes to the first column still short of one
    for row in range(len(rows)):
        for column in range(len(columns)):
            step = min(row_left[row], column_left[column])
            if step > 0:
                extra[row][column] += step
                row_left[row] -= step
                column_left[column] -= step
    return [[cell + more for cell, more in zip(line, beside, strict=True)]
            for line, beside in zip(cells, extra, strict=True)]  # fmt: skip


def line_amount(quantity_milli: int, unit_price_minor: int, discount_bp: int = 0) -> int:
    """Quantity × price less discount, rounded half-up once."""
    return times(unit_price_minor, Fraction(quantity_milli, 1000) * Fraction(10_000 - discount_bp, 10_000))


def customer_kind(closed_on: date, first_on: date | None, complete_from: date | None) -> str:
    """New, repurchase or unknown, by event date: wins on the customer's first day are new, whatever row came first.

    `first_on` is the earliest win known, this one included. Before the company's history is complete nobody can tell.
    """
    if complete_from is not None and closed_on < complete_from:
        return "unknown"
    return "new" if first_on is None or closed_on <= first_on else "repurchase"


def may_move(stage: str, target: str) -> bool:
    """Open deals move freely between open stages (back as well); winning, losing, reopening are acts of their own."""
    return stage in OPEN_STAGES and target in OPEN_STAGES and stage != target


def may_move_lead(stage: str, target: str) -> bool:
    """A lead goes forward step by step or by leaps; anything open can be closed; a closed one starts again as new."""
    if stage == target:
        return False
    if stage == "lost":
        return target in ("new", "valid")
    if target == "lost":
        return stage != "won"
    if stage == "won":
        return False
    return target in LEAD_ORDER


def reached(stage: str, on: date, days: Mapping[str, date | None]) -> dict[str, date]:
    """The first-reached days a lead gains by standing at `stage`: skipped steps count as reached the same day."""
    if stage not in LEAD_ORDER:
        return {"lost_on": on} if stage == "lost" and days.get("lost_on") is None else {}
    steps = LEAD_ORDER[1 : LEAD_ORDER.index(stage) + 1]
    return {f"{step}_on": on for step in steps if days.get(f"{step}_on") is None}


def days_between(start: date | None, end: date | None) -> int | None:
    """Whole days from start to end; None where either is unknown or the file has them the wrong way round."""
    if start is None or end is None or end < start:
        return None
    return (end - start).days


def ageing(due_on: date, today: date) -> str:
    """The overdue bucket of an unpaid instalment: '' (not due), 0-30, 31-60, 61-90, 90+ days."""
    late = (today - due_on).days
    if late <= 0:
        return ""
    return next((name for limit, name in AGEING if late <= limit), "90+")


def allocatable(receipt: int, allocated: int, instalment: int, paid: int) -> int:
    """How much of a receipt may still go to an instalment: never more than either has left."""
    return max(0, min(receipt - allocated, instalment - paid))


def reversible(amount: int, reversed_before: Iterable[int]) -> int:
    """What is left of a won deal (or of one line) to refund."""
    return max(0, amount - sum(reversed_before))


def default_steps(stage: str, opened_on: date | None, closed_on: date | None) -> list[tuple[str, str, date | None]]:
    """(stage, outcome, day) of a deal whose file tells only where it stands and two dates."""
    if stage in OPEN_STAGES:
        return [(stage, "opened", opened_on)]
    return [(OPEN_STAGES[0], "opened", opened_on), (stage, stage, closed_on)]


def normalised_name(name: str) -> str:
    """A company name as duplicates are found by: no spaces, brackets or legal form, one letter case and width."""
    text = unicodedata.normalize("NFKC", name).casefold()
    text = "".join(letter for letter in text if letter.isalnum())
    for ending in _LEGAL_FORMS:
        if text.endswith(ending) and len(text) > len(ending) + 1:
            return text[: -len(ending)]
    return text


_LEGAL_FORMS: Final = (
    *("股份有限公司", "有限责任公司", "集团有限公司", "有限公司", "集团公司", "公司"),
    *("coltd", "limited", "ltd", "inc", "llc", "gmbh", "corp"),
)


def normalised_phone(phone: str) -> str:
    """The digits of a number without the country code, so that +86 138-0000 and 1380000 meet."""
    digits = "".join(letter for letter in phone if letter.isascii() and letter.isdigit())
    return digits[2:] if len(digits) == 13 and digits.startswith("86") else digits
