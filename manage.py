#!/usr/bin/env python3
"""Django's own command line; `./pace` is the one tool that people use."""

import os
import sys
from datetime import date

WRONG_USAGE = 64
# what a shell says of a program whose reader went away (128 + SIGPIPE)
NOBODY_READS = 141


def main() -> None:
    """Run the command; neither a wrong day nor a reader that left is worth a traceback."""
    today = os.environ.get("PACE_TODAY", "").strip()
    try:
        if today:
            date.fromisoformat(today)
    except ValueError:
        sys.stderr.write(f"PACE_TODAY={today} is no day; write it like 2026-03-15\n")
        sys.exit(WRONG_USAGE)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pacesetter.config.settings")
    from django.core.management import execute_from_command_line

    try:
        try:
            execute_from_command_line(sys.argv)
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        # what is left in the buffer must not be tried again at the very end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(NOBODY_READS)


if __name__ == "__main__":
    main()
