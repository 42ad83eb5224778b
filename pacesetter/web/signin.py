"""The door's lock: one field for mobile, employee number or mail, and nobody signs up by himself."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib.auth.backends import ModelBackend
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from pacesetter.people import reads
from pacesetter.people.models import Person

from .access import remember


def find_person(login: str) -> Person | None:
    """The one person whose mobile, employee number or mail is `login`; None when there is none or a doubt."""
    login = login.strip()
    if not login:
        return None
    found = Person.objects.filter(Q(mobile=login) | Q(employee_no=login) | Q(email__iexact=login))[:2]
    return found[0] if len(found) == 1 else None


def counted_name(request: HttpRequest | None, credentials: dict[str, Any] | None) -> str:
    """Whose wrong passwords are counted: the person behind any of his keys in any spelling, else what was typed."""
    typed = str((credentials or (request.POST if request else {})).get("login") or "").strip()
    held: dict[str, str] = request.__dict__.setdefault("_counted_names", {}) if request else {}
    if typed not in held:
        person = find_person(typed)
        held[typed] = person.login if person else typed.casefold()[:254]
    return held[typed]


class PersonBackend(ModelBackend):
    """Checks the password of the person found by any of the three keys, in the same time when there is none."""

    def authenticate(  # type: ignore[override]
        self, request: HttpRequest | None, login: str | None = None, password: str | None = None, **kwargs: Any
    ) -> Person | None:
        if login is None or password is None:
            return None
        person = find_person(login)
        if person is None:
            Person().set_password(password)
            return None
        if person.check_password(password) and self.user_can_authenticate(person):
            return person
        return None

    def get_user(self, user_id: int) -> Person | None:  # type: ignore[override]
        person = reads.row(Person, "id", user_id)
        return person if person is not None and person.is_active else None


class LoginForm(AllauthLoginForm):
    """The sign-in form: 手机号、工号或邮箱, and the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label=_("手机号、工号或邮箱"),
            max_length=254,
            widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True, "autocapitalize": "none"}),
        )
        self.fields["password"].label = _("密码")
        self.fields["password"].widget.attrs.pop("placeholder", None)
        self.order_fields(["login", "password", "remember"])

    def user_credentials(self) -> dict[str, Any]:
        return {"login": self.cleaned_data["login"], "password": self.cleaned_data["password"]}


class Adapter(DefaultAccountAdapter):
    """People come in by invitation only; a session is bound to the rights it began with."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("账号或密码不对。核对手机号、工号或邮箱后再试一次。"),
        "too_many_login_attempts": _("试的次数太多了，过一会儿再来。"),
        "rate_limited": _("试的次数太多了，过一会儿再来。"),
        "incorrect_password": _("密码不对，再试一次。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        remember(request, user)

    def reauthenticate(self, user: Any, password: str) -> bool:
        """Ask for the password again before something delicate (passkeys, pay)."""
        return bool(user.check_password(password))


class SecondLock(DefaultMFAAdapter):
    """Passkeys and codes, in our words."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("验证码不对。看一下是不是最新的 6 位数字，再试一次。"),
    }

    def get_totp_label(self, user: Any) -> str:
        """What the authenticator app shows: the key somebody signs in with."""
        return str(user.employee_no or user.mobile or user.email or user.name)

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:
        """`通行密钥 2` for the second one."""
        have = Authenticator.objects.filter(user=user, type=type).count()
        return str(_("通行密钥 %(n)s") % {"n": have + 1} if have else _("通行密钥"))
