"""The four real sets end to end, against SQL over the files themselves that shares no code with the product."""

from __future__ import annotations

import csv
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest

from pacesetter.imports import importing
from pacesetter.people.models import ExternalId, Membership, Person, Team
from pacesetter.pipeline.models import Booking, Customer, Deal, DealLine, Product

from .real import CENT, cents, folder, imported, measured, quarter, table, take

pytestmark = pytest.mark.django_db
BUCKETS = ((30, "0-30"), (60, "31-60"), (90, "61-90"))


def us_day(text: str) -> date:
    month, day, year = text.split("/")
    return date(int(year), int(month), int(day))


# --- crm_opportunities ------------------------------------------------------------------------------------------------
class TestCrmOpportunities:
    START, END = date(2016, 1, 1), date(2018, 1, 1)

    @pytest.fixture(scope="class")
    def taken(self, django_db_setup: Any, django_db_blocker: Any) -> Iterator[importing.Result]:
        with imported(django_db_blocker, folder("crm_opportunities"), "crm_opportunities") as result:
            yield result

    @pytest.fixture(scope="class")
    def sql(self) -> sqlite3.Connection:
        """The files as they are, with the one name that differs between two of them put right."""
        path = folder("crm_opportunities")
        connection = sqlite3.connect(":memory:")
        for name in ("sales_pipeline", "sales_teams", "products", "accounts"):
            table(connection, name, (path / f"{name}.csv").read_text(encoding="utf-8"))
        connection.execute("UPDATE sales_pipeline SET product = 'GTX Pro' WHERE product = 'GTXPro'")
        connection.execute(
            "CREATE VIEW deal AS SELECT p.*, t.manager, t.regional_office,"
            " substr(close_date, 1, 4) || 'Q' || ((substr(close_date, 6, 2) + 2) / 3) AS quarter"
            " FROM sales_pipeline p JOIN sales_teams t USING (sales_agent)"
        )
        return connection

    def test_nothing_is_lost_and_every_row_is_counted(self, taken: importing.Result) -> None:
        files = {file["file"]: file for file in taken.as_json()["files"]}
        assert files["sales_pipeline.csv"]["created"] == files["sales_pipeline.csv"]["rows"] == 8_800
        assert [files[f"{n}.csv"]["created"] for n in ("accounts", "products", "sales_teams")] == [85, 7, 35]
        assert not taken.plan.errors
        assert Deal.objects.count() == 8_800
        assert Person.objects.count() == 41
        assert Product.objects.count() == 7
        assert DealLine.objects.filter(product__name="GTX Pro").count() == 1_480
        assert not Customer.objects.filter(industry="technolgy").exists()

    def test_agents_without_deals_and_deals_without_customer_are_reported(self, taken: importing.Result) -> None:
        codes = [fault.code for fault in taken.plan.warnings]
        assert codes.count("no_deals") == 5
        told = next(fault for fault in taken.plan.warnings if fault.code == "deal_without_customer")
        assert (told.rows, told.row) == (1_425, None)
        assert Deal.objects.filter(customer=None).exclude(stage__in=("won", "lost")).count() == 1_425

    def test_teams_hang_under_their_office_and_are_led_by_their_manager(self, taken: importing.Result) -> None:
        assert Team.objects.filter(leader__isnull=False).count() == 6
        agent = Membership.objects.get(person__name="Darcel Schlecht")
        assert agent.team.name == "Melvin Marxen"
        assert agent.manager == Person.objects.get(name="Melvin Marxen")
        assert str(agent.region) == "Central"

    @pytest.mark.parametrize(
        ("dim", "column"),
        [("person", "sales_agent"), ("manager", "manager"), ("product", "product"), ("quarter", "quarter")],
    )
    def test_the_four_numbers_equal_sql_to_the_unit(
        self, taken: importing.Result, sql: sqlite3.Connection, dim: str, column: str
    ) -> None:
        rows = sql.execute(
            f"SELECT {column}, SUM((deal_stage = 'Won') * close_value) * 100, SUM(deal_stage = 'Won'), COUNT(*)"
            f" FROM deal WHERE deal_stage IN ('Won', 'Lost') GROUP BY 1"
        ).fetchall()
        assert rows
        won = measured("won_amount", dim, self.START, self.END)
        assert {key[0]: top for key, (top, _b) in won.items()} == {r[0]: r[1] for r in rows}
        deals = measured("deals_won", dim, self.START, self.END)
        assert {key[0]: top for key, (top, _b) in deals.items()} == {r[0]: r[2] for r in rows}
        rate = measured("win_rate", dim, self.START, self.END, "closed")
        assert {key[0]: cell for key, cell in rate.items()} == {r[0]: (r[2], r[3]) for r in rows}
        average = measured("average_order_value", dim, self.START, self.END)
        assert {key[0]: cell for key, cell in average.items()} == {r[0]: (r[1], r[2]) for r in rows}

    def test_by_agent_and_quarter_at_once(self, taken: importing.Result, sql: sqlite3.Connection) -> None:
        rows = sql.execute(
            "SELECT sales_agent, quarter, SUM(close_value) * 100 FROM deal WHERE deal_stage = 'Won' GROUP BY 1, 2"
        ).fetchall()
        won = measured("won_amount", "person,quarter", self.START, self.END)
        assert {key: top for key, (top, _b) in won.items()} == {(r[0], r[1]): r[2] for r in rows}

    def test_the_same_files_again_create_nothing(self, taken: importing.Result) -> None:
        before = Deal.objects.count(), Person.objects.count(), Booking.objects.count(), ExternalId.objects.count()
        again = take(folder("crm_opportunities"), "crm_opportunities").as_json()
        assert sum(file["created"] + file["updated"] for file in again["files"]) == 0
        assert before == (
            Deal.objects.count(), Person.objects.count(), Booking.objects.count(), ExternalId.objects.count()
        )  # fmt: skip

    def test_a_file_with_other_names_and_numbers_works_the_same(self, taken: importing.Result, tmp_path: Path) -> None:
        """Other agents, other products, one deal won for 7.25: nothing of the set is in the code."""
        (tmp_path / "my_sales_teams.csv").write_text(
            "sales_agent,manager,regional_office\n甲,乙,北\n", encoding="utf-8"
        )
        (tmp_path / "my_products.csv").write_text("product,series,sales_price\n灯,L,9.5\n", encoding="utf-8")
        (tmp_path / "my_accounts.csv").write_text("account,sector\n丙公司,retail\n", encoding="utf-8")
        (tmp_path / "my_sales_pipeline.csv").write_text(
            "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n"
            "X1,甲,灯,丙公司,Won,2017-01-02,2017-01-05,7.25\n",
            encoding="utf-8",
        )
        result = take(tmp_path, "crm_opportunities")
        assert result.taken, result.as_json()["errors"]
        assert Deal.objects.get(code="X1").amount_minor == 725


