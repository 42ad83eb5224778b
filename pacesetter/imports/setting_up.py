"""The first-run wizard without a browser: company, calendars, teams, people, closed periods from one JSON file.

`docs/import.md` shows the file. What is here already is left alone or completed, so the same file may be run again.
Everything goes through the acts of the people room, in one transaction; a wrong key or value is refused with its path.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from pacesetter.lib.refusal import Refusal
from pacesetter.people import acts, reads
from pacesetter.people.models import (
    OPEN_END,
    OPEN_START,
    ClosedPeriod,
    Membership,
    Person,
    Region,
    RoleGrant,
    StageOverride,
    Team,
    WorkCalendar,
)

# key → the keys of its items (None: a plain value)
SHAPE: dict[str, tuple[str, ...]] = {
    "company": ("name", "currency", "zone", "fiscal_start_month", "performance_start_day", "pattern",
                "history_complete_from", "newcomer_months", "growth_months", "align_spring_festival",
                "recording_days"),
    "calendars": ("name", "pattern", "country", "days"),
    "days": ("day", "weight", "name"),
    "regions": (),
    "teams": ("name", "code", "parent", "region", "leader", "calendar", "from"),
    "people": ("name", "employee_no", "mobile", "email", "hire_on", "left_on", "password", "memberships", "team",
               "manager", "region", "title", "roles", "stages"),
    "memberships": ("team", "from", "to", "manager", "region", "title", "primary"),
    "roles": ("role", "from", "to", "reason"),
    "stages": ("stage", "from", "to", "reason"),
    "closed_periods": ("start", "end"),
}  # fmt: skip
TOP = ("company", "calendars", "regions", "teams", "people", "closed_periods")


class Wrong(Refusal):
    """The file says something that cannot be; `field` is the path inside it."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path}: {message}", code="setup", field=path)


@transaction.atomic
def set_up(world: Any, *, by: Person | None, at: datetime) -> dict[str, int]:
    """Bring the installation to what the file says; returns how many of each were made."""
    if not isinstance(world, dict):
        raise Wrong("$", _("要一个 JSON 对象"))
    _known(world, TOP, "$")
    maker = _Maker(by, at)
    maker.company(_object(world.get("company", {}), SHAPE["company"], "company"))
    for path, item in _items(world, "calendars"):
        maker.calendar(item, path)
    for place, name in enumerate(world.get("regions", [])):
        maker.region(_text(name, f"regions[{place}]"))
    teams = _items(world, "teams")
    maker.teams(teams)
    people = _items(world, "people")
    persons = [(path, item, maker.person(item, path)) for path, item in people]
    maker.leaders(teams)
    for path, item, person in persons:
        maker.seats(person, item, path)
    for path, item, person in persons:
        maker.leaving(person, item, path)
    for path, item in _items(world, "closed_periods"):
        maker.close(item, path)
    return maker.made


