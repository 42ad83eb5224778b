"""Runs: asked for, fetched by the worker, planned, applied by an admin — exactly what was shown, or nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pacesetter.journal.acts import record
from pacesetter.lib.refusal import Refusal
from pacesetter.people import acts as people
from pacesetter.people import reads
from pacesetter.people.models import Person

from .. import configured, planning, snapshot
from ..adapter import ChatError
from ..book import MASTERED, book
from ..configured import NAMES
from ..models import State, SyncRun
from .applying import Applying

# The worker has other things to do as well.
PATIENCE: Final = 60
# A worker that died in the middle of reading: somebody else may read again.
DEAD_AFTER: Final = timedelta(minutes=30)
KEPT: Final = timedelta(days=60)


@transaction.atomic
def ask(*, name: str, nightly: bool = False, by: Person | None, at: datetime) -> SyncRun:
    """Ask the worker for a dry run; the one that already waits is returned. Older ones that were not applied end."""
    waiting = SyncRun.objects.filter(name=name, state__in=(State.WAITING, State.FETCHING)).first()
    if waiting is not None:
        return waiting
    run = SyncRun.objects.create(name=name, nightly=nightly, by=by, at=at)
    if by is not None:
        record("ask_organisation", by=by, at=at, entity="sync_run", object_id=run.pk, label=str(NAMES[name]))
    return run


def revive(*, at: datetime) -> int:
    """Runs whose worker died wait again."""
    dead = SyncRun.objects.filter(state=State.FETCHING, beat_at__lt=at - DEAD_AFTER)
    return dead.update(state=State.WAITING, beat_at=None)


def claim(pk: int, *, at: datetime) -> bool:
    """Take a waiting run; false when somebody else was faster."""
    return bool(SyncRun.objects.filter(pk=pk, state=State.WAITING).update(state=State.FETCHING, beat_at=at))


def look(run: SyncRun, *, at: datetime, sleep: Callable[[float], None] = time.sleep) -> SyncRun:
    """Fetch (outside any transaction: it may take a minute), plan, and keep both."""
    try:
        found = snapshot.fetch(configured.adapter(run.name, patience=PATIENCE, sleep=sleep))
    except ChatError as fault:
        return _failed(run, fault.kind, fault.detail)
    except KeyError:
        return _failed(run, "credentials", "")
    return keep(run, found, at=at)


def _failed(run: SyncRun, kind: str, detail: str) -> SyncRun:
    run.state, run.fault = State.FAILED, {"kind": kind, "detail": detail}
    run.save(update_fields=["state", "fault"])
    return run


@transaction.atomic
def keep(run: SyncRun, found: snapshot.Snapshot, *, at: datetime) -> SyncRun:
    """The plan of what was fetched; older plans of the same system are outdated and forget their people."""
    on = reads.business_day(at)
    made = planning.plan(found, book(run.name, found.source, on), on)
    old = SyncRun.objects.filter(name=run.name, state=State.READY).exclude(pk=run.pk)
    old.update(state=State.OUTDATED, snapshot={}, steps=[], notes=[])
    run.snapshot = snapshot.dump(found)
    run.steps, run.notes = made.as_json()
    run.counts, run.digest, run.state = made.counts, planning.digest(made), State.READY
    run.save(update_fields=["snapshot", "steps", "notes", "counts", "digest", "state"])
    return run


@transaction.atomic
def apply(
    *, run: SyncRun, ticked: frozenset[str] = frozenset(), role: str = "", by: Person | None, at: datetime
) -> dict[str, int]:  # fmt: skip
    """Take the plan that was shown, all of it or nothing; returns how many steps of each kind were taken.

    `ticked`: ids of steps that are taken only when named. `role`: given to whoever is added.
    """
    run = SyncRun.objects.select_for_update().get(pk=run.pk)
    if run.state != State.READY:
        raise Refusal(_("这次试算已经应用过或已过时。请重新试算。"), code="stale")
    if role not in ("", "rep"):
        raise Refusal(_("新增的人员只能得到销售角色，其他角色请在人员里单独给。"), code="role", field="role")
    on = reads.business_day(at)
    found = snapshot.load(run.snapshot)
    made = planning.plan(found, book(run.name, found.source, on), on)
    if planning.digest(made) != run.digest:
        raise Refusal(_("试算之后人员或团队又改过，结果会不一样。请重新试算。"), code="stale")
    steps = [one for one in made.steps if one.kind not in planning.TICKED or one.id in ticked]
    counts = Applying(found.source, by=by, at=at, on=on, role=role, reason=f"{NAMES[run.name]}").run(steps)
    run.state, run.applied_at, run.applied_by, run.snapshot = State.APPLIED, at, by, {}
    run.counts = counts
    run.save(update_fields=["state", "applied_at", "applied_by", "snapshot", "counts"])
    record("sync_organisation", by=by, at=at, entity="sync_run", object_id=run.pk, label=str(NAMES[run.name]),
           after=counts, rows=max(sum(counts.values()), 1))  # fmt: skip
    return counts


@transaction.atomic
def choose_master(*, name: str, by: Person | None, at: datetime) -> None:
    """Say who is right where the two differ: a chat system, or this product (`name` empty)."""
    if name and name not in NAMES:
        raise Refusal(_("没有这个系统。"), code="unknown", field="master")
    for entity in MASTERED:
        people.set_master(entity=entity, source=name, by=by, at=at)


def tidy(*, at: datetime) -> int:
    """Runs of two months ago go; the journal keeps what was applied."""
    return SyncRun.objects.filter(at__lt=at - KEPT).delete()[0]
