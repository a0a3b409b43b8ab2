"""Reads: books on their way to acceptance, the cases a sample is drawn from, and how much was keyed (H5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from hotich.intake.models import Case, CaseState
from hotich.kernel.actor import Actor
from hotich.kernel.problems import Problem, RuleBroken
from hotich.keying.models import (
    Acceptance,
    AcceptanceItem,
    AcceptanceState,
    BookPlace,
    BookWork,
    BookWorkState,
    CheckState,
    Difference,
    Entry,
    EntryKind,
    KeyingPackage,
    OriginalDecision,
    PackageState,
    SecondKeying,
)
from hotich.keying.queries.completeness import current_denominator
from hotich.keying.queries.undecided import count_undecided
from hotich.keying.rules.acceptance import Judged, judged
from hotich.keying.rules.comparison import critical_fields
from hotich.registers.models import Book
from hotich.registers.rules.outputs import form_layout
from hotich.registers.rules.values import AsRecorded, Reason, decode
from hotich.registers.types import version_by_id

SEES = ("keying.accept", "keying.watch", "keying.lead")
"""One of these rights shows what is accepted and how; the cases themselves only to who accepts."""


def must_see(actor: Actor) -> None:
    """Raises RuleBroken not_allowed without a right to see acceptances."""
    if not any(map(actor.may, SEES)):
        raise RuleBroken("not_allowed")


def acceptances(actor: Actor) -> QuerySet[Acceptance]:
    """The acceptances of the actor's offices, the latest first. Raises RuleBroken not_allowed."""
    must_see(actor)
    rows = Acceptance.objects.filter(origin_office_id__in=actor.office_ids)
    return rows.select_related("book", "origin_office").order_by("-drawn_at", "-id")


def acceptance(actor: Actor, acceptance_id: UUID) -> Acceptance:
    """One of them. Raises RuleBroken not_allowed, acceptance_unknown."""
    found = acceptances(actor).filter(id=acceptance_id).first()
    if found is None:
        raise RuleBroken("acceptance_unknown")
    return found


def items_of(found: Acceptance) -> QuerySet[AcceptanceItem]:
    """The sample in the order of the book, with entry, case, place and package."""
    return found.items.select_related("entry__case", "entry__item", "entry__package").order_by("place")


def works_to_accept(actor: Actor) -> QuerySet[BookWork]:
    """Books keyed here that are not accepted and have at least one package that somebody keyed: the readiest first."""
    must_see(actor)
    keyed = Q(state__in=[PackageState.RELEASED, PackageState.CHECKING, PackageState.CHECKED])
    books = KeyingPackage.objects.filter(keyed, origin_office_id__in=actor.office_ids).values("book_id")
    rows = BookWork.objects.filter(
        origin_office_id__in=actor.office_ids, place=BookPlace.HERE, book_id__in=books
    ).exclude(state=BookWorkState.ACCEPTED)
    return rows.select_related("book", "book__origin_office").order_by(
        "state", "phase", "group", "book_id"
    )  # keyed before open


def package_counts(books: Iterable[UUID]) -> dict[UUID, dict[str, int]]:
    """Of each book, how many packages are in each state; withdrawn ones are left out."""
    rows = KeyingPackage.objects.filter(book_id__in=list(books)).exclude(state=PackageState.WITHDRAWN)
    made: dict[UUID, dict[str, int]] = {}
    for book, state, count in rows.order_by().values_list("book", "state").annotate(count=Count("id")):
        made.setdefault(book, {})[state] = count
    return made


