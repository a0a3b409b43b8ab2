"""Reads: how much of a book is in the system, from its first number to its last, and in words what is not (H7).

Counted is what the book holds, wherever it came from: records, cases that are no records yet (keyed or imported), numbers
noted as crossed out or missing. Whatever the share, it is of a number somebody froze, and named after its source.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from hotich.digitisation.models import ScanBatchState, ScannedCase, ScannedCaseState, ScanPage, ScanPageState
from hotich.intake.models import Case, CaseState
from hotich.intake.rules.import_decisions import NUMBER_UNIQUE
from hotich.kernel.problems import Problem, Severity
from hotich.keying.models import (
    BookWork,
    Denominator,
    DenominatorSource,
    Entry,
    ItemKind,
    ItemState,
    PackageItem,
    PackageState,
)
from hotich.records.models import Record, RegistrationNumber
from hotich.records.rules.numbers import Gap, gaps
from hotich.registers.models import Book, BookCopy, NumberScope

MOST_TOLD = 40  # numbers one sentence names
Place = tuple[int | None, int, str]
"""Year (None where numbers run through the whole book), number, suffix."""


@dataclass(frozen=True, slots=True)
class Completeness:
    """One book, counted. Numbers are (year, number, suffix); `gaps` nobody entered or declared."""

    records: int
    cases: int  # that are no records yet
    without_number: int
    first: int | None
    last: int | None
    used: tuple[Place, ...]
    void: tuple[Place, ...]
    missing: tuple[Place, ...]
    gaps: tuple[Gap, ...]
    doubles: tuple[Place, ...]
    other_book: int  # keyed in a package of this book, but the case names another one
    declared: int | None  # of the closing
    denominator: Denominator | None
    pages: int | None  # of the closing, or counted
    pages_scanned: int
    pages_missing: int
    open_items: int
    not_packaged: int

    @property
    def entered(self) -> int:
        """Cases of the book that are in the system."""
        return self.records + self.cases

    @property
    def gap_numbers(self) -> int:
        """How many numbers are neither entered nor declared."""
        return sum(gap.count for gap in self.gaps)

    @property
    def left(self) -> int | None:
        """Cases still to come by the frozen number; less than nothing where it was frozen too small. None: not frozen."""
        return None if self.denominator is None else self.denominator.value - self.entered


def current_denominator(book_id: UUID) -> Denominator | None:
    """The number of cases a book is said to hold, as it was frozen last; None while nobody has."""
    return Denominator.objects.filter(book_id=book_id, is_current=True).first()


def denominators_of(books: Iterable[UUID]) -> dict[UUID, Denominator]:
    """The same of several books."""
    return {each.book_id: each for each in Denominator.objects.filter(book_id__in=list(books), is_current=True)}


def offered_denominators(book: Book) -> dict[str, int]:
    """What the sources say today: {source: number}; sources that say nothing are left out."""
    counted = BookWork.objects.filter(book=book).values_list("counted_cases", flat=True).first()
    found = {
        DenominatorSource.CLOSING.value: book.cases_declared,
        DenominatorSource.COUNTED.value: counted,
        DenominatorSource.SCANNED.value: _scanned(book).count() or None,
    }
    return {source: value for source, value in found.items() if value is not None}


def completeness_of(book: Book) -> Completeness:
    """How much of one book is there; a handful of queries, numbers only."""
    records, cases = list(_record_places(book)), _open_cases(book)
    used = sorted([*records, *(place for place, _ in cases.values() if place is not None)], key=_order)
    void, missing = _declared(book)
    known = [*used, *void, *missing]
    pages, scanned, lost = _pages(book)
    return Completeness(
        records=Record.objects.filter(book=book).count(),
        cases=len(cases),
        without_number=sum(place is None for place, _ in cases.values()),
        first=min((number for _, number, _ in known), default=None),
        last=max((number for _, number, _ in known), default=None),
        used=tuple(used),
        void=void,
        missing=missing,
        gaps=tuple(_gaps(book, known)),
        doubles=tuple(
            place for place, times in sorted(Counter(used).items(), key=lambda item: _order(item[0])) if times > 1
        ),
        other_book=sum(is_other for _, is_other in cases.values()),
        declared=book.cases_declared,
        denominator=current_denominator(book.id),
        pages=pages,
        pages_scanned=scanned,
        pages_missing=lost,
        open_items=_items(book).filter(state=ItemState.OPEN).count(),
        not_packaged=_not_packaged(book),
    )


def findings(found: Completeness) -> list[Problem]:
    """What is missing or does not fit, worst first; none for a book that is whole. The words are in the messages."""
    told: list[tuple[str, int, str]] = [
        ("book_has_gaps", found.gap_numbers, _spans(found.gaps)),
        ("book_has_doubles", len(found.doubles), _numbers(found.doubles)),
        ("book_has_cases_without_number", found.without_number, ""),
        ("book_has_cases_of_another", found.other_book, ""),
        ("book_has_places_not_keyed", found.open_items, ""),
        ("book_has_scans_without_package", found.not_packaged, ""),
        ("book_has_missing_pages", found.pages_missing, ""),
    ]
    made = [
        Problem(code, "", Severity.ERROR, {"count": count, "numbers": numbers})
        for code, count, numbers in told
        if count
    ]
    made += _against(found)
    notes = [("book_has_missing_numbers", found.missing), ("book_has_void_numbers", found.void)]
    made += [
        Problem(code, "", Severity.WARNING, {"count": len(places), "numbers": _numbers(places)})
        for code, places in notes
        if places
    ]
    return made


def _against(found: Completeness) -> Iterator[Problem]:
    """Totals that do not agree with what is there."""
    if found.denominator is None:
        yield Problem("denominator_missing", "", Severity.ERROR)
    elif found.left:
        code = "book_lacks_cases" if found.left > 0 else "book_has_more_cases"
        yield Problem(code, "", Severity.ERROR, {"count": abs(found.left), "value": found.denominator.value})
    if found.declared is not None and found.declared != found.entered:
        params = {"declared": found.declared, "entered": found.entered}
        yield Problem("closing_differs", "", Severity.ERROR, params)
    if found.pages is not None and found.pages_scanned and found.pages_scanned < found.pages:
        yield Problem("pages_not_scanned", "", Severity.WARNING, {"count": found.pages - found.pages_scanned})


def _by_year(book: Book) -> bool:
    return book.number_scope == NumberScope.YEAR


def _order(place: Place) -> tuple[int, int, str]:
    year, number, suffix = place
    return (year or 0, number, suffix)


def _record_places(book: Book) -> Iterator[Place]:
    rows = RegistrationNumber.objects.filter(book=book, use=RegistrationNumber.Use.USED)
    for year, number, suffix in rows.values_list("registration_year", "number", "number_suffix"):
        yield (year if _by_year(book) else None, number, suffix)


def _open_cases(book: Book) -> dict[UUID, tuple[Place | None, bool]]:
    """Cases of the book that are no records: where each stands, and whether it names another book than its package."""
    columns = ("id", "number", "number_suffix", "registration_year", "book_number", "book_year")
    waiting = Case.objects.exclude(state__in=[CaseState.WITHDRAWN, CaseState.APPROVED])
    named = waiting.filter(
        origin_office_id=book.origin_office_id, register_type=book.register_type, book_year=book.opening_year,
        book_number=book.number,
    ).exclude(id__in=_of_other_original(book))  # fmt: skip
    keyed = waiting.filter(id__in=Entry.objects.filter(package__book=book, case__isnull=False).values("case_id"))
    made: dict[UUID, tuple[Place | None, bool]] = {}
    for rows in (named, keyed):
        for identity, number, suffix, year, book_number, book_year in rows.values_list(*columns):
            is_other = bool(book_number) and (book_number, book_year) != (book.number, book.opening_year)
            place = None if number is None else (year if _by_year(book) else None, number, suffix)
            made[identity] = (place, is_other)
    return made


def _of_other_original(book: Book) -> QuerySet[Entry]:
    """Cases keyed from the other original that are no cases of this one: of the commune's, those held beside the case
    that has their number; what only the district's original has is one of the book. By their cases."""
    of_book = Entry.objects.filter(
        case__isnull=False, package__book__origin_office_id=book.origin_office_id,
        package__book__register_type=book.register_type, package__book__opening_year=book.opening_year,
        package__book__number=book.number,
    ).exclude(package__book=book)  # fmt: skip
    if book.copy == BookCopy.COMMUNE:
        of_book = of_book.filter(case__state=CaseState.HELD, case__problems__contains=[{"code": NUMBER_UNIQUE}])
    return of_book.values("case_id")  # type: ignore[return-value]


