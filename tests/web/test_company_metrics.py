"""A company's own counts: they say what they count, are told apart by name, and can be taken out of use."""

from __future__ import annotations

from typing import Any

import pytest

from pacesetter import assembly
from pacesetter.activity import acts
from pacesetter.activity.models import CompanyMetric
from pacesetter.lib.refusal import Refusal
from tests.web.selling_goals import as_reader, page, send
from tests.world import AT, World

pytestmark = pytest.mark.usefixtures("on_the_day")


def made(key: str = "demos", zh: str = "演示客户数", en: str = "Customers shown", **more: Any) -> CompanyMetric:
    return acts.make_company_metric(key=key, zh=zh, en=en, kind="visit", by=None, at=AT, **more)


@pytest.mark.parametrize(
    ("more", "zh", "en", "formula"),
    [
        ({}, "本期登记的拜访次数。", "activities of kind “Visit” logged in the period.", "= 符合条件的记录条数"),
        ({"effective_only": True, "result": "谈价格"}, "本期登记的有效拜访次数，结果为“谈价格”。",
         "effective activities of kind “Visit” logged in the period that ended in “谈价格”.", "= 符合条件的记录条数"),
        ({"distinct_customers": True}, "本期登记过拜访的客户数，同一客户只数一次。", "each customer once.",
         "= 符合条件的客户数，同一客户只数一次"),
    ],
)  # fmt: skip
def test_an_own_count_says_what_it_counts(world: World, more: dict[str, Any], zh: str, en: str, formula: str):
    made(**more)
    meaning = assembly.metric("demos").meaning
    assert meaning[0].endswith(zh)
    assert meaning[1].endswith(en)
    html = page(world.director, "/insights/metrics/demos/?period=2026-03")
    assert meaning[0] in html
    assert f"演示客户数 {formula}<" in html


@pytest.mark.parametrize(
    ("field", "name"), [("zh", "成交额"), ("zh", " 成交额 "), ("en", "won amount"), ("zh", "演示客户数")]
)
def test_a_name_that_a_metric_has_already_is_refused_beside_its_box(world: World, field: str, name: str):
    made()
    asked = {"zh": "新的", "en": "Another", "key": "other", "kind": "visit", field: name}
    answer = send(world.director, "/insights/metrics/new/", **asked)
    assert answer.status_code == 422
    assert "已经有叫" in answer.content.decode()
    assert CompanyMetric.objects.count() == 1
    with pytest.raises(Refusal) as refused:
        made("other", **{"zh": "新的", "en": "Another", field: name})
    assert refused.value.field == field


def test_an_own_count_is_taken_out_of_use_on_its_page_and_its_name_is_free_again(world: World):
    made()
    path = "/insights/metrics/demos/"
    button = f'action="{path}retire/"'
    assert button in page(world.director, path)
    assert button not in page(world.leader, path)
    assert button not in page(world.director, "/insights/metrics/won_amount/")
    assert send(world.leader, f"{path}retire/").status_code == 404
    assert send(world.director, f"{path}retire/").status_code == 302
    assert as_reader(world.director).get(path).status_code == 404
    assert CompanyMetric.objects.get().retired_at is not None
    made("demos_again")
    assert send(world.director, f"{path}retire/").status_code == 404
