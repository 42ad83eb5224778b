"""Asking another server for JSON: over TLS, within seconds, never into the own network, never following a redirect."""

from __future__ import annotations

import http.client
import ipaddress
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from .adapter import ChatError

SECONDS: Final = 10
MOST: Final = 8 * 1024 * 1024
TRIES: Final = 4
_LOCAL = {"localhost", "127.0.0.1"}


def check_address(base: str, *, local: bool) -> None:
    """Refuse an address that is not https; http://localhost only where tests ask for it."""
    parts = urlsplit(base)
    if local and parts.scheme == "http" and parts.hostname in _LOCAL:
        return
    if parts.scheme != "https" or not parts.hostname or parts.username or parts.hostname in _LOCAL:
        raise ChatError("malformed", f"https: {parts.hostname or base[:80]}")


def public(host: str, port: int) -> tuple[Any, ...]:
    """A public address of the host; one that leads into a private network is refused."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as fault:
        raise ChatError("unreachable", host) from fault
    for _family, _type, _proto, _name, address in found:
        if not ipaddress.ip_address(str(address[0]).split("%")[0]).is_global:
            raise ChatError("malformed", f"{host}: {address[0]}")
    return tuple(found[0][4][:2])


class _Secure(http.client.HTTPSConnection):
    """Connects to the very address that was checked, so that a name cannot change its meaning in between."""

    def connect(self) -> None:
        address = public(self.host, self.port)
        plain = socket.create_connection(address, timeout=self.timeout)  # type: ignore[arg-type]
        self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)


@dataclass(frozen=True)
class Answer:
    """What came back: the status, the headers in lower case, the JSON object."""

    status: int
    headers: Mapping[str, str]
    body: dict[str, Any]


@dataclass(frozen=True)
class Line:
    """A line to one host. `patience`: how many seconds may be waited altogether when the other side asks for it."""

    base: str
    local: bool = False
    patience: int = 0
    sleep: Callable[[float], None] = time.sleep
    waited: list[int] = field(default_factory=list)

    def get(
        self, path: str, query: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """A GET."""
        return self._ask("GET", path, query or {}, None, headers or {})

    def post(
        self,
        path: str,
        body: Mapping[str, Any],
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """A POST of JSON."""
        return self._ask("POST", path, query or {}, body, headers or {})

    def patiently(self, ask: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """Ask; wait and ask again while the other side says it is asked too often, as far as patience goes."""
        for turn in range(TRIES):
            try:
                return ask()
            except ChatError as fault:
                wait = fault.wait or 2**turn
                if fault.kind != "limited" or turn == TRIES - 1 or sum(self.waited) + wait > self.patience:
                    raise
                self.waited.append(wait)
                self.sleep(wait)
        raise ChatError("limited")

    def _ask(
        self, method: str, path: str, query: Mapping[str, Any], body: Mapping[str, Any] | None,
        headers: Mapping[str, str],
    ) -> Answer:  # fmt: skip
        check_address(self.base, local=self.local)
        parts = urlsplit(self.base)
        target = parts.path.rstrip("/") + path + (f"?{urlencode(query)}" if query else "")
        kind: Any = http.client.HTTPConnection if parts.scheme == "http" else _Secure
        connection = kind(parts.hostname, parts.port or (80 if parts.scheme == "http" else 443), timeout=SECONDS)
        said = {"Accept": "application/json", "User-Agent": "pacesetter", **headers}
        payload = None
        if body is not None:
            payload = json.dumps(body, ensure_ascii=False).encode()
            said["Content-Type"] = "application/json; charset=utf-8"
        try:
            connection.request(method, target, payload, said)
            response = connection.getresponse()
            text = response.read(MOST + 1)
        except ChatError:
            raise
        except (OSError, http.client.HTTPException) as fault:
            raise ChatError("unreachable", str(parts.hostname)) from fault
        finally:
            connection.close()
        return Answer(
            response.status, {name.lower(): value for name, value in response.getheaders()},
            _object(text, response.status),
        )  # fmt: skip


def _object(text: bytes, status: int) -> dict[str, Any]:
    if 300 <= status < 400:
        raise ChatError("malformed", f"HTTP {status}")
    try:
        found = json.loads(text) if len(text) <= MOST else None
    except ValueError:
        found = None
    if not isinstance(found, dict):
        # a guard in front of their servers answers a page when it is asked too often
        raise ChatError("limited" if status == 429 else "malformed", f"HTTP {status}")
    return found


_tokens: dict[tuple[str, ...], tuple[str, float]] = {}
_fetching = threading.Lock()
_EARLY: Final = 300


def with_token(
    key: tuple[str, ...], fetch: Callable[[], tuple[str, int]], ask: Callable[[str], dict[str, Any]]
) -> dict[str, Any]:
    """Ask with the app's token: kept until shortly before it ends, and fetched anew once when it is not taken."""
    try:
        return ask(_token(key, fetch))
    except ChatError as fault:
        if fault.kind != "token":
            raise
    forget(key)
    return ask(_token(key, fetch))


def _token(key: tuple[str, ...], fetch: Callable[[], tuple[str, int]]) -> str:
    with _fetching:
        held = _tokens.get(key)
        if held is not None and held[1] > time.monotonic():
            return held[0]
        token, lasts = fetch()
        _tokens[key] = (token, time.monotonic() + max(lasts - _EARLY, 1))
        return token


def forget(key: tuple[str, ...] | None = None) -> None:
    """Drop one kept token, or all of them."""
    if key is None:
        _tokens.clear()
    else:
        _tokens.pop(key, None)
