"""What sellers did on each working day: visits, calls, talks on line, proposals, reports, visits with the manager."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from . import vocabulary as words
from .days import Days
from .dice import Dice
from .plan import ActivityPlan, CustomerPlan, DealPlan, Habits, LeadPlan, PersonPlan, Story

CALLS, ONLINE, JOINT = 300, 120, 70
FAR = date(9999, 1, 1)


class Doing:
    """Fills a story with activities."""

    def __init__(self, story: Story, dice: Dice, days: Days, leaders: dict[str, str | None]) -> None:
        self.story, self.dice, self.days, self.leaders = story, dice, days, leaders
        self.deals: dict[str, list[DealPlan]] = {}
        self.leads: dict[str, list[LeadPlan]] = {}
        self.customers: dict[str, list[CustomerPlan]] = {}
        for deal in story.deals:
            self.deals.setdefault(deal.owner, []).append(deal)
        for lead in story.leads:
            if lead.taker:
                self.leads.setdefault(lead.taker, []).append(lead)
        for customer in story.customers:
            self.customers.setdefault(customer.owner, []).append(customer)

    def year(self, person: PersonPlan) -> None:
        """Everything somebody did."""
        habits = person.habits
        if habits is None:
            return
        first = max(self.story.start, person.hire + timedelta(days=5))
        last = min(person.left or self.story.today, self.story.today)
        for day in self.days.between(first, last + timedelta(days=1)):
            quiet = 350 if day in self.days.quiet else 1000
            for _place in range(self.dice.times(habits.visits * 800 // 1000 * quiet // 1000)):
                joint = self.dice.chance(JOINT)
                self.visit(person, habits, day, self.leaders[person.team] if joint else None)
            for kind, often in (("call", CALLS), ("online", ONLINE)):
                for _place in range(self.dice.times(often * quiet // 1000)):
                    self.talk(person, habits, day, kind)
        self.papers(person, habits, first, last)

    def papers(self, person: PersonPlan, habits: Habits, first: date, last: date) -> None:
        """Proposals and needs reports belong to steps of deals."""
        for deal in self.deals.get(person.key, []):
            for stage, _outcome, on in deal.steps:
                if not first <= on <= last:
                    continue
                if stage == "proposal":
                    self.add(person, habits, "proposal", on, customer=deal.customer, deal=deal.key, result="需方案",
                             note="方案第一版已发给客户。")  # fmt: skip
                elif stage == "intent" and self.dice.chance(600):
                    self.add(person, habits, "needs_report", on, customer=deal.customer, deal=deal.key, result="有意向",
                             note=self.dice.pick(words.NOTES))  # fmt: skip

    # --- with whom -------------------------------------------------------------------------------------------------
    def target(self, person: PersonPlan, day: date) -> dict[str, int | None] | None:
        """A live deal, a lead or a customer of that day; None when there is nobody to see."""
        live = [deal for deal in self.deals.get(person.key, []) if deal.opened <= day <= (deal.closed or FAR)]
        fresh = [lead for lead in self.leads.get(person.key, [])
                 if lead.created <= day <= min(lead.intent or FAR, lead.lost or FAR, lead.created + timedelta(days=60))
                 and lead.owner is not None]  # fmt: skip
        known = [one for one in self.customers.get(person.key, []) if one.since <= day]
        choice = self.dice.roll(1, 100)
        if live and choice <= 58:
            deal = self.dice.pick(live)
            return {"customer": deal.customer, "deal": deal.key, "lead": None}
        if fresh and choice <= 82:
            return {"customer": None, "deal": None, "lead": self.dice.pick(fresh).key}
        if known:
            return {"customer": self.dice.pick(known).key, "deal": None, "lead": None}
        return None

    def met(self, target: dict[str, int | None]) -> str:
        """The name of somebody there."""
        if target["customer"] is not None:
            return self.dice.pick(self.story.customers[target["customer"]].contacts).name
        lead = target["lead"]
        return "" if lead is None else self.story.leads[lead].contact

    # --- what ------------------------------------------------------------------------------------------------------
    def visit(self, person: PersonPlan, habits: Habits, day: date, companion: str | None) -> None:
        """A visit; a careless one lacks a contact, a result or a dated next step."""
        target = self.target(person, day)
        if target is None:
            return
        contact, result = self.met(target), self.dice.weighted(words.RESULTS)
        steps = words.NEXT_STEPS.get(result, ())
        step = self.dice.pick(steps) if steps else "年底再联系"
        following: date | None = self.days.later(day, self.dice.roll(2, 12))
        minutes: int | None = self.dice.roll(25, 95)
        if not self.dice.chance(habits.careful):
            lacking = self.dice.weighted([("step", 55), ("contact", 20), ("result", 15), ("minutes", 10)])
            if lacking == "step":
                step, following = "", None
            elif lacking == "contact":
                contact = ""
            elif lacking == "result":
                result = ""
            else:
                minutes = self.dice.roll(5, 9)
        self.add(
            person, habits, "joint_visit" if companion else "visit", day, contact=contact, result=result,
            next_step=step, next_on=following, minutes=minutes, companion=companion,
            note=self.dice.pick(words.NOTES) if self.dice.chance(300) else "", **target,
        )  # fmt: skip

    def talk(self, person: PersonPlan, habits: Habits, day: date, kind: str) -> None:
        """A call or a talk on line."""
        target = self.target(person, day)
        if target is None:
            return
        result = self.dice.weighted(words.RESULTS[:4])
        self.add(person, habits, kind, day, contact=self.met(target), result=result,
                 next_step=self.dice.pick(words.NEXT_STEPS[result]),
                 next_on=self.days.later(day, self.dice.roll(2, 10)),
                 minutes=self.dice.roll(4, 35), **target)  # fmt: skip

    def add(self, person: PersonPlan, habits: Habits, kind: str, day: date, **more: object) -> None:
        """Put it down at some time of the day, entered soon after or, by the late ones, in a bunch days later."""
        at = datetime.combine(day, time(9 + self.dice.roll(0, 7), 5 * self.dice.roll(0, 11)))
        entered = at + timedelta(minutes=self.dice.roll(8, 150))
        if self.dice.chance(habits.late):
            evening = min(day + timedelta(days=self.dice.roll(2, 5)), self.story.today)
            entered = max(entered, datetime.combine(evening, time(20, self.dice.roll(0, 50))))
        self.story.activities.append(ActivityPlan(person.key, kind, at, entered, **more))  # type: ignore[arg-type]
