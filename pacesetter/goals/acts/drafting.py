"""Setting goals: one or a thousand in one act, each a further version; nothing that was set is overwritten."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pacesetter.journal.acts import record, record_rows
from pacesetter.journal.models import Entry
from pacesetter.lib.periods import Period
from pacesetter.lib.refusal import Conflict, Refusal
from pacesetter.people import reads as people
from pacesetter.people.models import Person

from .. import reads, rules
from ..models import Goal, GoalEvent, GoalPart, GoalVersion, Layer, OwnerKind, Per
from .letting_go import ENTITY, let_go
from .saying import _say

LAYER: dict[str, str] = {
    OwnerKind.COMPANY: Layer.STRATEGIC,
    OwnerKind.TEAM: Layer.TEAM,
    OwnerKind.PERSON: Layer.INDIVIDUAL,
}
Key = tuple[Any, ...]
DAY = timedelta(days=1)
# no calendar reaches further
FIRST_YEAR, LAST_YEAR = 1900, 2200


@dataclass(frozen=True)
class Part:
    """The share of one month in a target."""

    period: Period
    target: int
    hand_set: bool = False


@dataclass(frozen=True)
class Draft:
    """A goal as somebody wants it. Values in the metric's unit (basis points of 1 for a ratio).

    `above` is the goal it serves: a goal's id, or the identity of another draft of the same act. `seen` is the newest
    version the writer looked at (0 = none); another's newer one is a conflict. None = not said: another's draft is a
    conflict, except for an import, which asks before.
    `present`: the days the number was made for. None = as the version before; a first one for the whole period, or for
    the days the person is employed where a file or a spread gives it.
    """

    metric: str
    owner_kind: str
    period: Period
    target: int
    team: int | None = None
    person: int | None = None
    basis: str = ""
    layer: str = ""
    per: str = ""
    customer_region: str = ""
    industry: str = ""
    product: int | None = None
    customer_kind: str = ""
    floor: int | None = None
    stretch: int | None = None
    challenge: int | None = None
    weight: int = 100
    above: int | Key | None = None
    buffer: int = 0
    baseline: int | None = None
    valid_from: date | None = None
    hand_set: bool = False
    basis_figures: Mapping[str, Any] = field(default_factory=dict)
    elastic: Sequence[str] = ()
    pace_basis: str = ""
    note: str = ""
    parts: Sequence[Part] = ()
    seen: int | None = None
    present: Sequence[tuple[date, date]] | None = None


def identity(draft: Draft) -> Key:
    """What makes it the same goal as another."""
    return (draft.metric, draft.basis, draft.owner_kind, draft.team, draft.person, draft.period.start,
            draft.period.end, draft.per, draft.customer_region, draft.industry, draft.product,
            draft.customer_kind)  # fmt: skip


def identity_of(goal: Goal) -> Key:
    """The same of a goal that exists."""
    return (goal.metric, goal.basis, goal.owner_kind, goal.team_id, goal.person_id, goal.start, goal.end, goal.per,
            goal.customer_region, goal.industry, goal.product_id, goal.customer_kind)  # fmt: skip


def layer_of(draft: Draft) -> str:
    """The layer a goal stands in: so much each day or week is an action goal, else the owner says it."""
    return Layer.ACTION if draft.per else LAYER[draft.owner_kind]


def _check(draft: Draft, *, today: date, closed_until: date | None, history: bool) -> None:
    metric = reads.metric_named(draft.metric, draft.basis, to_set=True)
    owned: dict[str, tuple[int | None, int | None]] = {
        OwnerKind.COMPANY: (None, None),
        OwnerKind.TEAM: (draft.team, None),
        OwnerKind.PERSON: (None, draft.person),
    }
    if draft.owner_kind not in owned or owned[draft.owner_kind] != (draft.team, draft.person) or (
        draft.owner_kind != OwnerKind.COMPANY and not (draft.team or draft.person)
    ):  # fmt: skip
        raise Refusal(_("写明目标是公司的、哪个团队的还是谁的。"), code="owner", field="owner")
    if draft.layer not in ("", layer_of(draft)):
        raise Refusal(
            _("这个目标是“%(layer)s”。每日、每周的数是动作目标，整个期间的数不是。")
            % {"layer": Layer(layer_of(draft)).label}, code="layer", field="layer",
        )  # fmt: skip
    lines = (draft.floor, draft.target, draft.stretch, draft.challenge)
    if not rules.lines_above_nothing(lines, draft.target, better=metric.better):
        raise Refusal(_("目标值要大于 0；越少越好的指标可以是 0。"), code="value", field="target")
    if not rules.lines_in_order(lines, better=metric.better):
        raise Refusal(_("几条线要依次递进：保底、目标、冲刺、挑战。"), code="lines", field="target")
    if draft.valid_from is not None and not draft.period.start <= draft.valid_from < draft.period.end:
        raise Refusal(_("生效日要在目标的期间内。"), code="valid_from", field="valid_from")
    if not FIRST_YEAR <= draft.period.start.year <= (draft.period.end - DAY).year <= LAST_YEAR:
        raise Refusal(_("日期超出日历范围（1900–2200 年）。"), code="range", field="period")
    if draft.per not in Per.values:
        raise Refusal(_("目标可以按整个期间、每个工作日或每周设。"), code="per", field="per")
    if draft.per and metric.basis(draft.basis)[1].is_level:
        raise Refusal(
            _("%(metric)s 不是数量，不能按每个工作日或每周设。") % {"metric": metric.zh}, code="per", field="per"
        )
    if not 0 <= draft.weight <= 100:
        raise Refusal(_("权重是 0 到 100。"), code="weight", field="weight")
    if draft.parts and metric.basis(draft.basis)[1].is_level:
        raise Refusal(
            _("%(metric)s 不能按月相加。各月不同就给每个月单独设目标。") % {"metric": metric.zh},
            code="parts",
            field="parts",
        )
    if not rules.parts_add_up(draft.target, [part.target for part in draft.parts]):
        raise Refusal(
            _("各月之和是 %(sum)s，目标是 %(target)s，差 %(difference)s。")
            % {"sum": sum(p.target for p in draft.parts), "target": draft.target,
               "difference": sum(p.target for p in draft.parts) - draft.target},
            code="parts", field="parts",
        )  # fmt: skip
    spans = sorted((part.period.start, part.period.end) for part in draft.parts)
    outside = spans and not draft.period.start <= spans[0][0] <= spans[-1][1] <= draft.period.end
    if outside or any(one[1] > other[0] for one, other in pairwise(spans)):
        raise Refusal(_("各期要在目标的期间之内，而且互不重叠。"), code="parts", field="parts")
    narrowed = {
        name for name, value in (("customer_region", draft.customer_region), ("industry", draft.industry),
                                 ("product_id", draft.product), ("customer_kind", draft.customer_kind)) if value
    }  # fmt: skip
    missing = narrowed - reads.scope_dims(metric, draft.basis)
    if missing:
        raise Refusal(
            _("%(metric)s 的记录里没有这项范围（%(what)s），不能按它设目标。")
            % {"metric": metric.zh, "what": "、".join(sorted(missing))},
            code="scope", field=sorted(missing)[0],
        )  # fmt: skip
    if closed_until is not None and draft.period.end <= closed_until:
        raise Refusal(
            _("%(period)s 已经结账，目标不能再改。在复盘中记录影响。") % {"period": draft.period.label},
            code="closed_period", field="period",
        )  # fmt: skip
    if not history and draft.period.end <= today:
        raise Refusal(
            _("%(period)s 已经结束，目标不能再设。在复盘中记录影响。") % {"period": draft.period.label},
            code="over", field="period",
        )  # fmt: skip


def _goals(drafts: Sequence[Draft], at: datetime) -> dict[Key, Goal]:
    """The goals of these drafts, those that are missing made; locked for this act, in the order of their ids."""
    wanted = {identity(d): d for d in drafts}
    starts, metrics = {d.period.start for d in drafts}, {d.metric for d in drafts}

    def there() -> dict[Key, Goal]:
        rows = Goal.objects.select_for_update(of=("self",)).filter(metric__in=metrics, start__in=starts).order_by("pk")
        return {key: goal for goal in rows if (key := identity_of(goal)) in wanted}

    found = there()
    missing = [d for key, d in wanted.items() if key not in found]
    if missing:
        Goal.objects.bulk_create(
            [
                Goal(
                    metric=d.metric, basis=d.basis, layer=layer_of(d),
                    owner_kind=d.owner_kind, team_id=d.team, person_id=d.person, period_kind=d.period.kind,
                    label=d.period.label, start=d.period.start, end=d.period.end, per=d.per,
                    customer_region=d.customer_region, industry=d.industry, product_id=d.product,
                    customer_kind=d.customer_kind, made_at=at,
                )
                for d in missing
            ],
            ignore_conflicts=True,  # another act made it meanwhile: it is read back just below
        )  # fmt: skip
        found = there()
    return found


def _may_have_version(
    view: reads.GoalView, draft: Draft, by: Person | None, *, by_adjustment: bool, overwrites: bool
) -> None:  # fmt: skip
    name = draft.period.label
    if view.ended:
        raise Refusal(_("%(period)s 的这个目标已经结束，不能再改。在复盘中记录影响。") % {"period": name}, code="ended")
    if view.locked and not by_adjustment:
        raise Refusal(_("%(period)s 的这个目标已锁定。要改，请提交目标调整申请。") % {"period": name}, code="locked")
    # who did not say which version they looked at replaces nobody else's work
    worked_on = view.draft.row.by_id if view.draft is not None else None
    unseen = not overwrites and draft.seen is None and by is not None and worked_on not in (None, by.pk)
    if unseen or (view.versions and draft.seen is not None and draft.seen != view.newest):
        newest = view.versions[-1].row
        raise Conflict(
            _("%(who)s 已经把它改到第 %(n)s 版。看过再保存。")
            % {"who": newest.by_name or _("系统"), "n": newest.number},
            both=(("target", newest.target, draft.target),), who=newest.by_name, now=newest.number,
        )  # fmt: skip


@transaction.atomic
def draft_goals(
    drafts: Iterable[Draft], *, origin: str, by: Person | None, at: datetime, reason: str = "", history: bool = False,
    adjustment: int | None = None, gone: Mapping[int, int] | None = None,
) -> Entry:  # fmt: skip
    """Draft a version of every goal; one journal line with a row for each. The entry undoes them together.

    `origin`: hand | spread | import | calculator | adjustment | copy | template. `history` lets goals of past
    periods in. `gone`: goals (→ newest version looked at) that have no place any more and are withdrawn with it
    (`letting_go.py`).
    Refused as a whole: unknown metric, lines out of order, months that do not sum up, scope the metric has not, a
    closed, ended or locked goal, somebody's newer version, a goal that would serve itself.
    """
    rows = list(drafts)
    if not rows:
        raise Refusal(_("没有要设的目标。"), code="empty")
    today = people.business_day(at)
    closed = people.closed_until()
    choice = reads.chosen(today)
    twice: set[Key] = set()
    for draft in rows:
        _check(draft, today=today, closed_until=closed, history=history)
        if identity(draft) in twice:
            raise Refusal(_("同一个目标出现了两次：%(period)s。") % {"period": draft.period.label}, code="twice")
        twice.add(identity(draft))
    leaving = _held(rows, gone or {})
    goals = _goals(rows, at)
    if leaving.keys() & {goal.pk for goal in goals.values()}:
        raise Refusal(_("要收回的目标也在要设的目标里。"), code="twice")
    views = reads.heads(goals.values())
    versions = []
    made_for = _made_for(rows, origin)
    for draft in rows:
        goal = goals[identity(draft)]
        view = views[goal.pk]
        _may_have_version(view, draft, by, by_adjustment=adjustment is not None,
                          overwrites=origin in ("import", "adjustment"))  # fmt: skip
        versions.append(GoalVersion(
            goal=goal, number=view.newest + 1, floor=draft.floor, target=draft.target, stretch=draft.stretch,
            challenge=draft.challenge, weight=draft.weight, parent_id=_above(draft, goals), buffer=draft.buffer,
            baseline=draft.baseline, valid_from=draft.valid_from or goal.start, origin=origin, hand_set=draft.hand_set,
            basis_figures=dict(draft.basis_figures), elastic=list(draft.elastic),
            pace_basis=draft.pace_basis or choice.pace_basis, note=draft.note[:500], adjustment_id=adjustment,
            present=made_for(draft, view),
            by_id=by.pk if by else None, by_name=by.name if by else "", at=at,
        ))  # fmt: skip
    _refuse_loops(versions)
    GoalVersion.objects.bulk_create(versions)
    GoalPart.objects.bulk_create(
        GoalPart(version=version, label=part.period.label, start=part.period.start, end=part.period.end,
                 target=part.target, hand_set=part.hand_set)
        for version, draft in zip(versions, rows, strict=True) for part in draft.parts
    )  # fmt: skip
    replaced = [view.draft.row.pk for view in views.values() if view.draft is not None]
    _say(replaced, GoalEvent.Kind.WITHDRAWN, by=by, at=at, reason=str(_("改为新的一版")))
    _say([v.pk for v in versions], GoalEvent.Kind.DRAFTED, by=by, at=at)
    left = let_go(leaving, gone or {}, by=by, at=at, reason=reason)
    first = versions[0]
    count = len(rows) + len(left)
    entry = record(
        "draft_goals", by=by, at=at, entity="goal", object_id=first.goal_id if count == 1 else "",
        label=f"{first.goal.metric} {first.goal.label}", about_id=first.goal.person_id if count == 1 else None,
        after={"origin": origin, "target": first.target} if count == 1
        else {"origin": origin, "goals": len(rows), **({"withdrawn": len(left)} if left else {})},
        reason=reason, rows=count,
    )  # fmt: skip
    record_rows(entry, "goals.goalversion", (
        (v.pk, {"target": had.row.target, "number": had.row.number} if (had := views[v.goal_id].shown) else None,
         {"target": v.target, "number": v.number})
        for v in versions
    ))  # fmt: skip
    if left:
        record_rows(entry, ENTITY, left)
    return entry


def _held(rows: Sequence[Draft], gone: Mapping[int, int]) -> dict[int, reads.GoalView]:
    """The goals that leave, locked with those that are drafted in one order, so that two acts never wait in a ring."""
    if not gone:
        return {}
    same = Q(metric__in={d.metric for d in rows}, start__in={d.period.start for d in rows})
    held = Goal.objects.select_for_update(of=("self",)).filter(same | Q(pk__in=list(gone))).order_by("pk")
    return reads.heads([goal for goal in held if goal.pk in gone])


def _made_for(drafts: Sequence[Draft], origin: str) -> Callable[[Draft, reads.GoalView], list[list[str]]]:
    """Which days of its period a draft's number was made for, as it is kept; empty = all of them."""
    book = people.PresenceBook(min(d.period.start for d in drafts), max(d.period.end for d in drafts))

    def ranges(draft: Draft, view: reads.GoalView) -> list[list[str]]:
        # a number for each day or week counts by the days somebody is there
        if draft.person is None or draft.per:
            return []
        start, end = draft.period.start, draft.period.end
        if draft.present is not None:
            found = tuple(draft.present)
        elif view.shown is not None:
            return list(view.shown.row.present)
        elif origin in ("import", "spread"):
            found = book.there(draft.person, start, end, absences=False)
        else:
            return []
        # a number for somebody who is there on none of its days was meant so: it is for no day, and stands
        found = found or ((start, start),)
        return [] if found == ((start, end),) else [[a.isoformat(), b.isoformat()] for a, b in found]

    return ranges


def _above(draft: Draft, goals: Mapping[Key, Goal]) -> int | None:
    if draft.above is None or isinstance(draft.above, int):
        return draft.above
    above = goals.get(draft.above)
    if above is None:
        raise Refusal(_("没有找到它要支撑的上级目标。"), code="above", field="parent")
    return above.pk


def _refuse_loops(versions: Sequence[GoalVersion]) -> None:
    """Follow the goals above, as they would stand, a layer a query."""
    parents: dict[int, int | None] = {v.goal_id: v.parent_id for v in versions}
    asked: set[int] = {p for p in parents.values() if p is not None} - parents.keys()
    while asked:
        above = reads.heads(Goal.objects.filter(pk__in=asked))
        if asked - above.keys():
            raise Refusal(_("没有找到它要支撑的上级目标。"), code="above", field="parent")
        for pk, view in above.items():
            parents[pk] = view.shown.row.parent_id if view.shown else None
        asked = {p for pk in above if (p := parents[pk]) is not None} - parents.keys()
    if any(rules.loops(parents, v.goal_id) for v in versions):
        raise Refusal(_("一个目标不能支撑它自己。"), code="loop", field="parent")
