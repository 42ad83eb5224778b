"""Tables pasted into the spread: headings say which month a column is; one that nobody understands is refused."""

from __future__ import annotations

import pytest

from tests.web.spreading_company import Company, client, company, company_goal, send, shown

__all__ = ["company"]
pytestmark = pytest.mark.usefixtures("on_the_day")


def by_hand(answer: object, kind: str) -> dict[str, str]:
    """What stands in the boxes of months (cell) or totals (fix): place or nothing → value."""
    held = {name: value for name, value in shown(answer).items() if name.startswith(f"{kind}-") and value}
    return {name.rsplit("-", 1)[1] if kind == "cell" else kind: value for name, value in held.items()}


def test_months_go_by_their_headings_in_any_order(company: Company) -> None:
    world, _teams, _made = company
    goal = company_goal(world)
    answer = send(world.director, goal, paste="姓名\t12月（万元）\t2月（万元）\n销售05\t30\t20")
    assert answer.status_code == 200
    assert by_hand(answer, "cell") == {"11": "300000", "1": "200000"}
    assert by_hand(answer, "fix") == {}, "the other months are still spread"


def test_all_months_make_the_total(company: Company) -> None:
    world, _teams, _made = company
    goal = company_goal(world)
    months = list(range(12, 0, -1))
    head = "\t".join(f"{month}月（万元）" for month in months)
    row = "\t".join(str(month) for month in months)
    answer = send(world.director, goal, paste=f"姓名\t{head}\n销售05\t{row}")
    assert by_hand(answer, "cell") == {str(month - 1): str(month * 10_000) for month in months}
    assert by_hand(answer, "fix") == {"fix": "780000"}


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("姓名\t2025年7月\n销售05\t30", "这一列的时间不在目标的期间里"),
        ("姓名\tQ2\n销售05\t30", "这一列的时间不在目标的期间里"),
        ("姓名\t5月\t5月\n销售05\t30\t20", "同一个月有两列"),
        ("姓名\t目标\t备注\n销售05\t30\t20", "多出来的一列"),
        ("销售05\t30\t20", "有几列数而没有表头"),
    ],
)
def test_a_column_nobody_understands_is_refused(company: Company, table: str, says: str) -> None:
    world, _teams, _made = company
    goal = company_goal(world)
    answer = send(world.director, goal, paste=table)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert by_hand(answer, "fix") == by_hand(answer, "cell") == {}


def test_a_text_with_a_percent_sign_is_read_in_english(company: Company) -> None:
    world, _teams, _made = company
    goal = company_goal(world)
    html = client(world.director).get(f"/goals/spread/?from={goal.pk}", headers={"accept-language": "en"})
    assert "What people are weighed by (100% together)" in html.content.decode()