class _Maker:
    def __init__(self, by: Person | None, at: datetime) -> None:
        self.by, self.at = by, at
        self.made = {"calendars": 0, "regions": 0, "teams": 0, "people": 0, "memberships": 0, "roles": 0,
                     "stages": 0, "closed_periods": 0}  # fmt: skip

    def _do(self, path: str, act: Callable[..., Any], **how: Any) -> Any:
        """Run an act; its refusal is told with the place in the file."""
        try:
            return act(by=self.by, at=self.at, **how)
        except Refusal as refusal:
            raise Wrong(f"{path}.{refusal.field}" if refusal.field else path, str(refusal)) from refusal
        except (TypeError, AttributeError, ValueError) as error:
            raise Wrong(path, _("值的类型不对")) from error

    def company(self, item: dict[str, Any]) -> None:
        values = dict(item)
        if values.get("history_complete_from"):
            values["history_complete_from"] = _day(values["history_complete_from"], "company.history_complete_from")
        held = reads.company_or_none()
        if held is None:
            first = {key: values.pop(key) for key in list(values) if key in (
                "name", "currency", "zone", "fiscal_start_month", "performance_start_day", "pattern",
                "history_complete_from")}  # fmt: skip
            if not first.get("name"):
                raise Wrong("company.name", _("写上公司名称"))
            self._do("company", acts.create_company, **first)
        values.pop("pattern", None)
        if values:
            self._do("company", acts.change_company, **values)

    def calendar(self, item: dict[str, Any], path: str) -> None:
        name = _text(item.get("name"), f"{path}.name")
        held = WorkCalendar.objects.filter(name=name).first()
        if held is None:
            kind = {key: item[key] for key in ("pattern", "country") if key in item}
            held = self._do(path, acts.add_calendar, name=name, **kind)
            self.made["calendars"] += 1
        for where, day in _inner(item, "days", path):
            on = _day(day.get("day"), f"{where}.day")
            weight: Any = day.get("weight")
            kept = held.days.filter(day=on, weight=weight, overridden=True)
            if not kept.exists():
                self._do(where, acts.set_calendar_day, calendar=held, day=on, weight=weight, name=day.get("name", ""))

    def region(self, name: str) -> Region | None:
        if not name:
            return None
        held = Region.objects.filter(name=name).first()
        if held is None:
            held = acts.add_region(name=name, by=self.by, at=self.at)
            self.made["regions"] += 1
        return held

    def team(self, word: Any, path: str) -> Team:
        found = Team.objects.filter(code=word)[:2] or Team.objects.filter(name=word)[:2]
        if len(found) != 1:
            raise Wrong(path, _("找不到团队“%(word)s”，或有多个同名") % {"word": word})
        return found[0]

    def teams(self, items: list[tuple[str, dict[str, Any]]]) -> None:
        """Parents may stand below their children in the file."""
        left = items
        while left:
            names = {item.get("name") for _path, item in left} | {item.get("code") for _path, item in left}
            now = [pair for pair in left if not pair[1].get("parent") or pair[1]["parent"] not in names]
            if not now:
                raise Wrong(left[0][0] + ".parent", _("上级团队绕成一圈"))
            for path, item in now:
                self._team(path, item)
            left = [pair for pair in left if pair not in now]

    def _team(self, path: str, item: dict[str, Any]) -> None:
        name = _text(item.get("name"), f"{path}.name")
        code = item.get("code") or None
        parent = self.team(item["parent"], f"{path}.parent") if item.get("parent") else None
        held = Team.objects.filter(code=code) if code else Team.objects.filter(name=name, code=None)
        if held.exists():
            return
        calendar = None
        if item.get("calendar"):
            calendar = WorkCalendar.objects.filter(name=item["calendar"]).first()
            if calendar is None:
                raise Wrong(f"{path}.calendar", _("没有叫“%(name)s”的日历") % {"name": item["calendar"]})
        start = _day(item["from"], f"{path}.from") if item.get("from") else OPEN_START
        region = self.region(item.get("region", ""))
        self._do(path, acts.add_team, name=name, code=code, parent=parent, region=region, calendar=calendar, on=start)
        self.made["teams"] += 1

    def leaders(self, items: list[tuple[str, dict[str, Any]]]) -> None:
        for path, item in items:
            if item.get("leader"):
                team = self.team(item.get("code") or item["name"], path)
                leader = self.somebody(item["leader"], f"{path}.leader")
                if team.leader_id != leader.pk:
                    acts.change_team(team=team, leader=leader, by=self.by, at=self.at)

    def somebody(self, word: Any, path: str) -> Person:
        live = Person.objects.filter(merged_into=None)
        for field in ("employee_no", "mobile", "email", "name"):
            found = list(live.filter(**{field: word})[:2])
            if len(found) == 1:
                return found[0]
            if found:
                raise Wrong(path, _("“%(word)s”不止一人，请写工号") % {"word": word})
        raise Wrong(path, _("找不到人员“%(word)s”") % {"word": word})

    def person(self, item: dict[str, Any], path: str) -> Person:
        name = _text(item.get("name"), f"{path}.name")
        keys = {key: item.get(key) or None for key in ("employee_no", "mobile", "email")}
        hire_on = _day(item["hire_on"], f"{path}.hire_on") if item.get("hire_on") else None
        found = reads.same_person(employee_no=keys["employee_no"], mobile=keys["mobile"], name=name)
        if len(found) > 1:
            raise Wrong(path, _("“%(word)s”不止一人，请写工号") % {"word": name})
        if found:
            held = found[0]
            missing: dict[str, Any] = {key: value for key, value in {**keys, "hire_on": hire_on}.items()
                       if value and not getattr(held, key)}  # fmt: skip
            if missing:
                held = self._do(path, acts.change_person, person=held, **missing)
            return held
        made = self._do(path, acts.add_person, name=name, **keys, hire_on=hire_on)
        self.made["people"] += 1
        if item.get("password"):
            self._do(f"{path}.password", acts.set_password, person=made, password=item["password"])  # fmt: skip
        return made

    def seats(self, person: Person, item: dict[str, Any], path: str) -> None:
        spells = _inner(item, "memberships", path)
        if item.get("team"):
            spells.append((path, {key: item[key] for key in ("team", "manager", "region", "title") if key in item}))
        for where, spell in spells:
            team = self.team(spell.get("team"), f"{where}.team")
            start, end = _spell(spell, where)
            if Membership.objects.filter(person=person, team=team, valid_from=start).exists():
                continue
            manager: Any = acts.LEADER
            if "manager" in spell:
                manager = self.somebody(spell["manager"], f"{where}.manager") if spell["manager"] else None
            region = self.region(spell.get("region", ""))
            self._do(
                where,
                acts.join_team,
                person=person,
                team=team,
                on=start,
                until=end,
                manager=manager,
                region=region,
                title=spell.get("title", ""),
                primary=spell.get("primary", True),
            )
            self.made["memberships"] += 1
        for where, role in _inner(item, "roles", path, plain="role"):
            start, end = _spell(role, where)
            if RoleGrant.objects.filter(person=person, role=role.get("role"), valid_from=start).exists():
                continue
            self._do(
                where,
                acts.grant_role,
                person=person,
                role=role.get("role"),
                on=start,
                until=end,
                reason=role.get("reason", ""),
            )
            self.made["roles"] += 1
        for where, stage in _inner(item, "stages", path):
            start, end = _spell(stage, where)
            if StageOverride.objects.filter(person=person, stage=stage.get("stage"), valid_from=start).exists():
                continue
            self._do(
                where,
                acts.override_stage,
                person=person,
                stage=stage.get("stage"),
                on=start,
                until=end,
                reason=stage.get("reason", ""),
            )
            self.made["stages"] += 1

    def leaving(self, person: Person, item: dict[str, Any], path: str) -> None:
        if item.get("left_on") and person.left_on is None:
            last = _day(item["left_on"], f"{path}.left_on")
            self._do(path, acts.leave, person=person, on=last)

    def close(self, item: dict[str, Any], path: str) -> None:
        start, end = _day(item.get("start"), f"{path}.start"), _day(item.get("end"), f"{path}.end")
        if not ClosedPeriod.objects.filter(start=start, end=end).exists():
            self._do(path, acts.close_period, start=start, end=end)
            self.made["closed_periods"] += 1


