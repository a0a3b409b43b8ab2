"""Maps of regions: where each field stands on the picture of a case, for whoever keys it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q

from hotich.digitisation.models import PageLayout, ScanBatch, ScannedCase, ScannedCaseState
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.keying.models import KeyingPackage, PackageItem, RegionMap
from hotich.keying.queries.pictures import PictureFacts, rulings_of_cases
from hotich.keying.rules.frames import UNMOVED, Move, Ruling, is_same_page, move_between, read_ruling
from hotich.keying.rules.regions import Region
from hotich.registers.models import Book
from hotich.registers.queries import book_by_id

DRAWS = ("scan.prepare", "keying.lead")  # one of these rights draws maps
SHOWN_CASES = 20  # of a book: to see whether a map fits more than one case


class Scope(StrEnum):
    """For which pictures a map counts; the nearest one wins."""

    BOOK = "book"  # of this book alone
    LAYOUT = "layout"  # of pages with the layout of this book
    ERA = "era"  # of every book of this register and era at the office


@dataclass(frozen=True, slots=True)
class Regions:
    """The map that counts for a package. `boxes`: field code -> [left, top, right, bottom] in shares of the picture it
    was drawn on; {} when nobody has drawn one. `is_wide`: it was drawn on a page of another book, maybe."""

    boxes: dict[str, list[float]]
    ruling: Ruling | None = None
    is_wide: bool = False

    def fits(self, facts: PictureFacts) -> bool:
        """Whether the map may be laid on the picture of a place: that of a register and era not where other rules are
        printed, for books of one era are not printed alike."""
        if not self.is_wide or self.ruling is None or facts.ruling is None:
            return bool(self.boxes)
        return is_same_page(self.ruling, facts.ruling)

    def move_to(self, facts: PictureFacts) -> Move:
        """How the map lies on the picture of a place: as its printed rules say, on the first of its sheets."""
        return move_between(self.ruling, facts.ruling).on_sheet(facts.sheets[0] if facts.sheets else 1.0)

    def on(self, facts: PictureFacts) -> dict[str, Region]:
        """Field code -> region on the picture of a place; {} where the map does not fit."""
        if not self.fits(facts):
            return {}
        move = self.move_to(facts)
        return {code: move.region(box) for code, box in self.boxes.items()}


def regions_for(package: KeyingPackage) -> Regions:
    """Where the fields stand on the pictures of a package.

    Of several maps the nearest one counts: of the book alone, of the layout of its pages, of any book of this register
    and era at the office.
    """
    found = map_for_book(package.book, layout_of_package(package))
    if found is None:
        return Regions({})
    return Regions(dict(found.regions), read_ruling(found.ruling), is_wide=scope_of(found) == Scope.ERA)


def layout_of_package(package: KeyingPackage) -> UUID | None:
    """The page layout that was laid on the pages of a package; None where none was, or it has no pages."""
    items = PackageItem.objects.filter(package=package).exclude(scanned_case=None, page=None)
    item = items.select_related("scanned_case__batch", "page__batch").order_by("position").first()
    if item is None:
        return None
    holder: Any = item.scanned_case or item.page
    layout: UUID | None = holder.batch.layout_id
    return layout


def layout_of_book(book: Book) -> PageLayout | None:
    """The layout of the latest pages of a book that have one."""
    batches = ScanBatch.objects.filter(book=book).exclude(layout=None).select_related("layout")
    batch = batches.order_by("-created_at", "-id").first()
    return batch.layout if batch is not None else None


def map_for_book(book: Book, layout_id: UUID | None) -> RegionMap | None:
    """The map that counts for pages of this book with this layout."""
    fits = Q(book=book) | Q(book=None, layout=None)
    if layout_id is not None:
        fits |= Q(book=None, layout_id=layout_id)
    maps = RegionMap.objects.filter(
        fits, origin_office_id=book.origin_office_id, register_type=book.register_type, era=book.era
    )
    return maps.order_by(F("book").asc(nulls_last=True), F("layout").asc(nulls_last=True)).first()


def key_of_scope(book: Book, scope: Scope) -> dict[str, Any]:
    """What a map of this scope is found by. Raises RuleBroken region_layout_missing."""
    layout = layout_of_book(book) if scope == Scope.LAYOUT else None
    if scope == Scope.LAYOUT and layout is None:
        raise RuleBroken("region_layout_missing", field="scope")
    return {
        "origin_office_id": book.origin_office_id,
        "register_type": book.register_type,
        "era": book.era,
        "layout": layout,
        "book": book if scope == Scope.BOOK else None,
    }


def scope_of(found: RegionMap) -> Scope:
    """For which pictures a map counts."""
    if found.book_id is not None:
        return Scope.BOOK
    return Scope.ERA if found.layout_id is None else Scope.LAYOUT


def maps_of_book(book: Book) -> dict[Scope, RegionMap]:
    """The maps there are for a book, by scope."""
    layout = layout_of_book(book)
    scopes = [Scope.BOOK, Scope.ERA, *([Scope.LAYOUT] if layout is not None else [])]
    found = {scope: RegionMap.objects.filter(**key_of_scope(book, scope)).first() for scope in scopes}
    return {scope: each for scope, each in found.items() if each is not None}


def book_of_map(book_id: UUID, actor: Actor) -> Book:
    """A book whose map the actor may draw. Raises RuleBroken not_allowed, book_unknown."""
    if not any(map(actor.may, DRAWS)):
        raise RuleBroken("not_allowed")
    return book_by_id(book_id, office_ids=actor.office_ids)


@dataclass(frozen=True, slots=True)
class MapLine:
    """A map in the list of an office, and a book on whose picture it can be looked at (None: none is scanned)."""

    found: RegionMap
    scope: Scope
    book: Book | None


def maps_of_offices(actor: Actor) -> list[MapLine]:
    """All maps of the actor's offices, the latest first."""
    maps = RegionMap.objects.filter(origin_office_id__in=actor.office_ids).select_related("book", "layout")
    return [MapLine(each, scope_of(each), each.book or _example(each)) for each in maps.order_by("-drawn_at", "id")]


