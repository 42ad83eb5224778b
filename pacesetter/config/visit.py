"""A visitor over HTTP: signs in as each demo login and opens every page of its navigation."""

import re
import time
from http.cookiejar import CookieJar
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

LINK = re.compile(r'<a class="(?:place|spot)" href="([^"]+)"')
ASSET = re.compile(r'(?:src|href)="(/static/[^"]+)"')
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Visitor:
    """One browser without a screen; `seen` counts the pages that answered, `faults` holds sentences."""

    def __init__(self, port: int) -> None:
        self.base = f"http://localhost:{port}"
        self.opener: OpenerDirector = build_opener(HTTPCookieProcessor(CookieJar()))
        self.faults: list[str] = []
        self.seen = 0

    def get(self, path: str, data: dict[str, str] | None = None) -> tuple[str, str]:
        """The page's text and the address where it ended; an empty text, and a fault, when it did not answer."""
        body = urlencode(data).encode() if data else None
        request = Request(self.base + path, data=body, headers={"Referer": self.base + path})
        try:
            with self.opener.open(request, timeout=30) as answer:
                self.seen += 1
                return answer.read().decode("utf-8", "replace"), answer.geturl()
        except HTTPError as fault:
            self.faults.append(f"{path}: {fault.code}")
        except URLError as fault:
            self.faults.append(f"{path}: {fault.reason}")
        return "", ""

    def sign_in(self, login: str, password: str) -> bool:
        form, where = self.get("/accounts/login/")
        token = TOKEN.search(form)
        if token is None:
            self.faults.append(f"no sign-in form at {where or '/accounts/login/'}")
            return False
        _, where = self.get("/accounts/login/", {"csrfmiddlewaretoken": token[1], "login": login, "password": password})
        return "/accounts/login/" not in where


def _awake(port: int) -> bool:
    for _ in range(150):
        visitor = Visitor(port)
        if visitor.get("/accounts/login/")[0]:
            return True
        time.sleep(0.2)
    return False


def every_page(port: int, logins: list[dict[str, str]]) -> list[str]:
    """What failed, in sentences; nothing when all is well."""
    if not _awake(port):
        return ["the server did not answer within 30 s"]
    faults: list[str] = []
    stranger = Visitor(port)
    page, _ = stranger.get("/")
    for asset in sorted(set(ASSET.findall(page))):
        stranger.get(asset)
    faults += [f"signed out · {fault}" for fault in stranger.faults]
    for one in logins:
        visitor = Visitor(port)
        if not visitor.sign_in(one["login"], one["password"]):
            faults.append(f"{one['role']}: could not sign in as {one['login']}")
            continue
        page, _ = visitor.get("/")
        waiting, done = LINK.findall(page), {"/"}
        while waiting:
            path = waiting.pop()
            if path not in done:
                done.add(path)
                waiting += LINK.findall(visitor.get(path)[0])
        print(f"  {one['role']:<10} {len(done)} pages", flush=True)
        faults += [f"{one['role']} · {fault}" for fault in visitor.faults]
    return faults
