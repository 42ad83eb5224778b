"""What the commands of this door share: exit codes, JSON alone on stdout, an installation that is ready.

Exit 0 taken, 2 refused (the JSON is printed all the same), 64 wrong usage. Words for people go to stderr.
"""

from __future__ import annotations

import json
import sys
from typing import Any, NoReturn

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import translation

WRONG_USAGE = 64
REFUSED = 2


class Console(BaseCommand):
    """A command whose stdout other programs read."""

    requires_system_checks: list[str] = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)

        def wrong(message: str) -> NoReturn:
            if getattr(self, "_called_from_command_line", False):
                parser.print_usage(sys.stderr)
                sys.stderr.write(f"{message}\n")
                raise SystemExit(WRONG_USAGE)
            raise CommandError(f"Error: {message}", returncode=WRONG_USAGE)

        parser.error = wrong  # type: ignore[method-assign]
        return parser

    def execute(self, *args: Any, **options: Any) -> str | None:
        language = options.pop("language", None) or "zh-hans"
        with translation.override(language):
            return super().execute(*args, **options)

    def add_common(self, parser: CommandParser) -> None:
        """`--json` and the language of reasons."""
        parser.add_argument("--json", action="store_true", help="print only JSON on stdout")
        parser.add_argument("--language", choices=["zh-hans", "en"], help="language of reasons (default zh-hans)")

    def say(self, *words: object) -> None:
        """A line for people, on stderr."""
        self.stderr.write(" ".join(str(word) for word in words), self.style.NOTICE)

    def give(self, answer: Any) -> None:
        """The answer as JSON, alone on stdout."""
        self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1))


def usage(message: str) -> CommandError:
    """A wrong call of the command: exit 64."""
    return CommandError(message, returncode=WRONG_USAGE)


def ready() -> None:
    """Bring a new or older installation to the present tables; a new one is empty."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0, stdout=sys.stderr)