def _example(found: RegionMap) -> Book | None:
    batches = ScanBatch.objects.filter(
        origin_office_id=found.origin_office_id, book__register_type=found.register_type, book__era=found.era
    )
    if found.layout_id is not None:
        batches = batches.filter(layout_id=found.layout_id)
    batch = batches.filter(cases__isnull=False).select_related("book").order_by("-created_at", "-id").first()
    return batch.book if batch is not None else None


def books_with_cases(actor: Actor) -> list[Book]:
    """Books of the actor's offices that have scanned cases: on their pictures maps can be drawn."""
    books = ScannedCase.objects.filter(origin_office_id__in=actor.office_ids).exclude(state=ScannedCaseState.SET_ASIDE)
    counted = books.values("book").annotate(cases=Count("id")).filter(cases__gt=0)
    found = Book.objects.filter(id__in=[row["book"] for row in counted]).select_related("origin_office")
    return list(found.order_by("register_type", "opening_year", "number", "id"))


def cases_to_show(book: Book) -> list[ScannedCase]:
    """The first scanned cases of a book, as a map is tried on them: those on one page alone, where there are any."""
    cases = ScannedCase.objects.filter(book=book).exclude(state=ScannedCaseState.SET_ASIDE)
    found = list(cases.select_related("pdf", "book").order_by("batch__created_at", "position", "id")[: 2 * SHOWN_CASES])
    return ([case for case in found if len(case.parts) == 1] or found)[:SHOWN_CASES]


def ruling_of_case(book: Book, place: int) -> Ruling | None:
    """The printed rules on the picture of the n-th case of a book (from 0) on which a map is drawn."""
    cases = cases_to_show(book)
    return rulings_of_cases(cases[place : place + 1])[0] if 0 <= place < len(cases) else None


@dataclass(frozen=True, slots=True)
class Ground:
    """The picture on which the regions of an editor lie: its printed rules, how what is drawn on it lies on each case to
    show, and what it is: the map drawn on it, the n-th of these cases, or None where it is not known."""

    ruling: Ruling | None
    moves: list[Move]
    source: UUID | int | None


def ground_of_editor(book: Book, counts: RegionMap | None) -> Ground:
    """That of the map that counts; the first case of the book where there is none or it is of pages that look otherwise."""
    rulings = rulings_of_cases(cases_to_show(book))
    own = read_ruling(counts.ruling) if counts is not None else None
    source: UUID | int | None = counts.id if counts is not None and own is not None else None
    if counts is None or (own is not None and not any(is_same_page(own, each) for each in rulings)):
        own = rulings[0] if rulings else None
        source = 0 if own is not None else None
    return Ground(own, [move_between(own, each) for each in rulings], source)


def regions_on(found: RegionMap, ground: Ruling | None) -> dict[str, Region]:
    """The regions of a map as they lie on another ground."""
    move = move_between(read_ruling(found.ruling), ground) if ground is not None else UNMOVED
    return {code: move.region(box) for code, box in found.regions.items()}
