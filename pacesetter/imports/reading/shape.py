"""The shape of a table: which line is the header, whether two lines make it, and which rows are totals."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ..cells import kind_of, plain_signs, strip
from ..faults import ValueFault
from ..values.numbers import decimal_of

_WITHIN = 15
_TOTAL = re.compile(
    r"(?:合计|总计|小计|累计|共计|总合计|本页合计|本页小计|本月合计|本季合计|total|totals|grandtotal|subtotal|sub-total|sum)[:：]?",
    re.IGNORECASE,
)
_FIRST_OF_TOTAL = frozenset("合总小累共本TtGgSs \u3000\u00a0\t")
_HAS_DIGIT = re.compile(r"\d")
_COUNT = re.compile(r"共?\d+(?:条|行|单|家|人|个|笔|rows?|records?)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Header:
    """The header line(s) `row`–`last_row`, its names, and how many cells a row must have at least."""

    row: int
    last_row: int
    names: list[str]
    needed: int


def find_header(first: Sequence[tuple[int, Sequence[str]]], known: Callable[[str], bool] | None) -> Header | None:
    """The header among the first rows: below title lines, one line or two.

    By shape it is the first row that fills at least half of the widest row. Where `known` names are at hand, the row
    that holds most of them (two or more) wins.
    """
    filled = [(number, [_name(cell) for cell in cells]) for number, cells in first]
    filled = [(number, cells) for number, cells in filled if any(cells)]
    if not filled:
        return None
    widest = max(sum(map(bool, cells)) for _, cells in filled)
    place = next(
        i for i, (_, cells) in enumerate(filled) if 2 * sum(map(bool, cells)) >= max(widest, 2 if widest > 1 else 1)
    )
    if known:
        scores = [sum(1 for cell in cells if cell and known(cell)) for _, cells in filled[:_WITHIN]]
        best = max(range(len(scores)), key=lambda i: (scores[i], -i))
        own = scores[place] if place < len(scores) else 0
        above_best = best == place + 1 and _two_lines(
            filled[place][1], filled[best][1], filled[place][0] + 1 == filled[best][0], known
        )
        if scores[best] >= 2 and scores[best] > own and not above_best:
            place = best
    number, names = filled[place]
    last = number
    if place + 1 < len(filled):
        below_number, below = filled[place + 1]
        if _two_lines(names, below, below_number == number + 1, known):
            names, last = _joined(names, below, known), below_number
        elif place and known and _two_lines(filled[place - 1][1], names, filled[place - 1][0] == number - 1, known):
            last, number = number, filled[place - 1][0]
            names = _joined(filled[place - 1][1], names, known)
    needed = max((i + 1 for i, name in enumerate(names) if name), default=0)
    return Header(number, last, names, needed)


def _name(cell: str) -> str:
    return " ".join(strip(cell).split())


def _two_lines(top: Sequence[str], below: Sequence[str], adjacent: bool, known: Callable[[str], bool] | None) -> bool:
    """Whether `below` is the second line of a header: it names the columns that a merged cell of `top` spans."""
    if not adjacent or not any(top):
        return False
    width = max(len(top), len(below))
    tops = [*top, *[""] * (width - len(top))]
    subs = [*below, *[""] * (width - len(below))]
    if any(_HAS_DIGIT.search(sub) or len(sub) > 20 or kind_of(sub) in ("number", "date", "boolean") for sub in subs):
        return False
    if any(_HAS_DIGIT.search(top) or ":" in top or "：" in top for top in tops):
        return False
    spans = [i for i in range(width - 1) if tops[i] and not tops[i + 1] and subs[i] and subs[i + 1]]
    if not spans:
        return False
    # every column must end with a name, and a data row would also fill the columns that are not spanned
    if any(not tops[i] and not subs[i] for i in range(width)):
        return False
    if known is None:
        return any(tops[i] and not subs[i] for i in range(width))
    under = [i for i in range(width) if subs[i]]
    return any(known(subs[i]) or known(_over(tops, i) + subs[i]) for i in under)


def _over(tops: Sequence[str], place: int) -> str:
    while place >= 0 and not tops[place]:
        place -= 1
    return tops[place] if place >= 0 else ""


def _joined(top: Sequence[str], below: Sequence[str], known: Callable[[str], bool] | None) -> list[str]:
    width = max(len(top), len(below))
    tops = [*top, *[""] * (width - len(top))]
    subs = [*below, *[""] * (width - len(below))]
    names = []
    for i in range(width):
        over = _over(tops, i) if subs[i] else tops[i]
        if not subs[i]:
            names.append(over)
        elif over == subs[i] or not over:
            names.append(subs[i])
        elif known and known(over + subs[i]):
            names.append(over + subs[i])
        elif known and known(subs[i]) and subs.count(subs[i]) == 1:
            names.append(subs[i])
        else:
            names.append(f"{over}/{subs[i]}")
    return names


def may_be_total(joined: str) -> bool:
    """A quick look at a row's text; only then is it worth a closer one."""
    return joined[0] in _FIRST_OF_TOTAL


def total_word(cells: Sequence[str], width: int, above: Callable[[], Iterable[Sequence[str]]]) -> str:
    """The word of a 合计 row, or empty text for a record that only looks like one.

    A total row starts with the word alone, and all its other cells are blank or numbers. Where no cell is blank (a
    customer may be called 合计), its numbers must be the sums of the rows above.
    """
    texts = [strip(cell) for cell in cells]
    used = [(i, text) for i, text in enumerate(texts) if text]
    if len(used) < 2 or not _TOTAL.fullmatch(used[0][1].replace(" ", "").replace("\u3000", "")):
        return ""
    numbers = {i: _number(text) for i, text in used[1:] if not _COUNT.fullmatch(text)}
    if any(number is None for number in numbers.values()):
        return ""
    if len(used) < width:
        return used[0][1]
    sums = dict.fromkeys(numbers, Decimal(0))
    for row in above():
        if row and _TOTAL.fullmatch(strip(row[0]).replace(" ", "")):
            continue
        for i in sums:
            sums[i] += (_number(strip(row[i])) or 0) if i < len(row) else 0
    return used[0][1] if sums and all(sums[i] == numbers[i] for i in sums) else ""


def _number(text: str) -> Decimal | None:
    value = plain_signs(text).lstrip("¥$€£").rstrip("%元万亿")
    try:
        return decimal_of(strip(value)) if value else None
    except ValueFault:
        return None
