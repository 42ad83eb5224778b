"""What runs inside an installation to be killed there: servers, perhaps without a guard, and imports that die."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import Any


def serve(port: int, guard: str = "") -> None:
    """Answer HTTP until killed. `guard` names guards to leave out, joined by "+": the control of a test."""
    import uvicorn

    for one in guard.split("+"):
        leave_out(one)
    from pacesetter.config.wsgi import application

    uvicorn.run(application, interface="wsgi", host="127.0.0.1", port=port, log_level="critical", access_log=False)


def leave_out(guard: str) -> None:
    """Take one guard out of this process."""
    from pacesetter.activity.acts import log, plans
    from pacesetter.pipeline import acts
    from pacesetter.pipeline.acts import customer, edit
    from pacesetter.web import door
    from pacesetter.web.views.day import log as sheet

    if guard == "answer_once":
        door.answer_once = lambda *, by, key, path, body, at, run: (run(), False)  # type: ignore[assignment]
    elif guard == "version":
        checked = customer.change_customer
        customer.change_customer = lambda *args, version=None, **more: checked(*args, **more)
        acts.change_customer = customer.change_customer  # type: ignore[assignment]
    elif guard == "setting":
        edit.unchanged = lambda *_what, **_more: None  # type: ignore[assignment]
    elif guard == "sheet_key":
        sheet.door_key = lambda request: None
    elif guard == "plan":
        plans.take = lambda plan, row, today: plan
    elif guard == "twin":
        log._twin_among = lambda row, near: None
    elif guard == "turns":
        log.one_at_a_time = lambda person, lead: None
    elif guard.startswith("goal_"):
        leave_out_of_goals(guard)
    else:
        assert not guard, guard


def leave_out_of_goals(guard: str) -> None:
    """The same for the guards of goals: what was seen, the end, the own, the seats, taking turns."""
    from pacesetter.goals import reads, rules
    from pacesetter.goals.acts import adjusting, drafting
    from pacesetter.goals.models import Adjustment

    silenced = rules.silenced

    def deaf_to(*reasons: str) -> None:
        rules.silenced = lambda *said: why if (why := silenced(*said)) not in reasons else ""  # type: ignore[assignment]

    if guard == "goal_seen":
        drafting._may_have_version = lambda view, draft, by, **how: None
    elif guard == "goal_decided":
        deaf_to("decided", "taken", "twice")
        adjusting.must_be_open = lambda view: None
        adjusting.must_be_the_same = lambda view, asked, today: view.in_force  # type: ignore[assignment,return-value]
    elif guard == "goal_self":
        deaf_to("self")
    elif guard == "goal_seats":
        deaf_to("twice")
    elif guard == "goal_turns":

        def look(pk: int) -> tuple[reads.GoalView, reads.AdjustmentView]:
            goal = Adjustment.objects.get(pk=pk).goal
            return reads.heads([goal])[goal.pk], reads.adjustment(pk)

        adjusting.held = look
    else:
        raise AssertionError(guard)


def take(preset: str, path: str, die_at: int, told: str) -> None:
    """Import a file and write into `told` what came of it.

    `die_at` kills this process inside the promotion, in the middle of its n-th bulk write.
    """
    from pacesetter.config import clock
    from pacesetter.imports.acts import batches
    from pacesetter.journal import acts as journal

    written = journal.write_rows
    count = 0

    def counting(model: Any, columns: Any, rows: Any) -> int:
        nonlocal count
        count += 1
        if count != die_at:
            return written(model, columns, rows)

        def some() -> Any:
            for place, row in enumerate(rows):
                if place == 3:
                    os.kill(os.getpid(), signal.SIGKILL)
                yield row
            os.kill(os.getpid(), signal.SIGKILL)

        return written(model, columns, some())

    journal.write_rows = counting
    result = batches.run_now(batches.order_for(preset, [path]), by=None, at=clock.now())
    answer = {"taken": result.taken, "writes": count, "json": result.as_json()}
    Path(told).write_text(json.dumps(answer), encoding="utf-8")
