"""Deals: opening, changing, sharing — each with its line in the journal and its bookings."""

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
    Outcome,
    Product,
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
