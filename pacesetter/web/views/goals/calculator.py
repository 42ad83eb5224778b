"""The calculator of one person as a page shows it: what was asked, the chain, both ways, and the actions it ends in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from pacesetter import assembly
from pacesetter.goals import reads
from pacesetter.goals.rules import calculator as rules
from pacesetter.goals.rules.actions import VISITS, Action, Plan, actions
from pacesetter.goals.rules.calculator import Chain, Link, Range
from pacesetter.goals.rules.suggesting import figures
from pacesetter.lib import money as coins
from pacesetter.people.models import Person
from pacesetter.people.rights import Scope
from pacesetter.web import door

from ..insights.wording import Writer
from .sliders import Slider, number, of_rate, slider

AMOUNT = "won_amount"
SELLS = ("rep", "manager", "director")
WAY = ("average_order_value", "win_rate", "lead_conversion_rate", "visits_per_lead")


@dataclass
class Sheet:
    """Everything the page, its why and its taking over calculate with. Nothing here is text."""

    viewer: Any
    company: Any
    today: date
    person: Person
    plan: Plan
    asked: Mapping[str, str]
    fault: str = ""
    writer: Writer = field(init=False)

    def __post_init__(self) -> None:
        self.writer = Writer(self.company.currency)

    @property
    def own(self) -> bool:
        """Whether the reader calculates for oneself."""
        return bool(self.person.pk == self.viewer.person_id)

    @cached_property
    def typed(self) -> int | None:
        """The amount in the address, in minor units."""
        text = self.asked.get("amount", "").strip().replace(",", "").replace("，", "")
        if not text:
            return None
        found = number(text)
        if found is None:
            self.fault = _("金额写成 380000 或 380000.50 这样。")
            return None
        return coins.round_half_up(found * 10**self.writer.exponent)

    @cached_property
    def amount(self) -> int | None:
        """What is still to be won: typed, else what the month's goal leaves. None: nothing to calculate with."""
        typed = self.typed
        if self.fault:
            return None
        return typed if typed is not None else self.plan.left

    @property
    def by_hand(self) -> bool:
        """Whether another amount was typed than the one that is left of the goal."""
        return self.typed is not None and self.typed != self.plan.left

    @property
    def amount_text(self) -> str:
        """As the field carries it, without empty decimals."""
        if self.fault or self.amount is None:
            return self.asked.get("amount", "")[:20]
        text = coins.major_text(self.amount, self.company.currency)
        return text.rstrip("0").rstrip(".") if "." in text else text

    @cached_property
    def sliders(self) -> dict[str, Slider]:
        """rate → its control, where the rate is known."""
        found = {
            name: of_rate(name, used, self.asked.get(name, ""), self.writer.exponent)
            for name, used in self.plan.rates.items()
        }
        return {name: one for name, one in found.items() if one is not None}

    @cached_property
    def slid(self) -> dict[str, Fraction]:
        """Rates set by hand."""
        return {name: one.value for name, one in self.sliders.items() if one.slid}

    @cached_property
    def chain(self) -> Chain:
        """With the rates as they are set."""
        return self.plan.chain(self.amount or 0, self.slid)

    @cached_property
    def plain_chain(self) -> Chain:
        """With the rates as they are."""
        return self.plan.chain(self.amount or 0)

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """The steps: down to the leads, then visits, then what is handed in."""
        by_key = {link.step.key: link for link in self.chain.links}
        return tuple(by_key[key] for key in ("deals", "intents", "leads", "visits", "proposals"))

    def a_day(self, key: str, chain: Chain | None = None) -> Range | None:
        """What a working day asks for; nothing without an amount."""
        return (chain or self.chain).link(key).per_day if self.amount else None

    @cached_property
    def actions(self) -> tuple[Action, ...]:
        """The action goals this ends in."""
        return actions(self.plan, self.chain) if self.amount and self.plan.days else ()

    @cached_property
    def visits(self) -> Slider | None:
        """The control of visits a day."""
        expected = self.a_day("visits")
        if expected is None:
            return None
        halves = -(-expected.expected.numerator * 2 // expected.expected.denominator) if expected.expected else 1
        default = max(halves, 1) * 5
        return slider("visits", self.asked.get("visits", ""), default, unit=Fraction(1, 10), decimals=1, step=5,
                      top=max(default * 2, 100))  # fmt: skip

    @cached_property
    def lever(self) -> tuple[str, Fraction] | None:
        """(rate, value) worth trying: the first of the way whose value at the team is better than the own."""
        for name in ("win_rate", "lead_conversion_rate"):
            used = self.plan.rates.get(name)
            on_way = name == "win_rate" or self.plan.visits_of == "leads"
            if used and on_way and used.value and used.team.rate and used.team.rate > used.value:
                return name, used.team.rate
        return None

    @property
    def may_adopt(self) -> bool:
        """Whether the reader may set this person's action goals."""
        return reads.may_draft(
            self.viewer, owner_kind="person", team=None, person=self.person.pk, metric=VISITS, per="day"
        )

    def query(self, **more: str) -> str:
        """The same calculation as an address part."""
        told = {"person": "" if self.own else str(self.person.pk)}
        told["amount"] = self.amount_text if self.by_hand else ""
        told |= {name: one.text for name, one in self.sliders.items() if one.slid}
        return urlencode({key: value for key, value in (told | more).items() if value})

    def kept(self) -> dict[str, Any]:
        """What stays with the goals made of it."""
        return figures(self.plan, self.chain, self.today, by_hand=self.by_hand)

    def solved(self, name: str) -> rules.Solved | None:
        """The value of a rate at which the chosen visits are enough."""
        if self.visits is None or not self.amount:
            return None
        return rules.solve(self.amount, self.plan.rates, self.plan.days, self.visits.value, name, slid=self.slid,
                           visits_of=self.plan.visits_of)  # fmt: skip


def _scope(viewer: Any) -> Scope:
    """How far the reader sees persons' goals and amounts."""
    return min(viewer.scope_of_persons("goals"), assembly.scope_of(assembly.metric(AMOUNT), viewer, ("person",)))


def sellers(viewer: Any) -> list[Person]:
    """Whom the reader may calculate for, by name; empty for somebody who sees only oneself."""
    scope = _scope(viewer)
    if scope < Scope.TEAM:
        return []
    found = Person.objects.filter(merged_into=None, access_ended=False, role_grants__role__in=("rep", "manager"))
    if scope == Scope.TEAM:
        found = found.filter(pk__in=viewer.people_ids)
    return list(found.distinct().order_by("name", "pk"))


def reader(request: HttpRequest) -> Any:
    """Who may calculate at all: goals and amounts of persons in reach. 404 otherwise."""
    viewer = door.need(request, "goals")
    if door.company(request) is None or not assembly.may_ask(assembly.metric(AMOUNT), viewer, ("person",)):
        raise Http404
    return viewer


def whose(request: HttpRequest, asked: Mapping[str, str]) -> Person | None:
    """The person of the address, else the reader who sells; None where a person has to be chosen first."""
    viewer = reader(request)
    text = asked.get("person", "")
    if text:
        if not (text.isascii() and text.isdigit() and len(text) <= 12):
            raise Http404
        person = Person.objects.filter(pk=int(text), merged_into=None).first()
        scope = _scope(viewer)
        if person is None or not (
            person.pk == viewer.person_id or scope == Scope.ALL
            or (scope == Scope.TEAM and person.pk in viewer.people_ids)
        ):  # fmt: skip
            raise Http404
        return person
    return viewer.person if viewer.roles & {"rep", "manager"} else None


def sheet(request: HttpRequest, asked: Mapping[str, str], person: Person) -> Sheet:
    """The calculation an address asks for."""
    viewer, company, today = door.viewer(request), door.company(request), door.today(request)
    assert company is not None
    plan = assembly.calculations([person.pk], today, reach=viewer, company=company)[person.pk]
    return Sheet(viewer, company, today, person, plan, asked)


def page_url(sheet: Sheet) -> str:
    """The calculator with the same settings."""
    query = sheet.query()
    return reverse("goal_calculator") + (f"?{query}" if query else "")
