"""What the import pages are sent: files, and decisions about their columns."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from pacesetter.imports import reads
from pacesetter.imports.columns import COLUMNS, TITLES
from pacesetter.imports.composing import MADE
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
        if preset.generic:
            if preset.name in entities:
                found.append((preset.name, TITLES[preset.name]))
        elif needed <= set(entities):
            found.append((preset.name, preset.en if english else preset.zh))
    for saved in SavedMapping.objects.all():
        if {part["entity"] for part in saved.parts} <= set(entities):
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


def guesses(batch: Batch, preset: str, entities: list[str]) -> dict[str, dict[str, Any]]:
    """What each of several files seems to hold, where it is not what the batch is said to be."""
    paths = reads.files_of(batch)
    if len(paths) < 2 or preset not in COLUMNS:
        return {}
    found = {path.name: reads.guessed_entity(path, path.name) for path in paths}
    return {name: {"entity": entity} for name, entity in found.items() if entity != preset and entity in entities}


def decided(post: QueryDict, batch: Batch, entities: list[str]) -> dict[str, dict[str, Any]]:
    """{file: what `acts.batches.choices_of` reads} as the mapping page sends it; fields are numbered."""
    found: dict[str, dict[str, Any]] = {}
    for place, view in enumerate(reads.file_views(batch)):
        kind = post.get(f"entity-{place}") or view.entity
        if kind != view.entity and kind in entities:
            # what was chosen for another kind of file means nothing here
            found[view.file] = {"entity": kind}
            continue
        sheet = post.get(f"sheet-{place}") or ""
        if sheet in view.sheets and sheet != view.sheet:
            # its columns are other ones
            found[view.file] = {"entity": view.entity, "sheet": sheet}
            continue
        sent = _columns(post, place, view)
        if sheet in view.sheets[1:] or view.decided.sheet:
            sent["sheet"] = view.sheet
        if sent["columns"]:
            found[view.file] = {"entity": view.entity, **sent, **_rows(post, place, view, entities)}
    return found


def _columns(post: QueryDict, place: int, view: reads.FileView) -> dict[str, Any]:
    """Where each column goes, and how its cells are read."""
    made: dict[str, Any] = {name: {} for name in ("columns", "orders", "units", "words")}
    made |= {"half_up": [], "exact": [], "key": []}
    known = {name for name, _label in view.fields}
    for number, column in enumerate(view.columns):
        spot = f"{place}-{number}"

        def sent(kind: str, spot: str = spot) -> str:
            return str(post.get(f"{kind}-{spot}") or "")

        name = sent("column")
        if f"column-{spot}" not in post or (name and name not in known):
            continue
        made["columns"][column.header] = name
        if sent("key") == "1" and name != "deal_no" and view.entity == "deals":
            made["key"].append(column.header)
        if sent("order") in reads.ORDERS[1:]:
            made["orders"][name] = sent("order")
        if sent("unit") in reads.UNITS:
            made["units"][column.header] = sent("unit")
        if sent("round") == "row":
            made["half_up"].append(name)
        elif sent("round") == "deal" and (view.entity, name) == ("deals", "amount"):
            made["exact"].append(name)
        allowed = {word for word, _label in column.allowed}
        asked = {text: sent("word", f"{spot}-{n}") for n, (text, _chosen) in enumerate(column.unknown)}
        words = {**view.decided.words.get(name, {}), **asked}
        words = {text: word for text, word in words.items() if word in allowed}
        if words and name == column.name:
            made["words"][name] = words
    return made


def _rows(post: QueryDict, place: int, view: reads.FileView, entities: list[str]) -> dict[str, Any]:
    """How rows become records."""
    made: dict[str, Any] = {"fixed": {}}
    for name, _label, words, _chosen in view.absent:
        word = post.get(f"fixed-{place}-{name}") or ""
        if word in {word for word, _text in words}:
            made["fixed"][name] = word
    if view.entity == "deals":
        made["make"] = [one for one in post.getlist(f"make-{place}") if one in MADE and one in entities]
        made["owner_by"] = "region" if post.get(f"owner-{place}") == "region" else ""
    if view.entity == "returns":
        made["day_from"] = str(post.get(f"day-{place}") or "")[:200]
    return made
