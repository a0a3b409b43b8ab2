"""Writes: what differs between the two originals of a book is found, by people or by comparing keyings, and settled (H6).

Findings say where the copies differ, never what they say: the words of both stay in the cases and on the scans.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.database.scope import office_scope
from hotich.kernel.actor import Actor
from hotich.kernel.ids import stable_uuid
from hotich.kernel.problems import RuleBroken
from hotich.keying.models import CopyComparison, CopyFinding
from hotich.keying.queries.copies import decided_numbers, is_keyed_whole, keyed_cases
from hotich.keying.rules.copies import CopyDifference, compare_copies
from hotich.keying.services.inventory import books_in_reach, must_manage
from hotich.registers.models import Book, BookCopy
from hotich.registers.types import version_for

LONGEST_WORDS = 500
SEEN_BY_COMPARING = "Tìm thấy khi so sánh dữ liệu đã nhập của hai bản"  # said where no field is to be named


@dataclass(frozen=True, slots=True)
class Finding:
    """What somebody saw when laying both copies side by side. `number` None: of the book as a whole."""

    kind: str
    words: str
    number: int | None = None
    number_suffix: str = ""
    registration_year: int | None = None


def record_finding(
    *, actor: Actor, at: datetime, request_key: UUID, first_id: UUID, second_id: UUID, finding: Finding
) -> CopyComparison:
    """Write a finding of the pair commune copy (`first_id`), district copy. The same `request_key` gives the same one.

    Raises RuleBroken not_allowed, book_unknown, copies_not_a_pair, copy_finding_missing, copy_words_missing,
    number_and_year_together.
    """
    officer = must_manage(actor)
    if finding.kind not in CopyFinding.values:
        raise RuleBroken("copy_finding_missing", field="finding")
    if not finding.words.strip():
        raise RuleBroken("copy_words_missing", field="words")
    if (finding.number is None) != (finding.registration_year is None):
        raise RuleBroken("number_and_year_together", field="registration_year")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        first, second = _pair(actor, first_id, second_id)
        earlier = CopyComparison.objects.filter(request_key=request_key).first()
        if earlier is not None:
            return earlier
        row = CopyComparison.objects.create(
            origin_office_id=first.origin_office_id, first=first, second=second, number=finding.number,
            number_suffix=finding.number_suffix.strip()[:8], registration_year=finding.registration_year,
            finding=finding.kind, words=finding.words.strip()[:LONGEST_WORDS], found_by=officer, found_at=at,
            request_key=request_key,
        )  # fmt: skip
        _note(work, "copies.differ", row)
    return row


def settle_finding(*, actor: Actor, at: datetime, finding_id: UUID, words: str) -> CopyComparison:
    """Say what was done about a finding. Raises RuleBroken not_allowed, copy_finding_unknown, copy_finding_settled,
    settled_words_missing.
    """
    officer = must_manage(actor)
    if not words.strip():
        raise RuleBroken("settled_words_missing", field="words")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        rows = CopyComparison.objects.select_for_update(of=("self",)).filter(origin_office_id__in=actor.office_ids)
        row = rows.filter(id=finding_id).first()
        if row is None:
            raise RuleBroken("copy_finding_unknown")
        if row.settled_at is not None:
            raise RuleBroken("copy_finding_settled")
        row.settled_words, row.settled_by, row.settled_at = words.strip()[:LONGEST_WORDS], officer, at
        row.save(update_fields=["settled_words", "settled_by", "settled_at"])
        _note(work, "copies.settled", row)
    return row


def compare_keyed_copies(*, actor: Actor, at: datetime, first_id: UUID, second_id: UUID) -> list[CopyComparison]:
    """Compare what was keyed from both copies by number; the findings that are new.

    Compared again, the same differences add nothing, also those that were settled. A number only one copy has is a
    finding once the other copy was keyed whole. Raises RuleBroken not_allowed, book_unknown, copies_not_a_pair.
    """
    officer = must_manage(actor)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        first, second = _pair(actor, first_id, second_id)
        Book.objects.select_for_update(of=("self",)).get(id=first.id)  # two comparisons at once: one after the other
        found = compare_copies(
            keyed_cases(first.id), keyed_cases(second.id),
            first_whole=is_keyed_whole(first.id), second_whole=is_keyed_whole(second.id),
        )  # fmt: skip
        decided = decided_numbers([first.id, second.id])
        found = [each for each in found if each.number not in decided]
        keys = {_key(first, second, each): each for each in found}
        known = set(CopyComparison.objects.filter(request_key__in=keys).values_list("request_key", flat=True))
        labels = _labels(first)
        rows = [_row(officer, at, first, second, key, each, labels) for key, each in keys.items() if key not in known]
        CopyComparison.objects.bulk_create(rows, batch_size=500)
        work.record(
            "copies.compared", subject_kind="book", subject_id=first.id, subject_office=first.origin_office_id,
            facts={"found": len(rows), "cases": len(found)},
        )  # fmt: skip
    return rows


def _pair(actor: Actor, first_id: UUID, second_id: UUID) -> tuple[Book, Book]:
    books = {book.id: book for book in books_in_reach(actor, {first_id, second_id})}
    first, second = books[first_id], books[second_id]
    same = all(
        getattr(first, name) == getattr(second, name)
        for name in ("origin_office_id", "register_type", "number", "opening_year")
    )
    if not same or (first.copy, second.copy) != (BookCopy.COMMUNE, BookCopy.DISTRICT):
        raise RuleBroken("copies_not_a_pair")
    return first, second


def _key(first: Book, second: Book, found: CopyDifference) -> UUID:
    return stable_uuid("copy_comparison", first.id, second.id, *found.number, found.kind, *found.fields)


def _labels(book: Book) -> dict[str, str]:
    return {field.code: field.label.vi for field in version_for(book.register_type, book.era).fields}


def _row(
    officer: int, at: datetime, first: Book, second: Book, key: UUID, found: CopyDifference, labels: dict[str, str]
) -> CopyComparison:
    year, number, suffix = found.number
    names = [labels.get(code, code) for code in found.fields]
    words = "; ".join(names) if names else SEEN_BY_COMPARING
    return CopyComparison(
        origin_office_id=first.origin_office_id, first=first, second=second, number=number, number_suffix=suffix,
        registration_year=year, finding=found.kind, words=words[:LONGEST_WORDS], found_by=officer, found_at=at,
        request_key=key,
    )  # fmt: skip


def _note(work: UnitOfWork, verb: str, row: CopyComparison) -> None:
    work.record(
        verb, subject_kind="book", subject_id=row.first_id, subject_office=row.origin_office_id,
        facts={"finding": str(row.finding), "number": row.number, "year": row.registration_year},
    )  # fmt: skip
