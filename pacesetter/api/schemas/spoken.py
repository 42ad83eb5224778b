"""One spoken line and the card it becomes."""

from __future__ import annotations

from datetime import date
from datetime import time as clock
from typing import Annotated

from pydantic import Field, StringConstraints

from ..fields import ONE_LINE, Answer, Form


class Spoken(Form):
    """A line such as 「拜访 海川机械 王总 有意向 下周二报价」."""

    text: Annotated[str, StringConstraints(strict=True, min_length=1, max_length=300, pattern=ONE_LINE)]


class Named(Answer):
    """A customer or a contact."""

    id: int
    name: str


class SpokenWord(Answer):
    """What was understood as which part (`filler`: as none), where it stands in the line."""

    part: str
    text: str
    start: int


class Card(Answer):
    """What a line says; nothing was written. Send it to `activities` once somebody confirmed it.

    Where it may be more than one customer or contact, the singular is null and the plural lists them. `note` holds
    every word that was not understood, in its order.
    """

    kind: str = Field(description="empty where the line says none")
    customer: Named | None
    candidates: list[Named]
    contact: Named | None
    contacts: list[Named]
    contact_name: str
    result: str
    next_step: str
    next_on: date | None
    next_time: clock | None
    minutes: int | None
    amount_minor: int | None
    on: date | None
    time: clock | None
    note: str
    words: list[SpokenWord]
