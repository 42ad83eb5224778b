"""What every entity's check shares: references, duplicates, closed periods, counting.

A planner turns one `Record` of a file into a staged row (create), a change (update), a duplicate, or faults. It reads
the database and writes nothing. New objects have provisional ids (−1, −2 …) until the promotion gives them real ones.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, tzinfo
from functools import cached_property
from typing import Any

from pacesetter.lib.periods import DEFAULT, Settings
from pacesetter.people import reads as people
from pacesetter.people.models import ClosedPeriod, Person
from pacesetter.pipeline.acts import bulk

from ..directory import Directory, directories
from ..faults import Fault, shown
from ..plan import Plan
from ..tables import Record
from .owners import Ownerless
from .teams import Teams

CHUNK = 1_000
# how many candidates an ambiguous name lists
CANDIDATES = 5


@dataclass
class Choices:
    """What the person importing chose, and what holds today.

    `source` names the system of the files; `reach` limits the owners of some kinds of records to some people; `today`
    the day.
    """

    source: str
    on_existing: str = "fill"
    take_good: bool = False
    want_rows: bool = False
    today: date = date.max
    reach: Mapping[str, frozenset[int]] = field(default_factory=dict)
    may_grant: bool = True


@dataclass
class Checker:
    """The state of one check: directories of what exists, closed periods, the plan being filled.

    `headers` gives the column of a file for a canonical one: {file: {canonical: header}}.
    """

    plan: Plan
    choices: Choices
    headers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    directories: dict[str, Directory] = field(default_factory=dict)
    closed: list[ClosedPeriod] = field(default_factory=list)
    # provisional customer → owner, for facts that follow the customer's owner
    customer_owners: dict[int, int | None] = field(default_factory=dict)
    ownerless: Ownerless = field(default_factory=Ownerless)
    tallies: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    zone: tzinfo = UTC
    currency: str = "CNY"
    periods: Settings = DEFAULT
    first_day: date | None = None
    last_day: date | None = None

    def __post_init__(self) -> None:
        self.directories = directories(self.choices.source)
        self.closed = list(ClosedPeriod.objects.all())

    # --- outcome of a row ------------------------------------------------------------------------------------------
    def count(self, record: Record, status: str) -> None:
        """Count the record's rows as ready, updated, duplicate, error or ignored; one made on the way has none."""
        if record.rows:
            counts = self.plan.file(record.file)
            setattr(counts, status, getattr(counts, status) + len(record.rows))

    def kept(self, record: Record, entity: str, known: int) -> None:
        """Remember which record each row of the file became (`--rows`)."""
        if self.choices.want_rows:
            for row in record.rows:
                self.plan.staging.put("rows", (record.file, row, entity, known))

    def refuse(self, record: Record, faults: Sequence[Fault]) -> None:
        """Report the faults of a record and count its rows as wrong."""
        self.plan.errors.extend(faults)
        rows = [row for row in record.rows if (record.file, row) not in self.plan.wrong]
        self.plan.wrong.update((record.file, row) for row in rows)
        self.plan.file(record.file).error += len(rows)

    def tally(self, record: Record, code: str) -> None:
        """Count something worth a warning; each is told once per file, with how often and where first."""
        self.tallies.setdefault((record.file, code), []).append(record.row)

    def tell_tallies(self) -> None:
        """Turn what was tallied into warnings."""
        for local, record in self.ownerless.rows.items():
            owner = self.ownerless.owner(local)
            if owner is not None:
                self.plan.staging.put("customer_owners", (local, owner))
            self.tally(record, "customer_without_owner" if owner is None else "customer_owner_of_deals")
        for (file, code), rows in self.tallies.items():
            params = {"count": len(rows), "row": rows[0]}
            self.plan.warnings.append(Fault(file, None, "", "", code, params, "warning", len(rows)))
        self.tallies.clear()

    def fault(self, record: Record, name: str, code: str, *, level: str = "error", **params: Any) -> Fault:
        """A fault at one field of a record."""
        value = record.values.get(name)
        text = record.raw.get(name) or ("" if value is None else str(value))
        column = self.headers.get(record.file, {}).get(name, name)
        return Fault(record.file, record.row, column, shown(text), code, params, level)

    def see_days(self, *days: date | None) -> None:
        """Note the days of facts: the work calendar must reach them."""
        for day in days:
            if day is not None:
                if self.first_day is None or day < self.first_day:
                    self.first_day = day
                if self.last_day is None or day > self.last_day:
                    self.last_day = day

    @cached_property
    def teams(self) -> Teams:
        """The teams that are here and those this batch adds."""
        return Teams(self.plan.staging)

    @cached_property
    def drafter(self) -> bulk.Drafter:
        """Makes drafts of new deals, with the seats as they are stored."""
        return bulk.Drafter(bulk.SeatTuples(people.SeatBook()), self.choices.today)

    def day(self, moment: datetime) -> date:
        """The business date of a moment."""
        return moment.astimezone(self.zone).date()

    def has_time(self, moment: datetime) -> bool:
        """False for midnight: the file told only the day."""
        return moment.astimezone(self.zone).time() != time()

    def closed_on(self, day: date | None) -> ClosedPeriod | None:
        """The closed period that holds the day."""
        if day is None:
            return None
        return next((period for period in self.closed if period.start <= day < period.end), None)

    # --- words for people --------------------------------------------------------------------------------------------
    def candidates(self, entity: str, ids: Iterable[int]) -> str:
        """Who an ambiguous name may mean: 张伟（工号 A1）、张伟（工号 B7）."""
        told = []
        for known in list(ids)[:CANDIDATES]:
            if known < 0:
                told.append("本文件中的新记录")
            elif entity == "people":
                person = Person.objects.get(pk=known)
                told.append(f"{person.name}（{person.employee_no or person.mobile or person.email or known}）")
            else:
                told.append(f"#{known}")
        return "、".join(told)


