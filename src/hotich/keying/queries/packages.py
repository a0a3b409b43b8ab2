"""Reads: packages in lists – those of a keyer, those he may take, all of an office – and one with its places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When

from hotich.audit.queries import history_of
from hotich.digitisation.models import ScanBatchState, ScannedCase, ScannedCaseState
from hotich.intake.models import CaseState
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.keying.models import (
    BookPlace,
    BookWork,
    Entry,
    ItemState,
    KeyingPackage,
    PackageItem,
    PackageState,
)
from hotich.keying.queries.gate import books_at_steps
from hotich.keying.queries.teams import own_teams
from hotich.keying.rules.gate import Step, earlier_unfinished
from hotich.keying.rules.workflow import LIVE

LEADS = ("keying.lead", "keying.check", "keying.accept", "keying.watch")
"""One of these rights shows the packages of the office; a keyer without one sees his own."""

TO_MEND = (CaseState.HELD, CaseState.RETURNED)
OFFERED = 15  # packages shown to a keyer who looks for one
MENDED_SHOWN = 5  # cases named that a keyer has to mend; the screen leads through the rest


@dataclass(frozen=True, slots=True)
class Figures:
    """How far a package is: places by state, and entries that wait for their keyer or for a check."""

    items: dict[str, int] = field(default_factory=dict)
    to_mend: int = 0
    passed: int = 0

    @property
    def total(self) -> int:
        return sum(self.items.values())

    @property
    def open(self) -> int:
        return self.items.get(ItemState.OPEN, 0)

    @property
    def done(self) -> int:
        return self.total - self.open


def packages_of_offices(actor: Actor) -> QuerySet[KeyingPackage]:
    """All packages of the actor's offices. Raises RuleBroken not_allowed."""
    if not any(map(actor.may, LEADS)):
        raise RuleBroken("not_allowed")
    return KeyingPackage.objects.filter(origin_office_id__in=actor.office_ids).select_related(
        "book", "origin_office", "team"
    )


def narrowed(packages: QuerySet[KeyingPackage], wanted: Mapping[str, Any]) -> QuerySet[KeyingPackage]:
    """Packages by the filter of the list: state, register, officer, team, label of the book ("01/2006")."""
    if wanted.get("trang_thai"):
        packages = packages.filter(state=wanted["trang_thai"])
    if wanted.get("loai"):
        packages = packages.filter(book__register_type=wanted["loai"])
    if wanted.get("nguoi"):
        officer = int(wanted["nguoi"])
        packages = packages.filter(Q(keyer=officer) | Q(assigned_to=officer, state=PackageState.READY))
    if wanted.get("to"):
        packages = packages.filter(team=wanted["to"])
    number, _, year = wanted.get("so", "").strip().partition("/")
    if number:
        packages = packages.filter(Q(book__number=number) | Q(book__number=number.zfill(2)))
    if year:
        packages = (
            packages.filter(book__opening_year=int(year)) if year.isdecimal() and len(year) == 4 else packages.none()
        )
    return packages


def in_order_of_work(packages: QuerySet[KeyingPackage]) -> QuerySet[KeyingPackage]:
    """What somebody waits for first, then phase, group, book and place in the book."""
    step = BookWork.objects.filter(book_id=OuterRef("book_id"))
    return packages.annotate(
        phase=step.values("phase")[:1], group=step.values("group")[:1]
    ).order_by("-is_on_demand", F("phase").asc(nulls_last=True), F("group").asc(nulls_last=True),
               "book__register_type", "book__opening_year", "book__number", "book_id", "position")  # fmt: skip


def packages_of_keyer(actor: Actor) -> list[KeyingPackage]:
    """The packages the officer has out: those on demand first, then what came back to him, then the others."""
    packages = KeyingPackage.objects.filter(
        origin_office_id__in=actor.office_ids, state=PackageState.OUT, keyer__in=actor.hands
    ).select_related("book", "origin_office")
    returned = Case(When(~Q(returned_reason=""), then=Value(0)), default=Value(1), output_field=IntegerField())
    return list(packages.order_by("-is_on_demand", returned, "checked_out_at", "id"))


def packages_to_take(actor: Actor) -> list[KeyingPackage]:
    """Packages this officer may take, in the order of the work: those given to him, then those of his team, before
    all but those on demand."""
    teams = own_teams(actor, clock.today())
    elsewhere = BookWork.objects.filter(book_id=OuterRef("book_id")).exclude(place=BookPlace.HERE)
    ready = KeyingPackage.objects.filter(
        Q(assigned_to__isnull=True) | Q(assigned_to__in=actor.hands),
        Q(team__isnull=True) | Q(team__in=teams),
        ~Exists(elsewhere),
        origin_office_id__in=actor.office_ids,
        state=PackageState.READY,
    ).select_related("book", "origin_office", "team")
    ordered = in_order_of_work(ready)
    mine, ours = F("assigned_to").asc(nulls_last=True), F("team").asc(nulls_last=True)
    return list(ordered.order_by("-is_on_demand", mine, ours, *ordered.query.order_by[1:])[:OFFERED])


