"""附近的客户: which customers were met near here. Asked by a tap only; where somebody stands is not kept."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from pacesetter.activity import reads
from pacesetter.activity.rules.places import NEAR_METRES, nearest
from pacesetter.pipeline.models import Customer

from ... import door
from ...forms.day import HereForm
from . import sheet

CLOSE = 100


def near(request: HttpRequest) -> HttpResponse:
    """My customers met within three kilometres of here in the last thirty days, the nearest first."""
    reach = door.need(request, "activities", "write")
    form = HereForm(request.POST or None)
    if not form.is_valid():
        return _answer([], _("没有得到位置，照常按名字找。"))
    rows = reach.rows(Customer.objects.filter(merged_into=None), "customers", "write")
    known = reads.places(reach, rows)
    if not known:
        return _answer([], _("近 30 天没有带定位的跟进，客户也没有登记坐标，还排不出附近的客户。"))
    found = dict(nearest(form.cleaned_data["lat"], form.cleaned_data["lon"], known))
    if not found:
        return _answer([], _("%(n)s 公里内没有你记过的客户。") % {"n": NEAR_METRES // 1000})
    told = {one["id"]: one for one in sheet.told(reach, rows.filter(pk__in=found))}
    lines = [{**told[pk], "under": f"{far_word(far)} · {told[pk]['under']}"} for pk, far in found.items()]
    return _answer(lines, _("按你近 30 天记跟进时的位置。这次的位置没有保存。"))


def far_word(metres: int) -> str:
    """A distance no finer than a place at a tap is."""
    if metres < CLOSE:
        return _("100 米内")
    if metres < 950:
        return _("约 %(n)s 米") % {"n": (metres + 50) // 100 * 100}
    return _("约 %(n)s 公里") % {"n": f"{(metres + 50) // 1000}.{(metres + 50) % 1000 // 100}"}


def _answer(customers: list[dict[str, Any]], says: str) -> HttpResponse:
    answer = JsonResponse({"customers": customers, "says": says})
    answer["Cache-Control"] = "no-store"
    return answer
