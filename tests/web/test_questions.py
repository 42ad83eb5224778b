"""⑧ of the Why drawer: asking about a number, the answer on it, who is told, who reads it.

2026-03-05  孙浩 (华东一队) wins A 100,000.00; 2026-02-10 and 2026-01-20 郑宇 wins M 50,000.00 (already in 二队) and
N 30,000.00 (still in 一队).
"""

from __future__ import annotations

import re
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pacesetter.journal.models import Entry
from pacesetter.people import acts as people
from pacesetter.people.models import Person, Question
from pacesetter.pipeline.acts import bulk
from tests.world import AT, TODAY, World

pytestmark = pytest.mark.usefixtures("on_the_day")
MARCH = "period=2026-03"


@pytest.fixture
def ledger(world: World) -> World:
    """The facts of this file's docstring."""
    with bulk.promote(by=world.admin, at=AT, on=TODAY, label="ledger") as batch:
        (customer,) = batch.customers([bulk.CustomerRow("海川机械", owner_id=world.veteran.pk)])
        rows = [
            bulk.DealRow(name, "won", customer_id=customer, owner_id=who.pk, amount_minor=amount, opened_on=on,
                         closed_on=on)
            for name, who, amount, on in (
                ("A", world.veteran, 10_000_000, date(2026, 3, 5)),
                ("M", world.mover, 5_000_000, date(2026, 2, 10)),
                ("N", world.mover, 3_000_000, date(2026, 1, 20)),
            )
        ]  # fmt: skip
        bulk.prepare(rows)
        batch.deals(rows)
    return world


def as_reader(reader: Person) -> Client:
    client = Client()
    client.force_login(reader)
    return client


def ask(
    reader: Person, query: str, text: str = "少了一单", key: str = "", metric: str = "won_amount", **more: Any
) -> Any:
    body = {"key": key or uuid.uuid4().hex, "text": text}
    return as_reader(reader).post(f"/why/{metric}/ask/?{query}", body, **more)


def do(reader: Person, question: Question, what: str, **body: str) -> Any:
    sent = {"key": uuid.uuid4().hex, "do": what, **body}
    return as_reader(reader).post(f"/insights/questions/{question.pk}/", sent)


def why(reader: Person, query: str, metric: str = "won_amount") -> str:
    response = as_reader(reader).get(f"/why/{metric}/?{query}")
    assert response.status_code == 200
    return response.content.decode()


def home(reader: Person) -> str:
    return as_reader(reader).get("/").content.decode()


def test_from_the_question_to_the_answer_on_the_number(ledger: World) -> None:
    assert "等你回答的提问" in home(ledger.analyst)
    response = ask(ledger.veteran, MARCH, "海川那一单是十万吗")
    assert response.status_code == 302
    question = Question.objects.get()
    assert (question.scope, question.period) == (f"scope=person%3A{ledger.veteran.pk}", "2026-03")
    assert (question.shown_top, question.shown_bottom) == (10_000_000, None)
    assert "海川那一单是十万吗" in home(ledger.analyst)
    assert "海川那一单是十万吗" not in home(ledger.director), "directors answer, but it is the analyst's desk"
    assert "等待回答" in why(ledger.veteran, MARCH)
    assert 'name="text"' not in why(ledger.veteran, MARCH)
    assert "¥100,000.00" in as_reader(ledger.analyst).get(f"/insights/questions/{question.pk}/").content.decode()
    assert do(ledger.analyst, question, "answer", answer="是，合同写的是十万。").status_code == 302
    assert "海川那一单是十万吗" in home(ledger.veteran)
    assert "海川那一单是十万吗" not in home(ledger.analyst)
    own = f"{MARCH}&scope=person:{ledger.veteran.pk}"
    for reader, query in ((ledger.veteran, MARCH), (ledger.veteran, own), (ledger.leader, own), (ledger.director, own)):
        assert "是，合同写的是十万。" in why(reader, query)
    for query in (MARCH, "period=2026-02&scope=person:" + str(ledger.veteran.pk)):
        assert "合同写的" not in why(ledger.director, query), "another number"
    assert "合同写的" not in why(ledger.director, own, "deals_won")
    assert do(ledger.veteran, question, "note").status_code == 302
    assert "海川那一单是十万吗" not in home(ledger.veteran)


