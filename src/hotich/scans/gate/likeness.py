"""How much of the writing of the original is left in what one sees: measured on gray pictures of the same size.

Likeness is counted by half-inch tiles, missing ink by quarter-inch ones, band after band (a band stays in the cache of
the processor): the mean tells how good the page is, the worst tile tells that a letter is gone.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy

from hotich.scans.flatten import even_out, paper_of, whiten
from hotich.scans.pages import Pixels
from hotich.scans.settings import ScanSettings

Counts = numpy.typing.NDArray[numpy.float64]
_WINDOW = 7
_C1, _C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
_FEWEST_TEXT, _FEWEST_INK = 400, 40  # points in a tile at 200 dpi: with fewer it says nothing
_CROSS = numpy.ones((3, 3), numpy.uint8)


@dataclass(frozen=True, slots=True)
class Reference:
    """The original at the gate's resolution, made once for all candidates."""

    flat: Pixels  # even light, paper white
    text: Pixels  # 1: writing and its edge
    ink: Pixels  # 255: surely ink
    paper: Pixels  # 255: surely paper
    pale: Pixels  # 1: any ink, the palest too
    visible: Pixels  # at least as dark as this the point has to be, to be seen as the original is
    dpi: float


@dataclass(frozen=True, slots=True)
class Likeness:
    """`ssim` over the text, `ink_f1` of sure ink, `missed_ink`: share of all ink that is gone; worst: of a tile."""

    ssim: float
    worst_ssim: float
    ink_f1: float
    missed_ink: float
    worst_missed: float
    ink_points: int


def reference_of(pixels: Pixels, size: tuple[int, int], dpi: float, settings: ScanSettings) -> Reference:
    """`size`: width, height of what it will be compared with; `dpi`: resolution at that size."""
    gray = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    if gray.shape[::-1] != size:
        larger = size[0] > gray.shape[1]
        gray = cv2.resize(gray, size, interpolation=cv2.INTER_CUBIC if larger else cv2.INTER_AREA)
    evened = even_out(gray, paper_of(gray, settings, dpi=dpi))  # type: ignore[arg-type]
    flat = whiten(evened, settings)
    soft = cv2.blur(evened, (3, 3))
    pale = _below(soft, settings.gate_pale_below, 1)
    around = cv2.boxFilter(pale, -1, (3, 3), normalize=False)
    values = numpy.arange(256)
    kept = numpy.round(255 - (255 - values) * settings.gate_pale_kept).astype(numpy.uint8)
    return Reference(
        flat=flat,
        text=cv2.dilate(_below(flat, settings.gate_ink_below, 1), _CROSS),  # type: ignore[arg-type]
        ink=_below(flat, settings.gate_sure_ink_below),
        paper=cv2.threshold(flat, settings.gate_sure_paper_above, 255, cv2.THRESH_BINARY)[1],  # type: ignore[arg-type]
        pale=cv2.bitwise_and(pale, cv2.threshold(around, 5, 1, cv2.THRESH_BINARY)[1]),  # type: ignore[arg-type]
        visible=cv2.LUT(soft, kept),  # type: ignore[arg-type]
        dpi=dpi,
    )


