"""What readings are good for: the order of pages, the number of a case, a second opinion about a keyed value.

Nothing here gives text that could be keyed. A number is only proposed when the engine is sure of every digit; an
opinion is one of three words with the engine that had it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from hotich.kernel.text import clean_text, strip_marks
from hotich.scans.reading.engine import Line, Reading
from hotich.scans.settings import ScanSettings

Opinion = Literal["agrees", "differs", "unsure"]

# what may stand beside the digits of a number cell or a page number
_BESIDE = re.compile(r"(?i)\b(?:số|so|no|n°|trang|tr|page)\b|[\s.:,;#()\[\]|_–—-]+")
LONGEST_NUMBER = 5


@dataclass(frozen=True, slots=True)
class Note:
    """A second opinion about a keyed value, to be shown after it was keyed. It has no text on purpose."""

    opinion: Opinion
    engine: str
    version: str
    confidence: float


@dataclass(frozen=True, slots=True)
class PageOrder:
    """Page numbers as read, in the order the pages came, None where none is sure; `order`: indices by number.

    Pages without a number stay behind the page they came after. `gaps`: numbers that are missing, `doubles`: those
    that were read more than once.
    """

    numbers: tuple[int | None, ...]
    order: tuple[int, ...]
    gaps: tuple[int, ...]
    doubles: tuple[int, ...]


def case_number(reading: Reading, settings: ScanSettings) -> int | None:
    """The number in a number cell, None unless there is one and the engine is sure of it (digits fail silently)."""
    found: list[int] = []
    for line in reading.lines:
        digits = _BESIDE.sub("", line.text)
        if not digits:
            continue
        if line.confidence < settings.reader_sure or not _is_number(digits):
            return None
        if any(_BESIDE.sub("", text) != digits and share >= settings.reader_rival for text, share in line.alternatives):
            return None
        found.append(int(digits))
    return found[0] if len(found) == 1 else None


def _is_number(digits: str) -> bool:
    return digits.isascii() and digits.isdigit() and len(digits) <= LONGEST_NUMBER and int(digits) > 0


def page_order(pages: Sequence[Mapping[str, Reading]], settings: ScanSettings) -> PageOrder:
    """The order of pages by the numbers printed on them.

    `pages`: for each page what was read in each place a number may stand ("top left", …). Pages of one book number
    themselves in one band, top or bottom, left or right in turn: the band with most numbers counts.
    """
    bands: dict[str, dict[int, int]] = {}
    for index, places in enumerate(pages):
        for place, reading in places.items():
            number = case_number(reading, settings)
            if number is not None:
                bands.setdefault(place.split()[0], {}).setdefault(index, number)
    by_page = max(bands.values(), key=lambda numbers: len(set(numbers.values())), default={})
    numbers = tuple(by_page.get(index) for index in range(len(pages)))
    counts = Counter(number for number in numbers if number is not None)
    gaps = [number for number in range(min(counts), max(counts)) if number not in counts] if counts else []
    return PageOrder(numbers, _ordered(numbers), tuple(gaps), tuple(sorted(n for n in counts if counts[n] > 1)))


def _ordered(numbers: Sequence[int | None]) -> tuple[int, ...]:
    keys: list[tuple[float, int]] = []
    last = 0.0
    for index, number in enumerate(numbers):
        last = float(number) if number is not None else last
        keys.append((last, index))
    return tuple(index for _, index in sorted(keys))


def second_opinion(keyed: str, reading: Reading, settings: ScanSettings) -> Note:
    """Whether what a machine reads speaks for the keyed value: a note, never a value.

    Unsure whenever the engine is not sure, reads nothing, or differs in tone and vowel marks only (it misses them
    often).
    """
    lines = [line for line in reading.lines if line.text.strip()]
    confidence = min((line.confidence for line in lines), default=0.0)
    opinion = _opinion(keyed, lines, confidence, settings)
    return Note(opinion, reading.engine, reading.version, round(confidence, 4))


def _opinion(keyed: str, lines: Sequence[Line], confidence: float, settings: ScanSettings) -> Opinion:
    wanted, seen = _comparable(keyed), _comparable(" ".join(line.text for line in lines))
    if not wanted or not seen or confidence < settings.reader_doubtful:
        return "unsure"
    if wanted == seen:
        return "agrees"
    others = {_comparable(text) for line in lines for text, _ in line.alternatives}
    if confidence < settings.reader_sure or wanted in others or strip_marks(wanted) == strip_marks(seen):
        return "unsure"
    return "differs"


def _comparable(text: str) -> str:
    """Letters and digits only, in small letters; where a tone stands in a syllable does not count."""
    syllables = re.split(r"[\W_]+", clean_text(text).casefold())
    return " ".join(_tone_last(syllable) for syllable in syllables if syllable)


def _tone_last(syllable: str) -> str:
    """hòa and hoà are one word: the tone is moved behind the syllable."""
    parts = unicodedata.normalize("NFD", syllable)
    tones = [char for char in parts if char in "\u0300\u0301\u0303\u0309\u0323"]
    bare = "".join(char for char in parts if char not in tones)
    return unicodedata.normalize("NFC", bare) + "".join(tones)
