"""我的: profile, password, devices, tokens, and who sees what about me."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.cache import never_cache

from pacesetter.journal.reads import search
from pacesetter.lib.refusal import Refusal
from pacesetter.people import acts, reads
from pacesetter.people.acts.access import digest
from pacesetter.people.models import ApiToken, DeviceSession, Person

from .. import door
from ..access import remember
from ..forms import people as forms
from .sheet import sheet

# Who sees what about a person, by default, and how long it is kept.
RECORDED = _("%(n)s 天，每次打开都有记录")
PRIVACY: tuple[tuple[Any, ...], ...] = (
    (_("跟进记录"), _("看得到"), _("只看数量"), _("看得到"), _("看得到"), _("只看数量"), _("看得到，联系人被遮住"),
     _("随业务记录")),
    (_("客户与商机"), _("看得到"), "—", _("看得到"), _("看得到"), _("只看数量"), _("看得到，联系人被遮住"),
     _("随业务记录")),
    (_("归属、角色、成长阶段"), _("看得到"), "—", _("看得到"), _("看得到"), _("看得到，可修改"), _("看得到"),
     _("在职期间及依法保存")),
    (_("手机、邮箱"), _("看得到"), "—", _("看得到"), _("看得到"), _("看得到"), _("看得到"), _("在职期间")),
    (_("登录设备"), _("看得到"), "—", "—", "—", "—", "—", _("退出后只留记录")),
    (_("操作记录"), _("看自己的"), "—", "—", "—", "—", "—", _("长期，由系统管理员查看")),
    (_("你点“加定位”时的位置"), _("看得到"), "—", _("看得到"), "—", "—", "—", _("30 天，之后只留在不在现场")),
    (_("拜访录音（客户同意后）"), _("看得到"), "—", _("看得到"), _("是上级时看得到"), "—", "—", RECORDED),
    (_("陪访观察"), _("看得到"), _("写的人看得到"), _("看得到"), _("看得到"), "—", "—", _("随业务记录")),
)  # fmt: skip


def me(request: HttpRequest) -> HttpResponse:
    """The page with everything about oneself."""
    person, on = door.actor(request), door.today(request)
    row = reads.roster(Person.objects.filter(pk=person.pk), on, door.at(request))[0]
    return render(
        request,
        "me/me.html",
        {
            "row": row,
            "devices": DeviceSession.objects.filter(person=person, ended_at=None).order_by("-last_seen_at"),
            "this": digest(request.session.session_key or ""),
            "tokens": ApiToken.objects.filter(person=person, revoked_at=None).order_by("-created_at"),
            "looks": [line for line in search(concerning=person.pk, act="view_as")[:5] if line.about_id == person.pk],
            "key": door.form_key(request),
        },
    )


def privacy(request: HttpRequest) -> HttpResponse:
    """Who sees what, in one table."""
    heads = (_("数据"), _("本人"), _("同事"), _("主管"), _("总监"), _("HRBP"), _("分析师"),
             pgettext_lazy("how long", "保存"))  # fmt: skip
    company = door.company(request)
    kept = RECORDED % {"n": company.recording_days if company else 0}
    rows = [tuple(kept if cell is RECORDED else cell for cell in row) for row in PRIVACY]
    return render(request, "me/privacy.html", {"heads": heads, "rows": rows})


@door.acts_once
def profile(request: HttpRequest) -> HttpResponse:
    """Mobile, mail, language, look."""
    person = door.actor(request)
    names = list(forms.Profile.base_fields)
    form = forms.Profile(request.POST or None, initial={name: getattr(person, name) for name in names})

    def run(asked: dict[str, Any]) -> str:
        acts.change_person(person=person, by=person, at=door.at(request), **asked)
        return reverse("me")

    answer = sheet(
        request, form, run, title=_("修改我的资料"), said=_("已保存。"), crumb=_("我的"), crumb_url=reverse("me")
    )
    if answer.status_code == 302:
        # the device follows the new choice at once
        chosen = form.cleaned_data
        for cookie, value in (
            (settings.LANGUAGE_COOKIE_NAME, chosen["language"]),
            ("pace_theme", chosen["theme"]),
            ("pace_density", chosen["density"]),
        ):
            if value:
                answer.set_cookie(cookie, value, max_age=settings.LANGUAGE_COOKIE_AGE, samesite="Lax")
            else:
                answer.delete_cookie(cookie, samesite="Lax")
    return answer


@never_cache
@door.acts_once
def password(request: HttpRequest) -> HttpResponse:
    """A new password; other devices are signed out, this one stays."""
    person = door.actor(request)
    form = forms.ChangePassword(request.POST or None)

    def run(asked: dict[str, Any]) -> str:
        if not person.check_password(asked["old"]):
            raise Refusal(_("现在的密码不对。"), code="password", field="old")
        fresh = acts.set_password(person=person, password=asked["password"], by=person, at=door.at(request))
        update_session_auth_hash(request, fresh)
        remember(request, fresh)
        return reverse("me")

    return sheet(
        request, form, run, title=_("修改密码"), said=_("密码已修改，其他设备已退出。"), crumb=_("我的"),
        crumb_url=reverse("me"),
    )  # fmt: skip


@door.acts_once
def end_device(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign one own device out."""
    device = DeviceSession.objects.filter(pk=pk, person=door.actor(request)).first()
    if device is None:
        raise Http404
    if request.method == "POST":
        acts.end_session(session=device, by=door.actor(request), at=door.at(request))
        messages.success(request, _now("这台设备已退出。"))
    return redirect("me")


@door.acts_once
def end_devices(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere, here too."""
    if request.method == "POST":
        acts.end_sessions(person=door.actor(request), by=door.actor(request), at=door.at(request))
        return redirect("account_login")
    return redirect("me")


@never_cache
@door.acts_once
def new_token(request: HttpRequest) -> HttpResponse:
    """A key for a program; shown once."""
    person = door.actor(request)
    form = forms.NewToken(request.POST or None)
    context = {
        "form": form, "key": door.form_key(request), "title": _("新建令牌"), "crumb": _("我的"),
        "crumb_url": reverse("me"), "sub": _("程序用令牌读写时，只能到你本人能到的范围。"),
    }  # fmt: skip
    if request.method != "POST":
        return render(request, "people/form.html", context)
    if not form.is_valid():
        return door.refused(request, "people/form.html", context)
    asked = form.cleaned_data
    token, secret = acts.make_token(
        person=person, name=asked["name"], may_write=asked["may_write"], by=person, at=door.at(request)
    )
    return render(request, "me/token.html", {"token": token, "secret": secret})


@door.acts_once
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    """A token stops working."""
    token = ApiToken.objects.filter(pk=pk, person=door.actor(request)).first()
    if token is None:
        raise Http404
    if request.method == "POST":
        acts.revoke_token(token=token, by=door.actor(request), at=door.at(request))
        messages.success(request, _now("令牌已吊销。"))
    return redirect("me")
