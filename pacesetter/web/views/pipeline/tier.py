"""A customer's tier: why it is what it is, and setting it by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pacesetter.activity.models import Activity
from pacesetter.pipeline import acts, reads, rules
from pacesetter.pipeline.models import Customer

from ... import door, show
from ...forms.policy import TierForm
from ..policy import tier_sentence
from ..sheet import sheet
from .write import FORM, find

CONTACTS = ("visit", "call", "online", "joint_visit")


def word(row: Customer) -> Any:
    """按规则 or 手工, behind the tier on the card; '' where there is nothing to tell."""
    if row.tier_fixed:
        return _("手工")
    return _("按规则") if row.tier_on else ""


def reason(row: Customer, *, money: bool) -> Any:
    """What decided the tier, in a sentence; the amounts only for readers who see amounts."""
    if row.tier_fixed:
        return _("由人指定：%(why)s") % {"why": row.tier_reason} if row.tier_reason else _("由人指定，规则不改它。")
    because = row.tier_because if isinstance(row.tier_because, dict) else {}
    if not row.tier_on or not because:
        return _("导入或填写时带来的，规则还没有判断过。") if row.tier else _("还没有分层。")
    side = because.get("side", "")
    if not side:
        return _("两项都没有达到任何一级的门槛。")
    if not money:
        return _("近 12 个月成交额达到门槛。") if side == "won" else _("进行中的商机达到门槛。")
    said = {"amount": show.money(because[f"{side}_minor"]), "needed": show.money(because["needed_minor"])}
    if side == "won":
        return _("近 12 个月成交额 %(amount)s，达到门槛 %(needed)s。") % said
    return _("进行中的商机 %(amount)s，达到门槛 %(needed)s。") % said


def rhythm(row: Customer, terms: rules.TierTerms | None, today: date) -> Any:
    """When the tier's rhythm wants the next visit; '' = no rhythm."""
    if terms is None or not terms.rhythm.get(row.tier):
        return ""
    held = Activity.objects.filter(customer=row, withdrawn_at=None, on__lte=today, kind__in=CONTACTS).order_by("-on")
    last = held.values_list("on", flat=True).first()
    left = rules.due_in(row.tier, last or row.created_on, terms.rhythm, today) or 0
    said = {"n": terms.rhythm[row.tier], "last": show.day(last), "late": -left, "left": left}
    first = (
        _("每 %(n)s 天联系一次，上次 %(last)s，") % said if last else _("每 %(n)s 天联系一次，还没有联系过，") % said
    )
    then = _("已晚 %(late)s 天。") if left < 0 else _("今天到期。") if left == 0 else _("还有 %(left)s 天。")
    return f"{first % said}{then % said}"


def why(request: HttpRequest, pk: int) -> HttpResponse:
    """Why this tier: what decided it, the figures of today, the rule; inside the drawer only the body."""
    reach, today = door.viewer(request), door.today(request)
    row: Customer = find(request, Customer, "customers", pk)
    money, terms = reach.may("deals"), reads.tier_terms(today)
    figures = reads.tier_figures(today, row.pk).get(row.pk, rules.Figures())
    verdict = rules.tier_of(figures, terms) if terms else None
    context = {
        "row": row,
        "by": word(row),
        "reason": reason(row, money=money),
        "figures": figures if money else None,
        "since": rules.since(today),
        "rule": [tier_sentence(tier, terms) for tier in rules.TIERS] if terms and money else [],
        "rule_from": terms.valid_from if terms else None,
        "rhythm": rhythm(row, terms, today) if reach.may("activities") else "",
        "would": verdict.tier if verdict and not row.tier_fixed and verdict.tier != row.tier else None,
        "writes": reach.rows(Customer.objects.filter(pk=row.pk), "customers", "write").exists(),
    }
    htmx = bool(getattr(request, "htmx", False))
    return render(request, "pipeline/_tier.html" if htmx else "pipeline/tier.html", context)


@door.acts_once
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Set the tier by hand with a reason, or leave it to the rule again."""
    row: Customer = find(request, Customer, "customers", pk, "write")
    start = {"tier": row.tier or "none" if row.tier_fixed else "rule", "reason": row.tier_reason,
             "version": row.version}  # fmt: skip
    form = TierForm(request.POST or None, initial=start)

    def run(asked: dict[str, Any]) -> str:
        how: dict[str, Any] = {"by": door.actor(request), "at": door.at(request), "version": asked["version"]}
        if asked["tier"] != "rule":
            tier = "" if asked["tier"] == "none" else asked["tier"]
            acts.fix_tier(row, tier=tier, reason=asked["reason"], **how)
        elif row.tier_fixed:
            acts.free_tier(row, **how)
        return reverse("customer", args=[pk])

    return sheet(request, form, run, template=FORM, title=_("调整分层"), crumb=row.name, said=_("已保存。"),
                 sub=_("手工指定之后规则不再改它，直到改回“按规则”。"),
                 crumb_url=reverse("customer", args=[pk]))  # fmt: skip
