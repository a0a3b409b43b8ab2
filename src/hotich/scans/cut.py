"""Cutting a case out of its pages: with some paper around it, and the column titles above a row of a table.

Around a row stays a strip of the rows next to it, since strokes run over the rules. A bar at its left says which part
is the row itself, and a thin line where the titles end: nothing on the paper is covered or made paler for that.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy

from hotich.scans.pages import Box, CaseBox, FlatPage, Pixels
from hotich.scans.settings import ScanSettings

Part = tuple[FlatPage, CaseBox]

SAME_HEIGHT = 0.12  # rows of facing pages may differ by this share of their height
SAME_PLACE = 0.06  # … and stand at the same height of their pages, within this share of it
TITLES_END_MM = 0.6  # below the titles: their rule, nothing of the row under it
LINE_MM = 0.35  # where the titles end and the row, with what stands above it, begins
BAR_MM, GUTTER_MM = 0.6, 1.6  # the bar beside the row, and the strip left of the paper it stands in
MARK = 90  # gray of line and bar: neither ink nor rule of the book


def cut_case(parts: Sequence[Part], settings: ScanSettings | None = None) -> list[Pixels]:
    """The pictures of one case, one a sheet, in the order of its parts, all at the lowest resolution of the pages.

    A row stands under its strip of column titles. Two parts next to one another that are the two halves of one row on
    facing pages (as high, and at the same height of the page) come side by side on one sheet; any other part is a sheet
    of its own.
    """
    settings = settings or ScanSettings()
    dpi = min(flat.dpi for flat, _ in parts)
    sheets: list[Pixels] = []
    i = 0
    while i < len(parts):
        picture = _at_dpi(_with_titles(parts[i], settings.cut_margin_mm, is_first=True), parts[i][0], dpi)
        while i + 1 < len(parts) and _one_row(parts[i], parts[i + 1]):
            i += 1
            half = _with_titles(parts[i], settings.cut_margin_mm, is_first=False)
            picture = _beside(picture, _at_dpi(half, parts[i][0], dpi))
        sheets.append(picture)
        i += 1
    return sheets


def _with_titles(part: Part, margin_mm: float, *, is_first: bool) -> Pixels:
    """The case with the paper around it; the strip of titles above it, or in one piece with it where they touch.
    `is_first`: it begins its sheet, so that a row gets its bar."""
    flat, case = part
    margin = margin_mm / 25.4 * flat.dpi
    if case.header is None:
        return _cut(flat, case.box, margin)
    if abs(case.header[3] - case.box[1]) <= margin:
        picture = _cut(flat, _around(case.header, case.box), margin)
    else:
        left, right = min(case.header[0], case.box[0]), max(case.header[2], case.box[2])
        titles = _cut(flat, (left, case.header[1], right, case.header[3]), margin, TITLES_END_MM / 25.4 * flat.dpi)
        row = _cut(flat, (left, case.box[1], right, case.box[3]), margin)
        line = numpy.full((max(2, round(LINE_MM / 25.4 * flat.dpi)), row.shape[1], 3), MARK, numpy.uint8)
        picture = numpy.vstack([titles, line, row])
    return _with_bar(picture, flat, case.box, margin) if is_first else picture


def _with_bar(picture: Pixels, flat: FlatPage, box: Box, margin: float) -> Pixels:
    """A strip of the colour of the paper next to it at the left, in it a bar from the top to the bottom of the row.

    A picture ends as far below the row as the margin, or where the page does.
    """
    high = picture.shape[0]
    below = min(flat.pixels.shape[0], int(numpy.ceil(box[3] + margin))) - box[3]
    bottom = min(high, max(1, round(high - below)))
    top = min(bottom - 1, max(0, round(bottom - (box[3] - box[1]))))
    strip = numpy.empty((high, max(3, round(GUTTER_MM / 25.4 * flat.dpi)), 3), numpy.uint8)
    strip[:] = numpy.percentile(picture[:, : max(1, int(margin))].reshape(-1, 3), 80, axis=0)
    thick = max(1, round(BAR_MM / 25.4 * flat.dpi))
    start = (strip.shape[1] - thick) // 2
    strip[top:bottom, start : start + thick] = MARK
    return numpy.hstack([strip, picture])


def _at_dpi(picture: Pixels, flat: FlatPage, dpi: float) -> Pixels:
    if flat.dpi > dpi * 1.01:
        size = (max(1, round(picture.shape[1] * dpi / flat.dpi)), max(1, round(picture.shape[0] * dpi / flat.dpi)))
        return numpy.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), dtype=numpy.uint8)
    return picture


def _around(one: Box, other: Box) -> Box:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def _cut(flat: FlatPage, box: Box, margin: float, below: float | None = None) -> Pixels:
    """A box with its margin (`below`: another one at its bottom), as far as the page goes (at least one pixel, wherever
    the box lies)."""
    height, width = flat.pixels.shape[:2]
    left = min(width - 1, max(0, int(numpy.floor(box[0] - margin))))
    top = min(height - 1, max(0, int(numpy.floor(box[1] - margin))))
    right = max(left + 1, min(width, int(numpy.ceil(box[2] + margin))))
    bottom = max(top + 1, min(height, int(numpy.ceil(box[3] + (margin if below is None else below)))))
    return numpy.ascontiguousarray(flat.pixels[top:bottom, left:right])


def _one_row(one: Part, other: Part) -> bool:
    """Whether two parts are the left and the right half of one row of a table over facing pages."""
    (left_page, left), (right_page, right) = one, other
    low = [(case.box[3] - case.box[1]) / flat.dpi for flat, case in (one, other)]
    if abs(low[0] / max(low[1], 1e-6) - 1) > SAME_HEIGHT:
        return False
    wide = [(case.box[2] - case.box[0]) / (case.box[3] - case.box[1]) for _, case in (one, other)]
    if min(wide) < 1.5:  # two whole forms, not two halves of a row
        return False
    if left_page is right_page:
        overlap = min(left.box[3], right.box[3]) - max(left.box[1], right.box[1])
        beside = right.box[0] >= left.box[2] - 0.1 * left_page.dpi
        return bool(beside and overlap > 0.6 * (left.box[3] - left.box[1]))
    places = [(case.box[1] + case.box[3]) / 2 / flat.pixels.shape[0] for flat, case in (one, other)]
    return bool(abs(places[0] - places[1]) <= SAME_PLACE)


def _beside(left: Pixels, right: Pixels) -> Pixels:
    """Two pictures on one sheet, white below the lower one."""
    height = max(left.shape[0], right.shape[0])

    def filled(picture: Pixels) -> Pixels:
        missing = height - picture.shape[0]
        return numpy.pad(picture, ((missing, 0), (0, 0), (0, 0)), constant_values=255) if missing else picture

    return numpy.hstack([filled(left), filled(right)])
