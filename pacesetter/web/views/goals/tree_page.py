"""S10: the cascade from the company's number to a day's actions, and the rows that open below one goal."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pacesetter.goals import reads
from pacesetter.imports.rights import entities_for
from pacesetter.lib import periods
from pacesetter.people.rights import Scope
from pacesetter.web import places, show

from ..insights.asked import period_name
from .engine import ENGINE, engine, engine_views
from .months import columns_of, grid
from .reading import Reader, period_of
from .tree import Tree, drafts_of

KINDS = ("month", "quarter", "year", "fiscal_quarter", "fiscal_year")
DEFAULT_METRIC = "won_amount"


def period_words(period: periods.Period) -> str:
    """2026 年第 2 季度."""
    return period_name(period.kind, period.label, period.start, period.end - timedelta(days=1))


class Asked:
    """Which metric, which period and which view of the cascade an address means."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.reader = Reader(request)
        # every metric and period that has a goal in reach
        self.held = list(
            self.reader.visible.order_by("-start", "end").values_list(
                "metric", "period_kind", "label", "start", "end", "owner_kind"
            ).distinct()
        )  # fmt: skip
        metrics = {row[0] for row in self.held}
        given = request.GET.get("metric", "")
        self.metric = self.reader.metric(given or self._best(metrics))
        if given and given not in metrics and not self.reader.may_aim(self.metric):
            raise Http404
        self.period = period_of(request.GET.get("period", ""), self.reader.settings) or self._usual()
        self.by_month = request.GET.get("view") == "months"

    def _best(self, held: set[str]) -> str:
        """The amount won if it has goals; else what has some; else the first that this reader may aim at."""
        if DEFAULT_METRIC in held or (not held and self.reader.may_aim(self.reader.metric(DEFAULT_METRIC))):
            return DEFAULT_METRIC
        aimable = held or {key for key, one in reads.metrics_for_goals().items() if self.reader.may_aim(one)}
        return min(aimable, default=DEFAULT_METRIC)

    def _usual(self) -> periods.Period:
        """The period of today that has goals of the metric, the quarter first; else the newest that has one."""
        settings, today = self.reader.settings, self.reader.today
        mine = [row for row in self.held if row[0] == self.metric.key]
        spans = {(row[3], row[4]) for row in mine}
        now = [periods.period_of(today, kind, settings) for kind in ("quarter", "year", "fiscal_quarter", "fiscal_year",
                                                                     "month", "performance_month")]  # fmt: skip
        for period in now:
            if (period.start, period.end) in spans:
                return period
        for row in mine:
            found = period_of(row[2], settings)
            if found is not None:
                return found
        return now[0]

    def address(self, **changes: str) -> str:
        """This page with something else asked."""
        asked = {"metric": self.metric.key, "period": self.period.label, "view": "months" if self.by_month else ""}
        asked |= changes
        return f"{reverse('goals')}?{urlencode({k: v for k, v in asked.items() if v})}"

    # --- switches ----------------------------------------------------------------------------------------------------
    def metrics(self) -> list[dict[str, Any]]:
        """The growth engine first, then whatever has goals."""
        held = {row[0] for row in self.held}
        keys = [key for key in ENGINE if key in held or (self.may_set and self.reader.figures.has(key))]
        keys += sorted(held - set(keys))
        if self.metric.key not in keys:
            keys.append(self.metric.key)
        return [{"url": self.address(metric=key), "label": self.name(key), "active": key == self.metric.key}
                for key in keys]  # fmt: skip

    def name(self, key: str) -> str:
        """A metric in the reader's language."""
        metric = self.reader.metric(key)
        return metric.zh if show.chinese() else metric.en

    @property
    def may_set(self) -> bool:
        """Whether this reader sets goals of others."""
        return self.reader.viewer.scope("goals", "write") >= Scope.TEAM

    def kinds(self) -> list[dict[str, Any]]:
        """The same days as a month, quarter or year."""
        settings = self.reader.settings
        last = self.period.end - timedelta(days=1)
        anchor = min(max(self.reader.today, self.period.start), last)
        words = {
            "month": _("月"),
            "quarter": _("季度"),
            "year": _("年"),
            "fiscal_quarter": _("财季"),
            "fiscal_year": _("财年"),
            "performance_month": _("业绩月"),
        }
        kinds = KINDS if settings.fiscal_start_month != 1 else KINDS[:3]
        if settings.performance_start_day != 1:
            kinds = (*kinds, "performance_month")
        return [{"url": self.address(period=periods.period_of(anchor, kind, settings).label), "label": words[kind],
                 "active": kind == self.period.kind} for kind in kinds]  # fmt: skip

    def periods(self) -> list[dict[str, Any]]:
        """The periods that hold goals of the metric."""
        seen: dict[tuple[date, date], dict[str, Any]] = {}
        for metric, kind, label, start, end, _owner in self.held:
            if metric == self.metric.key and (start, end) not in seen:
                seen[start, end] = {"url": self.address(period=label), "active": label == self.period.label,
                                    "label": period_name(kind, label, start, end - timedelta(days=1))}  # fmt: skip
        return list(seen.values())[:24]

    def ways_to_fill(self) -> dict[str, str]:
        """What an empty period offers whoever sets goals: a copy, a template, a file."""
        if not self.may_set or self.period.end <= self.reader.today:
            return {}
        query = urlencode({"metric": self.metric.key, "period": self.period.label})
        return {
            "copy_url": f"{reverse('goals_copy')}?{query}", "template_url": f"{reverse('goals_template')}?{query}",
            "import_url": reverse("import_new") if "goals" in entities_for(self.reader.viewer) else "",
        }  # fmt: skip

    def context(self, tree: Tree) -> dict[str, Any]:
        """What the page knows beside its rows."""
        period, settings = self.period, self.reader.settings
        return {
            "asked": self,
            "metric": self.metric,
            "metric_name": self.name(self.metric.key),
            "period_name": period_words(period),
            "metrics": self.metrics(),
            "kinds": self.kinds(),
            "periods": self.periods(),
            "previous_url": self.address(period=periods.previous(period, settings).label),
            "next_url": self.address(period=periods.next_period(period, settings).label),
            "tree_url": self.address(view=""),
            "months_url": self.address(view="months") if columns_of(period, settings) else "",
            "counted": self.reader.until - timedelta(days=1),
            "bands": tree.bands(),
            "may_set": self.may_set,
            "calculator_url": reverse("goal_calculator") if self.reader.may_calculate else "",
            "may_new": bool(self.reader.viewer.may("goals", "write") and places.exists("/goals/new/")),
            **self.ways_to_fill(),
            "settings_url": reverse("goals_settings"),
            "sets_all": self.reader.viewer.scope("goals", "write") == Scope.ALL,
        }


