"""What templates ask about chat systems."""

from __future__ import annotations

from typing import Any

from django import template

from pacesetter.chat import configured

register = template.Library()


@register.simple_tag
def chat_ways() -> list[tuple[str, Any]]:
    """The connected chat systems one may sign in with: (name, words)."""
    return [(name, configured.NAMES[name]) for name in configured.names()]
