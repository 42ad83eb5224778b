"""The places of the product: same names and addresses for everybody, each role with its own choice and order.

A place or spot is listed only when its address has a page, so a page appears in the navigation by being routed.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from django.urls import Resolver404, resolve
from django.utils.translation import pgettext_lazy

from pacesetter.chat import configured

EVERYBODY: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Spot:
    """A page inside a place; `roles` empty = everybody who has the place."""

    path: str
    label: Any
    roles: frozenset[str] = EVERYBODY
    # a page that is there only while something is switched on
    when: Callable[[], object] | None = None


@dataclass(frozen=True, slots=True)
class Place:
    key: str
    path: str
    label: Any
    icon: str
    spots: tuple[Spot, ...] = field(default=())


def connected() -> object:
    """Whether a chat system is connected."""
    return configured.names()


def _roles(*names: str) -> frozenset[str]:
    return frozenset(names)


PLACES: Final[dict[str, Place]] = {
    place.key: place
    for place in (
        Place("today", "/", pgettext_lazy("place", "今日"), "house"),
        Place(
            "customers",
            "/customers/",
            pgettext_lazy("place", "客户"),
            "building-2",
            (
                Spot("/customers/", pgettext_lazy("place", "客户")),
                Spot(
                    "/leads/",
                    pgettext_lazy("place", "线索"),
                    _roles("rep", "manager", "director", "analyst", "marketing"),
                ),
                Spot(
                    "/deals/",
                    pgettext_lazy("place", "商机"),
                    _roles("rep", "manager", "director", "analyst", "finance"),
                ),
                Spot(
                    "/collections/",
                    pgettext_lazy("place", "应收与回款"),
                    _roles("rep", "manager", "director", "analyst", "finance"),
                ),
                Spot(
                    "/products/",
                    pgettext_lazy("place", "产品"),
                    _roles("rep", "manager", "director", "analyst", "finance"),
                ),
            ),
        ),
        Place(
            "goals",
            "/goals/",
            pgettext_lazy("place", "目标"),
            "target",
            (
                Spot("/goals/", pgettext_lazy("place", "目标")),
                Spot(
                    "/goals/adjustments/",
                    pgettext_lazy("place", "目标调整"),
                    _roles("rep", "manager", "director", "hrbp", "analyst"),
                ),
                Spot("/goals/events/", pgettext_lazy("place", "市场事件")),
            ),
        ),
        Place(
            "process",
            "/activities/",
            pgettext_lazy("place", "过程"),
            "activity",
            (
                Spot(
                    "/activities/", pgettext_lazy("place", "跟进记录"), _roles("rep", "manager", "director", "analyst")
                ),
            ),
        ),
        Place(
            "insights",
            "/insights/",
            pgettext_lazy("place", "洞察"),
            "chart-column",
            (
                Spot("/insights/board/", pgettext_lazy("place", "团队看板")),
                Spot(
                    "/insights/funnel/",
                    pgettext_lazy("place", "漏斗分析"),
                    _roles("rep", "manager", "director", "hrbp", "analyst", "marketing"),
                ),
                Spot("/insights/metrics/", pgettext_lazy("place", "指标目录")),
                Spot("/insights/questions/", pgettext_lazy("place", "提问")),
            ),
        ),
        Place(
            "manage",
            "/manage/",
            pgettext_lazy("place", "管理"),
            "settings",
            (
                Spot("/manage/people/", pgettext_lazy("place", "人员"), _roles("admin", "hrbp", "director", "manager")),
                Spot("/manage/teams/", pgettext_lazy("place", "团队"), _roles("admin", "hrbp", "director", "manager")),
                Spot("/manage/imports/", pgettext_lazy("place", "数据导入")),
                Spot("/manage/chat/", pgettext_lazy("place", "组织同步"), _roles("admin", "hrbp"), connected),
                Spot("/manage/rights/", pgettext_lazy("place", "权限说明")),
                Spot(
                    "/manage/audit/", pgettext_lazy("place", "审计日志"), _roles("admin", "director", "hrbp", "finance")
                ),
                Spot("/manage/company/", pgettext_lazy("place", "公司"), _roles("admin")),
                Spot("/manage/calendar/", pgettext_lazy("place", "工作日历"), _roles("admin", "hrbp")),
                Spot("/manage/periods/", pgettext_lazy("place", "结账"), _roles("admin")),
                Spot(
                    "/manage/process/",
                    pgettext_lazy("place", "过程规则"),
                    _roles("admin", "director", "manager", "hrbp", "analyst"),
                ),
                Spot("/manage/pool/", pgettext_lazy("place", "公海规则"), _roles("admin", "director")),
                Spot("/manage/tiers/", pgettext_lazy("place", "客户分层规则"), _roles("admin", "director")),
            ),
        ),
    )
}

# In the order of the rail. Nobody sees more than seven.
BY_ROLE: Final[dict[str, tuple[str, ...]]] = {
    "rep": ("today", "customers", "goals", "process", "insights"),
    "manager": ("today", "customers", "goals", "process", "insights", "manage"),
    "director": ("today", "customers", "goals", "process", "insights", "manage"),
    "hrbp": ("today", "goals", "process", "insights", "manage"),
    "analyst": ("today", "customers", "goals", "process", "insights", "manage"),
    "marketing": ("today", "customers", "goals", "insights", "manage"),
    "finance": ("today", "customers", "insights", "manage"),
    "admin": ("today", "manage"),
}


@lru_cache(maxsize=256)
def exists(path: str) -> bool:
    """Whether some page answers at this address."""
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


def keys_for(roles: Iterable[str]) -> list[str]:
    """The places of all roles together, in the order of PLACES; today alone for somebody without a role."""
    held = set(roles)
    wanted = {key for role in held for key in BY_ROLE.get(role, ())} or {"today"}
    return [key for key in PLACES if key in wanted]


def navigation(roles: Iterable[str], path: str) -> list[dict[str, Any]]:
    """What the rail draws: places with `url, icon, label, key, active, open` and their `spots`."""
    held = frozenset(roles)
    shown = []
    for key in keys_for(held):
        place = PLACES[key]
        spots = [
            spot
            for spot in place.spots
            if exists(spot.path) and (not spot.roles or spot.roles & held) and (spot.when is None or spot.when())
        ]
        # A place all of whose spots belong to other roles is not there either.
        url = spots[0].path if spots else "" if place.spots else place.path
        if not url or not exists(url):
            continue
        # of a page and one below it, the one below
        inside = sorted((s for s in spots if path.startswith(s.path)), key=lambda s: len(s.path))[-1:]
        at_home = path == "/" or path.startswith(("/today/", "/log/"))
        here = at_home if place.path == "/" else path.startswith(place.path) or bool(inside)
        shown.append(
            {
                "key": key,
                "url": url,
                "icon": place.icon,
                "label": place.label,
                "active": here and not (len(spots) > 1 and inside),
                "spots_all": [{"url": spot.path, "label": spot.label} for spot in spots],
                "open": here,
                "spots": [
                    {"url": spot.path, "label": spot.label, "active": spot in inside}
                    for spot in (spots if len(spots) > 1 else ())
                ],
            }
        )
    return shown
