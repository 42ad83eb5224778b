"""A process that has Django loaded and forks victims: servers and imports that a test then kills with SIGKILL.

Forking instead of starting anew saves the seconds of imports, so that twenty kills fit into a test; each victim is a
process of its own with connections of its own. Reads one JSON order a line, answers one JSON line.
"""

from __future__ import annotations

import io
import json
import os
import signal
import sys
import traceback
from contextlib import redirect_stdout
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


def take(preset: str, path: str, die_at: int = 0) -> dict[str, Any]:
    """Import a file; `die_at` kills this process inside the promotion, in the middle of its n-th bulk write."""
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
    return {"taken": result.taken, "writes": count, "json": result.as_json()}


def run(code: str) -> str:
    """Run code inside the installation; what it prints is the answer."""
    said = io.StringIO()
    with redirect_stdout(said):
        exec(code, {"__name__": "victim"})
    return said.getvalue()


def child(order: dict[str, Any], answer: int) -> None:
    """What a forked victim does; ends without coming back."""
    os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    code = 0
    try:
        if order["do"] == "serve":
            serve(order["port"], order.get("guard", ""))
            said: Any = None
        elif order["do"] == "take":
            said = take(order["preset"], order["path"], order.get("die_at", 0))
        else:
            said = run(order["code"])
    except BaseException:  # whatever it was, the test must see it
        said, code = traceback.format_exc(), 1
    with os.fdopen(answer, "w", encoding="utf-8") as file:
        json.dump(said, file)
    os._exit(code)


def main() -> None:
    import django

    django.setup()
    from django.urls import get_resolver

    _ = get_resolver().url_patterns
    import pacesetter.imports.followups  # noqa: F401 - loaded once for all victims

    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        if order["do"] == "wait":
            _pid, status = os.waitpid(order["pid"], 0)
            print(json.dumps(os.waitstatus_to_exitcode(status)), flush=True)
            continue
        ear, mouth = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(ear)
            child(order, mouth)
        os.close(mouth)
        if order["do"] == "serve" or order.get("leave"):
            os.close(ear)
            print(json.dumps(pid), flush=True)
            continue
        with os.fdopen(ear, encoding="utf-8") as file:
            said = file.read()
        _pid, status = os.waitpid(pid, 0)
        print(json.dumps([os.waitstatus_to_exitcode(status), json.loads(said) if said else None]), flush=True)


if __name__ == "__main__":
    main()
