"""A process with Django loaded that runs each piece of code in a fork of its own: starting Python anew takes a second.

`Home.python` asks it. Reads one JSON string a line, answers one JSON line: [exit status, what was printed, traceback].
What a piece of code imports at its top is loaded once, for all later ones too; nothing else of it is kept.
"""

from __future__ import annotations

import ast
import gc
import importlib
import io
import json
import os
import sys
import traceback
from contextlib import redirect_stdout, suppress


def load(code: str) -> None:
    """Import the modules that this code will ask for; whatever is wrong with them is told by the code itself."""
    with suppress(SyntaxError):
        for node in ast.parse(code).body:
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            for name in names:
                with suppress(Exception):
                    importlib.import_module(name)


def run(code: str, answer: int) -> None:
    """What the fork does; it does not come back."""
    said, fault = io.StringIO(), ""
    try:
        with redirect_stdout(said):
            exec(compile(code, "<home>", "exec"), {"__name__": "__main__"})
        from django.db import connections

        connections.close_all()
    except BaseException:  # whatever it was, the test must see it
        fault = traceback.format_exc()
    with os.fdopen(answer, "w", encoding="utf-8") as file:
        json.dump([1 if fault else 0, said.getvalue(), fault], file)
    os._exit(0)


def main() -> None:
    import django

    django.setup()
    gc.freeze()
    for line in sys.stdin:
        code = json.loads(line)
        load(code)
        ear, mouth = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(ear)
            run(code, mouth)
        os.close(mouth)
        with os.fdopen(ear, encoding="utf-8") as file:
            answer = file.read()
        _pid, status = os.waitpid(pid, 0)
        ended = f"it ended with {os.waitstatus_to_exitcode(status)}"
        print(answer or json.dumps([1, "", ended]), flush=True)


if __name__ == "__main__":
    main()
