"""Every Vietnamese text of records, persons and files has its English one, with the same parameters."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import polib
import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "hotich"
IN_TEMPLATES = (r"""\{%\s*translate\s+(["'])(?P<text>.*?)\1""", r"""_\((["'])(?P<text>.*?)\1\)""")
BLOCK = r"\{%\s*blocktranslate.*?%\}(?P<text>.*?)\{%\s*endblocktranslate"
CALLS = {"_", "gettext", "gettext_lazy", "ngettext"}
HOLES = re.compile(r"%\(\w+\)[+]?[sd]|\{\w+\}")


def texts_of_templates(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*.html"):
        source = path.read_text(encoding="utf-8")
        for pattern in IN_TEMPLATES:
            yield from (match["text"] for match in re.finditer(pattern, source))
        for match in re.finditer(BLOCK, source, re.DOTALL):
            for part in re.split(r"\{%\s*plural\s*%\}", match["text"]):
                yield re.sub(r"\{\{\s*(\w+)\s*\}\}", r"%(\1)s", part)


def texts_of_code(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
                for argument in node.args[: 2 if node.func.id == "ngettext" else 1]:
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                        yield argument.value


@pytest.mark.parametrize("app", ["records", "persons", "files"])
def test_every_text_has_its_english(app: str) -> None:
    catalogue = polib.pofile(str(SOURCE / app / "locale" / "en" / "LC_MESSAGES" / "django.po"))
    known = {text for entry in catalogue for text in (entry.msgid, entry.msgid_plural) if text}
    used = {*texts_of_templates(SOURCE / app), *texts_of_code(SOURCE / app)}
    used |= set(import_module(f"hotich.{app}.rules.messages").MESSAGES.values())
    assert used
    assert used - known == set()


@pytest.mark.parametrize("app", ["records", "persons", "files"])
def test_the_english_keeps_the_parameters(app: str) -> None:
    catalogue = polib.pofile(str(SOURCE / app / "locale" / "en" / "LC_MESSAGES" / "django.po"))
    for entry in catalogue:
        for text in [entry.msgstr] if entry.msgstr else list(entry.msgstr_plural.values()):
            assert text
            assert set(HOLES.findall(text)) <= {*HOLES.findall(entry.msgid), *HOLES.findall(entry.msgid_plural)}
            if not entry.msgid_plural:
                assert sorted(HOLES.findall(text)) == sorted(HOLES.findall(entry.msgid)), entry.msgid
