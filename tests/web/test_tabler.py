"""What is left of Tabler's style sheet is what the pages use of it (frontend/of_tabler.js, vite.config.js)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OF_TABLER = ROOT / "frontend/of_tabler.js"
TABLER = ROOT / "node_modules/@tabler/core/dist/css/tabler.min.css"
DIST = ROOT / "pacesetter/web/static/dist/assets"


def listed() -> set[str]:
    """The classes that are kept."""
    return set(OF_TABLER.read_text(encoding="utf-8").split("`")[1].split())


def classes(sheet: Path) -> set[str]:
    """Every class that a style sheet has rules for."""
    text = re.sub(r"/\*.*?\*/|url\([^)]*\)|\"[^\"]*\"", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
    return set(re.findall(r"\.([a-zA-Z][\w-]*)", text))


def attributes() -> Iterator[str]:
    """What stands in a class attribute of a template, conditions and all."""
    for path in (ROOT / "pacesetter").rglob("*.html"):
        text = re.sub(r"{{.*?}}", "", path.read_text(encoding="utf-8"))
        yield from re.findall(r'class="([^"]*)"', text)


def literals() -> Iterator[str]:
    """Every string of the scripts and of the web door, from which templates get their classes too."""
    scripts = set((ROOT / "frontend").glob("*.js")) - {OF_TABLER}
    for path in [*scripts, *(ROOT / "pacesetter/web").rglob("*.py")]:
        yield from re.findall(r"""['"`]([^'"`\n]*)['"`]""", path.read_text(encoding="utf-8"))


def words(texts: Iterator[str]) -> set[str]:
    return {word for text in texts for word in re.findall(r"[\w-]+", text)}


def test_every_class_that_tabler_styles_is_kept():
    assert (words(attributes()) | words(literals())) & classes(TABLER) - listed() == set()


def test_no_class_is_kept_that_nobody_uses():
    assert listed() - (words(attributes()) | words(literals())) & classes(TABLER) == set()


def test_what_is_kept_reaches_the_pages_and_little_else():
    (built,) = DIST.glob("app-*.css")
    kept = classes(built) & classes(TABLER)
    assert {"btn-primary", "form-range", "form-select", "visually-hidden"} <= kept
    assert len(kept) * 10 < len(classes(TABLER))
