"""`./pace test`: pytest on two cores, with a PostgreSQL cluster of its own where the binaries are found.

The cluster lives in a temporary directory, listens on localhost only, keeps nothing and is gone afterwards. It comes
up while pytest collects: `server()` in tests/homes.py waits for it.
PACE_TEST_PG names a server to use instead. initdb refuses root, so root becomes the user postgres for it.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def binaries() -> Path | None:
    """The newest installed PostgreSQL."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    other = shutil.which("initdb")
    return Path(other).parent if other else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def cluster() -> Iterator[str]:
    """The address of a throw-away server that is coming up; empty where there is none to start."""
    folder = binaries()
    root = os.geteuid() == 0
    try:
        owner = pwd.getpwnam("postgres") if root else None
    except KeyError:
        owner, folder = None, None
    if folder is None:
        yield ""
        return
    home = Path(tempfile.mkdtemp(prefix="pace-test-pg-"))
    data = home / "data"
    if owner is not None:
        os.chown(home, owner.pw_uid, owner.pw_gid)
    as_owner = ["runuser", "-u", "postgres", "--"] if root else []
    port = _free_port()
    # nothing outlives the run, so nothing is written twice or tidied up
    thrift = "-c fsync=off -c full_page_writes=off -c autovacuum=off"
    settings = f"-p {port} -k {home} -c listen_addresses=127.0.0.1 -c max_connections=80 {thrift}"

    def run(*command: object) -> subprocess.CompletedProcess[str]:
        words = [*as_owner, *map(str, command)]
        return subprocess.run(words, cwd=home, capture_output=True, text=True, check=False)

    def begin() -> None:
        made = run(folder / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        up = run(folder / "pg_ctl", "-D", data, "-w", "-l", home / "log", "-o", settings, "start")
        if made.returncode or up.returncode:
            print(f"PostgreSQL did not start: {made.stderr}{up.stdout}{up.stderr}", file=sys.stderr)

    beginning = threading.Thread(target=begin)
    beginning.start()
    try:
        yield f"postgres://postgres@127.0.0.1:{port}/postgres"
    finally:
        beginning.join()
        run(folder / "pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(home, ignore_errors=True)


def main() -> int:
    # A plain kill must not leave the cluster behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    arguments = sys.argv[1:]
    parallel = [] if any(word.startswith(("-n", "--numprocesses", "--pdb")) for word in arguments) else ["-n", "2"]
    with tempfile.TemporaryDirectory(prefix="pace-test-home-") as home, cluster() as started:
        env = dict(os.environ, PACE_HOME=home)
        env.pop("PACE_DATABASE_URL", None)
        if started and not env.get("PACE_TEST_PG"):
            env["PACE_TEST_PG"] = started
        return subprocess.call([sys.executable, "-m", "pytest", *parallel, *arguments], env=env)


if __name__ == "__main__":
    sys.exit(main())
