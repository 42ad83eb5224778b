"""What makes the pages installable: manifest, service worker, and the page shown when there is nothing to show."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.translation import gettext as _

from .. import show

SIZES = (192, 512)


@login_not_required
def manifest(request: HttpRequest) -> HttpResponse:
    """How the installed app calls itself and where it opens."""
    icons = [{"src": static(f"web/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png",
              "purpose": "any maskable"} for size in SIZES]  # fmt: skip
    return JsonResponse({
        "id": "/today/", "name": _("领跑"), "short_name": _("领跑"), "start_url": "/today/", "scope": "/",
        "display": "standalone", "background_color": "#f6f7f9", "theme_color": "#0b63b6",
        "lang": "zh-Hans" if show.chinese() else "en", "icons": icons,
        "shortcuts": [{"name": _("记跟进"), "url": "/log/"}],
    }, content_type="application/manifest+json")  # fmt: skip


@lru_cache(maxsize=1)
def assets() -> tuple[str, tuple[str, ...]]:
    """(version, addresses) of the built files that a page needs; a new build is a new version."""
    path = Path(settings.BASE_DIR) / "pacesetter" / "web" / "static" / "dist" / "manifest.json"
    if not path.exists():
        return "none", ()
    text = path.read_text(encoding="utf-8")
    built = json.loads(text)
    return hashlib.sha256(text.encode()).hexdigest()[:12], tuple(f"/static/dist/{name}" for name in needed(built))


def needed(built: dict[str, Any]) -> list[str]:
    """The files of the page's script: itself, what it imports, their styles. Without signal, one missing breaks all."""
    found: list[str] = []
    waiting, seen = ["frontend/app.js"], set[str]()
    while waiting:
        name = waiting.pop(0)
        if name not in built or name in seen:
            continue
        seen.add(name)
        found += [built[name]["file"], *built[name].get("css", [])]
        waiting += built[name].get("imports", [])
    return found


@login_not_required
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, at the root so that its scope is the whole site."""
    version, files = assets()
    answer = render(request, "shared/sw.js", {"version": version, "files": json.dumps(list(files))},
                    content_type="text/javascript")  # fmt: skip
    answer["Cache-Control"] = "no-cache"
    return answer


@login_not_required
def offline(request: HttpRequest) -> HttpResponse:
    """Shown by the service worker where no kept page fits."""
    return render(request, "errors/offline.html")
