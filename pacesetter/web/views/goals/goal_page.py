"""One goal: where it stands, every version of it, what hangs below, what its owner says, and what may be done now."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from pacesetter.goals import reads, rules
from pacesetter.goals.models import Commitment, GoalEvent, Layer, MarketEvent
from pacesetter.goals.reads import Book, GoalView, VersionView
from pacesetter.metrics.attainment import on_average
from pacesetter.web import door, places, show

from ...forms.goals import CommitForm
from . import prorated
from .chart import chart
from .derived import derived, waiting
from .reading import Reader, per_word
from .tree import Row, Tree, balance_words, measured
from .values import Put

Kind = GoalEvent.Kind
ORIGINS: dict[str, Any] = {
    "hand": gettext_lazy("手工设定"),
    "spread": gettext_lazy("分解得出"),
    "import": gettext_lazy("导入"),
    "calculator": gettext_lazy("反推得出"),
    "adjustment": gettext_lazy("调整申请"),
    "copy": gettext_lazy("从上期复制"),
    "template": gettext_lazy("用增长引擎模板"),
}
VERDICTS: dict[str, Any] = {
    "achieved": gettext_lazy("已达成"),
    "missed": gettext_lazy("未达成"),
    "expired": gettext_lazy("已过期"),
    "withdrawn": gettext_lazy("已撤回"),
}


@dataclass(frozen=True)
class Said:
    """One event of a version."""

    word: Any
    who: str
    at: Any
    reason: str


@dataclass(frozen=True)
class Version:
    """One version as it is read."""

    number: int
    status: Any
    current: bool
    valid_from: date
    lines: list[tuple[str, str]]
    weight: int
    buffer: str
    parent: str
    origin: Any
    note: str
    elastic: list[Any]
    who: str
    at: Any
    events: list[Said]
    parts: list[tuple[str, str, bool]]


def lines_of(version: VersionView, put: Put, names: dict[str, str], *, exact: bool = True) -> list[tuple[str, str]]:
    """(name of the line, its value) of the lines that are set, lowest first."""
    write = put.exact if exact else put.short
    return [(names.get(key, key), write(value)) for key, value in version.lines.items() if value is not None]


def version_of(reader: Reader, view: GoalView, version: VersionView, put: Put, names: dict[str, str]) -> Version:
    """A version in words."""
    row = version.row
    kinds = dict(MarketEvent.Kind.choices)
    return Version(
        row.number, Kind(version.status).label if version.status else "", version is view.shown, row.valid_from,
        lines_of(version, put, names), row.weight, put.exact(row.buffer) if row.buffer else "",
        reader.name(reader.above[row.parent_id]) if row.parent_id in reader.above else "",
        ORIGINS.get(row.origin, row.origin), row.note, [kinds.get(key, key) for key in row.elastic],
        row.by_name or str(_("系统")), row.at,
        [Said(Kind(e.kind).label, e.by_name or str(_("系统")), e.at, e.reason) for e in version.events],
        [(part.label, put.exact(part.target), part.hand_set) for part in version.parts],
    )  # fmt: skip


@dataclass(frozen=True)
class Promise:
    """What the owner holds for possible."""

    value: str
    gap: str
    comment: str
    who: str
    at: Any


def commitments(view: GoalView, put: Put) -> list[Promise]:
    """Every commitment, the newest first, beside the value from above."""
    target = view.shown.row.target if view.shown else None
    found = []
    for said in Commitment.objects.filter(goal_id=view.pk).order_by("-id"):
        gap = put.gap(said.value, target) if target is not None else ""
        found.append(Promise(put.exact(said.value), gap, said.comment, said.by_name, said.at))
    return found


def may(reader: Reader, view: GoalView) -> dict[str, bool]:
    """Which steps are open to the reader now."""
    viewer, goal = reader.viewer, view.goal
    over = view.ended or goal.end <= reader.today
    writes, publishes = reads.writable(viewer, goal), reads.may_publish(viewer, goal)
    draft = view.draft.status if view.draft else ""
    forced = view.latest
    standing = forced.status if forced else ""
    return {
        "edit": writes and not over and not view.locked,
        "submit": writes and not publishes and draft in ("drafted", "returned"),
        "publish": publishes and draft in ("drafted", "submitted") and not view.ended,
        "return": publishes and draft == "submitted",
        "lock": publishes and not view.ended and rules.may_follow(standing, "locked") and not view.draft,
        "withdraw": bool((writes and draft) or (publishes and standing == "published")) and not view.ended,
        "sign": bool(forced) and not view.ended and forced is not None and forced.accepted is None
        and reads.may_commit(viewer, goal) and standing in ("published", "locked"),
        "commit": reads.may_commit(viewer, goal) and not over,
        "spread": viewer.scope("goals", "write") > 2 and writes and not over,
    }  # fmt: skip


def context_of(reader: Reader, view: GoalView, book: Book | None = None) -> dict[str, Any]:
    """What the page says of the goal; `book`: it and what hangs below it, where that was read already."""
    goal, metric = view.goal, reader.metric(view.goal.metric)
    put = reader.put(metric)
    names = reads.lines_named(reader.today, "zh" if show.chinese() else "en")
    above = list(reader.visible.filter(pk__in=[v.row.parent_id for v in view.versions if v.row.parent_id]))
    reader.above = {g.pk: g for g in above}
    if book is None:
        view, book = reader.family(goal.pk)
    below = [v for v in book if v.pk != goal.pk and v.shown and v.shown.row.parent_id == goal.pk]
    reader.load_names([goal, *above, *(v.goal for v in below)])
    # the numbers of this goal and of those below it, as the tree shows them
    stands = reader.standing([view, *below], drafts=True)
    found = measured(reader, view, stands.get(goal.pk), put)
    rows: list[Row] = []
    balance = None
    if below:
        tree = Tree.around(reader, metric, book)
        rows = [tree.row(v, stands.get(v.pk)) for v in sorted(below, key=tree.order)]
        balance = tree.balances.get(goal.pk)
    words, tone = balance_words(balance, put) if balance and reader.sees(goal) else ("", "")
    shown, stand = view.shown, stands.get(goal.pk)
    parent = view.shown.row.parent_id if view.shown else None
    return {
        "view": view,
        "goal": goal,
        "name": reader.name(goal),
        "metric_page": reader.figures.has_page(metric.key),
        "metric_name": metric.zh if show.chinese() else metric.en,
        "owner": reader.owner(goal),
        "scope": reader.scope(goal),
        "period": reader.period(goal),
        "per": per_word(goal),
        "layer": Layer(goal.layer).label,
        "back_url": f"{reverse('goals')}?metric={goal.metric}&period={goal.label}",
        "found": found,
        "status_word": Kind(view.status).label,
        "lines": lines_of(shown, put, names) if shown else [],
        "target": put.short(shown.row.target) if shown else "",
        "target_exact": put.exact(shown.row.target) if shown else "",
        "coming": version_of(reader, view, view.coming, put, names) if view.coming else None,
        "prorated": prorated.told(reader, view, stand, put, names),
        "buffer": put.exact(shown.row.buffer) if shown and shown.row.buffer else "",
        "required": put.exact(stand.pace.required_per_day)
        if stand and reader.sees(goal) and stand.pace.required_per_day is not None else "",
        "days_left": stand.pace.days_left if stand else 0,
        "chart": chart(reader, view),
        "versions": [version_of(reader, view, v, put, names) for v in reversed(view.versions)],
        "parts": [(reader.month(part.label, part.start), put.exact(part.target), part.hand_set)
                  for part in shown.parts] if shown else [],
        "rows": rows,
        "rows_query": f"metric={goal.metric}&period={goal.label}",
        "balance": words,
        "balance_tone": tone,
        "parent": reader.above.get(parent) if parent else None,
        "parent_name": reader.name(reader.above[parent]) if parent in reader.above else "",
        "promises": commitments(view, put),
        "outcome": view.outcome,
        "outcome_average": _average(view, put) if reader.sees(goal) else "",
        "outcome_word": VERDICTS.get(view.outcome.verdict, "") if view.outcome else "",
        "signed": view.latest.accepted if view.latest else None,
        "seen": view.newest,
        "counted": min(reader.until, goal.end) - timedelta(days=1),
        "may": may(reader, view),
        "spread_url": _spread(view),
        "edit_url": f"/goals/{goal.pk}/edit/" if places.exists(f"/goals/{goal.pk}/edit/") else "",
        "adjust_url": _adjust(reader, view),
        "letter_url": _letter(view),
        "keys": {name: uuid.uuid4().hex for name in ("submit", "return", "publish", "lock", "withdraw", "sign")},
        "version": view.latest.row.pk if view.latest else None,
        "derived": derived(shown.row, reader.company.currency) if shown and _sees_amounts(reader, view) else None,
        "suggested_actions": waiting(reader.request, reader.visible.filter(pk=goal.pk), "goal"),
        "commit_form": CommitForm(metric=metric),
        "commit_key": door.form_key(reader.request),
    }  # fmt: skip


def _average(view: GoalView, put: Put) -> str:
    """What a goal for each day or week came to on average, which decided whether it was achieved."""
    row = view.outcome
    if row is None or not view.goal.per or row.top is None or not row.bottom:
        return ""
    asked = next(v.row.target for v in view.versions if v.row.pk == row.version_id)
    average = on_average(row.top, view.goal.per, row.bottom)
    words = {"sum": put.exact(row.top), "days": row.bottom, "average": put.exact(average),
             "target": put.exact(asked)}  # fmt: skip
    if view.goal.per == "week":
        return _("合计 %(sum)s，%(days)s 个工作日，平均每周 %(average)s；平均达到 %(target)s 算达成。") % words
    return _("合计 %(sum)s，%(days)s 个工作日，平均每日 %(average)s；平均达到 %(target)s 算达成。") % words


def _sees_amounts(reader: Reader, view: GoalView) -> bool:
    """Whether the reader may see the person's amounts and rates a goal was derived by."""
    return reader.may_calculate and bool(view.goal.person_id) and reader.sees(view.goal)


def _adjust(reader: Reader, view: GoalView) -> str:
    """Where a change of a published goal is applied for."""
    path = f"/goals/{view.pk}/adjust/"
    owns = reads.may_commit(reader.viewer, view.goal)
    return path if owns and view.in_force and not view.ended and places.exists(path) else ""


def _spread(view: GoalView) -> str:
    return f"{reverse('goals_spread')}?from={view.pk}" if view.shown and not view.goal.person_id else ""


def _letter(view: GoalView) -> str:
    goal = view.goal
    kind, pk = ("person", goal.person_id) if goal.person_id else ("team", goal.team_id)
    path = f"/goals/letter/{kind}/{pk}/"
    return f"{path}?period={goal.label}" if pk and places.exists(path) else ""


@require_safe
def goal(request: HttpRequest, pk: int) -> HttpResponse:
    """One goal."""
    reader = Reader(request)
    return render(request, "goals/goal.html", context_of(reader, *reader.family(pk)))
