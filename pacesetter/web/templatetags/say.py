"""Words for keys in templates: acts of the journal, bilingual names of metrics."""

from __future__ import annotations

from typing import Any

from django import template

from pacesetter.web import show, words

register = template.Library()


@register.filter
def act_word(key: str) -> Any:
    """An act's key in words."""
    return words.act_word(key)


@register.filter(name="words")
def in_words(pair: tuple[str, str]) -> str:
    """(Chinese, English) in the reader's language."""
    return pair[0] if show.chinese() else pair[1]


@register.filter
def pair(cell: Any) -> tuple[int, int] | None:
    """A cell's (top, bottom) for a rate."""
    return None if cell.bottom is None else (cell.top, cell.bottom)
