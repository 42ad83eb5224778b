"""A company counts in its own currency, with its own decimals: on pages, in boxes, in charts and in files."""

from __future__ import annotations

import json
import shutil
import subprocess
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from pacesetter.lib import money
from pacesetter.people.models import Company, Person
from pacesetter.pipeline import acts
from pacesetter.pipeline.models import Customer, Deal
from pacesetter.web import show
from tests.world import AT, World

ROOT = Path(__file__).resolve().parents[2]


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def customer(world: World) -> Customer:
    return acts.add_customer(name="海川机械", owner=world.veteran, by=None, at=AT)


def count_in(currency: str) -> None:
    Company.objects.update(currency=currency)


@pytest.mark.usefixtures("on_the_day")
@pytest.mark.parametrize(
    ("currency", "exact", "short"),
    [
        ("CNY", "¥12,345.67", "¥1.23万"),
        ("USD", "$12,345.67", "$1.23万"),
        ("JPY", "¥1,234,567", "¥123.46万"),
        ("KWD", "KWD\u00a01,234.567", "KWD\u00a01,235"),
    ],
)
def test_the_same_amount_reads_in_the_currency_of_the_company_everywhere(
    world: World, customer: Customer, currency: str, exact: str, short: str
):
    count_in(currency)
    deal = acts.open_deal(
        name="一期", owner=world.veteran, customer=customer, stage="intent", amount_minor=1_234_567, by=None, at=AT
    )
    client = client_of(world.veteran)
    for path in ("/deals/", f"/deals/{deal.pk}/"):
        page = client.get(path).content.decode()
        assert exact in page, path
    board = client.get("/deals/?layout=board").content.decode()
    assert exact in board or short in board
    assert f'data-currency="{currency}"' in board


@pytest.mark.usefixtures("on_the_day")
@pytest.mark.parametrize(
    ("currency", "typed", "minor"),
    [("JPY", "¥1,234", 1234), ("JPY", "JPY 1234", 1234), ("KWD", "1.234", 1234), ("USD", "$12.34", 1234)],
)
def test_an_amount_is_typed_in_the_currency_of_the_company(
    world: World, customer: Customer, currency: str, typed: str, minor: int
):
    count_in(currency)
    answer = opened(world, customer, typed)
    assert answer.status_code == 302
    assert Deal.objects.get().amount_minor == minor


@pytest.mark.usefixtures("on_the_day")
@pytest.mark.parametrize(
    ("currency", "typed", "told"),
    [
        ("JPY", "12.5", "JPY 的金额没有小数"),
        ("KWD", "1.2345", "KWD 的金额最多写 3 位小数"),
        ("JPY", "很多", "金额写成 12480 这样的数字"),
        ("CNY", "$12", "金额写成 12480.50 这样的数字"),
    ],
)
def test_what_the_currency_does_not_have_is_refused_beside_the_box(
    world: World, customer: Customer, currency: str, typed: str, told: str
):
    count_in(currency)
    answer = opened(world, customer, typed)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not Deal.objects.exists()


def opened(world: World, customer: Customer, typed: str) -> Any:
    return client_of(world.veteran).post(
        f"/deals/new/?customer={customer.pk}",
        {"key": uuid.uuid4().hex, "name": "一期", "customer": "海川机械", "stage": "intent", "opened_on": "2026-03-02",
         "tax_basis": "included", "line_0_name": "安装", "line_0_amount": typed},
    )  # fmt: skip


def test_an_amount_inside_a_request_is_of_its_company_and_after_it_no_longer():
    with show.counted_in(lambda: "JPY"):
        assert show.money(1_234_567) == "¥1,234,567"
        assert show.money_short(1_234_567) == "¥123.46万"
        assert show.gap(0, 50_000) == "差 ¥5万"
        assert show.money(1_234_567, currency="USD") == "$12,345.67"
    assert show.money(1_234_567) == "¥12,345.67"


def test_the_browser_knows_the_decimals_of_every_currency_and_the_company_of_the_page():
    node = shutil.which("node")
    assert node, "node draws the charts' numbers; without it this cannot be checked"
    script = f"""
        const show = await import({json.dumps((ROOT / "frontend/show.js").as_uri())});
        const codes = {json.dumps(sorted(money.CURRENCIES))};
        const told = Object.fromEntries(codes.map((one) => [one, show.decimalsOf(one)]));
        globalThis.document = {{ documentElement: {{ lang: 'zh', dataset: {{ currency: 'JPY' }} }} }};
        const here = [show.money(1234567), show.money_short(1234567), show.money(1234567, 'zh', {{ currency: 'KWD' }})];
        console.log(JSON.stringify([told, here]));
    """
    done = subprocess.run(
        [node, "--input-type=module", "-e", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    told, here = json.loads(done.stdout)
    assert told == {code: money.exponent(code) for code in money.CURRENCIES}
    assert here == ["¥1,234,567", "¥123.46万", "KWD\u00a01,234.567"]
