"""Write pacesetter/web/locale from the dictionaries beside this file, or check them against the code.

No gettext tools are needed: the catalogue is compiled with polib.
"""

import argparse
import ast
import importlib
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PACKAGE = HERE.parent.parent
CATALOGUE = PACKAGE / "web" / "locale" / "en" / "LC_MESSAGES"
Key = str | tuple[str, str]  # (context, text) for pgettext
CALLS = {"_", "gettext", "gettext_lazy", "gettext_noop"}
WITH_CONTEXT = {"pgettext", "pgettext_lazy"}
TEMPLATES = {".html", ".txt", ".json", ".js"}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|(?<!\{)\{(\w*)(?:[!:][^{}]*)?\}(?!\})")
# a percent sign that is one, not a placeholder
BARE = re.compile(r"(?<!%)%(?![%(])")
HAN = re.compile(r"[㐀-鿿]")


def texts() -> tuple[dict[Key, str], list[str]]:
    """All pairs of all areas, and the faults found in them."""
    pairs: dict[Key, str] = {}
    owner: dict[Key, str] = {}
    faults: list[str] = []
    for path in sorted(HERE.glob("*.py")):
        if path.stem.startswith("__"):
            continue
        area: dict[Key, str] = importlib.import_module(f"{__package__}.{path.stem}").TEXTS
        for chinese, english in area.items():
            if pairs.get(chinese, english) != english:
                faults.append(f"{path.stem}: “{chinese}” already reads “{pairs[chinese]}” in {owner[chinese]}")
                continue
            if placeholders(chinese if isinstance(chinese, str) else chinese[1]) != placeholders(english):
                faults.append(f"{path.stem}: placeholders of “{chinese}” and “{english}” differ")
            pairs[chinese], owner[chinese] = english, path.stem
    return pairs, faults


def placeholders(text: str) -> set[str]:
    return {first or second for first, second in PLACEHOLDER.findall(text)}


def write(pairs: dict[Key, str]) -> None:
    """The .po for people and the .mo for Django."""
    import polib

    book = polib.POFile(wrapwidth=0)
    book.metadata = {
        "Language": "en",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    for chinese, english in pairs.items():
        context, text = (None, chinese) if isinstance(chinese, str) else chinese
        book.append(polib.POEntry(msgctxt=context, msgid=text, msgstr=english))
        doubled = BARE.sub("%%", text)
        if doubled != text and doubled not in pairs:
            # templates ask for a text with its percent signs doubled
            book.append(polib.POEntry(msgctxt=context, msgid=doubled, msgstr=BARE.sub("%%", english)))
    CATALOGUE.mkdir(parents=True, exist_ok=True)
    book.save(str(CATALOGUE / "django.po"))
    # Written beside and renamed, so that a server that is just starting never reads half a file.
    fresh = CATALOGUE / "django.mo.new"
    book.save_as_mofile(str(fresh))
    fresh.replace(CATALOGUE / "django.mo")


def in_python(source: str) -> set[Key]:
    """Texts that Python code marks for translation, under whatever name it imported the marking."""
    found: set[Key] = set()
    tree = ast.parse(source)
    known = {name: name for name in CALLS | WITH_CONTEXT}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            known |= {one.asname: one.name for one in node.names if one.asname and one.name in known}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = known.get(node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", ""), "")
        words = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        if name in WITH_CONTEXT and len(words) >= 2:
            found.add((words[0], words[1]))
        elif name in CALLS and words:
            found.add(words[0])
    return found


def in_template(source: str) -> set[Key]:
    """Texts that a template marks for translation."""
    return {text.replace("%%", "%") for text in marked_in(source)}


def marked_in(source: str) -> set[str]:
    """The same as Django looks them up, a percent sign doubled."""
    from django.utils.translation.template import templatize

    marked = templatize(source)
    calls = re.findall(r"gettext\(\s*u?((?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|\s)+)\)", marked)
    return {ast.literal_eval(f"({call})") for call in calls}


def used() -> dict[Key, str]:
    """Every marked Chinese text with the file it stands in."""
    found: dict[Key, str] = {}
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix == ".py" and HERE not in path.parents:
            marked = in_python(path.read_text(encoding="utf-8"))
        elif path.suffix in TEMPLATES and "templates" in path.parts:
            marked = in_template(path.read_text(encoding="utf-8"))
        else:
            continue
        for text in marked:
            if HAN.search(text if isinstance(text, str) else text[1]):
                found.setdefault(text, path.relative_to(PACKAGE).as_posix())
    return found


def plurals() -> list[str]:
    """Templates that ask for plural forms: Chinese has none, and the catalogue holds one text per sentence."""
    pages = (path for path in PACKAGE.rglob("*") if path.suffix in TEMPLATES and "templates" in path.parts)
    asking = (path for path in pages if "{% plural %}" in path.read_text(encoding="utf-8"))
    return sorted(path.relative_to(PACKAGE).as_posix() for path in asking)


def main() -> int:
    parser = argparse.ArgumentParser(prog="pace english")
    parser.add_argument("--check", action="store_true", help="say what lacks English; write nothing")
    options = parser.parse_args()
    pairs, faults = texts()
    if options.check:
        faults += [f"{path}: “{text}” has no English" for text, path in used().items() if text not in pairs]
        faults += [f"{path}: a plural form is not in the catalogue; say it with the number" for path in plurals()]
    else:
        write(pairs)
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
