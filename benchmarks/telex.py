"""How many keys a Vietnamese text takes in the Telex method, in which nearly all keyers type."""

from __future__ import annotations

import unicodedata

# beside its letter: â ê ô (aa, ee, oo), ă ơ ư (aw, ow, uw) and đ (dd) take one key more, and so does a tone
_QUALITIES = frozenset("\u0302\u0306\u031b")
_TONES = frozenset("\u0300\u0309\u0303\u0301\u0323")
_STROKED = frozenset("đĐ")
HORN = "\u031b"


def telex_keys(text: str) -> int:
    """Keys for a text: one a letter, sign or space, one more for each mark on a letter; ươ takes one w for both horns.

    Shift is held while another key is pressed and is not counted; nor are mistakes.
    """
    keys, horn_before = 0, False
    for letter in unicodedata.normalize("NFC", text):
        apart = unicodedata.normalize("NFD", letter)
        base, marks = apart[0], apart[1:]
        keys += 1 + sum(1 for mark in marks if mark in _QUALITIES or mark in _TONES) + (letter in _STROKED)
        has_horn = HORN in marks
        if has_horn and horn_before and base in "oO":
            keys -= 1  # uow gives ươ
        horn_before = has_horn and base in "uU"
    return keys
