"""`./pace shots`: a picture of every page of the demo company, in every look, to be looked through by a person.

    ./pace shots                                             all pages, eight looks, into .shots/
    ./pace shots --only board,deal --looks zh-light-desktop  some pages, one look
    ./pace shots --home DIR                                  with the company of that home

`.shots/index.html` shows them all; `.shots/sheets/` holds six pages a picture. A look is language-theme-device.
"""

from __future__ import annotations

import argparse
import html
import json
import sys
import time
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.conftest import CHROMIUM_FLAGS, DESKTOP, PHONE, chromium
from tests.homes import ROOT, Home, free_port

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

LOOKS = tuple(f"{language}-{theme}-{device}" for device in ("desktop", "phone") for language in ("zh", "en")
              for theme in ("light", "dark"))  # fmt: skip
# A picture ends here: what lies below is seen by scrolling, and the sheets stay readable.
TALLEST = {"desktop": 2400, "phone": 2400}
A_SHEET = 6
# Drawers and menus: a page, and what to press there.
OPENED = (
    ("board", "why-drawer", "main [data-why]", "#why-body h3, #why-body h2"),
    ("home", "finder", "[data-finder]", "#finder[open]"),
)


def wishes(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="pace shots", description="A picture of every page in every look.")
    parser.add_argument("--only", default="", help="names of pages, by comma; the beginning is enough")
    parser.add_argument("--looks", default=",".join(LOOKS), help="by comma; the beginning is enough: zh, en-dark")
    parser.add_argument("--home", default="", help="an installation of the demo company; default .shots/home")
    parser.add_argument("--into", default=str(ROOT / ".shots"))
    return parser.parse_args(arguments)


def chosen(words: str, names: Iterable[str]) -> list[str]:
    """Names that begin with one of the words; all of them when there is no word."""
    starts = tuple(word.strip() for word in words.split(",") if word.strip())
    return [name for name in names if not starts or name.startswith(starts)]


def demo_home(folder: Path) -> Home:
    """The installation, brought up to date, and filled when it is empty."""
    folder.mkdir(parents=True, exist_ok=True)
    home = Home(folder, day=datetime.now(ZoneInfo("Asia/Shanghai")).date().isoformat())
    home.manage("migrate", "-v0")
    answer = home.manage("demo", "seed", check=False)
    if answer.returncode not in {0, 2}:
        sys.exit(answer.stderr[-3000:])
    return home


def dressed(browser: Browser, look: str, base: str, session: str = "") -> BrowserContext:
    """A browser context in this look, signed in with this session."""
    language, theme, device = look.split("-")
    phone = device == "phone"
    context = browser.new_context(
        viewport=PHONE if phone else DESKTOP, is_mobile=phone, has_touch=phone, color_scheme=theme,
        locale="zh-CN" if language == "zh" else "en-US", timezone_id="Asia/Shanghai", base_url=base,
        reduced_motion="reduce",
    )  # fmt: skip
    context.set_default_timeout(30_000)
    jar = {"pace_language": "zh-hans" if language == "zh" else "en", "pace_session": session}
    context.add_cookies([{"name": name, "value": value, "url": base} for name, value in jar.items() if value])
    return context


def picture(page: Page, path: Path, device: str) -> None:
    """The whole page, but not taller than TALLEST."""
    path.parent.mkdir(parents=True, exist_ok=True)
    width = (PHONE if device == "phone" else DESKTOP)["width"]
    lowest = (PHONE if device == "phone" else DESKTOP)["height"]
    height = min(TALLEST[device], max(lowest, page.evaluate("document.documentElement.scrollHeight")))
    # One window as tall as the page: fixed bars then stand at its edges, as they do for a reader.
    page.set_viewport_size({"width": width, "height": height})
    page.screenshot(path=path, animations="disabled")
    page.set_viewport_size({"width": width, "height": lowest})


