"""A batch from upload to undo. Each verb is one short transaction; only the promotion holds the write lock for longer.

States: uploaded → checking → checked → queued → promoting → done | refused | cancelled | failed; done → undone (within
7 days). A worker claims a batch by a conditional UPDATE and keeps its heartbeat; a batch whose heart stopped is queued
again by the next worker, and because the promotion is one transaction nothing of it was written.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pacesetter.activity.acts.bulk import UNDO
from pacesetter.goals import acts as goal_acts
from pacesetter.journal.acts import record
from pacesetter.journal.models import Entry, RowChange
from pacesetter.lib.refusal import Refusal
from pacesetter.people import reads as people
from pacesetter.people.models import ExternalId, Person
from pacesetter.pipeline.acts import bulk_undo

from ..faults import Fault
from ..importing import Order, Progress, Result, run
from ..models import HELD, Batch, BatchFault, SavedMapping, State
from ..plan import Plan
from ..presets import PRESETS
from ..sources import Choices as FileChoices

UNDO_DAYS = 7
# a worker that has not been heard of for this long is dead
DEAD_AFTER = timedelta(seconds=90)
# more faults than this are counted but not listed
FAULTS_KEPT = 20_000
# more pairs of month and customer than this are not compared with finance's file
RECEIVED_KEPT = 50_000


def folder_of(batch: Batch) -> Path:
    """Where the files of a batch lie."""
    return Path(settings.HOME) / "imports" / str(batch.uuid)


def saved(name: str) -> SavedMapping | None:
    """A mapping saved on the page."""
    return SavedMapping.objects.filter(name=name).first()


def choices_of(mapping: Mapping[str, Any]) -> FileChoices:
    """What was decided for one file, from its stored form."""
    return FileChoices(
        entity=mapping.get("entity", ""),
        sheet=mapping.get("sheet", ""),
        columns=mapping.get("columns", {}),
        orders=mapping.get("orders", {}),
        words=mapping.get("words", {}),
        units=mapping.get("units", {}),
        percent=mapping.get("percent", {}),
        half_up=frozenset(mapping.get("half_up", ())),
        exact=frozenset(mapping.get("exact", ())),
        key=tuple(mapping.get("key", ())),
        make=frozenset(mapping.get("make", ())),
        owner_by=mapping.get("owner_by", ""),
        day_from=mapping.get("day_from", ""),
        fixed=mapping.get("fixed", {}),
    )


def order_for(preset: str, paths: Sequence[Any], **how: Any) -> Order:
    """An order by preset or by the name of a saved mapping (each file is read by the part that fits its headers)."""
    if preset in PRESETS:
        return Order(paths, preset, **how)
    held = saved(preset)
    if held is None:
        raise Refusal(_("没有叫“%(name)s”的预设。") % {"name": preset}, code="preset")
    return Order(paths, held.entity, parts=[choices_of(part) for part in held.parts], label=preset, **how)


# --- from upload to queue --------------------------------------------------------------------------------------------
@transaction.atomic
def open_batch(*, preset: str, files: Iterable[tuple[str, Iterable[bytes]]], by: Person | None, at: datetime) -> Batch:
    """Keep uploaded files (name, chunks of bytes) for checking and importing. Nothing else is written."""
    batch = Batch.objects.create(preset=preset, by=by, created_at=at, state=State.UPLOADED)
    folder = folder_of(batch)
    folder.mkdir(parents=True, mode=0o750)
    names: list[str] = []
    for name, chunks in files:
        safe = Path(name.replace("\\", "/")).name.strip().lstrip(".") or "file"
        while safe in names:
            safe = f"{len(names)}-{safe}"
        names.append(safe)
        with (folder / safe).open("wb") as target:
            for chunk in chunks:
                target.write(chunk)
    batch.files = [{"file": name} for name in names]
    batch.save(update_fields=["files"])
    record("open_batch", by=by, at=at, entity="batch", object_id=batch.pk, label="、".join(names))
    return batch


@transaction.atomic
def map_batch(
    *, batch: Batch, preset: str, mapping: dict[str, Any], on_existing: str, take_good: bool, by: Person | None,
    at: datetime,
) -> Batch:  # fmt: skip
    """Decide how the files are read. The batch must be checked (again) afterwards."""
    changed = Batch.objects.filter(pk=batch.pk, state__in=(State.UPLOADED, State.CHECKED, State.REFUSED)).update(
        preset=preset, mapping=mapping, on_existing=on_existing, take_good=take_good, state=State.UPLOADED, claim=""
    )
    if not changed:
        raise Refusal(_("这一批已经开始导入，不能再改。"), code="state")
    batch.refresh_from_db()
    return batch


@transaction.atomic
def save_mapping(*, name: str, parts: Sequence[Mapping[str, Any]], by: Person | None, at: datetime) -> SavedMapping:
    """Keep a mapping under a name for the next files: a part for each kind of file. The same name is replaced."""
    name = name.strip()
    if not name or len(name) > 80:
        raise Refusal(_("给这套映射起个名字，最多 80 个字。"), code="required", field="name")
    if name in PRESETS:
        raise Refusal(_("“%(name)s”是内置预设的名字，换一个。") % {"name": name}, code="exists", field="name")
    first, *more = sorted(parts, key=lambda part: part["entity"] != "deals")
    entity, columns = first["entity"], first["columns"]
    options = {key: value for key, value in first.items() if key not in ("entity", "columns")}
    if more:
        options["more"] = [dict(part) for part in more]
    held, _made = SavedMapping.objects.update_or_create(
        name=name,
        defaults={"entity": entity, "columns": columns, "options": options, "created_by": by, "created_at": at},
    )
    record(
        "save_mapping", by=by, at=at, entity="saved_mapping", object_id=held.pk, label=name, after={"entity": entity}
    )
    return held


@transaction.atomic
def queue_batch(*, batch: Batch, take_good: bool | None = None, by: Person | None, at: datetime) -> Batch:
    """Hand a checked batch to the worker."""
    held = Batch.objects.select_for_update().get(pk=batch.pk)
    if held.state not in (State.CHECKED, State.REFUSED, State.FAILED):
        raise Refusal(_("这一批现在不能导入。"), code="state")
    if take_good is not None:
        held.take_good = take_good
    held.state, held.claim, held.cancel_asked, held.phase, held.rows_done = State.QUEUED, "", False, "", 0
    held.save()
    record("queue_batch", by=by, at=at, entity="batch", object_id=held.pk, label=str(held))
    return held


@transaction.atomic
def cancel_batch(*, batch: Batch, by: Person | None, at: datetime) -> Batch:
    """Stop a batch that has not been written yet; one that is running stops at its next step."""
    held = Batch.objects.select_for_update().get(pk=batch.pk)
    if held.state in (State.DONE, State.UNDONE, State.CANCELLED):
        raise Refusal(_("这一批已经结束，不能取消。要撤回请用“撤销这一批”。"), code="state")
    if held.state == State.PROMOTING:
        held.cancel_asked = True
    else:
        held.state, held.finished_at = State.CANCELLED, at
    held.save()
    record("cancel_batch", by=by, at=at, entity="batch", object_id=held.pk, label=str(held))
    return held


# --- the work --------------------------------------------------------------------------------------------------------
class Cancelled(Exception):
    """Somebody asked the batch to stop."""


class LostClaim(Exception):
    """Another worker took the batch: this one must not write."""


def order_of(batch: Batch, *, dry_run: bool) -> Order:
    """What the batch asks for, with the reach of who opened it."""
    from ..rights import may_grant, reach_for

    order = order_for(
        batch.preset, [folder_of(batch) / item["file"] for item in batch.files], on_existing=batch.on_existing,
        take_good=batch.take_good, dry_run=dry_run, want_rows=False,
    )  # fmt: skip
    chosen = {name: choices_of(found) for name, found in batch.mapping.items()}
    return replace(
        order,
        files={**order.files, **chosen},
        reach=reach_for(batch),
        may_grant=may_grant(batch),
        uuid=str(batch.uuid),
        label=order.label or batch.preset,
        staging=folder_of(batch) / "staging.sqlite3",
    )


def claim(batch_id: int, *, at: datetime) -> str | None:
    """Take a batch that waits; returns the claim, None when somebody else was faster."""
    mine = uuid.uuid4().hex
    won = Batch.objects.filter(pk=batch_id, state=State.QUEUED).update(
        state=State.PROMOTING, claim=mine, heartbeat_at=at, started_at=at, phase="check", rows_done=0
    )
    return mine if won else None


def revive(*, at: datetime) -> int:
    """Queue again what a dead worker left; nothing of it was written. Returns how many."""
    dead = Batch.objects.filter(state=State.PROMOTING).filter(
        Q(heartbeat_at=None) | Q(heartbeat_at__lt=at - DEAD_AFTER)
    )
    return dead.update(state=State.QUEUED, claim="", phase="")


def check_batch(*, batch: Batch, by: Person | None, at: datetime) -> Batch:
    """The dry run: counts and faults are kept with the batch, no record is written."""
    if batch.state not in (State.UPLOADED, State.CHECKED, State.REFUSED):
        raise Refusal(_("这一批现在不能预检。"), code="state")
    result = run(order_of(batch, dry_run=True), by=by, at=at)
    with transaction.atomic():
        _keep(batch.pk, result, State.CHECKED, at)
    batch.refresh_from_db()
    return batch


def promote_batch(batch: Batch, mine: str, *, at: datetime, beat: Any = None) -> Batch:
    """Import a claimed batch. `beat()` gives the instant of a heartbeat (the worker's clock)."""

    def progress(plan: Plan, phase: str) -> None:
        plan.timed()
        rate = max((file.rate for file in plan.files.values()), default=0)
        now = at if beat is None else beat()
        standing = Batch.objects.filter(pk=batch.pk, claim=mine, state=State.PROMOTING)
        if not standing.update(heartbeat_at=now, phase=phase, rows_done=plan.done, rows_per_second=rate):
            raise LostClaim
        if Batch.objects.filter(pk=batch.pk, cancel_asked=True).exists():
            raise Cancelled

    def after(result: Result) -> None:
        # in the transaction that wrote: done and written are one
        if not Batch.objects.filter(pk=batch.pk, claim=mine, state=State.PROMOTING).update(claim=mine):
            raise LostClaim
        _keep(batch.pk, result, State.DONE, at)

    try:
        result = run(order_of(batch, dry_run=False), by=batch.by, at=at, progress=_throttled(progress), after=after)
    except Cancelled:
        _end(batch.pk, mine, State.CANCELLED, at, "")
    except LostClaim:
        pass
    except Refusal as refusal:
        _end(batch.pk, mine, State.FAILED, at, str(refusal))
    else:
        if not result.taken:
            with transaction.atomic():
                _keep(batch.pk, result, State.REFUSED, at)
    batch.refresh_from_db()
    return batch


def _throttled(progress: Progress) -> Progress:
    """At most one heartbeat per 2,000 rows, and one at every change of phase."""
    last: list[Any] = [-1, ""]

    def told(plan: Plan, phase: str) -> None:
        if phase != last[1] or plan.done - last[0] >= 2_000:
            last[:] = [plan.done, phase]
            progress(plan, phase)

    return told


def run_now(order: Order, *, by: Person | None, at: datetime, progress: Progress | None = None) -> Result:
    """Import at once, without the worker (the command line); the batch is listed and can be undone like any other."""
    made: list[Batch] = []
    mark = uuid.uuid4()

    def after(result: Result) -> None:
        batch = Batch.objects.create(
            uuid=mark, preset=order.label or order.preset, on_existing=order.on_existing, take_good=order.take_good,
            by=by, created_at=at, started_at=at,
        )  # fmt: skip
        made.append(batch)
        _keep(batch.pk, result, State.DONE, at)

    return run(replace(order, uuid=str(mark)), by=by, at=at, progress=progress, after=after)


def _keep(batch_id: int, result: Result, state: str, at: datetime) -> None:
    """Write what came out of a check or an import. Part of a transaction."""
    plan = result.plan
    told = plan.as_json(taken=result.taken)
    Batch.objects.filter(pk=batch_id).update(
        state=state,
        files=told["files"],
        totals=_totals(result),
        rows_total=plan.done,
        rows_done=plan.done,
        rows_per_second=max((file.rate for file in plan.files.values()), default=0),
        entries=[] if result.entry_id is None else [result.entry_id, *result.goals],
        finished_at=None if state == State.CHECKED else at,
        phase="",
    )
    BatchFault.objects.filter(batch_id=batch_id).delete()
    kept: list[Fault] = [*plan.errors, *plan.warnings][:FAULTS_KEPT]
    BatchFault.objects.bulk_create(
        [
            BatchFault(
                batch_id=batch_id, file=f.file[:200], row=f.row, column=f.column[:200], value=f.value[:200],
                code=f.code, params={name: str(value) for name, value in f.params.items()}, level=f.level, rows=f.rows,
            )
            for f in kept
        ],
        batch_size=500,
    )  # fmt: skip


def _totals(result: Result) -> dict[str, Any]:
    """Money by month for the preview; what finance's file says was received, by month and customer."""
    plan = result.plan
    told: dict[str, Any] = {"months": {f"{year}-{month:02d}": total for (year, month), total in plan.months.items()}}
    if result.taken and result.ids is not None and len(plan.received) <= RECEIVED_KEPT:
        told["received"] = [
            [month, result.ids.sure("customers", customer), total] for (month, customer), total in plan.received.items()
        ]
    return told


def _end(batch_id: int, mine: str, state: str, at: datetime, note: str) -> None:
    Batch.objects.filter(pk=batch_id, claim=mine).update(state=state, finished_at=at, note=note[:300], phase="")


# --- afterwards ------------------------------------------------------------------------------------------------------
@transaction.atomic
def undo_batch(*, batch: Batch, reason: str = "", by: Person | None, at: datetime) -> bulk_undo.Undone:
    """Take a batch back within 7 days. Rows changed since stay and are named; people always stay.

    Its goals go together or not at all: refused where one was signed, locked, published or changed since.
    """
    held = Batch.objects.select_for_update().get(pk=batch.pk)
    if held.state != State.DONE or not held.entries:
        raise Refusal(_("只有已导入的批次可以撤销。"), code="state")
    if held.finished_at is None or at - held.finished_at > timedelta(days=UNDO_DAYS):
        raise Refusal(_("超过 %(days)s 天的批次不能撤销。") % {"days": UNDO_DAYS}, code="too_late")
    on = people.business_day(at)
    if len(held.entries) > 1:
        drafted, *published = [Entry.objects.get(pk=pk) for pk in held.entries[1:]]
        goal_acts.undo_published(
            drafted=drafted, published=published[0] if published else None, by=by, at=at, reason=reason
        )
    result = bulk_undo.undo(held.entries[0], by=by, at=at, on=on, reason=reason, also=UNDO)
    _forget_external(held.entries[0], {pk for _entity, pk, _label, _why in result.kept})
    held.state, held.undone_at = State.UNDONE, at
    held.totals = {**held.totals, "kept": [list(kept) for kept in result.kept[:500]], "removed": result.removed}
    held.save()
    return result


def _forget_external(entry_id: int, kept: set[int]) -> None:
    """Keys of the other system that pointed at removed records."""
    nouns = {"product": "products", "customer": "customers", "lead": "leads", "deal": "deals", "activity": "activities"}
    for noun, entity in nouns.items():
        rows = RowChange.objects.filter(entry_id=entry_id, entity=noun, before__isnull=True)
        gone = [pk for pk in rows.values_list("row_id", flat=True) if pk not in kept]
        for start in range(0, len(gone), 900):
            ExternalId.objects.filter(entity=entity, object_id__in=gone[start : start + 900]).delete()


@transaction.atomic
def tidy(*, at: datetime) -> int:
    """Throw away the files of batches that ended more than 30 days ago; returns how many folders went."""
    old = Batch.objects.filter(finished_at__lt=at - timedelta(days=30)).exclude(state__in=HELD)
    gone = 0
    for batch in old.only("uuid"):
        folder = folder_of(batch)
        if folder.is_dir():
            shutil.rmtree(folder, ignore_errors=True)
            gone += 1
    return gone


__all__ = ["cancel_batch", "check_batch", "claim", "map_batch", "open_batch", "order_for", "promote_batch",
           "queue_batch", "revive", "run_now", "save_mapping", "saved", "tidy", "undo_batch"]  # fmt: skip
