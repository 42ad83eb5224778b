"""One person: seat history, roles, stage, what is wrong, and every act that concerns them."""

from __future__ import annotations

from typing import Any

import segno
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from pacesetter.journal.reads import lines_of
from pacesetter.people import acts, reads
from pacesetter.people.models import Membership, Person, RoleGrant, StageOverride
from pacesetter.people.reads.absences import absences_of
from pacesetter.people.rights import CAPABILITIES, ENTITIES, ROLES, TABLE

from ... import door
from ...forms import people as forms
from ..sheet import sheet
from .listing import may, need

PARTS = ("person", "membership", "stage", "absence", "role", "access")


def the_person(request: HttpRequest, pk: int, part: str = "") -> Person:
    """The person if in reach (and, with `part`, if the reader may write it); 404 otherwise."""
    reach = need(request, part) if part else door.viewer(request)
    found = reach.people("write" if part else "read").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def person(request: HttpRequest, pk: int) -> HttpResponse:
    """The card."""
    who, reach, on = the_person(request, pk), door.viewer(request), door.today(request)
    row = reads.roster(Person.objects.filter(pk=who.pk), on, door.at(request))[0]
    grants = RoleGrant.objects.filter(person=who).order_by("-valid_to", "role")
    names = {**{key: role.name for key, role in ROLES.items()}, **CAPABILITIES}
    held = [key for key in row.roles if key in ROLES]
    return render(
        request,
        "people/person.html",
        {
            "who": who,
            "row": row,
            "warnings": [reads.WARNINGS[key] for key in row.warnings],
            "state": reads.STATES[row.state],
            "seats": Membership.objects.filter(person=who)
            .select_related("team", "manager", "region")
            .order_by("-valid_from", "-primary"),
            "grants": [(grant, names.get(grant.role, grant.role)) for grant in grants],
            "absences": absences_of(who) if reach.reads_absences(who) else None,
            "overrides": StageOverride.objects.filter(person=who).order_by("-valid_from"),
            "led": [branch.team for branch in reads.tree(on) if branch.team.leader_id == who.pk],
            "sees": [
                (ENTITIES[entity], [(ROLES[role].name, TABLE[role][entity].says) for role in held])
                for entity in ENTITIES
            ],
            "may": {part: may(reach, part) for part in PARTS},
            "history": lines_of("person", who.pk)[:20] if reach.may("journal") and may(reach, "access") else [],
            "on": on,
            "key": door.form_key(request),
        },
    )


def _back(who: Person, **more: Any) -> dict[str, Any]:
    return {"crumb": who.name, "crumb_url": reverse("person", args=[who.pk]), **more}


