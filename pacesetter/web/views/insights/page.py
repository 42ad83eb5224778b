"""What every insights page shares: its question, the switches of the top bar, its exports."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from pacesetter.lib import sheets
from pacesetter.people.models import Team
from pacesetter.people.rights import Scope
from pacesetter.web import door

from .asked import Window, choices, window
from .figures import Figures
from .scope import Where, by_source_only, reach_of_metrics, where
from .why import scope_name

STALE_DAYS = 45


class Asked:
    """One insights page: who asks, which days, whose numbers."""

    def __init__(self, request: HttpRequest, default: str = "month", *, look_back: bool = True) -> None:
        viewer = door.viewer(request)
        if not viewer.may("metrics"):
            raise Http404
        company = door.company(request)
        if company is None:
            raise Http404
        self.request = request
        self.figures = Figures(viewer, door.today(request))
        self.figures.company = company
        self.where: Where = where(request.GET, viewer)
        self.moved: date | None = None
        latest = None
        if look_back and not request.GET.get("period") and not request.GET.get("from"):
            latest = self._latest()
        self.at: Window = window(
            request.GET, today=self.figures.today, settings=self.figures.settings, default=default, latest=latest
        )

    def _latest(self) -> date | None:
        """The last day with a fact where nothing happened lately: a page must not open empty on old data."""
        from .board_words import latest_fact

        if not self.figures.has("won_amount"):
            return None
        found = latest_fact(self.figures)
        if found and (self.figures.today - found).days > STALE_DAYS:
            self.moved = found
            return found
        return None

    def address(self, **changes: str | None) -> str:
        """This page with some parts of its address changed."""
        asked = self.request.GET.copy()
        for name in ("page",):
            asked.pop(name, None)
        for key, value in changes.items():
            if value:
                asked[key] = value
            else:
                asked.pop(key, None)
        return f"{self.request.path}?{asked.urlencode()}"

    def context(self, **more: Any) -> dict[str, Any]:
        """What the templates of all insights pages know."""
        at = self.at
        kinds = choices(at, today=self.figures.today, settings=self.figures.settings)
        return {
            "asked": self,
            "company": self.figures.company,
            "at": at,
            "moved": self.moved,
            "scope_name": scope_name(self.figures, self.where),
            "kinds": [
                {"url": self.address(period=key, **{"from": None, "to": None}), "label": words, "active": active}
                for key, words, active in kinds
            ],
            "previous_url": self.address(period=at.before_key, **{"from": None, "to": None}),
            "next_url": self.address(period=at.after_key, **{"from": None, "to": None}) if at.after_key else "",
            "kept": [
                (key, value)
                for key, value in self.request.GET.items()
                if key not in ("period", "from", "to", "page", "asof")
            ],
            "scope_switch": self._scopes(),
            **more,
        }

    def _scopes(self) -> dict[str, Any] | None:
        """The scope menu: all I may see, and the teams in it."""
        viewer = self.figures.viewer
        scope = reach_of_metrics(viewer)
        if scope == Scope.OWN or by_source_only(viewer):
            return None
        teams = Team.objects.filter(closed_on=None).order_by("name")
        if scope == Scope.TEAM:
            teams = teams.filter(pk__in=viewer.team_ids)
        plain = Where(only=self.where.only)
        whole = scope_name(self.figures, plain)
        options = [{"url": self.address(scope=None, team=None), "label": whole, "active": self.where == plain}]
        for team in teams:
            options.append(
                {
                    "url": self.address(scope=f"team:{team.pk}", team=None),
                    "label": team.name,
                    "active": self.where.team == team.pk and self.where.person is None,
                }
            )
        if len(options) == 1:
            return None
        return {"label": scope_name(self.figures, self.where), "options": options}


def table_response(request: HttpRequest, name: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> Any:
    """A table as a download: `?export=csv` or `xlsx`. The journal is told by the caller where people are named."""
    if request.GET.get("export") == "xlsx":
        held = io.BytesIO()
        sheets.write_xlsx(held, list(header), rows)
        response = HttpResponse(
            held.getvalue(), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        )
        response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
        return response
    stream = StreamingHttpResponse(sheets.csv_lines(list(header), rows), content_type="text/csv; charset=utf-8")
    stream["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return stream


def wants_table(request: HttpRequest) -> bool:
    """Whether the address asks for a download."""
    return request.GET.get("export") in ("csv", "xlsx")


def crumb() -> dict[str, str]:
    """The way back to the catalogue."""
    return {"label": _("指标目录"), "url": reverse("metric_list")}
