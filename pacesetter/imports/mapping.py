"""Which column of a file is which canonical column: guessed from Chinese and English headers, never two to one field.

    found = guess(sheet.headers, "deals")
    found.columns     [Mapped(index, header, column, confidence, unit, percent, tax, currency)]
    found.unmapped    indexes of columns that are kept with the record as extras
    found.faults      [ValueFault]: two columns for one field, a required column missing, the same header twice

Confidence: 1.0 the column's own name, 0.9 a known synonym; 0.95 and 0.7 the same after taking off a unit such as
（万元）. A mapping chosen by hand (`choose`) beats any guess.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from django.utils.translation import get_language

from pacesetter.lib import money

from .cells import plain_word
from .columns import COLUMNS, ENTITIES, READING, Column, by_name
from .faults import ValueFault

_SIGNS = re.compile(r"[\s_\-*.:：/\\()（）\[\]【】<>#'\"“”、，,]+")
_UNIT = re.compile(
    r"(?P<stem>.+?)[\s_\-/]*[(（\[【]?\s*(?:单位)?[:：]?\s*"
    r"(?P<unit>百万元|千万元|人民币元|万元|亿元|千元|百元|万|元|RMB|%|％|[A-Z]{3}|分钟|分|天|家|个|次|人|件|含税|不含税|未税|min|minutes|days)"
    r"\s*[)）\]】]?$"
)
_BRACKETED = re.compile(r"[(（\[【]\s*(?:单位)?[:：]?\s*([^()（）\[\]【】]+?)\s*[)）\]】]$")
_TAX = {"含税": "included", "不含税": "excluded", "未税": "excluded"}


@dataclass(frozen=True, slots=True)
class Mapped:
    """One column of the file and the canonical column it fills.

    `unit` 元, 万元 … of money; `percent` `percent` where the header says %; `tax` included or excluded; `currency` an
    ISO code.
    """

    index: int
    header: str
    column: Column
    confidence: float = 1.0
    unit: str = ""
    percent: str = ""
    tax: str = ""
    currency: str = ""


@dataclass(slots=True)
class SheetMapping:
    """The mapping of one sheet."""

    entity: str
    headers: list[str]
    columns: list[Mapped] = field(default_factory=list)
    unmapped: list[int] = field(default_factory=list)
    faults: list[ValueFault] = field(default_factory=list)
    # what else could say how the amounts are read (a unit, the currency); left unmapped like whatever nothing takes
    rivals: list[Mapped] = field(default_factory=list)

    def of(self, name: str) -> Mapped | None:
        """The file's column for a canonical one."""
        return next((mapped for mapped in self.columns if mapped.column.name == name), None)

    def without(self, found: Mapped) -> None:
        """Take a guess back: the column is one of those that nothing takes."""
        self.columns.remove(found)
        self.unmapped = sorted([*self.unmapped, found.index])

    def instead(self, found: Mapped, rival: Mapped) -> None:
        """Take another column than the one guessed."""
        self.without(found)
        self.unmapped.remove(rival.index)
        self.columns = sorted([*self.columns, rival], key=lambda mapped: mapped.index)


def normal(header: str) -> str:
    """A header to compare by: no blanks, signs or case (`Deal No.` = `deal_no`, `客户 ID` = `客户id`)."""
    return _SIGNS.sub("", plain_word(header))


@cache
def _names(entity: str) -> dict[str, tuple[Column, float]]:
    """Normal form → column and confidence; a column's own names beat the synonyms of others."""
    found: dict[str, tuple[Column, float]] = {}
    for column in COLUMNS[entity]:
        for name in (column.name, column.zh, column.en):
            found[normal(name)] = (column, 1.0)
    for column in COLUMNS[entity]:
        for alias in column.aliases:
            found.setdefault(normal(alias), (column, 0.9))
    return found


@cache
def _all_names() -> frozenset[str]:
    return frozenset(name for entity in ENTITIES for name in _names(entity))


def is_header_word(text: str) -> bool:
    """Whether a text is a header that somebody would use in some file."""
    if len(text) > 40:
        return False
    if normal(text) in _all_names():
        return True
    stem, _ = _without_unit(text)
    return stem != text and normal(stem) in _all_names()


def _without_unit(header: str) -> tuple[str, str]:
    bracketed = _BRACKETED.search(header)
    if bracketed:
        return header[: bracketed.start()].strip(), bracketed[1].strip()
    match = _UNIT.fullmatch(header)
    return (match["stem"], match["unit"]) if match else (header, "")


def find(header: str, entity: str) -> tuple[Column, float, str] | None:
    """The column a header means, how sure, and the unit it carries."""
    names = _names(entity)
    known = names.get(normal(header))
    if known:
        return (*known, "")
    stem, unit = _without_unit(header)
    known = names.get(normal(stem)) if unit else None
    if known:
        return known[0], 0.95 if known[1] == 1.0 else 0.7, unit
    for prefix in ("含税", "不含税", "未税"):
        rest = header.strip().removeprefix(prefix)
        known = names.get(normal(rest)) if rest != header.strip() and rest else None
        if known and known[0].type == "money":
            return known[0], 0.7, prefix
    return None


