"""Every Vietnamese text of keying has its English one, with the same parameters."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest

from hotich.keying.rules.messages import MESSAGES

APP = Path(__file__).resolve().parents[2] / "src" / "hotich" / "keying"
CATALOGUE = APP / "locale" / "en" / "LC_MESSAGES" / "django.po"
IN_TEMPLATES = (r"""\{%\s*translate\s+(["'])(?P<text>.*?)\1""", r"""_\((["'])(?P<text>.*?)\1\)""")
BLOCK = r"\{%\s*blocktranslate.*?%\}(?P<text>.*?)\{%\s*endblocktranslate"
CALLS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext"}
OF_THE_TRAIL = ("act", "fact")  # words of the audit trail: no screen says them without their context
HOLES = re.compile(r"%\(\w+\)[+]?[sd]|\{\w+\}")


def texts_of_template(path: Path) -> Iterator[str]:
    source = path.read_text(encoding="utf-8")
    for pattern in IN_TEMPLATES:
        # Django looks a text of a template up with each % doubled
        yield from (match["text"].replace("%", "%%") for match in re.finditer(pattern, source))
    for match in re.finditer(BLOCK, source, re.DOTALL):
        for part in re.split(r"\{%\s*plural\s*%\}", match["text"]):
            yield re.sub(r"\{\{\s*(\w+)\s*\}\}", r"%(\1)s", part)


def texts_of_code(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
            for argument in node.args[: 2 if node.func.id == "ngettext" else 1]:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.value


def used_by_file() -> dict[str, set[str]]:
    """Texts by the file they stand in, and those of the codes."""
    found = {str(path.relative_to(APP)): set(texts_of_template(path)) for path in sorted(APP.rglob("*.html"))}
    found |= {str(path.relative_to(APP)): set(texts_of_code(path)) for path in sorted(APP.rglob("*.py"))}
    return {**found, "rules/messages": set(MESSAGES.values())}


def entries() -> list[polib.POEntry]:
    return [entry for entry in polib.pofile(str(CATALOGUE)) if not entry.obsolete]


def known_texts() -> set[str]:
    """Of all catalogues: Django merges them, and a test keeps the same words the same."""
    catalogues = APP.parent.glob("*/locale/en/LC_MESSAGES/django.po")
    every = [
        entry
        for path in catalogues
        for entry in polib.pofile(str(path))
        if not entry.obsolete and entry.msgctxt not in OF_THE_TRAIL
    ]
    return {text for entry in every for text in (entry.msgid, entry.msgid_plural) if text}


def test_every_text_has_its_english() -> None:
    known = known_texts()
    missing = {name: sorted(texts - known) for name, texts in used_by_file().items() if texts - known}
    assert missing == {}


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.msgid[:40])
def test_the_english_keeps_the_parameters(entry: polib.POEntry) -> None:
    for text in [entry.msgstr] if entry.msgstr else list(entry.msgstr_plural.values()):
        assert text
        assert set(HOLES.findall(text)) <= {*HOLES.findall(entry.msgid), *HOLES.findall(entry.msgid_plural)}
        if not entry.msgid_plural:
            assert sorted(HOLES.findall(text)) == sorted(HOLES.findall(entry.msgid)), entry.msgid
