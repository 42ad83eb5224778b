"""Customers with their contacts: known by code or key of the other system, else by name."""

from __future__ import annotations

from typing import Any

from pacesetter.pipeline.acts import bulk
from pacesetter.pipeline.models import Contact, Customer

from .base import Row
from .planner import Planner

FIELDS = (
    "code",
    "name",
    "industry",
    "region",
    "size",
    "tier",
    "parent_id",
    "source",
    "phone",
    "address",
    "note",
    "extra",
)


class Customers(Planner):
    """A customer is its code, else its name. A parent may come later in the file: such rows are planned last."""

    entity = "customers"

    def words(self, row: Row) -> dict[str, list[Any]]:
        values = row.values
        return {
            "customers": [*row.keys, values.get("name"), values.get("only_new"), values.get("parent")],
            "people": [values.get("owner")],
        }

    def must_wait(self, row: Row) -> bool:
        parent = row.values.get("parent")
        return parent is not None and not self.directory.find(parent)

    def plan(self, row: Row) -> None:
        only_new = row.values.get("only_new")
        if only_new and self.directory.find(only_new):
            return None
        values = row.get
        made = bulk.CustomerRow(
            name=values("name", "") or values("code", ""),
            code=values("code"),
            industry=values("industry", ""),
            region=values("region", ""),
            size=values("size", ""),
            tier=values("tier", ""),
            owner_id=row.owner("owner"),
            parent_id=row.refer("parent", "customers"),
            source=values("source", ""),
            phone=values("phone", ""),
            address=values("address", ""),
            note=values("note", ""),
            created_on=values("created_on"),
            extra=row.extra(),
        )
        known = self.identify(row, made.name)
        if known is not None and known == made.parent_id:
            row.wrong("parent", "own_parent")
        if known is None:
            row.ahead("created_on")
        if row.faults:
            return self.checker.refuse(row.record, row.faults)
        people = values("contacts", ())
        if known is not None:
            return self.meet(row, known, lambda old: self._differ(made, old, people, row))
        local = self.directory.add(row.keys, [made.name])
        self.checker.customer_owners[local] = made.owner_id
        if made.owner_id is None:
            self.checker.ownerless.rows[local] = row.record
        self._contacts(local, row, people)
        return self.create(row, made, local)

    def _differ(self, made: bulk.CustomerRow, old: dict[str, Any], people: Any, row: Row) -> dict[str, Any]:
        changed = self.differ(made, old, FIELDS)
        owner, choice = made.owner_id, self.checker.choices.on_existing
        if owner not in (None, old["owner_id"]) and (
            choice == "overwrite" or (choice == "fill" and old["owner_id"] is None)
        ):
            # a new owner is a hand-over, with its own history: an act, not a column
            changed["owner_id"] = owner
        fresh = [name for name in people if name not in old["contacts"]]
        if fresh and self.checker.choices.on_existing != "skip":
            self._contacts(old["pk"], row, fresh)
            old["contacts"].update(fresh)
            changed.setdefault("+contacts", fresh)
        return changed

    def _contacts(self, customer: int, row: Row, names: Any) -> None:
        first = True
        for name in names:
            contact = bulk.ContactRow(
                customer, name, title=row.get("contact_title", "") if first else "",
                mobile=row.get("contact_mobile", "") if first else "",
            )  # fmt: skip
            self.staging.put("contacts", contact)
            first = False

    def stored(self, ids: list[int]) -> dict[int, dict[str, Any]]:
        found: dict[int, dict[str, Any]] = {}
        for start in range(0, len(ids), 900):
            part = ids[start : start + 900]
            for old in Customer.objects.filter(pk__in=part).values("pk", "owner_id", *FIELDS):
                found[old["pk"]] = {**old, "contacts": set()}
            for customer, name in Contact.objects.filter(customer_id__in=part).values_list("customer_id", "name"):
                found[customer]["contacts"].add(name)
        return found
