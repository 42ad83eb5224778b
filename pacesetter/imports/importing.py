"""One import from files to records: read, check, write. Used by the command line and by the worker.

result = run(Order(paths, preset, …), by=person, at=now)
result.taken, result.plan, result.rows, result.as_json()
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from pacesetter.activity.models import ActivityKind
from pacesetter.lib.periods import Settings
from pacesetter.lib.refusal import Refusal
from pacesetter.people import acts as people_acts
from pacesetter.people import reads
from pacesetter.people.models import Person

from .acts import promotion
from .cell_texts import as_written
from .checking import Checker, Choices, check
from .faults import Fault
from .plan import Plan
from .presets import PRESETS
from .sources import Choices as FileChoices
from .sources import Opened, open_paths
from .staging import Staging

TRIES = 3
Progress = Callable[[Plan, str], None]


@dataclass(frozen=True)
class Order:
    """What is to be imported, and how. `files` by name holds what was decided on the page, `parts` a saved mapping."""

    paths: Sequence[str | Path | tuple[str, bytes]]
    preset: str
    on_existing: str = "fill"
    take_good: bool = False
    dry_run: bool = False
    want_rows: bool = False
    files: Mapping[str, FileChoices] = field(default_factory=dict)
    parts: Sequence[FileChoices] = ()
    reach: Mapping[str, frozenset[int]] = field(default_factory=dict)
    may_grant: bool = True
    label: str = ""
    # the worksheet of every workbook
    sheet: str = ""
    uuid: str = ""
    staging: Path | None = None


@dataclass
class Result:
    """What came of it. `taken` False = nothing was written."""

    plan: Plan
    taken: bool
    entry_id: int | None = None
    rows: list[dict[str, Any]] = field(default_factory=list)
    want_rows: bool = False
    ids: promotion.Ids | None = None
    # journal lines of goals: drafted, published
    goals: list[int] = field(default_factory=list)

    @property
    def refused(self) -> bool:
        """Nothing could be taken because of errors."""
        return not self.taken and self.plan.refused

    def as_json(self) -> dict[str, Any]:
        """The JSON of the CLI contract."""
        answer = self.plan.as_json(taken=self.taken)
        if self.want_rows:
            answer["rows"] = self.rows
        return answer


def run(order: Order, *, by: Person | None, at: datetime, progress: Progress | None = None,
        after: Callable[[Result], None] | None = None) -> Result:  # fmt: skip
    """Check the files and, unless it is a dry run or something is wrong, write them.

    Nothing is written when a row is wrong, unless `take_good`; never when a file as a whole is. `after` runs inside the
    transaction that wrote (the batch is marked done there).
    """
    with _no_garbage():
        return _run(order, by, at, progress, after)


def _run(order: Order, by: Person | None, at: datetime, progress: Progress | None,
         after: Callable[[Result], None] | None) -> Result:  # fmt: skip
    for attempt in range(TRIES):
        last = attempt == TRIES - 1
        staging = Staging(order.staging)
        try:
            if not last or order.dry_run:
                plan = _check(order, staging, at, progress)
                if _stops(order, plan):
                    return Result(plan, False, want_rows=order.want_rows)
                try:
                    return _write(order, plan, by, at, progress, after, check_stale=True)
                except promotion.Stale:
                    continue
            with transaction.atomic():
                # others keep writing: this time nobody can come in between
                _lock()
                plan = _check(order, staging, at, progress)
                if _stops(order, plan):
                    return Result(plan, False, want_rows=order.want_rows)
                return _write(order, plan, by, at, progress, after, check_stale=False)
        finally:
            staging.close()
    raise AssertionError("unreachable")


@contextmanager
def _no_garbage() -> Iterator[None]:
    """No search for reference cycles meanwhile: an import makes millions of objects and no cycles."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _stops(order: Order, plan: Plan) -> bool:
    return order.dry_run or plan.broken or (plan.refused and not order.take_good)


def _lock() -> None:
    """Take the write lock now (on SQLite the transaction holds it already)."""
    from pacesetter.journal.models import ChainHead

    ChainHead.objects.select_for_update().filter(pk=1).first()


def currency_of(order: Order) -> str:
    """The company's currency; on an empty home the preset's."""
    company = reads.company_or_none()
    return company.currency if company else str(PRESETS[order.preset].settings.get("currency", "CNY"))


def periods_of(order: Order) -> Settings:
    """The company's fiscal year and performance month; on an empty home the preset's."""
    company = reads.company_or_none()
    if company is not None:
        return reads.period_settings(company)
    known = PRESETS[order.preset].settings
    return Settings(known.get("fiscal_start_month", 1), known.get("performance_start_day", 1))


