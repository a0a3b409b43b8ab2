"""Marks of the lunar calendar in old books: recognised, never converted beyond the year (registers.md 5.9)."""

from __future__ import annotations

import re

_STEMS = {
    "giap": 4,
    "at": 5,
    "binh": 6,
    "dinh": 7,
    "mau": 8,
    "ky": 9,
    "ki": 9,
    "canh": 0,
    "tan": 1,
    "nham": 2,
    "quy": 3,
    "qui": 3,
}
_BRANCHES = {
    "ti": 4,
    "ty": 4,
    "suu": 5,
    "dan": 6,
    "mao": 7,
    "meo": 7,
    "thin": 8,
    "ngo": 10,
    "mui": 11,
    "vi": 11,
    "than": 0,
    "dau": 1,
    "tuat": 2,
    "hoi": 3,
}
_SNAKE = 9  # Tỵ: without its mark it looks like Tý, the rat

_STEM_AND_BRANCH = re.compile(rf"\b({'|'.join(_STEMS)})\s+({'|'.join(_BRANCHES)})\b")
_BRANCH_AGE = re.compile(rf"\btuoi\s+(?:con\s+)?({'|'.join(_BRANCHES)})\b")
_CALENDAR = re.compile(r"\b(?:am lich|lich am|a\.?\s?l|nhuan)\b\.?")
_MONTH_OR_DAY = re.compile(r"\bthang (?:gieng|chap)\b|\bram\b")


def has_lunar_mark(folded: str) -> bool:
    """Whether a folded text (lower case, no marks) speaks of the lunar calendar."""
    return any(pattern.search(folded) for pattern in (_CALENDAR, _MONTH_OR_DAY, _STEM_AND_BRANCH, _BRANCH_AGE))


def without_lunar_marks(folded: str) -> str:
    """The folded text without "âm lịch", can-chi years and animal ages; names of months stay."""
    for pattern in (_STEM_AND_BRANCH, _BRANCH_AGE, _CALENDAR):
        folded = pattern.sub(" ", folded)
    return folded


def cycle_year(folded: str, *, near: int | None, latest: int | None) -> int | None:
    """The year that a can-chi name ("giap ty") or, with an age, an animal ("tuoi ty") stands for.

    `near`: the year of birth an age points to, the cycle nearest to it is taken. Without it the latest such year not
    after `latest` is taken, for full can-chi names only (60 years); an animal alone (12 years) then says nothing.
    """
    full = _STEM_AND_BRANCH.search(folded)
    if full:
        rests = _sexagenary(_STEMS[full[1]], full[2])
        length = 60
    else:
        animal = _BRANCH_AGE.search(folded)
        if not animal or near is None:
            return None
        rests, length = _branch_rests(animal[1]), 12
    if near is not None:
        years = [year for year in range(near - length // 2, near + length // 2) if year % length in rests]
        return min(years, key=lambda year: abs(year - near), default=None)
    if latest is None:
        return None
    return max((year for year in range(latest - 59, latest + 1) if year % 60 in rests), default=None)


def _branch_rests(branch: str) -> frozenset[int]:
    """Remainders of the year by 12; both rat and snake for "ty" because the tone mark is lost in folding."""
    return frozenset({_BRANCHES[branch], _SNAKE}) if branch in ("ty", "ti") else frozenset({_BRANCHES[branch]})


def _sexagenary(stem: int, branch: str) -> frozenset[int]:
    """Remainders of the year by 60. Stem and branch are both odd or both even, which tells Tý from Tỵ."""
    rests = _branch_rests(branch)
    return frozenset(year for year in range(60) if year % 10 == stem and year % 12 in rests)
