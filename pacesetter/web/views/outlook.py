"""Will we make it, and where is it short: the month against its goal on the first page of whoever leads.

The director sees the teams and for each the step of the funnel that costs the most against all teams together; a
manager the people of the own team. A forecast is the run so far: actual ÷ expected to date × goal.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from pacesetter import assembly
from pacesetter.metrics import funnel
from pacesetter.metrics.attainment import stretch
from pacesetter.metrics.standing import Line
from pacesetter.people import reads as people
from pacesetter.people.models import Company, Team, TeamClosure
from pacesetter.people.reach import Reach
from pacesetter.people.rights import Scope

from .. import show
from .day import aims
from .day.aims import AMOUNT, DAY, Aim
from .insights import asked, links
from .insights.asked import Window
from .insights.figures import Figures
from .insights.scope import ALL, Where

# the funnel of so many days is compared: a month holds too few cases of one team
STEP_DAYS = 180


@dataclass(frozen=True)
class Short:
    """One team or person: where it stands, and the step that costs the most."""

    name: str
    aim: Aim
    step: str = ""
    step_url: str = ""
    lost: int = 0

    @property
    def behind(self) -> int:
        """Expected to date − actual; below 0 is ahead."""
        return (self.aim.expected or 0) - self.aim.minor


@dataclass(frozen=True)
class Outlook:
    """The month of a company or team: its aim, what the run so far leads to, and its rows by the gap in money."""

    who: str
    at: Window
    aim: Aim
    forecast: int | None
    rows: list[Short]
    by_team: bool
    without: int = 0

    @property
    def made(self) -> str:
        """Where the run so far ends, as a percentage of the goal."""
        if self.forecast is None or not self.aim.target:
            return ""
        return show.percent(self.forecast, self.aim.target)

    @property
    def when(self) -> str:
        """The time of the goal in words."""
        at = self.at
        return _("本月") if at.kind == "month" else asked.period_name(at.kind, at.key, at.start, at.whole_end - DAY)

    @property
    def sentence(self) -> str:
        """The month in one sentence."""
        aim = self.aim
        if not aim.target or aim.expected is None:
            return ""
        # Chinese leaves the subject out where it is the company
        who = pgettext("subject", "团队") if self.who else "" if show.chinese() else pgettext("subject", "公司")
        told = {
            "who": who, "done": show.percent(aim.minor, aim.target), "due": show.percent(aim.expected, aim.target),
            "gap": show.money_short(abs(aim.expected - aim.minor), trim=True), "when": self.when,
        }  # fmt: skip
        if aim.reached:
            return _("%(who)s%(when)s目标已经达成：%(done)s。") % told
        if aim.expected > aim.minor:
            return _("%(who)s%(when)s完成 %(done)s，应到 %(due)s，差 %(gap)s。") % told
        return _("%(who)s%(when)s完成 %(done)s，应到 %(due)s，超出 %(gap)s。") % told

    @property
    def worst(self) -> Short | None:
        """The row that is furthest behind."""
        return self.rows[0] if self.rows and self.rows[0].behind > 0 else None


def outlook(reach: Reach, on: date, company: Company) -> Outlook | None:
    """The month as this reader leads it; None for whoever leads nobody, or where there is no goal."""
    if reach.role not in ("director", "manager") or not reach.may("goals"):
        return None
    if not assembly.may_ask(assembly.metric(AMOUNT), reach):
        return None
    by_team = reach.scope("goals") == Scope.ALL
    if by_team:
        mine: tuple[str, int | None] = ("company", None)
        owners: dict[str, list[int]] = {"company": [], "team": _bottom_teams(on)}
    else:
        owners = {"team": list(reach.led), "person": sorted(reach.people_ids - {reach.person_id})}
    lines = [line for line in assembly.aims(owners, on) if line.metric.key == AMOUNT]
    if not by_team:
        mine = ("team", next((line.owner for line in lines if line.owner_kind == "team"), None))
    # the month, or whatever else these goals are set for: a performance month, a quarter
    settings = people.period_settings(company)
    whole = [line for line in lines if (line.owner_kind, line.owner) == mine and not line.only and not line.per]
    at = asked.of_period(stretch(whole, on, settings), today=on, settings=settings)
    told = _aims(lines, at, on, company, reach)
    if mine not in told:
        return None
    # the reader knows which team: a name would cost the page a query
    who = "" if by_team else _("团队")
    aim, below = told[mine], "team" if by_team else "person"
    rows = _rows({owner: one for (kind, owner), one in told.items() if kind == below and owner}, below, reach, on)
    return Outlook(who, at, aim, aim.forecast, rows, by_team)


def _bottom_teams(on: date) -> list[int]:
    """Teams that have no team below: where people sell."""
    above = TeamClosure.objects.filter(people.valid(on), depth=1).values("ancestor")
    return list(Team.objects.exclude(pk__in=above).values_list("pk", flat=True))


def _aims(lines: list[Line], at: Window, on: date, company: Company, reach: Reach) -> dict[tuple[str, int | None], Aim]:
    found = assembly.pace_of(lines, AMOUNT, at.start, at.whole_end, until=on, company=company, reach=reach,
                             counted=on + DAY)  # fmt: skip
    goals = {(line.owner_kind, line.owner): line.goal for line in lines if not line.only and not line.per}
    told = {}
    for whose, row in found.items():
        kind, owner = whose
        where = ALL if kind == "company" else Where(team=owner) if kind == "team" else Where(person=owner)
        told[whose] = aims.aim(row, links.why_url(AMOUNT, at, where), reverse("goal", args=[goals[whose]]))
    return told


def _rows(told: dict[int, Aim], dim: str, reach: Reach, on: date) -> list[Short]:
    names = assembly.labels(dim, list(told))
    steps = _steps(reach, on, list(told)) if dim == "team" else {}
    rows = []
    for owner, aim in told.items():
        step, lost = steps.get(owner, ("", 0))
        url = f"{reverse('funnel')}?scope=team:{owner}" if step else ""
        rows.append(Short(names.get(owner) or "", aim, step, url, lost))
    return sorted(rows, key=lambda row: (-row.behind, row.name))


def _steps(reach: Reach, on: date, teams: list[int]) -> dict[int | None, tuple[str, int]]:
    """team → (its costliest step in words, what it costs) against all teams together, over the last half year."""
    figures = Figures(reach, on)
    for subject in ("lead", "deal"):
        keys = [f"funnel_{subject}_{step.key}" for step in funnel.STEPS[subject]]
        money = f"funnel_{subject}_won_amount"
        try:
            figures.metric(money)
        except KeyError:
            continue
        found = _of_subject(figures, subject, keys, money, on, teams)
        if found:
            return found
    return {}


def _of_subject(
    figures: Figures, subject: str, keys: list[str], money: str, on: date, teams: list[int]
) -> dict[int | None, tuple[str, int]]:
    start, end = on - timedelta(days=STEP_DAYS), on
    standing = [f"{key}_standing" for key in keys[:-1]]
    every = [*keys, *standing, money]
    figures.expect(figures.question(key, ("team",), start, end, ALL, funnel.COHORT) for key in every)
    cells = {key: figures.ask(key, ("team",), start, end, ALL, funnel.COHORT) for key in every}

    def count(key: str, team: int | None) -> int:
        if team is None:
            return sum(cell.top for cell in cells[key].values())
        cell = cells[key].get((team,))
        return cell.top if cell else 0

    steps = funnel.STEPS[subject]
    won = next(place for place, step in enumerate(steps) if step.key == "won")
    wins = count(keys[won], None)
    if not wins or count(money, None) <= 0:
        return {}
    usual, usual_standing = [count(key, None) for key in keys], [*(count(key, None) for key in standing), 0]
    found: dict[int | None, tuple[str, int]] = {}
    for team in teams:
        loss = funnel.worst_loss(
            [count(key, team) for key in keys], [*(count(key, team) for key in standing), 0], usual, usual_standing,
            won, Fraction(count(money, None), wins),
        )  # fmt: skip
        if loss is not None:
            place = 0 if show.chinese() else 1
            words = f"{steps[loss.place - 1].words[place]}→{steps[loss.place].words[place]}"
            found[team] = (f"{words} {show.percent(*loss.now)} / {show.percent(*loss.usual)}", loss.amount_minor)
    return found
