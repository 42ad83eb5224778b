"""What somebody saw on a joint visit: one observation per visit and observer, changed by nobody else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pacesetter.journal.acts import record
from pacesetter.lib.refusal import Refusal
from pacesetter.people import reads as people
from pacesetter.people.models import Person
from pacesetter.people.reach import reach_of
from pacesetter.pipeline.acts import edit

from .. import reads
from ..models import Activity, Observation, Scorecard
from ..rules import evidence as rules

LONGEST = 300


@transaction.atomic
def observe_visit(
    activity: Activity, *, scores: Mapping[str, int], did_well: str = "", to_try: str = "", by: Person, at: datetime,
    version: int | None = None,
) -> Observation:  # fmt: skip
    """Write what was seen, or change one's own words. The same words again change nothing.

    The journal tells that it was written, not what it says: the words are for those who need them.
    """
    activity = edit.locked(activity)
    row = Observation.objects.filter(activity=activity, observer=by).first()
    _may(activity, by, at, row)
    card = row.scorecard if row is not None else reads.scorecard_on(activity.on)
    did_well, to_try = did_well.strip()[:LONGEST], to_try.strip()[:LONGEST]
    given = {key: score for key, score in scores.items() if score is not None}
    if rules.score_faults(given, reads.questions_of(card)):
        raise Refusal(_("分数只能是 1 到 5，题目以这张观察表为准。"), code="score", field="scores")
    if not given and not did_well and not to_try:
        raise Refusal(_("至少打一个分，或写一句话。"), code="required", field="did_well")
    values: dict[str, Any] = {"scores": given, "did_well": did_well, "to_try": to_try}
    if row is None:
        row = Observation.objects.create(activity=activity, observer=by, scorecard=card, at=at, **values)
        changed = sorted(values)
    else:
        if version is not None and version != row.version:
            raise edit.conflict(row, {}, {})
        changed = sorted(name for name, value in values.items() if getattr(row, name) != value)
        if not changed:
            return row
        for name, value in values.items():
            setattr(row, name, value)
        row.version += 1
        row.save()
    record("observe_visit", by=by, at=at, entity="observation", object_id=row.pk, label=str(activity),
           about_id=activity.person_id,
           after={"activity_id": activity.pk, "version": row.version, "changed": changed})  # fmt: skip
    return row


def _may(activity: Activity, by: Person, at: datetime, row: Observation | None) -> None:
    if activity.withdrawn_at is not None:
        raise Refusal(_("这条记录已经撤回。"), code="withdrawn")
    if activity.person_id == by.pk:
        raise Refusal(_("不能给自己的拜访写观察，请同行的人写。"), code="own")
    if not reads.is_joint(activity):
        raise Refusal(_("只有拜访可以写陪访观察。"), code="kind")
    if row is None and activity.companion_id != by.pk:
        above = reads.close_to(reach_of(by, people.business_day(at)))
        if not above.filter(pk=activity.pk).exists():
            raise Refusal(_("只有同行的人和上级可以写观察。"), code="companion")


@transaction.atomic
def set_scorecard(
    *, valid_from: date, questions: Sequence[Mapping[str, Any]], by: Person | None, at: datetime, reason: str = "",
    version: int | None = None,
) -> Scorecard:  # fmt: skip
    """The questions of observations of visits from a day on; earlier visits keep theirs."""
    if rules.card_faults(questions):
        raise Refusal(
            _("观察表要 3 到 6 题，每题有中英文名称，以及 1、3、5 分各是什么样。"), code="shape", field="questions"
        )
    card: Scorecard = new_words(Scorecard, "questions", questions, act="set_scorecard", valid_from=valid_from, by=by,
                                at=at, reason=reason, version=version)  # fmt: skip
    return card


def new_words(
    model: Any, name: str, parts: Sequence[Mapping[str, Any]], *, act: str, valid_from: date, by: Person | None,
    at: datetime, reason: str, version: int | None,
) -> Any:  # fmt: skip
    """A version of the questions or sections, today or later; one that has not begun yet is replaced by the next.

    `version`: the journal's last line about them when the writer looked; a later one is a Conflict.
    """
    entity, kept, today = str(model._meta.model_name), [dict(one) for one in parts], people.business_day(at)
    rows = model.objects.order_by("-valid_from")
    edit.unchanged(entity, version, {name: kept}, lambda lines: (lines[0], {name: getattr(rows.first(), name)}))
    if valid_from < today:
        raise Refusal(_("新版本从今天或以后开始，过去的记录保持原来的。"), code="past", field="valid_from")
    row = model.objects.filter(valid_from=valid_from).first()
    if row is not None and valid_from == today:
        raise Refusal(_("这一天已经有一个版本了，换一天。"), code="exists", field="valid_from")
    if row is not None:
        return edit.change(edit.locked(row), {name: kept}, act=act, by=by, at=at, reason=reason)
    row = model.objects.create(valid_from=valid_from, **{name: kept})
    record(act, by=by, at=at, entity=entity, object_id=row.pk, label=str(row), reason=reason,
           after={"valid_from": valid_from, name: kept})  # fmt: skip
    return row