def opened(order: Order) -> Opened:
    """The files of an order, read and mapped with the company's currency and zone."""
    company = reads.company_or_none()
    settings = PRESETS[order.preset].settings
    currency = currency_of(order)
    zone = ZoneInfo(company.zone if company else str(settings.get("zone", "Asia/Shanghai")))
    chosen, parts = _with_company_words(order)
    wants = any(choices.owner_by == "region" for choices in (*chosen.values(), *parts))
    found = open_paths(
        order.paths, order.preset, currency=currency, zone=zone, choices=chosen, parts=parts,
        regions=reads.people_of_regions() if wants else {}, sheet=order.sheet,
    )  # fmt: skip
    wanted = settings.get("currency")
    if company is not None and wanted and wanted != company.currency:
        params = {"found": wanted, "expected": company.currency}
        found.faults.append(Fault("", None, "", "", "other_currency", params))
    if not found.files:
        found.faults.append(Fault("", None, "", "", "no_files"))
    return found


def _with_company_words(order: Order) -> tuple[Mapping[str, FileChoices], Sequence[FileChoices]]:
    """The choices by file and those of a saved mapping, with the activity kinds that the company has made itself."""
    kinds = ActivityKind.objects.filter(builtin=False, active=True).values_list("key", "zh", "en")
    words = {text: key for key, *names in kinds for text in (key, *names)}
    if not words:
        return order.files, order.parts

    def taught(decided: FileChoices) -> FileChoices:
        own = {**words, **decided.words.get("kind", {})}
        return replace(decided, words={**decided.words, "kind": own}) if _of_activities(order, decided) else decided

    names = order.files if order.parts else {**dict.fromkeys(names_of(order.paths), FileChoices()), **order.files}
    return {name: taught(order.files.get(name, FileChoices())) for name in names}, [taught(p) for p in order.parts]


def _of_activities(order: Order, decided: FileChoices) -> bool:
    return (decided.entity or order.preset) not in ("returns", "deals")


def names_of(paths: Sequence[str | Path | tuple[str, bytes]]) -> list[str]:
    """The names of files, folders opened."""
    found: list[str] = []
    for path in paths:
        if isinstance(path, tuple):
            found.append(path[0])
        elif Path(path).is_dir():
            found += [inner.name for inner in Path(path).iterdir()]
        else:
            found.append(Path(path).name)
    return found


def headers_of(found: Opened) -> dict[str, dict[str, str]]:
    """{file: {canonical column: header}}: faults name the column as the file does."""
    return {
        table.file: {mapped.column.name: mapped.header for mapped in table.mapping.columns}
        for tables in found.tables.values()
        for table in tables
    }


def _check(order: Order, staging: Staging, at: datetime, progress: Progress | None) -> Plan:
    found = opened(order)
    company = reads.company_or_none()
    choices = Choices(
        source=order.preset,
        on_existing=order.on_existing,
        take_good=order.take_good,
        want_rows=order.want_rows,
        today=reads.business_day(at) if company else at.date(),
        reach=order.reach,
        may_grant=order.may_grant,
    )
    beat = None if progress is None else lambda plan: progress(plan, "check")
    plan = check(
        found.records(), found.files, choices, staging=staging, zone=company.zone if company else "Asia/Shanghai",
        headers=headers_of(found), progress=beat, currency=currency_of(order), periods=periods_of(order),
    )  # fmt: skip
    tables = [table for tables in found.tables.values() for table in tables]
    plan.errors = as_written(plan.errors, tables)
    plan.warnings = as_written(plan.warnings, tables)
    return plan


def _write(order: Order, plan: Plan, by: Person | None, at: datetime, progress: Progress | None,
           after: Callable[[Result], None] | None, *, check_stale: bool) -> Result:  # fmt: skip
    if progress is not None:
        progress(plan, "write")
    with transaction.atomic():
        if check_stale:
            promotion.refuse_stale(plan)
        _company(order, by, at)
        try:
            done = promotion.promote(
                plan, by=by, at=at, label=order.label or order.preset, uuid=order.uuid, source=order.preset,
                check_stale=False,
            )  # fmt: skip
        except Refusal as refusal:
            transaction.set_rollback(True)
            plan.errors.append(Fault("", None, refusal.field, "", "refused_by_act", {"reason": str(refusal)}))
            return Result(plan, False, want_rows=order.want_rows)
        rows = [
            {"row": row, "id": done.ids.of(entity, known)} for _file, row, entity, known in plan.staging.items("rows")
        ]
        plan.timed()
        result = Result(plan, True, done.entry.pk, rows, order.want_rows, done.ids, done.goals)
        if after is not None:
            after(result)
        return result


def _company(order: Order, by: Person | None, at: datetime) -> None:
    """On an empty home the preset says currency, fiscal year and calendar."""
    if reads.company_or_none() is not None:
        return
    settings = PRESETS[order.preset].settings
    known = {key: settings[key] for key in ("currency", "zone", "fiscal_start_month", "performance_start_day")
             if key in settings}  # fmt: skip
    people_acts.create_company(name=str(settings.get("company", _("我的公司"))), by=by, at=at, **known)


__all__ = ["Checker", "Order", "Result", "headers_of", "opened", "run"]
