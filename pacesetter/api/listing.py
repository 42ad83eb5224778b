"""One way to list: words, filters, order, pages of at most 200; a parameter nobody knows is refused, not ignored."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from pacesetter.lib.refusal import Refusal

from .fields import Answer, Form, Limit, Line80, Page
from .problems import give

T = TypeVar("T", bound=BaseModel)


class Asked(Form):
    """What every list takes."""

    q: Line80 = ""
    page: Page = 1
    limit: Limit = 50

    @property
    def words(self) -> str:
        """What is searched for."""
        return self.q.strip()


class Listed(Answer, Generic[T]):
    """One page. `next` is the number of the following page, null on the last."""

    items: list[T]
    total: int
    page: int
    limit: int
    next: int | None


def known(request: HttpRequest, asked: type[BaseModel]) -> None:
    """Refuse a parameter that this address does not have: a misspelt filter must not widen the answer."""
    names = {field.alias or name for name, field in asked.model_fields.items()}
    for name in request.GET:
        if name not in names:
            raise Refusal(_("没有这个参数。"), code="unknown_field", field=name[:80])


def narrowed(rows: QuerySet[Any], asked: BaseModel, filters: Mapping[str, str]) -> QuerySet[Any]:
    """The rows where each filter that was sent holds: parameter → lookup."""
    for name, lookup in filters.items():
        value = getattr(asked, name)
        if value not in (None, ""):
            rows = rows.filter(**{lookup: value})
    return rows


def listed(
    request: HttpRequest, asked: Asked, rows: QuerySet[Any], order: Mapping[str, str], make: Callable[[Any], T],
    shape: type[Listed[T]], prepare: Callable[[list[Any]], None] | None = None,
) -> HttpResponse:  # fmt: skip
    """The page asked for. `order`: what may be sorted by → column; `prepare` is told the page's rows first."""
    known(request, type(asked))
    sort: str = getattr(asked, "sort", "-id")
    column, down = F(order.get(sort.removeprefix("-"), "id")), sort.startswith("-")
    by = column.desc(nulls_last=True) if down else column.asc(nulls_last=True)
    rows = rows.order_by(by, "-id" if down else "id")
    total, start = rows.count(), (asked.page - 1) * asked.limit
    shown = list(rows[start : start + asked.limit]) if start < total else []
    if prepare:
        prepare(shown)
    items = [make(row) for row in shown]
    following = asked.page + 1 if start + asked.limit < total else None
    return give(shape(items=items, total=total, page=asked.page, limit=asked.limit, next=following).model_dump_json())
