"""The people step of the first run: rows as a spreadsheet gives them when copied."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pacesetter.imports import vocabulary
from pacesetter.imports.cells import plain_word
from pacesetter.imports.faults import ValueFault
from pacesetter.imports.values import parse_date
from pacesetter.lib.refusal import Refusal
from pacesetter.people import acts
from pacesetter.people.models import Person, Team
from pacesetter.people.rights import ROLES

COLUMNS = 6


class PeopleRows(forms.Form):
    """One person a line: 姓名, 工号, 手机, 团队, 角色, 入职日期 — with tabs (copied from a sheet) or commas."""

    rows = forms.CharField(
        label=_("人员，每行一位"),
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
        help_text=_("从 Excel 复制粘贴即可：姓名、工号、手机、团队、角色、入职日期。后面的列可以空着。"),
    )

    def clean_rows(self) -> list[dict[str, Any]]:
        """Every line as a dictionary; each fault names its line."""
        names = {plain_word(word): key for word, key in vocabulary.ROLES.items()}
        names |= {plain_word(str(role.name)): key for key, role in ROLES.items()}
        people, faults = [], []
        for number, line in enumerate(self.cleaned_data["rows"].splitlines(), start=1):
            text = line.replace("，", ",").strip()
            if not text or text.startswith("姓名"):
                continue
            cells = [cell.strip() for cell in (text.split("\t") if "\t" in text else text.split(","))]
            cells += [""] * (COLUMNS - len(cells))
            name, employee_no, mobile, team, role, hired = cells[:COLUMNS]
            row: dict[str, Any] = {
                "line": number, "name": name, "employee_no": employee_no, "mobile": mobile, "team": team,
                "role": names.get(plain_word(role), ""), "hire_on": None,
            }  # fmt: skip
            if role and not row["role"]:
                known = " / ".join(str(one.name) for one in ROLES.values())
                faults.append(
                    _("第 %(line)s 行：没有角色“%(value)s”。可以写：%(known)s。")
                    % {"line": number, "value": role, "known": known}
                )
            try:
                row["hire_on"] = parse_date(hired) if hired else None
            except ValueFault:
                faults.append(
                    _("第 %(line)s 行：入职日期“%(value)s”写成 2026-03-16 这样。") % {"line": number, "value": hired}
                )
            people.append(row)
        if faults:
            raise forms.ValidationError([str(fault) for fault in faults])
        if not people:
            raise forms.ValidationError(_("至少写一位，或点“跳过”。"))
        return people

    def take(self, *, by: Person, at: datetime, on: date) -> int:
        """Add everybody; teams that are not there yet are founded under nothing. One refusal takes nobody."""
        teams = {team.name: team for team in Team.objects.filter(closed_on=None)}
        for row in self.cleaned_data["rows"]:
            try:
                person = acts.add_person(
                    name=row["name"], employee_no=row["employee_no"], mobile=row["mobile"], hire_on=row["hire_on"],
                    by=by, at=at,
                )  # fmt: skip
                if row["team"]:
                    if row["team"] not in teams:
                        teams[row["team"]] = acts.add_team(name=row["team"], by=by, at=at)
                    acts.join_team(person=person, team=teams[row["team"]], on=row["hire_on"] or on, by=by, at=at)
                if row["role"]:
                    acts.grant_role(person=person, role=row["role"], on=row["hire_on"] or on, by=by, at=at)
                    if row["role"] == "manager" and row["team"] and teams[row["team"]].leader_id is None:
                        teams[row["team"]] = acts.change_team(team=teams[row["team"]], leader=person, by=by, at=at)
            except Refusal as refusal:
                raise Refusal(
                    _("第 %(line)s 行：%(why)s") % {"line": row["line"], "why": refusal},
                    code=refusal.code,
                    field="rows",
                ) from refusal
        return len(self.cleaned_data["rows"])
