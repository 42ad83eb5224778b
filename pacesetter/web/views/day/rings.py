"""The rings of My day: what was done against the own goal or the company's usual number, each from the catalogue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from pacesetter import assembly
from pacesetter.activity import reads
from pacesetter.lib.refusal import OutOfReach
from pacesetter.metrics.engine.question import Cell, Question
from pacesetter.people.reach import Reach

from ... import show
from ..insights import asked, links
from ..insights.scope import Where
from . import aims

DAY = timedelta(days=1)
MOST = 3


@dataclass(frozen=True)
class Ring:
    """One ring: the metric, how much is done, how much is usual, and where the number explains itself."""

    key: str
    name: tuple[str, str]
    per: str
    done: int
    usual: int
    why: str

    @property
    def percent(self) -> int:
        """How far the ring is filled, whole percent; more than full stays full."""
        return min(100, self.done * 100 // self.usual) if self.usual else 0

    @property
    def full(self) -> bool:
        return self.done >= self.usual

    def as_json(self) -> dict[str, Any]:
        """What the page needs to move the ring without a reload."""
        return {"key": self.key, "done": self.done, "usual": self.usual, "percent": self.percent, "full": self.full,
                "name": self.name[0 if show.chinese() else 1]}  # fmt: skip


def rings(reach: Reach, on: date) -> list[Ring]:
    """The reader's own rings of a day: own action goals, else what is usual.

    A metric that is gone or out of reach has none.
    """
    return rings_with([], reach, on, aims.norms(aims.held(reach, on), reads.norms(on)))[0]


def rings_with(
    beside: Sequence[Question], reach: Reach, on: date, norms: Mapping[str, tuple[str, int]]
) -> tuple[list[Ring], list[Cell]]:
    """The rings, and the cells of what else is asked beside them, in one statement."""
    mine = Where(person=reach.person_id)
    asked_for = []
    for key, (per, usual) in list(norms.items())[:MOST]:
        try:
            metric = assembly.metric(key)
        except assembly.UnknownMetric:
            continue
        start = on - timedelta(days=on.weekday()) if per == "week" else on
        try:
            question = assembly.question(key, start, on + DAY, today=on, reach=reach, only=mine.filters)
        except OutOfReach:
            continue
        at = asked.custom(start, on + DAY, on)
        asked_for.append((question, metric.name, per, usual, links.why_url(key, at, mine)))
    cells = assembly.totals([*(question for question, *_ in asked_for), *beside])
    drawn = [
        Ring(question.metric.key, name, per, cell.top, usual, why)
        for (question, name, per, usual, why), cell in zip(asked_for, cells, strict=False)
    ]
    return drawn, cells[len(asked_for) :]


def lead(drawn: list[Ring]) -> str:
    """The day in one sentence: what is still missing today, or that it is done."""
    place = 0 if show.chinese() else 1
    short = [ring for ring in drawn if ring.per == "day" and not ring.full]
    if not drawn:
        return ""
    if not short:
        return _("今天的数量已经做到。")
    comma = _("、")
    told = comma.join(f"{ring.name[place]} {ring.usual - ring.done}" for ring in short)
    return _("今天还差：%(what)s。") % {"what": told}
