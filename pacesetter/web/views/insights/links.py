"""Addresses of insight pages: the same words everywhere, so that a number can be sent and printed."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse

from .asked import Window
from .scope import Where


def why_url(metric: str, at: Window, where: Where, basis: str = "") -> str:
    """Where a number explains itself."""
    asked = {"period": at.key, **where.query()}
    if basis:
        asked["basis"] = basis
    return f"{reverse('why', args=[metric])}?{urlencode(asked)}"


def page_url(name: str, at: Window, where: Where, *args: object, **more: str) -> str:
    """Another insight page with the same question."""
    asked = {"period": at.key, **where.query(), **{key: value for key, value in more.items() if value}}
    return f"{reverse(name, args=args)}?{urlencode(asked)}"
