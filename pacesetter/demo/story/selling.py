"""Customers, leads and deals of the story: each seller's working days, one after the other."""

from __future__ import annotations

from datetime import date, timedelta

from . import vocabulary as words
from .cast import TEAMS
from .days import Days
from .dice import Dice
from .plan import ContactPlan, CustomerPlan, DealPlan, Habits, LeadPlan, LinePlan, PersonPlan, Story

# working days a step takes, least and most, for a deal of middle size
PACE = {"intent": (3, 9), "proposal": (4, 13), "negotiation": (4, 13), "closed": (3, 15)}
STRETCH = {"small": 700, "medium": 1000, "large": 1600}
WAY = ("prospect", "intent", "proposal", "negotiation")
PRICE = {product.code: product for product in words.PRODUCTS}
REGION = {team.key: team.region or "华东" for team in TEAMS}


class Selling:
    """Fills a story with customers, leads and deals."""

    def __init__(self, story: Story, dice: Dice, days: Days) -> None:
        self.story, self.dice, self.days = story, dice, days
        self.books: dict[str, list[CustomerPlan]] = {}
        self.names: set[str] = set()
        self.mates: dict[str, list[PersonPlan]] = {}
        self.leader = {team.key: team.leader for team in TEAMS}
        for person in story.people:
            if person.habits:
                self.mates.setdefault(person.team, []).append(person)

    # --- names -----------------------------------------------------------------------------------------------------
    def company(self, region: str) -> tuple[str, str]:
        """A new company's name and its industry."""
        while True:
            industry = self.dice.weighted([(name, about[1]) for name, about in words.INDUSTRIES.items()])
            city, trade = self.dice.pick(words.CITIES[region]), self.dice.pick(words.INDUSTRIES[industry][0])
            name = f"{city}{self.dice.pick(words.FIRST)}{self.dice.pick(words.SECOND)}{trade}有限公司"
            if name not in self.names:
                self.names.add(name)
                return name, industry

    def somebody(self) -> str:
        """The name of a contact."""
        return self.dice.pick(words.SURNAMES) + self.dice.pick(words.GIVEN)

    def mobile(self) -> str:
        """A number of a range that is not given to subscribers."""
        return f"1000{self.dice.roll(1_000_000, 9_999_999)}"

    def contacts(self) -> list[ContactPlan]:
        """One to three people of a customer."""
        made = []
        for _place in range(self.dice.weighted([(1, 40), (2, 40), (3, 20)])):
            title, role = self.dice.weighted(words.CONTACTS)
            made.append(ContactPlan(self.somebody(), title, role, self.mobile()))
        return made

    def customer(self, name: str, industry: str, region: str, owner: str, since: date, source: str) -> CustomerPlan:
        """A new customer in its owner's book."""
        made = CustomerPlan(
            len(self.story.customers), name, industry, region, self.dice.weighted(words.SIZES),
            self.dice.weighted(words.TIERS), owner, since, source, self.contacts(),
        )  # fmt: skip
        self.story.customers.append(made)
        self.books.setdefault(owner, []).append(made)
        return made

    # --- the way of a seller ---------------------------------------------------------------------------------------
    def accounts(self, person: PersonPlan) -> None:
        """Customers from before the story, most of them with an older deal."""
        start = self.story.start
        if person.hire > start - timedelta(days=200) or person.habits is None:
            return
        region = REGION[person.team]
        for _place in range(self.dice.roll(2, 4)):
            name, industry = self.company(region)
            since = max(person.hire, start - timedelta(days=self.dice.roll(120, 600)))
            customer = self.customer(name, industry, region, person.key, since, self.dice.weighted(words.SOURCES))
            if self.dice.chance(650):
                opened = self.days.on_or_after(max(since, start - timedelta(days=self.dice.roll(150, 360))))
                self.deal(person, person.habits, customer, opened, customer.source, won=True, until=start)

    def year(self, person: PersonPlan) -> None:
        """All leads and deals of a seller, day by day."""
        habits = person.habits
        if habits is None:
            return
        # a pipeline was there when the nine months began
        first = max(self.story.start - timedelta(days=75), person.hire + timedelta(days=8))
        last = person.left - timedelta(days=30) if person.left else self.story.today
        for day in self.days.between(first, last + timedelta(days=1)):
            quiet = 350 if day in self.days.quiet else 1000
            vigour = self.vigour(person, habits, day)
            for _place in range(self.dice.times(habits.leads * vigour // 21_000 * quiet // 1000)):
                self.lead(person, habits, day)
            if self.books.get(person.key):
                for _place in range(self.dice.times(habits.repeats * vigour // 17_500 * quiet // 1000)):
                    known = [one for one in self.books[person.key] if one.since <= day]
                    if known:
                        customer = self.dice.pick(known)
                        self.deal(person, habits, customer, day, "老客户复购")

    @staticmethod
    def vigour(person: PersonPlan, habits: Habits, day: date) -> int:
        """How far somebody has grown into the job by a day, in thousandths."""
        months = (day - person.hire).days // 30
        grown = min(1000, 420 + 130 * months) if habits.ramp else 1000
        return grown + habits.trend * min(months, 12)

    # --- leads -----------------------------------------------------------------------------------------------------
    def lead(self, person: PersonPlan | None, habits: Habits, day: date, region: str = "") -> LeadPlan:
        """A lead with everything that came of it until today."""
        region = region or REGION[person.team if person else "e1"]
        name, industry = self.company(region)
        source = self.dice.weighted(words.SOURCES)
        key = person.key if person else None
        lead = LeadPlan(len(self.story.leads), name, self.somebody(), self.mobile(), source, industry, region, key,
                        key, day)  # fmt: skip
        self.story.leads.append(lead)
        if person is None:
            return lead
        end = min(person.left or self.story.today, self.story.today)
        quality = words.SOURCE_QUALITY[source]
        checked = self.days.later(day, self.dice.roll(0, 4))
        if checked > end or self.dice.chance(90):
            return lead
        lead.touched = checked
        if not self.dice.chance(880 * min(quality, 1100) // 1000):
            return self._dropped(lead, self.days.later(checked, self.dice.roll(1, 8)), end)
        lead.stage, lead.valid = "valid", checked
        met = self.days.later(checked, self.dice.roll(2, 12))
        if not self.dice.chance(habits.intent * quality // 800):
            return self._dropped(lead, self.days.later(met, self.dice.roll(5, 30)), end)
        if met > end:
            return lead
        lead.stage, lead.intent, lead.touched = "intent", met, met
        known = [one for one in self.books.get(person.key, []) if one.since <= met]
        if known and self.dice.chance(450):
            customer = self.dice.pick(known)
            lead.name, lead.industry = customer.name, customer.industry
        else:
            customer = self.customer(name, industry, region, person.key, met, source)
        lead.customer = customer.key
        self.deal(person, habits, customer, met, source, lead=lead)
        return lead

    def _dropped(self, lead: LeadPlan, on: date, end: date) -> LeadPlan:
        """Given up, or simply left lying; some are given back to the pool."""
        if on > end:
            return lead
        if self.dice.chance(620):
            lead.stage, lead.lost, lead.reason = "lost", on, self.dice.weighted(words.LOSS_REASONS)
        elif self.dice.chance(260):
            lead.owner = None
        return lead

    def pool(self, count: int) -> None:
        """Leads nobody has taken yet: marketing put them there in the last weeks."""
        days = self.days.between(self.story.today - timedelta(days=45), self.story.today + timedelta(days=1))
        for _place in range(count):
            self.lead(None, Habits(), self.dice.pick(days), self.dice.pick(("华东", "华南")))

    # --- deals -----------------------------------------------------------------------------------------------------
    def deal(
        self, person: PersonPlan, habits: Habits, customer: CustomerPlan, opened: date, source: str, *,
        lead: LeadPlan | None = None, won: bool | None = None, until: date | None = None,
    ) -> None:  # fmt: skip
        """One deal from its first day to its end or today; `until` = it was won before that day."""
        dice = self.dice
        big = 130 * habits.size // 1000
        kind = dice.weighted([("small", 480), ("medium", 390), ("large", big)])
        begin = "intent" if lead else "prospect"
        deal = DealPlan(
            len(self.story.deals), f"{customer.name[2:6]}{dice.pick(words.DEAL_NAMES[kind])}", customer.key,
            person.key, source, lead.key if lead else None, kind, self._lines(kind), [(begin, "opened", opened)],
            opened, begin,
        )  # fmt: skip
        self.story.deals.append(deal)
        end = min(person.left or self.story.today, self.story.today)
        chance = habits.win * self.vigour(person, habits, opened) // 1000
        if won is None:
            won = dice.chance(chance * (1200 if kind == "small" else 1000 if kind == "medium" else 750) // 1000)
        stops = "" if won else dice.weighted([("proposal", 30), ("negotiation", 40), ("intent", 18), ("stuck", 12)])
        self._walk(deal, lead, end=until or end, won=won, stops=stops)
        self._shared(deal, person)

    def _walk(self, deal: DealPlan, lead: LeadPlan | None, *, end: date, won: bool, stops: str) -> None:
        """The steps of a deal, as far as they lie before the end."""
        day, stretch, halted = deal.opened, STRETCH[deal.kind], False
        planned = day
        for stage in (*WAY[WAY.index(deal.stage) + 1 :], "closed"):
            low, high = PACE[stage]
            planned = self.days.later(planned, max(1, self.dice.roll(low, high) * stretch // 1000))
            if halted:
                continue
            if stage == "closed" or deal.stage == stops:
                self._close(deal, lead, planned, end, won)
                halted = True
            elif planned > end or (stops == "stuck" and stage == "negotiation"):
                halted = True
            else:
                deal.steps.append((stage, "moved", planned))
                deal.stage, day = stage, planned
                if lead and stage == "proposal":
                    lead.proposal = planned
                if lead:
                    lead.touched = planned
        deal.expected = deal.closed or planned
        if deal.closed is None:
            deal.next_step = self.dice.pick(("送方案", "约商务谈判", "发正式报价", "拜访决策人", "演示系统"))
            # few next steps are overdue: most people keep their word, or change it in time
            ahead = self.dice.roll(-4, 8)
            deal.next_on = self.days.on_or_after(self.story.today + timedelta(days=ahead if ahead > -2 else ahead + 13))

    def _close(self, deal: DealPlan, lead: LeadPlan | None, on: date, end: date, won: bool) -> None:
        if won and self.dice.chance(450):
            on = max(self.days.month_end(on, self.dice), deal.steps[-1][2])
        if on > end:
            return
        deal.stage = "won" if won else "lost"
        deal.closed = on
        deal.steps.append((deal.stage, deal.stage, on))
        if not won:
            deal.reason = self.dice.weighted(words.LOSS_REASONS)
            if deal.reason in ("competitor", "price"):
                deal.competitor = self.dice.pick(words.COMPETITORS)
        if lead:
            lead.touched, lead.stage = on, deal.stage
            if won:
                lead.won = on
            else:
                lead.lost, lead.reason = on, deal.reason

    def _lines(self, kind: str) -> list[LinePlan]:
        lines = []
        for code, least, most in self.dice.pick(words.BASKETS[kind]):
            product, pieces = PRICE[code], self.dice.roll(least, most)
            discount = self.dice.weighted([(0, 35), (500, 25), (800, 15), (1000, 15), (1500, 10)])
            amount = product.price * pieces * (10_000 - discount) // 10_000
            lines.append(LinePlan(code, pieces, product.price, discount, amount, product.cost * pieces))
        return lines

    def _shared(self, deal: DealPlan, person: PersonPlan) -> None:
        """Some deals are shared with a colleague, some have the manager's help standing beside them."""
        mates = [one.key for one in self.mates[person.team]
                 if one is not person and one.hire < deal.opened and one.left is None]  # fmt: skip
        if mates and self.dice.chance(80):
            share = self.dice.pick((200_000, 300_000, 333_333, 500_000))
            deal.credits = [(person.key, 1_000_000 - share, False, True), (self.dice.pick(mates), share, False, False)]
        helper = self.leader.get(person.team)
        if helper and deal.kind == "large" and self.dice.chance(300):
            deal.credits = deal.credits or [(person.key, 1_000_000, False, True)]
            deal.credits.append((helper, 200_000, True, False))
