"""Leads with the days they reached each step."""

from __future__ import annotations

from typing import Any

from pacesetter.pipeline.acts import bulk
from pacesetter.pipeline.models import Lead

from .base import Row
from .planner import Planner

FIELDS = ("name", "contact_name", "mobile", "source", "industry", "customer_region", "loss_reason", "note", "extra")
DAYS = ("valid_on", "intent_on", "proposal_on", "won_on", "lost_on")


class Leads(Planner):
    """A lead is its code, else its name, day and mobile together."""

    entity = "leads"

    def __init__(self, checker: Any) -> None:
        super().__init__(checker)
        self._natural: dict[tuple[Any, ...], int] = {}

    def words(self, row: Row) -> dict[str, list[Any]]:
        values = row.values
        return {"leads": row.keys, "people": [values.get("owner")], "customers": [values.get("customer")]}

    def before(self, rows: list[Row]) -> None:
        names = sorted({row.values["name"] for row in rows if row.values.get("name") and not row.keys})
        for start in range(0, len(names), 900):
            stored = Lead.objects.filter(code=None, name__in=names[start : start + 900])
            for pk, name, day, mobile in stored.values_list("pk", "name", "created_on", "mobile"):
                self._natural.setdefault((name, day, mobile), pk)

    def plan(self, row: Row) -> None:
        values = row.get
        owner = row.owner("owner")
        created = values("created_on")
        made = bulk.LeadRow(
            name=values("name", ""),
            created_on=created,
            code=values("code"),
            contact_name=values("contact_name", ""),
            mobile=values("mobile", ""),
            source=values("source", ""),
            industry=values("industry", ""),
            customer_region=values("customer_region", ""),
            owner_id=owner,
            in_pool=bool(values("in_pool", False)),
            stage=values("stage") or self._stage(row),
            loss_reason=values("loss_reason", ""),
            customer_id=row.refer("customer", "customers"),
            note=values("note", ""),
            extra=row.extra(),
            **{day: values(day) for day in DAYS},
        )
        if made.in_pool and owner is not None:
            # who had it first keeps the fact; nobody works on it now
            made.person_id, made.owner_id = owner, None
        for day in DAYS:
            if values(day) is not None and created is not None and values(day) < created:
                row.wrong(day, "before_creation", earlier=created.isoformat())
        natural = (made.name, made.created_on, made.mobile)
        known = self.known_key(row)
        if known is None and not row.keys:
            known = self._natural.get(natural)
        if known is None:
            row.open_day("created_on", *DAYS)
        if known is None or self.checker.choices.on_existing == "overwrite":
            row.ahead("created_on", *DAYS)
        if row.faults:
            return self.checker.refuse(row.record, row.faults)
        if known is not None:
            return self.meet(row, known, lambda old: self._differ(row, made, old))
        local = self.directory.add(row.keys)
        self._natural.setdefault(natural, local)
        return self.create(row, made, local)

    def _differ(self, row: Row, made: bulk.LeadRow, old: dict[str, Any]) -> dict[str, Any]:
        changed = self.differ(made, old, FIELDS)
        if row.values.get("stage") and made.stage != old["stage"]:
            if self.checker.choices.on_existing == "overwrite":
                changed["+stage"] = (
                    made.stage,
                    next((getattr(made, d) for d in reversed(DAYS) if getattr(made, d)), None),
                )
            else:
                self.checker.tally(row.record, "stage_differs")
        return changed

    def _stage(self, row: Row) -> str:
        """The furthest step that has a day."""
        if row.get("lost_on"):
            return "lost"
        return next((stage for stage in ("won", "intent", "valid") if row.get(f"{stage}_on")), "new")

    def stored(self, ids: list[int]) -> dict[int, dict[str, Any]]:
        return {old.pop("pk"): old for old in Lead.objects.filter(pk__in=ids).values("pk", "stage", *FIELDS)}
