"""A sheet scanned twice is found, another sheet of the same printed form is not taken for it.

Measured at 100 dpi on one book of each of eight layouts (form, halves, table, hand_ruled, faint, opening_forms,
opening_tables, facing_rows), 60 pages and 20 re-scans of each: all re-scans found, none of 14,160 pairs of other pages taken
for the same. Share of contradicting places, at most 0.045: re-scans up to 0.014, faint ones 0.041 (most 0.021); other pages
from 0.068, openings of two forms from 0.050.
"""

from __future__ import annotations

from itertools import combinations

import numpy
import pytest
from register_pages import FontBook, make_page, rescan

from hotich.scans.early import Marks, fingerprint, is_same_page

KINDS = ["form", "halves", "table", "hand_ruled", "faint", "opening_forms", "opening_tables", "facing_rows"]


@pytest.mark.parametrize("layout", KINDS)
def test_a_sheet_scanned_again_is_found_and_another_one_is_not(page_fonts: FontBook, layout: str) -> None:
    """Other brightness and contrast, noise, up to 1° of skew, cut edges, JPEG of quality 60."""
    pages = [make_page(layout, seed, 100, page_fonts, book="so 3")[0] for seed in range(3)]
    marks = [fingerprint(page) for page in pages]
    assert all(len(mark) == 512 for mark in marks)
    again = [fingerprint(rescan(page, seed)) for seed, page in enumerate(pages[:2])]
    assert [Marks(marks).like(other) for other in again] == [[0], [1]]
    assert [pair for pair in combinations(marks, 2) if is_same_page(*pair)] == []


def test_one_sheet_among_twenty_thousand_is_found() -> None:
    rng = numpy.random.default_rng(7)
    halves = rng.integers(0, 256, (20_000, 2, 128), numpy.uint8)
    halves[:, 1] &= ~halves[:, 0]
    marks = [mark.tobytes().hex() for mark in halves]
    known = Marks(marks)
    assert [known.like(marks[place]) for place in (0, 63, 64, 19_999)] == [[0], [63], [64], [19_999]]


def test_a_form_that_was_filled_in_later_is_another_page() -> None:
    few, many = "f" * 60 + "0" * 452, "f" * 250 + "0" * 262
    assert is_same_page(few, few)
    assert not is_same_page(few, many)


def test_an_empty_page_is_no_double_of_another(page_fonts: FontBook) -> None:
    first, second = (fingerprint(make_page("blank", seed, 100, page_fonts)[0]) for seed in (1, 2))
    assert (first, second) == ("", "")
    assert not is_same_page(first, second)


def test_marks_of_another_kind_are_like_no_other() -> None:
    mark = "f" * 256 + "0" * 256
    assert is_same_page(mark, mark)
    for other in ("", mark[:64], mark + "00", "0" * 512):
        assert not is_same_page(mark, other)
        assert not is_same_page(other, other)


def test_any_picture_has_a_mark_or_none(page_fonts: FontBook) -> None:
    noise = numpy.random.default_rng(1)
    for shape in ((1, 1, 3), (2, 900, 3), (30, 30, 3)):
        assert len(fingerprint(noise.integers(0, 255, shape).astype(numpy.uint8))) in (0, 512)
