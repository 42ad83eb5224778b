"""The table of rights as everybody may read it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from pacesetter.people.rights import CAPABILITIES, ENTITIES, ROLES, TABLE

from .. import door


def rights(request: HttpRequest) -> HttpResponse:
    """Who reads and writes what, one sentence per cell; my own roles stand out."""
    mine = door.viewer(request).roles
    return render(
        request,
        "people/rights.html",
        {
            "roles": ROLES.values(),
            "mine": mine,
            "rows": [(word, [(role, TABLE[role.key][entity]) for role in ROLES.values()])
                     for entity, word in ENTITIES.items()],
            "capabilities": CAPABILITIES.values(),
        },
    )  # fmt: skip