def take(browser: Browser, base: str, look: str, tour: dict[str, Any], folder: Path) -> Iterator[str]:
    """Pictures of these pages in one look; yields the name of each as it is taken."""
    device = look.split("-")[2]
    contexts: dict[str, Page] = {}
    for stop in tour["stops"]:
        role = stop["role"]
        if role not in contexts:
            contexts[role] = dressed(browser, look, base, tour["sessions"].get(role, "")).new_page()
        page = contexts[role]
        page.goto(stop["path"])
        # No script as text here: the pages' own content policy refuses it.
        page.locator("[data-chart]:not([data-drawn])").first.wait_for(state="detached")
        picture(page, folder / look / f"{stop['name']}.png", device)
        yield stop["name"]
        for at, name, press, shown in OPENED:
            if at == stop["name"] and page.locator(press).first.is_visible():
                page.locator(press).first.click()
                page.wait_for_selector(shown)
                page.screenshot(path=folder / look / f"{name}.png", animations="disabled")
                yield name
    for page in contexts.values():
        page.context.close()


def sheets(browser: Browser, folder: Path, look: str, names: list[str]) -> list[str]:
    """Six pages a picture, made by the browser itself; returns the files' names."""
    phone = look.endswith("phone")
    wide, tall, columns = (390, 1180, 6) if phone else (960, 800, 3)
    made = []
    page = browser.new_page(viewport={"width": columns * (wide + 16) + 16, "height": 400})
    for number, start in enumerate(range(0, len(names), A_SHEET), 1):
        cells = "".join(
            f'<figure><figcaption>{html.escape(name)}</figcaption><div><img src="../{look}/{name}.png"></div></figure>'
            for name in names[start : start + A_SHEET]
        )
        draft = folder / "sheets" / "draft.html"
        draft.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(
            "<!doctype html><meta charset=utf-8><style>body{margin:8px;background:#888;font:600 18px sans-serif;"
            f"display:grid;grid-template-columns:repeat({columns},{wide}px);gap:16px}}figure{{margin:0}}"
            f"div{{width:{wide}px;height:{tall}px;overflow:hidden}}img{{width:{wide}px}}</style>{cells}",
            encoding="utf-8",
        )
        page.goto(draft.as_uri())
        file = f"{look}-{number:02}.png"
        page.screenshot(path=folder / "sheets" / file, full_page=True)
        made.append(file)
        draft.unlink()
    page.close()
    return made


def index(folder: Path, looks: list[str]) -> None:
    """One page with all pictures there are, a row per page and a column per look."""
    names = sorted({path.stem for look in looks for path in (folder / look).glob("*.png")})
    head = "".join(f"<th>{look}" for look in looks)
    rows = "".join(
        f"<tr><th>{html.escape(name)}"
        + "".join(
            f'<td><a href="{look}/{name}.png"><img loading=lazy src="{look}/{name}.png" alt="{name} {look}"></a>'
            if (folder / look / f"{name}.png").exists()
            else "<td>"
            for look in looks
        )
        for name in names
    )
    (folder / "index.html").write_text(
        "<!doctype html><html lang=en><meta charset=utf-8><title>Every page in every look</title><style>"
        "body{font:14px system-ui;margin:16px}img{height:300px;border:1px solid #aaa}th{text-align:left;"
        "vertical-align:top;position:sticky;left:0;background:#fff;padding:4px}</style>"
        f"<h1>Every page in every look</h1><table><thead><tr><th>{head}<tbody>{rows}</table>",
        encoding="utf-8",
    )


def main() -> int:
    options = wishes(sys.argv[1:])
    looks = chosen(options.looks, LOOKS)
    folder = Path(options.into)
    path = chromium()
    if path is None:
        sys.exit("no Chromium here: apt-get install chromium-headless-shell fonts-noto-cjk")
    began = time.monotonic()
    home = demo_home(Path(options.home) if options.home else folder / "home")
    port = free_port()
    home.serve(port)
    try:
        tour = json.loads(home.python("from tests import tour\ntour.main()"))
        for broken in tour["broken"]:
            print(f"does not open: {broken}", file=sys.stderr)
        wanted = chosen(options.only, [stop["name"] for stop in tour["stops"]])
        tour["stops"] = [stop for stop in tour["stops"] if stop["name"] in wanted]
        print(f"{len(tour['stops'])} pages × {len(looks)} looks", flush=True)
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
            for look in looks:
                names = list(take(browser, f"http://localhost:{port}", look, tour, folder))
                made = sheets(browser, folder, look, names)
                print(f"{look}: {len(names)} pictures, sheets {made[0]} … {made[-1]}", flush=True)
            browser.close()
    finally:
        home.end()
    index(folder, [look for look in LOOKS if (folder / look).is_dir()])
    print(f"{folder / 'index.html'}: {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
