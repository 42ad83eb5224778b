"""What the environment may say, and what is safe without it saying anything."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


def asked(tmp_path: Path, code: str, **env: str) -> str:
    """What `code` prints in a process of its own with these settings."""
    start = "import django; django.setup(); from django.conf import settings; "
    # a browser test of the same run set something that a deployment must not have
    kept = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    done = subprocess.run(
        [sys.executable, "-c", start + code],
        cwd=ROOT,
        env={**kept, "PACE_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "pacesetter.config.settings", **env},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path):
    first = asked(tmp_path, "print(settings.SECRET_KEY)")
    assert len(first) >= 50
    assert asked(tmp_path, "print(settings.SECRET_KEY)") == first
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_the_deployment_check_is_clean_behind_tls(tmp_path: Path):
    code = "from django.core.management import call_command as c; c('check', '--deploy', '--fail-level', 'WARNING')"
    assert "no issues" in asked(tmp_path, code, PACE_HTTPS="1", PACE_HOSTS="pace.example.cn")


def test_debugging_is_off_unless_asked_for(tmp_path: Path):
    assert asked(tmp_path, "print(settings.DEBUG)") == "False"
    assert asked(tmp_path, "print(settings.DEBUG)", PACE_DEBUG="1") == "True"


def test_a_postgresql_address_is_taken_apart(tmp_path: Path):
    names = "'ENGINE', 'NAME', 'USER', 'PASSWORD', 'HOST', 'PORT'"
    code = f"print(*[settings.DATABASES['default'][name] for name in ({names})])"
    address = "postgres://pace:a%40b@" + "db.local:5433/sales"  # pragma: allowlist secret
    assert asked(tmp_path, code, PACE_DATABASE_URL=address) == (
        "django.db.backends.postgresql sales pace a@b db.local 5433"
    )


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite has these switches")
@pytest.mark.django_db
def test_sqlite_waits_keeps_its_word_and_checks_keys():
    with connection.cursor() as cursor:
        read = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("synchronous", "foreign_keys")}
    assert read == {"synchronous": 2, "foreign_keys": 1}
    options = settings.DATABASES["default"]["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert options["timeout"] == 300


def test_scripts_and_styles_need_a_nonce_or_our_own_address():
    rules = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    text = str(rules)
    assert "unsafe-inline" not in text
    assert "unsafe-eval" not in text
    assert rules["default-src"] == ["'none'"]
