"""What open deals need, as cards, lists and homes say it: the sentences of My day, each with its way to the why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse

from pacesetter.activity import reads
from pacesetter.activity.rules.hints import Setting
from pacesetter.people.reach import Reach
from pacesetter.pipeline.models import Deal
from pacesetter.pipeline.rules import OPEN_STAGES

from ..day import reasons

# how many deals of a team stand on its manager's first page
SHOWN = 5


@dataclass(frozen=True)
class Told:
    """One hint in words: a short name, the sentence with its figures, and where it explains itself."""

    key: str
    name: str
    says: str
    url: str


@dataclass(frozen=True)
class Needing:
    """One open deal with everything it needs, the weightiest first."""

    deal: Deal
    told: list[Told]


def seen(reach: Reach) -> bool:
    """Hints speak of deals and of what was done about them: who may not read both gets none."""
    return reach.may("deals") and reach.may("activities")


def _told(need: reads.Needs) -> list[Told]:
    deal = need.deal
    return [
        Told(hint.key, str(reasons.RULES[hint.key][0]), reasons.sentence(hint, stage=deal.stage),
             f"{reverse('hint', args=[hint.key])}?{urlencode({'deal': deal.pk})}")
        for hint in need.hints
    ]  # fmt: skip


def of(
    reach: Reach, rows: Iterable[Deal], on: date, *, usual: Mapping[str, tuple[int, int]] | None = None,
    contacts: Mapping[int, int] | None = None, settings: Mapping[str, Setting] | None = None,
) -> dict[int, list[Told]]:  # fmt: skip
    """Open deal → its hints. Three queries, however many deals; fewer with what the caller knows."""
    still = [row for row in rows if row.stage in OPEN_STAGES]
    if not still or not seen(reach):
        return {}
    found = reads.deal_needs(still, on, settings, usual=usual, contacts=contacts)
    return {need.deal.pk: _told(need) for need in found}


def needing(reach: Reach, rows: QuerySet[Deal], on: date) -> list[Needing]:
    """The open deals that need something, the weightiest first, among the largest that hints are looked for."""
    if not seen(reach):
        return []
    return [Needing(need.deal, _told(need)) for need in reads.deal_needs(reads.open_deals(rows), on)]
