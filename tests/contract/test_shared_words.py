"""One word, one translation: the same Vietnamese text has the same English in every catalogue.

Django merges the catalogues: of two translations one would be lost. Where a word means two things it has a context.
"""

from __future__ import annotations

from pathlib import Path

import polib

SOURCE = Path(__file__).resolve().parents[2] / "src" / "hotich"


def english_by_text() -> dict[str, dict[tuple[str, ...], list[str]]]:
    """Text -> its translations, each with the apps that have it."""
    found: dict[str, dict[tuple[str, ...], list[str]]] = {}
    for path in sorted(SOURCE.glob("*/locale/en/LC_MESSAGES/django.po")):
        for entry in polib.pofile(str(path)):
            if entry.obsolete or entry.msgctxt:
                continue
            words = tuple(entry.msgstr_plural.values()) or (entry.msgstr,)
            found.setdefault(entry.msgid, {}).setdefault(words, []).append(path.relative_to(SOURCE).parts[0])
    return found


def test_the_same_text_has_the_same_english_in_all_catalogues() -> None:
    found = english_by_text()
    assert len(found) > 1000
    different = {text: words for text, words in found.items() if len(words) > 1}
    assert different == {}