# --- reading the file ------------------------------------------------------------------------------------------------
def _known(item: dict[str, Any], keys: tuple[str, ...], path: str) -> None:
    unknown = sorted(set(item) - set(keys))
    if unknown:
        raise Wrong(f"{path}.{unknown[0]}", _("没有这一项；可以写的是 %(keys)s") % {"keys": "、".join(keys)})


def _object(item: Any, keys: tuple[str, ...], path: str) -> dict[str, Any]:
    if not isinstance(item, dict):
        raise Wrong(path, _("要一个 JSON 对象"))
    _known(item, keys, path)
    return item


def _items(world: dict[str, Any], name: str) -> list[tuple[str, dict[str, Any]]]:
    return _inner(world, name, "")


def _inner(item: dict[str, Any], name: str, path: str, plain: str = "") -> list[tuple[str, dict[str, Any]]]:
    found = item.get(name)
    found = [] if found is None else found
    where = f"{path}.{name}" if path else name
    if not isinstance(found, list):
        raise Wrong(where, _("要一个列表"))
    told = []
    for place, one in enumerate(found):
        one = {plain: one} if plain and isinstance(one, str) else one
        told.append((f"{where}[{place}]", _object(one, SHAPE[name], f"{where}[{place}]")))
    return told


def _text(value: Any, path: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise Wrong(path, _("要一段文字"))
    return value.strip()


def _day(value: Any, path: str) -> date:
    try:
        day = date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise Wrong(path, _("日期写成 2026-03-05")) from error
    if len(value) != 10:
        raise Wrong(path, _("日期写成 2026-03-05"))
    return day


def _spell(item: dict[str, Any], path: str) -> tuple[date, date]:
    start = _day(item["from"], f"{path}.from") if item.get("from") else OPEN_START
    end = _day(item["to"], f"{path}.to") if item.get("to") else OPEN_END
    return start, end
