"""One row of a goals file as goals: whose, when, of what, how much; nothing is compared with what is stored yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from pacesetter.goals.acts import Draft, Key, Part, identity
from pacesetter.goals.acts.drafting import DAY, FIRST_YEAR, LAST_YEAR
from pacesetter.goals.models import OwnerKind
from pacesetter.goals.rules import LINES
from pacesetter.lib import periods
from pacesetter.lib.periods import Period
from pacesetter.metrics.catalogue import Metric, UnknownBasis

from ..cells import plain_word
from ..faults import ValueFault, shown
from ..values.goals import Measure, parse_period
from .base import Row

if TYPE_CHECKING:
    from .goals import Goals

COMPANY_WORDS = frozenset(["公司", "全公司", "总公司", "集团", "company", "wholecompany"])
NONE_WORDS = frozenset(["无", "没有", "-", "—", "none", "no"])
_SORTS = {"团队": "team", "team": "team", "人员": "person", "person": "person"}
NO_PERIOD = Period(date.min, date.max, "", "")
Owner = tuple[str, int | None, int | None]


@dataclass
class Told:
    """One goal of a row: its draft without the goal above; what of a version the file says; the goal above in words."""

    draft: Draft
    said: dict[str, Any] = field(default_factory=dict)
    above: str = ""
    above_period: Period | None = None
    above_metric: str = ""
    publish: bool = True


def _metric(planner: Goals, row: Row, word: str, name: str = "metric") -> Metric | None:
    """The metric that a word means."""
    key = planner.metric_words.get(plain_word(word))
    if key is None:
        row.wrong(name, "unknown_metric", text=word, value=shown(word))
        return None
    return planner.metrics[key]


def _period(row: Row, label: str, name: str = "period") -> Period | None:
    try:
        found = periods.parse(label, row.checker.periods)
        if found.start.year >= FIRST_YEAR and (found.end - DAY).year <= LAST_YEAR:
            return found
        row.wrong(name, "beyond_calendar", text=label, first=FIRST_YEAR, last=LAST_YEAR)
        return None
    except periods.PeriodError:
        row.wrong(name, "no_such_period", text=label, value=shown(label))
        return None


def read_row(planner: Goals, row: Row) -> list[Told]:
    """The goals that a row tells; its faults where it cannot be read."""
    word = row.get("metric")
    if not word:
        row.wrong("metric", "required")
        return []
    metric = _metric(planner, row, word)
    if metric is None:
        return []
    basis = _basis(row, metric)
    whose = _owner(planner, row)
    product = row.refer("product", "products")
    if whose is None or basis is None or row.faults:
        return []
    values = {name: _value(row, metric, name) for name in (*LINES, "buffer")}
    per = row.get("per", "")
    kind, team, person = whose
    extra = row.extra()
    draft = Draft(
        metric.key, kind, NO_PERIOD, 0, team=team, person=person, basis=basis,
        per="" if per == "period" else per, customer_region=row.get("customer_region", ""),
        industry=row.get("industry", ""), product=product, customer_kind=row.get("customer_kind", ""),
        basis_figures={"columns": extra} if extra else {},
    )  # fmt: skip
    said: dict[str, Any] = {name: value for name, value in values.items() if value is not None}
    for name in ("weight", "note", "valid_from"):
        if row.get(name) is not None:
            said[name] = row.get(name)
    if "note" in said:
        said["note"] = said["note"][:500]
    timed = _timed(row, metric, draft, said)
    for period, told in timed:
        day = told.get("valid_from")
        if day is None or period.start <= day < period.end:
            continue
        if len(timed) == 1:
            row.wrong("valid_from", "outside_period")
        # of a row of months, the day says something of its own month
        told.pop("valid_from")
    if row.faults:
        return []
    return [_told(planner, row, draft, *one) for one in timed]


def _told(planner: Goals, row: Row, draft: Draft, period: Period, said: dict[str, Any]) -> Told:
    told = Told(replace(draft, period=period, **said), said, row.get("above", ""), publish=row.get("status") != "draft")
    parts = told.above.split("@")
    if len(parts) > 1 and parts[1].strip():
        told.above_period = _period(row, _label(parts[1]), "above")
    if len(parts) > 2 and parts[2].strip():
        above = _metric(planner, row, parts[2].strip(), "above")
        told.above_metric = above.key if above else ""
    return told


def _label(text: str) -> str:
    try:
        return parse_period(text.strip())
    except ValueFault:
        return text.strip()


def _basis(row: Row, metric: Metric) -> str | None:
    word = row.get("basis", "")
    if not word:
        return ""
    for key, basis in metric.bases.items():
        if plain_word(word) in (plain_word(key), *(plain_word(name) for name in basis.words if name)):
            return key
    try:
        metric.basis(word)
    except UnknownBasis:
        row.wrong("basis", "unknown_basis")
        return None
    return str(word)


def _value(row: Row, metric: Metric, name: str, value: Any = None) -> int | None:
    """A value in the metric's own unit."""
    found = row.values.get(name) if value is None else value
    if found is None:
        return None
    measure = found if isinstance(found, Measure) else Measure(str(found))
    try:
        return measure.read(metric.unit, row.checker.currency, row.get("unit", ""))
    except ValueFault as fault:
        row.wrong(name, fault.code, text=str(measure), **fault.params)
        return None


