"""Ink and paper joined: what a flatbed scanner would deliver of a sheet."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy
import numpy.typing

from .sheet import Sheet
from .truth import Pixels

Field = numpy.typing.NDArray[numpy.float32]
PRINT_INK, STAMP_INK = (30, 28, 30), (200, 40, 50)
PAPERS = ((244, 238, 222), (235, 222, 190), (228, 208, 165), (238, 226, 196))
INKS = ((40, 45, 120), (25, 30, 60), (40, 40, 70), (66, 36, 92))  # blue, blue-black, black, violet


@dataclass(frozen=True, slots=True)
class Look:
    """age: 0 new … 1 yellow and spotted; bleed: mirrored writing of the other side; faint: strength of the ink;
    shadow: uneven light; noise: standard deviation of the sensor's noise; blur: sigma of the optics in pixels."""

    paper: tuple[int, int, int] = PAPERS[0]
    ink: tuple[int, int, int] = INKS[0]
    age: float = 0.5
    bleed: float = 0.2
    shadow: float = 0.15
    noise: float = 3.0
    faint: float = 1.0
    blur: float = 0.6


class _Paper:
    """Smooth random fields of one sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self.size, self.gen, self.unit = (sheet.width, sheet.height), sheet.noise, sheet.unit

    def cloud(self, sigma: float, cell: int = 16) -> Field:
        """Standard deviation 1, features of about `sigma` cells."""
        width, height = self.size
        field = self.gen.standard_normal((height // cell + 2, width // cell + 2), dtype=numpy.float32)
        field = cv2.GaussianBlur(field, (0, 0), sigma)
        return cv2.resize(field / field.std(), (width, height), interpolation=cv2.INTER_LINEAR)

    def grain(self) -> Field:
        """Noise of standard deviation 1: one block of it laid in a changing order, far cheaper than new noise."""
        width, height = self.size
        block = self.gen.standard_normal((256, width + 256), dtype=numpy.float32)
        strips = []
        for _ in range(height // 256 + 1):
            start = int(self.gen.integers(256))
            strips.append(block[:: -1 if start % 2 else 1, start : start + width])
        return numpy.concatenate(strips)[:height]

    def spots(self, count: int) -> Field:
        """Foxing: brown spots."""
        width, height = self.size
        out = numpy.zeros((height, width), numpy.float32)
        for _ in range(count):
            x, y = int(self.gen.integers(width)), int(self.gen.integers(height))
            r = int(self.gen.integers(20, 140) * self.unit) + 1
            spot = numpy.zeros((3 * r, 3 * r), numpy.float32)
            cv2.circle(spot, (3 * r // 2, 3 * r // 2), r, float(self.gen.random()), -1)
            spot = cv2.GaussianBlur(spot, (0, 0), r / 5 + 0.1)[: height - y, : width - x]
            out[y : y + spot.shape[0], x : x + spot.shape[1]] += spot
        return out


def _written(sheet: Sheet, paper: _Paper, look: Look) -> Field:
    """The handwriting with strokes that waver and ink that runs unevenly."""
    k = sheet.unit
    xs = numpy.arange(sheet.width, dtype=numpy.float32) + paper.cloud(6 * k) * 1.6 * k
    ys = numpy.arange(sheet.height, dtype=numpy.float32)[:, None] + paper.cloud(6 * k) * 1.6 * k
    hand = cv2.remap(numpy.asarray(sheet.hand, numpy.float32) / 255, xs, ys, cv2.INTER_LINEAR)
    return numpy.clip(hand * (1 + 0.16 * paper.cloud(5 * k)), 0, 1) * numpy.float32(look.faint)


def render(sheet: Sheet, look: Look) -> Pixels:
    """The sheet as pixels; one channel at a time keeps memory low."""
    paper, k = _Paper(sheet), sheet.unit
    yellow = paper.cloud(12 * k) * look.age
    fibre = cv2.GaussianBlur(paper.grain(), (0, 0), 1.2) * (7 * look.age)
    spots = paper.spots(9 if look.age > 0.6 else 0)
    hand = _written(sheet, paper, look)
    verso = cv2.GaussianBlur(numpy.ascontiguousarray(hand[:, ::-1]), (0, 0), 3 * k) * look.bleed
    printed = numpy.asarray(sheet.print, numpy.float32) / 255 * numpy.float32(0.88)
    red, hand = sheet.stamps * numpy.float32(0.8), hand * numpy.float32(0.86)
    cloud = paper.cloud(40 * k)
    light = 1 - look.shadow / 2 + cloud / numpy.abs(cloud).max() * look.shadow / 2
    out = numpy.empty((sheet.height, sheet.width, 3), numpy.uint8)
    for c in range(3):
        base = look.paper[c] + yellow * (4, 6, 12)[c] + fibre - spots * (12, 22, 38)[c] - verso * (60, 60, 40)[c]
        layer = base * (1 - printed) + PRINT_INK[c] * printed
        layer = layer * (1 - hand) + look.ink[c] * hand * base / 255
        layer = layer * (1 - red) + STAMP_INK[c] * red * (layer / 510 + 0.5)
        layer = cv2.GaussianBlur(layer * light, (0, 0), look.blur)
        layer += paper.grain() * look.noise
        out[..., c] = numpy.clip(layer, 0, 255)
    return out
