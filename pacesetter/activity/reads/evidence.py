"""Who may read what stands beside a record, which questions and sections hold, and what waits for somebody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from pacesetter.people import reads as people
from pacesetter.people.models import Membership, Person, RoleGrant, Team, TeamClosure
from pacesetter.people.reach import Reach
from pacesetter.people.rights import Scope

from ..models import (
    Activity,
    ActivityKind,
    Attachment,
    Consent,
    FileState,
    NeedsReport,
    Observation,
    ReportTemplate,
    Scorecard,
)
from ..rules import evidence as rules
from ..rules import files as file_rules

SEAT: Final[Mapping[str, Any]] = {"owner": "person_id", "team": "team_id", "on": "on"}
MOST = 100


def close_to(reach: Reach) -> QuerySet[Activity]:
    """Records whose person I am, or that I answer for: heads above their team on their day, and the director.

    Narrower than reading the list: who only counts or analyses needs no words about a person.
    """
    if not reach.may("activities", "write"):
        return Activity.objects.filter(person=reach.person_id)
    return reach.rows(Activity.objects.all(), "activities", "write", **SEAT)


def is_joint(activity: Activity) -> bool:
    """Whether somebody can have been along: a visit."""
    visits = ActivityKind.objects.filter(Q(is_visit=True) | Q(key="joint_visit"), key=activity.kind)
    return visits.exists()


def colleagues(person: Person, on: date) -> QuerySet[Person]:
    """Whom somebody may name as companion or reader: their manager and the heads above, mentors, their own team."""
    seats = Membership.objects.filter(people.valid(on), person=person, primary=True)
    above = TeamClosure.objects.filter(people.valid(on), descendant_id__in=seats.values("team_id"))
    heads = Team.objects.filter(pk__in=above.values("ancestor_id"), leader__isnull=False)
    mates = Membership.objects.filter(people.valid(on), primary=True, team_id__in=seats.values("team_id"))
    mentors = RoleGrant.objects.filter(people.valid(on), role="mentor")
    named = (
        Q(pk__in=seats.exclude(manager=None).values("manager_id")) | Q(pk__in=heads.values("leader_id"))
        | Q(pk__in=mates.values("person_id")) | Q(pk__in=mentors.values("person_id"))
    )  # fmt: skip
    live = Person.objects.filter(named, merged_into=None, access_ended=False).exclude(pk=person.pk)
    return live.order_by("name", "id")


# --- observations ----------------------------------------------------------------------------------------------------
def scorecard_on(on: date) -> Scorecard | None:
    """The version of the scorecard in force on a day; None = the built-in one."""
    return Scorecard.objects.filter(valid_from__lte=on).order_by("-valid_from").first()


def questions_of(card: Scorecard | None) -> Sequence[Mapping[str, Any]]:
    """The questions of a version."""
    return rules.SCORECARD if card is None else card.questions


def observable(reach: Reach) -> QuerySet[Activity]:
    """Records whose page of observations I may open: mine, those I answer for, those I was named on or observed."""
    seen = Observation.objects.filter(activity=OuterRef("pk"), observer=reach.person_id)
    named = Activity.objects.filter(Q(companion=reach.person_id) | Exists(seen))
    return Activity.objects.filter(Q(pk__in=close_to(reach).values("pk")) | Q(pk__in=named.values("pk")))


def observations(reach: Reach, activity: Activity) -> QuerySet[Observation]:
    """The observations of a record that I may read: all when I am close to it, else my own."""
    rows = Observation.objects.filter(activity=activity).select_related("observer", "scorecard").order_by("at", "id")
    if close_to(reach).filter(pk=activity.pk).exists():
        return rows
    return rows.filter(observer=reach.person_id)


def to_observe(person_id: int, on: date) -> QuerySet[Activity]:
    """Visits of the last 30 days that name me and that I have not written about, the newest first."""
    mine = Observation.objects.filter(activity=OuterRef("pk"), observer=person_id)
    visits = ActivityKind.objects.filter(Q(is_visit=True) | Q(key="joint_visit"))
    rows = Activity.objects.filter(
        companion=person_id, withdrawn_at=None, on__gt=on - timedelta(days=rules.REMIND_DAYS), on__lte=on,
        kind__in=visits.values("key"),
    ).exclude(person=person_id)  # fmt: skip
    return rows.exclude(Exists(mine)).select_related("person", "customer", "lead").order_by("-on", "-id")


# --- reports ---------------------------------------------------------------------------------------------------------
def template_on(on: date) -> ReportTemplate | None:
    """The version of the report template in force on a day; None = the built-in one."""
    return ReportTemplate.objects.filter(valid_from__lte=on).order_by("-valid_from").first()


def sections_of(template: ReportTemplate | None) -> Sequence[Mapping[str, Any]]:
    """The sections of a version."""
    return rules.REPORT if template is None else template.sections


def reports(reach: Reach) -> QuerySet[NeedsReport]:
    """Reports I may read: mine, addressed to me, or of records I answer for."""
    rows = NeedsReport.objects.select_related("activity__person", "activity__customer", "activity__deal", "reader",
                                              "template")  # fmt: skip
    return rows.filter(Q(reader=reach.person_id) | Q(activity__in=close_to(reach).values("pk")))


def report_state(report: NeedsReport, on: date) -> str:
    """How it stands with a report on a day."""
    return rules.report_state(report.sent_at, report.read_at, report.replied_at, on, people.zone())


@dataclass
class Waiting:
    """What waits for somebody: visits to observe, reports to read, one's own reports answered or left unread."""

    observe: list[Activity] = field(default_factory=list)
    read: list[NeedsReport] = field(default_factory=list)
    answered: list[NeedsReport] = field(default_factory=list)
    unread: list[NeedsReport] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.observe or self.read or self.answered or self.unread)


