"""What the tests of the sync do again and again: try, read the plan, take it, add a member over there."""

from __future__ import annotations

from datetime import date

from pacesetter.chat import acts
from pacesetter.chat.models import SyncRun
from pacesetter.people import reads as ours
from pacesetter.people.models import Membership, Person
from tests.chat.standin import StandIn
from tests.world import AT, TODAY


def tried(name: str) -> SyncRun:
    run = acts.ask(name=name, by=None, at=AT)
    assert acts.claim(run.pk, at=AT)
    return acts.look(run, at=AT)


def kinds(run: SyncRun) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in run.steps:
        found.setdefault(one["kind"], []).append(one["label"])
    return found


def notes(run: SyncRun) -> set[tuple[str, str]]:
    return {(one["kind"], one["label"]) for one in run.notes}


def seat(person: Person, on: date = TODAY) -> tuple[str, str]:
    row = Membership.objects.select_related("team", "manager").get(ours.valid(on), person=person, primary=True)
    return row.team.name, row.manager.name if row.manager else ""


def named(name: str) -> Person:
    return Person.objects.get(name=name, merged_into=None)


def take(run: SyncRun, by: Person, *ticks: str, role: str = "") -> dict[str, int]:
    return acts.apply(run=run, ticked=frozenset(ticks), role=role, by=by, at=AT)


def add_user(stand: StandIn, name: str, who: str, inside: tuple[int, ...], leader: str = "u-wang", **keys: str) -> None:
    """One more member, in the shape of the first one."""
    fresh = dict(stand.users[-1])
    number, mobile = keys.get("number", ""), keys.get("mobile", "")
    if name == "wecom":
        fresh |= {
            "userid": f"u-{who}", "name": who, "department": list(inside), "main_department": (*inside, 0)[0],
            "direct_leader": [leader] if leader else [], "mobile": mobile,
            "extattr": {"attrs": [{"type": 0, "name": "工号", "text": {"value": number}}]},
            "is_leader_in_dept": [0 for _one in inside],
        }  # fmt: skip
    elif name == "dingtalk":
        fresh |= {
            "userid": f"u-{who}", "unionid": f"union-u-{who}", "name": who, "dept_id_list": list(inside),
            "manager_userid": leader, "mobile": mobile, "job_number": number, "leader_in_dept": [],
        }  # fmt: skip
    else:
        fresh |= {
            "union_id": f"u-{who}", "name": who, "department_ids": [f"od-{pk}" for pk in inside],
            "leader_user_id": leader, "mobile": mobile, "employee_no": number,
            "orders": [{"department_id": f"od-{pk}", "is_primary_dept": pk == inside[0]} for pk in inside],
        }  # fmt: skip
    stand.users.append(fresh)
