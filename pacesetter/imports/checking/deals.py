"""Deals with lines, credits, history and what was returned of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

from pacesetter.lib import money, shares
from pacesetter.pipeline import rules
from pacesetter.pipeline.acts import bulk
from pacesetter.pipeline.models import Deal

from .base import Row
from .planner import Planner

FIELDS = ("name", "source", "contract_no", "expected_on", "signed_on", "competitor", "loss_reason", "next_step",
          "next_on", "note", "extra")  # fmt: skip
# what may be filled only while no number hangs on it
OPEN_FIELDS = ("customer_id", "amount_minor")
# canonical column → column of the deal, where the value goes over as it is
PLAIN = {"name": "name", "stage": "stage", "deal_no": "code", "source": "source", "amount": "amount_minor",
         "tax_basis": "tax_basis", "contract_no": "contract_no", "opened_on": "opened_on", "expected_on": "expected_on",
         "signed_on": "signed_on", "closed_on": "closed_on", "loss_reason": "loss_reason", "competitor": "competitor",
         "next_step": "next_step", "next_on": "next_on", "note": "note"}  # fmt: skip
NATURAL = ("customer_id", "owner_id", "name", "opened_on", "closed_on", "amount_minor")


class Deals(Planner):
    """A deal is its number, else its customer, owner, name, days and amount together."""

    entity = "deals"
    key_columns = ("deal_no", "external_id")

    def __init__(self, checker: Any) -> None:
        super().__init__(checker)
        self.remember_all = len(checker.plan.files) > 1
        self._natural: dict[tuple[Any, ...], int] = {}
        self._shared: dict[Any, tuple[rules.Credit, ...]] = {}
        self._asked: set[int] = set()

    def words(self, row: Row) -> dict[str, list[Any]]:
        values = row.values
        people = [values.get("owner")]
        if values.get("credits"):
            people += [who for who, _share in values["credits"]]
        lines = values.get("lines")
        products = [line["product"] for line in lines] if lines else [values.get("product")]
        return {"deals": row.keys, "people": people, "customers": [values.get("customer")], "products": products}

    def before(self, rows: list[Row]) -> None:
        """Stored deals without a number, of the customers and owners that such rows name."""
        bare = [row.values for row in rows if not row.keys]
        if not bare:
            return
        for column, name, entity in (("customer_id", "customer", "customers"), ("owner_id", "owner", "people")):
            ids: set[int] = set()
            for values in bare:
                if name == "owner" and values.get("customer"):
                    continue
                if values.get(name):
                    ids.update(known for known in self.checker.directories[entity].find(values[name]) if known > 0)
            fresh = sorted(ids - self._asked) if name == "customer" else sorted(ids)
            self._asked.update(fresh if name == "customer" else ())
            for start in range(0, len(fresh), 900):
                stored = Deal.objects.filter(code=None, **{f"{column}__in": fresh[start : start + 900]})
                for pk, *key in stored.values_list("pk", *NATURAL):
                    self._natural.setdefault(tuple(key), pk)

    def plan(self, row: Row) -> None:
        values, checker = row.values, self.checker
        made = bulk.DealRow("", extra=row.record.extra)
        for name, value in values.items():
            if value is not None and name in PLAIN:
                setattr(made, PLAIN[name], value)
        made.customer_id = row.refer("customer", "customers")
        made.owner_id = row.owner("owner")
        if values.get("credits"):
            made.credits = self._credits(row, made.owner_id)
            if made.owner_id is None and made.credits:
                made.owner_id = next(credit.person_id for credit in made.credits if credit.primary)
        amount = made.amount_minor
        if made.closed_on is not None and made.stage in rules.OPEN_STAGES:
            # systems with one closing date keep the expected one there while the deal is open
            made.expected_on, made.closed_on = made.expected_on or made.closed_on, None
            checker.tally(row.record, "closing_day_expected")
        made.lines = self._lines(row)
        if not made.name:
            made.name = self._name(row)
        if row.record.raw:
            made.amount_text = self._rounded_text(row)
        known = self.known_key(row)
        natural: tuple[Any, ...] = ()
        if not row.keys:
            natural = tuple(getattr(made, name) for name in NATURAL)
            known = self._natural.get(natural)
        self._judge(row, made, known)
        if row.faults:
            return checker.refuse(row.record, row.faults)
        if known is not None:
            return self.meet(row, known, lambda old: self._differ(row, made, old))
        if made.customer_id is None:
            checker.tally(row.record, "deal_without_customer")
        if made.owner_id is None:
            checker.tally(row.record, "deal_without_owner")
        if made.customer_id is not None and made.owner_id is not None:
            is_open = made.stage in rules.OPEN_STAGES
            checker.ownerless.deal(
                made.customer_id, made.owner_id, is_open=is_open, day=made.closed_on or made.opened_on
            )
        local = self.directory.add(row.keys)
        if natural:
            self._natural[natural] = local
        bulk.prepare((made,))
        if amount is None:
            # the lines only say which products: the amount stays unknown
            made.amount_minor = None
        closed_on = made.closed_on
        if closed_on is not None and amount is not None and made.stage == "won":
            months, month = checker.plan.months, (closed_on.year, closed_on.month)
            months[month] = months.get(month, 0) + amount
            wins, customer = checker.plan.wins, made.customer_id
            if customer is not None and closed_on < wins.get(customer, date.max):
                wins[customer] = closed_on
        checker.see_days(made.opened_on, closed_on)
        return self.create(row, checker.drafter.draft(made) if self._settled(made) else made, local)

    def _settled(self, made: bulk.DealRow) -> bool:
        """True when all of a deal is stored already but the deal itself: then its tuples can be made now."""
        ids = [made.customer_id, made.owner_id, made.lead_id, *(credit.person_id for credit in made.shared),
               *(line.product_id for line in made.lines)]  # fmt: skip
        return self.checker.plan.seats_stand and all(known is None or known > 0 for known in ids)

    def finish(self) -> None:
        """Money that follows comes to whoever the deals say the customer belongs to."""
        super().finish()
        for local in self.checker.ownerless.rows:
            self.checker.customer_owners[local] = self.checker.ownerless.owner(local)

    # --- parts -------------------------------------------------------------------------------------------------------
    def _judge(self, row: Row, made: bulk.DealRow, known: int | None) -> None:
        if made.stage == "won":
            if made.closed_on is None:
                row.wrong("closed_on", "required")
            if made.amount_minor is None:
                row.wrong("amount", "required")
        if made.stage == "lost" and made.closed_on is None:
            row.wrong("closed_on", "required")
        if made.opened_on is not None and made.closed_on is not None and made.closed_on < made.opened_on:
            row.wrong("closed_on", "before_creation", earlier=made.opened_on.isoformat())
        if row.has("amount"):
            row.amounts("amount")
        for line in row.get("lines") or (row.values,):
            self._judge_line(row, line)
        if known is None:
            row.open_day("closed_on", "opened_on")
            row.ahead("opened_on", *(["closed_on"] if made.closed_on is not None else []))

    def _judge_line(self, row: Row, line: Mapping[str, Any]) -> None:
        """Of a line only the discount may be anything but a plain amount, and it takes off no more than there is."""
        codes = {name: "negative" for name in ("quantity", "unit_price", "cost") if (line.get(name) or 0) < 0}
        if not 0 <= (line.get("discount") or 0) <= 1:
            codes["discount"] = "discount_range"
        for name, code in codes.items():
            row.wrong(name, code, text=str(line[name]))
            if "row" in line:
                row.faults[-1] = replace(row.faults[-1], row=line["row"])

    def _credits(self, row: Row, owner: int | None) -> tuple[rules.Credit, ...]:
        given = row.values["credits"]
        known = self._shared.get((given, owner))
        if known is not None:
            return known
        people = [row.refer("credits", "people", value=who) for who, _share in given]
        if None in people:
            return ()
        if len(set(people)) != len(people):
            row.wrong("credits", "credits_twice", who=given[0][0])
            return ()
        parts = shares.split(rules.WHOLE, [Fraction(share) for _who, share in given])
        if any(part <= 0 for part in parts):
            row.wrong("credits", "credits_shape")
            return ()
        first = owner if owner in people else people[max(range(len(parts)), key=lambda place: parts[place])]
        made = tuple(
            rules.Credit(person, part, False, person == first) for person, part in zip(people, parts, strict=True)
        )
        if len(self._shared) < 50_000:
            self._shared[given, owner] = made
        return made

    def _lines(self, row: Row) -> tuple[bulk.LineRow, ...]:
        given = row.values.get("lines")
        if not given:
            product = row.values.get("product")
            if product is None:
                return ()
            return (bulk.LineRow(0, row.refer("product", "products", value=product)),)
        made = []
        for line in given:
            word, quantity, discount = line["product"], line["quantity"], line["discount"]
            made.append(
                bulk.LineRow(
                    line["amount"] or 0,
                    row.refer("product", "products", value=word) if word else None,
                    "",
                    1000 if quantity is None else int(quantity * 1000),
                    line["unit_price"],
                    money.round_half_up(Fraction(discount) * 10_000) if discount else 0,
                    line["cost"],
                )
            )
        return tuple(made)

    def _differ(self, row: Row, made: bulk.DealRow, old: dict[str, Any]) -> dict[str, Any]:
        changed = self.differ(made, old, FIELDS)
        choice = self.checker.choices.on_existing
        if old["stage"] in rules.OPEN_STAGES:
            changed |= self.differ(made, old, OPEN_FIELDS)
        if choice == "skip":
            return changed
        behind = old["stage"] != made.stage and row.values.get("stage") is not None
        money_moved = (
            made.amount_minor is not None
            and old["amount_minor"] is not None
            and made.amount_minor != old["amount_minor"]
        )
        if behind or (money_moved and old["stage"] not in rules.OPEN_STAGES):
            if choice == "overwrite":
                row.ahead(*(["closed_on"] if made.closed_on is not None else []))
                changed["+move"] = {"stage": made.stage, "on": made.closed_on, "amount_minor": made.amount_minor,
                                    "loss_reason": made.loss_reason, "competitor": made.competitor}  # fmt: skip
            else:
                self.checker.tally(row.record, "stage_differs")
        return changed

    def _rounded_text(self, row: Row) -> str:
        """The file's own text where a declared rule rounded it."""
        text = row.record.raw.get("amount", "")
        return text[:60] if len(text.partition(".")[2].rstrip("0")) > 2 else ""

    def _name(self, row: Row) -> str:
        """A name for deals whose file has none: what it is about, or its number."""
        line = next(iter(row.get("lines") or ()), None) or {}
        words = [row.get("customer"), line.get("product") or row.get("product")]
        told = " · ".join(str(word) for word in words if word)
        return (told or row.get("deal_no") or row.get("external_id") or f"{row.record.file} {row.record.row}")[:200]

    def stored(self, ids: list[int]) -> dict[int, dict[str, Any]]:
        found: dict[int, dict[str, Any]] = {}
        for start in range(0, len(ids), 900):
            rows = Deal.objects.filter(pk__in=ids[start : start + 900]).values("pk", "stage", *FIELDS, *OPEN_FIELDS)
            found.update((old.pop("pk"), old) for old in rows)
        return found
