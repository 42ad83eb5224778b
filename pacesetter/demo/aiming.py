"""The goals of the demo company: the year from the company down to each seller and month, this month's actions, one
market event and one application that waits to be decided.

The year is spread by what each brought so far, with the ramp of newcomers, as a director would do it on the page.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction

from pacesetter import assembly
from pacesetter.goals import acts
from pacesetter.goals.acts import Draft, Part, identity
from pacesetter.goals.acts.drafting import Key
from pacesetter.goals.models import Goal
from pacesetter.goals.rules import season, spread, weights
from pacesetter.goals.rules.actions import actions
from pacesetter.goals.rules.suggesting import figures
from pacesetter.lib import periods
from pacesetter.people import reads as people

from .played import Played
from .story.plan import PersonPlan, Story

# what the company wants beyond what it would bring by going on as it did
MORE = Fraction(104, 100)
UNIT = 1_000_00
STRETCH, CHALLENGE, FLOOR = Fraction(110, 100), Fraction(120, 100), Fraction(80, 100)
REASON = "两家竞品同时降价，在谈的三个大单都要重新比价，本年拿不下来了。"


def play(story: Story, played: Played, *, at: datetime) -> None:
    """Everything of it."""
    Aiming(story, played, at).everything()


class Aiming:
    """What is set, step by step."""

    def __init__(self, story: Story, played: Played, at: datetime) -> None:
        self.story, self.played, self.at = story, played, at
        self.today = story.today
        self.director = played.people["zhou"]
        self.settings = people.period_settings(people.company())
        self.year = periods.period_of(self.today, "year", self.settings)
        self.months = list(periods.between(self.year.start, self.year.end, "month", self.settings))
        self.first = max(self.year.start, story.start)
        self.sellers = [
            one for one in story.people if one.habits is not None and (one.left or self.year.end) > self.today
        ]

    def everything(self) -> None:
        """The year and its parts first, then what follows from it."""
        self.the_year()
        self.actions()
        self.signed()
        self.applied()

    # --- the year ---
    def the_year(self) -> None:
        """won_amount from the company to the sellers with every month, and what it is made of."""
        brought = self._brought("won_amount")
        tree = spread.spread(self._root(brought), self._months(brought), unit=UNIT)
        rows = list(self._drafts(tree, None))
        top = identity(rows[0])
        new, again = (self._company(key) for key in ("new_amount", "repurchase_amount"))
        fresh = rows[0].target * new // max(new + again, 1) // UNIT * UNIT
        rows += [
            Draft("new_amount", "company", self.year, fresh, above=top, note="增长引擎：新客户开拓"),
            Draft("repurchase_amount", "company", self.year, rows[0].target - fresh, above=top,
                  note="增长引擎：老客户复购"),
            Draft("customers_developed", "company", self.year, max(12, self._yearly("customers_developed")), above=top,
                  note="增长引擎：新客户数"),
            Draft("collection_rate", "company", self.year, 9000, note="应收按期回款"),
        ]  # fmt: skip
        acts.draft_goals(rows, origin="spread", by=self.director, at=self.at, reason="按上半年业绩和爬坡分解")
        everybody = list(Goal.objects.values_list("pk", flat=True))
        acts.publish_goals(everybody, by=self.director, at=self.at)
        high = Goal.objects.filter(owner_kind="company").values_list("pk", flat=True)
        acts.lock_goals(list(high), by=self.director, at=self.at, reason="年度目标定稿")

    def _brought(self, key: str) -> dict[int, int]:
        asked = assembly.question(key, self.first, self.today, by=("person",), today=self.today, reach=None)
        return {row.cell.key[0]: row.cell.top for row in assembly.answer(asked) if row.cell.key[0] is not None}

    def _company(self, key: str) -> int:
        asked = assembly.question(key, self.first, self.today, today=self.today, reach=None)
        return assembly.total(asked).top

    def _share(self) -> Fraction:
        """The part of the year's time in business that has passed."""
        calendar = people.WorkdayBook(self.year.start, self.year.end).of("company", None, self.today)
        whole = calendar.count(self.first, self.year.end)
        return Fraction(max(calendar.count(self.first, self.today), 1), max(whole, 1))

    def _yearly(self, key: str) -> int:
        return int(self._company(key) / self._share() * MORE)

    def _months(self, brought: dict[int, int]) -> tuple[int, ...]:
        """The company's year by the working days of its months; months before it was in business want nothing."""
        calendar = people.WorkdayBook(self.year.start, self.year.end).of("company", None, self.today)
        days = [calendar.count(max(m.start, self.first), m.end) if m.end > self.first else 0 for m in self.months]
        total = int(Fraction(max(sum(brought.values()), 12 * UNIT)) / self._share() * MORE) // UNIT * UNIT
        return season.to_months(total, season.by_working_days(days), unit=UNIT)

    def _root(self, brought: dict[int, int]) -> spread.Node:
        own = {one.key: self._history(one, brought) for one in self.sellers}
        weighed = weights.history(own)

        def node(key: str) -> spread.Node | None:
            below = [found for plan in self.story.teams if plan.parent == key if (found := node(plan.key))]
            members = [
                spread.Node(("person", one.key), weighed[one.key], profile=self._ramp(one))
                for one in self.sellers if self._team(one) == key
            ]  # fmt: skip
            children = (*below, *members)
            return spread.Node(("team", key), None, children) if children else None

        found = node("hq")
        if found is None:
            raise ValueError("nobody sells")
        return found

    def _team(self, one: PersonPlan) -> str:
        return one.moves[1] if one.moves and one.moves[0] <= self.today else one.team

    def _history(self, one: PersonPlan, brought: dict[int, int]) -> weights.History:
        there = max((self.today - max(one.hire, self.first)).days, 1)
        whole = max((self.today - self.first).days, there)
        return weights.History(brought.get(self.played.people[one.key].pk, 0), there, whole)

    def _ramp(self, one: PersonPlan) -> tuple[Fraction, ...]:
        """Half of a target in the first three months, four fifths in the first year, nothing before the first day."""
        factors = []
        for month in self.months:
            tenure = (month.start - one.hire).days
            there = month.end > max(one.hire, self.first)
            factors.append(Fraction(0) if not there else Fraction(1, 2) if tenure < 92 else Fraction(4, 5)
                           if tenure < 365 else Fraction(1))  # fmt: skip
        return tuple(factors)

    def _drafts(self, share: spread.Share, above: Key | None) -> list[Draft]:
        kind, key = str(share.key[0]), str(share.key[1])  # type: ignore[index]
        top = key == "hq"
        parts = [Part(month, value) for month, value in zip(self.months, share.months, strict=True)]
        draft = Draft(
            "won_amount", "company" if top else kind, self.year, share.value, above=above, parts=parts,
            team=None if top or kind == "person" else self.played.teams[key].pk,
            person=self.played.people[key].pk if kind == "person" else None, floor=int(share.value * FLOOR),
            stretch=int(share.value * STRETCH), challenge=int(share.value * CHALLENGE), buffer=share.buffer,
            elastic=("policy", "competitor"), basis_figures=_told(share.why),
        )  # fmt: skip
        if share.value <= 0:
            return []
        rows = [draft]
        for child in share.children:
            rows += self._drafts(child, identity(draft))
        return rows

    # --- actions, signatures, an application ---
    def actions(self) -> None:
        """This month's actions of each seller, calculated back from the month's amount by the own rates."""
        month = periods.period_of(self.today, "month", self.settings)
        years = dict(Goal.objects.filter(metric="won_amount", layer="individual").values_list("person_id", "pk"))
        plans = assembly.calculations(list(years), month.start, reach=None, company=people.company())
        rows = []
        for person, plan in plans.items():
            if not plan.left:
                continue
            chain = plan.chain(plan.left)
            told = figures(plan, chain, month.start, by_hand=False)
            rows += [
                Draft(one.metric, "person", month, one.goal.count, person=person, per=one.goal.per,
                      above=years[person], basis_figures=told)
                for one in actions(plan, chain) if one.goal.count
            ]  # fmt: skip
        acts.draft_goals(rows, origin="calculator", by=self.director, at=self.at)
        drafts = Goal.objects.filter(layer="action").values_list("pk", flat=True)
        acts.publish_goals(list(drafts), by=self.director, at=self.at)

    def signed(self) -> None:
        """Most have signed; one says what is possible instead."""
        for number, goal in enumerate(Goal.objects.filter(metric="won_amount", layer="individual").order_by("pk")):
            if number % 5 != 4 and goal.person is not None:
                version = goal.versions.get()
                acts.accept_goal(goal=goal.pk, version=version.pk, by=goal.person, at=self.at)
        stuck = Goal.objects.filter(metric="won_amount", person=self.played.people["e13"]).first()
        if stuck is not None:
            target = stuck.versions.get().target
            acts.commit_value(goal=stuck.pk, value=target * 9 // 10 // UNIT * UNIT, by=self.played.people["e13"],
                              comment="两个老客户的预算移到明年一季度。", at=self.at)  # fmt: skip

    def applied(self) -> None:
        """A competitor's price cut, and a manager who applies to lower the team's year because of it."""
        event = acts.add_event(
            kind="competitor", title="智川软件华东区降价三成", on=self.today - timedelta(days=24),
            customer_region="华东",
            text="对中型客户的标准版报价降到原来的七折，送半年服务。", by=self.director, at=self.at,
        )  # fmt: skip
        goal = Goal.objects.filter(metric="won_amount", team=self.played.teams["e2"]).first()
        manager = self.played.people["zhao"]
        if goal is None:
            return
        version = goal.versions.get()

        def lower(value: int | None) -> int | None:
            return None if value is None else int(value * Fraction(95, 100)) // UNIT * UNIT

        made = acts.request_adjustment(
            goal=goal.pk, event=event.pk, reason=REASON, target=lower(version.target) or UNIT,
            floor=lower(version.floor), stretch=lower(version.stretch), challenge=lower(version.challenge),
            valid_from=self.today, by=manager, at=self.at, evidence=assembly.evidence(goal, event, self.today),
        )  # fmt: skip
        acts.give_voice(
            adjustment=made.pk, seat="analyst", yes=True, by=self.played.people["he"], at=self.at,
            sentence="看过降价前后各周的数据和受影响的客户，同意按新的线走。",
        )  # fmt: skip


def _told(why: spread.Why) -> dict[str, object]:
    """Why a share is what it is, as the page tells it."""
    figures = {} if why.weight is None else {name: str(value) for name, value in why.weight.figures}
    return {"how": why.how, "pool": why.pool, "exact": str(why.exact), "figures": figures}
