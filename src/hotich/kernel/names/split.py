"""Surname, middle name and given name as derived keys. The full name is the legal field; the split may be wrong."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from hotich.kernel.text import clean_text, strip_marks

_APOSTROPHES = "'’‘ʼ`´"

# Kinh and royal surnames of more than one word, without marks; the number is how many words must follow at least.
_COMPOUND: dict[tuple[str, ...], int] = {
    ("cong", "tang", "ton", "nu"): 1,
    ("cong", "huyen", "ton", "nu"): 1,
    ("cong", "ton", "nu"): 1,
    ("ton", "that"): 1,
    ("ton", "nu"): 1,
    ("au", "duong"): 1,
    ("hoang", "phu"): 1,
    ("tu", "ma"): 1,
    ("gia", "cat"): 1,
    ("thuong", "quan"): 1,
    # also a common middle name, so only in longer names
    ("nguyen", "phuoc"): 2,
    ("nguyen", "phuc"): 2,
    # Gia-rai clans
    ("ro", "cham"): 1,
    ("ro", "mah"): 1,
    ("ro", "lan"): 1,
    ("rah", "lan"): 1,
}
# Without their marks these would catch other names (Tư Mã, but also Tú Ma …), so the marks must be right.
_WITH_MARKS: dict[tuple[str, ...], set[str]] = {
    ("tu", "ma"): {"tư mã"},
    ("hoang", "phu"): {"hoàng phủ"},
    ("gia", "cat"): {"gia cát"},
    ("thuong", "quan"): {"thượng quan"},
    ("au", "duong"): {"âu dương"},
    ("ton", "that"): {"tôn thất", "ton that"},
    ("ton", "nu"): {"tôn nữ", "ton nu"},
    ("nguyen", "phuoc"): {"nguyễn phước"},
    ("nguyen", "phuc"): {"nguyễn phúc"},
    ("ro", "lan"): {"rơ lan"},
}
# Clans of Ê-đê, Gia-rai and Mnông people, after which "Y X" and "H' X" are given names.
_CLANS_TEXT = (
    "nie mlo eban ayun adrong enuol kpa kpo ksor siu nay rmah rcom rocom ro kbuor kdam kdoh knul bkrong hmok hwing"
    " hdok buonya buonkrong buondap eya ecam rahlan rolan romah"
)
_CLANS = frozenset(_CLANS_TEXT.split())

_K_OR_H = re.compile(rf"[kKhH][{_APOSTROPHES}]\w", re.UNICODE)
_HYPHENED = re.compile(r"[yYhHkKaA]-\w", re.UNICODE)
_PREFIXES = frozenset({"y", "h", "k", "ka", "h'", "k'"})


class NameParts(NamedTuple):
    """A name taken apart; `surname` and `middle` may be empty, joined they need not give the name's order."""

    surname: str
    middle: str
    given: str


def is_minority_form(name: str) -> bool:
    """Whether the name has one of the marks of Central Highlands names: K'…, H'…, Y …, Y-…, or a letter Ĕ Ĭ Ŏ Ŭ Ƀ."""
    words = clean_text(name).split()
    return bool(words) and (
        any(_K_OR_H.match(word) or _HYPHENED.match(word) for word in words)
        or (words[0].lower() in _PREFIXES and len(words) > 1)
        or any(char in "ĕĭŏŭƀĔĬŎŬɃ\u0306" for char in name)
    )


@lru_cache(maxsize=65536)
def split_name(name: str) -> NameParts:
    """The parts of a full name, by custom: surname first, given name last, all between is the middle name.

    Compound surnames (Tôn Nữ, Âu Dương …) stay whole. "Y Bih Niê", "H'Hen Niê": the first is the given name, the clan
    the surname; "Ksor H'Lan": the reverse order. One word, or "K'Brêu", "A Phủ": a given name without surname.
    """
    words = clean_text(name).split()
    if len(words) < 2:
        return NameParts("", "", words[0] if words else "")
    highland = _split_highland(words)
    if highland:
        return highland
    length = _surname_length(words)
    return NameParts(" ".join(words[:length]), " ".join(words[length:-1]), words[-1])


def _split_highland(words: list[str]) -> NameParts | None:
    first = words[0]
    if first.lower().rstrip(_APOSTROPHES) in ("y", "h", "k", "ka"):
        return NameParts(" ".join(words[2:]), "", " ".join(words[:2]))
    if _K_OR_H.match(first) or _HYPHENED.match(first):
        return NameParts(" ".join(words[1:]), "", first)
    if first.lower() == "a" and len(words) == 2:
        return NameParts("", "", " ".join(words))
    if len(words) > 2 and words[-2].lower() == "y" and strip_marks("".join(words[:-2])).lower() in _CLANS:
        return NameParts(" ".join(words[:-2]), "", " ".join(words[-2:]))
    return None


def _surname_length(words: list[str]) -> int:
    bare = [strip_marks(word).lower() for word in words]
    for length in (4, 3, 2):
        head = tuple(bare[:length])
        needed = _COMPOUND.get(head)
        if needed is None or len(words) - length < needed:
            continue
        written = " ".join(words[:length]).lower()
        if written in _WITH_MARKS.get(head, {written}):
            return length
    return 1
