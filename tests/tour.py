"""A tour of the product: every address once, found by following links as somebody who owns the page.

`python -m tests.tour`, run inside an installation with the demo company, prints
`{"stops": [{"name", "path", "role", "queries"}], "broken": ["role /path/ status"], "sessions": {role: session key},
"dear": {"role /path/": queries}}`: broken is a page that failed, or a link that the page's own reader cannot open; dear
are the pages that ask the database most, for every role that may see them. Nothing is sent but GET.
"""

from __future__ import annotations

import json
from collections import deque
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

# whose page it is, by the beginning of its address; the first that fits
OWNERS = (
    ("/insights/", "manager"), ("/why/", "manager"), ("/leads/", "manager"), ("/collections/", "finance"),
    ("/manage/", "admin"), ("/products/", "director"), ("/goals/adjustments/", "director"),
    ("/goals/events/", "director"), ("/goals/delegates/", "director"), ("/", "rep"),
)  # fmt: skip
ROLES = ("rep", "manager", "director", "finance", "admin", "hrbp", "analyst", "marketing")
# homes differ by role, so each is a page of its own
HOMES = ("manager", "director", "admin", "finance", "analyst")
# lists that offer more to this role, or lead to records in another state: only their links count
AGAIN = (
    ("/insights/metrics/", "analyst"), ("/customers/", "director"), ("/deals/?state=won", "rep"), ("/leads/", "rep"),
    ("/manage/teams/", "hrbp"),
)  # fmt: skip
# pages with as many queries as this are counted for these roles as well
DEAR = 17
OTHERS = ("manager", "director", "rep", "hrbp", "analyst")
LEFT_OUT = ("set_language", "account_logout", "_export", "_csv", "_xlsx", "_template", "_errors", "admin:", "api")


class Links(HTMLParser):
    """The addresses a page links to, or fetches into its drawer."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found += [value for name, value in attrs if name == "href" and value]


def owner(path: str) -> str:
    return next(role for start, role in OWNERS if path.startswith(start))


def links(path: str, html: str) -> list[str]:
    """Addresses of this product in a page, without fragments, in their order."""
    parser = Links()
    parser.feed(html)
    absolute = (urlsplit(urljoin("http://here" + path, link)) for link in parser.found)
    return list(dict.fromkeys(one._replace(scheme="", netloc="", fragment="").geturl() for one in absolute
                              if one.netloc == "here"))  # fmt: skip


def _records(path: str, found: list[str]) -> list[str]:
    """The list itself and the first record in it."""
    start = urlsplit(path).path
    inside = (link for link in found if link.startswith(start) and link[len(start) :].rstrip("/").isdigit())
    return [path, *list(inside)[:1]]


def counted(client: Any, path: str) -> tuple[Any, int]:
    """The answer of a page, and how often it asked the database."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as seen:
        answer = client.get(path)
    return answer, len(seen)


def dear(clients: dict[str, Any], stops: list[dict[str, Any]]) -> dict[str, int]:
    """Queries of the dearest pages by whoever reads them."""
    found = {}
    for stop in stops:
        for role in OTHERS if stop.get("queries", 0) >= DEAR else ():
            answer, queries = counted(clients[role], stop["path"])
            if answer.status_code == 200:
                found[f"{role} {stop['path']}"] = queries
    return found


def walk(clients: dict[str, Any]) -> tuple[list[dict[str, Any]], list[str]]:
    """Follow links from the navigation until every address has been seen once; `clients` by role, signed in.

    Returns the stops, and what is broken.
    """
    from django.urls import Resolver404, resolve

    from pacesetter.web.places import PLACES

    seeds = [place.path for place in PLACES.values()] + [spot.path for place in PLACES.values() for spot in place.spots]
    # (address, role on whose page the link stands; "" for the navigation)
    queue = deque((path, "") for path in dict.fromkeys(seeds))
    broken: list[str] = []
    stops: dict[str, dict[str, Any]] = {}
    tried: set[str] = set()
    again = deque(AGAIN)
    while queue or again:
        if not queue:
            # Two steps: the list, then the first record of each kind that it leads to.
            path, role = again.popleft()
            for link in _records(path, links(path, clients[role].get(path).content.decode())):
                answer = clients[role].get(link)
                queue.extend((found, role) for found in links(link, answer.content.decode()))
            continue
        path, linking = queue.popleft()
        try:
            name = resolve(urlsplit(path).path).view_name
        except Resolver404:
            continue
        if name in stops or path in tried or name.startswith(LEFT_OUT) or name.endswith(LEFT_OUT):
            continue
        tried.add(path)
        for role in dict.fromkeys((owner(path), linking, *ROLES)):
            if role not in clients:
                continue
            answer, queries = counted(clients[role], path)
            if answer.status_code >= (400 if role == linking else 500):
                broken.append(f"{role} {path} {answer.status_code}")
            if answer.status_code == 200:
                break
        else:
            continue
        if not answer.get("Content-Type", "").startswith("text/html"):
            continue
        stops[name] = {"name": name.replace("_", "-"), "path": path, "role": role, "queries": queries}
        queue.extend((link, role) for link in links(path, answer.content.decode()))
    found = list(stops.values())
    for role in HOMES:
        if role in clients:
            found += [{"name": f"home-{role}", "path": "/", "role": role, "queries": counted(clients[role], "/")[1]}]
    found += [{"name": "not-found", "path": "/nowhere/", "role": "rep"}]
    return [*found, {"name": "login", "path": "/accounts/login/", "role": ""}], broken


def main() -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.test import Client

    from pacesetter.demo import logins
    from pacesetter.people.models import Person

    settings.ALLOWED_HOSTS = ["*"]
    clients = {}
    for login in logins.read(settings.HOME):
        clients[login.role] = Client(raise_request_exception=False)
        clients[login.role].force_login(Person.objects.get(employee_no=login.login))
        # the first page of a session also writes down its device
        clients[login.role].get("/me/")
    sessions = {role: client.session.session_key for role, client in clients.items()}
    stops, broken = walk(clients)
    print(json.dumps({"stops": stops, "broken": broken, "sessions": sessions, "dear": dear(clients, stops)}))


if __name__ == "__main__":
    main()
