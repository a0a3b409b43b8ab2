"""Showing a name in title case, for prints and screens. Never for storing."""

from __future__ import annotations

import re

from hotich.kernel.text import clean_text

_ROMAN = frozenset({"II", "III", "IV", "VII", "VIII", "IX"})  # VI is the name Vi
_PART = re.compile(r"[^\W\d_][^\W_]*[\u0300-\u036f\w]*", re.UNICODE)


def display_case(name: str) -> str:
    """The name with a capital at the start of every part: "K'BRÊU" K'Brêu, "Y-BIH" Y-Bih, "đinh thị mai" Đinh Thị Mai.

    A word in mixed case was written so on purpose and stays; Roman numerals after the first word stay.
    """
    words = clean_text(name).split()
    return " ".join(_display_word(word, first=place == 0) for place, word in enumerate(words))


def _display_word(word: str, *, first: bool) -> str:
    if not first and word in _ROMAN:
        return word
    if word != word.upper() and word != word.lower():
        return word
    return _PART.sub(lambda found: found[0][0].upper() + found[0][1:].lower(), word)
