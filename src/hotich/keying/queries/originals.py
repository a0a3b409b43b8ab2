"""Reads: cases keyed from the second original of a book, each beside the one that has its number; what was decided (H6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from hotich.intake.models import Case, CaseState
from hotich.intake.rules.import_decisions import NUMBER_UNIQUE, part_of
from hotich.intake.rules.workflow import HOLDS_ITS_NUMBER
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.keying.models import CheckState, Entry, EntryKind, KeyingPackage, OriginalDecision, PackageState
from hotich.keying.queries.copies import CopyPair, is_keyed_whole, keyed_cases
from hotich.keying.queries.held_entries import Held, held_with
from hotich.keying.rules.originals import Point, Said, points_of
from hotich.records.models import Record
from hotich.registers.models import Book, BookCopy
from hotich.registers.types import version_by_id

KEYED = (PackageState.RELEASED, PackageState.CHECKING, PackageState.CHECKED)
Place = tuple[object, ...]


@dataclass(slots=True)
class Beside:
    """A case of the second original beside the case, or record, of the first that has its number."""

    second: Held
    first: Case
    first_held: Held | None  # None: the first came from a workbook
    record: Record | None = None

    @property
    def first_said(self) -> Said:
        """What the first original says; of a record as it stands now."""
        values = self.record.as_recorded if self.record is not None else self.first.as_recorded
        return Said(values, self.first.annotations)

    @property
    def second_said(self) -> Said:
        """What the second original says."""
        case = self.second.case
        return Said(case.as_recorded, case.annotations) if case is not None else Said({})

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
    return [
        Beside(
            second, firsts[second.entry.id], held.get(firsts[second.entry.id].id),
            records.get(firsts[second.entry.id].record_id),
        )
        for second in seconds
    ]  # fmt: skip


# ---- of a pair of books


def waiting_pairs(pair: CopyPair) -> list[Beside]:
    """Cases of handed-in packages of both originals that wait for their decision beside another, in the book's order."""
    return besides(list(_open_entries(pair).filter(case__state=CaseState.HELD)))


def _open_entries(pair: CopyPair) -> QuerySet[Entry]:
    rows = Entry.objects.filter(
        package__book_id__in=[pair.first.id, pair.second.id], package__state__in=KEYED, kind=EntryKind.CASE,
        original_decision__isnull=True,
    ).select_related("package__book", "package__origin_office", "item", "case__batch")  # fmt: skip
    return rows.order_by("case__registration_year", "case__number", "case__number_suffix", "id")


def waiting_alone(pair: CopyPair) -> list[Entry]:
    """Cases only the district's original has, once the commune's was keyed whole: each is entered, or not, by decision."""
    if not is_keyed_whole(pair.first.id):
        return []
    known: set[tuple[int | None, int | None, str]] = {
        (year, number, suffix.lower()) for year, number, suffix in keyed_cases(pair.first.id)
    }
    rows = _open_entries(pair).filter(
        package__book_id=pair.second.id, case__number__isnull=False,
        case__state__in=(CaseState.CHECKING, CaseState.WAITING, CaseState.HELD),
    ).exclude(check_state=CheckState.RETURNED)  # fmt: skip
    return [each for each in rows if each.case is not None and _number_of(each.case) not in known]


def _number_of(case: Case) -> tuple[int | None, int | None, str]:
    return case.registration_year, case.number, case.number_suffix.lower()


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


def count_undecided(book: Book) -> int:
    """How many cases of the two originals of a book wait for a decision; while any does the book is not accepted."""
    pair = sibling_pair(book)
    return 0 if pair is None else len(waiting_pairs(pair)) + len(waiting_alone(pair))


def alone_of_package(package: KeyingPackage) -> set[UUID]:
    """Entries of a package that stand only in its original and wait for the decision about that."""
    if package.book.copy != BookCopy.DISTRICT or (pair := sibling_pair(package.book)) is None:
        return set()
    return {each.id for each in waiting_alone(pair) if each.package_id == package.id}


def pairs_with_undecided(actor: Actor) -> list[tuple[CopyPair, int]]:
    """The books of which cases wait beside another original, with how many, for the queue of a checker."""
    rows = Entry.objects.filter(
        origin_office_id__in=actor.office_ids, package__state__in=KEYED, original_decision__isnull=True,
        case__state=CaseState.HELD, case__problems__contains=[{"code": NUMBER_UNIQUE}],
    )  # fmt: skip
    found: dict[UUID, CopyPair] = {}
    books = Book.objects.filter(id__in=rows.values("package__book_id")).select_related("origin_office")
    for book in books.order_by("register_type", "opening_year", "number"):
        pair = sibling_pair(book)
        if pair is not None:
            found[pair.first.id] = pair
    counted = [(pair, len(waiting_pairs(pair))) for pair in found.values()]
    return [(pair, number) for pair, number in counted if number]


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
