"""The sentence of a goal as ordered parts: 「李想 在 10 月 把 成交额 从 ¥38万 做到 ¥42万，范围 华东区」.

    zh  who 在 period 把 metric 从 baseline 做到 [每周] target ，范围 scope 。
    en  who : bring metric from baseline to target [a week] in period , for scope .

A part is a slot (a value or a form field of the page) or a word (a code; the doors' dictionaries hold the text). The
English has no verb that would have to agree with who: it is a name, a colon and an infinitive, for one person, a team
and a company alike. Nothing here knows a text of either language.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

SLOTS: Final = ("who", "period", "metric", "baseline", "target", "scope")
# every word a dictionary must have, in both languages
WORDS: Final = (
    "colon", "comma", "stop", "in_period", "on_day", "object", "bring", "keep", "from", "to", "down_to", "hold_at",
    "each_day", "each_week", "scope", "whole_scope",
)  # fmt: skip
PERS: Final = ("", "day", "week")
SCOPES: Final = ("named", "whole", "open")
# no blank before these
_TIGHT: Final = frozenset({"colon", "comma", "stop"})


@dataclass(frozen=True, slots=True)
class Shape:
    """What the sentence has to say. Values in the metric's unit only to compare; the texts of slots are the page's.

    `baseline` None: there is none to start from. `per`: "" for the whole period, `day` or `week` for a goal of every
    working day or week. `scope`: named | whole (stated as everything) | open (still to be named). `one_day`: the period
    is a single day.
    """

    target: int | None = None
    baseline: int | None = None
    per: str = ""
    scope: str = "open"
    one_day: bool = False

    def __post_init__(self) -> None:
        if self.per not in PERS or self.scope not in SCOPES:
            raise ValueError(f"no such sentence: {self.per}, {self.scope}")


@dataclass(frozen=True, slots=True)
class Part:
    """One piece: `kind` slot | word, its name or code; `tight`: no blank before it where the language has blanks."""

    kind: str
    name: str

    @property
    def tight(self) -> bool:
        """Whether it stands right behind what is before it."""
        return self.kind == "word" and self.name in _TIGHT


def parts(shape: Shape, language: str) -> tuple[Part, ...]:
    """The pieces in the order of a language (`zh…`, anything else English). Every slot stands once at most."""
    move = movement(shape)
    found = _chinese(shape, move) if language.startswith("zh") else _english(shape, move)
    return tuple(Part("slot" if is_slot else "word", name) for is_slot, name in found)


def movement(shape: Shape) -> str:
    """`hold` at the baseline, `down` below it, `up` above it, `reach` where there is none."""
    if shape.baseline is None or shape.target is None:
        return "reach"
    if shape.target == shape.baseline:
        return "hold"
    return "down" if shape.target < shape.baseline else "up"


def text(pieces: Sequence[Part], slots: Mapping[str, str], words: Mapping[str, str], language: str) -> str:
    """The sentence as one text; blanks between the pieces in English only. KeyError for a slot or word left out."""
    found = ""
    for piece in pieces:
        body = slots[piece.name] if piece.kind == "slot" else words[piece.name]
        blank = " " if found and not piece.tight and not language.startswith("zh") else ""
        found += blank + body
    return found


_Piece = tuple[bool, str]  # (is a slot, name)


def _slot(name: str) -> _Piece:
    return True, name


def _word(code: str) -> _Piece:
    return False, code


def _chinese(shape: Shape, move: str) -> list[_Piece]:
    found = [_slot("who"), _word("on_day" if shape.one_day else "in_period"), _slot("period"), _word("object"),
             _slot("metric")]  # fmt: skip
    if move in ("up", "down"):
        found += [_word("from"), _slot("baseline")]
    found.append(_word({"down": "down_to", "hold": "hold_at"}.get(move, "to")))
    if shape.per:
        found.append(_word(f"each_{shape.per}"))
    found.append(_slot("target"))
    return [*found, *_scope(shape), _word("stop")]


def _english(shape: Shape, move: str) -> list[_Piece]:
    found = [_slot("who"), _word("colon"), _word("keep" if move == "hold" else "bring"), _slot("metric")]
    if move in ("up", "down"):
        found += [_word("from"), _slot("baseline")]
    found += [_word({"down": "down_to", "hold": "hold_at"}.get(move, "to")), _slot("target")]
    if shape.per:
        found.append(_word(f"each_{shape.per}"))
    found += [_word("on_day" if shape.one_day else "in_period"), _slot("period")]
    return [*found, *_scope(shape), _word("stop")]


def _scope(shape: Shape) -> list[_Piece]:
    if shape.scope == "whole":
        return [_word("comma"), _word("whole_scope")]
    return [_word("comma"), _word("scope"), _slot("scope")]
