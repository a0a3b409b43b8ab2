"""What the tests of checking share: a package that was keyed and handed in, and second keyings as a browser sends them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from hotich.database.scope import office_scope
from hotich.intake.models import Case
from hotich.kernel.actor import Actor
from hotich.keying.models import Difference, Entry, KeyingPackage, PackageItem
from hotich.keying.rules.sync import SyncAnswer, SyncItem, parse_item
from hotich.keying.services.packages import release_package
from hotich.keying.services.second import receive_second_keyings
from hotich.keying.services.sync import receive_items
from tests.app.keying_parts import AT, Team, a_listed_book, a_package, checked_out, items_of
from tests.rules.registers_rows import good_row

VOID = None
"""In the place of values: the number is void."""


def values_of(number: int, **changes: Any) -> dict[str, Any]:
    """Values of one birth in which every statement holds, with the number of its place; a change to None leaves out."""
    values = {**good_row("KS", "L2014"), "registration_number": f"{number}/2016", "page_no": str(number)}
    values["child_personal_id"] = ""
    return {code: raw for code, raw in {**values, **changes}.items() if raw}


def an_item(package: KeyingPackage, place: PackageItem, values: Mapping[str, Any], **more: Any) -> SyncItem:
    """One save as the browser sends it; `kind`, `state`, `client_id`, `revision` and others by name."""
    told = {
        "client_id": str(uuid4()), "package": str(package.id), "item": str(place.id), "after": None, "revision": 1,
        "kind": "critical", "schema_version": package.schema_version, "state": "case", "reason": "",
        "values": dict(values), "annotations": [], "confirmed": [], "saved_at": int(AT.timestamp() * 1000),
        "strokes": 90, "active_ms": 15_000, "number": place.number, "number_suffix": "", **more,
    }  # fmt: skip
    return parse_item(told)


def keyed(
    team: Team,
    rows: Sequence[Mapping[str, Any] | None] | None = None,
    *,
    mode: str = "review",
    sample: int = 0,
    by: str = "keyer",
    **more: Any,
) -> KeyingPackage:
    """A package keyed and handed in: one case for each row (VOID: a void number). `sample`: per mille to key again."""
    rows = [values_of(1), values_of(2), values_of(3)] if rows is None else rows
    book = more.pop("book", None) or a_listed_book(team)
    package = a_package(team, book, count=len(rows), mode=mode, **more)
    with office_scope([team.office.id]):
        KeyingPackage.objects.filter(id=package.id).update(sample_per_mille=sample)
    package = checked_out(team, package, by=by)
    actor: Actor = getattr(team, by)
    said = [
        an_item(package, place, row or {}, kind="key", **({} if row else {"state": "void", "reason": "gạch chéo"}))
        for place, row in zip(items_of(team, package), rows, strict=True)
    ]
    receive_items(actor=actor, at=AT, items=said)
    return release_package(actor=actor, at=AT, package_id=package.id)


def entries_of(team: Team, package: KeyingPackage) -> list[Entry]:
    """The entries of a package in the order of the book, each with its case as it is now."""
    with office_scope([team.office.id]):
        found = Entry.objects.filter(package=package).select_related("case", "item", "package")
        return list(found.order_by("item__position"))


def give(
    team: Team, package: KeyingPackage, place: int, values: Mapping[str, Any], *, by: str = "checker", **more: Any
) -> SyncAnswer:
    """One second keying of the n-th place of a package; the answer."""
    item = an_item(package, items_of(team, package)[place], values, **more)
    [answer] = receive_second_keyings(actor=getattr(team, by), at=AT, items=[item])
    return answer


def differences_of(team: Team, entry: Entry) -> list[Difference]:
    """The differences of an entry in the order of the fields' names."""
    with office_scope([team.office.id]):
        return list(Difference.objects.filter(entry_id=entry.id).order_by("field", "found_at"))


def case_of(team: Team, entry: Entry) -> Case:
    """The case of an entry as it is now."""
    with office_scope([team.office.id]):
        return Case.objects.get(id=entry.case_id)


def now(team: Team, entry: Entry) -> Entry:
    """The entry as it is now."""
    with office_scope([team.office.id]):
        return Entry.objects.select_related("package").get(id=entry.id)
