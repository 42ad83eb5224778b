"""The cast of all tests: one small company with fixed dates, built through acts only.

    领跑样例
    ├─ 华东区              周岚 (director) heads 领跑样例
    │   ├─ 华东一队        王敏 (manager) heads; 李想 newcomer, 陈晨 grower, 孙浩 veteran
    │   └─ 华东二队        赵磊 (manager) heads; 吴迪, 郑宇 (came from 一队 on 2026-02-01)
    └─ 华南区
        └─ 华南一队        何敏 (rep)

Beside them: 林静 HRBP, 何睿 analyst, 马俐 marketing, 高芳 finance, 方正 admin, 路人 (signs in, holds no role),
钱进 (left on 2026-01-31 from 一队). The day is Monday 2026-03-16, 09:00 in Shanghai.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from pacesetter.goals.acts import publish_goals
from pacesetter.people import acts
from pacesetter.people.models import Company, Person, Region, Team
from pacesetter.people.reach import Reach, reach_of

TODAY = date(2026, 3, 16)
AT = datetime(2026, 3, 16, 1, 0, tzinfo=UTC)
PASSWORD = "cedar-lantern-42"  # a word for tests only


def put_in_force(goals: Iterable[int], at: datetime = AT) -> None:
    """Drafts in force as the goals of a file are: they may serve no goal. Everything else is asked of them."""
    publish_goals(goals, history=True, by=None, at=at)


@dataclass
class World:
    """Everybody and every team by name."""

    company: Company
    east: Region
    south: Region
    hq: Team
    east_area: Team
    east1: Team
    east2: Team
    south_area: Team
    south1: Team
    director: Person
    leader: Person
    leader2: Person
    newcomer: Person
    grower: Person
    veteran: Person
    rep2: Person
    mover: Person
    south_rep: Person
    left: Person
    hrbp: Person
    analyst: Person
    marketing: Person
    finance: Person
    admin: Person
    stranger: Person

    def by_role(self, role: str) -> Person:
        """One person per role of the rights matrix: rep, manager, director, hrbp, … stranger."""
        person = {"rep": self.veteran, "manager": self.leader}.get(role) or getattr(self, role)
        assert isinstance(person, Person)
        return person

    def reach(self, person: Person, on: date = TODAY) -> Reach:
        """What that person may see and do."""
        return reach_of(person, on)


def build() -> World:
    """The world in the current database."""
    company = acts.create_company(name="领跑样例", by=None, at=AT)
    east = acts.add_region(name="华东", by=None, at=AT)
    south = acts.add_region(name="华南", by=None, at=AT)
    count = 0

    def person(name: str, hire_on: date | None, *roles: str) -> Person:
        nonlocal count
        count += 1
        made = acts.add_person(
            name=name, employee_no=f"E{count:03d}", mobile=f"138000000{count:02d}", hire_on=hire_on, by=None, at=AT
        )
        for role in roles:
            acts.grant_role(person=made, role=role, by=None, at=AT)
        return made

    def team(name: str, parent: Team | None, leader: Person | None, region: Region | None) -> Team:
        return acts.add_team(name=name, parent=parent, leader=leader, region=region, by=None, at=AT)

    director = person("周岚", date(2018, 5, 7), "director")
    leader = person("王敏", date(2020, 3, 2), "manager")
    leader2 = person("赵磊", date(2021, 6, 1), "manager")
    newcomer = person("李想", date(2026, 2, 2), "rep")
    grower = person("陈晨", date(2025, 9, 1), "rep")
    veteran = person("孙浩", date(2022, 4, 11), "rep")
    rep2 = person("吴迪", date(2023, 7, 3), "rep")
    mover = person("郑宇", date(2024, 1, 8), "rep")
    south_rep = person("何敏", date(2023, 2, 6), "rep")
    left = person("钱进", date(2023, 5, 4), "rep")
    hrbp = person("林静", date(2019, 8, 5), "hrbp")
    analyst = person("何睿", date(2021, 1, 4), "analyst")
    marketing = person("马俐", date(2022, 9, 1), "marketing")
    finance = person("高芳", date(2017, 11, 6), "finance")
    admin = person("方正", date(2016, 3, 1), "admin")
    stranger = person("路人", None)

    hq = team("领跑样例", None, director, None)
    east_area = team("华东区", hq, None, east)
    south_area = team("华南区", hq, None, south)
    east1 = team("华东一队", east_area, leader, east)
    east2 = team("华东二队", east_area, leader2, east)
    south1 = team("华南一队", south_area, None, south)

    for member, home in (
        (director, hq), (leader, east1), (leader2, east2), (newcomer, east1), (grower, east1), (veteran, east1),
        (rep2, east2), (mover, east1), (south_rep, south1), (left, east1), (hrbp, hq), (analyst, hq),
        (marketing, hq), (finance, hq), (admin, hq),
    ):  # fmt: skip
        acts.join_team(person=member, team=home, on=member.hire_on or TODAY, by=None, at=AT)
    acts.transfer(person=mover, team=east2, on=date(2026, 2, 1), reason="充实二队", by=None, at=AT)
    acts.leave(person=left, on=date(2026, 1, 31), reason="个人原因", by=None, at=AT)
    left.refresh_from_db()
    return World(
        company, east, south, hq, east_area, east1, east2, south_area, south1, director, leader, leader2, newcomer,
        grower, veteran, rep2, mover, south_rep, left, hrbp, analyst, marketing, finance, admin, stranger,
    )  # fmt: skip
