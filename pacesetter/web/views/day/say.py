"""One line typed or dictated, as a card to confirm on the sheet. Nothing is written here."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from pacesetter.activity import reads
from pacesetter.activity.rules.sentence import LONGEST, Named, Sentence
from pacesetter.lib import money
from pacesetter.people.reach import Reach
from pacesetter.pipeline.models import Customer

from ... import door, show
from . import sheet

CANDIDATES = 6


def say(request: HttpRequest) -> HttpResponse:
    """Understand a line within reach; every word of it is in a part or in the note."""
    reach = door.need(request, "activities", "write")
    text = request.POST.get("text", "") if request.method == "POST" else ""
    company = door.company(request)
    currency = company.currency if company else "CNY"
    card = reads.spoken(
        text.strip()[: 4 * LONGEST], today=door.today(request), mine=reach.person_id,
        customers=reach.rows(Customer.objects.filter(merged_into=None), "customers", "write"),
        digits=money.exponent(currency),
    )  # fmt: skip
    fields = _fields(card, currency)
    return JsonResponse({"fields": fields, "customer": _one(reach, card.customer),
                         "candidates": _known(reach, card.candidates), "lines": _lines(card, currency, fields),
                         "missing": _missing(card)})  # fmt: skip


def _known(reach: Reach, found: tuple[Named, ...]) -> list[dict[str, Any]]:
    """Customers as the sheet keeps them, in the order of the card."""
    ids = [one.id for one in found][:CANDIDATES]
    told = {one["id"]: one for one in sheet.told(reach, Customer.objects.filter(pk__in=ids))} if ids else {}
    return [told[pk] for pk in ids if pk in told]


def _one(reach: Reach, customer: Named | None) -> dict[str, Any] | None:
    return None if customer is None else next(iter(_known(reach, (customer,))), None)


def _fields(card: Sentence, currency: str) -> dict[str, Any]:
    """What goes into which field of the sheet. A time of what happened stands in the note, one without a day in the
    step."""
    step = card.next_step if card.next_on else " ".join(filter(None, (card.said("next_time"), card.next_step)))
    note = " ".join(part for part in (card.note, card.said("time")) if part)
    return {
        "kind": card.kind,
        "contact": card.contact.id if card.contact else None,
        "contact_name": card.contact_name,
        "result": card.result,
        "next_step": step[:200],
        "next_on": card.next_on.isoformat() if card.next_on else "",
        "next_time": f"{card.next_time:%H:%M}" if card.next_time and card.next_on else "",
        "minutes": card.minutes,
        "amount_minor": "" if card.amount_minor is None else money.major_text(card.amount_minor, currency),
        "on": card.on.isoformat() if card.on else "",
        "note": note,
    }


def _lines(card: Sentence, currency: str, fields: dict[str, Any]) -> list[dict[str, str]]:
    """What was understood, and from which words."""
    zh = show.chinese()
    kinds = {kind.key: kind.zh if zh else kind.en for kind in reads.kinds()}
    amount = "" if card.amount_minor is None else show.money(card.amount_minor, currency=currency)
    results = {str(value): str(word) for value, word in sheet.RESULT_CHOICES}
    shown = [
        ("kind", _("类型"), kinds.get(card.kind, "")),
        ("customer", _("客户"), card.customer.name if card.customer else ""),
        ("contact", _("联系人"), card.contact.name if card.contact else card.contact_name),
        ("result", _("结果"), results.get(card.result, "")),
        ("next_step", _("下一步"), fields["next_step"]),
        ("next_on", _("下一步日期"), show.day(card.next_on) if card.next_on else ""),
        ("next_time", _("下一步时间"), fields["next_time"]),
        ("minutes", _("时长（分钟）"), "" if card.minutes is None else str(card.minutes)),
        ("amount", _("谈到的金额"), amount),
        ("on", _("哪天的"), show.day(card.on) if card.on else ""),
        ("note", _("备注"), " ".join(part for part in (card.note, card.said("time")) if part)),
    ]  # fmt: skip
    return [{"part": part, "name": str(name), "value": value, "said": card.said(part)}
            for part, name, value in shown if value]  # fmt: skip


def _missing(card: Sentence) -> str:
    """What the line did not say."""
    lacks = [
        word
        for word, said in (
            (_("类型"), card.kind), (_("客户"), card.customer), (_("联系人"), card.contact_name),
            (_("结果"), card.result), (_("下一步"), card.next_step), (_("下一步日期"), card.next_on),
        )
        if not said
    ]  # fmt: skip
    return _("没说到：%(parts)s。") % {"parts": "、".join(lacks)} if lacks else ""
