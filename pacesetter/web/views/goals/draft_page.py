"""S11: the form of one goal as a sentence, with its checks beside it; saving makes a draft and changes nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from pacesetter.goals import acts, reads
from pacesetter.goals.acts import Draft, Part
from pacesetter.goals.models import OwnerKind
from pacesetter.goals.reads import GoalView
from pacesetter.goals.rules import sentences
from pacesetter.goals.rules.smart import MAY_BLOCK
from pacesetter.lib import periods
from pacesetter.lib.refusal import Refusal
from pacesetter.metrics.catalogue import Metric
from pacesetter.people import reads as people
from pacesetter.people.models import Membership
from pacesetter.people.rights import Scope
from pacesetter.web import door, show

from ...forms.goal_form import NARROWS, GoalForm
from ..insights.asked import period_name
from .checks import Typed, check, strangers
from .reading import Reader, per_word, period_of
from .tree_page import DEFAULT_METRIC

TEMPLATE = "goals/form.html"
WORDS: dict[str, Any] = {
    "colon": pgettext_lazy("goal sentence", "："),
    "comma": pgettext_lazy("goal sentence", "，"),
    "stop": pgettext_lazy("goal sentence", "。"),
    "in_period": pgettext_lazy("goal sentence", "在"),
    "on_day": pgettext_lazy("goal sentence", "于"),
    "object": pgettext_lazy("goal sentence", "把"),
    "bring": pgettext_lazy("goal sentence", "提到"),
    "keep": pgettext_lazy("goal sentence", "保持"),
    "from": pgettext_lazy("goal sentence", "从"),
    "to": pgettext_lazy("goal sentence", "做到"),
    "down_to": pgettext_lazy("goal sentence", "降到"),
    "hold_at": pgettext_lazy("goal sentence", "保持在"),
    "each_day": pgettext_lazy("goal sentence", "每日"),
    "each_week": pgettext_lazy("goal sentence", "每周"),
    "scope": pgettext_lazy("goal sentence", "范围"),
    "whole_scope": pgettext_lazy("goal sentence", "范围是全部客户"),
}


class Asking:
    """One form: what may be chosen, what stands already, what was typed."""

    def __init__(self, reader: Reader, data: Mapping[str, Any] | None, view: GoalView | None) -> None:
        self.reader, self.view = reader, view
        request = reader.request
        key = view.goal.metric if view else (data or request.GET).get("metric") or DEFAULT_METRIC
        self.metric: Metric = reader.metric(str(key))
        if not reader.may_aim(self.metric):
            raise Http404
        self.names = reads.lines_named(reader.today, "zh" if show.chinese() else "en")
        self.form = GoalForm(
            data, metric=self.metric, choices=self._choices(data), dims=reads.scope_dims(self.metric),
            initial=self._initial(), fixed=view is not None, names=self.names,
        )  # fmt: skip
        # reads what was sent, so far as it can be read
        self.form.is_valid()

    # --- what may be chosen ------------------------------------------------------------------------------------------
    def _choices(self, data: Mapping[str, Any] | None) -> dict[str, list[tuple[Any, Any]]]:
        above = (
            reads.standing_ones(self.reader.visible).filter(end__gt=self.reader.today).order_by("start", "-end", "pk")
        )
        if self.view is not None:
            goal = self.view.goal
            above = above.filter(start__lte=goal.start, end__gte=goal.end).exclude(pk=goal.pk)
        held = list(above[:300])
        self.reader.load_names(held)
        parents = [(str(goal.pk), self.reader.name(goal)) for goal in held]
        if self.view is not None:
            return {"owner": [], "metric": [], "period": [], "parent": parents}
        return {"owner": self._owners(), "metric": self._metrics(), "period": self._periods(data), "parent": parents}

    def _owners(self) -> list[tuple[Any, Any]]:
        reader, viewer = self.reader, self.reader.viewer
        scope = viewer.scope("goals", "write")
        if scope < Scope.TEAM:
            return [(f"person:{viewer.person_id}", viewer.person.name)]
        found: list[tuple[Any, Any]] = [("company", reader.company.name)] if scope == Scope.ALL else []
        only = None if scope == Scope.ALL else viewer.team_ids
        branches = people.tree(reader.today, only=only)
        members: dict[int, list[tuple[Any, Any]]] = {}
        seats = Membership.objects.filter(people.valid(reader.today), primary=True, person__merged_into=None,
                                          team_id__in=[b.team.pk for b in branches])  # fmt: skip
        for pk, name, team in seats.order_by("person__name").values_list("person_id", "person__name", "team_id"):
            members.setdefault(team, []).append((f"person:{pk}", name))
        for branch in branches:
            pad = "　" * (branch.depth + 1)
            found.append((f"team:{branch.team.pk}", pad + branch.team.name))
            found += [(value, pad + "　" + name) for value, name in members.get(branch.team.pk, ())]
        return found

    def _metrics(self) -> list[tuple[Any, Any]]:
        zh = show.chinese()
        known = {k: m for k, m in reads.metrics_for_goals().items() if self.reader.may_aim(m)}
        return sorted(((key, m.zh if zh else m.en) for key, m in known.items()), key=lambda pair: str(pair[1]))

    def _periods(self, data: Mapping[str, Any] | None) -> list[tuple[Any, Any]]:
        settings, today = self.reader.settings, self.reader.today
        kinds = [("month", 4), ("quarter", 3), ("year", 2)]
        if settings.fiscal_start_month != 1:
            kinds += [("fiscal_quarter", 3), ("fiscal_year", 2)]
        if settings.performance_start_day != 1:
            kinds.append(("performance_month", 3))
        found = []
        for kind, count in kinds:
            period = periods.period_of(today, kind, settings)
            for _step in range(count):
                found.append(period)
                period = periods.next_period(period, settings)
        asked = period_of(str((data or self.reader.request.GET).get("period", "")), settings)
        if asked is not None and asked not in found and asked.end > today:
            found.append(asked)
        return [(p.label, period_name(p.kind, p.label, p.start, p.last)) for p in found]

    def _initial(self) -> dict[str, Any]:
        asked = self.reader.request.GET
        if self.view is None or self.view.shown is None:
            viewer = self.reader.viewer
            usual_owner = "company" if viewer.scope("goals", "write") == Scope.ALL else f"person:{viewer.person_id}"
            owner = asked.get("owner") or usual_owner
            usual = periods.period_of(self.reader.today, "quarter", self.reader.settings).label
            return {"owner": owner, "metric": self.metric.key, "period": asked.get("period") or usual, "weight": 100,
                    "parent": asked.get("parent", ""), "pace_basis": reads.chosen(self.reader.today).pace_basis,
                    "version": 0, "per": asked.get("per", "")}  # fmt: skip
        row = self.view.shown.row
        return {
            "baseline": row.baseline, "floor": row.floor, "target": row.target, "stretch": row.stretch,
            "challenge": row.challenge, "weight": row.weight, "parent": str(row.parent_id or ""),
            "buffer": row.buffer or None, "elastic": row.elastic, "pace_basis": row.pace_basis, "note": row.note,
            "version": self.view.newest,
            "valid_from": max(self.reader.today, row.goal.start) if self.view.in_force else row.valid_from,
        }  # fmt: skip

    # --- what was typed ----------------------------------------------------------------------------------------------
    def owner(self) -> tuple[str, int | None]:
        """(kind, id) of the owner."""
        if self.view is not None:
            goal = self.view.goal
            return goal.owner_kind, goal.team_id or goal.person_id
        kind, _colon, word = str(self._typed("owner") or "").partition(":")
        return (kind or "company", int(word) if word.isascii() and word.isdigit() else None)

    def _typed(self, name: str) -> Any:
        """A field as far as it can be read, sent or not."""
        form = self.form
        if form.is_bound and name in getattr(form, "cleaned_data", {}):
            return form.cleaned_data[name]
        return None if form.is_bound else form.initial.get(name)

    def period(self) -> periods.Period | None:
        """The period chosen."""
        if self.view is not None:
            goal = self.view.goal
            return periods.Period(goal.start, goal.end, goal.period_kind, goal.label)
        return period_of(str(self._typed("period") or ""), self.reader.settings)

    def typed(self) -> Typed:
        """The goal as it stands in the boxes."""
        kind, pk = self.owner()
        narrowed = {name: self._narrow(name) for name in NARROWS}
        told = tuple(str(value) for value in narrowed.values() if value)
        only = tuple((dim, (getattr(value, "pk", value),)) for dim, value in narrowed.items() if value)
        word = str(self._typed("parent") or "")
        parent = self.reader.book(self.reader.visible.filter(pk=int(word))).get(int(word)) if word.isdigit() else None
        elastic = tuple(self._typed("elastic") or ())
        per = self.view.goal.per if self.view else str(self._typed("per") or "")
        return Typed(self.metric, kind, pk, self.period(), self._typed("target"), self._typed("challenge"), told, only,
                     elastic, parent, per)  # fmt: skip

    def _narrow(self, name: str) -> Any:
        if self.view is not None:
            return getattr(self.view.goal, name)
        return self._typed(name)

    def draft(self) -> Draft:
        """What is saved."""
        asked = self.form.cleaned_data
        kind, pk = self.owner()
        period = self.period()
        assert period is not None
        goal = self.view.goal if self.view else None
        product = goal.product_id if goal else getattr(asked.get("product"), "pk", None)
        stands = self.view.shown.parts if self.view and self.view.shown and (
            self.view.shown.row.target == asked["target"]) else ()  # fmt: skip
        return Draft(
            self.metric.key, kind, period, asked["target"], team=pk if kind == OwnerKind.TEAM else None,
            person=pk if kind == OwnerKind.PERSON else None, basis=goal.basis if goal else "",
            per=goal.per if goal else asked.get("per") or "",
            customer_region=goal.customer_region if goal else asked.get("customer_region") or "",
            industry=goal.industry if goal else asked.get("industry") or "", product=product,
            customer_kind=goal.customer_kind if goal else asked.get("customer_kind") or "", floor=asked.get("floor"),
            stretch=asked.get("stretch"), challenge=asked.get("challenge"), weight=asked["weight"],
            above=int(asked["parent"]) if asked["parent"] else None, buffer=asked["buffer"] or 0,
            baseline=asked["baseline"], valid_from=asked.get("valid_from"), hand_set=True, elastic=asked["elastic"],
            pace_basis=asked["pace_basis"], note=asked["note"], seen=asked["version"] or 0,
            parts=[Part(periods.Period(p.start, p.end, "month", p.label), p.target, p.hand_set) for p in stands],
        )  # fmt: skip


def _pieces(asking: Asking) -> list[dict[str, Any]]:
    """The sentence as words and boxes, in the order of the reader's language."""
    form, view = asking.form, asking.view
    shape = sentences.Shape(target=2, baseline=1, per=view.goal.per if view else "")
    boxes: dict[str, list[Any]] = {
        "who": [form["owner"]] if view is None else [],
        "period": [form["period"]] if view is None else [],
        "metric": [form["metric"]] if view is None else [],
        "baseline": [form["baseline"]],
        "target": [form["target"], *([form["per"]] if view is None else [])],
        "scope": form.scope_fields() if view is None else [],
    }
    reader = asking.reader
    said = {} if view is None else {
        "who": reader.owner(view.goal), "period": reader.period(view.goal),
        "scope": reader.scope(view.goal) or _("全部客户"),
        "metric": asking.metric.zh if show.chinese() else asking.metric.en,
    }  # fmt: skip
    found = []
    for part in sentences.parts(shape, "zh" if show.chinese() else "en"):
        if part.kind == "word":
            found.append({"word": WORDS[part.name]})
        else:
            found.append({"fields": boxes[part.name], "word": said.get(part.name, "")})
    return found


