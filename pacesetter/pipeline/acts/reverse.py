"""Refunds, returns and cancellations: records of their own, on their own day. The past period keeps its number."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pacesetter.journal.acts import record
from pacesetter.lib.refusal import Refusal
from pacesetter.people import reads as people
from pacesetter.people.models import Person

from .. import rules
from ..models import Deal, DealLine, DealStage, Outcome, Reversal
from . import edit, posting
from .moving import _current, _moved, _ready


@transaction.atomic
def refund_deal(
    deal: Deal, *, amount_minor: int, by: Person | None, at: datetime, on: date | None = None, kind: str = "refund",
    line: DealLine | None = None, reason: str = "", code: str | None = None,
) -> Reversal:  # fmt: skip
    """Give back a part (or all) of a won deal or of one line: `kind` refund 退款 or return 退货."""
    edit.refuse_outside("deals")
    deal = edit.locked(deal)
    if kind not in ("refund", "return"):
        raise Refusal(_("只能是退款或退货。"), code="choice", field="kind")
    on = on or people.business_day(at)
    _reversible(deal, at, on)
    edit.required(reason, "reason", _("原因"))
    edit.check_money(amount_minor, positive=True)
    edit.taken(Reversal, "code", code)
    if line is not None and line.deal_id != deal.pk:
        raise Refusal(_("这一行不属于这个商机。"), code="choice", field="line")
    left = rules.reversible(deal.amount_minor or 0, posting.reversed_amounts(deal))
    if line is not None:
        left = min(left, rules.reversible(line.amount_minor, posting.reversed_amounts(deal, line.pk)))
    if amount_minor > left:
        raise Refusal(_("退款超过了还没退的金额。"), code="too_much", field="amount_minor")
    return _reverse(deal, kind, on, amount_minor, by, at, line, reason, code)


@transaction.atomic
def cancel_deal(
    deal: Deal, *, by: Person | None, at: datetime, reason: str, on: date | None = None, version: int | None = None
) -> Deal:
    """Cancel a deal. An open one leaves the funnel; a won one is reversed for all that is left, on the day of now."""
    edit.required(reason, "reason", _("取消原因"))
    if deal.stage == DealStage.WON:
        edit.refuse_outside("deals")
        deal = edit.locked(deal)
        _current(deal, version, {"stage": DealStage.CANCELLED})
        on = on or people.business_day(at)
        _reversible(deal, at, on)
        left = rules.reversible(deal.amount_minor or 0, posting.reversed_amounts(deal))
        _reverse(deal, "cancel", on, left, by, at, None, reason, None)
        values = {"stage": DealStage.CANCELLED, "stage_since": on}
    else:
        deal, on = _ready(deal, at, on)
        _current(deal, version, {"stage": DealStage.CANCELLED})
        if deal.stage not in rules.OPEN_STAGES:
            raise Refusal(_("这个商机已经是「%(stage)s」。") % {"stage": deal.get_stage_display()}, code="stage")
        values = {"stage": DealStage.CANCELLED, "stage_since": on, "closed_on": on}
    return _moved(deal, values, "cancel_deal", Outcome.CANCELLED, on, by, at, reason)


def _reversible(deal: Deal, at: datetime, on: date) -> None:
    if deal.stage != DealStage.WON or deal.closed_on is None:
        raise Refusal(_("只有赢单的商机能退款、退货。"), code="stage")
    edit.refuse_future(on, today=people.business_day(at), field="on")
    people.refuse_closed(on, field="on")
    if on < deal.closed_on:
        raise Refusal(_("日期不能早于赢单日期 %(on)s。") % {"on": deal.closed_on}, code="order", field="on")


def _reverse(
    deal: Deal, kind: str, on: date, amount: int, by: Person | None, at: datetime, line: DealLine | None, reason: str,
    code: str | None,
) -> Reversal:  # fmt: skip
    reversal = Reversal.objects.create(
        deal=deal, line=line, kind=kind, code=code or None, on=on, amount_minor=amount, reason=reason, at=at, by=by
    )
    posting.post_reversal(deal, reversal)
    record(f"{kind}_deal" if kind != "cancel" else "reverse_deal", by=by, at=at, entity="deal", object_id=deal.pk,
           label=deal.name, about_id=deal.owner_id, reason=reason,
           after={"reversal_id": reversal.pk, "kind": kind, "on": on, "amount_minor": amount})  # fmt: skip
    Deal.objects.filter(pk=deal.pk).update(version=deal.version + 1)
    deal.version += 1
    return reversal
