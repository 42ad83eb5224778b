"""A goal whose owner is not there all the time, in words: what is left of it and how that comes about.

Who was absent and why is not said here: readers of a goal see days. Whoever may read it finds it with the person.
"""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from pacesetter.goals.reads import GoalView
from pacesetter.metrics.keeping import Standing
from pacesetter.metrics.proration import Prorated

from .reading import Reader
from .values import Put


def of(stand: Standing) -> Prorated | None:
    """What is left of the goal; None where it stands as it was set. What is set for each day stays: days are fewer."""
    there = stand.pace.prorated
    return there if there is not None and there.changed and not stand.line.per else None


def words(put: Put, stand: Standing) -> str:
    """目标 100 × 18/22 个工作日 = 81.8; empty where the goal stands as it was set."""
    there = of(stand)
    if there is None:
        return ""
    value = put.exact(there.value)
    told = {"before": put.exact(there.before), "own": there.own_days, "days": there.days, "value": value}
    if there.why == "absent":
        return _("目标 %(before)s，这段时间都不在岗，不作要求") % told
    if there.parts:
        said = _("各月目标 × 在岗工作日 ÷ 当月工作日，合计 %(value)s（原 %(before)s，在岗 %(own)s/%(days)s 个工作日）")
        return said % told
    return _("目标 %(before)s × %(own)s/%(days)s 个工作日 = %(value)s") % told


def told(reader: Reader, view: GoalView, stand: Standing | None, put: Put, names: dict[str, str]) -> dict[str, Any]:
    """For the goal's page: the formula, every line after it, and the way to the absences for whoever may read them."""
    there = of(stand) if stand is not None else None
    if stand is None or there is None:
        return {}
    row, person = stand.line, view.goal.person
    lines = {"floor": row.floor, "target": there.before, "stretch": row.stretch, "challenge": row.challenge}
    return {
        "words": words(put, stand),
        "lines": [
            (names.get(key, key), put.exact(value * there.share)) for key, value in lines.items() if value is not None
        ],
        "url": reverse("person", args=[person.pk]) if person and reader.viewer.reads_absences(person) else "",
    }
