"""What the loop looks after, from the most to the least urgent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import close_old_connections

from pacesetter import assembly
from pacesetter.activity import followups as activity
from pacesetter.chat import acts as chat
from pacesetter.chat import configured
from pacesetter.chat import followups as organisations
from pacesetter.config import clock
from pacesetter.goals import followups as goals
from pacesetter.goals.reads import GoalView
from pacesetter.goals.rules.actions import Plan
from pacesetter.imports import followups as imports
from pacesetter.imports.acts.batches import tidy
from pacesetter.journal import acts as journal
from pacesetter.people import acts as people
from pacesetter.people import followups as departures
from pacesetter.people.models import CalendarDay, Company
from pacesetter.pipeline import followups as pipeline

from . import backup
from .loop import Chore

CALENDAR_AHEAD = timedelta(days=400)
BACKUP_HOUR = 2
SYNC_HOUR = 3
SUGGEST_HOUR = 4
BACKUPS_KEPT = 14
ANSWERS_KEPT = timedelta(days=30)
PREFIX = "nightly-"


def import_batches(now: datetime) -> object:
    """Uploaded files that somebody waits for; batches whose worker died are taken up again."""
    close_old_connections()
    return imports.run_due_batches(now=now, clock=clock.now)


def old_files(now: datetime) -> object:
    """Uploaded files of batches that ended a month ago."""
    return tidy(at=now)


def old_sessions(now: datetime) -> object:
    """Sessions that ended by themselves."""
    ended = Session.objects.filter(expire_date__lt=now).count()
    if ended:
        call_command("clearsessions")
    return ended


def old_answers(now: datetime) -> object:
    """What forms were answered with, once nobody can send them again."""
    return journal.forget_answers(now - ANSWERS_KEPT)


def calendar(now: datetime) -> object:
    """Working days are known at least a year ahead, so that pace and due dates never run off the calendar."""
    company = Company.objects.first()
    if company is None:
        return 0
    today = now.astimezone(ZoneInfo(company.zone)).date()
    needed = date((today + CALENDAR_AHEAD).year, 12, 31)
    if not CalendarDay.objects.filter(day=needed, calendar=company.calendar_id).exists():
        return list(people.ensure_calendar(first=today, last=needed, by=None, at=now))
    return 0


def departed(now: datetime) -> object:
    """Whoever had a last day set ahead cannot sign in once it has passed."""
    return departures.departures(now=now)


def pool(now: datetime) -> object:
    """Leads whose protection is over go back to the pool."""
    return pipeline.pool(now=now)


def tiers(now: datetime) -> object:
    """Customer tiers follow their rule; a run without changes writes nothing."""
    return pipeline.tiers(now=now)


def plans(now: datetime) -> object:
    """Plans that nobody did within two weeks expire."""
    return activity.plans(now=now)


def goals_end(now: datetime) -> object:
    """Goals whose time is over end, with the figures they ended with."""

    def measured(views: Sequence[GoalView]) -> dict[int, tuple[int, int | None, int, Fraction] | None]:
        last = max((view.goal.end for view in views), default=now.date())
        found = assembly.standing(views, until=last, reach=None)
        return {pk: (*one.ended, one.cell.n, one.left) for pk, one in found.items()}

    return goals.ends(measured, now=now)


def looked_back(now: datetime) -> object:
    """What approved applications foresaw, compared with what happened."""
    return goals.looked_back(assembly.became_of, now=now)


def suggestions(now: datetime) -> object:
    """Action goals calculated back from an amount, calculated again after the night: what would differ is suggested."""
    company = Company.objects.first()
    if company is None or now.astimezone(ZoneInfo(company.zone)).hour < SUGGEST_HOUR:
        return 0

    def calculated(persons: Sequence[int], today: date) -> Mapping[int, Plan]:
        return assembly.calculations(persons, today, reach=None, company=company)

    def won(person: int, start: date, end: date) -> int:
        only = (("person", (person,)),)
        return assembly.total(assembly.question("won_amount", start, end, today=end, reach=None, only=only)).top

    return goals.suggestions(calculated, won, now=now)


def places(now: datetime) -> object:
    """Where somebody stood at the tap is taken away after 30 days."""
    return activity.places(now=now)


def recordings(now: datetime) -> object:
    """Recordings kept as long as the company says are deleted, and uploads nobody went on with."""
    return activity.recordings(now=now)


def applications(now: datetime) -> object:
    """Applications to change a goal that are late are told further up; those of goals that are over expire."""
    return goals.applications(now=now)


def nightly_backup(now: datetime) -> object:
    """One archive a night into HOME/backups; the newest fourteen are kept."""
    company = Company.objects.first()
    if company is None:
        return ""
    local = now.astimezone(ZoneInfo(company.zone))
    folder: Path = settings.HOME / "backups"
    target = folder / f"{PREFIX}{local:%Y-%m-%d}.tar.gz"
    if local.hour < BACKUP_HOUR or target.exists():
        return ""
    folder.mkdir(mode=0o750, exist_ok=True)
    backup.write(target, at=now)
    for old in sorted(folder.glob(f"{PREFIX}*.tar.gz"))[:-BACKUPS_KEPT]:
        old.unlink()
    return target.name


def organisation(now: datetime) -> object:
    """Dry runs of the organisation sync that somebody waits for."""
    return organisations.run_waiting(now=now) if configured.names() else 0


def nightly_organisation(now: datetime) -> object:
    """A dry run a night, which speaks only when something would change; old runs go."""
    company = Company.objects.first()
    if company is None or not configured.names():
        return 0
    local = now.astimezone(ZoneInfo(company.zone))
    chat.tidy(at=now)
    if local.hour < SYNC_HOUR:
        return 0
    return organisations.nightly(now=now, midnight=local.replace(hour=0, minute=0, second=0, microsecond=0))


CHORES = (
    Chore("imports", 1, import_batches),
    Chore("calendar", 6 * 3600, calendar),
    Chore("departures", 900, departed),
    Chore("pool", 900, pool),
    Chore("tiers", 3600, tiers),
    Chore("plans", 3600, plans),
    Chore("goals", 3600, goals_end),
    Chore("looked-back", 3600, looked_back),
    Chore("suggestions", 3600, suggestions),
    Chore("places", 3600, places),
    Chore("recordings", 3600, recordings),
    Chore("applications", 3600, applications),
    Chore("sessions", 3600, old_sessions),
    Chore("answers", 6 * 3600, old_answers),
    Chore("files", 6 * 3600, old_files),
    Chore("backup", 600, nightly_backup),
    Chore("organisation", 2, organisation),
    Chore("organisation-nightly", 600, nightly_organisation),
)
