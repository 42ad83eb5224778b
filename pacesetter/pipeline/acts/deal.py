"""Deals: opening, changing, moving, winning, losing — each with its step of history and its bookings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pacesetter.journal.acts import record
from pacesetter.lib.refusal import Refusal
from pacesetter.people import reads as people
from pacesetter.people.models import Person

from .. import rules
from ..models import (
    CreditShare,
    Customer,
    Deal,
    DealLine,
    DealStage,
    Lead,
    LossReason,
    Outcome,
    Product,
    StageChange,
)
from . import edit, kinds, posting
from .customer import hand_over, live

FIELDS = ("code", "name", "customer", "source", "tax_basis", "contract_no", "expected_on", "signed_on", "competitor",
          "next_step", "next_on", "note", "owner", "amount_minor")  # fmt: skip
# after a win these change what was booked
MONEY_FIELDS = {"owner", "amount_minor", "customer"}


@dataclass(frozen=True, slots=True)
class Line:
    """A line as a form gives it; without an amount it is quantity × price less discount."""

    product: Product | None = None
    name: str = ""
    quantity_milli: int = 1000
    unit_price_minor: int | None = None
    discount_bp: int = 0
    amount_minor: int | None = None
    cost_minor: int | None = None

    @property
    def amount(self) -> int:
        """The amount told, or the one that follows."""
        if self.amount_minor is not None:
            return self.amount_minor
        return rules.line_amount(self.quantity_milli, self.unit_price_minor or 0, self.discount_bp)


@transaction.atomic
def open_deal(
    *, name: str, owner: Person | None, by: Person | None, at: datetime, on: date | None = None,
    customer: Customer | None = None, lead: Lead | None = None, stage: str = "prospect",
    amount_minor: int | None = None, lines: Sequence[Line] = (), credits: Sequence[rules.Credit] = (),
    **values: Any,
) -> Deal:  # fmt: skip
    """A new deal at an open stage. With lines its amount is their sum; without credits its owner has all of it."""
    edit.refuse_outside("deals")
    edit.required(name, "name", _("商机名称"))
    today = people.business_day(at)
    on = on or today
    edit.refuse_future(on, today=today, field="opened_on")
    people.refuse_closed(on, field="opened_on")
    edit.check_owner(owner, on=today)
    edit.check_money(amount_minor)
    edit.taken(Deal, "code", values.get("code"))
    if customer is not None:
        live(customer)
    if stage not in rules.OPEN_STAGES:
        raise Refusal(_("新商机从进行中的阶段开始，赢单和输单是之后的动作。"), code="stage", field="stage")
    deal = Deal.objects.create(
        name=name.strip(), owner=owner, customer=customer, lead=lead, stage=stage, amount_minor=amount_minor,
        opened_on=on, stage_since=on, created_at=at, **values,
    )  # fmt: skip
    _write_lines(deal, lines, amount_minor)
    _write_credits(deal, credits or ([rules.Credit(owner.pk, rules.WHOLE, False, True)] if owner else []))
    posting.step(deal, stage=stage, outcome=Outcome.OPENED, on=on, at=at, by=by)
    record("open_deal", by=by, at=at, entity="deal", object_id=deal.pk, label=deal.name, about_id=deal.owner_id,
           after={"name": deal.name, "customer_id": deal.customer_id, "owner_id": deal.owner_id, "stage": stage,
                  "amount_minor": deal.amount_minor})  # fmt: skip
    return deal


def _write_lines(deal: Deal, lines: Sequence[Line], amount: int | None) -> None:
    if not lines:
        return
    total = sum(line.amount for line in lines)
    if amount is not None and amount != total:
        raise Refusal(_("明细之和与商机金额不一致。删掉金额，按明细合计。"), code="lines_sum", field="amount_minor")
    edit.check_money(total)
    deal.lines.all().delete()
    DealLine.objects.bulk_create(
        DealLine(deal=deal, product=line.product, name=line.name or (line.product.name if line.product else ""),
                 quantity_milli=line.quantity_milli, unit_price_minor=line.unit_price_minor,
                 discount_bp=line.discount_bp, amount_minor=line.amount, cost_minor=line.cost_minor)
        for line in lines
    )  # fmt: skip
    if deal.amount_minor != total:
        deal.amount_minor = total
        Deal.objects.filter(pk=deal.pk).update(amount_minor=total)


def _write_credits(deal: Deal, credits: Sequence[rules.Credit]) -> None:
    if not credits:
        return
    try:
        rules.check_credits(credits)
    except rules.RuleError as error:
        raise Refusal(_CREDIT[error.code], code=error.code, field="credits") from error
    deal.credits.all().delete()
    CreditShare.objects.bulk_create(
        CreditShare(deal=deal, person_id=credit.person_id, share_ppm=credit.share_ppm, overlay=credit.overlay,
                    primary=credit.primary)
        for credit in credits
        if credit.person_id is not None
    )  # fmt: skip


_CREDIT: dict[str, Any] = {
    "no_credit": _("至少要有一个人分到业绩。"),
    "share_range": _("每个人的份额要大于 0，不超过 100%。"),
    "share_sum": _("基本份额合计必须正好是 100%。"),
    "one_primary": _("要有且只有一位主负责人。"),
    "credit_twice": _("同一个人不能出现两次。"),
}


@transaction.atomic
def change_deal(
    deal: Deal, *, by: Person | None, at: datetime, version: int | None = None, reason: str = "",
    lines: Sequence[Line] | None = None, **values: Any,
) -> Deal:  # fmt: skip
    """Change a deal. A won deal's owner, customer or amount needs a reason and posts corrections today."""
    edit.refuse_outside("deals")
    deal = edit.locked(deal)
    if set(values) - set(FIELDS):
        raise TypeError(f"no such field: {sorted(set(values) - set(FIELDS))}")
    today = people.business_day(at)
    if "name" in values:
        edit.required(values["name"], "name", _("商机名称"))
    if "code" in values:
        edit.taken(Deal, "code", values["code"], but=deal.pk)
    if "amount_minor" in values:
        edit.check_money(values["amount_minor"])
    if values.get("customer") is not None:
        live(values["customer"])
    money = lines is not None or any(edit.value_of(deal, name) != getattr(values[name], "pk", values[name])
                                     for name in MONEY_FIELDS & set(values))  # fmt: skip
    owner = values.get("owner", deal.owner)
    if owner != deal.owner:
        edit.check_owner(owner, on=today)
        hand_over(deal, owner, on=today, by=by, at=at, reason=reason)
    was = _lines_said(deal) if lines is not None else None
    if deal.stage == DealStage.WON and money:
        edit.required(reason, "reason", _("更正原因"))
        people.refuse_closed(today)
        if values.get("amount_minor", deal.amount_minor) is None:
            raise Refusal(_("赢单的商机必须有金额。"), code="required", field="amount_minor")
    if (
        lines is None
        and "amount_minor" in values
        and values["amount_minor"] != deal.amount_minor
        and deal.lines.exists()
    ):
        raise Refusal(_("这个商机的金额等于明细之和，请改明细。"), code="lines_sum", field="amount_minor")
    old_owner, old_customer = deal.owner_id, deal.customer_id
    if lines:
        values["amount_minor"] = sum(line.amount for line in lines)
    deal = edit.change(deal, values, act="change_deal", by=by, at=at, version=version, reason=reason,
                       about_id=owner.pk if owner else deal.owner_id, always=lines is not None)  # fmt: skip
    if lines is not None:
        _write_lines(deal, lines, None)
        record("change_lines", by=by, at=at, entity="deal", object_id=deal.pk, label=deal.name, about_id=deal.owner_id,
               before={"lines": was}, after={"lines": _lines_said(deal)}, reason=reason)  # fmt: skip
    if deal.owner_id != old_owner:
        _follow_owner(deal, old_owner)
    if deal.customer_id != old_customer:
        kinds.retell([pk for pk in (old_customer, deal.customer_id) if pk])
        deal.refresh_from_db(fields=["customer_kind"])
    if deal.stage == DealStage.WON and money:
        posting.post(deal, on=today, kind="correction")
    return deal


