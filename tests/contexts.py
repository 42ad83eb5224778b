"""Browser contexts that are lent and come back empty: a new one costs, and has loaded no script or style sheet yet."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

# What a page may have left with the browser. Scripts and pictures stay: their addresses change with what is in them.
KEPT_BY_PAGES = "cookies,local_storage,indexeddb,websql,cache_storage,file_systems,service_workers"


class Contexts:
    """Those of one browser. Whoever looks at the very start of a visit, or at the service worker, wants a new one."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.free: dict[str, list[BrowserContext]] = {}
        self.lent: list[tuple[str, BrowserContext]] = []

    def lend(self, options: dict[str, Any], *, new: bool) -> BrowserContext:
        """One with these options that nobody holds."""
        key = "" if new else json.dumps(options, sort_keys=True)
        waiting = self.free.get(key, [])
        context = waiting.pop() if waiting else self.browser.new_context(**options)
        self.lent.append((key, context))
        return context

    def take_back(self) -> None:
        """All that were lent, emptied."""
        while self.lent:
            key, context = self.lent.pop()
            if not key:
                context.close()
                continue
            empty(context)
            self.free.setdefault(key, []).append(context)


def empty(context: BrowserContext) -> None:
    """Nobody is signed in, nothing is kept or permitted, no page is open."""
    for page in context.pages:
        origin = page.url if page.url.startswith("http") else ""
        if origin:
            wire = context.new_cdp_session(page)
            wire.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": KEPT_BY_PAGES})
        page.close()
    context.clear_cookies()
    context.clear_permissions()
    context.set_offline(False)
    context.set_geolocation(None)
