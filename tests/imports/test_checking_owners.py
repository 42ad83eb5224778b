"""Whose customers are that a file leaves without an owner."""

from __future__ import annotations

import pytest

from pacesetter.imports import importing
from pacesetter.imports.acts import batches
from pacesetter.pipeline.models import Customer, Receipt
from tests.imports.test_checking import AT, company

__all__ = ["company"]
pytestmark = pytest.mark.django_db

PEOPLE = "工号,姓名\n0007,李想\n0009,陈晨\n"
CUSTOMERS = "客户名称,负责人\n一人,\n两人,\n同日,\n有主,0009\n没单,\n无人,\n"
DEALS = (
    "商机编号,客户,负责人,成交额,阶段,创建日期,成交日期\n"
    "A1,一人,0007,,意向,2026-01-05,\nA2,一人,0007,,方案,2026-01-06,\nA3,一人,0009,5,赢单,2026-01-05,2026-03-05\n"
    "B1,两人,0007,,意向,2026-03-05,\nB2,两人,0009,,意向,2026-03-06,\nB3,两人,0007,5,赢单,2026-01-05,2026-03-01\n"
    "C1,同日,0007,5,赢单,2026-01-05,2026-03-05\nC2,同日,0009,5,赢单,2026-01-05,2026-03-05\n"
    "D1,有主,0007,,意向,2026-01-05,\nE1,无人,,,意向,2026-01-05,\n"
)
RECEIPTS = "客户,回款单号,回款日期,回款金额\n一人,R1,2026-03-06,5\n"


def test_customers_without_an_owner_go_to_whoever_works_on_their_deals() -> None:
    texts = {"people": PEOPLE, "customers": CUSTOMERS, "deals": DEALS, "collections": RECEIPTS}
    files = {f"{name}.csv": importing.FileChoices(entity=name) for name in texts}
    paths = [(f"{name}.csv", text.encode()) for name, text in texts.items()]
    result = batches.run_now(batches.order_for("customers", paths, files=files), by=None, at=AT)
    assert result.taken, result.as_json()["errors"]
    owners = dict(Customer.objects.values_list("name", "owner__employee_no"))
    assert owners == {"一人": "0007", "两人": "0009", "有主": "0009", "同日": None, "没单": None, "无人": None}
    told = {fault.code: (fault.file, fault.params["count"], fault.params["row"]) for fault in result.plan.warnings}
    assert told["customer_owner_of_deals"] == ("customers.csv", 2, 2)
    assert told["customer_without_owner"] == ("customers.csv", 3, 4)
    assert Receipt.objects.get().person.employee_no == "0007", "money follows the owner"
    again = batches.run_now(batches.order_for("customers", paths, files=files), by=None, at=AT)
    assert [file["created"] for file in again.as_json()["files"]] == [0, 0, 0, 0]
    assert dict(Customer.objects.values_list("name", "owner__employee_no")) == owners
