"""What the import pages are sent: files, and decisions about their columns."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from pacesetter.imports import reads
from pacesetter.imports.columns import TITLES
from pacesetter.imports.models import Batch, SavedMapping
from pacesetter.imports.presets import PRESETS
from pacesetter.lib.refusal import Refusal

MAX_FILES = 20
MAX_BYTES = 512 * 1024 * 1024


def preset_choices(entities: list[str]) -> list[tuple[str, Any]]:
    """Presets and saved mappings whose every entity the reader may import."""
    english = (get_language() or "").startswith("en")
    found: list[tuple[str, Any]] = []
    for preset in PRESETS.values():
        needed = {plan.entity for plan in preset.files if not plan.ignored}
        needed = {"deals" if entity == "returns" else entity for entity in needed}
        if preset.generic:
            if preset.name in entities:
                found.append((preset.name, TITLES[preset.name]))
        elif needed <= set(entities):
            found.append((preset.name, preset.en if english else preset.zh))
    for saved in SavedMapping.objects.all():
        if saved.entity in entities:
            found.append((saved.name, f"{saved.name} · {TITLES[saved.entity]}"))
    return found


def title_of(preset: str) -> Any:
    """How a batch names its preset: the kind of data, the system, or the name somebody gave."""
    if preset in TITLES:
        return TITLES[preset]
    held = PRESETS.get(preset)
    if held is None:
        return preset
    return held.en if (get_language() or "").startswith("en") else held.zh


def uploaded(request: HttpRequest) -> list[tuple[str, Iterable[bytes]]]:
    """The files of the form; refused without any, or with too much."""
    files = request.FILES.getlist("files")
    if not files:
        raise Refusal(_("先选一个文件：CSV、XLSX、XLS 或 JSON。"), code="required", field="files")
    if len(files) > MAX_FILES:
        raise Refusal(_("一次最多 %(n)s 个文件。") % {"n": MAX_FILES}, code="too_many", field="files")
    if sum(file.size or 0 for file in files) > MAX_BYTES:
        raise Refusal(_("文件超过 512 MB，分成几份再传。"), code="too_big", field="files")
    return [(file.name or "file", file.chunks()) for file in files]


def decided(post: QueryDict, batch: Batch) -> dict[str, dict[str, Any]]:
    """{file: {"columns", "orders", "units", "words"}} as the mapping page sends it; fields are numbered."""
    found: dict[str, dict[str, Any]] = {}

    def sent(kind: str, spot: str) -> str:
        return str(post.get(f"{kind}-{spot}") or "")

    for place, view in enumerate(reads.file_views(batch)):
        columns: dict[str, str] = {}
        orders: dict[str, str] = {}
        units: dict[str, str] = {}
        words: dict[str, dict[str, str]] = {}
        known = {name for name, _label in reads.choices_of_columns(view.entity)} if view.entity in TITLES else set()
        for number, column in enumerate(view.columns):
            spot = f"{place}-{number}"
            name = sent("column", spot)
            if f"column-{spot}" not in post or (name and name not in known):
                continue
            columns[column.header] = name
            if sent("order", spot) in reads.ORDERS[1:]:
                orders[name] = sent("order", spot)
            if sent("unit", spot) in reads.UNITS:
                units[column.header] = sent("unit", spot)
            allowed = {word for word, _label in column.allowed}
            chosen = {text: sent("word", f"{spot}-{n}") for n, text in enumerate(column.unknown)}
            chosen = {text: word for text, word in chosen.items() if word in allowed}
            if chosen and name == column.name:
                words[name] = chosen
        if columns:
            found[view.file] = {"columns": columns, "orders": orders, "units": units, "words": words}
    return found