def _opened(request: HttpRequest) -> set[int]:
    return {int(word) for word in request.GET.get("open", "").split(",") if word.isascii() and word.isdigit()}


@require_safe
def goals(request: HttpRequest) -> HttpResponse:
    """The cascade of one metric in one period, as a tree or by month."""
    asked = Asked(request)
    tree = Tree(asked.reader, asked.metric, asked.period, beside=() if asked.by_month else ENGINE)
    context = asked.context(tree)
    if asked.by_month:
        context["grid"] = grid(asked.reader, tree)
        return render(request, "goals/months.html", context)
    everything = request.GET.get("open") == "all"
    chosen, parts = tree.shown(_opened(request), everything=everything), engine_views(tree)
    stands = tree.stands(chosen, beside=parts.values())
    rows = tree.rows(chosen, stands)
    lines = reads.lines_named(asked.reader.today, "zh" if show.chinese() else "en")
    drafts = drafts_of(tree, asked.reader)
    query = urlencode({"metric": asked.metric.key, "period": asked.period.label})
    context |= {
        "rows": rows,
        "lines": lines,
        "rows_query": query,
        "engine": engine(asked.reader, parts, stands, lambda key: asked.address(metric=key)),
        "all_url": asked.address(open="all") if any(row.below and not row.open for row in rows) else "",
        "shorter": tree.shorter,
        "drafts": len(drafts),
        "any_draft": any(row.draft for row in rows),
        "publish_url": f"{reverse('goals_publish')}?{query}" if drafts and places.exists("/goals/publish/") else "",
    }  # fmt: skip
    return render(request, "goals/goals.html", context)


@require_safe
def rows_below(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows right below one goal, fetched when it is opened."""
    asked = Asked(request)
    tree = Tree(asked.reader, asked.metric, asked.period)
    if pk not in tree.drawn:
        raise Http404
    depth, above = 0, tree.book.parent_of(tree.book[pk])
    while above in tree.drawn and above is not None:
        depth, above = depth + 1, tree.book.parent_of(tree.book[above])
    chosen = [(view, depth + 1) for view in tree.below.get(pk, ())]
    rows = tree.rows(chosen, tree.stands(chosen))
    query = urlencode({"metric": asked.metric.key, "period": asked.period.label})
    return render(request, "goals/_rows.html", {"rows": rows, "rows_query": query})