def _lines_said(deal: Deal) -> list[list[Any]]:
    return [list(row) for row in deal.lines.order_by("id").values_list("product_id", "name", "amount_minor")]


def _follow_owner(deal: Deal, old_owner: int | None) -> None:
    """The old owner's credit passes to the new one where the old one alone was credited."""
    shares = list(deal.credits.filter(overlay=False))
    alone = len(shares) == 1 and shares[0].person_id == old_owner
    if deal.owner_id is not None and (alone or not shares):
        deal.credits.filter(overlay=False).delete()
        CreditShare.objects.create(deal=deal, person_id=deal.owner_id, share_ppm=rules.WHOLE, primary=True)


@transaction.atomic
def set_credits(
    deal: Deal, *, credits: Sequence[rules.Credit], by: Person | None, at: datetime, reason: str = "",
    version: int | None = None,
) -> Deal:  # fmt: skip
    """Share a deal. After the win this needs a reason and posts corrections dated today."""
    edit.refuse_outside("deals")
    deal = edit.locked(deal)
    if version is not None and version != deal.version:
        raise edit.conflict(deal, {}, {})
    today = people.business_day(at)
    if deal.stage == DealStage.WON:
        edit.required(reason, "reason", _("更正原因"))
        people.refuse_closed(today)
    known = {share.person_id for share in deal.credits.all()}
    for person in Person.objects.filter(pk__in=[c.person_id for c in credits if c.person_id not in known]):
        edit.check_owner(person, on=today, field="credits")
    before = [[c.person_id, c.share_ppm, c.overlay, c.primary] for c in posting.credits_of(deal)]
    _write_credits(deal, credits)
    if not credits:
        raise Refusal(_CREDIT["no_credit"], code="no_credit", field="credits")
    deal.version += 1
    deal.save(update_fields=["version"])
    after = [[c.person_id, c.share_ppm, c.overlay, c.primary] for c in posting.credits_of(deal)]
    record("set_credits", by=by, at=at, entity="deal", object_id=deal.pk, label=deal.name, about_id=deal.owner_id,
           before={"credits": before}, after={"credits": after}, reason=reason)  # fmt: skip
    if deal.stage == DealStage.WON:
        posting.post(deal, on=today, kind="correction")
    return deal


