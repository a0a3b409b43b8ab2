"""That something was printed. A record or person on paper is a reading (`note_reading`); lists of books stand here."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from hotich.audit.services import unit_of_work
from hotich.kernel.actor import Actor


def note_printing(*, actor: Actor, at: datetime, paper: str, books: Collection[UUID]) -> None:
    """Write that a paper about books was made: `paper` is book_list, closing, hand_over or acceptance."""
    with unit_of_work(actor=actor, at=at) as work:
        work.record(
            "book.printed",
            subject_kind="office",
            subject_id=actor.office_id,
            subject_office=actor.office_id,
            facts={"paper": paper, "books": len(books), "first": str(min(books)) if books else ""},
        )
