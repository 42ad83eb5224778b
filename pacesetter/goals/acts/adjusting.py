"""Applying to change a goal that is in force, speaking about it, and what the clock does to it.

Every act holds the goal first and the application second, so that two hands on one application take turns.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pacesetter.journal.acts import record
from pacesetter.lib.periods import Period
from pacesetter.lib.refusal import Conflict, OutOfReach, Refusal
from pacesetter.people import reads as people
from pacesetter.people.models import Person
from pacesetter.people.reach import reach_of

from .. import reads, rules
from ..models import Adjustment, AdjustmentEvent, AdjustmentVoice, GoalEvent, MarketEvent
from .drafting import Draft, Part, draft_goals
from .holding import supersede
from .publishing import _locked
from .saying import _say

Kind = AdjustmentEvent.Kind
# how long after its first day a changed goal is looked at again, at the latest when the goal is over
LOOK_BACK = timedelta(days=30)
LONGEST = 1000

SILENCED = {
    "role": _("这一席不由你发言。"),
    "decided": _("这份申请已经有结果，不能再表态。"),
    "self": _("这是你自己的目标或申请，不能由你表态。请由另一位负责人处理；只有一位总监时，先指定代理人。"),
    "twice": _("一个人只占一席，你已经表过态。"),
    "taken": _("这一席已经表过态。"),
    "assessment": _("数据分析师还没有评估，总监先不能决定。"),
}


def _sentence(text: str, field: str, missing: object) -> str:
    text = text.strip()
    if not text:
        raise Refusal(missing, code="required", field=field)
    if len(text) > LONGEST:
        raise Refusal(_("最多 %(longest)s 个字，现在是 %(n)s 个。") % {"longest": LONGEST, "n": len(text)},
                      code="too_long", field=field)  # fmt: skip
    return text


def _happens(
    adjustment: Adjustment, kind: str, *, by: Person | None, at: datetime, ends: bool = False, reason: str = "",
    figures: Mapping[str, Any] | None = None,
) -> AdjustmentEvent:  # fmt: skip
    return AdjustmentEvent.objects.create(
        adjustment=adjustment, kind=kind, ends=ends, at=at, by_id=by.pk if by else None, by_name=by.name if by else "",
        reason=reason, figures=dict(figures or {}),
    )  # fmt: skip


def held(pk: int) -> tuple[reads.GoalView, reads.AdjustmentView]:
    """The goal and then the application, both for this act alone."""
    goal = Adjustment.objects.filter(pk=pk).values_list("goal_id", flat=True).first()
    if goal is None:
        raise OutOfReach
    view = _locked([goal])[goal]
    Adjustment.objects.select_for_update(of=("self",)).get(pk=pk)
    return view, reads.adjustment(pk)


def must_be_open(view: reads.AdjustmentView) -> None:
    """Refuse what comes after the end of an application."""
    if view.end is not None:
        raise Refusal(_("这份申请%(state)s，不能再改。") % {"state": Kind(view.end.kind).label}, code="decided")


def _must_take_a_version(view: reads.GoalView, today: date) -> reads.VersionView:
    """The version in force of a goal that may still be changed."""
    version = view.in_force
    if version is None:
        raise Refusal(_("目标还没有发布，请直接修改草稿，不用申请。"), code="not_in_force")
    if view.ended or view.goal.end <= today:
        raise Refusal(_("%(period)s 已经结束，只能在复盘中记录影响。") % {"period": view.goal.label}, code="over")
    return version


def _check_lines(view: reads.GoalView, now: reads.VersionView, lines: Mapping[str, int | None]) -> None:
    values = list(lines.values())
    metric = reads.metric_named(view.goal.metric, view.goal.basis)
    if not rules.lines_above_nothing(values, lines["target"], better=metric.better):
        raise Refusal(_("目标值要大于 0；越少越好的指标可以是 0。"), code="value", field="target")
    if not rules.lines_in_order(values, better=metric.better):
        raise Refusal(_("几条线要依次递进：保底、目标、冲刺、挑战。"), code="lines", field="target")
    if dict(lines) == now.lines:
        raise Refusal(_("新的数和现在一样。"), code="same", field="target")


def _check_day(view: reads.GoalView, valid_from: date) -> None:
    goal, closed = view.goal, people.closed_until()
    if not goal.start <= valid_from < goal.end:
        raise Refusal(_("生效日要在目标的期间内。"), code="valid_from", field="valid_from")
    if closed is not None and valid_from < closed:
        raise Refusal(_("%(day)s 之前已经结账，从那天起生效。") % {"day": closed}, code="closed_period",
                      field="valid_from")  # fmt: skip


@transaction.atomic
def request_adjustment(
    *, goal: int, event: int, reason: str, valid_from: date, by: Person, at: datetime,
    evidence: Mapping[str, Any] | None = None, seen: int | None = None, **lines: int | None,
) -> Adjustment:  # fmt: skip
    """Apply to change a goal in force: its person, the head of its team, or the director for the company's.

    `lines` (`floor`, `target`, `stretch`, `challenge`): one that is not named stays as it is, None empties it. `seen`
    is the number of the version that was looked at; another one in force by now is a conflict. `evidence` is what the
    door drew from the data, kept as it was. Refused: another's goal, a goal that is not in force, has ended or is
    closed, a second open application, no event of the register, an event its clause does not name, a day outside it.
    """
    view = _locked([goal]).get(goal)
    today = people.business_day(at)
    if view is None or not reads.may_ask(reach_of(by, today), view.goal):
        raise OutOfReach
    now = _must_take_a_version(view, today)
    if seen is not None and seen != now.row.number:
        raise Conflict(_("目标已经有新的一版。看过第 %(n)s 版再申请。") % {"n": now.row.number}, now=now.row.number)
    if unknown := lines.keys() - set(rules.LINES):
        raise TypeError(f"no such line: {', '.join(sorted(unknown))}")
    lines = {**now.lines, **lines}
    reason = _sentence(reason, "reason", _("写明为什么要调整。"))
    cause = MarketEvent.objects.filter(pk=event, retired_at=None).first()
    if cause is None:
        raise Refusal(_("选一个市场事件；没有的话先登记。"), code="event", field="event")
    if now.row.elastic and cause.kind not in now.row.elastic:
        raise Refusal(_("这个目标的弹性条款不包括这类事件。"), code="elastic", field="event")
    _check_lines(view, now, lines)
    _check_day(view, valid_from)
    if reads.open_adjustments().filter(goal_id=goal).exists():
        raise Refusal(_("这个目标已经有一份申请在办理。"), code="open")
    choice = reads.chosen(today)
    made = Adjustment.objects.create(
        goal=view.goal, version=now.row, event=cause, reason=reason, **lines, valid_from=valid_from,
        evidence=dict(evidence or {}), asked_at=at, asked_by=by,
        due_on=reads.due_day(view.goal, today, choice.decide_days),
        check_on=min(view.goal.end, max(valid_from, today) + LOOK_BACK),
    )  # fmt: skip
    _happens(made, Kind.ASKED, by=by, at=at)
    record("request_adjustment", by=by, at=at, entity="adjustment", object_id=made.pk, label=_label(view),
           about_id=view.goal.person_id, before=now.lines, after={**_lines(made), "valid_from": valid_from},
           reason=reason)  # fmt: skip
    return made


def _label(view: reads.GoalView) -> str:
    return f"{view.goal.metric} {view.goal.label}"


def _lines(made: Adjustment) -> dict[str, int | None]:
    return {name: getattr(made, name) for name in rules.LINES}


@transaction.atomic
def give_voice(
    *, adjustment: int, seat: str, yes: bool, sentence: str, by: Person, at: datetime, stands_for: int | None = None
) -> AdjustmentVoice:
    """Speak about an application from one seat; the director's voice decides it, and a yes puts the new lines in force.

    `stands_for` names whose delegate speaks; None takes the own seat, else the first one stood in for.
    """
    view, asked = held(adjustment)
    today = people.business_day(at)
    seats = reads.seats_of(by.pk, today)
    if asked.row.pk not in reads.visible_adjustments(reach_of(by, today)).values_list("pk", flat=True):
        raise OutOfReach
    why = rules.silenced(asked.matter, seat, by.pk, seats)
    if why:
        raise Refusal(SILENCED[why], code=why)
    ways = seats[seat]
    if stands_for is not None and stands_for not in ways:
        raise Refusal(SILENCED["role"], code="role")
    place = stands_for if stands_for is not None else ways[0]
    sentence = _sentence(sentence, "sentence", _("写一句话，说明为什么。"))
    voice = AdjustmentVoice.objects.create(
        adjustment=asked.row, seat=seat, yes=yes, sentence=sentence, at=at, by_id=by.pk, by_name=by.name,
        stands_for_id=place,
    )  # fmt: skip
    figures: dict[str, Any] = {}
    if seat == rules.DECIDES:
        figures = _foreseen(view, asked, today) if yes else {}
        kind = Kind.APPROVED if yes else Kind.REFUSED
        _happens(asked.row, kind, by=by, at=at, ends=True, reason=sentence, figures=figures)
        if yes:
            _approve(view, asked, by=by, at=at, today=today)
    record("voice_adjustment", by=by, at=at, entity="adjustment", object_id=asked.row.pk, label=_label(view),
           about_id=view.goal.person_id, reason=sentence,
           after={"seat": seat, "yes": yes, "stands_for": place, **figures})  # fmt: skip
    return voice


def must_be_the_same(view: reads.GoalView, asked: reads.AdjustmentView, today: date) -> reads.VersionView:
    """The version the application started from, if it is still the one in force."""
    now = _must_take_a_version(view, today)
    if now.row.pk != asked.row.version_id:
        raise Refusal(_("申请之后目标又有了新的一版。请申请人撤回，按新的一版再申请。"), code="changed")
    return now


def _foreseen(view: reads.GoalView, asked: reads.AdjustmentView, today: date) -> dict[str, Any]:
    """What a yes does to the goal and to the sums above and below. They do not hold it up."""
    now = must_be_the_same(view, asked, today)
    _check_day(view, asked.row.valid_from)
    above, below = reads.around(view, asked.row.target)
    figures: dict[str, Any] = {"version": view.newest + 1, "before": now.row.target, "target": asked.row.target}
    if above is not None:
        figures["above"] = above.figures()
    if below is not None:
        figures["below"] = below.figures()
    return figures


def _approve(view: reads.GoalView, asked: reads.AdjustmentView, *, by: Person, at: datetime, today: date) -> None:
    """Put the new lines in force. The yes stands already: without it the database takes no version of a locked goal."""
    goal, row = view.goal, asked.row
    now = must_be_the_same(view, asked, today)
    shares = reads.new_shares(now, row)
    draft_goals(
        [
            Draft(
                metric=goal.metric, owner_kind=goal.owner_kind, target=row.target, team=goal.team_id,
                period=Period(goal.start, goal.end, goal.period_kind, goal.label), person=goal.person_id,
                basis=goal.basis, per=goal.per, customer_region=goal.customer_region,
                industry=goal.industry, product=goal.product_id, customer_kind=goal.customer_kind, floor=row.floor,
                stretch=row.stretch, challenge=row.challenge, weight=now.row.weight, above=now.row.parent_id,
                buffer=now.row.buffer, baseline=now.row.baseline, valid_from=row.valid_from, hand_set=True,
                elastic=now.row.elastic, pace_basis=now.row.pace_basis, note=row.reason,
                parts=[Part(Period(p.start, p.end, "month", p.label), share, p.hand_set)
                       for p, share in zip(now.parts, shares, strict=True)],
            )
        ],
        origin="adjustment", by=by, at=at, reason=row.reason, adjustment=row.pk,
    )  # fmt: skip
    made = reads.heads([goal])[goal.pk].draft
    assert made is not None  # drafted just above, in this transaction
    supersede([view], by=by, at=at)
    _say([made.row.pk], GoalEvent.Kind.PUBLISHED, by=by, at=at, reason=row.reason)
    if view.locked:
        _say([made.row.pk], GoalEvent.Kind.LOCKED, by=by, at=at)


@transaction.atomic
def withdraw_adjustment(*, adjustment: int, by: Person, at: datetime, reason: str = "") -> AdjustmentEvent:
    """Whoever asked takes it back, until it is decided. Nobody else may."""
    view, asked = held(adjustment)
    if asked.row.asked_by_id != by.pk:
        raise OutOfReach
    must_be_open(asked)
    event = _happens(asked.row, Kind.WITHDRAWN, by=by, at=at, ends=True, reason=reason.strip()[:LONGEST])
    record("withdraw_adjustment", by=by, at=at, entity="adjustment", object_id=asked.row.pk, label=_label(view),
           about_id=view.goal.person_id, reason=reason)  # fmt: skip
    return event


@transaction.atomic
def escalate_adjustment(*, adjustment: int, at: datetime) -> AdjustmentEvent | None:
    """Tell further up that an application is late; None when it is not, has ended, or was told already."""
    view, asked = held(adjustment)
    today = people.business_day(at)
    escalated = asked.event(Kind.ESCALATED) is not None
    if not rules.late(asked.row.due_on, today, ended=asked.end is not None, escalated=escalated):
        return None
    told = [{"id": p.pk, "name": p.name} for p in reads.told(asked, today)]
    # with whom it lies: a fact of this day, whoever sits there later
    lies = {"seat": rules.awaited(asked.matter), "since": asked.row.due_on.isoformat(),
            "with": [{"id": p.pk, "name": p.name} for p in reads.lies_with(asked, today)]}  # fmt: skip
    event = _happens(asked.row, Kind.ESCALATED, by=None, at=at, figures={"told": told, "lies": lies})
    record("escalate_adjustment", by=None, at=at, entity="adjustment", object_id=asked.row.pk, label=_label(view),
           about_id=view.goal.person_id, after={"due_on": asked.row.due_on, "told": told, "lies": lies})  # fmt: skip
    return event


@transaction.atomic
def expire_adjustment(*, adjustment: int, at: datetime) -> AdjustmentEvent | None:
    """End an application whose goal is over before anybody decided; None while it is not, or it has ended."""
    view, asked = held(adjustment)
    if asked.end is not None or view.goal.end > people.business_day(at):
        return None
    event = _happens(asked.row, Kind.EXPIRED, by=None, at=at, ends=True)
    record("expire_adjustment", by=None, at=at, entity="adjustment", object_id=asked.row.pk, label=_label(view),
           about_id=view.goal.person_id)  # fmt: skip
    return event


@transaction.atomic
def check_adjustment(
    *, adjustment: int, actual: int | None, before: int, after: int, n: int, at: datetime
) -> AdjustmentEvent | None:
    """Note what became of an approved application; None when it was not approved or was looked at already.

    `actual` is the metric until today (None = unknown), `before` and `after` what the old and the new line asked for
    until today; `n` records behind the number.
    """
    view, asked = held(adjustment)
    today = people.business_day(at)
    if asked.event(Kind.APPROVED) is None or asked.event(Kind.CHECKED) is not None or today < asked.row.check_on:
        return None
    better = reads.metric_named(view.goal.metric, view.goal.basis).better
    figures = {"actual": actual, "before": before, "after": after, "n": n, "until": today.isoformat(),
               "verdict": rules.looked_back(actual, before, after, better=better)}  # fmt: skip
    event = _happens(asked.row, Kind.CHECKED, by=None, at=at, figures=figures)
    record("check_adjustment", by=None, at=at, entity="adjustment", object_id=asked.row.pk, label=_label(view),
           about_id=view.goal.person_id, after=figures)  # fmt: skip
    return event
