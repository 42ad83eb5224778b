"""The end of the story, by single acts: refunds, a hand-over, a closed period, and what people did in the last hour."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from pacesetter import assembly
from pacesetter.activity import acts as activity
from pacesetter.activity.models import Activity
from pacesetter.lib import periods
from pacesetter.lib.refusal import Refusal
from pacesetter.people import acts as people
from pacesetter.people.models import Person, Question, RoleGrant
from pacesetter.pipeline import acts as pipeline
from pacesetter.pipeline.models import Customer, Deal, Lead, Receipt

from .played import ZONE, Played
from .story import vocabulary
from .story.days import months_back
from .story.plan import Story


def play(story: Story, played: Played, *, at: datetime) -> None:
    """Everything that is not in the bulk of the months before."""
    given_back(story, played, at=at)
    somebody_left(story, played, at=at)
    people.close_period(
        start=months_back(story.start, 14), end=months_back(story.today, 6), reason="已结账的月份不再改动",
        by=played.people["zhou"], at=at,
    )  # fmt: skip
    pool(played, at=at)
    tiers(played, at=at)
    # just after midnight the last hour would be yesterday's
    midnight = datetime.combine(story.today, time(0, 1), tzinfo=ZoneInfo(ZONE))
    doubts(story, played, at=at)
    last_hour(played, at=max(at - timedelta(hours=1), midnight))


def doubts(story: Story, played: Played, *, at: datetime) -> None:
    """Two doubts about numbers: one answered this morning, one that waits for the analyst."""
    best, manager = played.people["e11"], played.people["wang"]
    analyst = RoleGrant.objects.filter(role="analyst").order_by("id").first()
    month, before = f"{story.today:%Y-%m}", f"{months_back(story.today, 1):%Y-%m}"
    if analyst is None:
        return
    mine = f"scope=person%3A{best.pk}"
    answered = _asked(best, "won_amount", mine, before, vocabulary.DOUBT, at=at - timedelta(days=2))
    people.answer_question(question=answered, answer=vocabulary.DOUBT_ANSWERED, by=analyst.person, at=at)
    team = f"scope=team%3A{played.teams[next(p.team for p in story.people if p.key == 'wang')].pk}"
    _asked(manager, "win_rate", team, month, vocabulary.DOUBT_OPEN, at=at - timedelta(hours=5))


def _asked(by: Person, metric: str, scope: str, period: str, text: str, *, at: datetime) -> Question:
    """A question about a number as it stands."""
    start, end = periods.parse(period).start, periods.parse(period).end
    who = (("person", (by.pk,)),) if "person" in scope else ()
    team = (int(scope.rpartition("A")[2]),) if "team" in scope else ()
    cell = assembly.total(assembly.question(metric, start, end, today=at.date(), reach=None, within=team, only=who))
    return people.ask_question(
        metric=metric, basis="closed" if metric == "win_rate" else "", scope=scope, period=period,
        shown=(cell.top, cell.bottom, cell.n), text=text, by=by, at=at,
    )  # fmt: skip


def given_back(story: Story, played: Played, *, at: datetime) -> None:
    """Refunds and returns are finance's, cancellations the director's."""
    for one in story.reversals:
        deal = Deal.objects.get(pk=played.deals[one.deal])
        if one.kind == "cancel":
            pipeline.cancel_deal(deal, by=played.people["zhou"], at=at, on=one.on, reason=one.reason)
        else:
            pipeline.refund_deal(deal, amount_minor=one.amount, kind=one.kind, on=one.on, reason=one.reason,
                                 by=played.people["gao"], at=at)  # fmt: skip


def somebody_left(story: Story, played: Played, *, at: datetime) -> None:
    """What a leaver had goes to the heir, then the leaver's access ends."""
    for person in story.people:
        if person.left is not None:
            gone, heir, by = played.people[person.key], played.people[person.heir], played.people["lin"]
            pipeline.transfer_ownership(
                from_person=gone, to_person=heir, on=person.left, reason=vocabulary.LEAVING, by=by, at=at
            )
            people.leave(person=gone, on=person.left, reason=vocabulary.LEAVING, by=by, at=at)


def pool(played: Played, *, at: datetime) -> None:
    """Claims of the last weeks: one nobody followed went back, one ends soon, one was followed, one was given back."""
    best, second, newcomer = (played.people[key] for key in ("e11", "e12", "e33"))
    free = Lead.objects.filter(in_pool=True, created_on__lte=at.date() - timedelta(days=20))
    leads = list(free.order_by("-created_on", "id")[:4])
    for lead, who, days in zip(leads, (best, best, newcomer, second), (16, 12, 12, 2), strict=False):
        with suppress(Refusal):
            pipeline.claim_lead(lead, by=who, at=at - timedelta(days=days))
    if len(leads) == 4:
        lapsed, _ending, followed, unfit = leads
        pipeline.reclaim_lead(lapsed.pk, at=at)
        with suppress(Refusal):
            pipeline.move_lead(Lead.objects.get(pk=followed.pk), stage="intent", by=newcomer,
                               at=at - timedelta(days=3))  # fmt: skip
        with suppress(Refusal):
            pipeline.release_lead(unfit, reason="不在我的区域", by=second, at=at - timedelta(hours=2))


def tiers(played: Played, *, at: datetime) -> None:
    """What the nightly run does, and one customer whom the manager knows better."""
    pipeline.follow_tier_rule(at=at)
    best, manager = played.people["e11"], played.people["wang"]
    known = Customer.objects.filter(owner=best, tier="B", merged_into=None).order_by("id").first()
    if known is not None:
        pipeline.fix_tier(known, tier="A", reason="集团总部在谈年度框架", by=manager, at=at)


def last_hour(played: Played, *, at: datetime) -> None:
    """What a visitor of the demo finds at the top of the journal; an act the rules refuse today is left out."""
    best, second, newcomer, manager, finance = (played.people[key] for key in ("e11", "e12", "e33", "wang", "gao"))
    for deal in Deal.objects.filter(stage="proposal", owner=best).order_by("id")[:2]:
        with suppress(Refusal):
            pipeline.move_deal(deal, stage="negotiation", next_step="发正式报价", next_on=at.date() + timedelta(days=2),
                               expected_on=at.date() + timedelta(days=21), by=best, at=at)  # fmt: skip
    for deal in Deal.objects.filter(stage="negotiation", owner=second).order_by("id")[:1]:
        with suppress(Refusal):
            pipeline.win_deal(deal, contract_no="QY-HT-TODAY", by=second, at=at)
    for lead in Lead.objects.filter(in_pool=True).order_by("-created_on", "id")[:2]:
        with suppress(Refusal):
            pipeline.claim_lead(lead, by=newcomer, at=at)
    for receipt in Receipt.objects.filter(allocations=None).order_by("id")[:1]:
        instalment = receipt.customer.instalments.filter(allocations=None).order_by("due_on").first()
        if instalment is not None:
            part = min(receipt.amount_minor, instalment.amount_minor)
            with suppress(Refusal):
                pipeline.allocate_receipt(receipt, parts=[(instalment, part)], by=finance, at=at)
    doubtful = Activity.objects.filter(manager=manager, state="not_effective", on__gte=at.date() - timedelta(days=30))
    for visit in doubtful.order_by("-on", "id")[:3]:
        with suppress(Refusal):
            activity.confirm_visit(visit, reason="陪同去过，情况属实", by=manager, at=at)
