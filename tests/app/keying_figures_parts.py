"""What the tests of acceptance and figures share: a book that was keyed and checked, and a sample judged to the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hotich.database.scope import office_scope
from hotich.keying.models import Acceptance, AcceptanceItem, BookWork, Entry, KeyingPackage
from hotich.keying.services.acceptance import draw_acceptance, judge_item
from hotich.keying.services.denominators import freeze_denominator
from hotich.keying.services.review import finish_check, review_entry, start_check
from hotich.registers.models import Book
from tests.app.keying_checking_parts import entries_of, keyed, now, values_of
from tests.app.keying_parts import AT, Team, a_listed_book

VOID = None


def a_checked_book(
    team: Team, rows: Sequence[Mapping[str, Any] | None] | None = None, *, frozen: int | None = 3, **more: Any
) -> Book:
    """A book of one package, keyed by the keyer and looked through by the checker; `frozen`: cases it is said to hold."""
    book: Book = more.pop("book", None) or a_listed_book(team, state="open")
    checked_package(team, keyed(team, rows, book=book, **more))
    if frozen is not None:
        freeze_denominator(
            actor=team.approver, at=AT, book_id=book.id, source="decided", value=frozen, reason="Đếm trong sổ"
        )
    return book


def checked_package(team: Team, package: KeyingPackage, *, by: str = "checker") -> KeyingPackage:
    """Look through everything of a package in the mode `review`, and finish."""
    actor = getattr(team, by)
    start_check(actor=actor, at=AT, package_id=package.id)
    for entry in entries_of(team, package):
        review_entry(actor=actor, at=AT, entry_id=entry.id, version=now(team, entry).version)
    return finish_check(actor=actor, at=AT, package_id=package.id)


def drawn(team: Team, book: Book, **more: Any) -> Acceptance:
    """The sample of a book, drawn by the approver."""
    return draw_acceptance(actor=team.approver, at=AT, book_id=book.id, **more)


def sample_of(team: Team, acceptance: Acceptance) -> list[AcceptanceItem]:
    """The sample in its order, with entries."""
    with office_scope([team.office.id]):
        return list(acceptance.items.select_related("entry__case").order_by("place"))


def judge_all(team: Team, acceptance: Acceptance, wrong: Mapping[int, Sequence[str]] | None = None) -> None:
    """Judge the whole sample: of the n-th case (from 1) these fields are wrong, all others right."""
    for item in sample_of(team, acceptance):
        marks = [{"field": code, "words": "Sai chữ"} for code in (wrong or {}).get(item.place, ())]
        judge_item(actor=team.approver, at=AT, item_id=item.id, wrong=marks)


def work_of(team: Team, book: Book) -> BookWork:
    """The book as work, as it is now."""
    with office_scope([team.office.id]):
        return BookWork.objects.get(book=book)


def many_entries(team: Team, book: Book) -> list[Entry]:
    """Everything keyed of a book."""
    with office_scope([team.office.id]):
        return list(Entry.objects.filter(package__book=book).order_by("item__position"))


__all__ = ["AT", "VOID", "a_checked_book", "drawn", "judge_all", "many_entries", "sample_of", "values_of", "work_of"]
