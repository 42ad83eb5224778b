"""The last two weeks as people log them: sheet by sheet, each with its next step, and what today still holds."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pacesetter.activity import acts as activity
from pacesetter.activity.models import Activity, PlanItem
from pacesetter.lib.refusal import Refusal
from pacesetter.people.models import Person
from pacesetter.pipeline.models import Contact, Customer, Deal, Lead
from pacesetter.pipeline.rules import OPEN_STAGES

from .played import ZONE, Played
from .story.days import Days
from .story.dice import Dice
from .story.plan import ActivityPlan, Story

LOGGED_DAYS = 10
# when those enter who do it in the evening; the others do soon after
EVENING, APART = time(20, 5), timedelta(minutes=4)
OVERDUE_LEFT = 2
ROUNDS = (time(10, 30), time(14, 0), time(16, 30))


def since(story: Story) -> date:
    """The first day that is logged sheet by sheet."""
    return Days(story.start, story.today).between(story.start, story.today)[-LOGGED_DAYS]


def play(story: Story, played: Played, *, at: datetime) -> None:
    """Logs in the order of their entry, then the plans of today."""
    Logging(story, played, at).everything()


class Logging:
    """What has been logged, and how the plans stand this morning."""

    def __init__(self, story: Story, played: Played, at: datetime) -> None:
        self.story, self.played, self.now = story, played, at
        self.zone = ZoneInfo(ZONE)
        self.local = at.astimezone(self.zone)
        self.morning = max(at - timedelta(hours=1), datetime.combine(story.today, time(0, 1), tzinfo=self.zone))
        self.dice = Dice(story.today.toordinal())
        self.days = Days(story.start, story.today)
        self.customers = Customer.objects.in_bulk()
        self.contacts = Contact.objects.in_bulk()
        self.deals = Deal.objects.in_bulk()
        self.leads = Lead.objects.in_bulk()
        self.evenings = {one.key for one in story.people if one.habits is not None and one.habits.evening}

    def everything(self) -> None:
        """What happened is logged, what lies ahead today is planned."""
        first, ahead = since(self.story), list[ActivityPlan]()
        told: list[tuple[datetime, ActivityPlan]] = []
        for one in self.story.activities:
            if one.at.date() < first:
                continue
            if one.at.replace(tzinfo=self.zone) > self.local:
                ahead.append(one)
            elif (entered := self.entered(one, told)) <= self.local:
                told.append((entered, one))
        told = self.forgotten(told, "e11")
        told.sort(key=lambda pair: (pair[0], pair[1].person, pair[1].at))
        for entered, one in told:
            self.log(one, entered)
        self.exceptions()
        self.tidy()
        for one in ahead:
            self.plan(one)
        self.rounds(self.played.people["e11"])

    def entered(self, one: ActivityPlan, told: list[tuple[datetime, ActivityPlan]]) -> datetime:
        """When it was told: as the story says, or every second evening, one after the other."""
        if one.person not in self.evenings:
            return min(one.entered.replace(tzinfo=self.zone), self.local)
        work = self.days.between(since(self.story), self.story.today + timedelta(days=60))
        evening = datetime.combine(work[work.index(one.at.date()) | 1], EVENING, tzinfo=self.zone)
        same = sum(when.date() == evening.date() and other.person == one.person for when, other in told)
        return evening + same * APART

    def forgotten(
        self, told: list[tuple[datetime, ActivityPlan]], who: str
    ) -> list[tuple[datetime, ActivityPlan]]:  # fmt: skip
        """The next step of somebody's last log before yesterday was promised for yesterday, and nothing came of it."""
        yesterday = self.days.between(self.story.start, self.story.today)[-1]
        for place in range(len(told) - 1, -1, -1):
            when, one = told[place]
            if one.person == who and one.customer is not None and one.next_step and one.at.date() < yesterday:
                later = [pair for pair in told[place + 1 :] if pair[1].person == who]
                if not any(other.customer == one.customer for _when, other in later):
                    return [*told[:place], (when, replace(one, next_on=yesterday)), *told[place + 1 :]]
        return told

    def log(self, one: ActivityPlan, at: datetime) -> None:
        """One sheet; a day too far back goes to the manager."""
        person, contact = self.played.people[one.person], None
        if one.customer is not None:
            contact = self.contacts.get(self.played.contacts.get((one.customer, one.contact), 0))
        activity.log_activity(
            person=person, by=person, kind=one.kind, at=at, on=one.at.date(),
            happened_at=one.at.replace(tzinfo=self.zone), customer=self.customer(one), deal=self.deal(one),
            lead=self.lead(one), contact=contact, contact_name=one.contact, result=one.result,
            companion=self.played.people[one.companion] if one.companion else None, next_step=one.next_step,
            next_on=one.next_on, minutes=one.minutes, note=one.note, asks_confirmation=True,
            seconds=self.dice.roll(22, 55) if one.person in self.evenings else self.dice.roll(7, 19),
        )  # fmt: skip

    def customer(self, one: ActivityPlan) -> Customer | None:
        return None if one.customer is None else self.customers[self.played.customers[one.customer]]

    def deal(self, one: ActivityPlan) -> Deal | None:
        return None if one.deal is None else self.deals[self.played.deals[one.deal]]

    def lead(self, one: ActivityPlan) -> Lead | None:
        return None if one.lead is None else self.leads[self.played.leads[one.lead]]

    def exceptions(self) -> None:
        """What an analyst looks for: a visit that waits for the manager, and one logged twice."""
        late, twice = self.played.people["e14"], self.played.people["e12"]
        day = self.days.between(self.story.start, self.story.today - timedelta(days=2))[-1]
        near = Activity.objects.filter(person=late, on__gt=day - timedelta(days=3))
        seen = set(near.values_list("customer_id", flat=True))
        mine = [row for row in self.customers.values() if row.owner_id == late.pk]
        known = min(mine, key=lambda row: (row.pk in seen, row.pk))
        activity.log_activity(
            person=late, by=late, kind="visit", at=self.morning, on=day, customer=known, contact_name="刘总",
            happened_at=datetime.combine(day, time(15, 30), tzinfo=self.zone), result="需方案", next_step="送方案",
            next_on=self.days.later(self.story.today, 2), minutes=45, asks_confirmation=True, seconds=16,
        )  # fmt: skip
        rows = Activity.objects.filter(person=twice, customer__isnull=False, on__lt=self.story.today, kind="call")
        first = rows.order_by("-id").first()
        if first is not None and first.at is not None:
            activity.log_activity(
                person=twice, by=twice, kind="call", at=first.entered_at + timedelta(minutes=5), on=first.on,
                happened_at=first.at + timedelta(minutes=20), customer=first.customer, result=first.result, seconds=11,
            )  # fmt: skip

    def tidy(self) -> None:
        """This morning everybody moved what was left over; two things each stayed where they were."""
        left: dict[int, int] = {}
        over = PlanItem.objects.filter(state="open", on__lt=self.story.today).select_related("person")
        for item in over.order_by("-on", "id"):
            left[item.person_id] = left.get(item.person_id, 0) + 1
            if left[item.person_id] > OVERDUE_LEFT:
                on = self.days.later(self.days.on_or_after(self.story.today), left[item.person_id] % 6)
                activity.move_plan(item, on=on, by=item.person, at=self.morning)

    def plan(self, one: ActivityPlan) -> None:
        """What the story tells of the rest of today is planned for its time."""
        person = self.played.people[one.person]
        with suppress(Refusal):
            activity.plan_item(
                person=person, on=self.story.today, time=one.at.time(), kind=one.kind, purpose=one.next_step,
                customer=self.customer(one), deal=self.deal(one), lead=self.lead(one), by=person, at=self.morning,
            )  # fmt: skip

    def rounds(self, person: Person) -> None:
        """The demo's rep has two visits ahead today, whenever the demo is started."""
        planned = PlanItem.objects.filter(person=person, state="open", on__lte=self.story.today)
        busy = set(planned.values_list("customer_id", flat=True))
        open_deals = {row.customer_id: row for row in self.deals.values() if row.stage in OPEN_STAGES}
        mine = [row for row in self.customers.values() if row.owner_id == person.pk and row.pk not in busy]
        mine.sort(key=lambda row: (row.pk not in open_deals, row.pk))
        slots: list[time | None] = [None, None]
        slots = [*(slot for slot in ROUNDS if slot > self.local.time()), *slots]
        for customer, slot in zip(mine[:2], slots, strict=False):
            activity.plan_item(
                person=person, on=self.story.today, time=slot, kind="visit", purpose="拜访决策人", customer=customer,
                deal=open_deals.get(customer.pk), by=person, at=self.morning,
            )  # fmt: skip