# --- stages ----------------------------------------------------------------------------------------------------------
@transaction.atomic
def move_deal(
    deal: Deal, *, stage: str, by: Person | None, at: datetime, on: date | None = None, next_step: str | None = None,
    next_on: date | None = None, version: int | None = None,
) -> Deal:  # fmt: skip
    """Move an open deal to another open stage."""
    deal, on = _ready(deal, at, on)
    if not rules.may_move(deal.stage, stage):
        raise Refusal(
            _("商机现在是「%(old)s」，不能直接改到「%(new)s」。")
            % {"old": deal.get_stage_display(), "new": dict(DealStage.choices).get(stage, stage)},  # type: ignore[call-overload]
            code="stage",
            field="stage",
        )
    values: dict[str, Any] = {"stage": stage, "stage_since": on}
    if next_step is not None:
        values |= {"next_step": next_step, "next_on": next_on}
    return _moved(deal, values, "move_deal", Outcome.MOVED, on, by, at, version)


@transaction.atomic
def win_deal(
    deal: Deal, *, by: Person | None, at: datetime, on: date | None = None, amount_minor: int | None = None,
    contract_no: str | None = None, signed_on: date | None = None, version: int | None = None,
) -> Deal:  # fmt: skip
    """The deal is signed on a day: bookings are posted, the customer is told new or repurchase anew."""
    deal, on = _ready(deal, at, on)
    if deal.stage not in rules.OPEN_STAGES:
        raise _not_open(deal)
    if amount_minor is not None and amount_minor != deal.amount_minor and deal.lines.exists():
        raise Refusal(_("这个商机的金额等于明细之和，请改明细。"), code="lines_sum", field="amount_minor")
    amount = deal.amount_minor if amount_minor is None else amount_minor
    edit.required(amount, "amount_minor", _("成交金额"))
    edit.check_money(amount)
    values: dict[str, Any] = {"stage": DealStage.WON, "stage_since": on, "closed_on": on, "amount_minor": amount,
                              "signed_on": signed_on or deal.signed_on or on}  # fmt: skip
    if contract_no is not None:
        values["contract_no"] = contract_no
    deal = _moved(deal, values, "win_deal", Outcome.WON, on, by, at, version)
    if deal.customer_id is not None:
        kinds.retell([deal.customer_id])
        deal.refresh_from_db(fields=["customer_kind"])
    posting.post(deal, on=on, kind="won")
    if deal.lead_id is not None:
        lead = Lead.objects.get(pk=deal.lead_id)
        days = {name: getattr(lead, name) for name in ("valid_on", "intent_on", "won_on")}
        Lead.objects.filter(pk=lead.pk).update(stage="won", **rules.reached("won", on, days))
    return deal


