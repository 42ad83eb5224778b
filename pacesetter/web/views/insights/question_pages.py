"""Asking about a number from its Why drawer, the list of questions, and one question with its answer."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pacesetter.lib.refusal import OutOfReach, Refusal
from pacesetter.people import acts, reads, rules
from pacesetter.people.models import Question
from pacesetter.people.rights import Scope
from pacesetter.web import door
from pacesetter.web.forms.insights import AnswerForm

from . import questions
from .figures import Figures
from .page import Asked
from .why_page import basis_of, metric_of

PAGE = 30


@door.acts_once
def why_ask(request: HttpRequest, key: str) -> HttpResponse:
    """Ask about the number of this address; inside the drawer its part of the drawer comes back."""
    asked = Asked(request, look_back=False)
    door.need(request, "questions", "write")
    metric = metric_of(asked, key)
    basis = basis_of(asked, metric)
    back = f"{reverse('why', args=[key])}?{request.GET.urlencode()}#why-questions"
    if request.method != "POST":
        return HttpResponseRedirect(back)
    figures, at = asked.figures, asked.at
    about = questions.subject(figures.viewer, asked.where)
    status, refusal = 200, None
    try:
        if about is None:
            raise Refusal(_("这是你几个团队的合计。先选一个团队，再提问。"), code="several", field="text")
        cell = figures.total(key, at.start, at.end, asked.where, basis)
        acts.ask_question(
            metric=key, basis=basis, scope=questions.scope_key(about), period=at.key,
            shown=(cell.top, cell.bottom, cell.n), text=request.POST.get("text", ""), by=door.actor(request),
            at=door.at(request),
        )  # fmt: skip
    except Refusal as error:
        status, refusal = 422, error
    context = {
        "asking": questions.beside(figures, metric, basis, at, asked.where, door.at(request)),
        "key": door.form_key(request),
        "refusal": refusal,
        "typed": request.POST.get("text", "") if refusal else "",
        "sent": refusal is None,
    }
    if getattr(request, "htmx", False):
        return render(request, "why/_questions.html", context, status=status)
    if refusal is not None:
        context["back_url"] = back
        context["title"] = questions.title(figures, metric, basis, at, asked.where)
        return render(request, "why/ask.html", context, status=422)
    messages.success(request, _("已发给数据分析师，有回答会在今日告诉你。"))
    return HttpResponseRedirect(back)


@require_safe
def question_list(request: HttpRequest) -> HttpResponse:
    """What waits for an answer, or what I asked; for whoever answers also everything that was."""
    reach = door.need(request, "questions")
    figures, now = _figures(request), door.at(request)
    answers = reach.scope("questions", "write") == Scope.ALL
    shown = request.GET.get("show", "open" if answers else "mine")
    rows = {
        "open": reads.open_questions(now),
        "all": Question.objects.select_related("asked_by", "answered_by"),
    }.get(shown if answers else "mine")
    if rows is None:
        shown = "mine"
        rows = Question.objects.filter(asked_by=reach.person).select_related("asked_by", "answered_by")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    tabs = [("open", _("等待回答")), ("mine", _("我问的")), ("all", _("全部"))] if answers else []
    context = {
        "lines": questions.lines(figures, page.object_list, now),
        "page": page,
        "shown": shown,
        "tabs": [(f"?{urlencode({'show': key})}", label, key == shown) for key, label in tabs],
        "states": states(),
    }
    return render(request, "insights/questions.html", context)


@door.acts_once
def question_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One question: its number, what was asked, the answer; whose turn it is finds the button."""
    reach, now = door.need(request, "questions"), door.at(request)
    question = door.get_or_404(
        reach, Question.objects.select_related("asked_by", "answered_by"), "questions", pk, owner="asked_by_id"
    )
    figures = _figures(request)
    metric, at, asked = questions.about(figures, question)
    mine = question.asked_by_id == reach.person_id
    answers = reach.scope("questions", "write") == Scope.ALL
    form = AnswerForm(request.POST if request.POST.get("do") == "answer" else None)
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            _do(request, question, answers, form)
            return HttpResponseRedirect(reverse("question", args=[pk]))
        except OutOfReach:
            raise
        except Refusal as error:
            refusal = error
    state = reads.question_state(question, now)
    context: dict[str, Any] = {
        "question": question,
        "title": questions.title(figures, metric, question.basis, at, asked),
        "number_url": questions.number_url(question),
        "shown": figures.writer.exact(metric, questions.seen(question, metric)),
        "now": figures.writer.exact(metric, figures.total(metric.key, at.start, at.end, asked, question.basis)),
        "state": state,
        "state_word": states()[state],
        "mine": mine,
        "may_answer": answers and state == "open",
        "may_withdraw": mine and state == "open",
        "may_note": mine and state in ("answered", "expired") and question.noted_at is None,
        "until": question.asked_at + rules.QUESTION_LASTS,
        "form": form,
        "key": door.form_key(request),
        "crumb_url": reverse("questions"),
    }
    if refusal is not None:
        if refusal.field and context["may_answer"]:
            return door.refused(request, "insights/question.html", context, refusal, form=form)
        return door.refused(request, "insights/question.html", context, refusal)
    return render(request, "insights/question.html", context)


def _do(request: HttpRequest, question: Question, answers: bool, form: AnswerForm) -> None:
    """What the button says. Raises Http404 for somebody it does not belong to."""
    by, at, do = door.actor(request), door.at(request), request.POST.get("do", "")
    if do == "answer" and answers:
        form.is_valid()
        acts.answer_question(question=question, answer=form.cleaned_data.get("answer", ""), by=by, at=at)
        messages.success(request, _("已回答，提问的人会在今日看到。"))
    elif do == "withdraw":
        acts.withdraw_question(question=question, by=by, at=at)
        messages.success(request, _("已撤回。"))
    elif do == "note":
        acts.note_answer(question=question, by=by, at=at)
    else:
        raise Http404


def states() -> dict[str, str]:
    """How a question stands, in words."""
    return {"open": _("等待回答"), "answered": _("已回答"), "withdrawn": _("已撤回"), "expired": _("过期未答")}


def _figures(request: HttpRequest) -> Figures:
    company = door.company(request)
    if company is None:
        raise Http404
    figures = Figures(door.viewer(request), door.today(request))
    figures.company = company
    return figures
