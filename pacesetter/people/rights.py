"""Who may read and write what: the company's table of rights as data, with a sentence a manager can read.

`TABLE[role][entity]` is a Cell. Somebody with several roles gets the widest of their cells. Admins run the system and
see no business data. Scopes: own (I am the owner), team (my subtree on the record's own date), all; `leads` = only
customers that came from a lead (marketing).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Scope(IntEnum):
    """How far a right reaches; a greater one holds the smaller."""

    NONE = 0
    LEADS = 1
    OWN = 2
    TEAM = 3
    ALL = 4


@dataclass(frozen=True, slots=True)
class Cell:
    """What one role may do with one kind of object.

    `masks`: what is hidden though the row is shown (`prices`, `contacts`, `absences`). `only`: parts of a broad
    entity (which imports, which metrics); empty = all of it.
    """

    read: Scope = Scope.NONE
    write: Scope = Scope.NONE
    says: Any = ""
    masks: frozenset[str] = frozenset()
    only: frozenset[str] = frozenset()
    only_write: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Role:
    """A role with its names; `rank` decides whose home page a person with several roles gets."""

    key: str
    name: Any
    says: Any
    rank: int


NONE, LEADS, OWN, TEAM, ALL = Scope.NONE, Scope.LEADS, Scope.OWN, Scope.TEAM, Scope.ALL

ROLES: Final[dict[str, Role]] = {
    role.key: role
    for role in (
        Role("rep", _("销售"), _("看到并维护自己的客户、线索、商机和跟进。"), 1),
        Role("manager", _("销售主管"), _("看到所带团队及其下级团队在记录当天的数据，可以重新分配和确认。"), 3),
        Role("director", _("销售总监"), _("看到全公司的销售数据，可以修改和发布。"), 8),
        Role("hrbp", _("HRBP"), _("管理人员、归属和成长阶段；看数量与过程指标，不看价格。"), 6),
        Role("analyst", _("数据分析师"), _("看到全公司的数据用于分析和导入，联系人信息被遮住。"), 7),
        Role("marketing", _("市场"), _("管理线索与公海，看到由线索转来的客户。"), 4),
        Role("finance", _("财务"), _("登记应收、回款和开票，看到全部商机与客户。"), 5),
        Role("admin", _("系统管理员"), _("管理人员、权限、日历和系统；看不到业务数据，除非另外授予并公开可见。"), 2),
    )
}

# Duties added to a role; they open cards, never places.
CAPABILITIES: Final[dict[str, Any]] = {
    "mentor": _("师傅"),
    "group_member": _("绩效过程管理小组"),
    "judge": _("评委"),
    "comp_admin": _("薪酬核算"),
}

ENTITIES: Final[dict[str, Any]] = {
    "customers": pgettext_lazy("place", "客户"),
    "contacts": pgettext_lazy("place", "联系人"),
    "deals": pgettext_lazy("place", "商机"),
    "activities": pgettext_lazy("place", "跟进"),
    "leads": pgettext_lazy("place", "线索"),
    "pool": _("公海"),
    "money": _("应收、回款、开票"),
    "metrics": _("个人指标"),
    "goals": _("目标"),
    "imports": _("导入"),
    "people": _("人员、团队、角色、日历"),
    "journal": _("操作记录"),
    "questions": _("对数字的提问"),
}

_PRICES = frozenset({"prices"})
_CONTACTS = frozenset({"contacts"})
_HIDDEN = Cell(says=_("不可见"))
_OWN_RECORDS = Cell(OWN, OWN, _("读写自己的"))
_TEAM_RECORDS = Cell(TEAM, TEAM, _("读团队的；可以重新分配、确认、加入拜访"))
_ALL_RECORDS = Cell(ALL, ALL, _("读写全部"))
_COUNTS = Cell(says=_("只看数量与过程指标，看不到记录和价格"))
_ALL_MASKED = Cell(ALL, NONE, _("读全部，联系人信息被遮住"), masks=_CONTACTS)

_ASKS = Cell(OWN, OWN, _("对看得到的数提问，看这些数上的回答"))
_ANSWERS = Cell(ALL, ALL, _("提问，回答全部提问"))

TABLE: Final[dict[str, dict[str, Cell]]] = {
    "rep": {
        "customers": _OWN_RECORDS,
        "contacts": _OWN_RECORDS,
        "deals": _OWN_RECORDS,
        "activities": _OWN_RECORDS,
        "leads": _OWN_RECORDS,
        "pool": Cell(ALL, ALL, _("可看，可领取")),
        "money": Cell(OWN, NONE, _("读自己的")),
        "metrics": Cell(OWN, NONE, _("读自己的，以及公开榜单")),
        "goals": Cell(OWN, OWN, _("读自己的和上级目标；写自己的行动目标，可申请调整")),
        "imports": _HIDDEN,
        "people": Cell(OWN, NONE, _("看自己的")),
        "journal": Cell(OWN, NONE, _("看自己的")),
        "questions": _ASKS,
    },
    "manager": {
        "customers": _TEAM_RECORDS,
        "contacts": _TEAM_RECORDS,
        "deals": _TEAM_RECORDS,
        "activities": _TEAM_RECORDS,
        "leads": Cell(TEAM, TEAM, _("读写团队的")),
        "pool": Cell(ALL, ALL, _("可看，可分配")),
        "money": Cell(TEAM, NONE, _("读团队的")),
        "metrics": Cell(TEAM, NONE, _("读团队的")),
        "goals": Cell(TEAM, TEAM, _("读团队的和上级目标；写团队的")),
        "imports": Cell(TEAM, TEAM, _("导入团队的跟进和线索"), only=frozenset({"activities", "leads"})),
        "people": Cell(TEAM, NONE, _("看团队的")),
        "journal": _HIDDEN,
        "questions": _ASKS,
    },
    "director": {
        "customers": _ALL_RECORDS,
        "contacts": _ALL_RECORDS,
        "deals": _ALL_RECORDS,
        "activities": _ALL_RECORDS,
        "leads": _ALL_RECORDS,
        "pool": _ALL_RECORDS,
        "money": Cell(ALL, NONE, _("读全部")),
        "metrics": Cell(ALL, NONE, _("读全部")),
        "goals": Cell(ALL, ALL, _("读写全部，可发布")),
        "imports": Cell(ALL, ALL, _("导入全部")),
        "people": Cell(ALL, NONE, _("看全部")),
        "journal": Cell(OWN, NONE, _("看自己的决定")),
        "questions": _ANSWERS,
    },
    "hrbp": {
        "customers": _COUNTS,
        "contacts": _COUNTS,
        "deals": _COUNTS,
        "activities": _COUNTS,
        "leads": _HIDDEN,
        "pool": _HIDDEN,
        "money": _HIDDEN,
        "metrics": Cell(ALL, NONE, _("看达成与过程指标，看不到价格"), masks=_PRICES),
        "goals": Cell(ALL, NONE, _("读全部，参与评估")),
        "imports": Cell(ALL, ALL, _("导入人员"), only=frozenset({"people"})),
        "people": Cell(
            ALL,
            ALL,
            _("看全部；管理人员、归属、缺勤和成长阶段"),
            only_write=frozenset({"person", "membership", "stage", "absence"}),
        ),
        "journal": Cell(OWN, NONE, _("看自己的")),
        "questions": _ASKS,
    },
    "analyst": {
        "customers": _ALL_MASKED,
        "contacts": _ALL_MASKED,
        "deals": _ALL_MASKED,
        "activities": _ALL_MASKED,
        "leads": _ALL_MASKED,
        "pool": _ALL_MASKED,
        "money": Cell(ALL, NONE, _("读全部")),
        "metrics": Cell(ALL, NONE, _("读全部")),
        "goals": Cell(ALL, NONE, _("读全部，参与评估，可导入草稿")),
        "imports": Cell(ALL, ALL, _("导入全部")),
        "people": Cell(ALL, NONE, _("看全部，看不到缺勤"), masks=frozenset({"absences"})),
        "journal": _HIDDEN,
        "questions": _ANSWERS,
    },
    "marketing": {
        "customers": Cell(LEADS, NONE, _("读由线索转来的客户")),
        "contacts": _HIDDEN,
        "deals": _HIDDEN,
        "activities": _HIDDEN,
        "leads": _ALL_RECORDS,
        "pool": _ALL_RECORDS,
        "money": _HIDDEN,
        "metrics": Cell(ALL, NONE, _("按来源看线索指标"), only=frozenset({"leads"})),
        "goals": Cell(ALL, NONE, _("读线索目标"), only=frozenset({"leads"})),
        "imports": Cell(ALL, ALL, _("导入线索"), only=frozenset({"leads"})),
        "people": _HIDDEN,
        "journal": _HIDDEN,
        "questions": _ASKS,
    },
    "finance": {
        "customers": Cell(ALL, NONE, _("读全部")),
        "contacts": _HIDDEN,
        "deals": Cell(ALL, NONE, _("读全部")),
        "activities": _HIDDEN,
        "leads": _HIDDEN,
        "pool": _HIDDEN,
        "money": _ALL_RECORDS,
        "metrics": Cell(ALL, NONE, _("看金额与回款指标"), only=frozenset({"amounts", "collections"})),
        "goals": _HIDDEN,
        "imports": Cell(ALL, ALL, _("导入回款和开票"), only=frozenset({"collections"})),
        "people": _HIDDEN,
        "journal": Cell(OWN, NONE, _("看自己的")),
        "questions": _ASKS,
    },
    "admin": {
        **dict.fromkeys(ENTITIES, _HIDDEN),
        "imports": Cell(ALL, ALL, _("导入人员"), only=frozenset({"people"})),
        "people": Cell(ALL, ALL, _("管理全部")),
        "journal": Cell(ALL, NONE, _("读全部")),
    },
}


def cells(roles: Iterable[str], entity: str) -> list[Cell]:
    """The cells of the roles somebody holds (capabilities have none)."""
    return [TABLE[role][entity] for role in roles if role in TABLE]


def scope_of(roles: Iterable[str], entity: str, verb: str = "read") -> Scope:
    """The widest scope of the roles for `read` or `write`."""
    if verb not in ("read", "write"):
        raise ValueError(f"no such verb: {verb}")
    return max((cell.read if verb == "read" else cell.write for cell in cells(roles, entity)), default=NONE)


@dataclass(frozen=True, slots=True)
class Grant:
    """What one role opens of an entity: how far, which parts (empty = all of them), what it hides."""

    scope: Scope
    only: frozenset[str] = frozenset()
    masks: frozenset[str] = frozenset()

    def holds(self, part: str) -> bool:
        """Whether a part (a family of metrics) belongs to it."""
        return not self.only or part in self.only


def grants_of(roles: Iterable[str], entity: str) -> frozenset[Grant]:
    """What the roles open for reading, each by itself: how far one reaches says nothing of another's parts."""
    return frozenset(Grant(cell.read, cell.only, cell.masks) for cell in cells(roles, entity) if cell.read > NONE)