def own_unit(found: Mapped) -> str:
    """What a column of money counts in where its header or a choice says it; 元 chosen on the page says nothing."""
    written = _without_unit(found.header)[1]
    if written in money.UNITS:
        return {"万": "万元", "亿": "亿元"}.get(written, written)
    return "" if found.unit == "元" else found.unit


def mapped(index: int, header: str, column: Column, confidence: float = 1.0, unit: str | None = None) -> Mapped:
    """A mapping of one column, with what its header says about units."""
    if unit is None:
        unit = _without_unit(header)[1]
    scale = unit if unit in money.UNITS else "元" if unit in ("人民币元", "RMB") else ""
    code = unit.upper() if unit.upper() in money.CURRENCIES else "CNY" if unit in ("人民币元", "RMB") else ""
    is_money = column.type in ("money", "measure")
    return Mapped(
        index,
        header,
        column,
        confidence,
        unit=scale if is_money else "",
        percent="percent" if unit in ("%", "％") and column.type in ("ratio", "measure") else "",
        tax=_TAX.get(unit, "") if is_money else "",
        currency=code if is_money else "",
    )


def guess(headers: Sequence[str], entity: str, choose: Mapping[str, str] | None = None) -> SheetMapping:
    """Map the headers of a sheet. `choose` {header: column name or ""} is what somebody decided; "" = do not import."""
    columns = by_name(entity)
    # a choice made for another kind of file means nothing here
    chosen = {header: name for header, name in (choose or {}).items() if not name or name in columns}
    result = SheetMapping(entity, list(headers))
    wanted: dict[str, list[Mapped]] = {}
    for index, header in enumerate(headers):
        if not header:
            continue
        if header in chosen:
            name = chosen[header]
            if name:
                wanted.setdefault(name, []).append(mapped(index, header, columns[name], 2.0))
            continue
        known = find(header, entity)
        if known:
            wanted.setdefault(known[0].name, []).append(mapped(index, header, *known))
    for name, candidates in wanted.items():
        candidates.sort(key=lambda candidate: (-candidate.confidence, candidate.index))
        best = candidates[0]
        result.columns.append(best)
        if columns[name].type in READING and best.confidence <= 1:
            # never stored, so two of them contradict nothing: the best guess is read, nobody is asked
            result.rivals.extend(candidates[1:])
            continue
        rivals = [rival for rival in candidates[1:] if rival.confidence == best.confidence]
        for rival in rivals:
            if rival.header == best.header:
                result.faults.append(ValueFault("duplicate_header", header=best.header))
            else:
                result.faults.append(
                    ValueFault("two_columns", one=best.header, other=rival.header, field=label(columns[name]))
                )
    result.columns.sort(key=lambda found: found.index)
    taken = {found.index for found in result.columns}
    result.unmapped = [index for index in range(len(headers)) if index not in taken]
    for column in COLUMNS[entity]:
        if column.required and column.name not in wanted:
            result.faults.append(ValueFault("missing_column", field=label(column)))
    return result


def label(column: Column) -> str:
    """The column's header in the reader's language."""
    return column.en if (get_language() or "").startswith("en") else column.zh


def guess_entity(headers: Sequence[str], name: str = "") -> str:
    """What kind of records a sheet holds; empty where its headers do not tell. `name` is the file's or sheet's."""
    scores: dict[str, float] = {}
    for entity in ENTITIES:
        found = guess(headers, entity)
        own = sum(candidate.confidence for candidate in found.columns)
        missing = sum(1 for fault in found.faults if fault.code == "missing_column")
        bonus = 1.5 if any(word in plain_word(name) for word in _FILE_WORDS[entity]) else 0.0
        if found.columns:
            scores[entity] = own - 2.5 * missing + bonus + (0.5 if any(c.column.unique for c in found.columns) else 0)
    ranked = sorted(scores.items(), key=lambda item: -item[1])
    if not ranked or ranked[0][1] < 1.0:
        return ""
    if len(ranked) > 1 and ranked[0][1] - ranked[1][1] < 0.25:
        return ""
    return ranked[0][0]


_FILE_WORDS: dict[str, tuple[str, ...]] = {
    "people": ("人员", "员工", "花名册", "people", "employee", "staff", "person", "salesteam"),
    "products": ("产品", "商品", "物料", "product", "item"),
    "customers": ("客户", "customer", "account"),
    "leads": ("线索", "lead"),
    "deals": ("商机", "成交", "订单", "合同", "销售", "deal", "order", "opportunit", "pipeline"),
    "activities": ("活动", "拜访", "跟进", "通话", "activit", "visit", "call", "task"),
    "collections": ("回款", "应收", "收款", "发票", "collection", "invoice", "receivable", "receipt", "payment"),
    "goals": ("目标", "任务", "goal", "target", "quota"),
}
