"""A process with the product loaded that forks every process a test asks for: starting Python anew takes three seconds.

`Home` in tests/homes.py asks it. Each fork takes over the environment of its home before it does anything (`adopt`)
and opens connections of its own, so that it can be killed like a process that was started by hand. Reads one JSON
order a line, answers one JSON line:

{"do": "run", "code", "env", "err"}             [exit status, what was printed, traceback], at its end
{"do": "start", "words", "env", "out", "err"}   its number; `words` as behind `python`: a file, -m a module, -c code
{"do": "wait", "pid"}                           its exit status, or null as long as it runs

What a piece of code imports at its top is loaded once, for all later ones too; nothing else of it is kept.
"""

from __future__ import annotations

import ast
import atexit
import gc
import importlib
import io
import json
import logging.config
import os
import runpy
import signal
import sys
import threading
import traceback
from contextlib import redirect_stdout, suppress
from copy import deepcopy
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
# what the server and the worker would load first of all
LOADED = (
    "uvicorn", "uvicorn.main", "uvicorn.lifespan.on", "uvicorn.loops.auto", "uvicorn.middleware.wsgi",
    "uvicorn.protocols.http.auto", "uvicorn.protocols.websockets.auto", "django.test", "pacesetter.config.serve",
    "pacesetter.imports.followups", "pacesetter.worker.chores", "pacesetter.worker.loop",
)  # fmt: skip

# what the settings said before anything was loaded
BEFORE: dict[str, Any] = {}


def load(code: str) -> None:
    """Import the modules that this code will ask for; whatever is wrong with them is told by the code itself."""
    with suppress(SyntaxError):
        for node in ast.parse(code).body:
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            for name in names:
                with suppress(Exception):
                    importlib.import_module(name)


@cache
def written() -> CodeType:
    """The settings, compiled once."""
    path = importlib.import_module(os.environ["DJANGO_SETTINGS_MODULE"]).__file__ or ""
    return compile(Path(path).read_text(encoding="utf-8"), path, "exec")


def said() -> dict[str, Any]:
    """What the settings say in this environment."""
    names = vars(importlib.import_module(os.environ["DJANGO_SETTINGS_MODULE"]))
    exec(written(), names)
    return {name: value for name, value in names.items() if name.isupper()}


def adopt(environment: dict[str, str]) -> None:
    """Read the settings anew from this environment, as a fresh process does; no database was asked before."""
    from django.conf import settings
    from django.core.signals import setting_changed
    from django.db import connections

    os.environ.clear()
    os.environ.update(environment)
    for name, value in said().items():
        # only what is another here: what libraries made of the others when they were loaded stays
        if BEFORE.get(name) != value:
            setattr(settings, name, value)
            if name != "DATABASES":
                setting_changed.send(sender=None, setting=name, value=value, enter=True)
    for alias in list(connections):
        with suppress(AttributeError):
            del connections[alias]
    connections._settings = None
    connections.__dict__.pop("settings", None)
    logging.config.dictConfig(settings.LOGGING)


def apart(out: str, err: str) -> None:
    """A group and files of its own, as a child of the shell would have them."""
    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    nothing = os.open(os.devnull, os.O_RDWR)
    for number, path in enumerate(("", out, err)):
        kept = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND) if path else nothing
        os.dup2(kept, number)
        os.close(kept) if kept != nothing else None


def run(order: dict[str, Any], answer: int) -> None:
    """What a fork does that answers; it does not come back."""
    said, fault = io.StringIO(), ""
    try:
        apart("", order["err"])
        adopt(order["env"])
        with redirect_stdout(said):
            exec(compile(order["code"], "<home>", "exec"), {"__name__": "__main__"})
        from django.db import connections

        connections.close_all()
    except BaseException:  # whatever it was, the test must see it
        fault = traceback.format_exc()
    with os.fdopen(answer, "w", encoding="utf-8") as file:
        json.dump([1 if fault else 0, said.getvalue(), fault], file)
    os._exit(0)


def become(order: dict[str, Any]) -> None:
    """What a fork does that was started: Python's own command line, to its natural end."""
    apart(order["out"], order["err"])
    adopt(order["env"])
    first, *more = order["words"]
    if first == "-c":
        sys.argv = ["-c", *more[1:]]
        exec(compile(more[0], "<string>", "exec"), {"__name__": "__main__"})
    elif first == "-m":
        sys.argv = more
        runpy.run_module(more[0], run_name="__main__", alter_sys=True)
    else:
        sys.argv = order["words"]
        runpy.run_path(first, run_name="__main__")


def ended(order: dict[str, Any]) -> int:
    """The exit status of a fork that was started. It ends as Python ends, threads and what was registered for the end
    included, but does not take all that is loaded apart first: 0.1 s each."""
    from django.db import connections

    status = 0
    try:
        become(order)
    except SystemExit as end:
        if not isinstance(end.code, int | None):
            raise
        status = end.code or 0
    # as multiprocessing ends what it forks
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    connections.close_all()
    sys.stdout.flush()
    sys.stderr.flush()
    return status


def waited(pid: int) -> int | None:
    """How a fork ended; None as long as it runs."""
    done, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if done else None


def ready() -> None:
    import django

    BEFORE.update(deepcopy(said()))
    django.setup()
    from django.template.loader import get_template
    from django.urls import reverse

    for name in LOADED:
        importlib.import_module(name)
    # what each server would read with its first pages: every address, every page
    reverse("account_login")
    for path in (ROOT / "pacesetter/web/templates").rglob("*.html"):
        get_template(str(path.relative_to(ROOT / "pacesetter/web/templates")))
    gc.collect()
    gc.freeze()


def main() -> None:
    ready()
    left: set[int] = set()
    for line in sys.stdin:
        order = json.loads(line)
        if order["do"] == "wait":
            status = waited(order["pid"])
            left -= set() if status is None else {order["pid"]}
            print(json.dumps(status), flush=True)
            continue
        if order["do"] == "start":
            pid = os.fork()
            if pid == 0:
                os._exit(ended(order))
            left.add(pid)
            print(json.dumps(pid), flush=True)
            continue
        load(order["code"])
        ear, mouth = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(ear)
            run(order, mouth)
        os.close(mouth)
        with os.fdopen(ear, encoding="utf-8") as file:
            answer = file.read()
        _pid, status = os.waitpid(pid, 0)
        print(answer or json.dumps([os.waitstatus_to_exitcode(status), "", "it ended by itself"]), flush=True)
    for pid in left:
        with suppress(OSError):
            os.killpg(pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
