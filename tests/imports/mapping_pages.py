"""The mapping page as a reader uses it, and what the files say when none of our code reads them."""

from __future__ import annotations

import csv
import io
import uuid
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from html.parser import HTMLParser
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from pacesetter import assembly
from pacesetter.imports import followups
from pacesetter.imports.models import Batch, State
from pacesetter.pipeline.models import Booking, Deal
from tests.world import AT, TODAY, World

CENT = Decimal("0.01")
START, END = date(2012, 1, 1), date(2027, 1, 1)


@dataclass(frozen=True)
class Words:
    """What the files call things."""

    line: str
    number: str
    buyer: str
    buyer_name: str
    day: str
    shipped: str
    region: str
    product: str
    amount: str
    quantity: str
    leader: str
    pattern: str = "%Y-%m-%d"
    stage: str = ""
    order: str = ""


# --- the same without our code ---------------------------------------------------------------------------------------
@dataclass
class Truth:
    """(region, person, year) → won less returned, deals won, returned."""

    net: dict[tuple[str, str, str], int]
    deals: dict[tuple[str, str, str], int]
    back: dict[tuple[str, str, str], int]


def year(text: str, pattern: str) -> str:
    return str(datetime.strptime(text, pattern).replace(tzinfo=UTC).year)


def truth(orders: str, people: str, returns: str, words: Words) -> Truth:
    leaders = {row[words.region]: row[words.leader] for row in csv.DictReader(io.StringIO(people))}
    returned = {row[words.number] for row in csv.DictReader(io.StringIO(returns))}
    sums: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    first: dict[tuple[str, str, str], dict[str, str]] = {}
    for row in csv.DictReader(io.StringIO(orders)):
        if words.stage and row[words.stage] != "已签":
            continue
        key = (row[words.number], row[words.buyer], row[words.day])
        sums[key] += Decimal(row[words.amount])
        first.setdefault(key, row)
    net: Counter[tuple[str, str, str]] = Counter()
    deals: Counter[tuple[str, str, str]] = Counter()
    back: Counter[tuple[str, str, str]] = Counter()
    for key, total in sums.items():
        row, cents = first[key], int(total.quantize(CENT, ROUND_HALF_UP) * 100)
        who = (row[words.region], leaders[row[words.region]])
        won, gone = (year(row[name], words.pattern) for name in (words.day, words.shipped))
        net[*who, won] += cents
        deals[*who, won] += 1
        if key[0] in returned:
            net[*who, gone] -= cents
            back[*who, gone] += cents
    return Truth(dict(net), dict(deals), dict(back))


def stored() -> Truth:
    """What the product says."""
    dims = "region,person,fiscal_year"
    net = measured("won_amount", dims)
    deals = {key: count for key, count in measured("deals_won", dims).items() if count}
    back: Counter[tuple[str, str, str]] = Counter()
    rows = Booking.objects.filter(kind="return").values_list("region__name", "person__name", "on", "amount_minor")
    for region, person, on, minor in rows:
        back[region, person, str(on.year)] -= minor
    return Truth(net, deals, dict(back))


def measured(key: str, dims: str) -> dict[tuple[str, str, str], int]:
    asked = assembly.question(key, START, END, today=TODAY, reach=None, by=tuple(dims.split(",")))
    told = [(*row.labels[:2], str(row.labels[2]).removeprefix("FY"), row.cell.top) for row in assembly.answer(asked)]
    return {(str(region), str(person), year): top for region, person, year, top in told}


