"""Every fact that is noted beside an act anywhere has words in both languages, and no words are left over."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.utils import translation

from hotich.audit.rules.facts import FACTS, word_of_fact

SOURCE = Path(__file__).resolve().parents[2] / "src" / "hotich"
NAMES = {"facts", "told"}  # what a dictionary of facts is called before it is passed on


@cache
def keys() -> frozenset[str]:
    """The keys of every dictionary of facts in a service, a command, or a view that notes something."""
    found: set[str] = set()
    for path in sorted(SOURCE.rglob("*.py")):
        if "migrations" not in path.parts:
            tree = ast.parse(path.read_text(encoding="utf-8"))
            found |= set(_passed(tree))
            if "services" in path.parts or path.name == "services.py":
                found |= set(_assigned(tree))
    return frozenset(found)


def _passed(tree: ast.AST) -> Iterator[str]:
    """facts={…} in a call, and the named arguments of a function of this file that takes **facts."""
    takers = {
        node.name for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.args.kwarg is not None and node.args.kwarg.arg == "facts"
    }  # fmt: skip
    own = {
        argument.arg for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name in takers
        for argument in [*node.args.args, *node.args.kwonlyargs]
    }  # fmt: skip
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        for word in node.keywords:
            if word.arg == "facts":
                yield from _literals(word.value)
            elif isinstance(node.func, ast.Name) and node.func.id in takers and word.arg and word.arg not in own:
                yield word.arg


def _assigned(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id in NAMES for t in node.targets):
            yield from _literals(node.value)
        if isinstance(node, ast.FunctionDef) and node.name == "_facts":
            yield from _literals(node)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "note_row":
            yield from (key for argument in node.args for key in _literals(argument))


def _literals(tree: ast.AST) -> Iterator[str]:
    """Keys of a dictionary put together in one expression; what stands within its values is no fact of its own."""
    if isinstance(tree, ast.Dict):
        for key, value in zip(tree.keys, tree.values, strict=True):
            if key is None:
                yield from _literals(value)
            elif isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield key.value
    elif isinstance(tree, ast.IfExp):
        yield from (*_literals(tree.body), *_literals(tree.orelse))
    elif isinstance(tree, ast.BinOp):
        yield from (*_literals(tree.left), *_literals(tree.right))
    elif isinstance(tree, ast.FunctionDef):
        yield from (key for node in ast.walk(tree) if isinstance(node, ast.Return) and node.value
                    for key in _literals(node.value))  # fmt: skip
    elif isinstance(tree, ast.DictComp) and isinstance(tree.generators[0].iter, ast.Tuple):
        yield from (each.value for each in tree.generators[0].iter.elts
                    if isinstance(each, ast.Constant) and isinstance(each.value, str))  # fmt: skip


def test_every_fact_noted_has_words() -> None:
    assert len(keys()) > 90
    assert sorted(keys() - set(FACTS)) == []


def test_no_words_of_facts_are_left_over() -> None:
    assert sorted(set(FACTS) - keys()) == []


def test_two_facts_never_have_the_same_words_and_each_is_told_in_english() -> None:
    assert len(set(FACTS.values())) == len(FACTS)
    with translation.override("en"):
        assert [text for text in FACTS.values() if translation.pgettext("fact", text) == text] == []
        assert len({translation.pgettext("fact", text) for text in FACTS.values()}) == len(FACTS)


def test_a_fact_without_words_is_shown_by_its_key() -> None:
    assert word_of_fact("unheard_of") == "unheard_of"
