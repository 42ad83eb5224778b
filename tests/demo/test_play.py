"""The demo company as it stands after the seeding: through acts only, and something on every page."""

from __future__ import annotations

import os
import stat
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db.models import Count, F, Q, Sum

from pacesetter import assembly
from pacesetter.activity import reads
from pacesetter.activity.models import Activity, Attachment, NeedsReport, Observation, PlanItem
from pacesetter.activity.reads import my_day
from pacesetter.demo import daily, logins
from pacesetter.demo.play import play
from pacesetter.demo.played import Played
from pacesetter.demo.story import tell
from pacesetter.demo.story.plan import ActivityPlan
from pacesetter.goals import rules
from pacesetter.goals.models import Adjustment, Goal
from pacesetter.goals.reads import book
from pacesetter.journal.acts import broken_lines
from pacesetter.journal.models import Entry, RowChange
from pacesetter.people.models import Person, RoleGrant
from pacesetter.people.reach import reach_of
from pacesetter.pipeline.models import (
    Allocation,
    Booking,
    CreditShare,
    Customer,
    Deal,
    Instalment,
    Lead,
    Receipt,
    Reversal,
)

DAY = date(2026, 3, 16)
AT = datetime(2026, 3, 16, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


def as_people_log(played: Played, two_weeks: list[ActivityPlan]) -> None:
    """The last two weeks: sheets, plans that follow from them, and the signals an analyst reads."""
    sheets = Activity.objects.filter(channel="sheet")
    happened = [one for one in two_weeks if one.at.replace(tzinfo=AT.tzinfo) <= AT]
    assert len(happened) <= sheets.count() <= len(happened) + 2
    assert not sheets.filter(seconds=None).exists()
    assert not sheets.filter(Q(entered_at__gt=AT) | Q(entered_at__lt=F("at"))).exists()
    assert list(sheets.filter(burst=True).values_list("person__name", flat=True).distinct()) == ["孙柏年"]
    assert sheets.exclude(twin=None).exists()
    assert sheets.filter(backdated=True, state="unverified", manager=played.people["wang"]).exists()
    rates = {}
    for name in ("prompt_entry_rate", "evening_burst_rate", "log_seconds", "repeated_entries", "backdated_entries"):
        window = (DAY - timedelta(days=14), DAY + timedelta(days=1))
        rates[name] = assembly.total(assembly.question(name, *window, today=DAY, reach=None))
    prompt, burst = rates["prompt_entry_rate"], rates["evening_burst_rate"]
    assert 50 * prompt.bottom < 100 * prompt.top < 95 * prompt.bottom
    assert 0 < 100 * burst.top < 10 * burst.bottom
    assert 8 <= rates["log_seconds"].top <= 20
    assert rates["repeated_entries"].top >= 1
    assert rates["backdated_entries"].top >= 1

    assert set(PlanItem.objects.values_list("state", flat=True)) == {"open", "done"}
    # what is overdue was promised in a log
    assert not PlanItem.objects.filter(state="open", on__lt=DAY, origin=None).exists()
    for person in Person.objects.filter(role_grants__role="rep", left_on=None):
        day = my_day(reach_of(person, DAY), DAY)
        assert len(day.overdue) <= 4, person
    day = my_day(reach_of(played.people["e11"], DAY), DAY)
    assert 1 <= len(day.overdue) <= 3
    assert len([todo for todo in day.due if todo.time]) >= 2
    assert day.suggested
    assert all(todo.hint for todo in day.suggested)


def as_evidence_stands(played: Played) -> None:
    """Beside the records: observations by companions, reports with a file, a recording on a consent."""
    best = played.people["e11"]
    assert Observation.objects.filter(activity__person=best).exists()
    assert Observation.objects.values("observer").distinct().count() >= 2
    assert not Observation.objects.exclude(observer=F("activity__companion")).exists()
    assert reads.to_observe(played.people["wang"].pk, DAY).exists(), "one is left to be written"
    assert len(reads.questions_of(reads.scorecard_on(DAY))) == 6
    assert len(reads.questions_of(reads.scorecard_on(DAY - timedelta(days=60)))) == 5
    states = {reads.report_state(row, DAY) for row in NeedsReport.objects.all()}
    assert {"waiting", "answered"} <= states
    assert not NeedsReport.objects.exclude(activity__files__kind="document").exists()
    recording = Attachment.objects.filter(kind="recording", state="whole").first()
    assert recording is not None
    assert recording.consent is not None
    assert recording.consent.customer == recording.activity.customer
    assert recording.path.stat().st_size == recording.size
    assert reads.files(reach_of(played.people["wang"], DAY)).filter(pk=recording.pk).exists()


def goals_that_add_up(played: Played) -> None:
    """The year from the company to each seller and month, this month's actions, one application that waits."""
    goals = book(Goal.objects.all())
    assert {view.status for view in goals} == {"published", "locked"}
    assert {view.goal.layer for view in goals} == {"strategic", "team", "individual", "action"}
    balances = rules.balances(goals.nodes())
    assert len(balances) == 1 + 2 + 5
    assert {one.difference for one in balances.values()} == {0}
    months = [[part.target for part in v.in_force.parts] for v in goals if v.in_force and v.in_force.parts]
    assert all(len(parts) == 12 for parts in months)
    top = next(v for v in goals if v.goal.owner_kind == "company" and v.goal.metric == "won_amount")
    teams = [v for v in goals if v.in_force and v.in_force.row.parent_id == top.pk and v.goal.metric == "won_amount"]
    for place, part in enumerate(top.in_force.parts):
        assert part.target == sum(v.in_force.parts[place].target for v in teams)
    assert any(v.in_force and v.in_force.accepted for v in goals)
    daily_ones = [v.in_force.row for v in goals if v.in_force and v.goal.layer == "action"]
    assert all(row.basis_figures["chain"] for row in daily_ones), "each says the rates it comes from"
    assert {v.goal.metric for v in goals if v.goal.per == "day"} == {"customers_visited"}
    assert Adjustment.objects.get().asked_by == played.people["zhao"]
    asked = assembly.aimed("won_amount", DAY.replace(month=1, day=1), DAY.replace(year=DAY.year + 1, month=1, day=1),
                           reach=None, by=("person",))  # fmt: skip
    assert len(assembly.attainment(asked)) == sum(v.goal.layer == "individual" for v in goals)


@pytest.mark.django_db
def test_the_demo_company_has_something_for_every_page(tmp_path: Path, settings: Any):
    settings.MEDIA_ROOT = tmp_path / "media"
    story = tell(DAY)
    played = play(story, at=AT)
    made = logins.make(played, tmp_path, at=AT)

    assert Deal.objects.count() == len(story.deals)
    since = daily.since(story)
    two_weeks = [one for one in story.activities if one.at.date() >= since]
    assert Activity.objects.filter(channel="import").count() == len(story.activities) - len(two_weeks)
    as_people_log(played, two_weeks)
    goals_that_add_up(played)
    as_evidence_stands(played)
    assert set(Deal.objects.values_list("stage", flat=True)) >= {"prospect", "intent", "proposal", "negotiation", "won",
                                                                "lost"}  # fmt: skip
    assert set(Lead.objects.values_list("stage", flat=True)) == {"new", "valid", "intent", "won", "lost"}
    assert Lead.objects.filter(in_pool=True).exists()
    # the pool: one taken back and one given back, one about to go; tiers by the rule and by hand
    assert set(Lead.objects.exclude(freed_because={}).values_list("freed_because__kind", flat=True)) >= {
        "quiet", "released",
    }  # fmt: skip
    assert Lead.objects.filter(protected_until=DAY + timedelta(days=2), in_pool=False).exists()
    assert set(Customer.objects.filter(tier_fixed=False).values_list("tier", flat=True)) >= {"A", "B", "C"}
    assert Customer.objects.filter(tier_fixed=True).exists()
    assert Deal.objects.exclude(competitor="").exists()
    assert CreditShare.objects.filter(overlay=True).exists()
    assert Reversal.objects.exists()
    assert Receipt.objects.filter(allocations=None).exists()
    assert Instalment.objects.filter(due_on__lt=DAY, allocations=None).exists()
    assert set(Activity.objects.filter(kind="visit").values_list("state", flat=True)) >= {"valid", "not_effective"}
    assert Person.objects.filter(left_on__isnull=False).count() == 1
    assert set(RoleGrant.objects.values_list("role", flat=True)) >= set(logins.SHOWN)

    # what a won deal posted sums to its amount, before anything was given back
    for deal in Deal.objects.filter(stage="won").annotate(n=Count("bookings"))[:50]:
        posted = Booking.objects.filter(deal=deal, overlay=False, kind="won").aggregate(total=Sum("amount_minor"))
        assert posted["total"] == deal.amount_minor
    for receipt in Receipt.objects.annotate(spent=Sum("allocations__amount_minor")).exclude(spent=None):
        assert receipt.spent <= receipt.amount_minor
    for due in Instalment.objects.annotate(paid=Sum("allocations__amount_minor")).exclude(paid=None):
        assert due.paid <= due.amount_minor
    assert Allocation.objects.filter(on__gt=DAY).count() == 0

    # through acts only: the journal is whole and tells of every record
    assert broken_lines() == []
    told = RowChange.objects.filter(entry__act="take_history", before__isnull=True)
    assert told.filter(entity="deal").count() == len(story.deals)
    assert Entry.objects.filter(act="add_person").count() == len(story.people)

    # one login a role, readable by the owner only, and the password is right
    assert [one.role for one in made] == list(logins.SHOWN)
    assert logins.read(tmp_path) == made
    assert stat.S_IMODE(os.stat(tmp_path / logins.FILE).st_mode) == 0o600
    for one in made:
        assert Person.objects.get(employee_no=one.login).check_password(one.password)


def test_a_home_without_a_demo_has_no_logins(tmp_path: Path):
    assert logins.read(tmp_path) == []
