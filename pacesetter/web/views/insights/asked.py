"""What an insights page is asked for: which days, compared with which, read from the address.

`?period=` holds a label of `lib/periods.py` (`2026-03`, `2026Q1`, `2026`, `FY2026`, `PM2026-03`, `2026-W11`) or a
stretch `2026-01-15..2026-03-02` with both days included; `?from=&to=` (both included) says the same from a form. A
running period is counted up to the day it is taken at and compared with as many days of the period before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from pacesetter.lib import periods
from pacesetter.web import show

DAY = timedelta(days=1)
KINDS = ("week", "month", "quarter", "year", "fiscal_quarter", "fiscal_year", "performance_month")


@dataclass(frozen=True)
class Window:
    """The days `[start, end)` that count, of a period that may still run until `whole_end`, and those before it."""

    kind: str
    key: str  # what the address carries
    start: date
    end: date
    whole_end: date
    before_start: date
    before_end: date
    before_key: str
    after_key: str  # empty where the next period has not begun

    @property
    def last(self) -> date:
        """The last day counted."""
        return self.end - DAY

    @property
    def running(self) -> bool:
        return self.end < self.whole_end

    @property
    def name(self) -> str:
        """2026 年 3 月; Mar 2026."""
        return period_name(self.kind, self.key, self.start, self.last)

    @property
    def before_name(self) -> str:
        """What it is compared with, in words."""
        if self.running or self.kind == "custom":
            return f"{show.day(self.before_start)} – {show.day(self.before_end - DAY)}"
        return period_name(self.kind, self.before_key, self.before_start, self.before_end - DAY)

    @property
    def days_name(self) -> str:
        """Both ends as days."""
        return f"{show.day(self.start)} – {show.day(self.last)}"


def period_name(kind: str, key: str, start: date, last: date) -> str:
    """A period in the reader's words."""
    zh = show.chinese()
    if kind == "month":
        return f"{start.year} 年 {start.month} 月" if zh else f"{show.MONTHS[start.month - 1]} {start.year}"
    if kind == "quarter":
        number = (start.month - 1) // 3 + 1
        return f"{start.year} 年第 {number} 季度" if zh else f"Q{number} {start.year}"
    if kind == "year":
        return f"{start.year} 年" if zh else f"{start.year}"
    if kind == "week":
        return show.week(start)
    if kind == "performance_month":
        return f"{key[2:]} 业绩月" if zh else f"Performance month {key[2:]}"
    if kind in ("fiscal_year", "fiscal_quarter"):
        return key
    return f"{show.day(start)} – {show.day(last)}"


def window(asked: Mapping[str, str], *, today: date, settings: periods.Settings, default: str = "month",
           latest: date | None = None) -> Window:  # fmt: skip
    """The window a page is asked for; what cannot be read falls back to the period of `latest` (or today)."""
    taken = min(_day(asked.get("asof", "")) or today, today)
    begin, end = _day(asked.get("from", "")), _day(asked.get("to", ""))
    label = asked.get("period", "")
    if ".." in label:
        begin, end = (_day(part) for part in label.split("..", 1))
        label = ""
    if not label and begin and end and begin <= end:
        return custom(begin, end + DAY, taken)
    try:
        if label in KINDS:
            period = periods.period_of(latest or taken, label, settings)
        else:
            period = periods.parse(label, settings)
    except periods.PeriodError:
        period = periods.period_of(latest or taken, default, settings)
    if period.start > taken:
        period = periods.period_of(taken, period.kind, settings)
    return _of(period, taken, settings)


def _of(period: periods.Period, taken: date, settings: periods.Settings) -> Window:
    end = min(period.end, taken + DAY)
    try:
        before = periods.previous(period, settings)
    except (periods.PeriodError, OverflowError):
        before = period
    before_end = before.end
    if end < period.end:
        before_end = min(before.end, before.start + (end - period.start))
    after = "" if period.end > taken else periods.next_period(period, settings).label
    return Window(
        period.kind, period.label, period.start, end, period.end, before.start, before_end, before.label, after
    )


def of_period(period: periods.Period, *, today: date, settings: periods.Settings) -> Window:
    """A period, or a stretch with no name of its own, counted up to a day inside it."""
    if period.kind not in periods.KINDS:
        return custom(period.start, period.end, today)
    return _of(period, today, settings)


def custom(start: date, whole_end: date, taken: date) -> Window:
    """Any stretch `[start, whole_end)`, counted up to the day it is taken at."""
    end = max(min(whole_end, taken + DAY), start + DAY)
    length = end - start
    return Window(
        "custom",
        f"{start.isoformat()}..{(whole_end - DAY).isoformat()}",
        start,
        end,
        whole_end,
        start - length,
        start,
        f"{(start - length).isoformat()}..{(start - DAY).isoformat()}",
        "",
    )


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text.strip()) if len(text.strip()) == 10 else None
    except ValueError:
        return None
    return day if day and 1950 <= day.year <= 9000 else None


def choices(at: Window, *, today: date, settings: periods.Settings) -> list[tuple[str, str, bool]]:
    """(key, words, chosen) of the period menu: the same days seen as another kind of period."""
    anchor = min(at.last, today)
    kinds: list[str] = ["week", "month", "quarter", "year"]
    if settings.fiscal_start_month != 1:
        kinds += ["fiscal_quarter", "fiscal_year"]
    if settings.performance_start_day != 1:
        kinds.append("performance_month")
    words = {
        "week": _("周"),
        "month": _("月"),
        "quarter": _("季度"),
        "year": _("年"),
        "fiscal_quarter": _("财季"),
        "fiscal_year": _("财年"),
        "performance_month": _("业绩月"),
    }
    return [(periods.period_of(anchor, kind, settings).label, words[kind], kind == at.kind) for kind in kinds]


def spark_months(end: date, count: int = 6) -> list[periods.Period]:
    """The last natural months up to the one that holds the day before `end`, oldest first."""
    last = periods.period_of(end - DAY, "month")
    months = [last]
    for _step in range(count - 1):
        months.insert(0, periods.previous(months[0]))
    return months


def spark_weeks(end: date, count: int = 4) -> list[periods.Period]:
    """The last ISO weeks up to the one that holds the day before `end`, oldest first."""
    weeks = [periods.period_of(end - DAY, "week")]
    for _step in range(count - 1):
        weeks.insert(0, periods.previous(weeks[0]))
    return weeks
