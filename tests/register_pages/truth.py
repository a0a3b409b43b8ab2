"""What is known exactly about a drawn page."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

import numpy
import numpy.typing

Pixels = numpy.typing.NDArray[numpy.uint8]
Box = tuple[float, float, float, float]
"""left, top, right, bottom in pixels of the flat page."""


@dataclass(frozen=True, slots=True)
class Part:
    """Where (a part of) a case stands, and the strip of column titles above it, if any."""

    box: Box
    header: Box | None = None


@dataclass(frozen=True, slots=True)
class CaseTruth:
    """One case of a page; several parts when its row goes over two facing pages. `sheet`: from 1, of its sheets."""

    case: int
    parts: tuple[Part, ...]
    sheet: int = 1

    @property
    def box(self) -> Box:
        return self.parts[0].box

    @property
    def header(self) -> Box | None:
        return self.parts[0].header


@dataclass(frozen=True, slots=True)
class LineTruth:
    """One line of print or handwriting; `case` is None for what belongs to no case (column titles)."""

    kind: str  # print, hand
    text: str
    box: Box
    case: int | None


@dataclass(frozen=True, slots=True)
class Truth:
    """Boxes are in pixels of the flat page; `to_page` (3 × 3) leads there from the pixels of the picture.

    `turned`: degrees clockwise by which the picture was turned away from upright. `skew`: degrees counted clockwise.
    `exact`: False when the paper is curved, so that `to_page` holds only roughly.
    """

    layout: str
    seed: str
    dpi: int  # of the flat page
    font: str
    page_size: tuple[int, int]  # width, height
    image_size: tuple[int, int]
    to_page: numpy.typing.NDArray[numpy.float64]
    cases: tuple[CaseTruth, ...]
    lines: tuple[LineTruth, ...]
    steps: tuple[str, ...] = ()
    turned: int = 0
    skew: float = 0.0
    exact: bool = True
    is_photo: bool = False
    look: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "to_page": self.to_page.tolist()}
