"""The formula of a number, line by line, with the number's own figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from pacesetter.metrics import engine
from pacesetter.metrics.catalogue import Basis, Measure, Metric
from pacesetter.metrics.engine.question import Cell
from pacesetter.web import show

from .board import name_of
from .figures import Figures
from .wording import decimal, in_money, small, whole


def said(words: tuple[str, str]) -> str:
    """The word in the reader's language."""
    return words[0] if show.chinese() else words[1]


def formula(figures: Figures, metric: Metric, used: Basis, cell: Cell, question: Any) -> list[str]:
    """The formula line by line: in words, then with this number's own figures."""
    write = figures.writer
    name = name_of(metric)
    money = in_money(metric)
    top_words = said(used.top_words) or name
    if used.spread is not None and used.bottom_words == ("", ""):
        return [
            f"{name} = {top_words}",
            f"= {write.short(metric, cell)}" + _("（n = %(n)s）") % {"n": show.count(cell.n)},
        ]
    top = _side(figures, metric, used.top, question, cell.top, money)
    if cell.bottom is None:
        lines = [f"{name} = {top_words}"] if top_words.casefold() != name.casefold() else []
        return [*lines, *([f"{name} = {top}"] if not lines else [f"= {top}"])]
    lines = [f"{name} = {top_words} ÷ {said(used.bottom_words)}"]
    counted = metric.unit == "minor" or not money
    bottom_money = money and metric.unit != "minor"
    bottom = _side(figures, metric, used.bottom, question, cell.bottom, bottom_money)
    if metric.key == "customer_mix":
        return [*lines, f"= {write.short(metric, cell)}"]
    figure_top = write.part(metric, cell.top)
    figure_bottom = write.money(cell.bottom) if bottom_money else show.count(cell.bottom)
    if top != figure_top or bottom != figure_bottom:
        lines.append(f"= ({top}) ÷ ({bottom})")
    if not cell.bottom:
        lines.append(f"= {figure_top} ÷ 0")
        lines.append(_("分母是 0，没有值。"))
        return lines
    if metric.unit == "ratio":
        value = show.percent(cell.top, cell.bottom)
    elif metric.unit == "days":
        value = decimal(cell)
    else:
        value = write.money(whole(cell)) if counted else show.count(whole(cell))
    lines.append(f"= {figure_top} ÷ {figure_bottom} = {value}")
    if small(metric, cell):
        lines.append(_("只有 %(n)s 例，少于 %(least)s 例时页面不显示比率。") % {"n": cell.n, "least": metric.minimum_n})
    return lines


@lru_cache(maxsize=64)
def _kinds(measure: Measure) -> tuple[Measure, ...]:
    """What an amount of bookings is made of: wins, and what was taken back later."""

    def only(*kinds: str) -> Measure:
        def where(t: Any, span: Any) -> Any:
            chosen = t.kind.isin(list(kinds))
            return chosen if measure.where is None else measure.where(t, span) & chosen

        return replace(measure, where=where, sign=1)

    return (
        replace(only("won"), words=("赢单", "won")),
        replace(only("refund", "return"), words=("退款与退货", "refunds and returns")),
        replace(only("cancel"), words=("取消", "cancelled")),
        replace(only("correction"), words=("更正", "corrections")),
    )


def _booked(figures: Figures, metric: Metric, measure: Measure, question: Any) -> str:
    """赢单 ¥1,200.00 − 退款与退货 ¥200.00; empty where there were only wins."""
    told = []
    for place, part in enumerate(_kinds(measure)):
        value = _alone(figures, metric, part, question)
        if not value and place:
            continue
        sign = "" if not place else " − " if value < 0 else " + "
        told.append(f"{sign}{said(part.words)} {figures.writer.money(abs(value) if place else value)}")
    return "".join(told) if len(told) > 1 else ""


def _alone(figures: Figures, metric: Metric, measure: Measure, question: Any) -> int:
    """One part of a formula asked by itself."""
    return engine.total(figures.store, _lone(metric, measure, question)).top


def parts(metric: Metric, basis: Basis, question: Any) -> list[Any]:
    """The questions of every part that a formula may show by itself, to be read together."""
    found = []
    for side in (basis.top, basis.bottom):
        if len(side) == 1 and side[0].fact == "booking" and side[0].agg == "sum":
            found += [_lone(metric, part, question) for part in _kinds(side[0])]
        elif len(side) > 1:
            found += [_lone(metric, measure, question) for measure in side]
    return found


def _lone(metric: Metric, measure: Measure, question: Any) -> Any:
    """The question of one part alone."""
    alone = replace(
        metric, bases={"": Basis(top=(replace(measure, sign=1),), moving=False)}, unit="count", additive=True
    )
    return replace(question, metric=alone, basis="")


def _side(figures: Figures, metric: Metric, measures: Sequence[Measure], question: Any, total: int, money: bool) -> str:
    """One side of a formula: the parts where several are added or taken off, else the number."""
    write = figures.writer

    def put(number: int) -> str:
        return write.money(number) if money else show.count(number)

    if len(measures) == 1 and measures[0].fact == "booking" and measures[0].agg == "sum":
        booked = _booked(figures, metric, measures[0], question)
        return f"{booked} = {put(total)}" if booked else put(total)
    if len(measures) < 2:
        return put(total)
    told = []
    for place, measure in enumerate(measures):
        value = _alone(figures, metric, measure, question)
        sign = "" if not place and measure.sign > 0 else " − " if measure.sign < 0 else " + "
        told.append(f"{sign}{said(measure.words)} {put(value)}")
    return f"{''.join(told)} = {put(total)}"
