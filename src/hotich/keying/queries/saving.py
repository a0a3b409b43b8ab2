"""Reads at every save, in plain SQL: the package, its places, what is there already. Few columns, few statements."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import connection

from hotich.digitisation.models import ScannedCase
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.keying.models import KeyingPackage, PackageItem
from hotich.registers.models import Book


def package_to_save_in(actor: Actor, package_id: UUID) -> KeyingPackage:
    """As `services.access.locked_package`, locked and with its book. Raises RuleBroken package_unknown."""
    found = list(
        KeyingPackage.objects.raw(
            "select * from keying_package where id = %s and origin_office_id = any(%s) for update",
            [package_id, sorted(actor.office_ids)],
        )
    )
    if not found:
        raise RuleBroken("package_unknown")
    [package] = found
    [package.book] = Book.objects.raw("select * from register_book where id = %s", [package.book_id])
    return package


def places_of(package: KeyingPackage, ids: Collection[UUID]) -> dict[UUID, PackageItem]:
    """Places of a package by id, with the scanned case where one belongs to it."""
    rows = PackageItem.objects.raw(
        "select * from package_item where package_id = %s and id = any(%s)", [package.id, list(ids)]
    )
    places = {place.id: place for place in rows}
    scans = ScannedCase.objects.in_bulk([place.scanned_case_id for place in places.values() if place.scanned_case_id])
    for place in places.values():
        place.scanned_case = scans.get(place.scanned_case_id) if place.scanned_case_id else None
    return places


def entries_there(names: Collection[UUID], places: Collection[UUID]) -> list[tuple[UUID, UUID]]:
    """Entries with one of these names or at one of these places: (name, place)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select id, item_id from keyed_entry where id = any(%s) or item_id = any(%s)", [list(names), list(places)]
        )
        return [(name, place) for name, place in cursor.fetchall()]
