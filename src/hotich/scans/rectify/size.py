"""How large the paper is: what resolution a page without a trustworthy figure has, what shape a photographed sheet has."""

from __future__ import annotations

import math

from hotich.scans.settings import ScanSettings

PAPERS = {"A2": (420.0, 594.0), "A3": (297.0, 420.0), "A4": (210.0, 297.0), "A5": (148.0, 210.0)}
"""Width and height upright, in millimetres."""

USUAL = (300.0, 200.0, 400.0, 600.0, 150.0, 240.0)
ROOT = math.sqrt(2)


def sheet_size(across: float, down: float, paper: str) -> tuple[float, float, bool]:
    """Width and height a photographed sheet gets, and whether it has the shape of standard paper.

    `across`, `down`: the longest edges of the sheet in the photo. A sheet seen at an angle is shortened in one
    direction; a shape near that of A-series paper is taken for it, and neither direction loses resolution.
    """
    upright = down >= across
    long, short = (down, across) if upright else (across, down)
    standard = abs(long / short / ROOT - 1) <= (0.25 if paper in PAPERS else 0.13)
    if standard:
        long, short = max(long, short * ROOT), max(short, long / ROOT)
    return (short, long, standard) if upright else (long, short, standard)


def photo_dpi(width: float, height: float, paper: str) -> float:
    """Of a sheet that fills `width` × `height` pixels: an upright one is taken for A4, a wide one for an open A4 book."""
    known = PAPERS.get(paper) or PAPERS["A4" if height >= width else "A3"]
    return max(width, height) / (known[1] / 25.4)


def scan_dpi(width: int, height: int, stated: float | None, paper: str, settings: ScanSettings) -> tuple[float, bool]:
    """Resolution of a flat scan, and whether it is known rather than assumed."""
    if stated is not None:
        return stated, True
    long, short = max(width, height), min(width, height)
    if paper in PAPERS:
        return long / (PAPERS[paper][1] / 25.4), True
    for dpi in USUAL:
        for low, high in PAPERS.values():
            if abs(short / dpi * 25.4 / low - 1) < 0.02 and abs(long / dpi * 25.4 / high - 1) < 0.02:
                return dpi, True
    return settings.assumed_dpi, False