def _context(asking: Asking) -> dict[str, Any]:
    view = asking.view
    return {
        "known": {name: reads.scope_words(name) for name in reads.WORDED if name in asking.form.fields},
        "form": asking.form, "pieces": _pieces(asking), "checks": check(asking.reader, asking.typed()), "view": view,
        "key": door.form_key(asking.reader.request),
        "title": asking.reader.name(view.goal) if view else _("设目标"), "per": per_word(view.goal) if view else "",
        "back_url": reverse("goal", args=[view.pk]) if view else reverse("goals"),
        "check_url": reverse("goal_check") + (f"?goal={view.pk}" if view else ""),
    }  # fmt: skip


def _save(request: HttpRequest, asking: Asking) -> HttpResponse:
    reader, form = asking.reader, asking.form
    kind, pk = asking.owner()
    team, person = (pk if kind == "team" else None), (pk if kind == "person" else None)
    if not form.is_valid():
        return door.refused(request, TEMPLATE, _context(asking))
    per = asking.view.goal.per if asking.view is not None else form.cleaned_data.get("per") or ""
    if not reads.may_draft(reader.viewer, owner_kind=kind, team=team, person=person, metric=asking.metric.key, per=per):
        refusal = Refusal(reads.REASONS["action"], code="right", field="per")
        return door.refused(request, TEMPLATE, _context(asking), refusal, form)
    try:
        entry = acts.draft_goals([asking.draft()], origin="hand", by=door.actor(request), at=door.at(request))
    except Refusal as refusal:
        return door.refused(request, TEMPLATE, _context(asking), refusal, form)
    blocked = [one for one in check(reader, asking.typed()) if one.tone == "bad" and one.key in MAY_BLOCK]
    said = _("已存为草稿，还有 %(n)s 项检查没过。") % {"n": len(blocked)} if blocked else _("已存为草稿。")
    said = " ".join([str(said), *(words for words, _field, _near in strangers(asking.typed()))])
    messages.success(request, said, extra_tags=reverse("goals_spread_undo", args=[entry.pk]))
    return redirect("goal", pk=int(entry.object_id))


@door.acts_once
def goal_new(request: HttpRequest) -> HttpResponse:
    """A goal of whoever the reader may set one for."""
    reader = Reader(request)
    if not reader.viewer.may("goals", "write"):
        raise Http404
    asking = Asking(reader, request.POST or None, None)
    return render(request, TEMPLATE, _context(asking)) if request.method != "POST" else _save(request, asking)


@door.acts_once
def goal_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """A further version of a goal."""
    reader = Reader(request)
    view = reader.one(pk).planned()
    if not reads.writable(reader.viewer, view.goal):
        raise Http404
    reader.load_names([view.goal])
    asking = Asking(reader, request.POST or None, view)
    return render(request, TEMPLATE, _context(asking)) if request.method != "POST" else _save(request, asking)


@require_safe
def goal_check(request: HttpRequest) -> HttpResponse:
    """The checks of what is typed so far."""
    reader = Reader(request)
    if not reader.viewer.may("goals", "write"):
        raise Http404
    word = request.GET.get("goal", "")
    view = reader.one(int(word)).planned() if word.isascii() and word.isdigit() and len(word) < 12 else None
    asking = Asking(reader, request.GET, view)
    return render(request, "goals/_checks.html", {"checks": check(reader, asking.typed())})
