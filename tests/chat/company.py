"""The organisation of tests/world.py as each chat system would tell it.

领跑样例 (周岚) ├ 华东区 ├ 华东一队 (王敏 heads; 李想, 孙浩) and 华东二队 (赵磊 heads; 吴迪, who is 兼岗 in 一队).
Ids over there: user `u-…`, department numbers 1, 2, 3, 4. Mobiles and 工号 are those of the world.
"""

from __future__ import annotations

from typing import Any

# id, name, departments with the main one first, 直属上级, number of the world's person
PEOPLE = (
    ("u-zhou", "周岚", (1,), "", 1),
    ("u-wang", "王敏", (3,), "u-zhou", 2),
    ("u-zhao", "赵磊", (4,), "u-zhou", 3),
    ("u-li", "李想", (3,), "u-wang", 4),
    ("u-sun", "孙浩", (3,), "u-wang", 6),
    ("u-wu", "吴迪", (4, 3), "u-zhao", 7),
)
DEPARTMENTS = (
    (1, "领跑样例", 0, "u-zhou"),
    (2, "华东区", 1, ""),
    (3, "华东一队", 2, "u-wang"),
    (4, "华东二队", 2, "u-zhao"),
)


def wecom() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    departments = [
        {"id": pk, "name": name, "parentid": parent, "order": 1, "department_leader": [leader] if leader else []}
        for pk, name, parent, leader in DEPARTMENTS
    ]
    users = [
        {
            "userid": userid, "name": name, "department": sorted(inside), "main_department": inside[0],
            "is_leader_in_dept": [int((pk, userid) in HEADS) for pk in sorted(inside)],
            "direct_leader": [leader] if leader else [], "mobile": f"138000000{n:02d}", "status": 1,
            "position": "销售", "extattr": {"attrs": [{"type": 0, "name": "工号", "text": {"value": f"E{n:03d}"}}]},
        }
        for userid, name, inside, leader, n in PEOPLE
    ]  # fmt: skip
    return departments, users


def dingtalk() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    departments = [{"dept_id": pk, "name": name, "parent_id": parent} for pk, name, parent, _leader in DEPARTMENTS]
    users = [
        {
            "userid": userid, "unionid": f"union-{userid}", "name": name, "dept_id_list": list(inside),
            "leader_in_dept": [{"dept_id": pk, "leader": (pk, userid) in HEADS} for pk in inside],
            "manager_userid": leader, "mobile": f"138000000{n:02d}", "state_code": "86", "job_number": f"E{n:03d}",
            "title": "销售", "active": True, "hired_date": 1_525_622_400_000,
        }
        for userid, name, inside, leader, n in PEOPLE
    ]  # fmt: skip
    return departments, users


def feishu() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    def key(pk: int) -> str:
        return "0" if pk == 1 else f"od-{pk}"

    departments = [
        {"open_department_id": key(pk), "department_id": f"d{pk}", "name": name, "parent_department_id": key(parent),
         "leader_user_id": leader}
        for pk, name, parent, leader in DEPARTMENTS[1:]
    ]  # fmt: skip
    users = [
        {
            "union_id": userid, "open_id": f"ou_{userid}", "name": name,
            "department_ids": [key(pk) for pk in sorted(inside)],
            "orders": [{"department_id": key(pk), "is_primary_dept": pk == inside[0]} for pk in sorted(inside)],
            "leader_user_id": leader, "mobile": f"+86138000000{n:02d}", "employee_no": f"E{n:03d}",
            "job_title": "销售", "join_time": 1_525_622_400,
            "status": {"is_frozen": False, "is_resigned": False, "is_activated": True, "is_exited": False},
        }
        for userid, name, inside, leader, n in PEOPLE
    ]  # fmt: skip
    return departments, users


HEADS = {(pk, leader) for pk, _name, _parent, leader in DEPARTMENTS}
ORGANISATIONS = {"wecom": wecom, "dingtalk": dingtalk, "feishu": feishu}
