"""What a line of the journal says to a reader: names for ids, amounts in the company's currency, words for keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from django.utils.translation import gettext

from pacesetter.journal.models import Entry
from pacesetter.people.models import Person, Region, Team
from pacesetter.pipeline.models import Product

from . import show
from .kept import choice_word, field_word

PEOPLE: Final = {"person_id", "owner_id", "manager_id", "leader_id", "successor_id", "freed_from_id", "reader_id",
                 "stands_for"}  # fmt: skip
TEAMS: Final = {"team_id"}
# records that are named by number: who reads the journal need not see them
NUMBERED: Final = {"customer_id", "deal_id", "lead_id", "activity_id", "plan_id", "reversal_id", "consent_id"}


def _pairs(value: object) -> Iterator[tuple[str, object]]:
    """Every (key, value) inside what a line keeps, however deep."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield str(key), inner
            yield from _pairs(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _pairs(inner)


class Names:
    """The names behind the ids of these lines, read in one question per kind."""

    def __init__(self, lines: Iterable[Entry]) -> None:
        ids: dict[str, set[int]] = {}
        for line in lines:
            for key, value in (*_pairs(line.before), *_pairs(line.after)):
                if isinstance(value, int) and not isinstance(value, bool) and (kind := _kind(key, line.entity)):
                    ids.setdefault(kind, set()).add(value)
        models: dict[str, Any] = {"person": Person, "team": Team, "region": Region, "product": Product}
        self.of: Mapping[str, dict[int, str]] = {
            kind: dict(models[kind].objects.filter(pk__in=wanted).values_list("pk", "name"))
            for kind, wanted in ids.items()
        }

    def word(self, key: str, value: object, entity: str) -> str:
        """A stored value as a reader understands it."""
        if isinstance(value, dict) and value:
            inner = ((name, one) for name, one in value.items() if name != "id")
            return "; ".join(f"{field_word(str(name))}: {self.word(str(name), one, entity)}" for name, one in inner)
        if isinstance(value, list) and value:
            return " / ".join(self.word(key, one, entity) for one in value)
        if isinstance(value, int) and not isinstance(value, bool):
            if key.endswith("_minor"):
                return show.money(value)
            if kind := _kind(key, entity):
                return self.of.get(kind, {}).get(value) or gettext("编号 %(n)s") % {"n": value}
            if key in NUMBERED:
                return gettext("编号 %(n)s") % {"n": value}
        return choice_word(key, value)


def _kind(key: str, entity: str) -> str:
    if key in PEOPLE:
        return "person"
    if key in TEAMS or (key == "parent_id" and entity == "team"):
        return "team"
    return {"region_id": "region", "product_id": "product"}.get(key, "")
