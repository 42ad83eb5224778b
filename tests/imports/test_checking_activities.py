"""What a check decides about activities: kinds by name, visits judged anew, days without a moment."""

from __future__ import annotations

from datetime import UTC, date

import pytest

from pacesetter.activity.models import Activity, ActivityKind
from tests.imports.test_checking import company, counts, errors, run

__all__ = ["company"]
pytestmark = pytest.mark.django_db


def test_a_kind_the_company_made_is_understood_by_its_name() -> None:
    ActivityKind.objects.create(key="sample", zh="样品寄送", en="Sample sent")
    assert run("activities", "类型,时间,人员\n样品寄送,2026-03-05,0007\n").taken
    assert Activity.objects.get().kind == "sample"
    assert errors(run("activities", "类型,时间,人员\n打高尔夫,2026-03-05,0007\n")) == [(2, "类型", "unknown_word")]


def test_a_visit_that_the_file_completes_is_judged_anew() -> None:
    run("customers", "客户名称\n海川\n")
    head = "活动编号,类型,时间,人员,客户,联系人,结果,下一步,下一步日期\n"
    run("activities", head + "A1,拜访,2026-03-05,0007,海川,赵工,有意向,,\n")
    assert Activity.objects.get().effective is False
    result = run("activities", head + "A1,拜访,2026-03-05,0007,海川,赵工,有意向,发报价,2026-03-09\n")
    assert counts(result) == {"updated": 1}
    assert Activity.objects.get().effective is True


def test_a_day_without_a_time_has_no_moment() -> None:
    run("activities", "类型,时间,人员\n电话,2026-03-05,0007\n电话,2026-03-05 14:05,0007\n")
    found = Activity.objects.order_by("id")
    assert [(row.on, row.at and row.at.astimezone(UTC).hour) for row in found] == [
        (date(2026, 3, 5), None), (date(2026, 3, 5), 6),
    ]  # fmt: skip
