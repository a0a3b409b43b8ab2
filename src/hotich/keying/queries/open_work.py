"""Reads: packages that are still in work, for whoever is about to lock accounts (see accounts.queries.open_work)."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Count

from hotich.accounts.queries import OpenWork
from hotich.keying.models import KeyingPackage, PackageState

OPEN = (PackageState.READY, PackageState.OUT, PackageState.RELEASED, PackageState.CHECKING)


def open_packages(office_ids: Collection[int]) -> OpenWork:
    """Packages that are not checked whole; of them those an officer keys or checks now."""
    packages = KeyingPackage.objects.filter(origin_office_id__in=list(office_ids), state__in=OPEN)
    by_officer: dict[int, int] = {}
    for state, column in ((PackageState.OUT, "keyer"), (PackageState.CHECKING, "checker")):
        held = packages.filter(state=state).exclude(**{column: None}).values_list(column)
        for officer, number in held.annotate(number=Count("id")).order_by():
            by_officer[officer] = by_officer.get(officer, 0) + number
    return OpenWork(packages.count(), by_officer)
