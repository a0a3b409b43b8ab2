"""Somebody waits for one entry nobody has keyed (requirement H4): a package of one, first in every list, outside the gate."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.database.scope import office_scope
from hotich.digitisation.models import ScannedCase
from hotich.kernel.actor import Actor
from hotich.kernel.ids import uuid7
from hotich.kernel.problems import RuleBroken
from hotich.keying.models import BookPlace, BookWork, ItemState, KeyingPackage, PackageItem, PackageState
from hotich.keying.rules.workflow import LIVE
from hotich.keying.services.access import LEAD, locked_package, must_have, note_package
from hotich.keying.services.cutting import Place, frame_of, locked_book, make_packages


def start_on_demand(*, actor: Actor, at: datetime, scanned_case_id: UUID) -> KeyingPackage:
    """Make a package of this one scanned case. A case that waits in a package nobody has taken leaves that package; a
    case that has a package on demand already gives it.

    Raises RuleBroken: not_allowed, scanned_case_unknown, office_not_in_scope, entry_exists_already (keyed or imported),
    case_in_package_out (somebody has it), book_placed_elsewhere, era_without_register.
    """
    officer = must_have(actor, LEAD)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        found = ScannedCase.objects.filter(id=scanned_case_id, origin_office_id__in=actor.office_ids)
        book_id = found.values_list("book_id", flat=True).first()
        if book_id is None:
            raise RuleBroken("scanned_case_unknown")
        # the package that holds it first, then the book: everybody locks in this order
        held = _leave_package(actor, work, scanned_case_id)
        if held is not None:
            return held
        book = locked_book(actor, book_id)
        scan = found.select_for_update(of=("self",)).select_related("batch").get()
        if scan.case_id is not None:
            raise RuleBroken("entry_exists_already", number="", case=str(scan.case_id))
        listed = BookWork.objects.filter(book=book).first()
        if listed is not None and listed.place != BookPlace.HERE:
            raise RuleBroken("book_placed_elsewhere", place=str(BookPlace(listed.place).label))
        frame = frame_of(
            officer, at, book, mode=listed.mode if listed else "", sample=listed.sample_per_mille if listed else None,
            is_on_demand=True,
        )  # fmt: skip
        year = scan.registration_year or scan.batch.registration_year or book.opening_year
        place = Place(
            scanned_case_id=scan.id, number=scan.number, number_suffix=scan.number_suffix, registration_year=year
        )
        return make_packages(work, frame, [(uuid7(), [place])])[0]


def _leave_package(actor: Actor, work: UnitOfWork, scanned_case_id: UUID) -> KeyingPackage | None:
    """Take the case out of the package it waits in; the package on demand that has it already is given back."""
    items = PackageItem.objects.filter(scanned_case_id=scanned_case_id, package__state__in=LIVE)
    package_id = items.values_list("package_id", flat=True).first()
    if package_id is None:
        return None
    package = locked_package(actor, package_id)
    if package.is_on_demand:
        return package
    item = items.select_for_update(of=("self",)).filter(package=package).first()
    if item is None:
        return None
    if item.state != ItemState.OPEN:
        raise RuleBroken("entry_exists_already", number="", case="")
    if package.state != PackageState.READY:
        raise RuleBroken("case_in_package_out", position=package.position)
    item.delete()
    package.items_total, package.version = package.items_total - 1, package.version + 1
    columns = ["items_total", "version"]
    if package.items_total == 0:
        package.state = PackageState.WITHDRAWN
        columns.append("state")
    package.save(update_fields=columns)
    note_package(work, package, "package.case_left", on_demand=True)
    return None