def likeness(reference: Reference, seen: Pixels, settings: ScanSettings) -> Likeness:
    """Compare what one sees with the original; both with even light and white paper."""
    evened = even_out(seen, paper_of(seen, settings, dpi=reference.dpi))
    flat = whiten(evened, settings)
    darkest = cv2.erode(cv2.blur(evened, (3, 3)), _CROSS)  # within a point around
    gone = cv2.bitwise_and(cv2.compare(darkest, reference.visible, cv2.CMP_GT), reference.pale)
    side = max(8, round(reference.dpi / 2))
    scale = (reference.dpi / 200) ** 2
    text, alike = _ssim(reference.flat, flat, reference.text, side)
    ssim, worst_ssim = _mean_and_worst(alike, text, _FEWEST_TEXT * scale, worst=min, empty=1.0)
    fine = max(4, side // 2)  # a letter is to be missed, not a line
    missed, worst_missed = _mean_and_worst(
        _tiles(gone, fine), _tiles(reference.pale, fine), _FEWEST_INK * scale, worst=max, empty=0.0
    )
    return Likeness(ssim, worst_ssim, _ink_f1(reference, flat, settings), missed, worst_missed, int(text.sum()))


def _ssim(first: Pixels, second: Pixels, text: Pixels, side: int) -> tuple[Counts, Counts]:
    """A tile's points of text, and the sum over them of structural similarity (Wang et al. 2004, uniform window)."""
    height, reach, counts, sums = first.shape[0], _WINDOW // 2, [], []
    for top in range(0, height, side):
        here = text[top : top + side]
        counts.append(_tiles(here, side)[0])
        if not counts[-1].any():
            sums.append(numpy.zeros_like(counts[-1]))
            continue
        start, end = max(0, top - reach), min(height, top + side + reach)
        alike = _ssim_map(first[start:end], second[start:end])[top - start : top - start + here.shape[0]]
        sums.append(_tiles(cv2.multiply(alike, here, dtype=cv2.CV_32F), side)[0])
    return numpy.array(counts), numpy.array(sums)


def _ssim_map(first: Pixels, second: Pixels) -> numpy.typing.NDArray[numpy.float32]:
    x, y = first.astype(numpy.float32), second.astype(numpy.float32)
    window = (_WINDOW, _WINDOW)
    mean_x, mean_y = cv2.blur(x, window), cv2.blur(y, window)
    product, squares = mean_x * mean_y, mean_x * mean_x + mean_y * mean_y
    unbiased = numpy.float32(_WINDOW**2 / (_WINDOW**2 - 1))
    spread = (cv2.blur(x * x + y * y, window) - squares) * unbiased
    shared = (cv2.blur(x * y, window) - product) * unbiased
    found: numpy.typing.NDArray[numpy.float32] = (2 * product + _C1) * (2 * shared + _C2)
    found /= (squares + _C1) * (spread + _C2)
    return found


def _ink_f1(reference: Reference, flat: Pixels, settings: ScanSettings) -> float:
    """F1 of ink; points of the original that are neither surely ink nor surely paper (edges) count for neither."""
    seen = _below(flat, settings.gate_ink_below)
    total = cv2.countNonZero(reference.ink)
    if not total:
        return 1.0
    found = cv2.countNonZero(cv2.bitwise_and(seen, reference.ink))
    invented = cv2.countNonZero(cv2.bitwise_and(seen, reference.paper))
    return 2 * found / (total + found + invented)


def _below(picture: object, limit: int, value: int = 255) -> Pixels:
    return cv2.threshold(picture, limit - 1, value, cv2.THRESH_BINARY_INV)[1]  # type: ignore[call-overload, no-any-return]


def _tiles(values: object, side: int) -> Counts:
    """Sums of square tiles; those at the right and lower edge are what is left."""
    picture = numpy.asarray(values)
    columns = range(0, picture.shape[1], side)
    bands = [
        cv2.reduce(
            picture[top : top + side], 0, cv2.REDUCE_SUM, dtype=cv2.CV_64F if picture.dtype.kind == "f" else cv2.CV_32S
        )[0]
        for top in range(0, picture.shape[0], side)
    ]
    return numpy.add.reduceat(numpy.array(bands, numpy.float64), columns, axis=1)


def _mean_and_worst(sums: Counts, counts: Counts, fewest: float, *, worst: object, empty: float) -> tuple[float, float]:
    """Mean over all points counted, and that of the worst tile that has enough of them."""
    total = counts.sum()
    if not total:
        return empty, empty
    mean = float(sums.sum() / total)
    enough = counts >= fewest
    if not enough.any():
        return mean, mean
    each = sums[enough] / counts[enough]
    return mean, float(each.min() if worst is min else each.max())
