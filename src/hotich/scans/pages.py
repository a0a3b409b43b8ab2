"""What the steps of the scan pipeline hand to one another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy
import numpy.typing

Pixels = numpy.typing.NDArray[numpy.uint8]
"""An image: (height, width, 3), RGB, 8 bits."""

Matrix = numpy.typing.NDArray[numpy.float64]
"""3 × 3: from the pixels of one image to those of another."""

Box = tuple[float, float, float, float]
"""left, top, right, bottom in pixels of the flat page."""

Severity = Literal["review", "refuse"]
Verdict = Literal["pass", "review", "refuse"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a page or a case that somebody has to know: a stable code with its figures."""

    code: str
    severity: Severity
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PageImage:
    """One page as delivered: turned as its EXIF says, in RGB, 8 bits.

    `dpi`: as the file states it, None when it states none or nonsense. `index`: from 0, within a file of many pages.
    """

    pixels: Pixels
    dpi: float | None
    name: str
    index: int = 0


@dataclass(frozen=True, slots=True)
class FlatPage:
    """One page rectified: the sheet alone, upright, its rules level; light and colour as they were.

    `to_flat` leads from pixels of the page as delivered to pixels of this one. `turned`: 0, 90, 180, 270 clockwise.
    `skew`: degrees that were taken out. `findings`: what was doubtful (an officer looks, nothing stops).
    """

    pixels: Pixels
    dpi: float
    to_flat: Matrix
    turned: int = 0
    skew: float = 0.0
    is_photo: bool = False
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseBox:
    """Where one case stands on a flat page, and the strip of column titles that belongs to it, if any."""

    box: Box
    header: Box | None = None