def _declared(book: Book) -> tuple[tuple[Place, ...], tuple[Place, ...]]:
    """Numbers crossed out and numbers missing: as records has them, and as packages say."""
    found: dict[str, set[Place]] = defaultdict(set)
    numbers = RegistrationNumber.objects.filter(book=book).exclude(use=RegistrationNumber.Use.USED)
    items = _items(book).filter(state__in=[ItemState.VOID, ItemState.MISSING], number__isnull=False)
    for use, year, number, suffix in [
        *numbers.values_list("use", "registration_year", "number", "number_suffix"),
        *items.values_list("state", "registration_year", "number", "number_suffix"),
    ]:
        if number is None:
            continue
        found[use].add(((year if year is not None else book.opening_year) if _by_year(book) else None, number, suffix))
    return tuple(sorted(found["void"], key=_order)), tuple(sorted(found["missing"], key=_order))


def _gaps(book: Book, known: Sequence[Place]) -> Iterator[Gap]:
    numbers: dict[int | None, list[int]] = defaultdict(list)
    for year, number, _suffix in known:
        numbers[year].append(number)
    own = book.opening_year if _by_year(book) else None  # the year closing totals tell of
    if book.first_number is not None and book.last_number is not None:
        numbers.setdefault(own, [])
    for year in sorted(numbers, key=lambda item: item or 0):
        bounds = (book.first_number, book.last_number) if year == own else (None, None)
        yield from gaps(numbers[year], first=bounds[0], last=bounds[1], year=year)


