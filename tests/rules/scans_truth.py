"""What the tests of rectifying, splitting and layouts share: drawn pages as delivered, their truth on the flat page."""

from __future__ import annotations

import cv2
import numpy
from register_pages import Truth

from hotich.scans.pages import Box, FlatPage, PageImage, Pixels


def delivered(pixels: Pixels, truth: Truth) -> PageImage:
    """As a scanner delivers it, with its resolution, or a phone, without."""
    return PageImage(pixels, None if truth.is_photo else float(truth.dpi), f"{truth.layout}.jpg")


def to_flat(flat: FlatPage, truth: Truth) -> numpy.typing.NDArray[numpy.float64]:
    """From pixels of the page as drawn to those of the page as rectified."""
    return flat.to_flat @ numpy.linalg.inv(truth.to_page)


def moved(points: object, matrix: object) -> numpy.typing.NDArray[numpy.float64]:
    return numpy.asarray(cv2.perspectiveTransform(numpy.array([points], dtype=float), numpy.asarray(matrix))[0])


def box_on_flat(box: Box, flat: FlatPage, truth: Truth) -> Box:
    """Where a box of the truth lies on the rectified page."""
    left, top, right, bottom = box
    corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    x, y = moved(corners, to_flat(flat, truth)).T
    return (
        float(x[[0, 3]].mean()),
        float(y[[0, 1]].mean()),
        float(x[[1, 2]].mean()),
        float(y[[2, 3]].mean()),
    )


def cases_on_flat(flat: FlatPage, truth: Truth) -> list[Box]:
    """The boxes of all cases; the parts of one on facing pages are one box."""
    boxes = []
    for case in truth.cases:
        parts = [box_on_flat(part.box, flat, truth) for part in case.parts]
        boxes.append((parts[0][0], parts[0][1], parts[-1][2], max(part[3] for part in parts)))
    return boxes


def overlap(one: Box, other: Box) -> float:
    """Intersection over union."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    areas = [(b[2] - b[0]) * (b[3] - b[1]) for b in (one, other)]
    return width * height / (sum(areas) - width * height)


def lean(flat: FlatPage, truth: Truth) -> float:
    """Degrees by which the worst of the four edges of the sheet is not level or upright on the rectified page."""
    width, height = truth.page_size
    corners = moved([(0, 0), (width, 0), (width, height), (0, height)], to_flat(flat, truth))
    worst = 0.0
    for start, end, upright in ((0, 1, False), (3, 2, False), (0, 3, True), (1, 2, True)):
        x, y = corners[end] - corners[start]
        worst = max(worst, abs(float(numpy.degrees(numpy.arctan2(-x, y) if upright else numpy.arctan2(y, x)))))
    return worst


def edges_off_mm(flat: FlatPage, truth: Truth) -> float:
    """How far the edge of the rectified page is from the edge of the sheet, at the worst of its corners."""
    width, height = truth.page_size
    corners = moved([(0, 0), (width, 0), (width, height), (0, height)], to_flat(flat, truth))
    high, wide = flat.pixels.shape[:2]
    wanted = numpy.array([(0, 0), (wide, 0), (wide, high), (0, high)], dtype=float)
    return float(numpy.abs(corners - wanted).max() / flat.dpi * 25.4)
