"""What every test shares: no network, a browser where there is one, and pages in every look."""

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.contexts import Contexts
    from tests.homes import Home, Moulds
    from tests.web.spreading_company import Company as SpreadingCompany
    from tests.world import World

IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--font-render-hinting=none",
    # No script runs here for long: what compiling it to be fast takes is not gained back.
    "--js-flags=--no-opt --no-maglev",
    # A fresh context needs no fresh process, which would read and compile the same scripts anew.
    "--renderer-process-limit=1",
]
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
# PACE_TEST_SLOW=8: the browser computes eight times slower. A story that reads a page
# before its scripts ran, or before a click led elsewhere, fails here instead of on a busy machine.
SLOW = int(os.environ.get("PACE_TEST_SLOW", "1"))
# Milliseconds until what is waited for counts as missing: nothing is measured here, and a busy machine takes its time.
PATIENCE = 20_000 * SLOW


def pytest_configure(config: pytest.Config) -> None:
    from hypothesis import HealthCheck, settings

    # A busy machine is slow, not wrong.
    settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("house")
    if "PYTEST_XDIST_WORKER" in os.environ:
        from tests.spread import LongestFirst

        config.pluginmanager.register(LongestFirst())


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object:
    """How tests are spread over the workers."""
    from tests.spread import Spread

    return Spread(config, log)


def chromium() -> str | None:
    """The browser without a window where it is installed (a third of the processor time), else the whole one."""
    return shutil.which("chromium-headless-shell") or shutil.which("chromium")


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """What was loaded stays: looking through it again and again for rubbish took 6 % of the whole run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """In CI nothing may be left out: a skipped test is a failed one."""
    outcome: Any = yield
    report = outcome.get_result()
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped in CI: {report.longrepr}"


@pytest.fixture(autouse=True)
def own_language() -> None:
    """Every test begins in Chinese, whatever the one before it asked for."""
    from django.utils import translation

    translation.activate("zh-hans")


@pytest.fixture(scope="session", autouse=True)
def sign_in_by_row() -> None:
    """`Client.force_login` writes again what it wrote before (see tests/signing.py)."""
    from django.test import Client

    from tests.signing import force_login

    Client.force_login = force_login  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """One Chromium for the whole run."""
    path = chromium()
    if path is None:
        pytest.skip("no Chromium here: apt-get install chromium-headless-shell fonts-noto-cjk")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    # Playwright keeps a loop running in this thread; Django would otherwise refuse the database beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        engine = playwright.chromium.launch(executable_path=path, headless=True, args=CHROMIUM_FLAGS)
        yield engine
        engine.close()


@pytest.fixture(scope="session")
def contexts(browser: "Browser") -> "Contexts":
    """The browser's contexts, lent from test to test."""
    from tests.contexts import Contexts

    return Contexts(browser)


@pytest.fixture
def open_page(contexts: "Contexts") -> "Iterator[Callable[..., Page]]":
    """`open_page(phone=True, language="en", dark=True, base_url=…, cookies={…})` gives a page in that look.

    `offline=True` lets the service worker run, which keeps pages for a day without signal; it loads them all for every
    story anew, and requests are not always seen by page.route while it takes a page over. `scripts=False` runs none.

    `page.faults` collects console errors and uncaught exceptions, refusals by the CSP among them.
    """

    def make(
        *,
        phone: bool = False,
        language: str = "zh-hans",
        dark: bool = False,
        base_url: str = "http://localhost",
        cookies: dict[str, str] | None = None,
        offline: bool = False,
        scripts: bool = True,
    ) -> "Page":
        look = {
            "service_workers": "allow" if offline else "block",
            "viewport": PHONE if phone else DESKTOP,
            "device_scale_factor": 2 if phone else 1,
            "is_mobile": phone,
            "has_touch": phone,
            "color_scheme": "dark" if dark else "light",
            "locale": "zh-CN" if language.startswith("zh") else "en-US",
            "timezone_id": "Asia/Shanghai",
            "base_url": base_url,
            "reduced_motion": "reduce",
            "java_script_enabled": scripts,
        }
        context = contexts.lend(look, new=offline)
        context.set_default_timeout(PATIENCE)
        jar = {"pace_language": language, **(cookies or {})}
        context.add_cookies([{"name": name, "value": value, "url": base_url} for name, value in jar.items()])
        page = context.new_page()
        if SLOW > 1:
            context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOW})
        page.faults = []  # type: ignore[attr-defined]
        page.on("console", lambda message: message.type == "error" and page.faults.append(message.text))  # type: ignore[attr-defined]
        page.on("pageerror", lambda fault: page.faults.append(str(fault)))  # type: ignore[attr-defined]
        return page

    yield make
    contexts.take_back()


@pytest.fixture
def page(open_page: "Callable[..., Page]") -> "Page":
    """A desktop page, 中文, light."""
    return open_page()


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this run have in common."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def moulds(shared_folder: Path) -> "Iterator[Moulds]":
    """Filled homes to copy, made once for all workers."""
    from tests.homes import Moulds

    folder = shared_folder / "moulds"
    folder.mkdir(exist_ok=True)
    made = Moulds(folder)
    yield made
    made.end()


@pytest.fixture(scope="session")
def company_home(moulds: "Moulds", tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Home]":
    """An installation of its own with the cast of tests/world.py, for stories with a browser; read it, or undo."""
    with moulds.home(tmp_path_factory.mktemp("company"), "cast") as home:
        yield home


@pytest.fixture(scope="session")
def running(company_home: "Home") -> str:
    """The address of that installation's server."""
    from tests.homes import free_port

    port = free_port()
    company_home.serve(port)
    return f"http://localhost:{port}"


@pytest.fixture(scope="session")
def signed_in(company_home: "Home") -> Callable[[str], str]:
    """`signed_in("王敏")` gives the key of a session of that person, made once."""
    keys: dict[str, str] = {}

    def make(name: str) -> str:
        if name not in keys:
            keys[name] = company_home.session_of(name=name)
        return keys[name]

    return make


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Before a test's transaction begins, the database it needs stands there."""
    from tests.stage import STAGE

    STAGE.stand(STAGE.needed(getattr(item, "fixturenames", ())))


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_test_environment: None, django_db_blocker: Any, moulds: "Moulds"
) -> Iterator[None]:
    """The test databases of this worker; on PostgreSQL (PACE_DATABASE_URL) one, migrated."""
    from django.db import connection
    from django.test.utils import setup_databases, teardown_databases
    from django.utils import translation

    from tests.stage import STAGE

    stages = {STAGE.needed(getattr(item, "fixturenames", ())) for item in request.session.items}
    made: Any = None
    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            translation.activate("zh-hans")
            STAGE.open(moulds.tables(), stages)
        else:
            made = setup_databases(verbosity=0, interactive=False)
    yield
    with django_db_blocker.unblock():
        if made is None:
            STAGE.close()
        else:
            teardown_databases(made, verbosity=0)


@pytest.fixture
def world(db: None) -> "World":
    """The cast of tests/world.py, built through acts (once per worker)."""
    from tests.stage import STAGE

    return STAGE.world()


@pytest.fixture
def spreading(db: None) -> "SpreadingCompany":
    """The company of tests/web/spreading_company.py (built once per worker)."""
    from tests.stage import STAGE

    return STAGE.spreading()


@pytest.fixture
def on_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of the doors stands on the world's day, 2026-03-16."""
    monkeypatch.setenv("PACE_TODAY", "2026-03-16")
