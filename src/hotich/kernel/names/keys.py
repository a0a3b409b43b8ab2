"""Keys made from names: for searching, matching and sorting. The name itself is never changed by them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from hotich.kernel.names.split import split_name
from hotich.kernel.text import QUALITIES, TONES, clean_text, strip_marks

_CACHE = 65536

# Hyphens, dots and every kind of apostrophe stand between the same parts: Y-Bih, Y Bih; K'Brêu, K’Brêu.
JOINERS = "'’‘ʼʹ′`´\u02bb\u02bd\u201b\uff07-‐‑‒–—.·_"
_AS_SPACE = str.maketrans(dict.fromkeys(JOINERS, " "))

_VOWELS = frozenset("aeiouy")
_MARKED_VOWEL = re.compile(f"[aeou][{QUALITIES}]")
_SYLLABLE = re.compile(r"(qu|gi(?=[aeiouy])|[^aeiouy]*)([aeiouy][aeiouy\u0302\u0306\u031b]*)(.*)", re.DOTALL)

_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK = {letter: chr(0x41 + place) for place, letter in enumerate(_LETTERS)} | {digit: digit for digit in "0123456789"}
_RANK |= {" ": "!", "-": '"', "'": "#", "’": "#", ".": "$"}
_OTHER_MARK = "6"


@lru_cache(maxsize=_CACHE)
def search_key(name: str) -> str:
    """What a clerk may type without accents: lower case, no marks, đ as d, joiners and spaces as one space."""
    return " ".join(strip_marks(clean_text(name)).lower().translate(_AS_SPACE).split())


@lru_cache(maxsize=_CACHE)
def bare_key(name: str) -> str:
    """The search key without any space, so that Y-Bih, Y Bih and YBih are one."""
    return search_key(name).replace(" ", "")


@lru_cache(maxsize=_CACHE)
def keyset(name: str) -> str:
    """The syllables of the search key, sorted: equal whatever the order of the parts of the name."""
    return " ".join(sorted(search_key(name).split()))


@lru_cache(maxsize=_CACHE)
def given_key(name: str) -> str:
    """The last syllable of the search key: by custom the given name, or the end of it."""
    return search_key(name).rpartition(" ")[2]


@lru_cache(maxsize=_CACHE)
def match_key(name: str) -> str:
    """Equal for spellings of one name: case, tone placement (hoà, hòa), i/y after a consonant (Mỹ, Mĩ; quý, quí),
    hyphens and apostrophes do not count; every mark does (Hoa, Hòa and Hóa differ).
    """
    words = clean_text(name).lower().translate(_AS_SPACE).split()
    return " ".join(_match_syllable(word) for word in words)


@lru_cache(maxsize=16384)
def _match_syllable(word: str) -> str:
    """The syllable with its tone on a fixed letter and a lone final y written i."""
    letters = unicodedata.normalize("NFD", word)
    tones = [char for char in letters if char in TONES]
    found = _SYLLABLE.fullmatch("".join(char for char in letters if char not in TONES))
    if len(tones) > 1 or not found:
        return word
    onset, vowels, coda = found.groups()
    if vowels == "y" and onset and not coda:
        vowels = "i"
    at = _tone_place(vowels, coda)
    placed = vowels[:at] + "".join(tones) + vowels[at:]
    return unicodedata.normalize("NFC", onset + placed + coda)


def _tone_place(vowels: str, coda: str) -> int:
    """Where the tone goes in decomposed vowels: after the last vowel with a hat or horn, else by their number."""
    marked = [found.end() for found in _MARKED_VOWEL.finditer(vowels)]
    if marked:
        return marked[-1]
    plain = [place for place, char in enumerate(vowels) if char in _VOWELS]
    if len(plain) == 1 or (len(plain) == 2 and not coda):
        return plain[0] + 1
    return plain[1] + 1


@lru_cache(maxsize=_CACHE)
def sort_key(text: str) -> str:
    """A key for a COLLATE "C" column that sorts as the Vietnamese alphabet does: letters first (a ă â b … d đ e ê),
    then tones (none, huyền, hỏi, ngã, sắc, nặng), then case. Spaces come first, then - ' . and figures, then letters.
    """
    text = clean_text(text)
    pairs = [_rank_and_tone(char) for char in text if not unicodedata.combining(char)]
    letters, tones = "".join(pair[0] for pair in pairs), "".join(pair[1] for pair in pairs)
    return f"{letters} {tones} {''.join('01'[char.isupper()] for char in text)}"


@lru_cache(maxsize=4096)
def _rank_and_tone(char: str) -> tuple[str, str]:
    parts = unicodedata.normalize("NFD", char.lower())
    tone = next((part for part in parts if part in TONES), "")
    base = unicodedata.normalize("NFC", parts.replace(tone, "")) if tone else unicodedata.normalize("NFC", parts)
    if base in _RANK:
        return _RANK[base], str(TONES.index(tone) + 1) if tone else "0"
    # letters of minority languages (ĕ, ƀ) stand directly after their plain letter
    return _RANK.get(strip_marks(base), "~"), _OTHER_MARK


@lru_cache(maxsize=_CACHE)
def given_sort_key(name: str) -> str:
    """The sort key for lists ordered by given name, as Vietnamese lists of persons are."""
    parts = split_name(name)
    return sort_key(" ".join(part for part in (parts.given, parts.surname, parts.middle) if part))
