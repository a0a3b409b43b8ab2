"""How far the marks of a map of regions lie from the lines of pages that lie otherwise: as drawn, and moved by the rules.

Pages are drawn with seeds nobody tuned on, laid otherwise under the scanner and rectified as every page is. On the first
page of each book the map is what the truth says: a box around every printed label. On its other pages that map is laid
as it is and moved; the figure is how far the middles of the boxes are from the labels, in heights of a line of the form.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy

from hotich.keying.rules.frames import UNMOVED, Move, Ruling, move_between, ruling_of_picture
from hotich.keying.rules.pictures import PageSize, Plan, plan_picture
from hotich.scans.pages import PageImage, Pixels
from hotich.scans.rectify import rectify
from hotich.scans.settings import ScanSettings
from hotich.scans.split import rules_of, strong_rules

CHECKOUT = Path(__file__).resolve().parents[1]
DPI = 150
PAPER = (236, 232, 220)
WAYS = ("as it is", "shifted", "scaled", "skewed", "with noise", "torn or folded", "without frame")
BOOKS = {"form": 1, "halves": 2, "table": 1}
"""Layout: how many cases an officer cuts its page into by hand."""
Middle = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Case:
    """A case as it is keyed: its rules, and the middles of its printed labels in shares of the picture."""

    ruling: Ruling | None
    labels: list[Middle]
    line: float  # height of a line of the form


def cases_of(layout: str, way: str, seed: str, fonts: Any) -> list[Case]:
    """The cases of one page that lies in one of the ways under the scanner, boxed by hand."""
    from register_pages import make_page

    rng = random.Random(f"regions/{layout}/{way}/{seed}")
    steps = (
        ("fold",) if way == "torn or folded" and rng.random() < 0.5 else ("torn",) if way == "torn or folded" else ()
    )
    noise = {"noise": 14.0} if way == "with noise" else {}
    degrees = rng.choice([-1, 1]) * rng.uniform(0.3, 3) if way == "skewed" else None
    pixels, truth = make_page(layout, f"regions-{seed}", DPI, fonts, steps=steps, skew=degrees, **noise)
    if way == "without frame":
        pixels = _unframed(pixels, truth)
    pixels, laid = _laid(pixels, rng, way)
    flat = rectify(PageImage(pixels, float(DPI), "page.jpg"), ScanSettings())
    to_flat = flat.to_flat @ laid @ numpy.linalg.inv(truth.to_page)
    high, wide = flat.pixels.shape[:2]
    rules = strong_rules(rules_of(flat))
    count = BOOKS[layout]
    return [
        _case(truth, to_flat, (wide, high), rules, _hand_box(rng, wide, high, place, count), place, count)
        for place in range(count)
    ]


def _case(
    truth: Any, to_flat: Any, size: tuple[int, int], rules: dict[str, Any], box: list[float], place: int, count: int
) -> Case:
    sizes = {"1": PageSize(*size, float(DPI))}
    plan = plan_picture([{"page": "1", "box": box}], sizes, margin_mm=ScanSettings().cut_margin_mm)
    assert plan is not None
    labels = [line.box for line in truth.lines if line.kind == "print" and (count == 1 or line.case == place + 1)]
    middles = [((left + right) / 2, (top + bottom) / 2) for left, top, right, bottom in labels]
    on_flat = cv2.perspectiveTransform(numpy.array([middles], dtype=float), to_flat)[0]
    told = [_on_picture(plan, float(x), float(y)) for x, y in on_flat]
    heights = sorted({round(y, 4) for _, y in told})
    steps = [b - a for a, b in pairwise(heights) if b - a > 0.01]
    return Case(ruling_of_picture(plan, {"1": rules}, sizes), told, statistics.median(steps) if steps else 0.03)


def _on_picture(plan: Plan, x: float, y: float) -> Middle:
    piece = plan.pieces[0]
    (left, top, right, bottom), (a, b, c, d) = piece.box, piece.place
    share_x, share_y = (x - left) / (right - left), (y - top) / (bottom - top)
    return (a + share_x * (c - a)) / plan.width, (b + share_y * (d - b)) / plan.height


def _hand_box(rng: random.Random, wide: int, high: int, place: int, count: int) -> list[float]:
    """Drawn by an officer: a part of the page, its edges up to 1.5 % off."""
    off = [rng.uniform(-0.015, 0.015) for _ in range(4)]
    sides = [off[0] * wide, (place / count + off[1]) * high, (1 + off[2]) * wide, ((place + 1) / count + off[3]) * high]
    return [max(0.0, min(float((wide, high)[i % 2]), side)) for i, side in enumerate(sides)]


def _laid(pixels: Pixels, rng: random.Random, way: str) -> tuple[Pixels, Any]:
    """On the glass under a white lid: shifted by up to 6 %, or copied 3 % larger or smaller."""
    high, wide = pixels.shape[:2]
    scale = rng.choice([-1, 1]) * rng.uniform(0.01, 0.03) + 1 if way == "scaled" else 1.0
    reach = 0.06 if way != "as it is" else 0.0
    right, down = (rng.uniform(0, reach) * side for side in (wide, high))
    matrix = numpy.array([[scale, 0, right], [0, scale, down], [0, 0, 1.0]])
    size = (round(wide * (1 + reach)), round(high * (1 + reach)))
    made = cv2.warpPerspective(pixels, matrix, size, flags=cv2.INTER_LINEAR, borderValue=PAPER)
    return numpy.asarray(made, numpy.uint8), matrix


def _unframed(pixels: Pixels, truth: Any) -> Pixels:
    """The frames of a page painted over with the paper beside them."""
    mask = numpy.zeros(pixels.shape[:2], numpy.uint8)
    for case in truth.cases:
        left, top, right, bottom = (round(side) for side in case.box)
        cv2.rectangle(mask, (left, top), (right, bottom), 255, 9)
    return numpy.asarray(cv2.inpaint(pixels, mask, 3, cv2.INPAINT_TELEA), numpy.uint8)


def off_by(drawn: Case, found: Case, move: Move) -> list[float]:
    """How far every mark is from its label, in lines of the form."""
    distances = []
    for (x, y), (to_x, to_y) in zip(drawn.labels, found.labels, strict=False):
        left, top, _, _ = move.region((x, y, x, y))
        distances.append(max(abs(top - to_y), abs(left - to_x) * 0.3) / found.line)
    return distances


def measured(books: range, fonts: Any) -> Iterator[tuple[str, str, list[float], list[float], float]]:
    """(layout, way, off unmoved, off moved, seconds of moving) of every layout and way."""
    for layout in BOOKS:
        for way in WAYS:
            before: list[float] = []
            after: list[float] = []
            spent = 0.0
            for book in books:
                drawn = cases_of(layout, "as it is", f"{book}-map", fonts)[0]
                for found in cases_of(layout, way, f"{book}-page", fonts):
                    started = time.perf_counter()
                    move = move_between(drawn.ruling, found.ruling)
                    spent += time.perf_counter() - started
                    before += off_by(drawn, found, UNMOVED)
                    after += off_by(drawn, found, move)
            yield layout, way, before, after, spent / len(books)


def figures(values: Sequence[float]) -> str:
    ordered = sorted(values)
    late = ordered[int(0.95 * (len(ordered) - 1))]
    half = sum(value > 0.5 for value in ordered) / len(ordered)
    return f"{statistics.median(ordered):5.2f} {late:5.2f} {half:6.1%}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--books", type=int, default=6)
    parser.add_argument(
        "--first", type=int, default=100, help="seed of the first book; nothing was tuned on 100 and more"
    )
    asked = parser.parse_args()
    sys.path.insert(0, str(CHECKOUT / "tests"))
    from register_pages import merged_fonts

    fonts = merged_fonts(CHECKOUT / "node_modules", CHECKOUT / ".state" / "cache" / "page-fonts")
    print("in lines of the form: median, 95th of 100, more than half a line; ms to move a map")
    for layout, way, before, after, spent in measured(range(asked.first, asked.first + asked.books), fonts):
        print(f"{layout:8} {way:16} as drawn {figures(before)}   moved {figures(after)}   {1000 * spent:5.1f}")


if __name__ == "__main__":
    main()
