"""Teams of a file: found by path, code or name, or planned."""

from __future__ import annotations

from typing import Any

from pacesetter.people import rules
from pacesetter.people.models import Team, TeamPlace


class Teams:
    """Finds or plans teams by path (`华东区/一队`), by code or by name."""

    def __init__(self, staging: Any) -> None:
        self.staging = staging
        self.places: dict[tuple[int | None, str], list[int]] = {}
        self.codes: dict[str, int] = {}
        self.named: dict[str, list[int]] = {}
        # team → the one above, planned ones among them
        self.parents: dict[int, int | None] = {}
        self.added = 0
        above = dict(TeamPlace.objects.filter(valid_to=rules.OPEN_END).values_list("team_id", "parent_id"))
        for pk, name, code in Team.objects.filter(closed_on=None).values_list("pk", "name", "code"):
            self._take(pk, name, above.get(pk))
            if code:
                self.codes[code] = pk

    def _take(self, pk: int, name: str, parent: int | None) -> None:
        self.places.setdefault((parent, name), []).append(pk)
        self.named.setdefault(name, []).append(pk)
        self.parents[pk] = parent

    def known(self, path: str) -> list[int]:
        """The teams that a code, name or path means; none is planned."""
        if path in self.named:
            return [self.codes[path]] if path in self.codes else self.named[path]
        parts = [part.strip() for part in path.split("/") if part.strip()]
        if len(parts) == 1:
            return [self.codes[parts[0]]] if parts[0] in self.codes else self.named.get(parts[0], [])
        here: list[int] = []
        for place, part in enumerate(parts):
            here = self.named.get(part, []) if place == 0 else [
                pk for above in here for pk in self.places.get((above, part), [])
            ]  # fmt: skip
        return here

    def find(self, path: str) -> list[int]:
        """The team of a path; several where the name is ambiguous. A new one is planned."""
        parts = [part.strip() for part in path.split("/") if part.strip()]
        if len(parts) == 1:
            if parts[0] in self.codes:
                return [self.codes[parts[0]]]
            found = self.named.get(parts[0], [])
            return found or [self._plan(parts[0], None)]
        above: int | None = None
        for place, part in enumerate(parts):
            here = self.places.get((above, part), [])
            if not here and place == 0:
                here = self.named.get(part, [])
            if len(here) > 1:
                return here
            above = here[0] if here else self._plan(part, above)
        return [above] if above is not None else []

    def _plan(self, name: str, parent: int | None) -> int:
        self.added += 1
        self._take(-self.added, name, parent)
        self.staging.put("teams", (name, parent))
        return -self.added