def gate_of(packages: Sequence[KeyingPackage]) -> dict[UUID, list[Step]]:
    """For each package the earlier steps that are unfinished at its office; nothing for those on demand."""
    offices = {package.origin_office_id for package in packages}
    books = {office: books_at_steps(office) for office in offices}
    works = {work.book_id: work for work in BookWork.objects.filter(book__in={package.book_id for package in packages})}
    found = {}
    for package in packages:
        work = works.get(package.book_id)
        if work is not None and not package.is_on_demand:
            found[package.id] = earlier_unfinished(Step(work.phase, work.group), books[package.origin_office_id])
    return found


def figures_of(packages: Iterable[KeyingPackage]) -> dict[UUID, Figures]:
    """How far each package is."""
    ids = [package.id for package in packages]
    items: dict[UUID, dict[str, int]] = {package_id: {} for package_id in ids}
    counted = PackageItem.objects.filter(package_id__in=ids).values_list("package_id", "state")
    for package_id, state, count in counted.annotate(count=Count("id")).order_by():
        items[package_id][state] = count
    entries = {
        package_id: (to_mend, passed)
        for package_id, to_mend, passed in Entry.objects.filter(package_id__in=ids)
        .values_list("package_id")
        .annotate(
            to_mend=Count("id", filter=Q(case__state__in=TO_MEND)), passed=Count("id", filter=Q(check_state="passed"))
        )
        .order_by()
    }
    return {package_id: Figures(items[package_id], *entries.get(package_id, (0, 0))) for package_id in ids}


@dataclass(frozen=True, slots=True)
class ToMend:
    """A case that waits for its keyer: the number of its place, and why it came back ("": the checks found an error)."""

    number: str
    reason: str


def cases_to_mend(package: KeyingPackage, most: int = MENDED_SHOWN) -> list[ToMend]:
    """The first cases of a package its keyer has to mend, in the order of the book."""
    entries = Entry.objects.filter(package=package, case__state__in=TO_MEND).select_related("item", "case")
    found = []
    for entry in entries.order_by("item__position")[:most]:
        item, case = entry.item, entry.case
        place = f"#{item.position / 1000:g}" if item.number is None else f"{item.number}{item.number_suffix}"
        found.append(ToMend((case.number_text if case else "") or place, case.returned_reason if case else ""))
    return found


def package_of(package_id: UUID, actor: Actor) -> KeyingPackage:
    """One package, for whoever leads or checks at its office, and for its keyer. Raises RuleBroken package_unknown."""
    packages = KeyingPackage.objects.filter(origin_office_id__in=actor.office_ids)
    package = packages.select_related("book", "origin_office", "batch", "team").filter(id=package_id).first()
    if package is None or not (any(map(actor.may, LEADS)) or is_own(package, actor)):
        raise RuleBroken("package_unknown")
    return package


def is_own(package: KeyingPackage, actor: Actor) -> bool:
    """Whether the officer has the package out."""
    return actor.may("keying.key") and package.state == PackageState.OUT and package.keyer in actor.hands


def places_of(package: KeyingPackage) -> list[tuple[PackageItem, Entry | None]]:
    """The places of a package in their order, each with what was keyed for it."""
    items = list(PackageItem.objects.filter(package=package).order_by("position"))
    entries = {entry.item_id: entry for entry in Entry.objects.filter(package=package).select_related("case")}
    return [(item, entries.get(item.id)) for item in items]


def acts_on(package: KeyingPackage) -> list[tuple[str, int | None, datetime, str]]:
    """What became of a package: (verb, officer, when, reason in words), the latest first."""
    acts = [
        (entry.verb, entry.actor_id, entry.at, str((detail.after or {}).get("reason", "")) if detail else "")
        for entry, detail in history_of("keying_package", package.id)
    ]
    return acts[::-1]


@dataclass(frozen=True, slots=True)
class BookToCut:
    """A book of which something is in no package yet, or that may be keyed from paper."""

    work: BookWork
    scans: int
    packages: int


def books_to_cut(actor: Actor) -> list[BookToCut]:
    """The listed books that are keyed here, in the order of the work, with how many scanned cases no package has."""
    works = (
        BookWork.objects.filter(origin_office_id__in=actor.office_ids, place=BookPlace.HERE, is_lost=False)
        .select_related("book")
        .order_by("phase", "group", "book__register_type", "book__opening_year", "book__number", "book_id")
    )
    held = PackageItem.objects.filter(scanned_case_id=OuterRef("id"), package__state__in=LIVE)
    waiting = (
        ScannedCase.objects.filter(origin_office_id__in=actor.office_ids, case__isnull=True)
        .exclude(state__in=(ScannedCaseState.RESCAN, ScannedCaseState.SET_ASIDE))
        .exclude(batch__state=ScanBatchState.WITHDRAWN)
        .filter(~Exists(held))
    )
    scans = dict(waiting.values_list("book_id").annotate(count=Count("id")).order_by())
    packages = dict(
        KeyingPackage.objects.filter(origin_office_id__in=actor.office_ids, state__in=LIVE)
        .values_list("book_id").annotate(count=Count("id")).order_by()
    )  # fmt: skip
    return [BookToCut(work, scans.get(work.book_id, 0), packages.get(work.book_id, 0)) for work in works]


def keyers_at_work(actor: Actor) -> list[int]:
    """Officers who have or had a package of the actor's offices, or to whom one is given."""
    packages = packages_of_offices(actor)
    found = packages.values_list("keyer", "assigned_to").order_by().distinct()
    return sorted({officer for pair in found for officer in pair if officer is not None})
