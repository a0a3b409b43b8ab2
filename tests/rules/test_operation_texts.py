"""Every text of running an installation has its English one, and no English is left over."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import polib

import hotich.config
from hotich.config.rules.messages import MESSAGES

FOLDER = Path(hotich.config.__file__).parent
CATALOGUE = polib.pofile(str(FOLDER / "locale/en/LC_MESSAGES/django.po"))
CALLS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext"}


def texts_in_use() -> set[str]:
    found = set(MESSAGES.values())
    for path in (FOLDER / "navigation.py", *FOLDER.glob("operation/**/*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
                found |= {str(argument.value) for argument in node.args[:1] if isinstance(argument, ast.Constant)}
    for path in FOLDER.glob("templates/**/*.html"):
        source = path.read_text(encoding="utf-8")
        found |= set(re.findall(r'{%\s*translate "([^"]+)"', source))
        for text in re.findall(r"{%\s*blocktranslate.*?%}(.*?){%\s*endblocktranslate", source):
            found.add(re.sub(r"{{\s*(\w+)\s*}}", r"%(\1)s", text))
    return found


def test_every_text_has_its_english() -> None:
    elsewhere = {
        entry.msgid
        for path in FOLDER.parent.glob("*/locale/en/LC_MESSAGES/django.po")
        for entry in polib.pofile(str(path))
    }
    used, translated = texts_in_use(), {entry.msgid for entry in CATALOGUE}
    assert len(used) > 60
    assert used - elsewhere == set()
    assert translated - used == set()


def test_the_english_keeps_the_parameters() -> None:
    holes = re.compile(r"%\(\w+\)s|\{\w+\}")
    for entry in CATALOGUE:
        english = entry.msgstr or entry.msgstr_plural[1]
        assert english, entry.msgid
        assert sorted(holes.findall(entry.msgid)) == sorted(holes.findall(english)), entry.msgid
