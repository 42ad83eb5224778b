"""What goes wrong, in one shape: a code for programs, a sentence in the reader's language, the field."""

from __future__ import annotations

import logging
from typing import Any

from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from pacesetter.lib.refusal import Conflict, OutOfReach, Refusal

from .fields import Answer

log = logging.getLogger(__name__)
JSON = "application/json; charset=utf-8"
# the first words of a place of an error, which mean nothing to whoever sent it
_SOURCES = {"body", "query", "path", "header", "asked", "sent"}


class Problem(Answer):
    """Why nothing was done. `field` is empty where no single field is at fault."""

    code: str
    message: str
    field: str = ""


READS: dict[int, Any] = {401: Problem, 404: Problem, 422: Problem}
WRITES: dict[int, Any] = {400: Problem, **READS, 403: Problem, 409: Problem}


class ReadOnly(Exception):
    """A token that may only read was used to write."""


def give(text: str, status: int = 200) -> HttpResponse:
    """An answer of JSON text; never kept by anybody in between."""
    return HttpResponse(text, status=status, content_type=JSON, headers={"Cache-Control": "no-store"})


def problem(status: int, code: str, message: object, field: str = "") -> HttpResponse:
    """The answer that says what is wrong."""
    return give(Problem(code=code, message=str(message), field=field).model_dump_json(), status)


def not_found() -> HttpResponse:
    """Out of reach and not there are the same answer, to the byte."""
    return problem(404, "not_found", _("没有这条记录，或你看不到它。"))


_SAYS: dict[str, Any] = {
    "missing": _("请填写这一项。"),
    "extra_forbidden": _("没有这个字段，或它不能写。"),
    "day": _("日期请写成 2026-03-16 这样。"),
    "clock": _("时间写成 14:30 这样。"),
    "literal_error": _("这个值不在可选范围内。"),
    "string_pattern_mismatch": _("含有不允许的字符。"),
    "bool_type": _("请填 true 或 false。"),
    "string_type": _("请填文字。"),
}
_NUMBER = _("请填整数；金额用最小货币单位，不带小数。")


def _sentence(error: dict[str, Any]) -> Any:
    kind, told = error.get("type", ""), error.get("ctx") or {}
    if kind == "string_too_long":
        return _("最多 %(n)s 个字。") % {"n": told.get("max_length")}
    if kind == "string_too_short":
        return _SAYS["missing"]
    if kind in ("greater_than_equal", "less_than_equal"):
        return _("这个数超出了范围。")
    if kind.startswith(("int", "finite")):
        return _NUMBER
    return _SAYS.get(kind) or _("这个值的格式不对。")


def _place(error: dict[str, Any]) -> str:
    words = [str(word) for word in error.get("loc", ())]
    while words and words[0] in _SOURCES:
        words = words[1:]
    return ".".join(words)


def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    first: dict[str, Any] = error.errors[0] if error.errors else {}
    code = "unknown_field" if first.get("type") == "extra_forbidden" else "invalid"
    return problem(422, code, _sentence(first), _place(first))


def _refused(request: HttpRequest, refusal: Any) -> HttpResponse:
    return problem(409 if isinstance(refusal, Conflict) else 422, refusal.code, refusal, refusal.field)


def _unknown_caller(request: HttpRequest, error: Any) -> HttpResponse:
    answer = problem(401, "unauthorized", _("请带上有效的令牌：Authorization: Bearer …"))
    answer["WWW-Authenticate"] = "Bearer"
    return answer


def _raced(request: HttpRequest, error: Any) -> HttpResponse:
    log.warning("refused by the database: %s", error)
    return problem(409, "conflict", _("另一个人刚刚写入了同样的内容。请重新读取后再试。"))


def _unreadable(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(error.status_code, "bad_request", _("请求的内容不是有效的 JSON。"))


def teach(api: NinjaAPI) -> None:
    """Give the API its one shape of trouble."""
    api.add_exception_handler(OutOfReach, lambda request, error: not_found())
    api.add_exception_handler(Http404, lambda request, error: not_found())
    api.add_exception_handler(Refusal, _refused)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(AuthenticationError, _unknown_caller)
    api.add_exception_handler(IntegrityError, _raced)
    api.add_exception_handler(
        ReadOnly, lambda request, error: problem(403, "read_only", _("这个令牌只能读。写入要用可写的令牌。"))
    )
    api.add_exception_handler(HttpError, _unreadable)