# --- superstore_cn ----------------------------------------------------------------------------------------------------
class TestSuperstore:
    START, END = date(2014, 1, 1), date(2019, 1, 1)

    @pytest.fixture(scope="class")
    def gbk(self, tmp_path_factory: pytest.TempPathFactory) -> Path:
        path = folder("superstore_cn")
        target = tmp_path_factory.mktemp("gbk")
        for name in ("orders_gbk.csv", "people_gbk.csv", "returns_gbk.csv"):
            (target / name).write_bytes((path / name).read_bytes())
        return target

    @pytest.fixture(scope="class")
    def taken(self, django_db_setup: Any, django_db_blocker: Any, gbk: Path) -> Iterator[importing.Result]:
        with imported(django_db_blocker, gbk, "superstore_cn") as result:
            yield result

    @pytest.fixture(scope="class")
    def deals(self) -> dict[tuple[str, str, str], dict[str, Any]]:
        """(order, customer, day) → cents, region, ship day; read from the UTF-8 copy."""
        path = folder("superstore_cn")
        sums: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
        told: dict[tuple[str, str, str], dict[str, Any]] = {}
        with (path / "orders_utf8.csv").open(encoding="utf-8-sig") as file:
            for row in csv.DictReader(file):
                key = (row["订单 ID"], row["客户 ID"], row["订单日期"])
                sums[key] += Decimal(row["销售额"])
                told.setdefault(key, {"region": row["地区"], "ship": row["发货日期"]})
        for key, total in sums.items():
            told[key]["cents"] = int(total.quantize(CENT, ROUND_HALF_UP) * 100)
        return told

    @pytest.fixture(scope="class")
    def returned(self) -> set[str]:
        path = folder("superstore_cn")
        with (path / "returns_gbk.csv").open(encoding="gb18030") as file:
            return {row["订单 ID"] for row in csv.DictReader(file)}

    def test_lines_are_grouped_into_deals(self, taken: importing.Result, deals: dict[Any, Any]) -> None:
        files = {file["file"]: file for file in taken.as_json()["files"]}
        assert files["orders_gbk.csv"]["created"] == files["orders_gbk.csv"]["rows"] == 10_000
        assert Deal.objects.count() == len(deals) == 4_985
        assert DealLine.objects.count() == 10_000

    def test_amounts_equal_the_utf8_copy_less_what_came_back(
        self, taken: importing.Result, deals: dict[Any, Any], returned: set[str]
    ) -> None:
        expected: dict[str, int] = defaultdict(int)
        for (order, _customer, day), deal in deals.items():
            expected[quarter(day)] += deal["cents"]
            if order in returned:
                expected[quarter(deal["ship"])] -= deal["cents"]
        won = measured("won_amount", "quarter", self.START, self.END)
        assert {key[0]: top for key, (top, _b) in won.items()} == dict(expected)

    def test_a_returned_number_takes_back_all_its_deals(
        self, taken: importing.Result, deals: dict[Any, Any], returned: set[str]
    ) -> None:
        back = [key for key in deals if key[0] in returned]
        assert len(back) == 553
        assert Booking.objects.filter(kind="return").values("deal").distinct().count() == 553
        assert -sum(Booking.objects.filter(kind="return").values_list("amount_minor", flat=True)) == sum(
            deals[key]["cents"] for key in back
        )

    def test_new_and_repurchase_go_by_the_date_of_the_event(
        self, taken: importing.Result, deals: dict[Any, Any]
    ) -> None:
        first: dict[str, str] = {}
        for _order, customer, day in deals:
            first[customer] = min(day, first.get(customer, day))
        expected: dict[str, int] = {"new": 0, "repurchase": 0}
        for (_order, customer, day), deal in deals.items():
            expected["new" if day == first[customer] else "repurchase"] += deal["cents"]
        for kind, amount in expected.items():
            rows = Booking.objects.filter(kind="won", customer_kind=kind).values_list("amount_minor", flat=True)
            assert sum(rows) == amount

    def test_the_utf8_copy_is_the_same(self, taken: importing.Result, tmp_path: Path, gbk: Path) -> None:
        source = folder("superstore_cn") / "orders_utf8.csv"
        (tmp_path / "orders_utf8.csv").write_bytes(source.read_bytes())
        for name in ("people_gbk.csv", "returns_gbk.csv"):
            (tmp_path / name).write_bytes((gbk / name).read_bytes())
        again = take(tmp_path, "superstore_cn").as_json()
        assert {file["file"]: file["duplicate"] for file in again["files"]} == {
            "orders_utf8.csv": 10_000, "people_gbk.csv": 6, "returns_gbk.csv": 296,
        }  # fmt: skip


