"""The formatter of pacesetter/web/show.py for templates, and icons. Loaded in every template by the settings."""

from datetime import date, datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from lucide.templatetags.lucide import lucide

from pacesetter.config import clock
from pacesetter.web import show

register = template.Library()


@register.filter
def money(minor: int | None) -> str:
    """Exact money of minor units: ¥12,480.00."""
    return show.money(minor)


@register.filter
def money_short(minor: int | None) -> str:
    """Money for cards: ¥8.64万. Put the exact amount beside it with <c-number>."""
    return show.money_short(minor)


@register.filter
def count(number: Any) -> str:
    return show.count(number)


@register.filter
def count_short(number: Any) -> str:
    return show.count_short(number)


@register.filter
def rate(ratio: Any) -> str:
    """Of a (top, bottom) pair: 23.7%, or 3/7 below ten cases."""
    return show.rate(*ratio) if ratio else show.MISSING


@register.filter
def change(pair: Any) -> str:
    """Of a (now, before) pair: +12.4%."""
    return show.change(*pair) if pair else show.MISSING


@register.filter
def gap(pair: Any) -> str:
    """Of an (actual, target) pair in minor units: 差 ¥3.2万."""
    return show.gap(*pair) if pair else show.MISSING


@register.filter
def day(on: date | None) -> str:
    return show.day(on)


@register.filter
def near(at: date | datetime | None) -> str:
    """今天 14:05, 昨天, else the day, in the reader's zone."""
    if isinstance(at, datetime):
        at = timezone.localtime(at)
    return show.near(at, timezone.localtime(clock.now()))


@register.filter
def week(on: date) -> str:
    return show.week(on)


@register.filter
def duration(minutes: int | None) -> str:
    return show.duration(minutes)


@register.filter
def default_missing(value: Any) -> Any:
    """— for what is not known; 0 stays 0."""
    return show.MISSING if value is None or value == "" else value


@register.simple_tag
def icon(name: str, size: int = 16, label: str = "") -> SafeString:
    """A Lucide icon: `{% icon "users" %}`. With a label it is an image, without one it is decoration."""
    words = {"role": "img", "aria-label": label} if label else {"aria-hidden": "true"}
    return lucide(name, size=int(size), **{"class": "icon", **words})  # type: ignore[return-value]


@register.simple_tag
def bullet(actual: Any, target: Any, expected: Any = None, tone: str = "good") -> SafeString:
    """A bar of actual against target with a tick at what was due to date; widths as SVG attributes, no style."""
    if actual is None or not target:
        return SafeString("")
    whole = max(int(actual), int(target), int(expected or 0), 1)
    tick = format_html('<rect class="due" x="{}" y="0" width="2" height="12"/>', _percent(expected, whole))
    return format_html(
        '<svg class="bullet tone-{}" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="goal" x="0" y="3" width="{}" height="6"/>'
        '<rect class="done" x="0" y="3" width="{}" height="6"/>{}</svg>',
        tone,
        _percent(target, whole),
        _percent(actual, whole),
        tick if expected is not None else "",
    )


def _percent(part: Any, whole: int) -> str:
    return str(max(0, int(part or 0)) * 1000 // whole / 10)


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: Any) -> str:
    """The page's own query string with some parts changed: `{% query page=3 %}`; None takes a part away."""
    asked = context["request"].GET.copy()
    for key, value in changes.items():
        if value is None or value == "":
            asked.pop(key, None)
        else:
            asked[key] = value
    return "?" + asked.urlencode()