def test_all_i_may_see_is_another_number_for_each_reader(ledger: World) -> None:
    ask(ledger.leader, MARCH)
    ask(ledger.director, MARCH)
    scopes = set(Question.objects.values_list("asked_by__name", "scope"))
    assert scopes == {("王敏", f"scope=team%3A{ledger.east1.pk}"), ("周岚", "")}


def test_whoever_sees_only_a_part_of_a_number_does_not_read_what_was_said_about_all_of_it(ledger: World) -> None:
    """郑宇 moved on 02-01: 王敏 sees N, 赵磊 sees M, the director both."""
    quarter = f"period=2026Q1&scope=person:{ledger.mover.pk}"
    ask(ledger.director, quarter)
    do(ledger.analyst, Question.objects.get(), "answer", answer="两队合计八万。")
    assert "两队合计八万" in why(ledger.director, quarter)
    assert "两队合计八万" in why(ledger.mover, quarter)
    for leader in (ledger.leader, ledger.leader2):
        assert "两队合计八万" not in why(leader, quarter)
    in_february = f"period=2026-02&scope=person:{ledger.mover.pk}"
    ask(ledger.director, in_february)
    do(ledger.analyst, Question.objects.get(period="2026-02"), "answer", answer="都在二队。")
    assert "都在二队" in why(ledger.leader2, in_february), "the control: the whole of it is in reach"


def test_who_leads_several_teams_is_asked_to_choose_one(ledger: World) -> None:
    people.change_team(team=ledger.south1, leader=ledger.leader, by=None, at=AT)
    response = ask(ledger.leader, MARCH)
    assert response.status_code == 422
    assert "先选一个团队" in response.content.decode()
    assert f"team%3A{ledger.south1.pk}" in why(ledger.leader, MARCH)
    assert ask(ledger.leader, f"{MARCH}&scope=team:{ledger.south1.pk}").status_code == 302
    assert Question.objects.count() == 1


def test_the_same_form_twice_asks_once_and_with_other_words_not_at_all(ledger: World) -> None:
    key = uuid.uuid4().hex
    first, again = (ask(ledger.veteran, MARCH, key=key) for _time in range(2))
    assert first.status_code == again.status_code == 302
    assert first.headers["Location"] == again.headers["Location"]
    assert Question.objects.count() == 1
    assert ask(ledger.veteran, MARCH, "别的话", key=key).status_code == 422
    assert Question.objects.count() == 1


def test_an_empty_question_stays_in_the_drawer_with_what_is_wrong(ledger: World) -> None:
    before = Entry.objects.count()
    response = ask(ledger.veteran, MARCH, " ", headers={"HX-Request": "true"})
    assert response.status_code == 422
    html = response.content.decode()
    assert "写下你想问什么" in html
    assert "<html" not in html
    assert "<html" in ask(ledger.veteran, MARCH, " ").content.decode()
    assert Entry.objects.count() == before
    sent = ask(ledger.veteran, MARCH, headers={"HX-Request": "true"})
    assert sent.status_code == 200
    assert "已发给数据分析师" in sent.content.decode()


def test_what_is_out_of_reach_can_neither_be_asked_about_nor_answered(ledger: World) -> None:
    assert ask(ledger.veteran, f"{MARCH}&scope=person:{ledger.grower.pk}").status_code == 404
    assert ask(ledger.leader, f"{MARCH}&scope=team:{ledger.east2.pk}").status_code == 404
    assert ask(ledger.hrbp, MARCH).status_code == 404, "no prices"
    assert ask(ledger.admin, MARCH).status_code == 404
    assert not Question.objects.exists()
    ask(ledger.veteran, MARCH)
    question = Question.objects.get()
    for reader in (ledger.leader, ledger.grower, ledger.finance, ledger.hrbp, ledger.admin, ledger.stranger):
        assert do(reader, question, "answer", answer="我来答").status_code == 404, reader.name
    for reader, what in ((ledger.veteran, "answer"), (ledger.analyst, "withdraw"), (ledger.veteran, "nonsense")):
        assert do(reader, question, what, answer="我来答").status_code == 404, (reader.name, what)
    question.refresh_from_db()
    assert question.answer == ""
    assert do(ledger.director, question, "answer", answer="总监也能答").status_code == 302


