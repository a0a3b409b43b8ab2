"""What the tests of saving share: items as a browser sends them, and counting what the server holds."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from hotich.database.scope import office_scope
from hotich.intake.models import Case
from hotich.kernel.actor import Actor
from hotich.keying.models import Entry, KeyingPackage, PackageItem, SecondKeying
from hotich.keying.rules.sync import SyncAnswer, SyncItem, parse_item
from hotich.keying.services.sync import receive_items
from tests.app.keying_parts import AT, Team
from tests.rules.registers_rows import good_row

SAVED_AT = int(AT.timestamp() * 1000)


def values_of(number: int, **changes: Any) -> dict[str, Any]:
    """A good birth of the book 01/2016 with its own number; changes by field, None takes one away."""
    child = f"Nguyễn Minh {chr(0x41 + number % 26)}{'abcdefghij'[number // 26 % 10]}n"
    values = {**good_row("KS", "L2014"), "registration_number": f"{number}/2016", "child_full_name": child, **changes}
    return {code: value for code, value in values.items() if value is not None}


def raw_item(package: KeyingPackage, item: PackageItem | None, number: int, /, **changes: Any) -> dict[str, Any]:
    """An item as JSON: a case whose warnings are confirmed. Changes by name; `values` are merged in."""
    values = values_of(number, **changes.pop("values", {}))
    made: dict[str, Any] = {
        "client_id": str(uuid4()), "package": str(package.id), "item": str(item.id) if item else None, "after": None,
        "revision": 1, "kind": "key", "schema_version": "KS-L2014-1", "state": "case", "reason": "", "values": values,
        "annotations": [], "confirmed": [], "saved_at": SAVED_AT, "strokes": 200, "active_ms": 60_000, "number": None,
        "number_suffix": "",
    }  # fmt: skip
    return made | changes


def an_item(package: KeyingPackage, item: PackageItem | None, number: int, /, **changes: Any) -> SyncItem:
    """The same, read."""
    return parse_item(raw_item(package, item, number, **changes))


def send(actor: Actor, *items: SyncItem, clock_error: int = 0) -> list[SyncAnswer]:
    """What a browser does, without the way there."""
    return receive_items(actor=actor, at=AT, items=items, clock_error=clock_error)


def results(answers: list[SyncAnswer]) -> list[str]:
    """The results alone."""
    return [answer.result for answer in answers]


def counted(team: Team) -> dict[str, int]:
    """What the server holds: entries, cases that count, second keyings."""
    with office_scope([team.office.id]):
        return {
            "entries": Entry.objects.count(),
            "cases": Case.objects.exclude(state="withdrawn").count(),
            "seconds": SecondKeying.objects.count(),
        }


def entry_of(team: Team, client_id: UUID) -> Entry:
    """An entry with its case and place."""
    with office_scope([team.office.id]):
        return Entry.objects.select_related("case", "item").get(id=client_id)
