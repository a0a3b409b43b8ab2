"""Every code intake reports has its text, in both languages, with the same holes."""

from __future__ import annotations

import re
from pathlib import Path

import polib

from hotich.intake.rules.messages import MESSAGES

INTAKE = Path(__file__).resolve().parents[2] / "src" / "hotich" / "intake"
CATALOGUE = {entry.msgid: entry.msgstr for entry in polib.pofile(str(INTAKE / "locale/en/LC_MESSAGES/django.po"))}
HOLES = re.compile(r"\{\w+\}")


def test_every_text_has_its_english_with_the_same_holes() -> None:
    for code, text in MESSAGES.items():
        assert CATALOGUE.get(text), code
        assert sorted(HOLES.findall(CATALOGUE[text])) == sorted(HOLES.findall(text)), code


def test_every_code_that_is_raised_has_a_text() -> None:
    raised = set()
    for path in [*INTAKE.glob("rules/*.py"), *INTAKE.glob("services/*.py"), *INTAKE.glob("queries/*.py")]:
        raised |= set(re.findall(r'RuleBroken\(\s*"(\w+)"', path.read_text()))
    elsewhere = {
        "not_allowed", "office_not_in_scope", "act_not_allowed_in_state", "book_unknown", "file_unknown",
        "field_not_changeable",
    }  # fmt: skip
    assert len(raised) > 40
    assert raised - set(MESSAGES) - elsewhere == set()
