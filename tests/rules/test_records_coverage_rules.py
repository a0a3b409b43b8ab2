"""How far the books of a year are digitised."""

from __future__ import annotations

import pytest

from hotich.records.rules.coverage import NOT_LISTED, BookCover, Cover, cover_of, is_covered

WHOLE = BookCover(declared=120, entered=120, gap_numbers=0)


@pytest.mark.parametrize(
    ("books", "cover", "share"),
    [
        ([], Cover.UNKNOWN, None),
        ([WHOLE], Cover.WHOLE, 1.0),
        ([WHOLE, BookCover(80, 40, 0)], Cover.PART, 0.8),
        ([WHOLE, BookCover(None, 40, 0)], Cover.PART, None),  # nobody knows how many the second book holds
        ([BookCover(120, 120, 2)], Cover.PART, 1.0),  # as many as declared, and yet numbers are missing
        ([BookCover(120, 130, 0)], Cover.PART, 1.0),
        ([BookCover(120, 0, 0)], Cover.NONE, 0.0),
        ([BookCover(0, 0, 0)], Cover.WHOLE, None),  # a book that was closed empty
    ],
)
def test_a_year_is_whole_only_when_every_book_of_it_is(
    books: list[BookCover], cover: Cover, share: float | None
) -> None:
    found = cover_of(books)
    assert (found.cover, found.share) == (cover, share)


def test_years_are_covered_only_all_together() -> None:
    assert is_covered([cover_of([WHOLE]), cover_of([WHOLE])])
    assert not is_covered([cover_of([WHOLE]), NOT_LISTED])
    assert not is_covered([])