@transaction.atomic
def lose_deal(
    deal: Deal, *, loss_reason: str, by: Person | None, at: datetime, on: date | None = None, competitor: str = "",
    note: str = "", version: int | None = None,
) -> Deal:  # fmt: skip
    """The deal is lost, with one of the eight reasons."""
    deal, on = _ready(deal, at, on)
    if deal.stage not in rules.OPEN_STAGES:
        raise _not_open(deal)
    if loss_reason not in LossReason.values:
        raise Refusal(_("输单要选一个原因。"), code="required", field="loss_reason")
    values: dict[str, Any] = {"stage": DealStage.LOST, "stage_since": on, "closed_on": on, "loss_reason": loss_reason}
    if competitor:
        values["competitor"] = competitor
    if note:
        values["note"] = f"{deal.note}\n{note}".strip()
    return _moved(deal, values, "lose_deal", Outcome.LOST, on, by, at, version)


@transaction.atomic
def reopen_deal(
    deal: Deal, *, by: Person | None, at: datetime, reason: str, stage: str = "negotiation", version: int | None = None
) -> Deal:
    """Take back a win, a loss or a cancellation made by mistake: its step no longer counts, its bookings are undone.

    Refused when it was closed in a closed period (cancel or refund instead) or was already refunded.
    """
    edit.refuse_outside("deals")
    deal = edit.locked(deal)
    edit.required(reason, "reason", _("重新打开的原因"))
    if deal.stage in rules.OPEN_STAGES or stage not in rules.OPEN_STAGES:
        raise Refusal(_("这个商机没有关闭，不用重新打开。"), code="stage")
    people.refuse_closed(deal.closed_on)
    if deal.reversals.exists():
        raise Refusal(_("这个商机已有退款或取消记录，不能重新打开。请新建一个商机。"), code="reversed")
    today = people.business_day(at)
    people.refuse_closed(today)
    was_on, customer_id = deal.closed_on or today, deal.customer_id
    StageChange.objects.filter(deal=deal, outcome__in=("won", "lost", "cancelled"), valid=True).update(valid=False)
    values = {"stage": stage, "stage_since": today, "closed_on": None, "loss_reason": ""}
    deal = _moved(deal, values, "reopen_deal", Outcome.REOPENED, today, by, at, version, reason)
    # in an open period the win never was: it is undone on its own day
    posting.post(deal, on=was_on, kind="correction")
    if customer_id is not None:
        kinds.retell([customer_id])
    return deal


def _ready(deal: Deal, at: datetime, on: date | None) -> tuple[Deal, date]:
    """The locked deal and the day of its step, checked against today, closed periods and its own history."""
    edit.refuse_outside("deals")
    deal = edit.locked(deal)
    today = people.business_day(at)
    on = on or today
    edit.refuse_future(on, today=today, field="on")
    people.refuse_closed(on, field="on")
    since = max((day for day in (deal.opened_on, deal.stage_since) if day is not None), default=None)
    if since is not None and on < since:
        raise Refusal(_("日期不能早于上一步的日期 %(on)s。") % {"on": since}, code="order", field="on")
    return deal, on


def _not_open(deal: Deal) -> Refusal:
    return Refusal(_("这个商机已经是「%(stage)s」。") % {"stage": deal.get_stage_display()}, code="stage")


def _moved(
    deal: Deal, values: dict[str, Any], act: str, outcome: str, on: date, by: Person | None, at: datetime,
    version: int | None, reason: str = "",
) -> Deal:  # fmt: skip
    if version is not None and version != deal.version:
        raise edit.conflict(deal, {"stage": deal.stage}, {"stage": values["stage"]})
    posting.step(deal, stage=values["stage"], outcome=outcome, on=on, at=at, by=by)
    return edit.change(deal, values, act=act, by=by, at=at, reason=reason, about_id=deal.owner_id)
