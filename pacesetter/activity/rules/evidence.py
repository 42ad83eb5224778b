"""What an observation and a needs report ask for until a company says otherwise, and when their words are whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, Final

FEWEST_QUESTIONS: Final = 3
MOST_QUESTIONS: Final = 6
MOST_SECTIONS: Final = 12
ANCHORS: Final = ("1", "3", "5")
SCORES: Final = (1, 2, 3, 4, 5)
# a report nobody has read is overdue for both sides after this many days
UNREAD_DAYS: Final = 14
# the companion is reminded this long; afterwards nobody remembers the visit well enough
REMIND_DAYS: Final = 30


def _question(key: str, zh: str, en: str, *anchors: tuple[str, str]) -> dict[str, Any]:
    return {"key": key, "zh": zh, "en": en, "anchors": dict(zip(ANCHORS, map(list, anchors), strict=True))}


SCORECARD: Final[Sequence[Mapping[str, Any]]] = (
    _question(
        "purpose", "目的清楚", "Purpose",
        ("没说来做什么", "Did not say why they came"),
        ("说了目的，没和客户对齐", "Said why, without agreeing it with the customer"),
        ("开场对齐目的和时间，客户认可", "Agreed purpose and time at the start"),
    ),
    _question(
        "questions", "提问", "Questions",
        ("几乎只讲不问", "Talked and hardly asked"),
        ("问了现状，没追问影响", "Asked about the situation, not about what it costs"),
        ("从现状问到影响和期望，客户说得更多", "From situation to effect and wish; the customer spoke more"),
    ),
    _question(
        "listening", "倾听", "Listening",
        ("打断客户，或没接住要点", "Interrupted, or missed the point"),
        ("听完再答，没有复述确认", "Let them finish, without summing up"),
        ("复述要点，客户点头确认", "Summed up, and the customer agreed"),
    ),
    _question(
        "value", "方案对应需求", "Answer to the need",
        ("讲产品，不谈客户的问题", "Spoke of the product, not of their problem"),
        ("对上一部分需求", "Answered part of the need"),
        ("每一点都对上客户说的需求，有例子", "Each point answered a need they had named, with an example"),
    ),
    _question(
        "next_step", "推进下一步", "Next step",
        ("没有约下一步", "No next step"),
        ("约了下一步，日期或人不清楚", "A next step without a day or a name"),
        ("约定做什么、谁来、哪一天", "Agreed what, who and which day"),
    ),
)  # fmt: skip

REPORT: Final[Sequence[Mapping[str, Any]]] = (
    {"key": "situation", "zh": "客户背景与现状", "en": "Customer and situation", "required": True},
    {"key": "needs", "zh": "需求与问题", "en": "Needs and problems", "required": True},
    {"key": "decision", "zh": "谁来决定，怎么决定", "en": "Who decides, and how", "required": False},
    {"key": "budget", "zh": "预算与时间", "en": "Budget and timing", "required": False},
    {"key": "rivals", "zh": "竞争对手", "en": "Competitors", "required": False},
    {"key": "proposal", "zh": "建议方案与下一步", "en": "What we suggest, and the next step", "required": True},
)


def card_faults(questions: Sequence[Mapping[str, Any]]) -> list[str]:
    """What is wrong with a scorecard: `count`, `keys`, `words`, `anchors`."""
    found = []
    if not FEWEST_QUESTIONS <= len(questions) <= MOST_QUESTIONS:
        found.append("count")
    found += _common(questions)
    for question in questions:
        anchors = question.get("anchors", {})
        whole = set(anchors) == set(ANCHORS) and all(
            len(pair) == 2 and all(str(word).strip() for word in pair) for pair in anchors.values()
        )
        if not whole:
            found.append("anchors")
            break
    return found


def template_faults(sections: Sequence[Mapping[str, Any]]) -> list[str]:
    """What is wrong with a report template: `count`, `keys`, `words`."""
    return ([] if 1 <= len(sections) <= MOST_SECTIONS else ["count"]) + _common(sections)


def _common(parts: Sequence[Mapping[str, Any]]) -> list[str]:
    keys = [str(part.get("key", "")) for part in parts]
    found = ["keys"] if len(set(keys)) != len(keys) or not all(key.isidentifier() for key in keys) else []
    if not all(str(part.get("zh", "")).strip() and str(part.get("en", "")).strip() for part in parts):
        found.append("words")
    return found


def score_faults(scores: Mapping[str, int], questions: Sequence[Mapping[str, Any]]) -> list[str]:
    """Keys of scores that no question asks for, or that are no score; a question left out could not be seen."""
    known = {question["key"] for question in questions}
    return [key for key, score in scores.items() if key not in known or score not in SCORES]


def missing_sections(answers: Mapping[str, str], sections: Sequence[Mapping[str, Any]]) -> list[str]:
    """Keys of the sections that must be written and are empty."""
    return [part["key"] for part in sections if part.get("required") and not answers.get(part["key"], "").strip()]


def report_state(
    sent_at: datetime, read_at: datetime | None, replied_at: datetime | None, on: date, zone: tzinfo
) -> str:
    """`answered`, `read`, `overdue` (unread after 14 days) or `waiting`."""
    if replied_at is not None:
        return "answered"
    if read_at is not None:
        return "read"
    return "overdue" if on > sent_at.astimezone(zone).date() + timedelta(days=UNREAD_DAYS) else "waiting"
