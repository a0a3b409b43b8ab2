"""What the tests of the inventory share: an office in scope, refusals by code, books that are listed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from hotich.kernel.problems import RuleBroken
from hotich.keying.models import BookWork
from hotich.keying.services.inventory import list_books
from hotich.registers.models import Book, BookCopy
from hotich.registers.services import find_or_make_book
from hotich.units.models import Office
from tests.app.intake_parts import AT
from tests.app.records_support import actor_at


@contextmanager
def refused(code: str) -> Iterator[None]:
    """Around one act that is refused with this code."""
    with pytest.raises(RuleBroken) as refusal:
        yield
    assert refusal.value.code == code


def listed(office: Office, *books: Book) -> list[BookWork]:
    """Take books into the inventory; those listed now."""
    return list_books(actor=actor_at(office), at=AT, book_ids=[book.id for book in books])


def two_originals(office: Office, *, letters: str = "KS", year: int = 1990) -> tuple[Book, Book]:
    """The commune's and the district's original of one book."""
    first, second = (
        find_or_make_book(
            actor=actor_at(office), at=AT, office_id=office.id, register_type=letters, era="PRE1999", number="01",
            year=year, copy=copy,
        )
        for copy in (BookCopy.COMMUNE, BookCopy.DISTRICT)
    )  # fmt: skip
    return first, second