def not_ready(book: Book) -> list[Problem]:
    """Why no sample can be drawn of a book yet; nothing when it can."""
    packages = package_counts([book.id]).get(book.id, {})
    unfinished = sum(count for state, count in packages.items() if state != PackageState.CHECKED)
    unchecked = entries_of(book).exclude(check_state=CheckState.PASSED).count()
    told: list[tuple[str, dict[str, Any]]] = []
    if BookWork.objects.filter(book=book, state=BookWorkState.ACCEPTED).exists():
        told.append(("book_accepted_already", {}))
    if not packages:
        told.append(("book_has_no_package", {}))
    if unfinished:
        told.append(("book_has_open_packages", {"count": unfinished}))
    if unchecked:
        told.append(("book_has_unchecked_entries", {"count": unchecked}))
    if undecided := count_undecided(book):
        told.append(("originals_undecided", {"number": undecided}))
    if packages and not unfinished and not population(book).exists():
        second = OriginalDecision.objects.filter(entry__package__book=book).exists()
        told.append(("book_is_second_original" if second else "book_has_no_case", {}))
    if current_denominator(book.id) is None:
        told.append(("denominator_missing", {}))
    return [Problem(code, params=params) for code, params in told]


def entries_of(book: Book) -> QuerySet[Entry]:
    """All that was keyed of a book, in its order."""
    rows = Entry.objects.filter(package__book=book).exclude(package__state=PackageState.WITHDRAWN)
    return rows.order_by("package__position", "item__position", "id")


def population(book: Book) -> QuerySet[Entry]:
    """The cases a sample is drawn from."""
    return entries_of(book).filter(kind=EntryKind.CASE, case__isnull=False).exclude(case__state=CaseState.WITHDRAWN)


def had_a_hand_in(hands: Iterable[int], entries: QuerySet[Entry]) -> bool:
    """Whether one of these officers keyed, keyed again, checked, decided or corrected any of these entries."""
    ids, who = entries.order_by().values("id"), list(hands)
    cases = entries.order_by().filter(case__isnull=False).values("case_id")
    return (
        entries.filter(Q(keyer__in=who) | Q(checker__in=who)).exists()
        or SecondKeying.objects.filter(entry_id__in=ids, keyer__in=who).exists()
        or Difference.objects.filter(entry_id__in=ids, decided_by__in=who).exists()
        or Case.objects.filter(id__in=cases, touched_by__overlap=who).exists()
        or OriginalDecision.objects.filter(
            Q(entry_id__in=ids) | Q(first_case_id__in=cases), decided_by__in=who
        ).exists()
    )


@dataclass(frozen=True, slots=True)
class FieldsOf:
    """The fields of a case that are judged, in the order of the book, and which of them are key fields."""

    fields: tuple[str, ...]
    filled: frozenset[str]
    key: frozenset[str]

    def counts(self, wrong: Iterable[str]) -> tuple[int, int]:
        """How many fields count as checked, and key fields: those that say something, and those marked wrong."""
        looked_at = self.filled | frozenset(wrong)
        return len(looked_at), len(looked_at & self.key)


def fields_of(case: Case, *, restricted: bool) -> FieldsOf:
    """What there is to judge in a case; `restricted` False leaves out what the judge may not see.

    An empty field counts only when it is marked wrong: empty fields rightly empty would make every rate look better.
    """
    version = version_by_id(case.schema_version)
    also = [field.code for field in version.fields if field.code in case.as_recorded]
    codes = tuple(
        field.code for part in form_layout(version, also=also, restricted=restricted) for field in part.fields
    )
    return FieldsOf(
        codes,
        frozenset(code for code in codes if _says_something(case.as_recorded, code)),
        frozenset(critical_fields(version)) & frozenset(codes),
    )


def _says_something(values: AsRecorded, code: str) -> bool:
    raw: Any = values.get(code)
    if isinstance(raw, list):
        return bool(raw)
    value = decode(raw)
    return bool(value.text) or value.reason is Reason.ILLEGIBLE


def found_so_far(found: Acceptance) -> tuple[Judged, int]:
    """What is judged of a sample, and how many cases are still to be judged."""
    total, left = Judged(), 0
    for fields, key_fields, wrong, who in found.items.values_list(
        "fields_checked", "key_fields_checked", "wrong", "judged_by"
    ):
        if who is None:
            left += 1
        else:
            total += judged(fields, key_fields, wrong)
    return total, left


def running_of(books: Iterable[UUID]) -> dict[UUID, Acceptance]:
    """The acceptances that are being judged, by book."""
    rows = Acceptance.objects.filter(book_id__in=list(books), state=AcceptanceState.JUDGING)
    return {each.book_id: each for each in rows}
