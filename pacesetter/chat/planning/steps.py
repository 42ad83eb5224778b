"""The steps a sync may take and the notes it leaves: plain data, the same words for page, command and journal."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

# In the order they are taken.
STEPS: Final[dict[str, Any]] = {
    "team_link": _("对应到已有团队"),
    "team_add": _("新建团队"),
    "team_rename": _("团队改名"),
    "team_move": _("团队换上级"),
    "person_link": _("对应到已有人员"),
    "same_name": _("可能是同一个人"),
    "person_add": _("新增人员"),
    "person_change": _("补充或更新资料"),
    "team_leader": _("团队负责人"),
    "seat": _("加入主团队"),
    "seat_move": _("调动"),
    "seat_manager": _("换直属上级"),
    "further": _("新增兼岗"),
    "further_end": _("结束兼岗"),
    "leaver": _("可能已离职"),
}
# Never taken unless an admin ticks them one by one.
TICKED: Final = ("same_name", "leaver")
# What was found and not taken, each with what to do about it.
NOTES: Final[dict[str, Any]] = {
    "department_loop": _("部门的上级绕成一圈，当作最上层。请在对方的通讯录里改正。"),
    "team_twice": _("有不止一个同名团队，不知道对应哪一个。请先给其中一个改名。"),
    "team_closed": _("对应的团队在这里已停用。请新建一个，或在对方停用这个部门。"),
    "team_gone": _("这个部门在对方已经没有了。如不再需要，请在团队里停用。"),
    "same_key": _("两位成员用了同一个手机号或工号，都没有处理。请在对方的通讯录里改正。"),
    "two_people": _("工号和手机号对应了这里的两个人。请核对后改正其中一处，或合并人员。"),
    "left_here": _("这个人在这里已经离职，对方仍在职。如果又入职了，请联系系统管理员恢复。"),
    "linked_other": _("这个人已经和另一个账号绑定。请核对是不是同一个人。"),
    "name_doubt": _("有同名的人，分不清是不是同一个。请给他填上工号或手机号，再试一次。"),
    "no_key": _("没有工号和手机号：只能从聊天软件登录。"),
    "taken": _("手机号、工号或邮箱已属于另一个人，没有写入。请核对。"),
    "no_department": _("没有部门，只处理了资料。请在对方的通讯录里给他一个部门。"),
    "leader_unknown": _("直属上级不在范围内，按团队负责人处理。"),
    "leader_loop": _("直属上级绕成一圈，按团队负责人处理。请在对方的通讯录里改正。"),
    "leaver_admin": _("系统管理员不会由同步办理离职。请先取消他的管理员角色。"),
    "kept": _("两边不一样，以这里为准，没有改。"),
}


@dataclass(frozen=True)
class Step:
    """One change. `key` is the department or member over there."""

    kind: str
    key: str
    label: str
    args: dict[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """How a tick names it."""
        return f"{self.kind}:{self.key}"


@dataclass(frozen=True)
class Note:
    """Something found that no step takes."""

    kind: str
    key: str
    label: str
    args: dict[str, Any] = field(default_factory=dict)


@dataclass
class Plan:
    """Everything that would happen, and what is in the way."""

    steps: list[Step] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def step(self, kind: str, key: str, label: str, **args: Any) -> None:
        """Add a step."""
        self.steps.append(Step(kind, key, label, args))

    def note(self, kind: str, key: str, label: str, **args: Any) -> None:
        """Add a note."""
        self.notes.append(Note(kind, key, label, args))

    @property
    def counts(self) -> dict[str, int]:
        """How many steps of each kind, in their order."""
        found = {kind: sum(one.kind == kind for one in self.steps) for kind in STEPS}
        return {kind: n for kind, n in found.items() if n}

    def as_json(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Steps and notes as they are kept."""
        return [asdict(one) for one in self.steps], [asdict(one) for one in self.notes]


def told(kind: str, args: dict[str, Any]) -> str:
    """What a step or a note changes, in one line: from → to, or the values that come."""
    if kind == "seat":
        return str(args["to"])
    if "from" in args and "to" in args:
        return f"{args['from'] or '—'} → {args['to'] or '—'}"
    if kind == "person_link":
        fields = {"employee_no": _now("工号"), "mobile": _now("手机")}
        return _now("按%(field)s") % {"field": fields.get(args.get("by", ""), "")}
    if kind in ("person_add", "person_change"):
        values = args if kind == "person_add" else args["changes"]
        return " · ".join(str(value) for key, value in values.items() if value and key != "name") or str(
            values.get("name", "")
        )
    return str(args.get("says") or "")