def test_a_question_goes_out_of_reach_with_its_number(ledger: World) -> None:
    ask(ledger.leader, f"{MARCH}&scope=person:{ledger.veteran.pk}")
    question = Question.objects.get()
    assert as_reader(ledger.leader).get(f"/insights/questions/{question.pk}/").status_code == 200
    do(ledger.analyst, question, "answer", answer="答")
    assert "少了一单" in home(ledger.leader)
    people.change_team(team=ledger.east1, leader=ledger.leader2, by=None, at=AT)
    assert as_reader(ledger.leader).get(f"/insights/questions/{question.pk}/").status_code == 404
    assert "少了一单" not in home(ledger.leader)
    assert "少了一单" not in as_reader(ledger.leader).get("/insights/questions/").content.decode()


def test_a_second_answer_is_refused_on_the_page(ledger: World) -> None:
    ask(ledger.veteran, MARCH)
    question = Question.objects.get()
    do(ledger.analyst, question, "answer", answer="先到")
    late = do(ledger.director, question, "answer", answer="后到")
    assert late.status_code == 422
    assert "何睿 已经回答了" in late.content.decode()


def test_an_expired_question_is_told_and_cannot_be_answered(ledger: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(ledger.veteran, MARCH)
    question = Question.objects.get()
    Question.objects.update(asked_at=AT - timedelta(days=31))
    assert "过期未答" in home(ledger.veteran)
    assert "少了一单" not in home(ledger.analyst)
    assert do(ledger.analyst, question, "answer", answer="晚了").status_code == 422
    assert 'name="text"' in why(ledger.veteran, MARCH), "it may be asked again"
    assert do(ledger.veteran, question, "note").status_code == 302
    assert "过期未答" not in home(ledger.veteran)


def test_a_list_for_whoever_answers_and_for_whoever_asked(ledger: World) -> None:
    ask(ledger.veteran, MARCH, "问题甲")
    ask(ledger.leader, MARCH, "问题乙")

    def texts(reader: Person, show: str) -> list[str]:
        html = as_reader(reader).get(f"/insights/questions/?show={show}").content.decode()
        return re.findall("问题[甲乙]", html)

    assert texts(ledger.analyst, "open") == ["问题甲", "问题乙"]
    assert texts(ledger.analyst, "mine") == []
    assert texts(ledger.director, "all") == ["问题乙", "问题甲"]
    for show in ("open", "mine", "all", ""):
        assert texts(ledger.leader, show) == ["问题乙"]


def test_pages_of_questions_take_the_same_few_queries_however_many_there_are(ledger: World) -> None:
    def queries(reader: Person, path: str) -> int:
        client = as_reader(reader)
        client.get(path)
        with CaptureQueriesContext(connection) as found:
            assert client.get(path).status_code == 200
        return len(found)

    pages = [
        (ledger.analyst, "/insights/questions/"),
        (ledger.leader, "/insights/questions/"),
        (ledger.analyst, "/"),
        (ledger.leader, "/"),
        (ledger.leader, f"/why/won_amount/?{MARCH}"),
    ]
    counts = []
    for day in (1, 9):
        for person in (ledger.veteran, ledger.grower, ledger.newcomer):
            for step in range(day):
                people.ask_question(
                    metric="won_amount", basis="", scope=f"scope=person%3A{person.pk}", text="问",
                    period=f"2026-03-{day + step:02}..2026-03-16", shown=(0, None, 0), by=ledger.leader, at=AT,
                )  # fmt: skip
        for question in Question.objects.filter(answered_at=None).order_by("id")[::2]:
            people.answer_question(question=question, answer="答", by=ledger.analyst, at=AT)
        people.ask_question(
            metric="won_amount", basis="", scope=f"scope=team%3A{ledger.east1.pk}", text="问",
            period="2026-02" if day == 1 else "2026-03", shown=(0, None, 0), by=ledger.leader, at=AT,
        )  # fmt: skip
        counts.append([queries(*page) for page in pages])
    assert max(max(row[:-1]) for row in counts) <= 30, counts
    assert all(many <= few for few, many in zip(*counts, strict=True)), counts
