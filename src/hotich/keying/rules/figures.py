"""Figures of keying as people read them: speed, errors, how much of a book is done. Nothing is called whole too early."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hotich.keying.rules.intervals import Sums

LENGTH_BANDS = (15, 50)
"""Fields of up to 15, up to 50 and more characters: the bands by which keying is paid (TT 194/2012/TT-BTC, from memory,
not verified)."""

HOUR = 3_600_000  # milliseconds
NOTHING = Sums()


@dataclass(frozen=True, slots=True)
class Work:
    """What somebody did at the keyboard: cases, keys pressed, milliseconds at the form, characters, fields filled."""

    cases: int = 0
    strokes: int = 0
    active_ms: int = 0
    characters: int = 0
    fields: int = 0

    def __add__(self, other: Work) -> Work:
        return Work(
            self.cases + other.cases,
            self.strokes + other.strokes,
            self.active_ms + other.active_ms,
            self.characters + other.characters,
            self.fields + other.fields,
        )

    @property
    def cases_an_hour(self) -> float | None:
        """Cases in an hour at the form; None where no time was measured."""
        return self.cases * HOUR / self.active_ms if self.active_ms else None

    @property
    def strokes_a_case(self) -> float | None:
        """Keys pressed for a case; None without cases."""
        return self.strokes / self.cases if self.cases else None

    @property
    def seconds_a_case(self) -> float | None:
        """Seconds at the form for a case; None without cases."""
        return self.active_ms / 1000 / self.cases if self.cases else None


@dataclass(frozen=True, slots=True)
class Errors:
    """What checks found wrong in somebody's keying, counted over what they really looked at.

    `fields`, `characters`: over cases that were keyed again whole (double keying and random samples). `key_fields`:
    over the critical fields of every case that was keyed again blind. `undecided`: fields that two keyed differently
    and nobody has decided about; they are left out of all the others.
    """

    fields: Sums = NOTHING
    characters: Sums = NOTHING
    key_fields: Sums = NOTHING
    undecided: int = 0

    def __add__(self, other: Errors) -> Errors:
        return Errors(
            self.fields + other.fields,
            self.characters + other.characters,
            self.key_fields + other.key_fields,
            self.undecided + other.undecided,
        )

    @property
    def bunch(self) -> float:
        """Characters of a field, on the average: so many err together at least."""
        return max(1.0, self.characters.units / self.fields.units) if self.fields.units else 1.0


def share_text(part: int, whole: int, *, lang: str = "vi") -> str:
    """A share of a frozen number, rounded down: "99,9 %" until the very last is there, and never a "100 %" before.

    More than the whole is told as it is ("102,0 %"): the number that was frozen is then too small. "–" without a whole.
    """
    if whole <= 0:
        return "–"
    tenths = part * 1000 // whole
    if part > whole and tenths == 1000:
        tenths = 1001  # one above the whole is not the whole
    point = "." if lang.startswith("en") else ","
    text = f"{tenths // 10}{point}{tenths % 10}" if tenths != 1000 else "100"
    return f"{text}%" if lang.startswith("en") else f"{text} %"


def band_of(length: int, bands: Sequence[int] = LENGTH_BANDS) -> int:
    """The place of the band a field of this length falls into, from 0."""
    return sum(length > limit for limit in bands)
