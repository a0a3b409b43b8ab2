"""Every code of the kernel has a Vietnamese text and an English one."""

from __future__ import annotations

from pathlib import Path

import polib

import hotich.kernel
from hotich.kernel.dates import DATE_ERROR_CODES
from hotich.kernel.messages import MESSAGES
from hotich.kernel.names import NAME_PROBLEM_CODES
from hotich.kernel.personal_id import PERSONAL_ID_CODES


def test_every_code_has_a_text() -> None:
    assert set(MESSAGES) == {*DATE_ERROR_CODES, *NAME_PROBLEM_CODES, *PERSONAL_ID_CODES}


def test_every_text_has_an_english_translation() -> None:
    folder = Path(hotich.kernel.__file__).parent
    catalogue = polib.pofile(str(folder / "locale/en/LC_MESSAGES/django.po"))
    translated = {entry.msgid for entry in catalogue if entry.msgstr}
    assert set(MESSAGES.values()) == translated
