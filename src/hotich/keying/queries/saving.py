"""Reads at every save, in plain SQL: the package, its places, what is there already. Few columns, few statements."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from hotich.database.plain import ask, columns_of, made
from hotich.digitisation.models import ScannedCase
from hotich.kernel.actor import Actor
from hotich.kernel.clock import in_vietnam, start_of_day
from hotich.kernel.problems import RuleBroken
from hotich.keying.models import KeyingPackage, PackageItem
from hotich.registers.models import Book

_PACKAGE, _BOOK = columns_of(KeyingPackage, "p"), columns_of(Book, "b")
_PLACE = columns_of(PackageItem, "i")


def package_to_save_in(actor: Actor, package_id: UUID) -> KeyingPackage:
    """As `services.access.locked_package`, locked and with its book. Raises RuleBroken package_unknown."""
    found = ask(
        f"select {_PACKAGE} from keying_package p where p.id = %s and p.origin_office_id = any(%s::int[]) "  # nosec B608
        "for update",
        [package_id, sorted(actor.office_ids)],
    )
    if not found:
        raise RuleBroken("package_unknown")
    package = made(KeyingPackage, found[0])
    [book] = ask(f"select {_BOOK} from register_book b where b.id = %s", [package.book_id])  # nosec B608
    package.book = made(Book, book)
    return package


def places_of(package: KeyingPackage, ids: Collection[UUID]) -> dict[UUID, PackageItem]:
    """Places of a package by id, with the scanned case where one belongs to it."""
    rows = ask(
        f"select {_PLACE} from package_item i where i.package_id = %s and i.id = any(%s::uuid[])",  # nosec B608
        [package.id, list(ids)],
    )
    places = {place.id: place for place in (made(PackageItem, row) for row in rows)}
    scanned = [place.scanned_case_id for place in places.values() if place.scanned_case_id]
    scans = ScannedCase.objects.in_bulk(scanned) if scanned else {}
    for place in places.values():
        place.scanned_case = scans.get(place.scanned_case_id) if place.scanned_case_id else None
    return places


def entries_there(names: Collection[UUID], places: Collection[UUID]) -> list[tuple[UUID, UUID]]:
    """Entries with one of these names or at one of these places: (name, place)."""
    rows = ask(
        "select id, item_id from keyed_entry where id = any(%s::uuid[]) or item_id = any(%s::uuid[])",
        [list(names), list(places)],
    )
    return [(name, place) for name, place in rows]


_DONE = """
select (select count(*) from keyed_entry where keyer = any(%(hands)s::int[]) and first_received_at >= %(start)s)
     + (select count(*) from second_keying
        where keyer = any(%(hands)s::int[]) and received_at >= %(start)s and kind <> 'stray')
"""


def keyed_on_day(actor: Actor, at: datetime) -> int:
    """How many places the officer has keyed, first or again, that came here on this day in Viet Nam: from all PCs."""
    start = start_of_day(in_vietnam(at).date())
    [(count,)] = ask(_DONE, {"hands": sorted(actor.hands), "start": start})
    return int(count)
