"""The metric catalogue and its numbers, within the reach of the caller; and who the caller is."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Path, Query, Router
from pydantic import Field, StringConstraints, TypeAdapter

from pacesetter import assembly
from pacesetter.lib.money import exponent
from pacesetter.lib.refusal import OutOfReach, Refusal
from pacesetter.metrics.catalogue import UnknownBasis
from pacesetter.metrics.engine import UnknownDim
from pacesetter.people import reads as people

from .. import numbers
from ..caller import caller
from ..fields import Answer, Day, Form, Line20, PathId
from ..listing import known
from ..problems import READS, give

router = Router(tags=["metrics"])
MOST_DIMS = 4
MetricKey = Annotated[str, StringConstraints(max_length=80, pattern=r"^[A-Za-z0-9_]+$"), Path()]


class MetricOut(Answer):
    """One line of the catalogue, in both languages."""

    key: str
    zh: str
    en: str
    kind: str
    unit: str
    better: str
    additive: bool
    minimum_n: int
    window: str
    bases: list[str]
    meaning_zh: str
    meaning_en: str


class NumberOut(Answer):
    """One row: `key` in the order of `by`; `value` is top, or top / bottom, null where the bottom is 0."""

    key: list[str | None]
    top: int
    bottom: int | None
    value: int | float | None
    n: int
    unit: Literal["minor", "count", "ratio", "days"]


class NothingAsked(Form):
    """An address without parameters."""


class NumbersAsked(Form):
    """Which number: `by` dims with commas, `[from, to)`, a basis where the metric has several, a team's subtree."""

    by: Annotated[str, StringConstraints(max_length=200, pattern=r"^[a-z_,]*$")] = ""
    start: Day = Field(alias="from")
    end: Day = Field(alias="to")
    basis: Line20 = ""
    team_id: PathId | None = None


class MeOut(Answer):
    """The person behind the token."""

    person_id: int
    name: str
    roles: list[str]
    may_write: bool
    today: str
    currency: str
    currency_decimals: int


_NUMBERS: TypeAdapter[list[NumberOut]] = TypeAdapter(list[NumberOut])
_CATALOGUE: TypeAdapter[list[MetricOut]] = TypeAdapter(list[MetricOut])


@router.get("/metrics", response={200: list[MetricOut], **READS}, url_name="metrics")
def metric_list(request: HttpRequest) -> HttpResponse:
    """The metrics this caller may ask."""
    who = caller(request)
    known(request, NothingAsked)
    who.reach.require("metrics")
    rows = [
        MetricOut(
            key=m.key, zh=m.zh, en=m.en, kind=m.kind, unit=m.unit, better=m.better, additive=m.additive,
            minimum_n=m.minimum_n, window=m.window, bases=[basis for basis in m.bases if basis],
            meaning_zh=m.meaning[0], meaning_en=m.meaning[1],
        )
        for m in assembly.catalogue().values()
        if assembly.may_ask(m, who.reach)
    ]  # fmt: skip
    return give(_CATALOGUE.dump_json(rows).decode())


@router.get("/metrics/{key}", response={200: list[NumberOut], **READS}, url_name="metric")
def metric_get(request: HttpRequest, key: MetricKey, asked: Query[NumbersAsked]) -> HttpResponse:
    """One metric by the dims asked; groups without facts are left out."""
    who = caller(request)
    known(request, NumbersAsked)
    who.reach.require("metrics")
    dims = tuple(dim for dim in asked.by.split(",") if dim)
    if len(set(dims)) != len(dims) or len(dims) > MOST_DIMS:
        raise Refusal(_("维度最多 4 个，且不能重复。"), code="dims", field="by")
    if asked.end < asked.start:
        raise Refusal(_("开始日期要早于结束日期。"), code="order", field="to")
    try:
        question = assembly.question(
            key, asked.start, asked.end, today=who.today, reach=who.reach, by=dims, basis=asked.basis,
            within=() if asked.team_id is None else (asked.team_id,),
        )  # fmt: skip
        rows = assembly.answer(question)
    except assembly.UnknownMetric as wrong:
        raise OutOfReach from wrong
    except UnknownBasis as wrong:
        raise Refusal(_("这个指标没有这种口径。"), code="unknown_basis", field="basis") from wrong
    except (UnknownDim, ValueError) as wrong:
        raise Refusal(_("这个指标不能按这个维度分。"), code="unknown_dim", field="by") from wrong
    found: list[dict[str, Any]] = [numbers.row(row) for row in rows]
    return give(_NUMBERS.dump_json(_NUMBERS.validate_python(found)).decode())


@router.get("/me", response={200: MeOut, **READS}, url_name="me", tags=["me"])
def me(request: HttpRequest) -> HttpResponse:
    """Who the token stands for, the company's day and its currency."""
    who = caller(request)
    known(request, NothingAsked)
    currency = people.company().currency
    return give(
        MeOut(
            person_id=who.person.pk, name=who.person.name, roles=sorted(who.reach.roles),
            may_write=who.token.may_write, today=who.today.isoformat(), currency=currency,
            currency_decimals=exponent(currency),
        ).model_dump_json()
    )  # fmt: skip
