"""Reads: cases keyed from the second original of a book, each beside the one that has its number; what was decided (H6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from hotich.intake.models import Case, CaseState
from hotich.intake.rules.import_decisions import NUMBER_UNIQUE, part_of
from hotich.intake.rules.workflow import HOLDS_ITS_NUMBER
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.keying.models import (
    CheckState,
    Entry,
    OriginalDecision,
)
from hotich.keying.queries.copies import CopyPair
from hotich.keying.queries.held_entries import Held, held_with
from hotich.keying.queries.original_notes import notes_in_force
from hotich.keying.rules.notes import Note, has_note
from hotich.keying.rules.originals import Point, Said, points_of
from hotich.records.models import Record
from hotich.registers.models import Book, BookCopy
from hotich.registers.types import version_by_id

Place = tuple[object, ...]


@dataclass(slots=True)
class Beside:
    """A case of the second original beside the case, or record, of the first that has its number."""

    second: Held
    first: Case
    first_held: Held | None  # None: the first came from a workbook
    record: Record | None = None
    noted: Sequence[Note] = ()  # the annotations of that record which are in force

    @property
    def first_said(self) -> Said:
        """What the first original says; of a record as it stands now.

        Of its annotations only those of the margin count: what was noted long after the books were closed, the second
        original cannot have.
        """
        if self.record is None:
            return Said(self.first.as_recorded, self.first.annotations, self.first.batch.original)
        of_margin = [*self.first.annotations, *self.second_said.notes]
        notes = [note for note in self.noted if has_note(of_margin, note)]
        return Said(self.record.as_recorded, notes, self.first.batch.original)

    @property
    def second_said(self) -> Said:
        """What the second original says."""
        case = self.second.case
        if case is None:
            return Said({})
        return Said(case.as_recorded, case.annotations, self.second.package.book.copy)

    @property
    def points(self) -> list[Point]:
        """Where they differ, in the order of the form."""
        order = [field.code for field in version_by_id(self.first.schema_version).fields]
        return points_of(self.first_said, self.second_said, order)

    @property
    def is_ready(self) -> bool:
        """Whether the first has passed its own check: until then nobody compares."""
        return self.first_held is None or self.first_held.entry.check_state == CheckState.PASSED

    @property
    def seen(self) -> str:
        """What a page shows, in short: it changes with either text."""
        other = self.record.version if self.record is not None else self.first.version
        return f"{self.second.entry.version}.{other}"

    def is_of(self, actor: Actor) -> bool:
        """Whether the actor keyed one of the two."""
        hands = actor.hands
        if self.second.is_of(actor) or hands & self.second.second_keyers:
            return True
        if self.first_held is not None:
            return self.first_held.is_of(actor)
        return bool(hands & {self.first.keyed_by, *self.first.touched_by})


def _place(case: Case) -> Place | None:
    if case.number is None or not case.book_number or case.book_year is None or case.registration_year is None:
        return None
    part = part_of(case.as_recorded, version_by_id(case.schema_version).row_fields)
    return (case.origin_office_id, case.register_type, case.book_number, case.book_year, case.registration_year,
            case.number, case.number_suffix.lower(), part)  # fmt: skip


def firsts_of(cases: Iterable[Case]) -> dict[UUID, Case]:
    """Of held cases (with their batch), the case of the other original that has the number: {id of the held one: it}."""
    held = {case.id: place for case in cases if case.state == CaseState.HELD and (place := _place(case)) is not None}
    if not held:
        return {}
    copies = {case.id: case.batch.original for case in cases}
    columns = list(zip(*held.values(), strict=True))
    others = Case.objects.filter(
        state__in=HOLDS_ITS_NUMBER, origin_office_id__in=set(columns[0]), register_type__in=set(columns[1]),
        book_number__in=set(columns[2]), book_year__in=set(columns[3]), registration_year__in=set(columns[4]),
        number__in=set(columns[5]),
    ).select_related("batch")  # fmt: skip
    there = {place: other for other in others if (place := _place(other)) is not None}
    found = {}
    for case_id, place in held.items():
        first = there.get(place)
        # a workbook that names no original is of the commune's: that one was entered before packages were
        if first is not None and (first.batch.original or BookCopy.COMMUNE) != copies[case_id]:
            found[case_id] = first
    return found


def paired_entries(entries: Sequence[Entry]) -> dict[UUID, Case]:
    """Which of these entries (with case) are of a second original whose first is here: {entry: case of the first}."""
    cases = Case.objects.filter(
        id__in=[each.case_id for each in entries if each.case_id is not None], state=CaseState.HELD,
        problems__contains=[{"code": NUMBER_UNIQUE}],
    ).select_related("batch")  # fmt: skip
    firsts = firsts_of(list(cases))
    return {each.id: firsts[each.case_id] for each in entries if each.case_id in firsts}


def beside_of(actor: Actor, entry_id: UUID) -> Beside:
    """An undecided case of a second original with the first. Raises RuleBroken entry_unknown, original_not_paired."""
    entries = Entry.objects.filter(id=entry_id, origin_office_id__in=actor.office_ids)
    entry = entries.select_related("package__book", "package__origin_office", "item").first()
    if entry is None:
        raise RuleBroken("entry_unknown")
    found = besides([entry])
    if not found:
        raise RuleBroken("original_not_paired")
    return found[0]


def is_decided_beside(actor: Actor, entry_id: UUID) -> bool:
    """Whether an entry is looked at beside the other original, not alone: it waits for that, or was closed by it."""
    entries = Entry.objects.filter(id=entry_id, origin_office_id__in=actor.office_ids)
    entry = entries.filter(case__state__in=(CaseState.HELD, CaseState.WITHDRAWN)).first()
    if entry is None:
        return False
    return bool(paired_entries([entry])) or OriginalDecision.objects.filter(entry=entry).exists()


def besides(entries: Sequence[Entry]) -> list[Beside]:
    """Of these entries (package and book loaded) those that stand beside a first, in the order given."""
    firsts = paired_entries(entries)
    seconds = held_with([each for each in entries if each.id in firsts])
    ids = [first.id for first in firsts.values()]
    first_entries = Entry.objects.filter(case_id__in=ids).select_related("package__book", "item")
    held = {each.entry.case_id: each for each in held_with(list(first_entries))}
    records = Record.objects.in_bulk([first.record_id for first in firsts.values() if first.record_id is not None])
    noted = notes_in_force(records)
    return [
        Beside(
            second, first, held.get(first.id), records.get(first.record_id) if first.record_id else None,
            noted.get(first.record_id, ()) if first.record_id else (),
        )
        for second in seconds
        for first in (firsts[second.entry.id],)
    ]  # fmt: skip


def sibling_pair(book: Book) -> CopyPair | None:
    """Both originals of a book, None where only this one is known here."""
    same = Book.objects.filter(
        origin_office_id=book.origin_office_id, register_type=book.register_type, number=book.number,
        opening_year=book.opening_year,
    )  # fmt: skip
    by_copy = {each.copy: each for each in same}
    if len(by_copy) < len(BookCopy):
        return None
    return CopyPair(by_copy[BookCopy.COMMUNE], by_copy[BookCopy.DISTRICT])


def book_of_entry(actor: Actor, entry_id: UUID) -> UUID:
    """The book of an entry of the actor's offices. Raises RuleBroken entry_unknown."""
    entries = Entry.objects.filter(id=entry_id, origin_office_id__in=actor.office_ids)
    found: UUID | None = entries.values_list("package__book_id", flat=True).first()
    if found is None:
        raise RuleBroken("entry_unknown")
    return found


def decisions_of_pair(pair: CopyPair) -> list[OriginalDecision]:
    """What was decided about the cases of a pair, the latest first."""
    rows = OriginalDecision.objects.filter(entry__package__book_id__in=[pair.first.id, pair.second.id])
    return list(
        rows.select_related("entry__item", "entry__case", "entry__package__book").order_by("-decided_at", "-id")
    )


def decision_of(entry_id: UUID) -> OriginalDecision | None:
    """What was decided about one entry."""
    return OriginalDecision.objects.filter(entry_id=entry_id).select_related("first_case__batch").first()


def decision_of_record(record: Record) -> OriginalDecision | None:
    """What was decided about the other original of a record; None where there was none, or nothing was to decide."""
    if record.source_case_id is None:
        return None
    rows = OriginalDecision.objects.filter(first_case_id=record.source_case_id, first_case__isnull=False)
    return rows.select_related("entry__package__book").order_by("-decided_at").first()