def _items(book: Book) -> QuerySet[PackageItem]:
    return PackageItem.objects.filter(package__book=book).exclude(package__state=PackageState.WITHDRAWN)


def _scanned(book: Book) -> QuerySet[ScannedCase]:
    return ScannedCase.objects.filter(book=book).exclude(
        Q(state=ScannedCaseState.SET_ASIDE) | Q(batch__state=ScanBatchState.WITHDRAWN)
    )


def _not_packaged(book: Book) -> int:
    """Scanned cases of a book that is keyed in packages, of which none has them and to which nobody linked a case."""
    if not _items(book).exists():
        return 0
    packed = _items(book).filter(scanned_case__isnull=False).values("scanned_case_id")
    return _scanned(book).filter(case__isnull=True).exclude(id__in=packed).count()


def _pages(book: Book) -> tuple[int | None, int, int]:
    """Pages of the book by its totals, pages scanned, pages noted as missing."""
    counted = BookWork.objects.filter(book=book).values_list("counted_pages", flat=True).first()
    scanned = ScanPage.objects.filter(batch__book=book).exclude(
        Q(state__in=[ScanPageState.SET_ASIDE, ScanPageState.REFUSED]) | Q(batch__state=ScanBatchState.WITHDRAWN)
    )
    lost = _items(book).filter(kind=ItemKind.PAGE, state=ItemState.MISSING)
    return book.pages_total if book.pages_total is not None else counted, scanned.count(), lost.count()


def _spans(found: Sequence[Gap]) -> str:
    """ "12–15, 20/2006" of the first gaps."""
    years = {gap.year for gap in found}
    texts = [
        (str(gap.first) if gap.count == 1 else f"{gap.first}–{gap.last}")
        + (f"/{gap.year}" if gap.year is not None and len(years) > 1 else "")
        for gap in found[:MOST_TOLD]
    ]
    return ", ".join(texts) + ("…" if len(found) > MOST_TOLD else "")


def _numbers(places: Sequence[Place]) -> str:
    years = {year for year, _, _ in places}
    texts = [
        f"{number}{suffix}" + (f"/{year}" if year is not None and len(years) > 1 else "")
        for year, number, suffix in places[:MOST_TOLD]
    ]
    return ", ".join(texts) + ("…" if len(places) > MOST_TOLD else "")
