"""Moving pixels: matrices are joined first, the picture is interpolated once, and not at all where it need not be."""

from __future__ import annotations

import cv2
import numpy

from hotich.scans.pages import Matrix, Pixels
from hotich.scans.rules_of_page import Floats

QUARTER: dict[int, tuple[tuple[int, int, int], tuple[int, int, int]]] = {
    0: ((1, 0, 0), (0, 1, 0)),
    90: ((0, -1, 1), (1, 0, 0)),
    180: ((-1, 0, 1), (0, -1, 1)),
    270: ((0, 1, 0), (-1, 0, 1)),
}


def scaling(across: float, down: float) -> Matrix:
    """From an image to its copy of another size (the middles of pixels, not their corners, correspond)."""
    return numpy.array([[across, 0, (across - 1) / 2], [0, down, (down - 1) / 2], [0, 0, 1.0]])


def shift(x: float, y: float) -> Matrix:
    return numpy.array([[1, 0, x], [0, 1, y], [0, 0, 1.0]])


def rotation(degrees: float, x: float, y: float) -> Matrix:
    """Counterclockwise by `degrees` about a point: takes out a clockwise skew of as much."""
    return numpy.vstack([cv2.getRotationMatrix2D((x, y), degrees, 1.0), [0, 0, 1.0]])


def quarter(turned: int, width: int, height: int) -> Matrix:
    """Clockwise turn by 0, 90, 180 or 270 degrees of an image of that size."""
    matrix = numpy.array([*QUARTER[turned % 360], (0, 0, 1)], dtype=float)
    if turned % 360 == 90:
        matrix[0, 2] = height - 1
    elif turned % 360 == 180:
        matrix[0, 2], matrix[1, 2] = width - 1, height - 1
    elif turned % 360 == 270:
        matrix[1, 2] = width - 1
    return matrix


def quad_to_box(corners: Floats, width: float, height: float) -> Matrix:
    """The homography that takes four corners (from the left top one, clockwise) to those of a box."""
    box = numpy.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=numpy.float32)
    return numpy.asarray(cv2.getPerspectiveTransform(corners.astype(numpy.float32), box), dtype=numpy.float64)


def inverse(matrix: Matrix) -> Matrix:
    return numpy.asarray(numpy.linalg.inv(matrix), dtype=numpy.float64)


def applied(points: Floats, matrix: Matrix) -> Floats:
    return numpy.asarray(cv2.perspectiveTransform(numpy.asarray(points, dtype=float)[None], matrix)[0])


def warped(pixels: Pixels, matrix: Matrix, width: int, height: int, *, quick: bool = False) -> Pixels:
    """The picture moved by `matrix`. A shift by whole pixels with quarter turns copies, everything else interpolates."""
    matrix = matrix / matrix[2, 2]
    turned = _whole(matrix)
    if turned is not None:
        copied = _copied(pixels, matrix, turned, width, height)
        if copied is not None:
            return copied
    flags = cv2.INTER_LINEAR if quick else cv2.INTER_CUBIC
    if abs(matrix[2, 0]) + abs(matrix[2, 1]) < 1e-12:
        moved = cv2.warpAffine(pixels, matrix[:2], (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    else:
        moved = cv2.warpPerspective(pixels, matrix, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return numpy.asarray(moved, dtype=numpy.uint8)


def _whole(matrix: Matrix) -> int | None:
    """Which quarter turn the matrix is, when it is one with a shift of whole pixels."""
    for turned, rows in QUARTER.items():
        want = numpy.array(rows, dtype=float)[:, :2]
        if numpy.abs(matrix[:2, :2] - want).max() < 1e-7 and numpy.abs(matrix[2, :2]).max() < 1e-12:
            off = matrix[:2, 2]
            return turned if numpy.abs(off - numpy.rint(off)).max() < 1e-6 else None
    return None


def _copied(pixels: Pixels, matrix: Matrix, turned: int, width: int, height: int) -> Pixels | None:
    corners = applied(numpy.array([[0, 0], [width - 1, height - 1]], dtype=float), inverse(matrix))
    left, top = (round(float(v)) for v in corners.min(axis=0))
    right, bottom = (round(float(v)) for v in corners.max(axis=0))
    if left < 0 or top < 0 or right >= pixels.shape[1] or bottom >= pixels.shape[0]:
        return None
    part = pixels[top : bottom + 1, left : right + 1]
    return numpy.ascontiguousarray(numpy.rot90(part, k=-(turned // 90)))
