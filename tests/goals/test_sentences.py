"""The sentence of a goal reads right in both languages, whoever it is about and whatever is known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pacesetter.goals.rules.sentences import PERS, SCOPES, SLOTS, WORDS, Shape, movement, parts, text

CHINESE = {
    "colon": "：", "comma": "，", "stop": "。", "in_period": "在", "on_day": "在", "object": "把", "bring": "",
    "keep": "", "from": "从", "to": "做到", "down_to": "降到", "hold_at": "保持在", "each_day": "每个工作日",
    "each_week": "每周", "scope": "范围", "whole_scope": "范围全部客户",
}  # fmt: skip
ENGLISH = {
    "colon": ":", "comma": ",", "stop": ".", "in_period": "in", "on_day": "on", "object": "", "bring": "bring",
    "keep": "keep", "from": "from", "to": "to", "down_to": "down to", "hold_at": "at", "each_day": "each working day",
    "each_week": "a week", "scope": "for", "whole_scope": "for all customers",
}  # fmt: skip


def zh(shape, **slots):
    known = {"who": "李想", "period": "2025年10月", "metric": "成交额", "baseline": "¥38万", "target": "¥42万",
             "scope": "华东区、制造业"} | slots  # fmt: skip
    return text(parts(shape, "zh-hans"), known, CHINESE, "zh-hans")


def en(shape, **slots):
    known = {"who": "Li Xiang", "period": "October 2025", "metric": "won amount", "baseline": "¥380K",
             "target": "¥420K", "scope": "East China, manufacturing"} | slots  # fmt: skip
    return text(parts(shape, "en"), known, ENGLISH, "en")


def test_from_a_baseline_to_a_target():
    shape = Shape(42, 38, scope="named")
    assert zh(shape) == "李想在2025年10月把成交额从¥38万做到¥42万，范围华东区、制造业。"
    assert en(shape) == "Li Xiang: bring won amount from ¥380K to ¥420K in October 2025, for East China, manufacturing."


def test_without_a_baseline():
    shape = Shape(42, scope="whole")
    assert zh(shape) == "李想在2025年10月把成交额做到¥42万，范围全部客户。"
    assert en(shape, who="East team") == "East team: bring won amount to ¥420K in October 2025, for all customers."


def test_down_to_less_and_held_where_it_is():
    assert (
        zh(Shape(3, 9, scope="whole"), metric="逾期应收")
        == "李想在2025年10月把逾期应收从¥38万降到¥42万，范围全部客户。"
    )
    assert "bring overdue from ¥380K down to ¥420K in" in en(Shape(3, 9), metric="overdue")
    assert zh(Shape(5, 5, scope="whole")) == "李想在2025年10月把成交额保持在¥42万，范围全部客户。"
    assert en(Shape(5, 5, scope="whole")) == "Li Xiang: keep won amount at ¥420K in October 2025, for all customers."


@pytest.mark.parametrize(
    ("per", "chinese", "english"),
    [
        ("day", "有效拜访做到每个工作日3 家，", "visits to 3 each working day in Q4,"),
        ("week", "做到每周3 家，", "to 3 a week in Q4,"),
    ],
)
def test_a_goal_of_every_day_or_week(per, chinese, english):
    shape = Shape(3, per=per)
    assert chinese in zh(shape, metric="有效拜访", target="3 家")
    assert english in en(shape, metric="visits", target="3", period="Q4")


def test_a_single_day_is_on_and_not_in():
    assert " on Nov 23, 2026, for all" in en(Shape(3, one_day=True, scope="whole"), period="Nov 23, 2026")


shapes = st.builds(Shape, st.none() | st.integers(0, 9), st.none() | st.integers(0, 9), st.sampled_from(PERS),
                   st.sampled_from(SCOPES), st.booleans())  # fmt: skip


@given(shapes, st.sampled_from(["zh-hans", "en"]))
def test_every_sentence_has_its_slots_once_and_only_known_words(shape, language):
    found = parts(shape, language)
    slots = [part.name for part in found if part.kind == "slot"]
    assert len(slots) == len(set(slots))
    wanted = {"who", "period", "metric", "target"}
    if movement(shape) in ("up", "down"):
        wanted.add("baseline")
    if shape.scope != "whole":
        wanted.add("scope")
    assert set(slots) == wanted <= set(SLOTS)
    assert {part.name for part in found if part.kind == "word"} <= set(WORDS)
    said = text(found, dict.fromkeys(SLOTS, "x"), ENGLISH if language == "en" else CHINESE, language)
    assert "  " not in said
    assert " ," not in said


@pytest.mark.parametrize(("per", "scope"), [("month", "open"), ("", "some")])
def test_an_unknown_shape_is_refused(per, scope):
    with pytest.raises(ValueError, match="sentence"):
        Shape(1, per=per, scope=scope)


def test_a_word_no_dictionary_has_is_noticed():
    with pytest.raises(KeyError):
        text(parts(Shape(1), "en"), dict.fromkeys(SLOTS, "x"), {}, "en")
