"""One word per thing: every noun, role and metric of the code stands in the glossary, in both languages."""

from __future__ import annotations

import ast
import re

from pacesetter.metrics.catalogue import METRICS
from pacesetter.people import rights

from .source import ROOT, package

ROW = re.compile(r"^\|\s*\[?`(\w+)`[^|]*\|\s*([^|]+?)\s*\|\s*([^|]+?)\s*\|", re.MULTILINE)
CHINESE = re.compile(r"[\u4e00-\u9fff]|^HRBP$|^SQL$")


def rows(page: str) -> dict[str, tuple[str, str]]:
    """code → (中文, English) of a page's tables."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return {code: (zh, en) for code, zh, en in ROW.findall(text)}


def nouns() -> dict[str, str]:
    """Every model and word list of the rooms and doors, with its file."""
    found = {}
    for source in package():
        if "models" not in source.parts:
            continue
        for node in source.tree.body:
            if not isinstance(node, ast.ClassDef) or node.name.startswith("_"):
                continue
            bases = {ast.unparse(base) for base in node.bases}
            abstract = any("abstract = True" in ast.unparse(part) for part in node.body)
            if not abstract and any("Manager" in base or base in {"Exception"} for base in bases):
                continue
            if abstract and node.name != "Seat":
                continue
            found[node.name] = source.path
    return found


def test_every_noun_stands_in_the_glossary():
    held = rows("glossary.md")
    # the way of a batch is told by its page, and `State` alone says nothing
    missing = {name: path for name, path in nouns().items() if name not in held and name != "State"}
    assert missing == {}


def test_the_glossary_names_nothing_that_is_gone():
    known = set(nouns()) | set(rights.ROLES) | set(rights.CAPABILITIES)
    assert set(rows("glossary.md")) <= known


def test_every_role_stands_in_the_glossary():
    held = rows("glossary.md")
    assert (set(rights.ROLES) | set(rights.CAPABILITIES)) <= set(held)


def test_every_word_has_both_languages():
    for page in ("glossary.md", "metrics.md"):
        for code, (zh, en) in rows(page).items():
            if page == "metrics.md" and code not in METRICS:
                continue  # the tables of facts below: meaning, not names
            assert CHINESE.search(zh), (page, code)
            assert re.search(r"[A-Za-z]", en), (page, code)


def test_every_metric_stands_on_its_page():
    assert set(METRICS) <= set(rows("metrics.md"))