def _owner(planner: Goals, row: Row) -> Owner | None:
    """Whose goal it is: a person, a team, or the company. A team beside a person only tells where the person sits."""
    if row.get("person"):
        person = row.owner("person")
        if person is None:
            return None
        return OwnerKind.PERSON, None, person
    if row.get("team"):
        team = _team(planner, row, "team", row.values["team"])
        return None if team is None else (OwnerKind.TEAM, team, None)
    word = row.get("owner")
    if not word:
        row.wrong("owner", "goal_owner")
        return None
    return _named(planner, row, "owner", word)


def _team(planner: Goals, row: Row, name: str, word: str) -> int | None:
    found = planner.checker.teams.known(word)
    if len(found) == 1:
        return found[0]
    if found:
        row.wrong(name, "ambiguous_team", text=word, value=shown(word))
    else:
        row.wrong(name, "unknown_reference", text=word, value=shown(word), entity="团队")
    return None


def _named(planner: Goals, row: Row, name: str, word: str) -> Owner | None:
    """The company, the team or the person that one word means; `团队:` or `人员:` before it says which."""
    sort, colon, rest = word.replace("：", ":").partition(":")
    sort = _SORTS.get(plain_word(sort), "") if colon else ""
    word = rest.strip() if sort else word
    persons = () if sort == "team" else planner.checker.directories["people"].find(word)
    teams = [] if sort == "person" else planner.checker.teams.known(word)
    if plain_word(word) in COMPANY_WORDS or (word == planner.company and not teams):
        return OwnerKind.COMPANY, None, None
    if persons and teams:
        row.wrong(name, "goal_owner_unclear", text=word, value=shown(word))
    elif len(persons) > 1:
        told = planner.checker.candidates("people", persons)
        row.wrong(name, "ambiguous_name", text=word, value=shown(word), candidates=told)
    elif persons:
        return OwnerKind.PERSON, None, persons[0]
    elif sort == "person":
        row.wrong(name, "unknown_reference", text=word, value=shown(word), entity="人员")
    else:
        team = _team(planner, row, name, word)
        return None if team is None else (OwnerKind.TEAM, team, None)
    return None


# --- when ------------------------------------------------------------------------------------------------------------
def _timed(row: Row, metric: Metric, draft: Draft, said: dict[str, Any]) -> list[tuple[Period, dict[str, Any]]]:
    """(period, what is said) of each goal: one, or one for each month where the months make no whole period."""
    label = row.get("period", "")
    whole = _period(row, label) if label else None
    spread = row.get("spread", ())
    if row.faults:
        return []
    if spread:
        return _spread(row, metric, draft, said, whole, spread)
    if whole is None:
        row.wrong("period", "required")
        return []
    if "target" not in said:
        row.wrong("target", "required")
        return []
    parts = _parts(row, metric, row.get("parts", ""))
    return [(whole, {**said, "parts": parts} if parts else said)]


def _parts(row: Row, metric: Metric, text: str) -> list[Part]:
    """`2026-04=900000;2026-05=1000000` as shares of periods."""
    found = []
    for piece in text.replace("；", ";").split(";"):
        label, equals, value = piece.replace("：", "=").replace(":", "=").partition("=")
        if not piece.strip():
            continue
        period = _period(row, _label(label), "parts") if equals else None
        if not equals:
            row.wrong("parts", "parts_shape", text=piece)
        number = _value(row, metric, "parts", Measure(value.strip())) if equals else None
        if period is not None and number is not None:
            found.append(Part(period, number))
    return sorted(found, key=lambda part: part.period.start)


