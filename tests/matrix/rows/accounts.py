"""Signing in. What the product does not use (sign-up, mail confirmation, reset by mail) is hidden from everybody."""

from __future__ import annotations

from tests.matrix.policy import Row, everybody

HIDDEN = Row({}, anonymous="hidden")
KEY = Row({}, lambda world, who: {"key": "abc"}, anonymous="hidden")
OPEN = Row(everybody(), anonymous="open")
OWN = Row(everybody())

ROWS = {
    "account_closed": HIDDEN,
    "password_change_moved": OWN,
    "account_login": OPEN,
    "account_logout": OPEN,
    # the cast has no passwords to ask for again
    "account_reauthenticate": Row({}),
    "account_change_password": OWN,
    "account_inactive": HIDDEN,
    "account_signup": HIDDEN,
    "account_email": HIDDEN,
    "account_email_verification_sent": HIDDEN,
    "account_confirm_email": KEY,
    "account_set_password": HIDDEN,
    "account_reset_password": HIDDEN,
    "account_reset_password_done": HIDDEN,
    "account_reset_password_from_key": Row(
        {}, lambda world, who: {"uidb36": "1", "key": "abc-def"}, anonymous="hidden"
    ),
    "account_reset_password_from_key_done": HIDDEN,
    "account_confirm_login_code": HIDDEN,
    "mfa_index": OWN,
    "mfa_authenticate": OPEN,
    "mfa_login_webauthn": OPEN,
    # without a second factor there is nothing to ask again for
    "mfa_reauthenticate": Row({}),
    "mfa_activate_totp": OWN,
    "mfa_add_webauthn": OWN,
    "mfa_list_webauthn": OWN,
    "mfa_view_recovery_codes": Row({}),
    "mfa_download_recovery_codes": Row({}),
    "mfa_generate_recovery_codes": OWN,
    "mfa_deactivate_totp": Row({}),
    "mfa_reauthenticate_webauthn": Row({}),
    "mfa_remove_webauthn": Row({}, lambda world, who: {"pk": 999_999}),
    "mfa_edit_webauthn": Row({}, lambda world, who: {"pk": 999_999}),
}
