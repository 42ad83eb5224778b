"""Deals with lines, credits, history and what was returned of them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from pacesetter.lib import money, shares
from pacesetter.pipeline import rules
from pacesetter.pipeline.acts import bulk
from pacesetter.pipeline.models import Deal

from ..tables import Record
from .base import Row
from .planner import Planner

FIELDS = ("name", "source", "contract_no", "expected_on", "signed_on", "competitor", "loss_reason", "next_step",
          "next_on", "note", "extra")  # fmt: skip
# what may be filled only while no number hangs on it
OPEN_FIELDS = ("customer_id", "amount_minor")
NATURAL = ("customer_id", "owner_id", "name", "opened_on", "closed_on", "amount_minor")


class Deals(Planner):
    """A deal is its number, else its customer, owner, name, days and amount together."""

    entity = "deals"
    key_columns = ("deal_no", "external_id")
    remember_all = False

    def __init__(self, checker: Any) -> None:
        super().__init__(checker)
        self._natural: dict[tuple[Any, ...], int] = {}
        self._asked: set[int] = set()

    def words(self, record: Record) -> dict[str, list[Any]]:
        values = record.values
        products = [line.get("product") for line in values.get("lines") or ()]
        products.append(values.get("product"))
        people = [who for who, _share in values.get("credits") or ()]
        return {
            "deals": self.keys(record),
            "people": [values.get("owner"), *people],
            "customers": [values.get("customer")],
            "products": products,
        }

    def before(self, records: list[Record]) -> None:
        """Stored deals without a number, of the customers and owners that such rows name."""
        bare = [record.values for record in records if not self.keys(record)]
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
        values = row.get
        owner = row.owner("owner")
        credits = self._credits(row, owner)
        if owner is None and credits:
            owner = next(credit.person_id for credit in credits if credit.primary)
        stage = values("stage") or "prospect"
        amount = values("amount")
        closed_on, expected_on = values("closed_on"), values("expected_on")
        if stage in rules.OPEN_STAGES and closed_on is not None:
            # systems with one closing date keep the expected one there while the deal is open
            expected_on, closed_on = expected_on or closed_on, None
            self.checker.tally(row.record, "closing_day_expected")
        made = bulk.DealRow(
            name=values("name") or self._name(row),
            stage=stage,
            code=values("deal_no"),
            customer_id=row.refer("customer", "customers"),
            owner_id=owner,
            source=values("source", ""),
            amount_minor=amount,
            amount_text=row.record.raw.get("amount", "")[:60] if self._was_rounded(row) else "",
            tax_basis=values("tax_basis", "unknown"),
            contract_no=values("contract_no", ""),
            opened_on=values("opened_on"),
            expected_on=expected_on,
            signed_on=values("signed_on"),
            closed_on=closed_on,
            loss_reason=values("loss_reason", ""),
            competitor=values("competitor", ""),
            next_step=values("next_step", ""),
            next_on=values("next_on"),
            note=values("note", ""),
            lines=self._lines(row, stage, amount),
            credits=credits,
            extra=row.extra(),
        )
        known = self.known_key(row.record)
        bare = not self.keys(row.record)
        natural = tuple(getattr(made, name) for name in NATURAL)
        if known is None and bare:
            known = self._natural.get(natural)
        self._judge(row, made, known)
        if row.faults:
            return self.checker.refuse(row.record, row.faults)
        if known is not None:
            return self.meet(row, known, lambda old: self._differ(row, made, old))
        if made.customer_id is None:
            self.checker.tally(row.record, "deal_without_customer")
        if made.owner_id is None:
            self.checker.tally(row.record, "deal_without_owner")
        local = self.directory.add(self.keys(row.record))
        if bare:
            self._natural[natural] = local
        bulk.prepare([made])
        if amount is None:
            # the lines only say which products: the amount stays unknown
            made.amount_minor = None
        if stage == "won" and closed_on is not None and amount is not None:
            month = closed_on.isoformat()[:7]
            self.checker.plan.months[month] = self.checker.plan.months.get(month, 0) + amount
        self.checker.see_days(made.opened_on, closed_on)
        return self.create(row, made, local)

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
        if known is None:
            row.open_day("closed_on", "opened_on")

    def _credits(self, row: Row, owner: int | None) -> tuple[rules.Credit, ...]:
        given = row.get("credits")
        if not given:
            return ()
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
        return tuple(
            rules.Credit(person, part, False, person == first) for person, part in zip(people, parts, strict=True)
        )

    def _lines(self, row: Row, stage: str, amount: int | None) -> tuple[bulk.LineRow, ...]:
        given = row.get("lines") or ()
        if not given and row.get("product") is not None:
            given = ({"product": row.get("product"), "amount": None},)
        made = []
        for line in given:
            product = row.refer("product", "products", value=line["product"]) if line.get("product") else None
            quantity, discount = line.get("quantity"), line.get("discount")
            made.append(
                bulk.LineRow(
                    line.get("amount") or 0,
                    product,
                    "",
                    1000 if quantity is None else int(Decimal(quantity) * 1000),
                    line.get("unit_price"),
                    0 if discount is None else money.round_half_up(Fraction(discount) * 10_000),
                    line.get("cost"),
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
                changed["+move"] = {"stage": made.stage, "on": made.closed_on, "amount_minor": made.amount_minor,
                                    "loss_reason": made.loss_reason, "competitor": made.competitor}  # fmt: skip
            else:
                self.checker.tally(row.record, "stage_differs")
        return changed

    def _was_rounded(self, row: Row) -> bool:
        text = row.record.raw.get("amount")
        return bool(text) and len(text.partition(".")[2].rstrip("0")) > 2

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