# --- the pages -------------------------------------------------------------------------------------------------------
class Form(HTMLParser):
    """The fields of the mapping page, as a browser would send them; named by what a reader sees."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.values: dict[str, Any] = {}
        self.labels: dict[str, str] = {}
        # (place of the file, header) → name of its select
        self.columns: dict[tuple[int, str], str] = {}
        self._select = ""
        self._header = ""
        self._in_header = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        name = told.get("name") or ""
        if tag == "th" and told.get("scope") == "row":
            self._in_header, self._header = True, ""
        if tag == "select":
            self._select = name
            self.labels[f"{told.get('aria-label') or ''}|{name.partition('-')[0]}"] = name
            if name.startswith("column-"):
                self.columns[int(name.split("-")[1]), told.get("aria-label") or ""] = name
        elif tag == "option" and self._select and (self._select not in self.values or "selected" in told):
            self.values[self._select] = told.get("value")
        elif tag == "input" and name.startswith(("key-", "make-")):
            if name.startswith("key-"):
                self.labels[f"{self._header}|key"] = name
            if "checked" in told:
                self.values.setdefault(name, []).append(told.get("value"))

    def handle_data(self, data: str) -> None:
        if self._in_header:
            self._header += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "th":
            self._in_header = False
        if tag == "select":
            self._select = ""

    def choose(self, header: str, kind: str, value: str) -> None:
        """Set the field of a column."""
        [name] = [name for label, name in self.labels.items()
                  if label.endswith(f"|{kind}") and label.split(" · ")[0].split("|")[0] == header]  # fmt: skip
        self.values[name] = value


class Pages:
    """One reader with a browser's form, without the browser."""

    def __init__(self, world: World) -> None:
        self.client = Client()
        self.client.force_login(world.analyst)

    def post(self, address: str, **values: Any) -> Any:
        return self.client.post(address, {"key": uuid.uuid4().hex, **values})

    def upload(self, preset: str, files: dict[str, bytes]) -> Batch:
        sent = [SimpleUploadedFile(name, data) for name, data in files.items()]
        answer = self.post("/manage/imports/new/", files=sent, preset=preset)
        assert answer.status_code == 302, answer.content.decode()
        return Batch.objects.latest("id")

    def form(self, batch: Batch) -> Form:
        answer = self.client.get(f"/manage/imports/{batch.uuid}/map/")
        assert answer.status_code == 200
        return Form(answer.content.decode())

    def send(self, batch: Batch, form: Form, **values: Any) -> str:
        answer = self.post(f"/manage/imports/{batch.uuid}/map/", **{**form.values, "on_existing": "fill", **values})
        assert answer.status_code in (200, 302)
        return str(answer.content.decode())

    def bring_in(self, batch: Batch) -> Batch:
        self.client.post(f"/manage/imports/{batch.uuid}/check/")
        batch.refresh_from_db()
        assert batch.state == State.CHECKED
        told = list(batch.faults.filter(level="error").values_list("file", "row", "column", "value", "code")[:5])
        assert told == []
        assert not Deal.objects.exists(), "a dry run writes nothing"
        self.post(f"/manage/imports/{batch.uuid}/start/")
        followups.run_due_batches(now=AT)
        batch.refresh_from_db()
        assert batch.state == State.DONE, batch.note
        return batch


def map_all(pages: Pages, batch: Batch, words: Words, kinds: dict[str, str], save_as: str = "") -> None:
    """Everything a person decides on the page: what each file is, what each column is, how they are read."""
    form = pages.form(batch)
    place = {kinds[item["file"]]: number for number, item in enumerate(batch.files)}
    for kind, number in place.items():
        form.values[f"entity-{number}"] = kind
    pages.send(batch, form, go="look")
    form = pages.form(batch)
    for name in form.columns.values():
        form.values[name] = ""
    chosen = {
        ("deals", words.line): "line_key", ("deals", words.number): "deal_no", ("deals", words.buyer): "customer",
        ("deals", words.buyer_name): "customer.name", ("deals", words.day): "closed_on",
        ("deals", words.shipped): "return.on", ("deals", words.product): "product", ("deals", words.amount): "amount",
        ("deals", words.quantity): "quantity", ("deals", words.region): "owner",
        ("people", words.region): "team+region", ("people", words.leader): "name",
        ("returns", words.number): "deal_no",
    }  # fmt: skip
    if words.stage:
        chosen["deals", words.stage] = "stage"
    for (kind, header), target in chosen.items():
        form.values[form.columns[place[kind], header]] = target
    pages.send(batch, form, go="look")
    form = pages.form(batch)
    form.choose(words.amount, "round", "deal")
    form.choose(words.region, "owner", "region")
    form.choose(words.buyer, "key", "1")
    form.choose(words.day, "key", "1")
    if words.order:
        form.choose(words.day, "order", words.order)
        form.choose(words.shipped, "order", words.order)
    if words.stage:
        form.values |= {form.labels["已签|word"]: "won", form.labels["没成|word"]: "lost"}
    form.values |= {f"make-{place['deals']}": ["customers", "products"], f"day-{place['returns']}": words.shipped}
    pages.send(batch, form, save_as=save_as)
    batch.refresh_from_db()
