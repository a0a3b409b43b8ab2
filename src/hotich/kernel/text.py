"""Text as it comes from keyboards, old fonts and spreadsheets, made uniform without changing a name.

`clean_text` is what may be stored; `strip_marks` is only for keys.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Marks of tone and marks of vowel quality, as combining characters.
TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng
QUALITIES = "\u0302\u0306\u031b"  # circumflex, breve, horn

# Invisible characters that come with copied text; soft hyphens also come from TCVN3 fonts.
_INVISIBLE = "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff"
_CONTROLS = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0)), " ")
# The Icelandic and the African capital look like Đ on screen but are other characters.
_LOOKALIKES = {"\u00d0": "\u0110", "\u0189": "\u0110", "\u00f0": "\u0111", "\u0256": "\u0111"}
_CLEAN = str.maketrans({**dict.fromkeys(_INVISIBLE), **_CONTROLS, **_LOOKALIKES})
# looking for them is ten times faster than replacing what is hardly ever there
_TO_CLEAN = re.compile("[" + re.escape("".join((*_INVISIBLE, *map(chr, _CONTROLS), *_LOOKALIKES))) + "]")
_LOOSE_MARK = re.compile("[\u0300-\u036f]")
_MARK = re.compile("[\u0300-\u034e\u0350-\u036f]")  # 034f is in the block, but no mark: it joins letters
_TONE_BEFORE_QUALITY = re.compile(f"([aeouAEOU])([{TONES}]+)([{QUALITIES}])")

# Letters with a stroke and ligatures have no decomposition in Unicode.
_UNDECOMPOSED = str.maketrans(
    {"đ": "d", "Đ": "D", "ƀ": "b", "Ƀ": "B", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "ı": "i"}
    | {"æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ß": "ss", "þ": "th", "Þ": "TH"}
)


def clean_text(text: str) -> str:
    """The text in NFC with single spaces, invisible characters gone and look-alikes of Đ replaced.

    Nothing else is touched: letters of minority languages (Ĕ Ĭ Ŏ Ŭ Ƀ, ê with breve), apostrophes, hyphens, case
    and tone placement stay as written. Idempotent. Source: registers.md 5.1 (TCVN 6909:2001).
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    if _TO_CLEAN.search(text):
        text = text.translate(_CLEAN)
    text = unicodedata.normalize("NFC", text)
    if _LOOSE_MARK.search(text):
        # Some old keyboards write the tone before the hat, which NFC alone cannot join to one letter.
        swapped = _TONE_BEFORE_QUALITY.sub(r"\1\3\2", unicodedata.normalize("NFD", text))
        text = unicodedata.normalize("NFC", swapped)
    return " ".join(text.split())


@lru_cache(maxsize=65536)
def strip_marks(text: str) -> str:
    """The text without any mark: đ becomes d, ƀ becomes b; letters only lose their marks. For keys, never to store."""
    if text.isascii():
        return text
    # nearly all letters with marks are Vietnamese ones, and these are ASCII once their marks are off
    bare = _MARK.sub("", unicodedata.normalize("NFD", text).replace("đ", "d").replace("Đ", "D"))
    if bare.isascii():
        return bare
    return "".join(char for char in bare.translate(_UNDECOMPOSED) if not unicodedata.combining(char))