def _spread(
    row: Row, metric: Metric, draft: Draft, said: dict[str, Any], whole: Period | None,
    spread: Sequence[tuple[str | int, str, Measure]],
) -> list[tuple[Period, dict[str, Any]]]:  # fmt: skip
    """Months in columns: parts of the period they fill whole, else a goal each."""
    found: list[Part] = []
    for key, header, measure in spread:
        period = _month(row, key, whole)
        if period is None:
            return []
        value = _value(row, metric, header, measure)
        if value is not None:
            found.append(Part(period, value))
    found.sort(key=lambda part: part.period.start)
    filled = _filled(row, [part.period for part in found], whole)
    adds_up = metric.adds_up(draft.basis) and not draft.per
    if filled is not None and adds_up and metric.unit in ("minor", "count"):
        total = sum(part.target for part in found)
        return [(filled, {**said, "target": said.get("target", total), "parts": found})]
    lines = [name for name in LINES if name in said]
    if lines:
        row.wrong(lines[0], "months_incomplete")
        return []
    return [(part.period, {**said, "target": part.target}) for part in found]


def _month(row: Row, key: str | int, whole: Period | None) -> Period | None:
    """The period of a column: a label of its own, or the month of that number in the row's year."""
    if isinstance(key, str):
        return _period(row, key)
    if whole is None or whole.kind not in ("year", "fiscal_year"):
        row.wrong("period", "months_need_year")
        return None
    return next(month for month in periods.between(whole.start, whole.end, "month") if month.start.month == key)


def _filled(row: Row, found: Sequence[Period], whole: Period | None) -> Period | None:
    """The year (or the row's period) that these months fill exactly."""
    if not found or any(one.end != next_.start for one, next_ in pairwise(found)):
        return None
    start, end = found[0].start, found[-1].end
    if whole is not None:
        return whole if len(found) > 1 and (start, end) == (whole.start, whole.end) else None
    for kind in ("year", "fiscal_year"):
        year = periods.period_of(start, kind, row.checker.periods)
        if (start, end) == (year.start, year.end):
            return year
    return None


# --- the goal above --------------------------------------------------------------------------------------------------
def resolve_above(planner: Goals, row: Row, one: Told) -> Key | str | None:
    """The goal above: the one named, or that of the person's team, of the teams above it, of the company.

    None = there is none; "none" where the file says so.
    """
    word, _at, rest = one.above.partition("@")
    word = word.strip()
    if plain_word(word) in NONE_WORDS:
        return "none"
    if not word:
        return next((key for key in _chain(planner, one.draft) if planner.stands(key)), None)
    whose = _named(planner, row, "above", word)
    if whose is None:
        return None
    base = replace(one.draft, owner_kind=whose[0], team=whose[1], person=whose[2])
    if one.above_period is not None:
        base = replace(base, period=one.above_period)
    if one.above_metric and one.above_metric != base.metric:
        base = replace(base, metric=one.above_metric, basis="", per="")
    bare = replace(base, customer_region="", industry="", product=None, customer_kind="")
    scope = rest.split("@")[2] if rest.count("@") > 1 else None
    tries = [base, replace(base, per=""), bare, replace(bare, per="")] if scope is None else [
        _scoped(planner, bare, scope), replace(_scoped(planner, bare, scope), per="")
    ]  # fmt: skip
    for draft in tries:
        key = identity(draft)
        if planner.stands(key) and key != identity(one.draft):
            return key
    row.wrong("above", "goal_above_unknown", text=one.above, value=shown(one.above))
    return None


def _scoped(planner: Goals, bare: Draft, scope: str) -> Draft:
    region, industry, product, kind = (*(piece.strip() for piece in scope.split(",")), "", "", "", "")[:4]
    found = planner.checker.directories["products"].find(product) if product else ()
    return replace(bare, customer_region=region, industry=industry, product=found[0] if found else None,
                   customer_kind=kind)  # fmt: skip


def _chain(planner: Goals, draft: Draft) -> list[Key]:
    """The same goal of the team, of the teams above it, of the company."""
    parents = planner.checker.teams.parents
    team = draft.team
    if draft.owner_kind == OwnerKind.PERSON and draft.person is not None:
        team = planner.team_of(draft.person, draft.period)
    elif team is not None:
        team = parents.get(team)
    found: list[Key] = []
    while team is not None and len(found) < 50:
        found.append(identity(replace(draft, owner_kind=OwnerKind.TEAM, team=team, person=None)))
        team = parents.get(team)
    if draft.owner_kind != OwnerKind.COMPANY:
        found.append(identity(replace(draft, owner_kind=OwnerKind.COMPANY, team=None, person=None)))
    return found
