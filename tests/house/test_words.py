"""Every act that writes a journal line, and every kind of object it names, has words in both languages.

The act is read from the syntax trees: the first argument of `record`, followed through the functions that pass it on.
The demo company is left out: it plays what the rooms do.
"""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pytest
from django.utils import translation

from pacesetter.web.words import ACTS, OBJECTS, act_word, entity_word

from .source import Source, package

Function = ast.FunctionDef | ast.AsyncFunctionDef
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Place:
    """An expression, and the function it stands in."""

    file: str
    node: ast.expr
    inside: Function | None


def named(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def within(node: ast.AST, inside: Function | None = None) -> Iterator[tuple[ast.Call, Function | None]]:
    """Every call, and the innermost function it stands in."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call):
            yield child, inside
        yield from within(child, child if isinstance(child, Function) else inside)


class Reader:
    """Which texts an argument of a function may be, over many files."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self.called: dict[str, list[tuple[str, ast.Call, Function | None]]] = {}
        for source in sources:
            for call, inside in within(source.tree):
                self.called.setdefault(named(call), []).append((source.path, call, inside))

    def given(self, function: str, name: str, place: int | None) -> Iterator[Place]:
        """What the calls of a function pass for one parameter."""
        for file, call, inside in self.called.get(function, ()):
            told = next((word.value for word in call.keywords if word.arg == name), None)
            if told is None and place is not None and place < len(call.args):
                told = call.args[place]
            if told is not None:
                yield Place(file, told, inside)

    def texts(self, at: Place, seen: frozenset[int] = frozenset()) -> set[str]:
        """Every text the expression may be; `?file:line` where that cannot be read."""
        node = at.node
        unread = {f"?{at.file}:{node.lineno}"}
        if id(node) in seen:
            return set()
        seen |= {id(node)}

        def again(expression: ast.expr) -> set[str]:
            return self.texts(Place(at.file, expression, at.inside), seen)

        if isinstance(node, ast.Constant):
            return {str(node.value)} if isinstance(node.value, str) else unread
        if isinstance(node, ast.IfExp):
            return again(node.body) | again(node.orelse)
        if isinstance(node, ast.JoinedStr):
            parts = [again(p.value if isinstance(p, ast.FormattedValue) else p) for p in node.values]
            return {"".join(words) for words in itertools.product(*parts)}
        if isinstance(node, ast.Name) and at.inside is not None:
            return self._name(node.id, at, seen) or unread
        return unread

    def _name(self, name: str, at: Place, seen: frozenset[int]) -> set[str]:
        function = at.inside
        assert function is not None
        found: set[str] = set()
        listed = [*function.args.posonlyargs, *function.args.args]
        names = [arg.arg for arg in listed]
        if name in names or name in [arg.arg for arg in function.args.kwonlyargs]:
            place = names.index(name) - (names[:1] in (["self"], ["cls"])) if name in names else None
            for given in self.given(function.name, name, place):
                found |= self.texts(given, seen)
            kept = function.args.defaults
            usual = dict(zip(names[len(names) - len(kept) :], kept, strict=True))
            usual |= {arg.arg: value for arg, value in zip(function.args.kwonlyargs, function.args.kw_defaults,
                                                           strict=True) if value is not None}  # fmt: skip
            return found | (self.texts(Place(at.file, usual[name], None), seen) if name in usual else set())
        for node in ast.walk(function):
            if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == name for t in node.targets):
                found |= self.texts(Place(at.file, node.value, function), seen)
        return found

    def recorded(self, name: str, place: int | None) -> set[str]:
        """What is passed to `record`."""
        return {text for given in self.given("record", name, place) for text in self.texts(given)}


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(source for source in package() if "demo" not in source.parts)


def without_words(acts: Iterable[str], known: Iterable[str]) -> list[str]:
    return sorted(set(acts) - set(known))


def test_every_act_has_words(reader: Reader) -> None:
    acts = reader.recorded("act", 0)
    assert {"draft_goals", "suggest_actions", "answer_suggestion", "publish_goals", "win_deal", "view_as_end"} <= acts
    assert without_words(acts, ACTS) == []


def test_both_languages_have_them() -> None:
    chinese = {key: str(act_word(key)) for key in ACTS}
    assert [key for key, word in chinese.items() if not CHINESE.search(word)] == []
    with translation.override("en"):
        english = {f"{kind}: {key}": str(word(key)) for kind, word, keys in
                   (("act", act_word, ACTS), ("object", entity_word, OBJECTS)) for key in keys}  # fmt: skip
    assert [key for key, word in english.items() if CHINESE.search(word)] == []


WRAPPED = """
def _journal(act, rows, *, by):
    return record(act, by=by, entity="goal")

class Batch:
    def say(self, kind="keep", *, over=False):
        record("over" if over else f"{kind}_deal", by=None)

def submit(rows):
    _journal("submit_it", rows, by=None)
    Batch().say("turn")
    word = "told"
    journal.record(word)

def lost(acts):
    record(acts[0])
"""


def test_an_act_without_words_is_noticed() -> None:
    """The control: an act behind a function, a method, an if and a name is read; one that cannot be read is named."""
    found = Reader([Source("a.py", WRAPPED)]).recorded("act", 0)
    assert found == {"submit_it", "over", "turn_deal", "keep_deal", "told", "?a.py:16"}
    assert without_words(found, ["told", "over"]) == ["?a.py:16", "keep_deal", "submit_it", "turn_deal"]
