"""Boxes of cases on a page, as they are stored: {"box": [left, top, right, bottom], "header": the same | None}."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from hotich.kernel.problems import RuleBroken

MOST_BOXES = 80  # on one page; A2 tables have some 60 rows
SMALLEST = 12  # pixels either way: less is a slip of the mouse
SLACK = 2.0  # pixels a box may reach over the edge: rounding of the browser

StoredBox = dict[str, Any]
Part = dict[str, Any]
"""{"page": id of the page as text, "box": …, "header": … | None}."""


def checked_boxes(
    given: Sequence[Mapping[str, Any]], width: int, height: int, before: Sequence[Mapping[str, Any]] = ()
) -> list[StoredBox]:
    """The boxes an officer set, in his order, cut to the page. A box without the key "header" keeps that of the box of
    `before` it overlaps most. Raises RuleBroken boxes_too_many, box_malformed, box_too_small, boxes_the_same."""
    if len(given) > MOST_BOXES:
        raise RuleBroken("boxes_too_many", field="boxes", most=MOST_BOXES)
    made: list[StoredBox] = []
    for item in given:
        if not isinstance(item, Mapping):
            raise RuleBroken("box_malformed", field="boxes")
        box = _box(item.get("box"), width, height)
        header = item["header"] if "header" in item else _header_before(box, before)
        made.append({"box": box, "header": None if header is None else _box(header, width, height)})
    for place, one in enumerate(made):
        if any(share_in_common(one["box"], other["box"]) > 0.9 for other in made[:place]):
            raise RuleBroken("boxes_the_same", field="boxes", place=place + 1)
    return made


def _box(raw: Any, width: int, height: int) -> list[float]:
    if not isinstance(raw, Sequence) or isinstance(raw, str) or len(raw) != 4:
        raise RuleBroken("box_malformed", field="boxes")
    try:
        left, top, right, bottom = (float(edge) for edge in raw)
    except (TypeError, ValueError) as error:
        raise RuleBroken("box_malformed", field="boxes") from error
    edges = (left, top, right, bottom)
    # a comparison with "not a number" is false, so that it is refused as well
    if not all(-SLACK <= edge <= most + SLACK for edge, most in zip(edges, (width, height) * 2, strict=True)):
        raise RuleBroken("box_malformed", field="boxes")
    cut = [max(0.0, left), max(0.0, top), min(float(width), right), min(float(height), bottom)]
    if cut[2] - cut[0] < SMALLEST or cut[3] - cut[1] < SMALLEST:
        raise RuleBroken("box_too_small", field="boxes", pixels=SMALLEST)
    return [round(edge, 1) for edge in cut]


def _header_before(box: Sequence[float], before: Sequence[Mapping[str, Any]]) -> Any:
    best = max(before, key=lambda old: share_in_common(box, old["box"]), default=None)
    return best["header"] if best is not None and share_in_common(box, best["box"]) > 0 else None


def share_in_common(one: Sequence[float], other: Sequence[float]) -> float:
    """What two boxes have in common, as a share of both together: 0 apart, 1 the same."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    both = width * height
    return both / (_area(one) + _area(other) - both)


def _area(box: Sequence[float]) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def checked_corners(given: Sequence[Sequence[float]], width: int, height: int) -> list[list[float]]:
    """Four corners of the sheet on the page as delivered, clockwise from its upper left as it lies there.

    Raises RuleBroken corners_malformed.
    """
    points = [list(point) for point in given]
    if len(points) != 4 or any(len(point) != 2 for point in points):
        raise RuleBroken("corners_malformed", field="corners")
    try:
        made = [[round(float(x), 1), round(float(y), 1)] for x, y in points]
    except (TypeError, ValueError) as error:
        raise RuleBroken("corners_malformed", field="corners") from error
    inside = all(-SLACK <= x <= width + SLACK and -SLACK <= y <= height + SLACK for x, y in made)
    if not inside or not _is_convex(made):
        raise RuleBroken("corners_malformed", field="corners")
    return made


def _is_convex(points: Sequence[Sequence[float]]) -> bool:
    """Whether four points, taken in order, go round clockwise (y grows downwards) without crossing."""
    for place in range(4):
        (ax, ay), (bx, by), (cx, cy) = (points[(place + step) % 4] for step in range(3))
        if (bx - ax) * (cy - by) - (by - ay) * (cx - bx) <= 0:
            return False
    return True


def part_key(part: Mapping[str, Any]) -> str:
    """What tells a part of a case from others: its page and its boxes."""
    return json.dumps([str(part["page"]), part["box"], part.get("header")])


def content_key(parts: Sequence[tuple[str, Mapping[str, Any]]], settings: str, title: str) -> str:
    """Fingerprint of what a PDF is made of: (hash of the flat picture, part) in order, the settings, the title."""
    told = [[sha256, part["box"], part.get("header")] for sha256, part in parts]
    return hashlib.sha256(json.dumps([told, settings, title]).encode()).hexdigest()
