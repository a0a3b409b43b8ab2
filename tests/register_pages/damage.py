"""Steps after the drawing: what time, the book and the scanner do to a page.

Each takes a `Shot` (picture, way back to the flat page) and gives a new one. Boxes of the truth stay those of the flat
page; `to_page` follows every step that moves pixels.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

import cv2
import numpy
import numpy.typing

from .truth import Pixels

Matrix = numpy.typing.NDArray[numpy.float64]
GLASS = (18, 17, 19)  # what a scanner shows where no paper lies


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture of a page on its way: `to_page` from its pixels to those of the flat page."""

    pixels: Pixels
    to_page: Matrix
    dpi: int
    turned: int = 0
    skew: float = 0.0
    exact: bool = True
    is_photo: bool = False


def _moved(shot: Shot, forward: Matrix, size: tuple[int, int], ground: tuple[int, int, int] = GLASS) -> Shot:
    pixels = cv2.warpPerspective(
        shot.pixels, forward, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=ground
    )
    return replace(shot, pixels=pixels, to_page=shot.to_page @ numpy.linalg.inv(forward))


def border(shot: Shot, rng: random.Random) -> Shot:
    """The black of the scanner lid around the sheet, a different width on each side."""
    height, width = shot.pixels.shape[:2]
    left, top, right, bottom = (int(rng.uniform(0.01, 0.06) * width) for _ in range(4))
    shift = numpy.array([[1, 0, left], [0, 1, top], [0, 0, 1]], numpy.float64)
    return _moved(shot, shift, (width + left + right, height + top + bottom))


def skewed(shot: Shot, degrees: float) -> Shot:
    """Laid askew, clockwise; the picture grows so that no corner is lost."""
    height, width = shot.pixels.shape[:2]
    matrix = numpy.vstack([cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1), [0, 0, 1]])
    cos, sin = abs(matrix[0, 0]), abs(matrix[0, 1])
    size = (int(height * sin + width * cos), int(height * cos + width * sin))
    matrix[0, 2] += (size[0] - width) / 2
    matrix[1, 2] += (size[1] - height) / 2
    return replace(_moved(shot, matrix, size), skew=shot.skew + degrees)


def skew(shot: Shot, rng: random.Random) -> Shot:
    """1.5° to 8°, either way."""
    return skewed(shot, rng.choice([-1, 1]) * rng.uniform(1.5, 8))


def turned(shot: Shot, degrees: int) -> Shot:
    """By quarters, clockwise."""
    height, width = shot.pixels.shape[:2]
    quarters = degrees // 90 % 4
    matrices = {
        0: numpy.eye(3),
        1: numpy.array([[0, -1, height - 1], [1, 0, 0], [0, 0, 1]]),
        2: numpy.array([[-1, 0, width - 1], [0, -1, height - 1], [0, 0, 1]]),
        3: numpy.array([[0, 1, 0], [-1, 0, width - 1], [0, 0, 1]]),
    }
    pixels = numpy.ascontiguousarray(numpy.rot90(shot.pixels, -quarters))
    to_page = shot.to_page @ numpy.linalg.inv(matrices[quarters].astype(numpy.float64))
    return replace(shot, pixels=pixels, to_page=to_page, turned=(shot.turned + degrees) % 360)


def upside_down(shot: Shot, rng: random.Random) -> Shot:
    return turned(shot, 180)


def sideways(shot: Shot, rng: random.Random) -> Shot:
    return turned(shot, rng.choice([90, 270]))


def torn(shot: Shot, rng: random.Random) -> Shot:
    """A corner is gone; the lid shows through, the edge of the tear is pale."""
    pixels = shot.pixels.copy()
    height, width = pixels.shape[:2]
    reach_x, reach_y = width * rng.uniform(0.08, 0.2), height * rng.uniform(0.05, 0.14)
    edge = [(reach_x * (1 - i / 12) * rng.uniform(0.93, 1.07), reach_y * i / 12) for i in range(13)]
    corner = numpy.array([(-9, -9), *edge, (-9, reach_y)], numpy.float64)
    if rng.random() < 0.5:
        corner[:, 0] = width - 1 - corner[:, 0]
    if rng.random() < 0.5:
        corner[:, 1] = height - 1 - corner[:, 1]
    outline = corner.astype(numpy.int32)
    cv2.polylines(pixels, [outline], True, (250, 247, 240), max(2, width // 250))
    cv2.fillPoly(pixels, [outline], GLASS)
    return replace(shot, pixels=pixels)


def _lit(shot: Shot, light: numpy.typing.NDArray[numpy.float32]) -> Shot:
    out = shot.pixels * light[..., None]
    return replace(shot, pixels=numpy.clip(out, 0, 255).astype(numpy.uint8))


def fold(shot: Shot, rng: random.Random) -> Shot:
    """The shadow of a fold across the sheet: dark on one side of the crease, light on the other."""
    height, width = shot.pixels.shape[:2]
    at, tilt = rng.uniform(0.3, 0.7) * height, rng.uniform(-0.03, 0.03)
    ys, xs = numpy.ogrid[:height, :width]
    away = (ys - at - tilt * xs).astype(numpy.float32) / (height * 0.02)
    light = 1 - 0.38 * numpy.exp(-numpy.abs(away)) * (away < 0) + 0.07 * numpy.exp(-numpy.abs(away)) * (away >= 0)
    return _lit(shot, light.astype(numpy.float32))


def gutter(shot: Shot, rng: random.Random) -> Shot:
    """The fold of an open book in the middle of the picture: dark, and the paper bends down into it."""
    height, width = shot.pixels.shape[:2]
    xs = numpy.arange(width, dtype=numpy.float32)
    away = (xs - width * rng.uniform(0.49, 0.51)) / (width * 0.03)
    bend = numpy.exp(-(away**2) / 2)
    moved = cv2.remap(
        shot.pixels,
        numpy.broadcast_to(xs + away * bend * width * 0.004, (height, width)).astype(numpy.float32),
        numpy.arange(height, dtype=numpy.float32)[:, None] + (bend * height * 0.006)[None, :],
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    light = numpy.broadcast_to(1 - 0.55 * numpy.exp(-numpy.abs(away)), (height, width)).astype(numpy.float32)
    return _lit(replace(shot, pixels=moved, exact=False), light)


def curl(shot: Shot, rng: random.Random) -> Shot:
    """A page that does not lie flat: rules bow, one side falls into shadow."""
    height, width = shot.pixels.shape[:2]
    deep, side = height * rng.uniform(0.012, 0.03), rng.choice([-1, 1])
    across = numpy.linspace(0, 1, width, dtype=numpy.float32)[::side]
    xs = numpy.broadcast_to(numpy.arange(width, dtype=numpy.float32), (height, width)).copy()
    ys = numpy.arange(height, dtype=numpy.float32)[:, None] + (deep * (across - 0.35) ** 2 * 2)[None, :]
    moved = cv2.remap(shot.pixels, xs, ys.astype(numpy.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    light = numpy.broadcast_to(1 - 0.3 * across**3, (height, width)).astype(numpy.float32)
    return _lit(replace(shot, pixels=moved, exact=False), light)


STEPS: dict[str, Callable[[Shot, random.Random], Shot]] = {
    "torn": torn,
    "fold": fold,
    "curl": curl,
    "gutter": gutter,
    "border": border,
    "skew": skew,
    "upside_down": upside_down,
    "sideways": sideways,
}
