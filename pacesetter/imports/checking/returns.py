"""Refunds, returns and cancellations of deals that are here or in the same batch."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from pacesetter.pipeline.acts import bulk
from pacesetter.pipeline.models import Deal, Reversal

from ..composing import JOINT, day_of, prefixes, return_key
from ..faults import ValueFault
from ..tables import Record
from .base import Row
from .planner import Planner


class Returns(Planner):
    """A return is its own key; it names a deal, a day and an amount."""

    entity = "returns"
    key_columns = ("external_id", "code")

    def __init__(self, checker: Any) -> None:
        super().__init__(checker)
        self._left: dict[int, int] = {}
        self._composed: dict[str, list[str]] | None = None

    def words(self, row: Row) -> dict[str, list[Any]]:
        return {"returns": row.keys, "deals": [row.values.get("deal"), row.values.get("number")]}

    def plan(self, row: Row) -> None:
        if "number" in row.values:
            return self._stored_deals(row)
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
        if row.has("amount"):
            row.amounts("amount", positive=True)
        if row.has("on"):
            row.ahead("on")
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

    def _stored_deals(self, row: Row) -> None:
        """A number whose deals did not come with this batch: the deal of this number, else all put together from it."""
        values = row.values
        number, besides = values["number"], values["besides"]
        known = self.checker.directories["deals"].key(number)
        codes = [number] if known is not None and known > 0 else self._numbers().get(number, [])
        codes = [code for code in codes if code not in besides]
        if not codes:
            if besides:
                return None
            fault = self.checker.fault(row.record, "deal_no", "unknown_return")
            return self.checker.refuse(row.record, [replace(fault, value=number)])
        if values["amount"] is not None and len(codes) > 1:
            fault = self.checker.fault(row.record, "deal_no", "return_of_several", count=len(codes))
            return self.checker.refuse(row.record, [replace(fault, value=number)])
        for place, code in enumerate(codes):
            self._one_stored(row, code, row.record.rows if place == 0 else ())
        return None

    def _one_stored(self, row: Row, code: str, rows: tuple[int, ...]) -> None:
        values = row.values
        self.checker.directories["deals"].ask([code])
        deal: dict[str, Any] = dict(
            Deal.objects.filter(code=code).values("amount_minor", "closed_on", "extra").first() or {}
        )
        on: date | None = values["on"]
        key = return_key(code, values)
        made = {name: values[name] for name in ("kind", "reason")} | {"deal": code, "external_id": key}
        made["amount"] = deal.get("amount_minor") if values["amount"] is None else values["amount"]
        record = Record("returns", row.record.file, row.record.row, made, rows=rows)
        try:
            source = values["day_from"]
            made["on"] = on or (day_of(deal.get("extra") or {}, source) if source else deal.get("closed_on"))
        except ValueFault as fault:
            told = self.checker.fault(record, "deal", fault.code, **fault.params)
            return self.checker.refuse(record, [told])
        self.directory.ask([key])
        return self.plan(Row(self.checker, record, [key]))

    def _numbers(self) -> dict[str, list[str]]:
        """What stored numbers were put together from → those numbers; read once."""
        if self._composed is None:
            self._composed = {}
            for code in Deal.objects.filter(code__contains=JOINT).order_by("id").values_list("code", flat=True):
                for name in prefixes(code or ""):
                    self._composed.setdefault(name, []).append(code or "")
        return self._composed

    def _enough(self, row: Row, deal: int, amount: int) -> None:
        """No more may come back than the deal was won for."""
        if deal not in self._left:
            found = Deal.objects.filter(pk=deal, stage="won").values_list("amount_minor", flat=True).first()
            back = Reversal.objects.filter(deal_id=deal).values_list("amount_minor", flat=True)
            self._left[deal] = (found or 0) - sum(back)
        self._left[deal] -= amount
        if self._left[deal] < 0:
            row.wrong("amount", "more_than_won")
