"""A map of regions follows the page: by the printed rules of both pictures, and never further than a page lies off."""

from __future__ import annotations

import random

import cv2
import numpy
import pytest
from register_pages import FontBook, make_page

from hotich.keying.rules.frames import (
    UNMOVED,
    Line,
    Move,
    Ruling,
    is_same_page,
    move_between,
    read_ruling,
    ruling_of_picture,
)
from hotich.keying.rules.pictures import PageSize, plan_picture
from hotich.scans.pages import PageImage
from hotich.scans.rectify import rectify
from hotich.scans.settings import ScanSettings
from hotich.scans.split import rules_of, strong_rules

SIZE = (200.0, 140.0)
FORM = Ruling(
    ((0.1, 0.05, 0.95), (0.2, 0.3, 0.9), (0.31, 0.22, 0.9), (0.4, 0.27, 0.9), (0.9, 0.05, 0.95)),
    ((0.05, 0.1, 0.9), (0.95, 0.1, 0.9)),
    SIZE,
)
BOX = (0.3, 0.36, 0.9, 0.41)


def laid(ruling: Ruling, move: Move, size_mm: tuple[float, float] = SIZE) -> Ruling:
    """The rules as they lie on another picture."""

    def lines(given: tuple[Line, ...], own: tuple[float, float], along: tuple[float, float]) -> tuple[Line, ...]:
        return tuple((a * own[0] + own[1], b * along[0] + along[1], c * along[0] + along[1]) for a, b, c in given)

    x, y = (move.wide, move.right), (move.high, move.lower)
    return Ruling(lines(ruling.across, y, x), lines(ruling.down, x, y), size_mm)


def near(one: object, other: object) -> bool:
    return bool(numpy.allclose(numpy.asarray(one), numpy.asarray(other), atol=0.002))


@pytest.mark.parametrize(
    "move", [Move(1, 0.03, 1, -0.06), Move(1.02, -0.02, 0.98, 0.05), Move(0.96, 0.04, 0.96, 0.02), UNMOVED]
)
def test_a_shifted_or_scaled_page_takes_its_map_along(move: Move) -> None:
    found = move_between(FORM, laid(FORM, move))
    assert near(found.region(BOX), move.region(BOX))


def test_a_picture_that_shows_more_of_the_page_is_known_by_its_size_on_paper() -> None:
    shows_more = Move(0.8, 0.1, 0.75, 0.15)  # by a quarter wider, by a third higher
    found = move_between(FORM, laid(FORM, shows_more, (SIZE[0] / 0.8, SIZE[1] / 0.75)))
    assert near(found.region(BOX), shows_more.region(BOX))


def test_rules_that_are_missing_and_strokes_that_are_none_do_not_lead_astray() -> None:
    rng = random.Random("keying frames")
    move = Move(1, 0.02, 1, 0.07)
    there = laid(FORM, move)
    strokes = tuple((rng.uniform(0, 1), 0.2, 0.4) for _ in range(5))
    worn = Ruling(tuple(sorted((*there.across[:1], *there.across[2:], *strokes))), there.down, SIZE)
    assert near(move_between(FORM, worn).region(BOX), move.region(BOX))


def test_lines_of_one_form_are_told_from_one_another_by_where_they_begin() -> None:
    even = tuple((0.1 + place * 0.06, 0.1 + place % 4 * 0.07, 0.9) for place in range(13))
    drawn = Ruling(even, ((0.1, 0.1, 0.9), (0.9, 0.1, 0.9)), SIZE)
    move = Move(1, 0.0, 1, 0.05)  # the nearest line is the one above
    assert near(move_between(drawn, laid(drawn, move)).region(BOX), move.region(BOX))


def test_a_form_drawn_smaller_whose_even_lines_would_match_elsewhere_takes_no_map() -> None:
    """As measured on two cases of one book: the second has a longer note, so it was drawn smaller, with a taller frame."""
    starts = (0.43, 0.29, 0.43, 0.58, 0.44, 0.52, 0.35, 0.47, 0.55, 0.64, 0.46, 0.55, 0.64, 0.55, 0.26)
    others = (0.45, 0.32, 0.36, 0.56, 0.44, 0.52, 0.36, 0.51, 0.54, 0.63, 0.5, 0.54, 0.63, 0.59)
    rows = ((0.208, 0.184, 0.816), *((0.23 + 0.0286 * n, start, 0.8) for n, start in enumerate(starts)))
    drawn = Ruling((*rows, (0.678, 0.184, 0.816)), ((0.183, 0.209, 0.679), (0.816, 0.209, 0.679)), (210.0, 151.0))
    rows = ((0.196, 0.21, 0.792), *((0.215 + 0.0265 * n, start, 0.778) for n, start in enumerate(others)))
    found = Ruling((*rows, (0.701, 0.21, 0.792)), ((0.209, 0.197, 0.702), (0.791, 0.197, 0.702)), (210.0, 151.0))
    assert move_between(drawn, found) == UNMOVED
    assert not is_same_page(drawn, found)


