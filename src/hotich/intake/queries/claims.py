"""Which books and batches belong to work above this app: it says so itself, intake knows none of it.

An app above calls the `declare_…` functions once, in the `ready` of its apps.py; what it declares runs in the scope of
whoever acts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from hotich.kernel.problems import RuleBroken

BookKey = tuple[str, int]
"""Number and year of a book: ("01", 2006)."""


@dataclass(frozen=True, slots=True)
class BookClaim:
    """A book is entered in another way already: who does it, as a code of the messages with its `params`."""

    book: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


Claims = Callable[[int, str, Collection[BookKey]], list[BookClaim]]
Holder = Callable[[UUID], RuleBroken | None]
_claims: dict[str, Claims] = {}
_holders: dict[str, Holder] = {}


def declare_book_claims(code: str, claims: Claims) -> None:
    """Have the import ask, for an office, a register and its books, who enters one of them in another way."""
    _claims[code] = claims


def declare_batch_holder(code: str, holder: Holder) -> None:
    """Have the withdrawal of a batch ask why it may not be withdrawn here: the refusal, or None."""
    _holders[code] = holder


def claims_on_books(office_id: int, letters: str, books: Collection[BookKey]) -> list[BookClaim]:
    """Everything that is said about these books of a register, in the order of the apps and of what each says."""
    return [claim for claims in _claims.values() for claim in claims(office_id, letters, books)] if books else []


def must_be_free(batch_id: UUID) -> None:
    """Raises RuleBroken with the code of whoever holds the batch, which says what to do."""
    if (refusal := why_held(batch_id)) is not None:
        raise refusal


def why_held(batch_id: UUID) -> RuleBroken | None:
    """Why the batch may not be withdrawn here; None when nobody holds it."""
    return next((found for holder in _holders.values() if (found := holder(batch_id)) is not None), None)
