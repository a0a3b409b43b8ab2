"""Candidates A and B: one JPEG a sheet at the highest resolution whose quality is still enough, filling the budget."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hotich.scans.encode.jpeg import jpeg
from hotich.scans.encode.source import Source
from hotich.scans.pdfa import Picture, Sheet
from hotich.scans.settings import ScanSettings

_FULL = 0.96  # of the room used: more is not worth another encode
_AIM = 0.985
_SLOPE = 0.0125  # of log bytes a step of quality, before two encodes tell
_MOST_TRIES = 5


@dataclass(frozen=True, slots=True)
class Candidate:
    """Sheets ready to be put into a PDF, and how they were made."""

    sheets: tuple[Sheet, ...]
    method: str
    dpi: float
    quality: int

    def size(self) -> int:
        """Bytes of all pictures."""
        return sum(sheet.size() for sheet in self.sheets)


def contone(sources: Sequence[Source], room: int, settings: ScanSettings, *, gray: bool) -> Candidate | None:
    """The best within `room` bytes of pictures, by the law of the race; None when not even the lowest step fits."""
    sizes = _Sizes(sources, settings.contone_lowest_quality, gray=gray)
    for dpi in _ladder(sources[0].dpi, settings):
        expected = sizes.at(dpi)
        if expected > room * 1.08:
            continue
        start = settings.contone_lowest_quality + round(math.log(room * _AIM / expected) / _SLOPE)
        found = filled(
            functools.partial(contone_at, sources, dpi, gray=gray),
            room,
            settings.contone_lowest_quality,
            settings.contone_highest_quality,
            start,
        )
        if found:
            return found
    return None


def contone_at(sources: Sequence[Source], dpi: float, quality: int, *, gray: bool) -> Candidate:
    """All sheets at one resolution and quality."""
    pictures = [jpeg(source.flat(dpi), quality, gray=gray) for source in sources]
    sheets = tuple(_sheet(source, picture) for source, picture in zip(sources, pictures, strict=True))
    return Candidate(sheets, "gray" if gray else "colour", dpi, quality)


def smallest(sources: Sequence[Source], room: int, settings: ScanSettings, *, gray: bool) -> Candidate:
    """What an officer can look at when nothing legal fits: within `room` if that can be done at all."""
    found = None
    for dpi in (100.0, 75.0, 50.0, 25.0, 10.0):
        for quality in (30, 10):
            found = contone_at(sources, min(dpi, sources[0].dpi), quality, gray=gray)
            if found.size() <= room:
                return found
    assert found is not None
    return found


def filled(make: Callable[[int], Candidate], room: int, lowest: int, highest: int, start: int) -> Candidate | None:
    """The candidate of the highest quality that fits, near enough; None when not even the lowest quality does.

    Bytes grow smoothly with quality: from a good `start` one or two encodes find it.
    """
    best: Candidate | None = None
    low: tuple[int, int] | None = None
    high: tuple[int, int] | None = None
    quality = min(max(start, lowest), highest)
    for _ in range(_MOST_TRIES):
        tried = make(quality)
        if tried.size() <= room:
            best, low = tried, (quality, tried.size())
            if quality == highest or tried.size() >= room * _FULL:
                return best
        else:
            high = (quality, tried.size())
            if quality == lowest:
                return best
        bottom, top = low[0] + 1 if low else lowest, high[0] - 1 if high else highest
        if bottom > top:
            return best
        quality = min(max(_guess(low, high, room), bottom), top)
    if best is None:
        tried = make(lowest)
        best = tried if tried.size() <= room else None
    return best


def _guess(low: tuple[int, int] | None, high: tuple[int, int] | None, room: int) -> int:
    quality, size = low or high or (0, 1)
    slope = math.log(high[1] / low[1]) / (high[0] - low[0]) if low and high else _SLOPE
    return math.floor(quality + math.log(room * _AIM / size) / max(slope, 1e-4))


class _Sizes:
    """What the sheets will need at a resolution, from two small encodes of them."""

    def __init__(self, sources: Sequence[Source], quality: int, *, gray: bool) -> None:
        dpi = sources[0].dpi
        self._low, self._high = (dpi / 4, dpi / 2) if dpi > 160 else (dpi / 2, dpi)
        small, large = (self._size(sources, step, quality, gray=gray) for step in (self._low, self._high))
        self._large, self._growth = large, min(2.0, max(1.0, math.log2(large / small)))

    @staticmethod
    def _size(sources: Sequence[Source], dpi: float, quality: int, *, gray: bool) -> int:
        return contone_at(sources, dpi, quality, gray=gray).size()

    def at(self, dpi: float) -> float:
        """Bytes at this resolution and the quality given."""
        return float(self._large * (dpi / self._high) ** self._growth)


def _ladder(dpi: float, settings: ScanSettings) -> list[float]:
    """The steps, highest first; the resolution of the scan itself is the best of them: nothing is interpolated."""
    steps = [float(step) for step in settings.contone_dpi if step < dpi * 0.98]
    return [dpi, *steps] if dpi <= max(settings.contone_dpi, default=0) * 1.02 else steps


def _sheet(source: Source, picture: Picture) -> Sheet:
    width, height = source.points
    return Sheet(width, height, picture)