def waiting(person_id: int, on: date, zone: tzinfo) -> Waiting:
    """What waits for a person. Two queries."""
    told = Waiting(list(to_observe(person_id, on)[:MOST]))
    live = NeedsReport.objects.filter(activity__withdrawn_at=None)
    old = datetime.combine(on - timedelta(days=rules.UNREAD_DAYS), time.min, zone)
    mine = Q(activity__person=person_id) & (
        Q(replied_at__isnull=False, seen_at=None) | Q(read_at=None, replied_at=None, sent_at__lt=old)
    )
    rows = live.filter(Q(reader=person_id, read_at=None) | mine)
    for row in rows.select_related("activity__person", "activity__customer", "reader").order_by("sent_at", "id")[:MOST]:
        if row.reader_id == person_id:
            told.read.append(row)
        elif row.replied_at is not None:
            told.answered.append(row)
        else:
            told.unread.append(row)
    return told


# --- files -----------------------------------------------------------------------------------------------------------
def heard_by(reach: Reach) -> QuerySet[Activity]:
    """Records whose recordings I may open: mine, and those of my people by the team of their day.

    Narrower than other files: the director reads them only as somebody's manager.
    """
    mine = Q(person=reach.person_id) | Q(manager=reach.person_id)
    if reach.scope("activities", "write") == Scope.TEAM:
        return Activity.objects.filter(mine | Q(pk__in=close_to(reach).values("pk")))
    return Activity.objects.filter(mine)


def files(reach: Reach) -> QuerySet[Attachment]:
    """Files that are there and that I may open: of records I am close to, was along on, or whose report I read."""
    near = Q(activity__in=close_to(reach).values("pk")) | Q(activity__companion=reach.person_id)
    near |= Q(activity__report__reader=reach.person_id)
    heard = Q(kind="recording", activity__in=heard_by(reach).values("pk"))
    rows = Attachment.objects.filter(state__in=(FileState.WHOLE, FileState.COMING))
    return rows.filter(heard | (~Q(kind="recording") & near)).select_related("activity", "consent").order_by("id")


def files_of(reach: Reach, activity: Activity) -> list[Attachment]:
    """The files of a record that I may open, recordings with their last day."""
    rows, days, zone = list(files(reach).filter(activity=activity)), people.company().recording_days, people.zone()
    for row in rows:
        if row.keep_until is not None:
            row.until = file_rules.ends_on(row.keep_until, row.at.astimezone(zone).date(), days)
    return rows


def consents(customer_id: int | None) -> QuerySet[Consent]:
    """Who at a customer agreed to be recorded and has not taken it back, the newest first."""
    rows = Consent.objects.filter(customer=customer_id, withdrawn_at=None) if customer_id else Consent.objects.none()
    return rows.select_related("noted_by").order_by("-given_on", "-id")


def recordings_over(on: date) -> QuerySet[Attachment]:
    """Recordings kept long enough by the company's days of now, and uploads nobody went on with, on a day."""
    left = datetime.combine(on - timedelta(days=file_rules.ABANDONED_DAYS), time.min, people.zone())
    kept = datetime.combine(on - timedelta(days=people.company().recording_days), time.min, people.zone())
    over = Q(keep_until__lt=on) | Q(at__lt=kept) | Q(state=FileState.COMING, at__lt=left)
    rows = Attachment.objects.filter(over, kind="recording", state__in=(FileState.WHOLE, FileState.COMING))
    return rows.order_by("id")
