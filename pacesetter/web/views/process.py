"""管理 → 规则: the effective-visit rule, usual numbers, hints and kinds, each as it stands, with its history."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pacesetter import assembly
from pacesetter.activity import acts, reads
from pacesetter.activity.acts.judging import plain_rule, rule_for
from pacesetter.activity.models import ActivityKind
from pacesetter.activity.rules import Rule
from pacesetter.activity.rules.effort import estimated_seconds
from pacesetter.activity.rules.hints import DEFAULTS
from pacesetter.journal import reads as journal
from pacesetter.journal.models import Entry
from pacesetter.lib.refusal import Refusal

from .. import door, show
from ..forms.process import ASKS, HintForm, KindForm, NormForm, VisitRuleForm
from .day import reasons
from .policy import MAKERS, maker
from .sheet import sheet

READERS = MAKERS | {"manager", "hrbp", "analyst"}
VISIT, NORMS, HINTS = "company/process_visit.html", "company/process_norms.html", "company/process_hints.html"
KINDS, ONE = "company/process_kinds.html", "company/process_one.html"


def may_set(request: HttpRequest) -> bool:
    """Whether the reader may also write; 404 for whoever may not even read."""
    roles = door.viewer(request).roles
    if not READERS & roles or (request.method == "POST" and not MAKERS & roles):
        raise Http404
    return bool(MAKERS & roles)


def journal_lines(entity: str) -> dict[str, Entry]:
    """The newest line of the journal for each of these."""
    return {line.object_id: line for line in Entry.objects.filter(entity=entity).order_by("id")}


# --- the effective-visit rule ---------------------------------------------------------------------------------------
def rule_sentences(rule: Rule) -> list[Any]:
    """What a version says."""
    asks = [
        word
        for word, asked in (
            (_("见到联系人"), rule.contact), (_("有结果"), rule.result), (_("有带日期的下一步"), rule.next_step),
            (_("至少 %(n)s 分钟") % {"n": rule.min_minutes}, rule.min_minutes), (_("有定位"), rule.place),
        )
        if asked
    ]  # fmt: skip
    comma = str(_("、"))
    words = comma.join(str(one)[:1].lower() + str(one)[1:] for one in asks)
    said: list[Any] = [_("有效拜访要：%(asks)s。") % {"asks": words} if asks
                       else _("记了就算有效拜访。")]  # fmt: skip
    if rule.entry_hours:
        said.append(_("结束后 %(n)s 小时内录入才计。") % {"n": rule.entry_hours})
    if rule.duplicate_days:
        said.append(_("同一客户 %(n)s 天内只计一次。") % {"n": rule.duplicate_days})
    said.append(_("自己最多补录 %(n)s 天前的，更早的由主管确认。") % {"n": rule.back_days})
    return said


def _visit_form(request: HttpRequest) -> VisitRuleForm:
    return VisitRuleForm(request.POST or None, on=door.today(request), standing=reads.visit_rules().first(),
                         version=journal.newest("visitrule"))  # fmt: skip


def _visit_context(request: HttpRequest) -> dict[str, Any]:
    on, lines, until, versions = door.today(request), journal_lines("visitrule"), None, []
    held = rule_for(on)
    for row in reads.visit_rules():
        versions.append({"from": row.valid_from, "until": until, "now": row == held, "pk": row.pk,
                         "says": rule_sentences(plain_rule(row)), "line": lines.get(str(row.pk))})  # fmt: skip
        until = row.valid_from
    return {
        "tab": "visit",
        "today": on,
        "current": rule_sentences(plain_rule(held)),
        "history": versions,
    }


def process_rule(request: HttpRequest) -> HttpResponseBase:
    """The rule in force, every version, and a new one: seen in words and in visits before it is saved."""
    makes = may_set(request)
    if request.method == "POST" and "preview" in request.POST:
        form = _visit_form(request)
        context = {"form": form, "key": door.form_key(request), "makes": makes, **_visit_context(request)}
        rule = form.rule()
        if rule is None:
            return door.refused(request, VISIT, context, form=form)
        seen = {"preview": rule_sentences(rule), "found": reads.preview_rule(rule, door.today(request))}
        return render(request, VISIT, {**context, **seen})
    return _visit_save(request)


@door.acts_once
def _visit_save(request: HttpRequest) -> HttpResponse:
    form = _visit_form(request)

    def run(asked: dict[str, Any]) -> str:
        acts.set_visit_rule(by=door.actor(request), at=door.at(request), **asked)
        return reverse("process_rule")

    return sheet(request, form, run, template=VISIT, said=_("已保存。已经判过的拜访不变。"), makes=may_set(request),
                 **_visit_context(request))  # fmt: skip


# --- usual numbers --------------------------------------------------------------------------------------------------
@door.acts_once
def process_norms(request: HttpRequest) -> HttpResponse:
    """How much of what is usual a day or a week: the rings of My day."""
    makes, on, place = may_set(request), door.today(request), 0 if show.chinese() else 1
    names = {key: metric.name[place] for key, metric in assembly.catalogue().items()
             if metric.kind == "process" and metric.unit == "count"}  # fmt: skip
    form = NormForm(request.POST or None, on=on, version=journal.newest("norm"),
                    metrics=sorted(names.items(), key=lambda one: one[1]))  # fmt: skip
    pers = {"day": _("每个工作日"), "week": _("每周")}
    lines = journal_lines("norm")
    history = [
        {"from": row.valid_from, "line": lines.get(str(row.pk)),
         "says": [f"{names.get(row.metric, row.metric)} · {pers[row.per]} {row.count}"]}
        for row in reads.norm_lines()
    ]  # fmt: skip

    def run(asked: dict[str, Any]) -> str:
        acts.set_norm(by=door.actor(request), at=door.at(request), **asked)
        return reverse("process_norms")

    now = [(names.get(key, key), pers[per], count) for key, (per, count) in reads.norms(on).items()]
    return sheet(request, form, run, template=NORMS, said=_("已保存。"), makes=makes, tab="norms", today=on,
                 history=history, now=now)  # fmt: skip


# --- hints ------------------------------------------------------------------------------------------------------------
def process_hints(request: HttpRequest) -> HttpResponse:
    """Every follow-up hint with its rule, in the order of the day."""
    makes, settings = may_set(request), reads.hint_settings()
    rows = []
    for key in reasons.ordered():
        name, says = reasons.rule_words(key, settings[key].days)
        rows.append({"key": key, "name": name, "says": says, "active": settings[key].active,
                     "changed": (settings[key].days, settings[key].active) != (DEFAULTS[key][0], True)})  # fmt: skip
    return render(request, HINTS, {"tab": "hints", "makes": makes, "rows": rows})


@door.acts_once
def process_hint(request: HttpRequest, key: str) -> HttpResponse:
    """One hint: on or off, and from how many days on."""
    maker(request)
    if key not in DEFAULTS:
        raise Http404
    standing = reads.hint_settings()[key]
    form = HintForm(request.POST or None, days=standing.days, active=standing.active)
    name, says = reasons.rule_words(key, standing.days)

    def run(asked: dict[str, Any]) -> str:
        acts.set_hint(key=key, by=door.actor(request), at=door.at(request), **asked)
        return reverse("process_hints")

    return sheet(request, form, run, template=ONE, said=_("已保存。"), title=name, sub=says, crumb=_("跟进提示"),
                 crumb_url=reverse("process_hints"))  # fmt: skip


# --- kinds ------------------------------------------------------------------------------------------------------------
def _asks(kind: ActivityKind) -> list[str]:
    return [name.removeprefix("needs_") for name in ASKS if getattr(kind, name)]


def process_kinds(request: HttpRequest) -> HttpResponse:
    """Kinds of activity, what each asks for, and about how long a log of it takes."""
    makes, rule, zh = may_set(request), plain_rule(rule_for(door.today(request))), show.chinese()
    words = {"place": _("定位"), "photo": _("照片"), "note": _("备注")}
    rows = [
        {"pk": kind.pk, "name": kind.zh if zh else kind.en, "key": kind.key, "is_visit": kind.is_visit,
         "active": kind.active, "builtin": kind.builtin, "asks": [words[name] for name in _asks(kind)],
         "seconds": estimated_seconds(_asks(kind), rule if kind.is_visit else None)}
        for kind in reads.kinds(active=False)
    ]  # fmt: skip
    return render(request, KINDS, {"tab": "kinds", "makes": makes, "rows": rows})


@door.acts_once
def process_kind_new(request: HttpRequest) -> HttpResponse:
    """A kind of the company's own."""
    maker(request)
    form = KindForm(request.POST or None)

    def run(asked: dict[str, Any]) -> str:
        by, at = door.actor(request), door.at(request)
        asks = {name: asked[name] for name in ASKS}
        own = {name: asked[name] for name in ("zh", "en", "is_visit")}
        try:
            kind = acts.add_kind(key=asked["code"], by=by, at=at, **own)
        except Refusal as refusal:
            raise Refusal(str(refusal), code=refusal.code, field=refusal.field.replace("key", "code")) from refusal
        acts.change_kind(kind, by=by, at=at, **asks)
        return reverse("process_kinds")

    return sheet(request, form, run, template=ONE, said=_("已新增。它的次数成为一个指标。"), title=_("新增跟进类型"),
                 crumb=_("跟进类型"), crumb_url=reverse("process_kinds"), base=estimated_seconds(()))  # fmt: skip


@door.acts_once
def process_kind(request: HttpRequest, pk: int) -> HttpResponse:
    """What a kind is called, what it asks for, and whether it is offered."""
    maker(request)
    kind = get_object_or_404(ActivityKind, pk=pk)
    form = KindForm(request.POST or None, kind=kind)
    rule = plain_rule(rule_for(door.today(request))) if kind.is_visit else None

    def run(asked: dict[str, Any]) -> str:
        acts.change_kind(kind, by=door.actor(request), at=door.at(request), **asked)
        return reverse("process_kinds")

    return sheet(request, form, run, template=ONE, said=_("已保存。已有的记录不变。"),
                 title=kind.zh if show.chinese() else kind.en, crumb=_("跟进类型"),
                 crumb_url=reverse("process_kinds"), base=estimated_seconds((), rule))  # fmt: skip
