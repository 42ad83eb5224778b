"""allauth's forms of the second lock, in the words of this product."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ReauthenticateForm as AllauthPassword
from allauth.mfa.base.forms import AuthenticateForm as AllauthAuthenticate
from allauth.mfa.base.forms import ReauthenticateForm as AllauthReauthenticate
from allauth.mfa.totp.forms import ActivateTOTPForm as AllauthActivate
from allauth.mfa.webauthn.forms import AddWebAuthnForm as AllauthAdd
from allauth.mfa.webauthn.forms import EditWebAuthnForm as AllauthEdit
from django.forms import BaseForm
from django.utils.translation import gettext_lazy as _

DIGITS = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}


def _as_code(form: BaseForm, label: Any, **attributes: Any) -> None:
    field = form.fields["code"]
    field.label = label
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update(DIGITS | attributes)


class AddWebAuthnForm(AllauthAdd):
    """Name the passkey; it signs in by itself unless told otherwise."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("名称")
        self.fields["name"].max_length = 100  # type: ignore[attr-defined]
        self.fields["passwordless"].label = _("用它直接登录，不输密码")
        self.fields["passwordless"].help_text = _("不勾就只在密码之后作第二道锁。")
        self.fields["passwordless"].initial = True


class EditWebAuthnForm(AllauthEdit):
    """Another name for a passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("名称")


class ActivateTOTPForm(AllauthActivate):
    """The first code of the authenticator app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _as_code(self, _("6 位数字"))


class AuthenticateForm(AllauthAuthenticate):
    """A code after the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _as_code(self, _("验证码或恢复码"))


class ReauthenticateForm(AllauthReauthenticate):
    """A code before something delicate."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _as_code(self, _("验证码或恢复码"))


class PasswordForm(AllauthPassword):
    """The password again before something delicate."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("密码")
        self.fields["password"].help_text = ""  # a link to reset it by mail, which this product has not
        self.fields["password"].widget.attrs.pop("placeholder", None)
        self.fields["password"].widget.attrs["autofocus"] = True