def masks_of(roles: Iterable[str], entity: str) -> frozenset[str]:
    """What stays hidden in rows that are shown: only what every role with the widest scope hides."""
    held = cells(roles, entity)
    widest = max((cell.read for cell in held), default=NONE)
    masks = [cell.masks for cell in held if cell.read == widest and widest > NONE]
    return frozenset.intersection(*masks) if masks else frozenset()


def parts_of(roles: Iterable[str], entity: str, verb: str = "read") -> frozenset[str] | None:
    """The parts of a broad entity somebody may reach; None = all of it, an empty set = nothing."""
    parts: set[str] = set()
    for cell in cells(roles, entity):
        if (cell.read if verb == "read" else cell.write) == NONE:
            continue
        only = cell.only_write if verb == "write" and cell.only_write else cell.only
        if not only:
            return None
        parts |= only
    return frozenset(parts)


def scope_of_part(roles: Iterable[str], entity: str, part: str, verb: str = "read") -> Scope:
    """How far one part of a broad entity is open: by the roles that open it, not by those that open other parts."""
    found = NONE
    for cell in cells(roles, entity):
        only = cell.only_write if verb == "write" and cell.only_write else cell.only
        if not only or part in only:
            found = max(found, cell.read if verb == "read" else cell.write)
    return found


def sentence(role: str, entity: str) -> Any:
    """What the role may do with the entity, in words."""
    return TABLE[role][entity].says


def main_role(roles: Iterable[str]) -> str:
    """The role whose home page a person gets; '' for somebody without one."""
    held = [ROLES[role] for role in roles if role in ROLES]
    return max(held, key=lambda role: role.rank).key if held else ""
