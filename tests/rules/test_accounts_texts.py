"""Every text of accounts has an English one."""

from __future__ import annotations

import re
from pathlib import Path

import polib
import pytest

import hotich.accounts
from hotich.accounts.rules.messages import MESSAGES
from hotich.accounts.rules.roles import RIGHTS, ROLES

FOLDER = Path(hotich.accounts.__file__).parent
ENGLISH = {
    entry.msgid: entry.msgstr for entry in polib.pofile(str(FOLDER / "locale/en/LC_MESSAGES/django.po")) if entry.msgstr
}


@pytest.mark.parametrize("text", [*MESSAGES.values(), *RIGHTS.values(), *(role.name for role in ROLES.values())])
def test_a_text_of_the_tables_has_an_english_one_with_the_same_places(text: str) -> None:
    assert set(re.findall(r"{\w+}", ENGLISH[text])) == set(re.findall(r"{\w+}", text))


def test_every_text_of_the_pages_has_an_english_one() -> None:
    pages = [path for path in (FOLDER / "templates").rglob("*") if path.suffix in {".html", ".txt"}]
    found = {
        text
        for page in pages
        for text in re.findall(r"""{%\s*translate ["']([^"']+)["']""", page.read_text(encoding="utf-8"))
    }
    assert len(found) > 20
    assert found - set(ENGLISH) == set()
