"""Every act that is recorded anywhere has words in both languages, and no words are left over."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.utils import translation

from hotich.audit.rules.faults import FAULTS
from hotich.audit.rules.verbs import SUBJECTS, VERBS, word_of_verb

SOURCE = Path(__file__).resolve().parents[2] / "src" / "hotich"
VERB = re.compile(r"[a-z]+(?:_[a-z]+)*\.[a-z_]+")


@cache
def trees() -> dict[str, ast.Module]:
    """The services of every app, and what stands beside them."""
    return {
        str(path.relative_to(SOURCE)): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(SOURCE.rglob("*.py"))
        if "migrations" not in path.parts
    }


Sinks = dict[str, int]  # functions that record a verb they are given → place of their parameter `verb` (-1: by name)


def passed_on(tree: ast.Module, known: Sinks) -> Sinks:
    """Functions of a file that pass their parameter `verb` on to `record`, straight or by way of others."""
    found = dict(known)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    while True:
        more: Sinks = {}
        for function in functions:
            names = [argument.arg for argument in function.args.args]
            given = verbs_given(function, found) if function.name not in found else []
            if any(isinstance(value, ast.Name) and value.id == "verb" for value in given):
                more[function.name] = names.index("verb") if "verb" in names else -1
        if not more:
            return found
        found |= more


@cache
def sinks() -> Sinks:
    """The public ones of all files; a private one counts within its own."""
    found: Sinks = {"record": 0}
    for _ in range(2):  # those that call another file's
        for tree in trees().values():
            found |= {name: place for name, place in passed_on(tree, found).items() if not name.startswith("_")}
    return found


def verbs_given(tree: ast.AST, known: Sinks) -> Iterator[ast.expr]:
    """What is passed as the verb to `record` or to a function that passes it on."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name not in known:
            continue
        place = known[name]
        given = [k.value for k in node.keywords if k.arg == "verb"]
        if not given and 0 <= place < len(node.args):
            given = [node.args[place]]
        for value in given:
            yield from [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]


def constants(tree: ast.Module) -> dict[str, ast.expr]:
    """Names a file gives to fixed values."""
    return {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


@cache
def recorded() -> tuple[set[str], set[str]]:
    """The verbs recorded, and patterns of those put together from parts."""
    verbs, patterns = set(), set()
    for tree in trees().values():
        for value in verbs_given(tree, passed_on(tree, sinks())):
            if isinstance(value, ast.Name):
                value = constants(tree).get(value.id, value)
            if isinstance(value, ast.Constant) and isinstance(value.value, str) and VERB.fullmatch(value.value):
                verbs.add(value.value)
            elif isinstance(value, ast.JoinedStr):
                parts = [re.escape(p.value) if isinstance(p, ast.Constant) else "[a-z_]+" for p in value.values]
                patterns.add("".join(map(str, parts)))
    return verbs, {pattern for pattern in patterns if pattern not in ("[a-z_]+", "")}


def test_every_verb_recorded_has_words() -> None:
    verbs, patterns = recorded()
    assert len(verbs) > 40
    assert sorted(verbs - set(VERBS)) == []
    assert [pattern for pattern in patterns if not any(re.fullmatch(pattern, verb) for verb in VERBS)] == []


def test_no_words_are_left_over() -> None:
    verbs, patterns = recorded()
    texts = {
        node.value
        for name, tree in trees().items()
        if name != "audit/rules/verbs.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert [v for v in VERBS if v not in verbs | texts and not any(re.fullmatch(p, v) for p in patterns)] == []


def test_every_verb_and_subject_is_told_in_english_too() -> None:
    words = [*VERBS.values(), *SUBJECTS.values()]
    with translation.override("en"):
        assert [text for text in words if translation.pgettext("act", text) == text] == []
    with translation.override("vi"):
        assert [text for text in words if translation.pgettext("act", text) != text] == []


def test_two_verbs_never_have_the_same_words() -> None:
    assert len(set(VERBS.values())) == len(VERBS)


def test_findings_of_the_stand_alone_verifier_say_the_same_as_the_catalogue() -> None:
    with translation.override("en"):
        for words in FAULTS.values():
            assert (translation.gettext(words.what), translation.gettext(words.todo)) == (words.what_en, words.todo_en)


def test_a_verb_without_words_is_shown_as_it_is() -> None:
    assert word_of_verb("unheard.of") == "unheard.of"
