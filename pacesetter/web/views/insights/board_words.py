"""What stands around the team board: its sentence, the public ranking, the last day with data."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from pacesetter.people import reads as people
from pacesetter.people.models import Membership
from pacesetter.pipeline.models import Booking
from pacesetter.web import show

from .asked import Window
from .board import Board
from .figures import Figures
from .scope import Where


def sentence(figures: Figures, board: Board, at: Window, where: Where) -> str:
    """What happened, in one sentence made of the numbers themselves."""
    by_key = {number.metric: number for number in board.totals}
    if board.by_source:
        leads = by_key.get("leads_created")
        return _("%(period)s新增线索 %(n)s 条，意向转化 %(rate)s。") % {
            "period": at.name,
            "n": leads.text if leads else "0",
            "rate": by_key["lead_conversion_rate"].text if "lead_conversion_rate" in by_key else "—",
        }
    won = by_key.get("won_amount")
    if won is None or won.cell is None:
        visits = by_key.get("effective_visits")
        return _("%(period)s %(people)s 人完成有效拜访 %(n)s 次。") % {
            "period": at.name,
            "people": board.people,
            "n": visits.text if visits else "0",
        }
    if not won.cell.n and not won.cell.top:
        return _("%(period)s还没有成交。") % {"period": at.name}
    deals = by_key.get("deals_won")
    told = _("%(period)s成交 %(amount)s，%(deals)s 单") % {
        "period": at.name,
        "amount": won.text,
        "deals": deals.text if deals else "0",
    }
    if won.change:
        before = _("上期同期") if at.running else at.before_name
        told += _("，比%(before)s %(change)s") % {"before": before, "change": won.change}
    leaders = [r for r in board.rows if r.person is not None and r.numbers and r.numbers[0].cell is not None]
    leaders.sort(key=lambda r: -(r.numbers[0].sort or 0))
    if len(leaders) >= 3 and won.cell.top > 0 and board.columns[0].key == "won_amount" and not board.grouped:
        best = leaders[0]
        top = best.numbers[0].cell
        if top and top.top > 0:
            told += _("；最多的是%(name)s，占 %(share)s") % {
                "name": best.name,
                "share": show.percent(top.top, won.cell.top),
            }
    overdue = by_key.get("overdue_amount")
    if overdue is not None and overdue.cell is not None and overdue.cell.top > 0:
        told += _("；逾期未回 %(amount)s") % {"amount": overdue.text}
    return told + _("。")


def on_the_wall(board: Board, at: Window) -> str:
    """What a screen in the room says: what was reached, nothing about who or what is missing."""
    by_key = {number.metric: number for number in board.totals}
    won, deals = by_key.get("won_amount"), by_key.get("deals_won")
    if won is None or deals is None:
        return _("%(period)s %(people)s 人完成有效拜访 %(n)s 次。") % {
            "period": at.name,
            "people": board.people,
            "n": by_key["effective_visits"].text if "effective_visits" in by_key else "0",
        }
    return _("%(period)s成交 %(amount)s，%(deals)s 单") % {
        "period": at.name,
        "amount": won.text,
        "deals": deals.text,
    } + _("。")


def ranking(figures: Figures, at: Window) -> list[tuple[int, str, str, bool]]:
    """The public board for somebody who sees only himself: the top five, himself and his neighbours, by amount.

    (place, name, amount, whether it is me). Nobody sees the bottom by name; teams under six people have no ranking.
    """
    me = figures.viewer.person_id
    seat = people.seat_at(me, at.last)
    if seat.team_id is None or not figures.has("won_amount"):
        return []
    day = min(at.last, figures.today)
    members = Membership.objects.filter(people.valid(day), primary=True, team_id=seat.team_id)
    ids = set(members.values_list("person_id", flat=True))
    if len(ids) < 6 or me not in ids:
        return []
    cells = figures.ask("won_amount", ("person",), at.start, at.end, Where(team=seat.team_id), wide=True)
    scores = sorted(((cells[(i,)].top if (i,) in cells else 0, i) for i in ids), key=lambda pair: (-pair[0], pair[1]))
    places: list[tuple[int, int, int]] = []
    for at_place, (amount, person_id) in enumerate(scores):
        tied = at_place and scores[at_place - 1][0] == amount
        places.append((places[-1][0] if tied else at_place + 1, person_id, amount))
    mine = next(i for i, row in enumerate(places) if row[1] == me)
    shown = [row for i, row in enumerate(places) if i < 5 or abs(i - mine) <= 1]
    figures.names.load("person", [row[1] for row in shown])
    return [
        (place, figures.names.of("person", person_id), figures.writer.money_short(amount), person_id == me)
        for place, person_id, amount in shown
    ]


def latest_fact(figures: Figures) -> date | None:
    """The last day with a won deal in reach, for a page that would otherwise open on an empty month."""
    rows = figures.viewer.rows(Booking.objects.all(), "deals", owner="person_id", team="team_id", on="on")
    return rows.filter(on__lte=figures.today).order_by("-on").values_list("on", flat=True).first()
