"""The formatter of pacesetter/web/show.py for templates, and icons. Loaded in every template by the settings."""

import json
from datetime import date, datetime
from functools import cache, lru_cache
from importlib import resources
from io import BytesIO
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

from django import template
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.forms.widgets import CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from lucide import IconDoesNotExist

from pacesetter.config import clock
from pacesetter.web import show, strokes

register = template.Library()


@register.filter
def tongue(value: Any) -> str:
    """Words of the company that may be Chinese on an English page."""
    return show.tongue(str(value))


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


@cache
def _icons() -> ZipFile:
    """Lucide's drawings. Its own tag opens the archive, with its list of all of them, for every icon: 8 ms."""
    return ZipFile(BytesIO(resources.files("lucide").joinpath("lucide.zip").read_bytes()))


@lru_cache(maxsize=2048)
def _drawn(name: str, size: int, label: str) -> SafeString:
    """An icon, drawn once: a page shows dozens, and drawing one walks its lines."""
    try:
        svg = ElementTree.fromstring(_icons().read(f"{name}.svg"))
    except KeyError as unknown:
        raise IconDoesNotExist(name) from unknown
    for node in svg.iter():
        node.tag = node.tag.removeprefix("{http://www.w3.org/2000/svg}")
    strokes.join(svg)
    words = {"role": "img", "aria-label": label} if label else {"aria-hidden": "true"}
    svg.attrib.update({"width": str(size), "height": str(size), "class": "ico", **words})
    return SafeString(ElementTree.tostring(svg, encoding="unicode"))


@register.simple_tag
def icon(name: str, size: int = 16, label: str = "") -> SafeString:
    """A Lucide icon: `{% icon "users" %}`. With a label it is an image, without one it is decoration."""
    try:
        return _drawn(str(name), int(size), str(label))
    except IconDoesNotExist:
        if settings.TESTING:
            raise
        return SafeString("")  # a missing drawing must not cost a user the page


@register.simple_tag
def number_link(
    minor: int | None = None,
    count: Any = None,
    ratio: Any = None,
    n: int | None = None,
    why: str = "",
    short: str = "",
) -> SafeString:
    """A number as <c-number> draws it: exact (or short with the exact one for ear and pointer), opening to its why.

    One of `minor` (minor units), `count`, `ratio` (top, bottom). A rate on fewer than ten cases is shown as 3/7.
    """
    kind, exact = "num", show.MISSING
    if minor is not None:
        exact = show.money(minor)
        text = show.money_short(minor) if short else exact
    elif count is not None:
        exact = show.count(count)
        text = show.count_short(count) if short else exact
    elif ratio:
        top, bottom = ratio
        text = show.rate(top, bottom, n)
        exact = f"{text} ({show.count(top)}/{show.count(bottom)})" if bottom else text
        if bottom and (bottom if n is None else n) < show.SMALL:
            kind, exact = "num small-n", gettext("%(ratio)s，样本太少") % {"ratio": text}
    else:
        text = exact
    if why:
        return format_html(
            '<a class="{}" href="{}" data-why title="{}" aria-label="{}">{}</a>',
            kind,
            why,
            exact,
            gettext("%(number)s，怎么算的") % {"number": exact},
            text,
        )
    return format_html('<span class="{}" title="{}">{}</span>', kind, exact, text)


@register.simple_tag
def direction(now: Any, before: Any, against: str = "") -> SafeString:
    """Up or down with arrow and sign: ▲ +12.4%. It says nothing about good or bad."""
    text = show.change(now, before)
    if text == show.MISSING:
        return format_html('<span class="direction">{}</span>', text)
    way, arrow = ("up", "▲ ") if text[0] == "+" else ("down", "▼ ") if text[0] == show.MINUS else ("", "")
    return format_html('<span class="direction {}">{}{}</span> {}', way, arrow, text, against)


PACE = {
    "ahead": ("good", "▲", _("超前")),
    "on_pace": ("good", "✓", _("正常")),
    "watch": ("watch", "◐", _("关注")),
    "behind": ("bad", "●", _("落后")),
}


@register.simple_tag
def pace_chip(status: str, tone: str = "", label: str = "") -> SafeString:
    """Judgement as colour, sign and word together; nothing at all for an unknown status without a label."""
    colour, sign, word = PACE.get(status, (tone or "neutral", "", label))
    if not (label or word):
        return SafeString("")
    mark = format_html('<span aria-hidden="true">{}</span>', sign) if sign else ""
    return format_html('<span class="chip {}">{}{}</span>', tone or colour, mark, label or word)


@register.simple_tag
def as_json(value: Any) -> str:
    """JSON for an attribute; the template escapes it."""
    return json.dumps(value, ensure_ascii=False, cls=DjangoJSONEncoder, separators=(",", ":"))


@register.filter
def is_check(field: Any) -> bool:
    """Whether a form field is a single box to tick."""
    return isinstance(field.field.widget, CheckboxInput)


@register.simple_tag
def control(field: Any) -> SafeString:
    """A form field's input in our style; Django adds the links to its help and fault."""
    widget = field.field.widget
    if isinstance(widget, CheckboxInput | RadioSelect | CheckboxSelectMultiple):
        return field.as_widget()
    own = widget.attrs.get("class", "")
    style = "form-select" if isinstance(widget, Select) else "form-control"
    return field.as_widget(attrs={"class": f"{style} {own}".strip()})


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


@register.simple_tag
def gap_words(actual: int | None, due: int | None) -> str:
    """How far an amount is from what is due, in words: 差 ¥3.2万, 超 ¥1.1万."""
    return show.gap(actual, due)
