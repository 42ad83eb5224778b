"""Customer tiers: versions of the rule, tiers set by hand, and the nightly run that follows the rule."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from pacesetter.journal.acts import record, record_rows
from pacesetter.lib.refusal import Refusal
from pacesetter.people import reads as people
from pacesetter.people.models import Person

from .. import reads, rules
from ..models import Customer, Tier, TierRule
from . import edit
from .bulk_find import chunks
from .customer import live
from .pool import new_version

PARTS = tuple(f"{tier.lower()}_{part}" for tier in rules.TIERS for part in ("won_minor", "open_minor", "days"))
KEPT = ("tier", "tier_on", "tier_because")
WRONG: dict[str, Any] = {
    "empty": _("至少给一个级别填一个门槛。"),
    "positive": _("门槛要大于 0；不用这一项就空着。"),
    "order": _("门槛要逐级降低：A 级最高，C 级最低。"),
    "range": _("请填 0 到 3650 之间的整数。"),
}


@transaction.atomic
def set_tier_rule(
    *, valid_from: date, by: Person | None, at: datetime, reason: str = "", **parts: int | None
) -> TierRule:  # fmt: skip
    """A version of the rule from a day on; tiers follow in the night after. One that has not begun is replaced."""
    if set(parts) - set(PARTS):
        raise TypeError(f"no such part: {sorted(set(parts) - set(PARTS))}")
    usual = TierRule()
    values = {name: parts.get(name, getattr(usual, name)) for name in PARTS}
    for name in PARTS:
        if name.endswith("_minor"):
            edit.check_money(values[name], field=name)
    code, field = rules.check_tiers(TierRule(valid_from=valid_from, **values).terms())
    if code:
        raise Refusal(WRONG[code], code=code, field=field)
    rule = new_version(TierRule, valid_from, today=people.business_day(at))
    before = {} if rule.pk is None else {name: getattr(rule, name) for name in PARTS}
    for name, value in values.items():
        setattr(rule, name, value)
    rule.save()
    record("set_tier_rule", by=by, at=at, entity="tierrule", object_id=rule.pk, label=str(valid_from), reason=reason,
           before=before, after=values)  # fmt: skip
    return rule


@transaction.atomic
def fix_tier(
    customer: Customer, *, tier: str, reason: str, by: Person | None, at: datetime, version: int | None = None
) -> Customer:
    """Set a tier by hand, with a reason; the nightly rule leaves it alone from now on."""
    edit.refuse_outside("customers")
    customer = live(edit.locked(customer))
    edit.required(reason, "reason", _("原因"))
    if tier not in Tier.values:
        raise Refusal(_("分层只能是 A、B、C 或不填。"), code="choice", field="tier")
    values = {"tier": tier, "tier_fixed": True, "tier_reason": reason.strip()[:200],
              "tier_on": people.business_day(at), "tier_because": {}}  # fmt: skip
    return edit.change(customer, values, act="fix_tier", by=by, at=at, version=version, reason=reason,
                       about_id=customer.owner_id)  # fmt: skip


@transaction.atomic
def free_tier(customer: Customer, *, by: Person | None, at: datetime, version: int | None = None) -> Customer:
    """Leave a tier to the rule again: it is judged at once, where there is a rule."""
    edit.refuse_outside("customers")
    customer = live(edit.locked(customer))
    if not customer.tier_fixed:
        raise Refusal(_("这个客户的分层已经按规则。"), code="state")
    today = people.business_day(at)
    values: dict[str, Any] = {"tier_fixed": False, "tier_reason": ""}
    terms = reads.tier_terms(today)
    if terms is not None:
        figures = reads.tier_figures(today, customer.pk).get(customer.pk, rules.Figures())
        values |= _judged(figures, terms, today)
    return edit.change(customer, values, act="free_tier", by=by, at=at, version=version, about_id=customer.owner_id)


def _judged(figures: rules.Figures, terms: rules.TierTerms, today: date) -> dict[str, Any]:
    verdict = rules.tier_of(figures, terms)
    because = {**verdict.plain(figures), "rule": terms.valid_from.isoformat()}
    return {"tier": verdict.tier, "tier_on": today, "tier_because": because}


@transaction.atomic
def follow_tier_rule(*, at: datetime) -> int:
    """Put every customer into the tier the rule in force gives it; how many changed. Safe to repeat and to kill.

    One transaction, one journal line with each customer's before and after. Tiers set by hand stay, also when the hand
    comes at the same moment: the update asks again.
    """
    today = people.business_day(at)
    terms = reads.tier_terms(today)
    if terms is None:
        return 0
    figures, none = reads.tier_figures(today), rules.Figures()
    wanted: dict[int, dict[str, Any]] = {}
    rows = Customer.objects.filter(merged_into=None, tier_fixed=False).order_by()
    for pk, tier, told in rows.values_list("pk", "tier", "tier_on").iterator(chunk_size=5000):
        values = _judged(figures.get(pk, none), terms, today)
        if values["tier"] != tier or (told is None and tier):
            wanted[pk] = values
    changes = []
    for part in chunks(sorted(wanted)):
        free = Customer.objects.filter(pk__in=part, merged_into=None, tier_fixed=False).select_for_update()
        for row in free.order_by("pk").values("pk", *KEPT):
            pk = row.pop("pk")
            Customer.objects.filter(pk=pk, tier_fixed=False).update(**wanted[pk], version=F("version") + 1)
            changes.append((pk, row, wanted[pk]))
    if not changes:
        return 0
    moved: dict[str, int] = {}
    for _pk, old, new in changes:
        way = f"{old['tier'] or '-'}→{new['tier'] or '-'}"
        moved[way] = moved.get(way, 0) + 1
    entry = record("follow_tier_rule", by=None, at=at, entity="customer", label=str(terms.valid_from),
                   rows=len(changes), after=moved)  # fmt: skip
    record_rows(entry, "customer", changes)
    return len(changes)
