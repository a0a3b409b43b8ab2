"""Where page numbers stand: the pictures of one line each that a reader is given."""

from __future__ import annotations

from typing import Any

import cv2
import numpy
import numpy.typing

from hotich.scans.flatten import flatten
from hotich.scans.pages import FlatPage, Pixels
from hotich.scans.settings import ScanSettings

BANDS = {"top": (0.0, 0.08), "bottom": (0.92, 1.0)}
COLUMNS = {"left": (0.0, 0.25), "middle": (0.375, 0.625), "right": (0.75, 1.0)}
LEAST_MM, MOST_MM = 1.5, 9.0  # height of a printed number
AROUND_MM = 1.2
RULE_MM = 9.0  # a longer stroke is a rule, no writing

Places = numpy.typing.NDArray[numpy.intp]
Mask = numpy.typing.NDArray[Any]


def number_places(flat: FlatPage, settings: ScanSettings) -> dict[str, Pixels]:
    """Place ("top left", …) → picture of the one line of writing there; places without are left out."""
    height, width = flat.pixels.shape[:2]
    found: dict[str, Pixels] = {}
    for band, (top, bottom) in BANDS.items():
        for column, (left, right) in COLUMNS.items():
            rows = slice(round(top * height), round(bottom * height))
            part = flat.pixels[rows, round(left * width) : round(right * width)]
            line = line_in(flatten(numpy.ascontiguousarray(part), settings, dpi=flat.dpi), flat.dpi, settings)
            if line is not None:
                found[f"{band} {column}"] = line
    return found


def line_in(part: Pixels, dpi: float, settings: ScanSettings) -> Pixels | None:
    """Cut to the tallest run of rows with writing, when that has the height of one line."""
    runs, dark = writing_in(part, dpi, settings)
    return cut_line(part, dark, max(runs, key=len), dpi) if runs else None


def writing_in(part: Pixels, dpi: float, settings: ScanSettings) -> tuple[list[Places], Mask]:
    """The runs of rows with writing from top to bottom, and where the writing is: rules and specks are left out."""
    mm = dpi / 25.4
    dark = (cv2.cvtColor(part, cv2.COLOR_RGB2GRAY) < settings.mask_ink_below).astype(numpy.uint8)
    for size in ((round(RULE_MM * mm), 1), (1, round(RULE_MM * mm))):
        rules = cv2.morphologyEx(dark, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, size))
        dark[cv2.dilate(rules, numpy.ones((3, 3), numpy.uint8)) > 0] = 0
    dark = cv2.medianBlur(dark, 3).astype(numpy.uint8)
    rows = numpy.flatnonzero(dark.any(axis=1))
    if not len(rows):
        return [], dark
    return list(numpy.split(rows, numpy.flatnonzero(numpy.diff(rows) > mm) + 1)), dark


def cut_line(part: Pixels, dark: Mask, run: Places, dpi: float) -> Pixels | None:
    """The picture of the line in a run of rows; None where it has not the height of one."""
    mm = dpi / 25.4
    columns = numpy.flatnonzero(dark[run[0] : run[-1] + 1].any(axis=0))
    if not LEAST_MM * mm <= len(run) <= MOST_MM * mm or not len(columns):
        return None
    edge = round(AROUND_MM * mm)
    top, left = max(run[0] - edge, 0), max(columns[0] - edge, 0)
    return numpy.ascontiguousarray(part[top : run[-1] + 1 + edge, left : columns[-1] + 1 + edge])
