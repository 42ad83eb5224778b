"""A deal on its way: moved, won, lost, opened again. Each asks only what its stage needs and is a step of history."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pacesetter.lib.refusal import Refusal
from pacesetter.people import reads as people
from pacesetter.people.models import Person

from .. import rules
from ..models import Deal, DealStage, Lead, LossReason, Outcome, StageChange
from . import edit, kinds, posting

LABELS: dict[str, Any] = {
    "amount_minor": _("金额"),
    "next_step": _("下一步"),
    "next_on": _("下一步日期"),
    "expected_on": _("预计成交日期"),
    "loss_reason": _("输单原因"),
    "competitor": _("竞品"),
    "reason": _("退回的原因"),
}


@transaction.atomic
def move_deal(
    deal: Deal, *, stage: str, by: Person | None, at: datetime, on: date | None = None, next_step: str | None = None,
    next_on: date | None = None, amount_minor: int | None = None, expected_on: date | None = None, reason: str = "",
    version: int | None = None, asks: bool = True,
) -> Deal:  # fmt: skip
    """Move an open deal to another open stage. `asks`: what the stage needs must be said (a file may lack it)."""
    deal, on = _ready(deal, at, on)
    if not rules.may_move(deal.stage, stage):
        raise Refusal(
            _("商机现在是「%(old)s」，不能直接改到「%(new)s」。")
            % {"old": deal.get_stage_display(), "new": dict(DealStage.choices).get(stage, stage)},  # type: ignore[call-overload]
            code="stage",
            field="stage",
        )
    _current(deal, version, {"stage": stage, "amount_minor": amount_minor, "expected_on": expected_on,
                             "next_step": next_step, "next_on": next_on})  # fmt: skip
    values: dict[str, Any] = {"stage": stage, "stage_since": on}
    if next_step is not None:
        values |= {"next_step": next_step, "next_on": next_on}
    if amount_minor is not None:
        _check_amount(deal, amount_minor)
        values["amount_minor"] = amount_minor
    if expected_on is not None:
        values["expected_on"] = expected_on
    if asks:
        _complete(deal, stage, {**values, "reason": reason}, on)
    return _moved(deal, values, "move_deal", Outcome.MOVED, on, by, at, reason)


def _current(deal: Deal, version: int | None, sent: dict[str, Any]) -> None:
    """Refuse a step made on a card that has changed since, with both values of what differs."""
    if version is None or version == deal.version:
        return
    told = {name: value for name, value in sent.items() if value is not None and getattr(deal, name) != value}
    raise edit.conflict(deal, {name: getattr(deal, name) for name in told}, told)


def _complete(deal: Deal, stage: str, values: dict[str, Any], on: date) -> None:
    """Refuse the first thing the stage needs that neither the deal nor the sheet says; all of them are named."""
    standing = {name: getattr(deal, name) for name in LABELS if name != "reason"}
    lacks = rules.stages.missing(deal.stage, stage, {**standing, **values}, on)
    if lacks:
        raise Refusal(
            _("到「%(stage)s」还差：%(fields)s。")
            % {
                "stage": dict(DealStage.choices).get(stage, stage),  # type: ignore[call-overload]
                "fields": "、".join(str(LABELS[name]) for name in lacks),
            },
            code="required",
            field=lacks[0],
        )


def _check_amount(deal: Deal, amount: int) -> None:
    edit.check_money(amount)
    if amount != deal.amount_minor and deal.lines.exists():
        raise Refusal(_("这个商机的金额等于明细之和，请改明细。"), code="lines_sum", field="amount_minor")


@transaction.atomic
def win_deal(
    deal: Deal, *, by: Person | None, at: datetime, on: date | None = None, amount_minor: int | None = None,
    contract_no: str | None = None, signed_on: date | None = None, version: int | None = None,
) -> Deal:  # fmt: skip
    """The deal is signed on a day: bookings are posted, the customer is told new or repurchase anew."""
    deal, on = _ready(deal, at, on)
    if deal.stage not in rules.OPEN_STAGES:
        raise _not_open(deal)
    _current(deal, version, {"stage": DealStage.WON, "amount_minor": amount_minor, "contract_no": contract_no,
                             "signed_on": signed_on})  # fmt: skip
    amount = deal.amount_minor if amount_minor is None else amount_minor
    edit.required(amount, "amount_minor", _("成交金额"))
    _check_amount(deal, int(amount or 0))
    values: dict[str, Any] = {"stage": DealStage.WON, "stage_since": on, "closed_on": on, "amount_minor": amount,
                              "signed_on": signed_on or deal.signed_on or on}  # fmt: skip
    if contract_no is not None:
        values["contract_no"] = contract_no
    deal = _moved(deal, values, "win_deal", Outcome.WON, on, by, at)
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
    note: str = "", version: int | None = None, asks: bool = True,
) -> Deal:  # fmt: skip
    """The deal is lost, with one of the eight reasons; to a competitor, with which one (a file may not know)."""
    deal, on = _ready(deal, at, on)
    if deal.stage not in rules.OPEN_STAGES:
        raise _not_open(deal)
    if loss_reason not in LossReason.values:
        raise Refusal(_("输单要选一个原因。"), code="required", field="loss_reason")
    _current(deal, version, {"stage": DealStage.LOST, "loss_reason": loss_reason, "competitor": competitor or None})
    if asks and rules.stages.missing(
        deal.stage, "lost", {"loss_reason": loss_reason, "competitor": competitor or deal.competitor}, on
    ):
        raise Refusal(_("选了竞品，就写是哪一家。"), code="required", field="competitor")
    values: dict[str, Any] = {"stage": DealStage.LOST, "stage_since": on, "closed_on": on, "loss_reason": loss_reason}
    if competitor:
        values["competitor"] = competitor
    if note:
        values["note"] = f"{deal.note}\n{note}".strip()
    return _moved(deal, values, "lose_deal", Outcome.LOST, on, by, at)


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
    _current(deal, version, {"stage": stage})
    deal = _moved(deal, values, "reopen_deal", Outcome.REOPENED, today, by, at, reason)
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
    reason: str = "",
) -> Deal:  # fmt: skip
    posting.step(deal, stage=values["stage"], outcome=outcome, on=on, at=at, by=by)
    return edit.change(deal, values, act=act, by=by, at=at, reason=reason, about_id=deal.owner_id)