@door.acts_once
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Name, identities, hire date."""
    who = the_person(request, pk, "person")
    names = ("name", "employee_no", "mobile", "email", "hire_on")
    form = forms.PersonFacts(request.POST or None, initial={name: getattr(who, name) for name in names})

    def run(asked: dict[str, Any]) -> str:
        acts.change_person(person=who, by=door.actor(request), at=door.at(request), **asked)
        return reverse("person", args=[who.pk])

    return sheet(request, form, run, title=_("修改资料"), said=_("已保存。"), **_back(who))


@door.acts_once
def stage(request: HttpRequest, pk: int) -> HttpResponse:
    """A growth stage by hand, with its reason."""
    who = the_person(request, pk, "stage")
    form = forms.Stage(request.POST or None, on=door.today(request))

    def run(asked: dict[str, Any]) -> str:
        acts.override_stage(
            person=who,
            stage=asked["stage"],
            on=asked["on"],
            reason=asked["reason"],
            by=door.actor(request),
            at=door.at(request),
            **({"until": asked["until"]} if asked["until"] else {}),
        )
        return reverse("person", args=[who.pk])

    return sheet(
        request, form, run, title=_("调整成长阶段"), said=_("已调整。"), **_back(who),
        sub=_("平时按入职时间计算；手工调整优先，并写入操作记录。"),
    )  # fmt: skip


@door.acts_once
def grant(request: HttpRequest, pk: int) -> HttpResponse:
    """A role from a day on."""
    who = the_person(request, pk, "role")
    form = forms.Grant(request.POST or None, on=door.today(request))

    def run(asked: dict[str, Any]) -> str:
        acts.grant_role(
            person=who,
            role=asked["role"],
            on=asked["on"],
            reason=asked["reason"],
            by=door.actor(request),
            at=door.at(request),
            **({"until": asked["until"]} if asked["until"] else {}),
        )
        return reverse("person", args=[who.pk])

    return sheet(
        request, form, run, title=_("加角色"), said=_("已加。他下次打开页面会重新登录。"),
        sub=_("角色决定他能看到和修改什么，见“权限说明”。"), **_back(who),
    )  # fmt: skip


@door.acts_once
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """A role ends."""
    who = the_person(request, pk, "role")
    on = door.today(request)
    form = forms.Revoke(request.POST or None, on=on, initial={"role": request.GET.get("role", ""), "on": on})

    def run(asked: dict[str, Any]) -> str:
        acts.revoke_role(
            person=who,
            role=asked["role"],
            on=asked["on"],
            reason=asked["reason"],
            by=door.actor(request),
            at=door.at(request),
        )
        return reverse("person", args=[who.pk])

    return sheet(
        request, form, run, title=_("取消角色"), said=_("已取消。他下次打开页面会重新登录。"), **_back(who)
    )  # fmt: skip


def qr(text: str) -> str:
    """A QR code as inline SVG."""
    svg = segno.make(text, error="m").svg_inline(scale=5, border=2, dark="#1b212a", light="#ffffff", omitsize=False)
    return str(mark_safe(svg))


@never_cache
@door.acts_once
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """A link with its QR code, shown once: an invitation, or (admin) a new password for somebody already in."""
    who = the_person(request, pk, "person")
    again = who.has_usable_password()
    if again:
        need(request, "access")
    if request.method != "POST":
        return redirect("person", pk=who.pk)
    make = acts.reset_link if again else acts.invite
    row, secret = make(person=who, by=door.actor(request), at=door.at(request))
    link = request.build_absolute_uri(reverse("invitation", args=[secret]))
    return render(
        request,
        "people/invite.html",
        {"who": who, "again": again, "link": link, "qr": qr(link), "until": row.expires_at},
    )


@never_cache
@door.acts_once
def invite_all(request: HttpRequest) -> HttpResponse:
    """Invitations for everybody who has none yet, as one page of links and QR codes to print or send."""
    reach = need(request, "person")
    rows = reads.roster(reach.people("write"), door.today(request), door.at(request))
    waiting = [row.person for row in rows if row.state == "new" and "no_identity" not in row.warnings]
    made = []
    if request.method == "POST":
        chosen = set(request.POST.getlist("who"))
        for who in waiting:
            if str(who.pk) in chosen:
                _row, secret = acts.invite(person=who, by=door.actor(request), at=door.at(request))
                link = request.build_absolute_uri(reverse("invitation", args=[secret]))
                made.append((who, link, qr(link)))
    return render(request, "people/invite_all.html", {"waiting": waiting, "made": made, "key": door.form_key(request)})


@door.acts_once
def sign_out(request: HttpRequest, pk: int) -> HttpResponse:
    """End all devices of a person."""
    who = the_person(request, pk, "access")
    if request.method == "POST":
        acts.end_sessions(person=who, by=door.actor(request), at=door.at(request))
        messages.success(request, _now("%(name)s 的所有设备已退出。") % {"name": who.name})
    return redirect("person", pk=who.pk)


@door.acts_once
def view_as(request: HttpRequest, pk: int) -> HttpResponse:
    """See the system through a person's eyes: reading only, written down, with a banner on every page."""
    who = the_person(request, pk, "access")
    form = forms.Reason(request.POST or None)

    def run(asked: dict[str, Any]) -> str:
        acts.note_view_as(person=who, begin=True, reason=asked["reason"], by=door.actor(request), at=door.at(request))
        request.session["view_as"] = who.pk
        return reverse("home")

    return sheet(
        request, form, run, title=_("以他的视角查看"), submit=_("开始查看"), **_back(who),
        sub=_("只能看，不能改；开始和结束都写入操作记录，他本人也看得到。"),
    )  # fmt: skip


def view_as_end(request: HttpRequest) -> HttpResponse:
    """Back to one's own eyes."""
    other = request.session.get("view_as")
    if request.method == "POST" and other is not None:
        who = Person.objects.filter(pk=other).first()
        del request.session["view_as"]
        if who is not None:
            acts.note_view_as(person=who, begin=False, by=door.actor(request), at=door.at(request))
            return redirect("person", pk=who.pk)
    return redirect("home")


@door.acts_once
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Two records of one person become one."""
    who = the_person(request, pk, "access")
    people = Person.objects.filter(merged_into=None).exclude(pk=who.pk).order_by("name", "id")
    form = forms.Merge(request.POST or None, on=door.today(request), people=people)

    def run(asked: dict[str, Any]) -> str:
        acts.merge_people(
            keep=who, drop=asked["drop"], reason=asked["reason"], by=door.actor(request), at=door.at(request)
        )
        return reverse("person", args=[who.pk])

    return sheet(
        request, form, run, title=_("合并重复的人"), submit=_("合并"), said=_("已合并。可以在审计日志里撤销。"),
        sub=_("另一条记录的客户、商机、归属和角色都归到这一条；可以撤销。"), **_back(who),
    )  # fmt: skip
