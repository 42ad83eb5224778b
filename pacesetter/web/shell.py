"""What the frame around every page knows: who is here, his places, and how he likes to see them."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from pacesetter.people.rights import ROLES, main_role

from . import door
from .places import exists, navigation

THEMES = ("system", "light", "dark")
DENSITIES = ("normal", "compact", "loose")


def _chosen(request: HttpRequest, cookie: str, own: str, allowed: tuple[str, ...]) -> str:
    """The device's choice, else the person's, else the first."""
    for value in (request.COOKIES.get(cookie, ""), own):
        if value in allowed:
            return value
    return allowed[0]


def _named(roles: frozenset[str]) -> list[Any]:
    """The names of the roles, the one that gives the home page first."""
    first = main_role(roles)
    return [ROLES[role].name for role in sorted(roles, key=lambda one: (one != first, one)) if role in ROLES]


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of base.html. Asked lazily, so that fragments and error pages pay nothing."""
    person: Any = getattr(request, "user", None)
    known = person is not None and person.is_authenticated
    # the places are those of the eyes looked through
    roles: Any = SimpleLazyObject(lambda: door.viewer(request).roles if known else frozenset())
    company = SimpleLazyObject(lambda: door.company(request))
    return {
        "theme": _chosen(request, "pace_theme", getattr(person, "theme", ""), THEMES),
        "density": _chosen(request, "pace_density", getattr(person, "density", ""), DENSITIES),
        "company": company,
        "directions": SimpleLazyObject(
            lambda: str(getattr(company, "direction_colours", "") or "neutral").replace("_", "-")
        ),
        "my_roles": roles,
        "my_role_names": SimpleLazyObject(
            lambda: [
                ROLES[role].name for role in sorted(roles, key=lambda one: one != main_role(roles)) if role in ROLES
            ]
        ),
        "view_as": SimpleLazyObject(lambda: door.view_as(request) if known else None),
        "nav": SimpleLazyObject(lambda: navigation(roles, request.path) if known else []),
        "can_search": exists("/search/"),
        "can_log": SimpleLazyObject(
            lambda: known and exists("/log/") and door.viewer(request).may("activities", "write")
        ),
        "profile_url": "/me/" if exists("/me/") else "",
    }
