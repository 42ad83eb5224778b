"""Rounding that adds up: a row in whole units, and a table whose rows and columns both keep their sums.

`in_units`: largest remainder in units of, say, 1,000 元; what is less than a unit goes to the largest part.
`round_table`: controlled rounding (Bacharach 1966, Cox 1987): every cell and every row sum is rounded up or down to
its neighbour, every column sum stays what it is. Rows are rounded by largest remainder wherever the table allows it.
`balance`: moves amounts inside rows until the columns are right too (a maximum flow, shortest paths first).
All of it is exact and depends on the order of rows and columns only.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from fractions import Fraction
from math import lcm

from pacesetter.lib import shares

Table = list[list[int]]
# the columns an amount is moved through, and the rows it is moved in
_Path = tuple[list[int], list[int]]


class Unbalanced(ValueError):
    """Columns that no movement inside the rows can fill: `over` says by how much each is over (below 0: short)."""

    def __init__(self, over: Sequence[int]) -> None:
        super().__init__(f"columns are off by {list(over)}")
        self.over = tuple(over)


def in_units(total: int, weights: Sequence[Fraction | int], unit: int = 1) -> list[int]:
    """`total` (≥ 0) by weights (≥ 0, not all 0) in multiples of `unit`; the odd rest goes to the largest part."""
    if unit < 1 or total < 0:
        raise ValueError(f"no units of {unit} in {total}")
    parts = [part * unit for part in shares.by_weights(total // unit, weights)]
    if total % unit:
        largest = max(range(len(parts)), key=lambda place: (parts[place], Fraction(weights[place]), -place))
        parts[largest] += total % unit
    return parts


def round_table(exact: Sequence[Sequence[Fraction]]) -> Table:
    """Whole cells for exact ones (≥ 0). Every column must sum to a whole number: ValueError otherwise.

    Each cell is its exact value rounded down or up, and so is each row sum; column sums are kept.
    """
    if not exact:
        return []
    scale = lcm(*(cell.denominator for row in exact for cell in row))
    whole = [[cell.numerator // cell.denominator for cell in row] for row in exact]
    # what is above the whole number, counted in 1/scale; a last column fills each row up to a whole number
    parts = [
        [int((cell - floor) * scale) for cell, floor in zip(row, floors, strict=True)]
        for row, floors in zip(exact, whole, strict=True)
    ]
    if any(sum(column) % scale for column in zip(*parts, strict=True)):
        raise ValueError("a column does not sum to a whole number")
    for row in parts:
        row.append(-sum(row) % scale)
    work = _Parts(parts, scale)
    work.rows_by_largest_remainder()
    work.settle()
    return [
        [floor + (part == scale) for floor, part in zip(floors, row, strict=False)]
        for floors, row in zip(whole, work.parts, strict=True)
    ]


class _Parts:
    """The parts of a table that still have to become 0 or a whole: edges of a graph between rows and columns."""

    def __init__(self, parts: Table, scale: int) -> None:
        self.parts = parts
        self.scale = scale
        self.slack = len(parts[0]) - 1
        # ordered sets of the places that are not settled yet
        self.of_row: list[dict[int, None]] = [
            {column: None for column, part in enumerate(row) if 0 < part < scale} for row in parts
        ]
        self.of_column: list[dict[int, None]] = [
            {place: None for place, row in enumerate(parts) if 0 < row[column] < scale}
            for column in range(self.slack + 1)
        ]

    def move(self, row: int, column: int, by: int) -> None:
        """Add to one part; one that becomes whole is settled."""
        self.parts[row][column] += by
        if self.parts[row][column] in (0, self.scale):
            self.of_row[row].pop(column, None)
            self.of_column[column].pop(row, None)

    def rows_by_largest_remainder(self) -> None:
        """Round the rows with the largest remainders up and the others down, as far as the open cells allow it."""
        open_rows = list(self.of_column[self.slack])
        open_rows.sort(key=lambda row: (self.parts[row][self.slack], row))
        up = sum(self.scale - self.parts[row][self.slack] for row in open_rows) // self.scale
        down = dict.fromkeys(open_rows[up:])
        for row in open_rows[:up]:
            while self.parts[row][self.slack] > 0:
                path = self._path(row, down)
                if path is None:
                    break
                columns, rows = path
                steps = [(rows[place], column, 1) for place, column in enumerate(columns)]
                steps += [(rows[place + 1], column, -1) for place, column in enumerate(columns)]
                steps += [(row, self.slack, -1), (rows[-1], self.slack, 1)]
                self._shift(steps)
                if self.parts[rows[-1]][self.slack] == self.scale:
                    down.pop(rows[-1])

    def _path(self, start: int, goals: dict[int, None]) -> _Path | None:
        """The shortest way from a row to one of the goals over open cells: (columns passed, rows passed)."""
        came: dict[int, tuple[int, int]] = {}
        seen, passed, waiting = {start}, {self.slack}, deque([start])
        while waiting:
            row = waiting.popleft()
            for column in self.of_row[row]:
                if column in passed:
                    continue
                passed.add(column)
                for other in self.of_column[column]:
                    if other in seen:
                        continue
                    seen.add(other)
                    came[other] = (row, column)
                    if other in goals:
                        rows = [other]
                        columns: list[int] = []
                        while rows[-1] != start:
                            before, through = came[rows[-1]]
                            rows.append(before)
                            columns.append(through)
                        return columns[::-1], rows[::-1]
                    waiting.append(other)
        return None

    def settle(self) -> None:
        """Cancel cycles of open cells until none is left: each one settles at least one cell."""
        for start, row in enumerate(self.of_row):
            while row:
                self._shift(self._cycle(start))

    def _cycle(self, start: int) -> list[tuple[int, int, int]]:
        """A round over open cells with alternating signs; the first cell goes to its nearer end.

        There is one: whatever stands open in a row or column sums to a whole, so it never stands alone.
        """
        rows, place = [start], {start: 0}
        columns: list[int] = []
        column_at: dict[int, int] = {}
        row, arrived = start, -1
        while True:
            column = next(each for each in self.of_row[row] if each != arrived)
            if column in column_at:
                # closed in a column: the round begins with the row after it
                begin = column_at[column]
                cells = [(rows[begin + 1], columns[begin])]
                for step in range(begin + 1, len(columns)):
                    cells += [(rows[step], columns[step]), (rows[step + 1], columns[step])]
                cells.append((row, column))
                break
            column_at[column] = len(columns)
            columns.append(column)
            row = next(each for each in self.of_column[column] if each != row)
            arrived = column
            if row in place:
                begin = place[row]
                cells = []
                for step in range(begin, len(columns)):
                    following = rows[step + 1] if step + 1 < len(rows) else row
                    cells += [(rows[step], columns[step]), (following, columns[step])]
                break
            place[row] = len(rows)
            rows.append(row)
        first_row, first_column = cells[0]
        sign = 1 if 2 * self.parts[first_row][first_column] >= self.scale else -1
        return [(*cell, sign if number % 2 == 0 else -sign) for number, cell in enumerate(cells)]

    def _shift(self, steps: list[tuple[int, int, int]]) -> None:
        """Move as much along the steps (row, column, sign) as keeps every part between 0 and a whole."""
        room = min(
            self.scale - self.parts[row][column] if sign > 0 else self.parts[row][column] for row, column, sign in steps
        )
        for row, column, sign in steps:
            self.move(row, column, sign * room)


def balance(table: Table, columns: Sequence[int], may: Sequence[Sequence[bool]]) -> Table:
    """The table with its row sums kept and its column sums made `columns`, moving as few amounts as it can.

    `may` says which cells may hold something; no cell goes below 0. Raises Unbalanced where that is not possible.
    """
    found = [list(row) for row in table]
    over = [sum(row[place] for row in found) - want for place, want in enumerate(columns)]
    for start in range(len(columns)):
        while over[start] > 0:
            path = _shortest(found, may, start, over)
            if path is None:
                break
            passed, rows = path
            amount = min(over[start], -over[passed[-1]])
            amount = min(amount, *(found[row][passed[place]] for place, row in enumerate(rows)))
            for place, row in enumerate(rows):
                found[row][passed[place]] -= amount
                found[row][passed[place + 1]] += amount
            over[start] -= amount
            over[passed[-1]] += amount
    if any(over):
        raise Unbalanced(over)
    return found


def _shortest(table: Table, may: Sequence[Sequence[bool]], start: int, over: Sequence[int]) -> _Path | None:
    """From a column with too much to one with too little: (columns passed, the row of each step)."""
    came: dict[int, tuple[int, int]] = {}
    seen, waiting = {start}, deque([start])
    while waiting:
        column = waiting.popleft()
        for row, cells in enumerate(table):
            if cells[column] <= 0:
                continue
            for other, allowed in enumerate(may[row]):
                if not allowed or other in seen:
                    continue
                seen.add(other)
                came[other] = (column, row)
                if over[other] < 0:
                    passed = [other]
                    rows: list[int] = []
                    while passed[-1] != start:
                        before, through = came[passed[-1]]
                        passed.append(before)
                        rows.append(through)
                    return passed[::-1], rows[::-1]
                waiting.append(other)
    return None
