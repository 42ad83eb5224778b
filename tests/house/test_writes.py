"""Only acts write: no other file calls what changes stored data.

The test reads syntax trees, so it knows names and not types: `.update(` counts when it is given column names
(`update(stage="won")`), not when it feeds a dictionary or a digest.
"""

from __future__ import annotations

import ast
import re

import pytest

from .source import Source, calls, nodes, package

VERBS = {
    "save", "create", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create",
    "asave", "acreate", "adelete", "aupdate", "abulk_create", "abulk_update", "write_rows", "record_rows",
}  # fmt: skip
WRITING_SQL = re.compile(r"^\s*(INSERT\s+INTO|UPDATE\s+\w|DELETE\s+FROM|COPY\s+\S+\s*\(.*FROM)", re.IGNORECASE)

# file → why it may write although it is no act
MAY_WRITE = {
    "pacesetter/worker/restore.py": "brings a whole installation back, under every act",
    "pacesetter/worker/tables.py": "fills the empty tables of a restore",
    "pacesetter/imports/staging.py": "a file of its own in the batch's folder, thrown away after the import",
    "pacesetter/web/english/__main__.py": "writes message catalogues, no records",
}


def is_act(source: Source) -> bool:
    return "acts" in source.parts


def writes(tree: ast.AST) -> list[str]:
    """What in this tree changes stored data, as `line: words`."""
    found = []
    for call in calls(tree):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        named = isinstance(call.func, ast.Attribute) or name in {"write_rows", "record_rows"}
        if (
            isinstance(call.func, ast.Attribute)
            and isinstance(call.func.value, ast.Name)
            and call.func.value.id in {"self", "context"}
        ):
            continue  # a method of the class itself, the words of a template
        column_update = name == "update" and not call.args and bool(call.keywords)
        if named and (name in VERBS or column_update):
            found.append(f"{call.lineno}: {name}")
    for node in nodes(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and WRITING_SQL.match(node.value):
            found.append(f"{node.lineno}: {node.value.strip()[:40]}")
    return found


@pytest.mark.parametrize("source", [s for s in package() if not is_act(s)], ids=lambda s: s.path)
def test_only_acts_write(source: Source):
    if source.path not in MAY_WRITE:
        assert writes(source.tree) == []


def test_every_exception_is_still_needed():
    paths = {source.path for source in package()}
    assert set(MAY_WRITE) <= paths


@pytest.mark.parametrize(
    "line",
    [
        "deal.save()",
        "Deal.objects.create(name='x')",
        "Deal.objects.filter(pk=1).update(stage='won')",
        "customer.deals.all().delete()",
        "Deal.objects.bulk_create(rows)",
        "write_rows(Deal, ['name'], rows)",
        "cursor.execute('DELETE FROM pipeline_deal')",
    ],
)
def test_a_write_in_the_wrong_place_is_noticed(line: str):
    assert writes(ast.parse(line))


@pytest.mark.parametrize(
    "line", ["words.update(more)", "digest.update(b'x')", "open_deal(by=me, at=now)", "d.update({'a': 1})"]
)
def test_what_is_no_write_is_left_alone(line: str):
    assert not writes(ast.parse(line))


def public_functions(tree: ast.Module) -> list[ast.FunctionDef]:
    return [node for node in tree.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]


@pytest.mark.parametrize("source", [s for s in package() if is_act(s)], ids=lambda s: s.path)
def test_an_act_takes_who_and_when_by_name(source: Source):
    """`by` and `at` are never positional, so that no caller mixes them up with what is acted on."""
    for function in public_functions(source.tree):
        positional = {word.arg for word in (*function.args.posonlyargs, *function.args.args)}
        if "by" not in positional | {word.arg for word in function.args.kwonlyargs}:
            continue  # a question beside the acts
        assert not positional & {"by", "at"}, function.name
