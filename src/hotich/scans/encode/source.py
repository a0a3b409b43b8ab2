"""A sheet as the candidates want it: flattened, at the resolution asked for, each made once."""

from __future__ import annotations

import cv2
import numpy

from hotich.scans.flatten import even_out, paper_of, resized, whiten
from hotich.scans.pages import Pixels
from hotich.scans.settings import ScanSettings


class Source:
    """One sheet with its light measured. Pictures are made on demand and kept until the race is over."""

    def __init__(self, pixels: Pixels, dpi: float, settings: ScanSettings) -> None:
        self.pixels, self.dpi, self.settings = pixels, dpi, settings
        self.paper = paper_of(pixels, settings, dpi=dpi)
        self._evened: dict[float, Pixels] = {}
        self._flat: dict[float, Pixels] = {}

    @property
    def points(self) -> tuple[float, float]:
        """Width and height on paper, in points."""
        height, width = self.pixels.shape[:2]
        return width * 72 / self.dpi, height * 72 / self.dpi

    def evened(self, dpi: float) -> Pixels:
        """Even light, paper not yet white."""
        if dpi not in self._evened:
            self._evened[dpi] = even_out(resized(self.pixels, dpi / self.dpi), self.paper)
        return self._evened[dpi]

    def flat(self, dpi: float) -> Pixels:
        """Even light, paper white."""
        if dpi not in self._flat:
            self._flat[dpi] = whiten(self.evened(dpi), self.settings)
        return self._flat[dpi]

    def luma(self, dpi: float) -> Pixels:
        """Even light in gray, paper not yet white."""
        if dpi in self._evened or dpi == self.dpi:
            return cv2.cvtColor(self.evened(dpi), cv2.COLOR_RGB2GRAY)  # type: ignore[return-value]
        gray = cv2.cvtColor(self.pixels, cv2.COLOR_RGB2GRAY)
        light = cv2.cvtColor(self.paper, cv2.COLOR_RGB2GRAY)
        return even_out(resized(gray, dpi / self.dpi), light)  # type: ignore[arg-type]

    def has_colour(self) -> bool:
        """Whether anything on it is of a colour: a stamp, blue ink. Measured on a small copy, where noise is averaged."""
        dpi = min(self.dpi, 75.0)
        picture = self.flat(dpi)
        spread = cv2.subtract(picture.max(axis=2), picture.min(axis=2))
        coloured = numpy.count_nonzero(spread > self.settings.colour_from)
        return bool(coloured > self.settings.colour_share * spread.size)
