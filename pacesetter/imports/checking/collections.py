"""Invoices, planned payments and receipts: one row may hold all three, or any of them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Sum

from pacesetter.pipeline.acts import bulk
from pacesetter.pipeline.models import Allocation, Customer, Deal, Instalment, Receipt

from .base import Row
from .planner import Planner


class Collections(Planner):
    """Invoice, instalment and receipt are known by their numbers, else by customer, day and amount.

    A receipt that stands beside an instalment (in its row, or by its number) is allocated to it as far as it is open;
    the rest stays unallocated for finance to allocate.
    """

    entity = "collections"
    key_columns = ("invoice_no", "instalment_no", "receipt_no", "external_id")

    def __init__(self, checker: Any) -> None:
        super().__init__(checker)
        folders = checker.directories
        self.invoices, self.instalments = folders["invoices"], folders["instalments"]
        self.receipts = folders["receipts"]
        self._owners: dict[int, int | None] = {}
        self._deal_owners: dict[int, tuple[int | None, int | None]] = {}
        self._natural: dict[tuple[Any, ...], int] = {}
        # instalment → what is still open of it; its person
        self._open: dict[int, tuple[int, int | None]] = {}

    def words(self, row: Row) -> dict[str, list[Any]]:
        values = row.values
        return {
            "customers": [values.get("customer")],
            "deals": [values.get("deal")],
            "people": [values.get("owner")],
            "invoices": [values.get("invoice_no")],
            "instalments": [values.get("instalment_no"), values.get("invoice_no")],
            "receipts": [values.get("receipt_no")],
        }

    def before(self, rows: list[Row]) -> None:
        """Owners of the customers, open amounts of the instalments, unnumbered rows stored already."""
        find = self.checker.directories["customers"].find
        customers = {known for r in rows if r.values.get("customer") for known in find(r.values["customer"])}
        stored = sorted(known for known in customers if known > 0)
        for start in range(0, len(stored), 900):
            part = stored[start : start + 900]
            self._owners.update(Customer.objects.filter(pk__in=part).values_list("pk", "owner_id"))
            planned = Instalment.objects.filter(customer_id__in=part)
            for pk, customer, due, amount, person, number in planned.values_list(
                "pk", "customer_id", "due_on", "amount_minor", "person_id", "number"
            ):
                self._open.setdefault(pk, (amount, person))
                if not number:
                    self._natural.setdefault(("instalment", customer, due, amount), pk)
            paid = Allocation.objects.filter(instalment__customer_id__in=part).values_list("instalment_id")
            for pk, total in paid.annotate(total=Sum("amount_minor")):
                planned_minor, owner = self._open[pk]
                self._open[pk] = (planned_minor - total, owner)
            unnumbered = Receipt.objects.filter(customer_id__in=part, number=None)
            for pk, customer, on, amount in unnumbered.values_list("pk", "customer_id", "on", "amount_minor"):
                self._natural.setdefault(("receipt", customer, on, amount), pk)
        deals = {known for r in rows if r.values.get("deal") for known in
                 self.checker.directories["deals"].find(r.values["deal"]) if known > 0}  # fmt: skip
        for pk, owner, customer in Deal.objects.filter(pk__in=deals).values_list("pk", "owner_id", "customer_id"):
            self._deal_owners[pk] = (owner, customer)

    def plan(self, row: Row) -> None:
        get = row.get
        customer = row.refer("customer", "customers")
        deal = row.refer("deal", "deals")
        person = row.owner("owner")
        if person is None and deal in self._deal_owners:
            person = self._deal_owners[deal][0]
        if person is None and customer is not None:
            person = self._owners.get(customer) if customer > 0 else self.checker.customer_owners.get(customer)
        self._complete(row)
        amount, due = get("due_amount", get("invoice_amount")), get("due_on")
        if row.faults or customer is None:
            if customer is None and not row.faults:
                row.wrong("customer", "required")
            return self.checker.refuse(row.record, row.faults)
        parts = self._stored(row, customer, amount, due)
        for name, part in zip(("invoice_on", "due_on", "received_on"), parts, strict=True):
            if part is None:
                row.open_day(name)
                row.ahead(*{name} - {"due_on"})
        if row.faults:
            return self.checker.refuse(row.record, row.faults)
        invoice = self._invoice(row, parts[0], customer, deal, person)
        instalment = self._instalment(row, parts[1], customer, deal, person, amount, due)
        receipt = self._receipt(row, parts[2], customer, person, instalment)
        self.staging.put("collections", (invoice, instalment, receipt))
        told = (invoice, instalment, receipt)
        if row.get("received_on") is not None:
            place = (f"{row.get('received_on'):%Y-%m}", customer)
            received = self.checker.plan.received
            received[place] = received.get(place, 0) + row.get("received_amount")
        self.checker.kept(row.record, "collections", self._told(told))
        made = [part for part in told if part is not None and not isinstance(part, int)]
        if not made:
            return self.checker.count(row.record, "duplicate")
        return self.checker.count(row.record, "updated" if any(part is not None for part in parts) else "ready")

    def _stored(self, row: Row, customer: int, amount: int | None, due: date | None) -> tuple[int | None, ...]:
        """The ids of the row's invoice, instalment and receipt where they are here already."""
        get = row.get
        invoice = self.invoices.key(get("invoice_no")) if get("invoice_no") else None
        words = [word for word in (get("instalment_no"), get("invoice_no")) if word]
        instalment = next((known for word in words if (known := self.instalments.key(word)) is not None), None)
        if instalment is None and not words and due is not None:
            instalment = self._natural.get(("instalment", customer, due, amount))
        receipt = None
        if get("received_on") is not None:
            if get("receipt_no"):
                receipt = self.receipts.key(get("receipt_no"))
            else:
                receipt = self._natural.get(("receipt", customer, get("received_on"), get("received_amount")))
        return invoice, instalment, receipt

    def _complete(self, row: Row) -> None:
        """Each of the three parts has its day and its amount, or is not there at all."""
        get = row.get
        if get("invoice_no") or get("invoice_on"):
            known = self.invoices.key(get("invoice_no")) if get("invoice_no") else None
            if known is None and (get("invoice_on") is None) != (get("invoice_amount") is None):
                row.wrong("invoice_on" if get("invoice_on") is None else "invoice_amount", "required")
        if get("due_on") is None and get("due_amount") is not None:
            row.wrong("due_on", "required")
        if get("due_on") is not None and get("due_amount", get("invoice_amount")) is None:
            row.wrong("due_amount", "required")
        if (get("received_on") is None) != (get("received_amount") is None):
            row.wrong("received_on" if get("received_on") is None else "received_amount", "required")
        if not row.faults and not any(get(name) for name in ("invoice_on", "due_on", "received_on")):
            row.wrong("due_on", "required")
        row.amounts("invoice_amount", "due_amount", "received_amount", positive=True)

    def _invoice(self, row: Row, known: int | None, customer: int, deal: int | None, person: int | None) -> Any:
        get, number = row.get, row.get("invoice_no")
        if known is not None or get("invoice_on") is None or get("invoice_amount") is None:
            return known
        self.checker.see_days(get("invoice_on"))
        self.invoices.add([number] if number else [])
        return bulk.InvoiceRow(customer, get("invoice_on"), get("invoice_amount"), number, deal, person, row.extra())

    def _instalment(
        self, row: Row, known: int | None, customer: int, deal: int | None, person: int | None, amount: int | None,
        due: date | None,
    ) -> Any:  # fmt: skip
        if known is not None or due is None or amount is None:
            return known
        self.checker.see_days(due)
        number = row.get("instalment_no") or row.get("invoice_no")
        local = self.instalments.add([number] if number else [])
        if not number:
            self._natural["instalment", customer, due, amount] = local
        self._open[local] = (amount, person)
        return bulk.InstalmentRow(customer, due, amount, number, deal, None, person)

    def _receipt(self, row: Row, known: int | None, customer: int, person: int | None, instalment: Any) -> Any:
        get, number, on = row.get, row.get("receipt_no"), row.get("received_on")
        if known is not None or on is None:
            return known
        amount = get("received_amount")
        self.checker.see_days(on)
        local = self.receipts.add([number] if number else [])
        if not number:
            self._natural["receipt", customer, on, amount] = local
        month = (on.year, on.month)
        self.checker.plan.months[month] = self.checker.plan.months.get(month, 0) + amount
        receipt = bulk.ReceiptRow(customer, on, amount, number, person, get("method", ""), get("note", "")[:300])
        key = instalment if isinstance(instalment, int) or instalment is None else -self.instalments.added
        part, owner = 0, person
        if key is not None and key in self._open:
            left, owner = self._open[key]
            part = min(left, amount)
            self._open[key] = (left - part, owner)
        return receipt, part, owner

    def _told(self, parts: tuple[Any, ...]) -> int:
        """Which record `--rows` names: the first of the three; stored ones by id, new ones by their place."""
        for part, folder in zip(parts, (self.invoices, self.instalments, self.receipts), strict=True):
            if isinstance(part, int):
                return part
            if part is not None:
                return -folder.added
        return 0
