"""Numbers that open to their why, and small charts drawn as SVG, for the insights pages."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()


@register.simple_tag
def why_number(number: Any) -> SafeString:
    """A prepared number as a link to its why: short to read, exact for pointer and ear."""
    if not number.why:
        return format_html('<span class="num soft">{}</span>', number.text)
    return format_html(
        '<a class="num{}" href="{}" data-why title="{}" aria-label="{}">{}</a>',
        " small-n" if number.small else "",
        number.why,
        number.exact,
        _("%(name)s %(number)s，怎么算的") % {"name": number.label, "number": number.exact},
        number.text,
    )


@register.simple_tag
def way(text: str) -> SafeString:
    """A change with its arrow: ▲ +12.4%, ▼ −8.0%. It says nothing about good or bad."""
    if not text:
        return SafeString("")
    kind, arrow = ("up", "▲ ") if text.startswith("+") else ("down", "▼ ") if text.startswith("−") else ("", "")
    return format_html('<span class="direction {}">{}{}</span>', kind, arrow, text)


@register.simple_tag
def spark(values: list[int], label: str = "") -> SafeString:
    """A tiny column chart of whole numbers, oldest first; a negative value hangs below the line."""
    if not values:
        return SafeString("")
    width = 7 * len(values)
    high, low = max([*values, 0]), min([*values, 0])
    span = (high - low) or 1
    zero = 20 * high // span
    bars = []
    for place, value in enumerate(values):
        tall = max(20 * abs(value) // span, 1)
        bars.append(
            (
                "last" if place == len(values) - 1 else "",
                7 * place,
                zero - tall if value > 0 else zero if value < 0 else zero - 1,
                tall,
            )
        )
    return format_html(
        '<svg class="spark" viewBox="0 0 {} 20" width="{}" height="20" role="img" aria-label="{}">{}</svg>',
        width,
        width,
        label,
        format_html_join("", '<rect class="{}" x="{}" y="{}" width="5" height="{}"/>', bars),
    )


@register.simple_tag
def dots(places: list[int]) -> SafeString:
    """One dot per person on a line from the lowest (0) to the highest (1000); the numbers stand in words beside it."""
    return format_html(
        '<svg class="dots" viewBox="-10 0 1020 24" aria-hidden="true"><line x1="0" x2="1000" y1="12" y2="12"/>{}</svg>',
        format_html_join("", '<circle cx="{}" cy="12" r="7"/>', ((place,) for place in places)),
    )


@register.simple_tag
def funnel_bar(bar: Any, hatch: str) -> SafeString:
    """One bar of a funnel, the part that is still on its way hatched."""
    whole, held = int(bar.width), int(bar.held)
    return format_html(
        '<svg class="funnel-bar{}" viewBox="0 0 1000 24" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="rest" width="1000" height="24"/><rect class="done" width="{}" height="24"/>'
        '<rect class="held" x="{}" width="{}" height="24" fill="url(#{})"/></svg>',
        " worst" if bar.worst else "",
        whole,
        whole - held,
        held,
        hatch,
    )


@register.filter
def at_place(values: Any, place: int) -> Any:
    """The element at a place."""
    return values[place]


@register.simple_tag
def put(writer: Any, number: int | None, money: bool) -> str:
    """A record's part of a number: exact money, or a count; empty where it has none."""
    if number is None:
        return ""
    return str(writer.money(number)) if money else str(number)
