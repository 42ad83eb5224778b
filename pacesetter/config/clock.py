"""The only place where the product reads the clock.

Doors call it and hand the answer to rooms as `at` (instant) or `on` (day). `PACE_TODAY=2026-03-15` sets the day:
`now()` is then 09:00 of that day in the company's zone plus the seconds since this process first asked, so that
things still happen one after the other.
"""

import os
import time
from datetime import UTC, date, datetime, timedelta, tzinfo
from datetime import time as wall
from zoneinfo import ZoneInfo

DEFAULT_ZONE = "Asia/Shanghai"
_start: dict[str, float] = {}


def _zone(zone: str | tzinfo | None) -> tzinfo:
    if zone is None:
        return ZoneInfo(os.environ.get("PACE_ZONE") or DEFAULT_ZONE)
    return ZoneInfo(zone) if isinstance(zone, str) else zone


def now() -> datetime:
    """This instant, aware, in UTC."""
    fixed = os.environ.get("PACE_TODAY", "").strip()
    if not fixed:
        return datetime.now(UTC)
    day = date.fromisoformat(fixed)
    first = _start.setdefault(fixed, time.monotonic())
    morning = datetime.combine(day, wall(9), tzinfo=_zone(None)).astimezone(UTC)
    # A server left running overnight must not leave the day that was asked for.
    passed = min(time.monotonic() - first, 14 * 3600)
    return morning + timedelta(seconds=passed)


def real_ms() -> int:
    """The real clock in milliseconds, whatever `PACE_TODAY` says: by it a phone knows how old a kept page is."""
    return int(time.time() * 1000)


def today(zone: str | tzinfo | None = None) -> date:
    """The business day in `zone` (the installation's zone when none is given)."""
    return now().astimezone(_zone(zone)).date()
