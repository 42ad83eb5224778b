"""`./pace demo`: bring the installation up to date, fill an empty one, run the worker beside the server.

`--once` does the same, then asks for every page of the navigation as each demo login, over HTTP, and ends with 0 or 1.
"""

import argparse
import ctypes
import io
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
WORKER_BUSY = 3  # another worker serves this home already
GRACE = 3  # seconds that open requests get when the server stops


def say(*words: object) -> None:
    print(*words, flush=True)


def wishes(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="pace demo", description="Serve this installation with its worker.")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0 to be reached from other machines")
    parser.add_argument("--empty", action="store_true", help="no demo company: begin with the first-run wizard")
    parser.add_argument("--once", action="store_true", help="ask for every page once, then end")
    return parser.parse_args(arguments)


def prepare(*, empty: bool) -> list[dict[str, str]]:
    """Migrate, seed an empty home, and give the demo's logins (none for a company of one's own)."""
    import django

    django.setup()
    from django.core.management import call_command

    from pacesetter.people.reads import company_or_none

    call_command("migrate", verbosity=0, interactive=False)
    if company_or_none() is None and not empty:
        say("Making the demo company …")
        began = time.monotonic()
        call_command("demo", "seed", stdout=io.StringIO())
        say(f"  demo company: {time.monotonic() - began:.1f} s")
    answer = io.StringIO()
    with redirect_stdout(answer):
        call_command("demo", "logins", "--json")
    return json.loads(answer.getvalue() or "[]")


def _end_with_parent() -> None:
    """A killed server must not leave its worker behind (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


class Worker:
    """The worker as a child, started again when it dies."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self.child: subprocess.Popen[bytes] | None = None
        self.thread = threading.Thread(target=self._keep, daemon=True)
        self.thread.start()

    def _keep(self) -> None:
        while not self.stopping.is_set():
            self.child = subprocess.Popen(
                [sys.executable, str(ROOT / "manage.py"), "work"], cwd=ROOT, preexec_fn=_end_with_parent
            )
            if self.child.wait() == WORKER_BUSY:
                return
            self.stopping.wait(5)

    def stop(self) -> None:
        self.stopping.set()
        if self.child is not None and self.child.poll() is None:
            self.child.terminate()
            try:
                self.child.wait(GRACE + 2)
            except subprocess.TimeoutExpired:
                self.child.kill()


def free_port(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def server(host: str, port: int) -> Any:
    import uvicorn

    return uvicorn.Server(
        uvicorn.Config(
            # Pages are synchronous: WSGI runs them 1.6 times faster than ASGI does.
            "pacesetter.config.wsgi:application",
            interface="wsgi",
            host=host,
            port=port,
            log_level="warning",
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=GRACE,
        )
    )


def welcome(port: int, logins: list[dict[str, str]]) -> None:
    say(f"\n  领跑 Pacesetter   http://localhost:{port}\n")
    for one in logins:
        say(f"  {one['role']:<10} {one['login']:<14} {one['password']:<18} {one['name']}")
    say("\n  Ctrl+C 停止 · stops\n")


def main() -> int:
    options = wishes(sys.argv[1:])
    if not free_port(options.host, options.port):
        say(f"Port {options.port} is in use. Choose another: ./pace demo --port {options.port + 1}")
        return 1
    logins = prepare(empty=options.empty)
    running = server(options.host, options.port)
    if options.once:
        from pacesetter.config import visit

        thread = threading.Thread(target=running.run, daemon=True)
        thread.start()
        faults = visit.every_page(options.port, logins)
        running.should_exit = True
        thread.join(GRACE + 2)
        for fault in faults:
            say(fault)
        say("demo: all pages answered" if not faults else f"demo: {len(faults)} pages failed")
        return 1 if faults else 0
    worker = Worker()
    # A plain kill ends both, as Ctrl+C does.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        welcome(options.port, logins)
        running.run()
    finally:
        worker.stop()
    return 0


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pacesetter.config.settings")
    try:
        code = main()
    except KeyboardInterrupt:
        code = 0
    sys.exit(code)
