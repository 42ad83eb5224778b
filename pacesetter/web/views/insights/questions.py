"""What a question is about, who may read it, and how it is shown beside its number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.db.models import Q
from django.http import Http404, HttpRequest
from django.urls import reverse

from pacesetter.metrics import engine
from pacesetter.metrics.catalogue import Metric
from pacesetter.metrics.engine.question import EVERYTHING, Cell
from pacesetter.people import reads, rules
from pacesetter.people.models import Membership, Question
from pacesetter.people.reach import Reach
from pacesetter.people.rights import Scope

from ... import door
from .asked import Window, window
from .board import name_of
from .figures import Figures
from .links import why_url
from .scope import Where, by_source_only, reach_of_metrics, where
from .why import basis_name, scope_name

SHOWN = 5


def subject(viewer: Reach, asked: Where) -> Where | None:
    """The scope of a number as every reader names it; None where it is several teams of mine together.

    "Everything I may see" is another number for each reader, so it becomes the company, my team or me.
    """
    if asked.person is not None or asked.nobody or asked.team is not None:
        return asked
    scope = reach_of_metrics(viewer)
    if scope == Scope.OWN or (scope == Scope.TEAM and not viewer.led):
        return replace(asked, person=viewer.person_id)
    if scope == Scope.TEAM:
        return replace(asked, team=viewer.led[0]) if len(viewer.led) == 1 else None
    return asked


def scope_key(asked: Where) -> str:
    """How a question stores its scope: the address part, always in the same order."""
    return urlencode(sorted(asked.query().items()))


def stored(question: Question) -> dict[str, str]:
    """The address part of a question, read back."""
    return dict(parse_qsl(question.scope))


def readable_ones(figures: Figures, questions: Iterable[Question]) -> list[Question]:
    """Questions about numbers the reader may open, in at most one query however many there are."""
    viewer = figures.viewer
    scope = reach_of_metrics(viewer)
    asked = [(question, stored(question).get("scope", "")) for question in questions if _known(figures, question)]
    mine = {viewer.person_id}
    if scope == Scope.TEAM:
        persons = {_number(words) for _question, words in asked if words.startswith("person:")} - mine
        if persons:
            seats = Membership.objects.filter(person_id__in=persons, team_id__in=viewer.team_ids)
            mine |= set(seats.values_list("person_id", flat=True))

    def within(words: str) -> bool:
        if scope == Scope.ALL:
            return not words or not by_source_only(viewer)
        if words.startswith("team:"):
            return scope == Scope.TEAM and _number(words) in viewer.team_ids
        return words.startswith("person:") and _number(words) in mine

    return [question for question, words in asked if within(words)]


def _known(figures: Figures, question: Question) -> bool:
    try:
        figures.metric(question.metric)
    except KeyError:
        return False
    return True


def _number(words: str) -> int:
    number = words.partition(":")[2]
    return int(number) if number.isdigit() else 0


@dataclass(frozen=True)
class Line:
    """One question in a list: its number in words, how long it has waited, how it ended."""

    question: Question
    about: str
    state: str
    days_left: int
    url: str


def about(figures: Figures, question: Question) -> tuple[Metric, Window, Where]:
    """The number of a question. Raises Http404 where the reader may not open it."""
    try:
        metric = figures.metric(question.metric)
    except KeyError as error:
        raise Http404 from error
    asked = where(stored(question), figures.viewer)
    at = window({"period": question.period}, today=figures.today, settings=figures.settings)
    return metric, at, asked


def lines(figures: Figures, questions: Iterable[Question], now: datetime) -> list[Line]:
    """Questions as a list shows them; only those about numbers in reach."""
    found = readable_ones(figures, questions)
    scopes = [stored(question) for question in found]
    for dim in ("person", "team", "product", "region"):
        words = [asked.get(dim, "") for asked in scopes if dim not in ("person", "team")]
        words += [asked.get("in_team", "") for asked in scopes if dim == "team"]
        words += [w[len(dim) + 1 :] for asked in scopes if (w := asked.get("scope", "")).startswith(f"{dim}:")]
        figures.names.load(dim, {int(word) for word in words if word.isdigit()})
    shown = []
    for question, asked in zip(found, scopes, strict=True):
        metric = figures.metric(question.metric)
        at = window({"period": question.period}, today=figures.today, settings=figures.settings)
        shown.append(
            Line(
                question,
                " · ".join([name_of(metric), _scope_words(figures, asked), at.name]),
                reads.question_state(question, now),
                (question.asked_at + rules.QUESTION_LASTS - now).days,
                reverse("question", args=[question.pk]),
            )
        )
    return shown


def _scope_words(figures: Figures, asked: dict[str, str]) -> str:
    kind, _colon, rest = asked.get("scope", "").partition(":")
    if not kind:
        return str(figures.company.name)
    if rest.isdigit():
        return figures.names.of(kind, int(rest))
    return scope_name(figures, Where(nobody=True))


def seen(question: Question, metric: Metric) -> Cell:
    """The number as it stood when it was asked about."""
    return Cell((), question.shown_top, question.shown_bottom, question.shown_n, metric.unit)


def number_url(question: Question) -> str:
    """The Why page of the number."""
    asked = {"period": question.period, **stored(question)}
    if question.basis:
        asked["basis"] = question.basis
    return f"{reverse('why', args=[question.metric])}?{urlencode(asked)}"


def beside(figures: Figures, metric: Metric, basis: str, at: Window, asked: Where, now: datetime) -> dict[str, Any]:
    """What the drawer shows of questions: answers on this number, my own open one, and where to ask."""
    viewer = figures.viewer
    about_it = subject(viewer, asked)
    if not viewer.may("questions"):
        return {"may_ask": False, "answers": []}
    if about_it is None:
        teams = [
            (figures.names.of("team", pk), why_url(metric.key, at, replace(asked, team=pk), basis)) for pk in viewer.led
        ]
        return {"may_ask": False, "answers": [], "teams": teams}
    found = reads.questions_about(metric.key, basis, scope_key(about_it), at.key)
    told = list(found.filter(Q(answered_at__isnull=False) | reads.still_open(now)).select_related("answered_by"))
    answers = [question for question in told if question.answered_at is not None][:SHOWN]
    if answers and not _sees_whole(figures, metric, basis, at, about_it):
        answers = [question for question in answers if question.asked_by_id == viewer.person_id]
    unanswered = [question for question in told if question.answered_at is None]
    waiting = next((question for question in unanswered if question.asked_by_id == viewer.person_id), None)
    answers_all = viewer.scope("questions", "write") == Scope.ALL
    return {
        "may_ask": waiting is None,
        "answers": answers,
        "waiting": waiting,
        "ask_url": reverse("why_ask", args=[metric.key]) + "?" + urlencode(_address(at, asked, basis)),
        "others": len(unanswered) - (waiting is not None) if answers_all else 0,
    }


def _address(at: Window, asked: Where, basis: str) -> dict[str, str]:
    return {"period": at.key, **asked.query(), **({"basis": basis} if basis else {})}


def _sees_whole(figures: Figures, metric: Metric, basis: str, at: Window, asked: Where) -> bool:
    """Whether the reader sees this number entirely: part of somebody's month is not the number that was answered."""
    if figures.reach(metric, (), asked) == EVERYTHING:
        return True
    mine = figures.question(metric.key, (), at.start, at.end, asked, basis)
    whole = figures.question(metric.key, (), at.start, at.end, asked, basis, wide=True)
    a, b = engine.total(figures.store, mine), engine.total(figures.store, whole)
    return (a.top, a.bottom, a.n) == (b.top, b.bottom, b.n)


def title(figures: Figures, metric: Metric, basis: str, at: Window, asked: Where) -> str:
    """The number in words: 成交额 · 华东一队 · 2026 年 3 月."""
    words = [name_of(metric), basis_name(metric, basis), scope_name(figures, asked, metric), at.name]
    return " · ".join(word for word in words if word)


def news(request: HttpRequest, viewer: Reach, limit: int = 8) -> dict[str, Any]:
    """For 今日: what became of my questions about numbers, and for the analyst what waits for an answer."""
    company = door.company(request)
    if company is None or not (viewer.may("questions") and viewer.may("metrics")):
        return {}
    numbers, now = Figures(viewer, viewer.on), door.at(request)
    numbers.company = company
    me = door.actor(request)
    if me.pk == viewer.person_id:
        # most ask about their own numbers, and who reads is known
        numbers.names.known["person", me.pk] = me.name
    told: dict[str, Any] = {"answers": lines(numbers, reads.ended_unread(viewer.person_id, now)[:limit], now)}
    if "analyst" in viewer.roles:
        waiting = reads.open_questions(now)
        told["question_count"] = waiting.count()
        told["questions"] = lines(numbers, waiting[:limit], now)
    return told
