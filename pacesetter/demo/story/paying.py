"""What the won deals bring in: planned payments, money that came, late or never, and what was given back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from .days import Days
from .dice import Dice
from .plan import DealPlan, InstalmentPlan, ReversalPlan, Story

# days after signing and parts in hundredths
TERMS = {"small": ((30, 100),), "medium": ((10, 40), (60, 60)), "large": ((10, 30), (75, 40), (150, 30))}
WAITING = 4
# habit → (never yet in thousandths, least and most days after the due day, paid in part in thousandths)
PAYERS = {"well": (20, -6, 12, 10), "slowly": (90, 0, 40, 40), "badly": (330, 12, 75, 130)}


def pay(story: Story, dice: Dice, days: Days) -> None:
    """Put instalments and reversals into the story."""
    habits = {person.key: person.habits for person in story.people if person.habits}
    for deal in story.deals:
        if deal.stage == "won" and deal.closed is not None:
            _instalments(story, deal, habits[deal.owner].pays, dice, days)
            _reversal(story, deal, dice, days)
    _waiting(story)


def _waiting(story: Story) -> None:
    """The newest money is not allocated yet: finance has something to do."""
    paid = sorted((one.paid, place) for place, one in enumerate(story.instalments) if one.paid is not None)
    for _on, place in paid[-WAITING:]:
        story.instalments[place] = replace(story.instalments[place], allocated=False)


def _instalments(story: Story, deal: DealPlan, pays: str, dice: Dice, days: Days) -> None:
    assert deal.closed is not None
    left, terms = deal.amount, TERMS[deal.kind]
    never, soonest, latest, partly = PAYERS[pays]
    for place, (after, hundredths) in enumerate(terms):
        amount = left if place == len(terms) - 1 else deal.amount * hundredths // 100
        left -= amount
        due = days.on_or_after(deal.closed + timedelta(days=after))
        paid = days.on_or_after(max(due + timedelta(days=dice.roll(soonest, latest)), deal.closed))
        # old debts were settled in the end
        forgiven = deal.closed < story.start and dice.chance(800)
        if paid > story.today or (dice.chance(never) and not forgiven):
            story.instalments.append(InstalmentPlan(deal.key, due, amount, None, 0))
            continue
        part = amount * dice.pick((300, 500, 700)) // 1000 if dice.chance(partly) and not forgiven else amount
        story.instalments.append(InstalmentPlan(deal.key, due, amount, paid, part))


def _reversal(story: Story, deal: DealPlan, dice: Dice, days: Days) -> None:
    assert deal.closed is not None
    if deal.closed < story.start:
        return
    on = days.on_or_after(deal.closed + timedelta(days=dice.roll(12, 50)))
    if on > story.today:
        return
    kind = dice.weighted([("", 945), ("refund", 32), ("return", 15), ("cancel", 8)])
    if kind == "refund":
        amount = deal.lines[-1].amount * dice.pick((100, 200, 500)) // 1000
        story.reversals.append(ReversalPlan(deal.key, kind, on, amount, "验收延期，退还部分服务费"))
    elif kind == "return":
        goods = [line for line in deal.lines if line.product in ("GW", "PAD")]
        if goods:
            story.reversals.append(ReversalPlan(deal.key, kind, on, goods[0].price, "设备型号不符，退一台"))
    elif kind == "cancel" and not any(one.deal == deal.key and one.paid for one in story.instalments):
        story.reversals.append(ReversalPlan(deal.key, kind, on, deal.amount, "客户项目取消"))
