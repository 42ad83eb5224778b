"""`docs/metrics.md`, written from the catalogue: what every number means, in both languages."""

from __future__ import annotations

from collections.abc import Iterator

from . import funnel, schema
from .catalogue import METRICS, Basis, Metric
from .engine import dims_for

KINDS = {
    "process": ("过程指标", "Process metrics"),
    "result": ("结果指标", "Result metrics"),
    "health": ("健康指标", "Health metrics"),
}
UNITS = {"minor": "money, in minor units", "count": "count", "ratio": "ratio", "days": "days"}


def formula(metric: Metric, basis: Basis, language: int) -> str:
    """The formula in words: `成单率 = 赢单数 ÷ 赢单与输单数`. `language`: 0 中文, 1 English."""
    name = (metric.zh, metric.en)[language]
    top, bottom = basis.top_words[language], basis.bottom_words[language]
    return f"{name} = {top} ÷ {bottom}" if bottom else f"{name} = {top}"


def page() -> str:
    """The whole page."""
    return "\n".join(_lines()).rstrip() + "\n"


def _lines() -> Iterator[str]:
    yield "# 指标目录 · Metric catalogue"
    yield ""
    yield "<!-- Written by `./pace metricdocs` from pacesetter/metrics/catalogue; do not edit by hand. -->"
    yield ""
    yield "Every number of the product is one of these. A value is top ÷ bottom, exactly; without a bottom it is"
    yield "the top; over zero there is none. Times are `[from, to)`. Person, team, manager, region and growth stage"
    yield "are those of the day of the fact. A metric that is not additive is asked again at each grain; its parts"
    yield "do not add up to the whole. A stand is taken at the end of each period asked for, or today while the"
    yield "period is not over. n counts the cases behind the bottom of a rate, else behind the top; a rate on fewer"
    yield "than its least n is not shown on pages."
    yield ""
    yield "| key | 中文 | English | kind | unit |"
    yield "|---|---|---|---|---|"
    for metric in METRICS.values():
        yield f"| [`{metric.key}`](#{metric.key}) | {metric.zh} | {metric.en} | {metric.kind} | {metric.unit} |"
    for kind, (zh, en) in KINDS.items():
        yield ""
        yield f"## {zh} · {en}"
        for metric in METRICS.values():
            if metric.kind == kind:
                yield from _metric(metric)
    yield ""
    yield "## 漏斗 · Funnel"
    yield ""
    yield "Read on the basis `cohort` (by creation) or `period` (by event)."
    yield ""
    yield "| key | 中文 | English | unit | meaning |"
    yield "|---|---|---|---|---|"
    for metric in funnel.METRICS.values():
        yield f"| `{metric.key}` | {metric.zh} | {metric.en} | {metric.unit} | {metric.meaning[1]} |"
    yield ""
    yield "## 事实表 · Fact tables"
    yield ""
    yield "| table | one row is | columns |"
    yield "|---|---|---|"
    for table in schema.TABLES.values():
        yield f"| `{table.name}` | {table.meaning} | {', '.join(table.columns)} |"


def _metric(metric: Metric) -> Iterator[str]:
    yield ""
    yield f"### {metric.key}"
    yield ""
    yield f"**{metric.zh} · {metric.en}** — {UNITS[metric.unit]}; better: {metric.better};"
    yield (
        f"{'additive' if metric.additive else 'not additive'}; least n: {metric.minimum_n};"
        f" usual window: {metric.window}; owner: {metric.owner[0]} · {metric.owner[1]}."
    )
    yield ""
    yield metric.meaning[0]
    yield ""
    yield metric.meaning[1]
    yield ""
    if metric.levels:
        healthy, danger = metric.levels
        yield f"健康：{healthy[0]}；危险：{danger[0]}。 Healthy: {healthy[1]}; danger: {danger[1]}."
        yield ""
    for key, basis in metric.bases.items():
        name = f"`{key}`: " if key else ""
        stand = " (a stand at the end of each period)" if basis.moving else ""
        yield f"- {name}{formula(metric, basis, 0)}"
        yield f"  {formula(metric, basis, 1)}{stand}"
        yield f"  by {', '.join(dims_for(metric, key))}"
