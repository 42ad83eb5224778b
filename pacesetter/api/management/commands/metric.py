"""`./pace metric KEY --by DIM[,DIM] --from A --to B`: a number of the catalogue, for other programs.

Over goals: `./pace metric attainment --of won_amount --by person,quarter …` (top = the metric, bottom = the goal, a
row for every goal) and `./pace metric pace --of won_amount --as-of 2026-03-16 …` (bottom = what should be done by the
end of that day), with `--by` person, team or neither (the company's goals) and one stretch of time.

With `--json` a list of `{"key": […], "top", "bottom", "value", "n", "unit"}` in the order of `--by`, groups without
facts left out; without it the same as lines of text. `--to` is exclusive. Exit 64 on wrong usage.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import get_language

from pacesetter import assembly
from pacesetter.api import numbers
from pacesetter.config import clock
from pacesetter.imports.console import Console, ready, usage
from pacesetter.metrics.catalogue import UnknownBasis
from pacesetter.metrics.engine import UnknownDim
from pacesetter.people.models import Team

OVER_GOALS = ("attainment", "pace")


class Command(Console):
    """Prints one metric by the dims asked."""

    help = "a metric of the catalogue by any of its dims, as JSON or text"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("key", help="e.g. won_amount; docs/metrics.md lists them")
        parser.add_argument("--by", default="", help="dims with commas, e.g. person,quarter")
        parser.add_argument("--from", dest="start", required=True, type=a_day, help="first day, e.g. 2017-01-01")
        parser.add_argument("--to", dest="end", required=True, type=a_day, help="the day after the last")
        parser.add_argument("--basis", default="", help="e.g. closed or created for win_rate")
        parser.add_argument("--of", default="", help="the metric that attainment and pace are about")
        parser.add_argument("--as-of", type=a_day, help="pace: the last day that counts (default: today)")
        parser.add_argument("--team", default="", help="name or code of a team: only its subtree")
        self.add_common(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        ready()
        dims = tuple(dim.strip() for dim in options["by"].split(",") if dim.strip())
        if len(set(dims)) != len(dims):
            raise usage("--by names a dim twice")
        if options["end"] < options["start"]:
            raise usage("--to lies before --from")
        if options["key"] in OVER_GOALS:
            self._goals(dims, **options)
            return
        if options["of"] or options["as_of"]:
            raise usage(f"--of and --as-of go with {' and '.join(OVER_GOALS)}")
        try:
            asked = assembly.question(
                options["key"],
                options["start"],
                options["end"],
                today=clock.today(),
                reach=None,
                by=dims,
                basis=options["basis"],
                within=_team(options["team"]),
            )
            rows = assembly.answer(asked)
        except (assembly.UnknownMetric, UnknownBasis, UnknownDim) as wrong:
            raise usage(str(wrong.args[0])) from wrong
        if options["json"]:
            self.give([numbers.row(row) for row in rows])
            return
        name = asked.metric.en if get_language() == "en" else asked.metric.zh
        self.say(f"{name} ({asked.metric.unit}) {asked.start} – {asked.end}")
        self._table(rows)

    def _goals(self, dims: tuple[str, ...], **options: Any) -> None:
        """Attainment and pace: the metric of `--of` over its goals."""
        key, as_of = options["key"], options["as_of"]
        if not options["of"]:
            raise usage(f"{key} needs --of METRIC")
        if as_of is not None and key != "pace":
            raise usage("--as-of goes with pace")
        today = clock.today()
        try:
            asked = assembly.aimed(
                options["of"], options["start"], options["end"], reach=None, by=dims, basis=options["basis"],
                within=_team(options["team"]), today=today,
            )  # fmt: skip
            if key == "attainment":
                rows = assembly.attainment(asked)
                said = [numbers.row(row) for row in rows]
            else:
                found = assembly.paces(asked, until=(as_of or today) + timedelta(days=1))
                rows = [row for row, _ in found]
                said = [numbers.row(row) | numbers.paced(paced) for row, paced in found]
        except (assembly.UnknownMetric, UnknownBasis, UnknownDim) as wrong:
            raise usage(str(wrong.args[0])) from wrong
        if options["json"]:
            self.give(said)
            return
        name = asked.of.en if get_language() == "en" else asked.of.zh
        self.say(f"{key} {name} {asked.start} – {asked.end}")
        self._table(rows)

    def _table(self, rows: Sequence[assembly.Row]) -> None:
        for row in rows:
            words = "\t".join(label if label is not None else "–" for label in row.labels)
            value = row.cell.value
            self.stdout.write(f"{words}\t{'–' if value is None else numbers.number(value)}\tn={row.cell.n}")


def a_day(text: str) -> date:
    """A day as `2017-03-01`."""
    return date.fromisoformat(text)


def _team(text: str) -> tuple[int, ...]:
    """The team of this name or code. Wrong usage where there is none, or where several share the name."""
    if not text:
        return ()
    found = list(Team.objects.filter(code=text)) or list(Team.objects.filter(name=text))
    if not found:
        raise usage(f"no team {text!r}")
    if len(found) > 1:
        raise usage(f"several teams are called {text!r}; give the code: {', '.join(str(t.code) for t in found)}")
    return (found[0].pk,)
