"""One sheet for every step of a deal: a chip for where it goes, and only what that stage needs."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from pacesetter.pipeline import acts, reads, rules
from pacesetter.pipeline.models import Deal, DealStage

from ... import door, show
from ...forms.stages import StageForm
from ..day.aims import amount_of_month
from ..sheet import sheet
from .write import find

TEMPLATE = "pipeline/stage.html"


def following(stage: str) -> str:
    """Where a deal usually goes from here; from the last open stage it is won."""
    place = rules.OPEN_STAGES.index(stage) if stage in rules.OPEN_STAGES else 0
    return (*rules.OPEN_STAGES, "won")[place + 1]


def address(deal: Deal, stage: str) -> str:
    """The sheet of a stage."""
    if stage in ("won", "lost"):
        return reverse("deal_win" if stage == "won" else "deal_lose", args=[deal.pk])
    return f"{reverse('deal_move', args=[deal.pk])}?to={stage}"


@door.acts_once
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """To another open stage."""
    row: Deal = find(request, Deal, "deals", pk, "write")
    to = request.GET.get("to") or request.POST.get("stage", "")
    if to not in rules.OPEN_STAGES or to == row.stage:
        to = following(row.stage)
        if to == "won" and request.method != "POST":
            return redirect("deal_win", pk)
    return _sheet(request, row, to if to != "won" else row.stage)


@door.acts_once
def win(request: HttpRequest, pk: int) -> HttpResponse:
    """Signed."""
    return _sheet(request, find(request, Deal, "deals", pk, "write"), "won")


@door.acts_once
def lose(request: HttpRequest, pk: int) -> HttpResponse:
    """Lost."""
    return _sheet(request, find(request, Deal, "deals", pk, "write"), "lost")


# as many days on one line of the distribution
WEEK = 7
LONGEST = 8


def days(request: HttpRequest, pk: int) -> HttpResponse:
    """How long won deals stayed in the stage this deal is in: what its days are measured against."""
    row: Deal = find(request, Deal, "deals", pk)
    spent = reads.usual_spread().get(row.stage, [])
    here = reads.stage_days(row, door.today(request))
    weeks: dict[int, int] = {}
    for one in spent:
        weeks[min(one // WEEK, LONGEST)] = weeks.get(min(one // WEEK, LONGEST), 0) + 1
    most = max(weeks.values(), default=0)
    mine = None if here is None else min(here // WEEK, LONGEST)
    lines = [
        (week * WEEK, None if week == LONGEST else week * WEEK + WEEK - 1, weeks.get(week, 0), most, week == mine)
        for week in range(max([*weeks, mine or 0], default=0) + 1)
    ]
    middle = (spent[len(spent) // 4], spent[len(spent) * 3 // 4]) if spent else None
    template = "pipeline/_days.html" if getattr(request, "htmx", False) else "pipeline/days.html"
    usual = spent[len(spent) // 2] if spent else None
    return render(request, template, {"row": row, "here": here, "usual": usual, "n": len(spent), "middle": middle,
                                      "lines": lines})  # fmt: skip


def _sheet(request: HttpRequest, row: Deal, target: str) -> HttpResponse:
    card, today = reverse("deal", args=[row.pk]), door.today(request)
    if row.stage not in rules.OPEN_STAGES and request.method != "POST":
        return redirect(card)
    form = StageForm(
        request.POST or None, deal=row, target=target, on=today, initial={"version": row.version}
    )  # fmt: skip

    def run(values: dict[str, Any]) -> str:
        told: dict[str, Any] = {name: value for name, value in values.items() if value not in (None, "")}
        how: dict[str, Any] = {"by": door.actor(request), "at": door.at(request)}
        if target == "won":
            acts.win_deal(row, signed_on=told["on"], **told, **how)
            row.refresh_from_db()
            messages.success(request, _signed(request, row, today))
            return f"{card}?won=1"
        if target == "lost":
            acts.lose_deal(row, **told, **how)
            messages.success(request, _("已记为输单。"))
            return card
        if told.get("next_on") and not told.get("next_step"):
            told["next_step"] = row.next_step
        acts.move_deal(row, stage=target, **told, **how)
        messages.success(request, _("已到「%(stage)s」。") % {"stage": dict(DealStage.choices)[target]})  # type: ignore[index]
        return card

    back = rules.stages.backwards(row.stage, target)
    steps = [(stage, word, address(row, stage)) for stage, word in DealStage.choices
             if stage in (*rules.OPEN_STAGES, "won", "lost") and stage != row.stage]  # fmt: skip
    return sheet(
        request, form, run, template=TEMPLATE, title=_("阶段推进"), crumb=row.name, crumb_url=card, row=row,
        target=target, steps=steps, back=back, action=address(row, target),
        submit={"won": _("记为赢单"), "lost": _("记为输单")}.get(
            target, _("退回") if back else pgettext("button", "推进")
        ),
    )  # fmt: skip


def _signed(request: HttpRequest, row: Deal, today: date) -> str:
    """Who signed for how much, and what the month comes to with it."""
    told = {
        "name": row.customer.name if row.customer else row.name,
        "amount": show.money_short(row.amount_minor, trim=True),
    }
    company = door.company(request)
    so_far = amount_of_month(door.viewer(request), today, company, row.owner_id) if company and row.owner_id else None
    if so_far is None:
        return _("签下%(name)s %(amount)s！") % told
    return _("签下%(name)s %(amount)s！本月 %(month)s") % {
        **told,
        "month": show.money_short(so_far, trim=True),
    }
