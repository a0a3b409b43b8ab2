"""One word, one translation: the same Vietnamese text has the same English in every catalogue."""

from __future__ import annotations

from pathlib import Path

import polib

SOURCE = Path(__file__).resolve().parents[2] / "src" / "hotich"

# Vietnamese text -> why its English differs by place.
LISTED: dict[str, str] = {
    "Trước": "of a page the one before, of a value what was before",
    "Sau": "of a page the next one, of a value what is after",
    "Về bản ghi": "a link back to the record, and a heading",
}


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
    different = {text: words for text, words in found.items() if len(words) > 1 and text not in LISTED}
    assert different == {}


def test_what_is_listed_as_different_is_different() -> None:
    found = english_by_text()
    assert [text for text in LISTED if len(found.get(text, {})) < 2] == []
