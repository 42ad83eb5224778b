"""Fields that take only what they say: days as ISO text, people with enough beside the name to tell them apart."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pacesetter.people import reads
from pacesetter.people.models import Membership, Person, Team


class Day(forms.DateField):
    """A calendar day, `2026-03-16` and nothing else."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        super().__init__(input_formats=["%Y-%m-%d"], **kwargs)
        self.error_messages["invalid"] = _("日期写成 2026-03-16 这样。")


class Clock(forms.TimeField):
    """A time of the day, `14:30`; the seconds that some browsers add are left away."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TimeInput(format="%H:%M", attrs={"type": "time"}))
        super().__init__(input_formats=["%H:%M", "%H:%M:%S"], **kwargs)
        self.error_messages["invalid"] = _("时间写成 14:30 这样。")

    def clean(self, value: Any) -> Any:
        told = super().clean(value)
        return None if told is None else told.replace(second=0, microsecond=0)


class PersonChoice(forms.ModelChoiceField):
    """One of the people at work; names that occur twice carry their team, the others their employee number."""

    def __init__(self, *, on: date | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("empty_label", "—")
        super().__init__(queryset=Person.objects.none(), **kwargs)
        self._twice: frozenset[str] = frozenset()
        self._teams: dict[int, str] = {}

    def offer(self, people: Any, on: date) -> None:
        """The people to choose from, on the day that decides their team."""
        self.queryset = people
        self._twice = reads.homonyms()
        self._teams = dict(
            Membership.objects.filter(reads.valid(on), primary=True, person__name__in=self._twice).values_list(
                "person_id", "team__name"
            )
        )

    def label_from_instance(self, obj: Any) -> str:
        beside = self._teams.get(obj.pk) if obj.name in self._twice else ""
        return " · ".join(part for part in (obj.name, beside or "", obj.employee_no or "") if part)


class TeamChoice(forms.ModelChoiceField):
    """One of the open teams, drawn as a tree."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("empty_label", "—")
        super().__init__(queryset=Team.objects.none(), **kwargs)

    def offer(self, on: date, *, without: Team | None = None) -> None:
        """The teams of a day in tree order."""
        branches = [b for b in reads.tree(on) if without is None or b.team.pk != without.pk]
        self.queryset = Team.objects.filter(pk__in=[b.team.pk for b in branches])
        empty = [("", self.empty_label or "—")] if not self.required or self.initial is None else []
        self.choices = [*empty, *((b.team.pk, "　" * b.depth + b.team.name) for b in branches)]
