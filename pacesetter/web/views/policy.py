"""The rules a company sets for its leads and customers: the pool and the tiers, versions by date, seen before saved."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pacesetter.journal.models import Entry
from pacesetter.pipeline import acts, reads, rules

from .. import door, show
from ..forms.policy import PoolRuleForm, TierRuleForm
from .sheet import sheet

MAKERS = frozenset({"admin", "director"})
POOL, TIERS = "company/pool.html", "company/tiers.html"


def maker(request: HttpRequest) -> None:
    """Whoever sets rules of the company; 404 for everybody else."""
    if not MAKERS & door.viewer(request).roles:
        raise Http404


def _history(entity: str, rows: Any, say: Any) -> list[dict[str, Any]]:
    """Every version with what it says and who set it when, newest first."""
    lines: dict[str, Entry] = {}
    for line in Entry.objects.filter(entity=entity).order_by("id"):
        lines[line.object_id] = line
    return [
        {"from": row.valid_from, "says": say(row.terms()), "line": lines.get(str(row.pk)), "pk": row.pk}
        for row in rows
    ]  # fmt: skip


# --- the pool ---------------------------------------------------------------------------------------------------------
def pool_sentences(terms: rules.PoolTerms) -> list[Any]:
    """What a version says, and what it means for a lead claimed on its first day."""
    said: list[Any] = []
    if not terms.on:
        said.append(_("不自动收回线索；已有的保护日期保留。"))
    else:
        n = {"protect": terms.protect_days, "extend": terms.extend_days, "max": terms.max_days, "warn": terms.warn_days}
        said.append(_("领取后保护 %(protect)s 天，每次跟进之后至少再保护 %(extend)s 天，最长 %(max)s 天。") % n)
        said.append(_("到期前 %(warn)s 天提醒，到期次日回到公海。") % n)
    if terms.cooldown_hours:
        said.append(_("失去或退回的人 %(n)s 小时内不能再领取。") % {"n": terms.cooldown_hours})
    if terms.hold_limit:
        said.append(_("每人最多持有 %(n)s 条进行中的线索。") % {"n": terms.hold_limit})
    return said


def _example(terms: rules.PoolTerms) -> Any:
    spell = rules.protection(terms, terms.valid_from)
    if spell.until is None:
        return ""
    days = {"on": show.day(spell.claimed_on), "until": show.day(spell.until), "limit": show.day(spell.limit)}
    return _("例：%(on)s 领取的线索，一直不跟进保护到 %(until)s，不断跟进最长到 %(limit)s。") % days


def _pool_context(request: HttpRequest, form: PoolRuleForm) -> dict[str, Any]:
    on, terms = door.today(request), form.terms()
    current = reads.pool_terms(on)
    return {
        "tab": "pool",
        "current": pool_sentences(current) if current else [],
        "history": _history("poolrule", reads.pool_rules(), pool_sentences),
        "today": on,
        "preview": [*pool_sentences(terms), _example(terms)] if terms else [],
    }


def _pool_form(request: HttpRequest) -> PoolRuleForm:
    return PoolRuleForm(request.POST or None, on=door.today(request), standing=reads.pool_rules().first())


def pool_rule(request: HttpRequest) -> HttpResponseBase:
    """公海规则: what is in force, every version, and the next one, seen in words before it is saved."""
    maker(request)
    if request.method == "POST" and "preview" in request.POST:
        form = _pool_form(request)
        context = _pool_context(request, form)
        if not form.is_valid():
            return door.refused(request, POOL, {"form": form, "key": door.form_key(request), **context}, form=form)
        return render(request, POOL, {"form": form, "key": door.form_key(request), **context, "seen": True})
    return _pool_save(request)


@door.acts_once
def _pool_save(request: HttpRequest) -> HttpResponse:
    form = _pool_form(request)

    def run(asked: dict[str, Any]) -> str:
        acts.set_pool_rule(by=door.actor(request), at=door.at(request), **asked)
        return reverse("pool_rule")

    return sheet(request, form, run, template=POOL, said=_("已保存。线索上已有的保护日期不变。"),
                 **_pool_context(request, form))  # fmt: skip


# --- tiers ------------------------------------------------------------------------------------------------------------
def _tier_words(terms: rules.TierTerms) -> list[Any]:
    """What a version says of each tier."""
    return [tier_sentence(tier, terms) for tier in rules.TIERS]


def tier_sentence(tier: str, terms: rules.TierTerms) -> Any:
    """What makes this tier, and how often it is visited."""
    line = terms.lines[tier]
    said = {"tier": tier, "won": show.money(line.won_minor), "open": show.money(line.open_minor),
            "n": line.rhythm_days}  # fmt: skip
    if line.won_minor is not None and line.open_minor is not None:
        first = _("%(tier)s 级：近 12 个月成交额达到 %(won)s，或进行中商机达到 %(open)s") % said
    elif line.won_minor is not None:
        first = _("%(tier)s 级：近 12 个月成交额达到 %(won)s") % said
    elif line.open_minor is not None:
        first = _("%(tier)s 级：进行中商机达到 %(open)s") % said
    else:
        return _("%(tier)s 级：不用") % said
    rhythm = _("每 %(n)s 天拜访一次") % said if line.rhythm_days else _("没有拜访节奏")
    return _("%(first)s；%(rhythm)s。") % {"first": first, "rhythm": rhythm}


def _tier_context(request: HttpRequest, form: TierRuleForm) -> dict[str, Any]:
    on, terms = door.today(request), form.terms()
    code = rules.check_tiers(terms)[0] if terms else "none"
    now = reads.tier_counts()
    found = reads.preview(terms, on) if terms and not code else None
    current = reads.tier_terms(on)
    return {
        "tab": "tiers",
        "current": _tier_words(current) if current else [],
        "history": _history("tierrule", reads.tier_rules(), _tier_words),
        "today": on,
        "preview": found,
        "counts": [
            (word, now.get(tier, 0), found.tiers.get(tier, 0) if found else None)
            for tier, word in (("A", _("A 级")), ("B", _("B 级")), ("C", _("C 级")), ("", _("未分层")))
        ],
    }  # fmt: skip


def _tier_form(request: HttpRequest) -> TierRuleForm:
    return TierRuleForm(request.POST or None, on=door.today(request), standing=reads.tier_rules().first())


def tier_rule(request: HttpRequest) -> HttpResponseBase:
    """客户分层规则: how many customers would be A, B, C under a version, before it is saved."""
    maker(request)
    if request.method == "POST" and "preview" in request.POST:
        form = _tier_form(request)
        context = {"form": form, "key": door.form_key(request), **_tier_context(request, form)}
        if not form.is_valid():
            return door.refused(request, TIERS, context, form=form)
        return render(request, TIERS, {**context, "seen": True})
    return _tier_save(request)


@door.acts_once
def _tier_save(request: HttpRequest) -> HttpResponse:
    form = _tier_form(request)

    def run(asked: dict[str, Any]) -> str:
        acts.set_tier_rule(by=door.actor(request), at=door.at(request), **asked)
        return reverse("tier_rule")

    return sheet(request, form, run, template=TIERS, said=_("已保存。客户的分层从生效日当晚起按它更新。"),
                 **_tier_context(request, form))  # fmt: skip
