"""The company's own words: kinds of activity, versions of the effective-visit rule, count metrics."""

from __future__ import annotations

import re
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pacesetter.journal.acts import record
from pacesetter.lib.refusal import Refusal
from pacesetter.people import reads as people
from pacesetter.people.models import Person
from pacesetter.pipeline.acts import edit

from ..models import ActivityKind, CompanyMetric, VisitRule

_KEY = re.compile(r"[a-z][a-z0-9_]{1,38}")

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
    next_step: bool = True, min_minutes: int = 0, entry_hours: int = 0, duplicate_days: int = 0, reason: str = "",
) -> VisitRule:  # fmt: skip
    """A new version of the effective-visit rule from a day on; visits already judged keep their verdict."""
    if valid_from <= people.business_day(at) and VisitRule.objects.filter(valid_from__gte=valid_from).exists():
        raise Refusal(_("这一天之后已经有生效的版本，新版本要从更晚的日期开始。"), code="order", field="valid_from")
    people.refuse_closed(valid_from, field="valid_from")
    edit.taken(VisitRule, "valid_from", str(valid_from))
    rule = VisitRule.objects.create(
        valid_from=valid_from, contact=contact, result=result, next_step=next_step, min_minutes=min_minutes,
        entry_hours=entry_hours, duplicate_days=duplicate_days,
    )  # fmt: skip
    record("set_visit_rule", by=by, at=at, entity="visitrule", object_id=rule.pk, label=str(valid_from),
           reason=reason, after={"contact": contact, "result": result, "next_step": next_step,
                  "min_minutes": min_minutes, "entry_hours": entry_hours,
                  "duplicate_days": duplicate_days})  # fmt: skip
    return rule


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
