"""The values a program may send: whole minor units, ISO days, bounded text, record numbers. Nothing is guessed.

A float, a bool or a text is no amount; a day is the ten characters `YYYY-MM-DD`; text holds no control characters.
"""

from __future__ import annotations

import re
from datetime import date, time
from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from pacesetter.lib.money import LIMIT

BIGGEST_ID: Final = 2**63 - 1
MOST_ROWS: Final = 200
LAST_PAGE: Final = 100_000
# no control characters; running text may hold tabs and line ends
ONE_LINE: Final = r"^[^\x00-\x1f\x7f]*$"
RUNNING: Final = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)
_DIGITS = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


class Form(BaseModel):
    """What a program sends: a field that is not declared is refused, never ignored."""

    model_config = ConfigDict(extra="forbid")


class Answer(BaseModel):
    """What a program gets back."""


def _day(value: Any) -> date:
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            found = date.fromisoformat(value)
        except ValueError:
            found = date.min
        if 1900 <= found.year < 2200:
            return found
    raise PydanticCustomError("day", "a day as YYYY-MM-DD between 1900 and 2199")


def _clock(value: Any) -> time:
    if isinstance(value, str) and _TIME.fullmatch(value):
        return time.fromisoformat(value)
    raise PydanticCustomError("clock", "a time of the day as HH:MM")


def _digits(value: Any) -> int:
    """A whole number of an address: plain digits only."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and _DIGITS.fullmatch(value):
        return int(value)
    raise PydanticCustomError("int_parsing", "a whole number")


Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Clock = Annotated[time, BeforeValidator(_clock), WithJsonSchema({"type": "string", "pattern": f"^{_TIME.pattern}$"})]
Minor = Annotated[int, Field(strict=True, ge=0, le=LIMIT, description="minor units of the company's currency")]
# in a body a number is a number; in an address it is digits
Ref = Annotated[int, Field(strict=True, ge=1, le=BIGGEST_ID)]
PathId = Annotated[int, Field(ge=1, le=BIGGEST_ID), BeforeValidator(_digits)]
Page = Annotated[int, Field(ge=1, le=LAST_PAGE), BeforeValidator(_digits)]
Limit = Annotated[int, Field(ge=1, le=MOST_ROWS), BeforeValidator(_digits)]
Version = Annotated[int, Field(strict=True, ge=1, le=2_000_000_000, description="the version that was read")]
Flag = Annotated[bool, Field(strict=True)]

Line20 = Annotated[str, StringConstraints(strict=True, max_length=20, pattern=ONE_LINE)]
Line40 = Annotated[str, StringConstraints(strict=True, max_length=40, pattern=ONE_LINE)]
Line60 = Annotated[str, StringConstraints(strict=True, max_length=60, pattern=ONE_LINE)]
Line80 = Annotated[str, StringConstraints(strict=True, max_length=80, pattern=ONE_LINE)]
Line120 = Annotated[str, StringConstraints(strict=True, max_length=120, pattern=ONE_LINE)]
Line200 = Annotated[str, StringConstraints(strict=True, max_length=200, pattern=ONE_LINE)]
Line300 = Annotated[str, StringConstraints(strict=True, max_length=300, pattern=ONE_LINE)]
Name80 = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=80, pattern=ONE_LINE)]
Name200 = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=200, pattern=ONE_LINE)]
Reason = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=500, pattern=RUNNING)]
Remark = Annotated[str, StringConstraints(strict=True, max_length=500, pattern=RUNNING)]
Note = Annotated[str, StringConstraints(strict=True, max_length=5_000, pattern=RUNNING)]


class Why(Form):
    """An act that only asks for a reason."""

    reason: Reason


class Assign(Form):
    """To whom, and why."""

    owner_id: Ref
    reason: Remark = ""
    version: Version | None = None
