"""Where a case says what: the cells of its row with their column titles, or the lines of its form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy

from hotich.scans.flatten import flatten
from hotich.scans.pages import Box, CaseBox, FlatPage, Pixels
from hotich.scans.reading.places import cut_line, line_in, writing_in
from hotich.scans.settings import ScanSettings

NARROWEST_MM = 4.0  # of a column
INSIDE_MM = 0.8  # from the rules of a cell to what is read
RULE_SHARE = 0.7  # of the height of a row: a stroke that long is the rule between two columns
WIDE = 3.0  # width by height: a box without titles that is that wide is a row all the same
MOST_LINES = 40


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a row: pictures of its lines, and of the line of its column title if it has one."""

    lines: tuple[Pixels, ...]
    title: Pixels | None = None


def is_row(case: CaseBox) -> bool:
    """Whether a case is a row of a table; else it is a form."""
    left, top, right, bottom = case.box
    return case.header is not None or right - left > WIDE * (bottom - top)


def cells_of(flat: FlatPage, case: CaseBox, settings: ScanSettings) -> list[Cell]:
    """The cells of a row from left to right; those without writing have no lines."""
    row = _even(flat, case.box, settings)
    edges = _columns(row, flat.dpi, settings)
    titles = _even(flat, case.header, settings) if case.header else None
    shift = round(case.box[0] - case.header[0]) if case.header else 0
    return [_cell(row, titles, (left, right), shift, flat.dpi, settings) for left, right in pairwise(edges)]


def _cell(
    row: Pixels, titles: Pixels | None, across: tuple[int, int], shift: int, dpi: float, settings: ScanSettings
) -> Cell:
    inset = round(INSIDE_MM * dpi / 25.4)
    left, right = across[0] + inset, across[1] - inset
    part = numpy.ascontiguousarray(row[inset : row.shape[0] - inset, left:right])
    title = None
    if titles is not None:
        over = titles[inset : titles.shape[0] - inset, max(left + shift, 0) : right + shift]
        title = line_in(numpy.ascontiguousarray(over), dpi, settings) if over.size else None
    return Cell(tuple(_lines(part, dpi, settings)) if part.size else (), title)


def lines_of(flat: FlatPage, case: CaseBox, settings: ScanSettings) -> list[Pixels]:
    """The lines of a form from top to bottom, label and value together."""
    return _lines(_even(flat, case.box, settings), flat.dpi, settings)[:MOST_LINES]


def _lines(part: Pixels, dpi: float, settings: ScanSettings) -> list[Pixels]:
    runs, dark = writing_in(part, dpi, settings)
    found = [cut_line(part, dark, run, dpi) for run in runs]
    return [line for line in found if line is not None]


def _even(flat: FlatPage, box: Box, settings: ScanSettings) -> Pixels:
    height, width = flat.pixels.shape[:2]
    left, top, right, bottom = (round(edge) for edge in box)
    part = flat.pixels[max(top, 0) : min(bottom, height), max(left, 0) : min(right, width)]
    return flatten(numpy.ascontiguousarray(part), settings, dpi=flat.dpi)


def _columns(row: Pixels, dpi: float, settings: ScanSettings) -> Sequence[int]:
    """Where the columns of a row begin and end: at the rules that go down all of it, and at its own edges."""
    height, width = row.shape[:2]
    dark = (cv2.cvtColor(row, cv2.COLOR_RGB2GRAY) < settings.mask_ink_below).astype(numpy.uint8)
    upright = cv2.getStructuringElement(cv2.MORPH_RECT, (1, max(3, round(RULE_SHARE * height))))
    rules = cv2.morphologyEx(cv2.dilate(dark, numpy.ones((1, 3), numpy.uint8)), cv2.MORPH_OPEN, upright)
    places = numpy.flatnonzero(rules.any(axis=0))
    narrowest = NARROWEST_MM * dpi / 25.4
    edges = [0]
    for run in numpy.split(places, numpy.flatnonzero(numpy.diff(places) > 2) + 1) if len(places) else ():
        middle = round(float(run.mean()))
        if middle - edges[-1] >= narrowest:
            edges.append(middle)
        elif len(edges) == 1:  # the border of the table stands a little inside the box
            edges[0] = middle
    if width - edges[-1] >= narrowest:
        edges.append(width)
    return edges
