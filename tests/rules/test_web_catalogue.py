"""Every Vietnamese text of the shared parts has its English one."""

from __future__ import annotations

import re
from pathlib import Path

import polib

from hotich.web.rules.messages import MESSAGES

WEB = Path(__file__).resolve().parents[2] / "src" / "hotich" / "web"
CATALOGUE = polib.pofile(str(WEB / "locale" / "en" / "LC_MESSAGES" / "django.po"))
IN_TEMPLATES = (r"""\{%\s*translate\s+(["'])(?P<text>.*?)\1""", r"""_\((["'])(?P<text>.*?)\1\)""")
BLOCK = r"\{%\s*blocktranslate.*?%\}(?P<text>.*?)\{%\s*endblocktranslate"


def texts_in_use() -> set[str]:
    found = set(MESSAGES.values())
    for path in WEB.rglob("*.html"):
        source = path.read_text(encoding="utf-8")
        for pattern in IN_TEMPLATES:
            found |= {match["text"] for match in re.finditer(pattern, source)}
        for match in re.finditer(BLOCK, source):
            found.add(re.sub(r"\{\{\s*(\w+)\s*\}\}", r"%(\1)s", match["text"]))
    for path in WEB.rglob("*.py"):
        found |= {match[1] for match in re.finditer(r'\b_\("(.*?)"\)', path.read_text(encoding="utf-8"))}
    return found


def test_every_text_has_its_english_and_no_english_is_left_over() -> None:
    translated = {entry.msgid for entry in CATALOGUE if entry.msgstr}
    used = texts_in_use()
    assert len(used) > 100
    assert used - translated == set()
    assert translated - used == set()


def test_the_english_keeps_the_parameters() -> None:
    holes = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
    wrong = [e.msgid for e in CATALOGUE if sorted(holes.findall(e.msgid)) != sorted(holes.findall(e.msgstr))]
    assert wrong == []
