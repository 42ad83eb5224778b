"""The known word that a mistyped one probably means."""

from __future__ import annotations

from collections.abc import Iterable


def steps(one: str, other: str) -> int:
    """Letters to put in, take out or change until one word is the other; two swapped neighbours are one step."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        last, before, row = before, row, [i]
        for j, b in enumerate(other, 1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and (a, b) == (other[j - 2], one[i - 2]):
                best = min(best, last[j - 2] + 1)
            row.append(best)
    return row[-1]


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The closest known word, where at most half of the letters differ; None where none is close."""
    typed = word.strip().casefold()
    found = min(((steps(typed, name.casefold()), name) for name in known if name), default=None)
    if found is None or 2 * found[0] > max(len(typed), len(found[1])):
        return None
    return found[1]
