"""All settings, in one file, with the environment read by the six functions on top.

PACE_HOME          directory of this installation: database, media, logs, secret key (default: .home)
PACE_DATABASE_URL  postgres:// address with user, password, host and name; SQLite in the home when not set
PACE_HOSTS         host names that are answered, with commas (default: localhost)
PACE_HTTPS         1 behind TLS: secure cookies, HSTS, redirect
PACE_DEBUG         1 for developers
PACE_ZONE          zone of the installation until the company sets its own (default Asia/Shanghai)
PACE_TODAY         the day it is taken to be (see clock.py)
PACE_EMAIL_URL     smtp:// or smtps:// address with user, password and host; without it no mail is sent
PACE_WECOM_…, PACE_DINGTALK_…, PACE_FEISHU_…   sign-in and organisation of chat systems: docs/chat.md
"""

import os
import secrets
import sys
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

PACKAGE = Path(__file__).resolve().parent.parent
BASE_DIR = PACKAGE.parent
TESTING = "pytest" in sys.modules


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def switch(name: str) -> bool:
    return text(name).lower() in {"1", "true", "yes", "on"}


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def kept(name: str) -> str:
    """A secret from the environment, or from the file of its name in the home's `secrets` folder."""
    file = HOME / "secrets" / name.lower()
    return text(name) or (file.read_text(encoding="utf-8").strip() if file.is_file() else "")


def secret_key(path: Path) -> str:
    """The installation's own key, made on first use and readable by its owner only."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        key = secrets.token_urlsafe(64)
        file.write(key)
    return key


def database(url: str) -> dict[str, Any]:
    """Django's dictionary for the database of `url`, or for the SQLite file of this home."""
    if not url:
        return {
            "ENGINE": "pacesetter.config.sqlite",
            "NAME": HOME / "pacesetter.sqlite3",
            # A thread keeps its connection: closing the last one would copy the whole log back after every request.
            "CONN_MAX_AGE": 0 if TESTING else None,
            "OPTIONS": {
                # A writer waits for its turn at the start instead of failing in the middle, and as long as an import
                # of a million rows may write.
                "transaction_mode": "IMMEDIATE",
                "timeout": 300,
                # FULL: what was acknowledged survives a power cut.
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                    # trusted_schema stays on: off, SQLite refuses JSON_VALID in the checks of JSON columns.
                    "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-32000;"
                    # What INSERT OR REPLACE takes away is asked of the triggers of DELETE too.
                    "PRAGMA recursive_triggers=ON;"
                ),
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError("PACE_DATABASE_URL must begin with postgres://")
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    options["options"] = "-c statement_timeout=15s -c lock_timeout=3s -c idle_in_transaction_session_timeout=10min"
    if not TESTING:
        options["pool"] = {"min_size": 1, "max_size": 12, "timeout": 10}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        # A socket directory travels as ?host=/path, because an address cannot hold slashes there.
        "HOST": options.pop("host", "") or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }


def mail(url: str) -> dict[str, Any]:
    """Django's mail settings for `url`; without one, mail goes nowhere on purpose."""
    if not url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    parts = urlsplit(url)
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp",
        "EMAIL_TIMEOUT": 10,
    }


# --- the installation ----------------------------------------------------------------------------------------------
HOME = Path(text("PACE_HOME", str(BASE_DIR / ".home"))).expanduser().resolve()
for _directory in (HOME, HOME / "media", HOME / "logs", HOME / "static"):
    _directory.mkdir(parents=True, exist_ok=True, mode=0o750)

HTTPS = switch("PACE_HTTPS")
DEBUG = switch("PACE_DEBUG") and not TESTING
SECRET_KEY = text("PACE_SECRET_KEY") or secret_key(HOME / "secret_key")
ALLOWED_HOSTS = words("PACE_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = [f"https://{host.lstrip('.')}" for host in ALLOWED_HOSTS] if HTTPS else []

ROOT_URLCONF = "pacesetter.config.urls"
ASGI_APPLICATION = "pacesetter.config.asgi.application"
WSGI_APPLICATION = "pacesetter.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

ROOMS = ["journal", "metrics", "people", "pipeline", "activity", "goals"]
DOORS = ["imports", "chat", "web", "api", "demo", "worker"]
INSTALLED_APPS = [
    # Ours come first so that our templates win over those of libraries.
    *(f"pacesetter.{name}" for name in [*ROOMS, *DOORS] if find_spec(f"pacesetter.{name}")),
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_cotton",
    "django_htmx",
    "django_vite",
    "ninja",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "pacesetter.web.access.OneCompanyMiddleware",
    "pacesetter.web.access.FirstRunMiddleware",
    "pacesetter.web.access.AccessMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "pacesetter.web.shell.shell",
            ],
            "builtins": ["django.templatetags.i18n", "pacesetter.web.templatetags.show"],
        },
    }
]

