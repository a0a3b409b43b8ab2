"""A sheet scanned twice is found, another sheet of the same printed form is not taken for it."""

from __future__ import annotations

from itertools import combinations

import numpy
import pytest
from register_pages import FontBook, make_page, rescan

from hotich.scans.early import fingerprint, is_same_page


def test_none_of_sixty_filled_forms_of_one_book_is_taken_for_another(page_fonts: FontBook) -> None:
    marks = [fingerprint(make_page("form", seed, 100, page_fonts, book="so 12")[0]) for seed in range(60)]
    assert all(len(mark) == 64 for mark in marks)
    assert [pair for pair in combinations(range(60), 2) if is_same_page(marks[pair[0]], marks[pair[1]])] == []


@pytest.mark.parametrize("layout", ["form", "table", "faint", "hand_ruled"])
def test_a_sheet_scanned_again_is_found(page_fonts: FontBook, layout: str) -> None:
    """Other brightness and contrast, noise, up to 1° of skew, cut edges, JPEG of quality 60."""
    pages = [make_page(layout, seed, 150, page_fonts, book="so 3")[0] for seed in range(2)]
    marks = [fingerprint(page) for page in pages]
    again = [fingerprint(rescan(page, seed)) for seed, page in enumerate(pages)]
    for i, mark in enumerate(marks):
        assert [is_same_page(mark, other) for other in again] == [i == j for j in range(2)]


def test_an_empty_page_is_no_double_of_another(page_fonts: FontBook) -> None:
    first, second = (fingerprint(make_page("blank", seed, 100, page_fonts)[0]) for seed in (1, 2))
    assert (first, second) == ("", "")
    assert not is_same_page(first, second)


def test_marks_of_another_kind_are_like_no_other() -> None:
    assert not is_same_page("ab" * 32, "ab" * 8)
    assert is_same_page("ab" * 32, "ab" * 32)


def test_any_picture_has_a_mark_or_none(page_fonts: FontBook) -> None:
    noise = numpy.random.default_rng(1)
    for shape in ((1, 1, 3), (2, 900, 3), (30, 30, 3)):
        assert len(fingerprint(noise.integers(0, 255, shape).astype(numpy.uint8))) in (0, 64)