# --- receivables ------------------------------------------------------------------------------------------------------
class TestReceivables:
    START, END = date(2012, 1, 1), date(2014, 3, 1)

    @pytest.fixture(scope="class")
    def taken(self, django_db_setup: Any, django_db_blocker: Any) -> Iterator[importing.Result]:
        with imported(django_db_blocker, folder("receivables"), "receivables") as result:
            yield result

    @pytest.fixture(scope="class")
    def invoices(self) -> list[tuple[date, date, date, int]]:
        """(invoiced, due, settled, cents)."""
        with (folder("receivables") / "invoices.csv").open(encoding="utf-8-sig") as file:
            return [
                (
                    *(us_day(row[name]) for name in ("InvoiceDate", "DueDate", "SettledDate")),
                    cents(row["InvoiceAmount"]),
                )
                for row in csv.DictReader(file)
            ]  # type: ignore[misc]

    def test_every_invoice_is_taken(self, taken: importing.Result) -> None:
        assert taken.as_json()["files"][0]["created"] == 2_466

    def test_instalment_basis_is_a_cohort_of_what_was_due(
        self, taken: importing.Result, invoices: list[tuple[date, date, date, int]]
    ) -> None:
        expected: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        for _invoiced, due, settled, amount in invoices:
            if self.START <= due < self.END:
                expected[f"{due:%Y-%m}"][1] += amount
                expected[f"{due:%Y-%m}"][0] += amount if settled else 0
        rate = measured("collection_rate", "month", self.START, self.END, "instalment")
        assert set(rate) == {(month,) for month in expected}
        assert {key[0]: bottom for key, (_t, bottom) in rate.items()} == {m: cell[1] for m, cell in expected.items()}
        assert all(top <= bottom for top, bottom in rate.values())

    def test_receivable_basis_is_cash_of_what_could_be_collected(
        self, taken: importing.Result, invoices: list[tuple[date, date, date, int]]
    ) -> None:
        """Top: received in the month; bottom: invoiced up to its end less received before it."""
        rate = measured("collection_rate", "month", self.START, self.END, "receivable")
        for month in ("2012-04", "2012-12", "2013-06", "2013-12"):
            top = sum(amount for _i, _d, settled, amount in invoices if f"{settled:%Y-%m}" == month)
            billed = sum(amount for invoiced, _d, _s, amount in invoices if f"{invoiced:%Y-%m}" <= month)
            before = sum(amount for _i, _d, settled, amount in invoices if f"{settled:%Y-%m}" < month)
            assert rate[(month,)] == (top, billed - before)

    def test_collected_amount_by_month(
        self, taken: importing.Result, invoices: list[tuple[date, date, date, int]]
    ) -> None:
        expected: dict[str, int] = defaultdict(int)
        for _invoiced, _due, settled, amount in invoices:
            expected[f"{settled:%Y-%m}"] += amount
        collected = measured("collected_amount", "month", date(2011, 1, 1), date(2015, 1, 1))
        assert {key[0]: top for key, (top, _b) in collected.items()} == dict(expected)

    def test_overdue_ageing_as_of_a_day(
        self, taken: importing.Result, invoices: list[tuple[date, date, date, int]]
    ) -> None:
        """On the morning of 1 July 2013: what was due before it and is not settled yet, by days late."""
        morning = date(2013, 7, 1)
        expected: dict[str | None, int] = defaultdict(int)
        for _invoiced, due, settled, amount in invoices:
            late = (morning - due).days
            if late > 0 and settled >= morning:
                expected[next((name for limit, name in BUCKETS if late <= limit), "90+")] += amount
        overdue = measured("overdue_amount", "ageing", date(2011, 1, 1), morning)
        assert sorted(top for top, _b in overdue.values()) == sorted(expected.values())
