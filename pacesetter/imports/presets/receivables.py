"""The receivables layout: invoices with due and settle dates, month/day/year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..faults import Fault
from ..tables import Record, Table, header_of
from .base import FilePlan, Preset

FILES = (
    FilePlan("invoices", ("*invoice*", "*receivable*"), "collections",
             {"customerID": "customer", "invoiceNumber": "invoice_no", "InvoiceDate": "invoice_on", "DueDate": "due_on",
              "InvoiceAmount": "invoice_amount", "SettledDate": "received_on"},
             headers=("customerID", "invoiceNumber", "DueDate", "InvoiceAmount"), orders={"*": "mdy"}, needed=True),
)  # fmt: skip
_NEEDED = ("invoice_no", "invoice_on", "due_on", "invoice_amount")


def shape(tables: Mapping[str, list[Table]]) -> Iterator[Record | Fault]:
    """Customers by their number; each invoice is one instalment, paid whole on the settle date."""
    customers: set[str] = set()
    found: list[Record | Fault] = []
    for table in tables.get("invoices", []):
        for item in table.rows():
            if isinstance(item, Fault):
                found.append(item)
                continue
            values = item.values
            wrong = [name for name in _NEEDED if values[name] is None]
            if wrong:
                found.extend(Fault(table.file, item.row, header_of(table, name), "", "required") for name in wrong)
                continue
            key = values["customer"]
            if key not in customers:
                customers.add(key)
                made = {"code": key, "name": key, "region": item.extra.get("countryCode"), "external_id": key}
                yield Record("customers", table.file, item.row, made)
            number = values["invoice_no"]
            paid = values["received_on"] is not None
            values |= {
                "external_id": number,
                "instalment_no": number,
                "due_amount": values["invoice_amount"],
                "receipt_no": f"R-{number}" if paid else None,
                "received_amount": values["invoice_amount"] if paid else None,
            }
            found.append(Record("collections", table.file, item.row, values, item.extra, rows=(item.row,)))
    yield from found


PRESET = Preset(
    name="receivables",
    zh="应收账款（发票、到期、结清）",
    en="Receivables (invoices, due and settle dates)",
    files=FILES,
    settings={"currency": "USD", "fiscal_start_month": 1},
    rules=(
        ("日期为 月/日/年；每张发票是一期应收，结清日全额到账。",
         "Dates are month/day/year; each invoice is one instalment, paid whole on its settle date."),
        ("文件里没有负责人。", "The file names no owner."),
    ),
    shape=shape,
)  # fmt: skip
