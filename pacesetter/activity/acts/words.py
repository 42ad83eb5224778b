"""The company's own words: kinds of activity, versions of the effective-visit rule, count metrics."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pacesetter.journal.acts import record
from pacesetter.journal.models import Entry
from pacesetter.lib.refusal import Refusal
from pacesetter.people import reads as people
from pacesetter.people.models import Person
from pacesetter.pipeline.acts import edit

from ..models import ActivityKind, CompanyMetric, HintSetting, Norm, VisitRule
from ..rules import hints

_KEY = re.compile(r"[a-z][a-z0-9_]{1,38}")
NORM_MOST = 200
HINT_MOST = 365

# key, 中文, English, judged by the visit rule
BUILTIN = (
    ("visit", "拜访", "Visit", True),
    ("call", "电话", "Call", False),
    ("online", "线上沟通", "Online meeting", False),
    ("proposal", "提交方案", "Proposal", False),
    ("needs_report", "需求分析报告", "Needs-analysis report", False),
    ("joint_visit", "陪同拜访", "Joint visit", True),
    ("other", "其他", "Other", False),
)


def ensure_kinds() -> int:
    """The seven kinds every installation has, put there by `migrate` (nobody acts, so no journal line)."""
    there = set(ActivityKind.objects.values_list("key", flat=True))
    missing = [kind for kind in BUILTIN if kind[0] not in there]
    ActivityKind.objects.bulk_create(
        ActivityKind(key=key, zh=zh, en=en, is_visit=is_visit, builtin=True) for key, zh, en, is_visit in missing
    )
    return len(missing)


@transaction.atomic
def add_kind(*, key: str, zh: str, en: str, by: Person | None, at: datetime, is_visit: bool = False) -> ActivityKind:
    """A kind of the company's own; its count becomes a metric."""
    if not _KEY.fullmatch(key):
        raise Refusal(_("代号只用小写字母、数字和下划线，以字母开头。"), code="key", field="key")
    edit.required(zh, "zh", _("中文名称"))
    edit.required(en, "en", _("英文名称"))
    edit.taken(ActivityKind, "key", key)
    kind = ActivityKind.objects.create(key=key, zh=zh.strip(), en=en.strip(), is_visit=is_visit)
    record("add_kind", by=by, at=at, entity="activitykind", object_id=kind.pk, label=kind.zh,
           after={"key": key, "zh": zh, "en": en, "is_visit": is_visit})  # fmt: skip
    return kind


@transaction.atomic
def set_visit_rule(
    *, valid_from: date, by: Person | None, at: datetime, contact: bool = True, result: bool = True,
    next_step: bool = True, min_minutes: int = 0, entry_hours: int = 0, duplicate_days: int = 0, place: bool = False,
    back_days: int = 3, reason: str = "", version: int | None = None,
) -> VisitRule:  # fmt: skip
    """A new version of the effective-visit rule from a day on; visits already judged keep their verdict.

    `version`: the journal's last line about the rule when the writer looked; a later one is a Conflict.
    """
    terms = {"contact": contact, "result": result, "next_step": next_step, "min_minutes": min_minutes,
             "entry_hours": entry_hours, "duplicate_days": duplicate_days, "place": place,
             "back_days": back_days}  # fmt: skip
    sent = {"valid_from": valid_from, **terms}
    edit.unchanged("visitrule", version, sent, lambda lines: (lines[0], _newest(VisitRule, sent)))
    if valid_from <= people.business_day(at) and VisitRule.objects.filter(valid_from__gte=valid_from).exists():
        raise Refusal(_("这一天之后已经有生效的版本，新版本要从更晚的日期开始。"), code="order", field="valid_from")
    people.refuse_closed(valid_from, field="valid_from")
    edit.taken(VisitRule, "valid_from", str(valid_from))
    rule = VisitRule.objects.create(valid_from=valid_from, **terms)
    record("set_visit_rule", by=by, at=at, entity="visitrule", object_id=rule.pk, label=str(valid_from),
           reason=reason, after=terms)  # fmt: skip
    return rule


def _as_seen(row: Any, seen: Mapping[str, Any] | None, values: Mapping[str, Any]) -> None:
    """These settings keep no version: what the writer saw must still stand, unless it is what they want anyway."""
    now = {name: getattr(row, name) for name in seen or {}}
    differ = {name: value for name, value in now.items() if value != (seen or {})[name] and value != values.get(name)}
    if differ:
        raise edit.conflict(row, differ, {name: values.get(name, (seen or {})[name]) for name in differ})


@transaction.atomic
def change_kind(
    kind: ActivityKind, *, by: Person | None, at: datetime, seen: Mapping[str, Any] | None = None, **values: Any
) -> ActivityKind:
    """What a visit type is called and asks for; built-in ones cannot be switched off. `seen`: what the writer saw."""
    kind = edit.locked(kind)
    _as_seen(kind, seen, values)
    if set(values) - {"zh", "en", "active", "needs_place", "needs_photo", "needs_note"}:
        raise TypeError(f"no such field: {sorted(values)}")
    if kind.builtin and not values.get("active", True):
        raise Refusal(_("内置的类型不能停用。"), code="builtin", field="active")
    return edit.change(kind, values, act="change_kind", by=by, at=at)