@pytest.mark.parametrize(
    "found",
    [
        None,
        Ruling((), (), SIZE),
        Ruling(((0.5, 0.1, 0.3), (0.62, 0.4, 0.6)), ((0.2, 0.1, 0.3),), SIZE),  # another page
        laid(FORM, Move(1, 0.4, 1, 0.4)),  # further than a page lies off
        laid(FORM, Move(1.3, 0, 1.3, 0)),
    ],
)
def test_without_the_rules_of_the_map_it_stays_as_it_was_drawn(found: Ruling | None) -> None:
    assert move_between(FORM, found) == UNMOVED
    assert move_between(None, FORM) == UNMOVED


def test_a_moved_region_stays_on_the_picture() -> None:
    assert Move(1, 0.2, 1, -0.5).region((0.7, 0.3, 0.95, 0.6)) == (0.9, 0.0, 1.0, 0.1)
    assert Move(1, 0.1, 1, 0.1).on_sheet(0.5).region((0.1, 0.2, 0.3, 0.4)) == pytest.approx((0.2, 0.15, 0.4, 0.25))


def test_a_ruling_comes_back_from_the_database_as_it_was() -> None:
    assert read_ruling(FORM.as_json()) == FORM
    assert read_ruling(None) is read_ruling({}) is None


def test_the_rules_of_a_picture_are_those_of_the_pieces_of_its_first_sheet() -> None:
    sizes = {name: PageSize(1000, 1400, 100.0) for name in ("a", "b")}
    parts = [{"page": "a", "box": [0, 700, 1000, 1400]}, {"page": "b", "box": [0, 0, 1000, 300]}]
    plan = plan_picture(parts, sizes, margin_mm=0)
    assert plan is not None
    rules = {
        "a": {"across": [[350, 0, 900], [1050, 100, 900], [1200, 100, 130]], "down": [[500, 100, 1400]]},
        "b": {"across": [[100, 0, 900]], "down": []},
    }
    found = ruling_of_picture(plan, rules, sizes)
    assert found is not None
    assert near(found.across, [(0.5, 0.1, 0.9)])  # the others lie on the other half, are short, on another sheet
    assert near(found.down, [(0.5, 0.0, 1.0)])
    assert found.size_mm == pytest.approx((254.0, 177.8))
    assert ruling_of_picture(plan, {**rules, "a": None}, sizes) is None


SETTINGS = ScanSettings()
LID = (236, 232, 220)


def scanned(
    fonts: FontBook, seed: str, right: int, down: int, *, scale: float = 1.0, **more: object
) -> tuple[Ruling, numpy.ndarray]:  # type: ignore[type-arg]
    """The rules of a form on the glass under a white lid, and the heights of its printed labels on the picture."""
    pixels, truth = make_page("form", seed, 100, fonts, **more)  # type: ignore[arg-type]
    matrix = numpy.array([[scale, 0, right], [0, scale, down], [0, 0, 1.0]])
    size = (pixels.shape[1] + 90, pixels.shape[0] + 90)
    flat = rectify(PageImage(cv2.warpPerspective(pixels, matrix, size, borderValue=LID), 100.0, "x.jpg"), SETTINGS)  # type: ignore[arg-type]
    high, wide = flat.pixels.shape[:2]
    sizes = {"1": PageSize(wide, high, 100.0)}
    plan = plan_picture([{"page": "1", "box": [0, 0, wide, high]}], sizes, margin_mm=0)
    assert plan is not None
    found = ruling_of_picture(plan, {"1": strong_rules(rules_of(flat))}, sizes)
    assert found is not None
    labels = [[line.box[0], (line.box[1] + line.box[3]) / 2] for line in truth.lines if line.kind == "print"]
    onto = flat.to_flat @ matrix @ numpy.linalg.inv(truth.to_page)
    return found, cv2.perspectiveTransform(numpy.array([labels]), onto)[0][:, 1] / high


@pytest.mark.parametrize(
    "more",
    [
        {"right": 70, "down": 80},
        {"right": 20, "down": 60, "scale": 1.02},
        {"right": 40, "down": 40, "skew": 1.1},
        {"right": 50, "down": 70, "noise": 12.0},
    ],
)
def test_marks_fall_on_their_lines_on_pages_that_lie_otherwise(more: dict[str, float], page_fonts: FontBook) -> None:
    drawn, mine = scanned(page_fonts, "frames-map", 0, 0)
    found, theirs = scanned(page_fonts, "frames-page", **more)  # type: ignore[arg-type]
    move = move_between(drawn, found)
    line = float(numpy.median(numpy.diff(theirs[1:])))
    moved = numpy.array([move.region((0.1, y, 0.2, y))[1] for y in mine])
    assert float(numpy.abs(moved - theirs).max()) < 0.2 * line
    assert float(numpy.abs(mine - theirs).max()) > 0.2 * line  # else nothing is shown by it