# --- chat systems: off until configured, see docs/chat.md -----------------------------------------------------------
CHAT = {
    "wecom": {
        "corp_id": text("PACE_WECOM_CORP_ID"),
        "agent_id": text("PACE_WECOM_AGENT_ID"),
        "secret": kept("PACE_WECOM_SECRET"),
        "root": text("PACE_WECOM_ROOT"),
        "ask_mobile": text("PACE_WECOM_ASK_MOBILE"),
        "userid_is_number": text("PACE_WECOM_USERID_IS_NUMBER"),
        "api": text("PACE_WECOM_API", "https://qyapi.weixin.qq.com"),
        "open": text("PACE_WECOM_OPEN", "https://open.weixin.qq.com"),
        "login": text("PACE_WECOM_LOGIN", "https://login.work.weixin.qq.com"),
    },
    "dingtalk": {
        "corp_id": text("PACE_DINGTALK_CORP_ID"),
        "client_id": text("PACE_DINGTALK_CLIENT_ID"),
        "secret": kept("PACE_DINGTALK_SECRET"),
        "root": text("PACE_DINGTALK_ROOT"),
        "api": text("PACE_DINGTALK_API", "https://api.dingtalk.com"),
        "oapi": text("PACE_DINGTALK_OAPI", "https://oapi.dingtalk.com"),
        "login": text("PACE_DINGTALK_LOGIN", "https://login.dingtalk.com"),
    },
    "feishu": {
        "app_id": text("PACE_FEISHU_APP_ID"),
        "secret": kept("PACE_FEISHU_SECRET"),
        "root": text("PACE_FEISHU_ROOT"),
        "api": text("PACE_FEISHU_API", "https://open.feishu.cn"),
        "accounts": text("PACE_FEISHU_ACCOUNTS", "https://accounts.feishu.cn"),
        "token_url": text("PACE_FEISHU_TOKEN_URL", "https://open.feishu.cn/open-apis/authen/v2/oauth/token"),
    },
}
# For stand-ins on this machine only: http://localhost may be asked.
CHAT_LOCAL = switch("PACE_CHAT_LOCAL")

# --- data ----------------------------------------------------------------------------------------------------------
DATABASES = {"default": database(text("PACE_DATABASE_URL"))}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
MEDIA_ROOT = HOME / "media"
MEDIA_URL = "/media/"
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
# a spread of a large company has a box for every person and month
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

# --- people and doors ----------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "pacesetter.web.signin.PersonBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
if TESTING:  # hundreds of sign-ins a minute; the real hash has its own test
    PASSWORD_HASHERS.insert(0, "django.contrib.auth.hashers.MD5PasswordHasher")
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "email", "mobile", "employee_number")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
CSRF_FAILURE_VIEW = "pacesetter.web.views.errors.csrf"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"

ACCOUNT_ADAPTER = "pacesetter.web.signin.Adapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# Wrong passwords of one person are counted by axes; here only how many one address may get wrong, over all names.
ACCOUNT_RATE_LIMITS = {"login_failed": "100/15m/ip", "login": "300/m/ip"}
ACCOUNT_FORMS = {
    "login": "pacesetter.web.signin.LoginForm",
    "reauthenticate": "pacesetter.web.forms.second_factor.PasswordForm",
}
MFA_ADAPTER = "pacesetter.web.signin.SecondLock"
MFA_FORMS = {
    "add_webauthn": "pacesetter.web.forms.second_factor.AddWebAuthnForm",
    "edit_webauthn": "pacesetter.web.forms.second_factor.EditWebAuthnForm",
    "activate_totp": "pacesetter.web.forms.second_factor.ActivateTOTPForm",
    "authenticate": "pacesetter.web.forms.second_factor.AuthenticateForm",
    "reauthenticate": "pacesetter.web.forms.second_factor.ReauthenticateForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Pacesetter 领跑"
# The code before and the one after count too: phones' clocks drift, and people type slowly.
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
# The person, however the name was typed, with the address: one office behind one address must not lock itself out.
AXES_USERNAME_CALLABLE = "pacesetter.web.signin.counted_name"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "login"
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "errors/locked.html"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

SESSION_ENGINE = "pacesetter.web.sessions"
SESSION_COOKIE_AGE = 30 * 24 * 3600
SESSION_COOKIE_NAME = "pace_session"
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "pace_csrf"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- safety --------------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF, "data:"],
        "media-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
# The preload list is for owners of a whole public domain; an intranet host is not one.
# W001: the commands that need no page run before the assets are built.
SILENCED_SYSTEM_CHECKS = ["security.W021", "django_vite.W001"]

# --- words, days and numbers ---------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "web" / "locale"]
LANGUAGE_COOKIE_NAME = "pace_language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
TIME_ZONE = text("PACE_ZONE", "Asia/Shanghai")
PRODUCT_NAME = _("领跑")

# --- static files --------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
# Vite puts a hash into each name, so a second collecting step would add nothing.
WHITENOISE_USE_FINDERS = True
# A test makes thousands of clients; none of them should look through all files first.
WHITENOISE_AUTOREFRESH = DEBUG or TESTING
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/dist/assets/.+-[\w-]{8}\.\w+$"
DJANGO_VITE = {
    "default": {"manifest_path": PACKAGE / "web" / "static" / "dist" / "manifest.json", "static_url_prefix": "dist"}
}

# --- what is sent and what is written down -------------------------------------------------------------------------
globals().update(mail(text("PACE_EMAIL_URL")))
DEFAULT_FROM_EMAIL = text("PACE_EMAIL_FROM", "pacesetter@localhost")
_handlers = ["stderr"] if TESTING else ["stderr", "file"]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line", "level": "WARNING"},
        "file": {
            "class": "logging.handlers.WatchedFileHandler",
            "filename": HOME / "logs" / "pacesetter.log",
            "formatter": "line",
            "delay": True,
        },
    },
    "root": {"handlers": _handlers, "level": "INFO"},
    "loggers": {
        # Refusals and wrong addresses are answers, not alarms.
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "axes": {"level": "ERROR"},
    },
}
