"""From a declared measure to SQL text, once per (measure, dims, dialect), with marks where values go."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import ibis
import ibis.expr.types as ir
from ibis.backends.sql.compilers import PostgresCompiler, SQLiteCompiler
from sqlglot import exp

from .. import schema
from ..catalogue.derived import DERIVED, dims_of, main_of
from ..catalogue.words import Measure, Metric, Span, Spread, meant
from ..schema import TIME_DIMS, FactTable

# The key by which a number falls into the records it is made of; no dim that anybody can ask by.
CASE = "case"
COMPILERS = {"sqlite": SQLiteCompiler, "postgres": PostgresCompiler}


@dataclass(frozen=True)
class Compiled:
    """The body of one query with `⟦name⟧` where values go, the tables it reads, and its value columns."""

    sql: str
    main: str
    raws: tuple[str, ...]
    dates: tuple[bool, ...]  # which selected columns are dates


def dims_for(metric: Metric, basis: str = "") -> list[str]:
    """Every dim a metric can be asked by, in the order of `schema.DIMS`."""
    _, chosen = metric.basis(basis)
    if chosen.plan:
        carried = set(schema.MEMBERSHIP.dims)
    else:
        carried = set(schema.DIMS)
        for measure in chosen.measures():
            here = set(dims_of(measure.fact))
            if main_of(measure.fact).deal_column:
                here.add("product")
            carried &= here
    return [dim for dim in schema.DIMS if dim in carried or dim in TIME_DIMS]


@lru_cache(maxsize=64)
def table_of(name: str, prefix: str) -> ir.Table:
    """A fact table as a query reads it: `fact_…` within reach, or `raw_…` in full."""
    return ibis.table(schema.TABLES[name].columns, name=f"{prefix}_{name}")


@lru_cache(maxsize=4096)
def compiled(measure: Measure | Spread, by: tuple[str, ...], dialect: str) -> Compiled:
    """The SQL of one measure by dims (kept for the life of the process)."""
    rows, main, raws = _grouped(measure, by)
    return finished(rows, main, raws, dialect)


class _Raw:
    """Fact tables in full, and which of them were asked for."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.names = list(names)

    def __call__(self, name: str) -> ir.Table:
        if name not in self.names:
            self.names.append(name)
        return table_of(name, "raw")


@lru_cache(maxsize=16)
def _facts(fact: str) -> tuple[ir.Table, tuple[str, ...]]:
    """A fact table or derived table within reach, and the tables in full that it reads."""
    table, raw = table_of(main_of(fact).name, "fact"), _Raw()
    if fact in DERIVED:
        table = DERIVED[fact].build(table, raw, Span())
    return table, tuple(raw.names)


@lru_cache(maxsize=128)
def _chosen(measure: Measure | Spread) -> tuple[ir.Table, tuple[str, ...]]:
    """The facts that a measure counts, the same by whatever dims it is asked."""
    table, raws = _facts(measure.fact)
    span = Span()
    conditions = []
    if measure.on:
        conditions += [table[measure.on] >= span.start, table[measure.on] < span.end]
    if measure.where is not None:
        conditions.append(measure.where(table, span))
    return (table.filter(*conditions) if conditions else table), raws


def _rows(measure: Measure | Spread, by: tuple[str, ...]) -> tuple[ir.Table, FactTable, list[str], dict[str, ir.Value]]:
    """The filtered facts of a measure joined to what the dims need, and the key expressions."""
    main = main_of(measure.fact)
    table, read = _chosen(measure)
    raw = _Raw(read)
    carried = dims_of(measure.fact)
    labels = [d for d in by if d in TIME_DIMS and d != "day"]
    if labels:
        if not measure.on:
            raise ValueError(f"{measure.fact}: a stand has no day of its own to group by")
        days = raw("calendar_day").select(label_day="day", **{f"label_{d}": d for d in labels})
        table = table.left_join(days, table[measure.on] == days.label_day)
    if "product" in by and "product" not in carried:
        pairs = raw("deal_product").select(product_deal="deal_id", product_in="product_id")
        table = table.left_join(pairs, table[main.deal_column or ""] == pairs.product_deal)
    keys: dict[str, ir.Value] = {}
    for place, dim in enumerate(by):
        if dim == CASE:
            column = table[main.case]
        elif dim == "day":
            column = table[measure.on or ""]
        elif dim in TIME_DIMS:
            column = table[f"label_{dim}"]
        elif dim in carried:
            column = table[carried[dim]]
        else:
            column = table["product_in"]
        keys[f"k{place}"] = column
    return table, main, raw.names, keys


def _grouped(measure: Measure | Spread, by: tuple[str, ...]) -> tuple[ir.Table, FactTable, list[str]]:
    table, main, raws, keys = _rows(measure, by)
    if isinstance(measure, Spread):
        values = {f"v{place}": table[column] for place, column in enumerate(measure.columns)}
        weight = table[measure.weigh].sum() if measure.weigh else table.count()
        grouped = table.group_by(**keys, **values).agg(weight=weight.cast("int64"))
        return grouped.select(*keys, *values, "weight"), main, raws
    if measure.agg == "sum":
        top: Any = table[measure.of].sum()
    elif measure.agg == "distinct":
        top = table[measure.of].nunique()
    else:
        top = table.count()
    n = table.count() if main.case == "id" else table[main.case].nunique()
    aggregates = {"top": top.cast("int64"), "n": n.cast("int64")}
    result = table.group_by(**keys).agg(**aggregates) if keys else table.agg(**aggregates)
    return result.select(*keys, "top", "n"), main, raws


def finished(rows: ir.Table, main: FactTable, raws: list[str], dialect: str) -> Compiled:
    """The SQL text of an expression, with marks for the dates of the question."""
    tree = COMPILERS[dialect]().to_sqlglot(rows)
    # A copy, for Ibis hangs one node in several places; the copy is ours alone and may be written as it is.
    tree = tree.transform(_bound, dialect)
    dates = tuple(kind.is_date() for kind in rows.schema().types)
    return Compiled(tree.sql(dialect=dialect, copy=False), main.name, tuple(raws), dates)


def _bound(node: exp.Expression, dialect: str) -> exp.Expression:
    """A placeholder for a date that stands for the question's; any other node as it is."""
    found = None
    if isinstance(node, exp.Literal) and node.is_string and re.fullmatch(r"9\d{3}-\d\d-\d\d", node.this):
        found = meant(date.fromisoformat(node.this))
    elif isinstance(node, exp.DateFromParts):
        parts = [int(node.args[part].name) for part in ("year", "month", "day")]
        found = meant(date(*parts))
    if not found:
        return node
    mark = exp.Var(this=f"⟦{found[0]}:{found[1]}⟧")
    return exp.Cast(this=mark, to=exp.DataType.build("date")) if dialect == "postgres" else mark