class Row:
    """One record being planned: resolves its references and collects its faults."""

    __slots__ = ("checker", "faults", "keys", "record", "values")

    def __init__(self, checker: Checker, record: Record, keys: list[str]) -> None:
        self.checker = checker
        self.record = record
        self.values: Mapping[str, Any] = record.values
        # what identifies the record beyond doubt: its own code, and its key in the other system
        self.keys = keys
        self.faults: list[Fault] = []

    def get(self, name: str, default: Any = None) -> Any:
        """The typed value of a field; `default` where the file says nothing."""
        found = self.values.get(name)
        return default if found is None else found

    def extra(self) -> dict[str, Any]:
        """Unmapped columns, read-only with the record; a note of entities without one is kept there too."""
        return dict(self.record.extra)

    def wrong(self, name: str, code: str, *, text: str | None = None, **params: Any) -> None:
        """Report a fault at a field; `text` where only a part of the cell is wrong."""
        fault = self.checker.fault(self.record, name, code, **params)
        self.faults.append(fault if text is None else dataclasses.replace(fault, value=shown(text)))

    def refer(self, name: str, entity: str, *, missing: str = "unknown_reference", value: Any = None) -> int | None:
        """The id that the field's word means; None where it says nothing. Unknown and ambiguous words are faults."""
        word = self.values.get(name) if value is None else value
        if not word:
            return None
        directory = self.checker.directories[entity]
        known = directory.key_ids.get(word)
        if known is not None:
            return known
        found = directory.name_ids.get(word, ())
        if len(found) == 1:
            return found[0]
        if not found:
            self.wrong(name, missing, text=word, value=shown(word), entity=ENTITY_NAMES[entity])
        else:
            told = self.checker.candidates(entity, found)
            self.wrong(name, "ambiguous_name", text=word, value=shown(word), candidates=told)
        return None

    def owner(self, name: str) -> int | None:
        """A person that the importer may write for."""
        found = self.refer(name, "people")
        reach = self.checker.choices.reach.get(self.record.entity)
        if found is not None and reach is not None and found not in reach:
            # out of reach reads like unknown: it must not tell that the person exists
            self.wrong(
                name, "unknown_reference", value=shown(str(self.values.get(name))), entity=ENTITY_NAMES["people"]
            )
            return None
        return found

    def open_day(self, *names: str) -> None:
        """Refuse days in a closed period."""
        if not self.checker.closed:
            return
        for name in names:
            day = self.values.get(name)
            period = self.checker.closed_on(day) if isinstance(day, date) else None
            if period is not None:
                self.wrong(name, "closed_period", start=period.start.isoformat(), end=period.end.isoformat())

    def ahead(self, *names: str) -> None:
        """Refuse days that have not come: what happened cannot lie ahead, here as on a page."""
        for name in names:
            day = self.values.get(name)
            if isinstance(day, date) and day > self.checker.choices.today:
                self.wrong(name, "in_future")

    def amounts(self, *names: str, positive: bool = False) -> None:
        """Refuse amounts below zero; zero too where a page wants more."""
        for name in names:
            amount = self.values.get(name)
            if amount is not None and amount < 0:
                self.wrong(name, "negative")
            elif amount == 0 and positive:
                self.wrong(name, "not_positive")

    def has(self, name: str) -> bool:
        """Whether the file itself has this column."""
        return name in self.checker.headers.get(self.record.file, {})


def changes(row: Any, stored: Mapping[str, Any], names: Iterable[str], *, on_existing: str) -> dict[str, Any]:
    """Columns of an existing record that the file changes: empty ones (`fill`) or all that differ (`overwrite`).

    What the file leaves blank is never taken away.
    """
    if on_existing == "skip":
        return {}
    found: dict[str, Any] = {}
    for name in names:
        value = getattr(row, name)
        if value is None or value in ("", {}):
            continue
        old = stored.get(name)
        if name == "extra":
            merged = {**value, **(old or {})} if on_existing == "fill" else {**(old or {}), **value}
            if merged != (old or {}):
                found[name] = merged
            continue
        if old == value:
            continue
        if on_existing == "overwrite" or old is None or old == "":
            found[name] = value
    return found


ENTITY_NAMES = {
    "people": "人员",
    "teams": "团队",
    "regions": "区域",
    "products": "产品",
    "customers": "客户",
    "leads": "线索",
    "deals": "商机",
    "activities": "跟进",
    "invoices": "发票",
    "instalments": "应收",
    "receipts": "回款",
}
