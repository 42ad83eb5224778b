"""Activities: visits, calls, proposals … with what was agreed next."""

from __future__ import annotations

from datetime import date
from typing import Any

from pacesetter.activity.acts.bulk import ActivityRow
from pacesetter.activity.models import Activity

from .base import Row
from .planner import Planner

FIELDS = ("contact_name", "result", "next_step", "next_on", "minutes", "note", "extra")


class Activities(Planner):
    """An activity is its code, else person, kind, moment, customer and lead together."""

    entity = "activities"

    def __init__(self, checker: Any) -> None:
        super().__init__(checker)
        self._natural: dict[tuple[Any, ...], int] = {}

    def words(self, row: Row) -> dict[str, list[Any]]:
        values = row.values
        return {
            "activities": row.keys,
            "people": [values.get("person"), values.get("companion")],
            "customers": [values.get("customer")],
            "leads": [values.get("lead")],
            "deals": [values.get("deal")],
        }

    def before(self, rows: list[Row]) -> None:
        """Stored activities without a code, of the persons and days of the chunk."""
        bare = [row.values for row in rows if not row.keys]
        days = [self.checker.day(values["at"]) for values in bare if values.get("at")]
        people = {
            known
            for values in bare
            if values.get("person")
            for known in self.checker.directories["people"].find(values["person"])
            if known > 0
        }
        if not days or not people:
            return
        stored = Activity.objects.filter(
            person_id__in=list(people), on__gte=min(days), on__lte=max(days), code=None, withdrawn_at=None
        )
        for pk, *key in stored.values_list("pk", "person_id", "kind", "on", "at", "customer_id", "lead_id").iterator():
            self._natural.setdefault(tuple(key), pk)

    def plan(self, row: Row) -> None:
        values = row.get
        moment = values("at")
        on = self.checker.day(moment) if moment else None
        made = ActivityRow(
            kind=values("kind", ""),
            on=on or date.min,
            person_id=row.owner("person"),
            at=moment if moment and self.checker.has_time(moment) else None,
            code=values("code"),
            customer_id=row.refer("customer", "customers"),
            lead_id=row.refer("lead", "leads"),
            deal_id=row.refer("deal", "deals"),
            companion_id=row.refer("companion", "people"),
            contact_name=values("contact", "")[:80],
            result=values("result", ""),
            next_step=values("next_step", ""),
            next_on=values("next_on"),
            minutes=values("minutes"),
            note=values("note", ""),
            extra=row.extra(),
        )
        if len(made.result) > 40:
            row.wrong("result", "too_long", limit=40)
        if on is not None and on > self.checker.choices.today:
            row.wrong("at", "in_future")
        natural = (made.person_id, made.kind, made.on, made.at, made.customer_id, made.lead_id)
        known = self.known_key(row)
        if known is None and not row.keys:
            known = self._natural.get(natural)
        period = self.checker.closed_on(on) if known is None else None
        if period is not None:
            row.wrong("at", "closed_period", start=period.start.isoformat(), end=period.end.isoformat())
        if row.faults:
            return self.checker.refuse(row.record, row.faults)
        if known is not None:
            return self.meet(row, known, lambda old: self.differ(made, old, FIELDS))
        local = self.directory.add(row.keys)
        if not row.keys:
            self._natural[natural] = local
        self.checker.see_days(on)
        return self.create(row, made, local)

    def stored(self, ids: list[int]) -> dict[int, dict[str, Any]]:
        found: dict[int, dict[str, Any]] = {}
        for start in range(0, len(ids), 900):
            rows = Activity.objects.filter(pk__in=ids[start : start + 900]).values("pk", *FIELDS)
            found.update((old.pop("pk"), old) for old in rows)
        return found
