"""Publishing from the tree: every draft at once, or nothing with the list of what does not add up."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from pacesetter.goals import acts, reads
from pacesetter.goals.reads import GoalView
from pacesetter.lib.refusal import Refusal
from pacesetter.people.rights import Scope
from pacesetter.web import door

from .checks import refuse_unready
from .tree import Tree
from .tree_page import Asked

TEMPLATE = "goals/publish.html"


def _drafts(tree: Tree, asked: Asked, publishes: bool) -> list[GoalView]:
    """Drafts the reader may put in force, or hand in."""
    viewer, found = asked.reader.viewer, []
    for view, _depth in tree.shown(set(), everything=True):
        if view.draft is None:
            continue
        status = view.draft.status
        if publishes and status in ("drafted", "submitted") and reads.may_publish(viewer, view.goal):
            found.append(view)
        if not publishes and status in ("drafted", "returned") and reads.writable(viewer, view.goal):
            found.append(view)
    return found


def _context(asked: Asked, tree: Tree, views: list[GoalView], publishes: bool) -> dict[str, Any]:
    reader = asked.reader
    rows = []
    for view in views:
        put = reader.put(reader.metric(view.goal.metric))
        draft, before = view.draft, view.in_force
        words, tone, buffer = tree.balance(view, put)
        rows.append({
            "pk": view.pk, "name": reader.name(view.goal), "target": put.exact(draft.row.target) if draft else "",
            "before": put.exact(before.row.target) if before else "", "who": draft.row.by_name if draft else "",
            "seen": view.newest, "balance": words, "tone": tone, "buffer": buffer,
        })  # fmt: skip
    off = [
        reader.fault(tree.book[pk].goal, balance) for pk, balance in tree.balances.items()
        if balance.difference and pk in tree.drawn
    ]  # fmt: skip
    return {
        **asked.context(tree), "rows": rows, "publishes": publishes, "off": off,
        "tolerance": reads.chosen(reader.today).tolerance, "back_url": asked.address(),
        "key": door.form_key(asked.request),
    }  # fmt: skip


@door.acts_once
def publish(request: HttpRequest) -> HttpResponse:
    """The drafts of the tree with what they add up to; sent, they are in force (or handed in) together."""
    asked = Asked(request)
    viewer = asked.reader.viewer
    if viewer.scope("goals", "write") < Scope.TEAM:
        raise Http404
    publishes = viewer.scope("goals", "write") == Scope.ALL
    tree = Tree(asked.reader, asked.metric, asked.period)
    views = _drafts(tree, asked, publishes)
    context = _context(asked, tree, views, publishes)
    if request.method != "POST":
        return render(request, TEMPLATE, context)
    held = {view.pk for view in views}
    seen = {}
    for word in request.POST.getlist("goals"):
        pk, _colon, number = word.partition(":")
        if pk.isascii() and pk.isdigit() and number.isascii() and number.isdigit() and len(word) < 24:
            seen[int(pk)] = int(number)
    if set(seen) - held:
        refusal = Refusal(_("有目标已经不是草稿了。看过现在的列表再发。"), code="changed")
        return door.refused(request, TEMPLATE, context, refusal)
    try:
        if publishes:
            refuse_unready(asked.reader, [view for view in views if view.pk in seen])
            acts.publish_goals(seen, by=door.actor(request), at=door.at(request), seen=seen,
                               reason=request.POST.get("reason", "").strip()[:500])  # fmt: skip
        else:
            acts.submit_goals(seen, by=door.actor(request), at=door.at(request), seen=seen)
    except Refusal as refusal:
        faults = [asked.reader.fault(goal, balance) for goal, balance in getattr(refusal, "faults", ())]
        return door.refused(request, TEMPLATE, {**context, "faults": faults}, refusal)
    said = _("已发布 %(n)s 个目标。") if publishes else _("已提交 %(n)s 个目标，等销售总监发布。")
    messages.success(request, said % {"n": len(seen)})
    return redirect(asked.address())
