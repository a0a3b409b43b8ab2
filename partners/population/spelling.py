"""Names as the search compares them: without marks, one slip allowed."""

from __future__ import annotations

import unicodedata

_JOINERS = " '’‘ʼ`´.·_‐‑‒–—-"


def _plain(code: int) -> str:
    """A letter without its marks; nothing for a mark by itself; a blank for a joiner."""
    char = chr(code)
    if char in _JOINERS:
        return " "
    letters = unicodedata.normalize("NFD", char.replace("đ", "d"))
    return "".join(each for each in letters if not unicodedata.combining(each))


# one table for all letters of Latin scripts and the marks: a name is made bare by a single pass
_PLAIN = {code: plain for code in range(0x80, 0x2100) if (plain := _plain(code)) != chr(code)} | {
    ord(char): " " for char in _JOINERS
}


def bare(name: str) -> str:
    """Lower case, no marks, joiners (blank, apostrophe, hyphen) as one blank: "H'Bia  Niê" -> "h bia nie"."""
    return " ".join(name.lower().translate(_PLAIN).split())


def last_syllable(key: str) -> str:
    """Of a bare name."""
    return key.rsplit(" ", 1)[-1]


def last_of_name(name: str) -> str:
    """The last syllable of the bare name: `last_syllable(bare(name))`, without looking at the rest."""
    return last_syllable(bare(name.rstrip().rsplit(" ", 1)[-1]))


def is_within_one_slip(one: str, other: str) -> bool:
    """Equal, or one letter more, less or other, or two neighbours swapped."""
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1:
        return False
    start = 0
    while start < len(short) and short[start] == long[start]:
        start += 1
    if len(short) < len(long):
        return short[start:] == long[start + 1 :]
    swapped = long[:start] + long[start : start + 2][::-1] + long[start + 2 :]
    return short[start + 1 :] == long[start + 1 :] or short == swapped


def do_births_fit(asked: str, known: str) -> bool:
    """The same as far as both go ("1961" fits "1961-05-02"), or day and month swapped. A blank fits nothing."""
    if not asked or not known:
        return False
    if asked.startswith(known) or known.startswith(asked):
        return True
    return len(asked) == len(known) == 10 and known == f"{asked[:4]}-{asked[8:]}-{asked[5:7]}"
