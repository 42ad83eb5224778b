"""The working days of the story, with its bunching at month ends and its lull around Spring Festival."""

from __future__ import annotations

from bisect import bisect_left
from datetime import date, timedelta

from pacesetter.lib import calendars

from .dice import Dice


def months_back(day: date, months: int) -> date:
    """The first of the month that lies so many months before the month of `day`."""
    place = day.year * 12 + day.month - 1 - months
    return date(place // 12, place % 12 + 1, 1)


class Days:
    """Working days from `first` to a year after `today`."""

    def __init__(self, first: date, today: date) -> None:
        self.first, self.today = first, today
        built = calendars.build(first, today + timedelta(days=400))
        self.work = [day for day, about in built.items() if about.weight]
        self.quiet = self._around_festivals([day for day, about in built.items() if about.kind == "holiday"])

    @staticmethod
    def _around_festivals(holidays: list[date]) -> set[date]:
        """The eight days before and five after a long holiday in January or February."""
        quiet: set[date] = set()
        for day in holidays:
            if day.month <= 2 and day + timedelta(days=3) in holidays:
                quiet.update(day + timedelta(days=offset) for offset in range(-8, 10))
        return quiet

    def between(self, start: date, end: date) -> list[date]:
        """Working days of `[start, end)`."""
        return self.work[bisect_left(self.work, start) : bisect_left(self.work, end)]

    def on_or_after(self, day: date) -> date:
        """That day, or the first working day after it."""
        return self.work[bisect_left(self.work, day)]

    def later(self, day: date, working_days: int) -> date:
        """So many working days on."""
        return self.work[bisect_left(self.work, day) + working_days]

    def month_end(self, day: date, dice: Dice) -> date:
        """One of the last four working days of that month."""
        following = months_back(day, -1)
        last = self.between(day.replace(day=1), following)
        return last[-dice.roll(1, 4)]