@transaction.atomic
def set_norm(
    *, metric: str, per: str, count: int, valid_from: date, by: Person | None, at: datetime, reason: str = "",
    version: int | None = None,
) -> Norm:  # fmt: skip
    """How much of a metric is usual, from a day on. Days that are over keep the norm they had.

    `version`: the journal's last line about norms when the writer looked; a later one of this metric is a Conflict.
    """
    if valid_from < people.business_day(at):
        raise Refusal(_("新的数量从今天或以后开始，过去的日子保持原来的。"), code="past", field="valid_from")
    if per not in ("day", "week"):
        raise Refusal(_("周期只能是每天或每周。"), code="choice", field="per")
    if not 0 <= count <= NORM_MOST:
        raise Refusal(_("数量在 0 到 %(most)s 之间。") % {"most": NORM_MOST}, code="range", field="count")
    asked = {"per": per, "count": count, "valid_from": valid_from}
    edit.unchanged("norm", version, asked, lambda lines: _this_norm(lines, metric, asked))
    before = Norm.objects.filter(metric=metric, valid_from=valid_from).first()
    if before is not None:
        return edit.change(edit.locked(before), {"per": per, "count": count}, act="set_norm", by=by, at=at,
                           reason=reason)  # fmt: skip
    norm = Norm.objects.create(metric=metric, per=per, count=count, valid_from=valid_from)
    record("set_norm", by=by, at=at, entity="norm", object_id=norm.pk, label=str(norm), reason=reason,
           after={"metric": metric, "per": per, "count": count, "valid_from": valid_from})  # fmt: skip
    return norm


def _this_norm(lines: list[Entry], metric: str, asked: Mapping[str, Any]) -> tuple[Entry, dict[str, Any]] | None:
    """The newest of these lines that is about this metric, and what it left."""
    rows = {str(row.pk): row for row in Norm.objects.filter(metric=metric)}
    line = next((one for one in lines if one.object_id in rows), None)
    return None if line is None else (line, {name: getattr(rows[line.object_id], name) for name in asked})


def _newest(model: Any, names: Iterable[str]) -> dict[str, Any]:
    """What the version says that was written last."""
    row = model.objects.order_by("-pk").first()
    return {} if row is None else {name: getattr(row, name) for name in names}


@transaction.atomic
def set_hint(
    *, key: str, days: int, active: bool, by: Person | None, at: datetime, seen: Mapping[str, Any] | None = None
) -> HintSetting:
    """Tune a follow-up hint, or switch it off for everybody. `seen`: what the writer saw."""
    if key not in hints.DEFAULTS:
        raise Refusal(_("没有这种提示。"), code="choice", field="key")
    if not 0 <= days <= HINT_MOST:
        raise Refusal(_("天数在 0 到 %(most)s 之间。") % {"most": HINT_MOST}, code="range", field="days")
    row = HintSetting.objects.filter(key=key).first()
    if row is not None:
        row = edit.locked(row)
        _as_seen(row, seen, {"days": days, "active": active})
        return edit.change(row, {"days": days, "active": active}, act="set_hint", by=by, at=at)
    row = HintSetting.objects.create(key=key, days=days, active=active)
    record("set_hint", by=by, at=at, entity="hintsetting", object_id=row.pk, label=key,
           after={"days": days, "active": active})  # fmt: skip
    return row


def _name_is_free(field: str, name: str) -> None:
    """Two metrics of one name cannot be told apart in a list."""
    # here, for the catalogue brings the query compiler along, which `migrate` has no use for
    from pacesetter.metrics.catalogue import METRICS

    plain = unicodedata.normalize("NFKC", name).strip().casefold()
    names = [getattr(one, field) for one in METRICS.values()]
    names += CompanyMetric.objects.filter(retired_at=None).values_list(field, flat=True)
    names += [f"{one}次数" if field == "zh" else one for one in
              ActivityKind.objects.filter(builtin=False, active=True).values_list(field, flat=True)]  # fmt: skip
    if plain in {unicodedata.normalize("NFKC", one).strip().casefold() for one in names}:
        raise Refusal(_("已经有叫“%(name)s”的指标，换一个名称。") % {"name": name.strip()}, code="taken", field=field)


@transaction.atomic
def make_company_metric(
    *, key: str, zh: str, en: str, kind: str, by: Person | None, at: datetime, result: str = "",
    effective_only: bool = False, distinct_customers: bool = False,
) -> CompanyMetric:  # fmt: skip
    """A count metric from a form: activities of one kind, optionally with a result, effective only, or by customer."""
    if not _KEY.fullmatch(key):
        raise Refusal(_("代号只用小写字母、数字和下划线，以字母开头。"), code="key", field="key")
    edit.required(zh, "zh", _("中文名称"))
    edit.required(en, "en", _("英文名称"))
    edit.taken(CompanyMetric, "key", key)
    _name_is_free("zh", zh)
    _name_is_free("en", en)
    if not ActivityKind.objects.filter(key=kind).exists():
        raise Refusal(_("没有这种跟进类型，或它已停用。"), code="choice", field="kind")
    metric = CompanyMetric.objects.create(
        key=key, zh=zh.strip(), en=en.strip(), kind=kind, result=result, effective_only=effective_only,
        distinct_customers=distinct_customers,
    )  # fmt: skip
    record("make_company_metric", by=by, at=at, entity="companymetric", object_id=metric.pk, label=metric.zh,
           after={"key": key, "kind": kind, "result": result, "effective_only": effective_only,
                  "distinct_customers": distinct_customers})  # fmt: skip
    return metric


@transaction.atomic
def retire_company_metric(metric: CompanyMetric, *, by: Person | None, at: datetime, reason: str = "") -> CompanyMetric:
    """Take a company's metric out of use; its key is never used again."""
    metric = edit.locked(metric)
    if metric.retired_at is not None:
        raise Refusal(_("这个指标已经停用。"), code="retired")
    return edit.change(metric, {"retired_at": at}, act="retire_company_metric", by=by, at=at, reason=reason)
