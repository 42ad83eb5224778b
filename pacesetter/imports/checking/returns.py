"""Refunds, returns and cancellations of deals that are here or in the same batch."""

from __future__ import annotations

from typing import Any

from pacesetter.pipeline.acts import bulk
from pacesetter.pipeline.models import Deal, Reversal

from .base import Row
from .planner import Planner


class Returns(Planner):
    """A return is its own key; it names a deal, a day and an amount."""

    entity = "returns"
    key_columns = ("external_id", "code")

    def __init__(self, checker: Any) -> None:
        super().__init__(checker)
        self._left: dict[int, int] = {}

    def words(self, row: Row) -> dict[str, list[Any]]:
        return {"returns": row.keys, "deals": [row.values.get("deal")]}

    def plan(self, row: Row) -> None:
        known = self.known_key(row)
        if known is not None:
            self.checker.kept(row.record, "returns", known)
            return self.checker.count(row.record, "duplicate")
        deal = row.refer("deal", "deals", missing="unknown_return")
        amount, on = row.get("amount"), row.get("on")
        if amount is None:
            row.wrong("amount", "required")
        if on is None:
            row.wrong("on", "required")
        row.open_day("on")
        if deal is not None and amount is not None and deal > 0:
            self._enough(row, deal, amount)
        if row.faults or deal is None:
            return self.checker.refuse(row.record, row.faults)
        code = row.get("external_id") or row.get("code")
        made = bulk.ReversalRow(deal, row.get("kind", "return"), on, amount, code=code, reason=row.get("reason", ""))
        self.checker.see_days(on)
        local = self.directory.add(row.keys)
        self.staging.put("returns", made)
        self.checker.kept(row.record, "returns", local)
        return self.checker.count(row.record, "ready")

    def _enough(self, row: Row, deal: int, amount: int) -> None:
        """No more may come back than the deal was won for."""
        if deal not in self._left:
            found = Deal.objects.filter(pk=deal, stage="won").values_list("amount_minor", flat=True).first()
            back = Reversal.objects.filter(deal_id=deal).values_list("amount_minor", flat=True)
            self._left[deal] = (found or 0) - sum(back)
        self._left[deal] -= amount
        if self._left[deal] < 0:
            row.wrong("amount", "more_than_won")
