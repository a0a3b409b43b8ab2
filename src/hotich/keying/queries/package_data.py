"""A package as the keying screen loads it: head, form, regions, places with their pictures, what is known (contract).

Restricted fields – the origin of an adoption, the cause of death – are in the form and in the keyer's own entries, also
for officers without `restricted.read`: they stand on the page that has to be keyed, in front of whoever keys it, and a
form without them would lose them. What hides them elsewhere is that a package shows its places only to its keyer and its
checker, while they have it. For the same reason nothing restricted is among the words learned from other cases.

For the second keyings (`critical`, `double`, `sample`) no value of the first keyer leaves this module.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse

from hotich.intake.models import Case
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.keying.models import Entry, EntryKind, ItemState, KeyingPackage, PackageItem, PackageState
from hotich.keying.queries.learned import learned_at
from hotich.keying.queries.pictures import PictureFacts, facts_of_pictures
from hotich.keying.queries.population import choices_of
from hotich.keying.queries.regions import Regions, regions_for
from hotich.keying.queries.saving import keyed_on_day
from hotich.keying.rules.form_data import form_data, layout_of_book
from hotich.keying.rules.frames import UNMOVED
from hotich.keying.rules.population import PopulationChoice, as_json
from hotich.registers.models import Book
from hotich.registers.rules.outputs import text_in
from hotich.registers.types import REGISTER_TYPES, version_by_id
from hotich.registers.types.declaration import RegisterVersion
from hotich.units.queries import offices_by_id
from hotich.web.texts import text_of

SECOND = ("critical", "double", "sample")


def package_of_keyer(package_id: UUID, actor: Actor) -> KeyingPackage:
    """A package the officer has out. Raises RuleBroken package_unknown (also for one of somebody else)."""
    packages = KeyingPackage.objects.select_related("book", "origin_office")
    package = packages.filter(
        id=package_id, origin_office_id__in=actor.office_ids, state=PackageState.OUT, keyer__in=actor.hands
    ).first()
    if package is None or not actor.may("keying.key"):
        raise RuleBroken("package_unknown")
    return package


def package_data(
    actor: Actor, package: KeyingPackage, kind: str = "key", entries: Sequence[Entry] | None = None, lang: str = "vi"
) -> dict[str, Any]:
    """The package for its keyer (`kind` "key"), or for a second keying the places of `entries`, which are to be keyed
    again: in their order, without anything of what the entries say.

    The caller has made sure that the officer may see it and has noted the reading.
    """
    version = version_by_id(package.schema_version)
    places = PackageItem.objects.filter(package=package).order_by("position")
    if entries is not None:
        places = places.filter(id__in=[entry.item_id for entry in entries])
    known = {} if kind in SECOND else _entries(places)
    choices = choices_of(entry.case_id for entry in known.values() if entry.case_id is not None)
    facts, regions = facts_of_pictures(places), regions_for(package)
    return {
        "schema": 1,
        "package": head_of(package, version, kind, lang),
        "form": form_data(version, lang, critical_only=kind == "critical"),
        "regions": regions.boxes,
        "items": [_item(item, facts.get(item.id), regions, known.get(item.id), kind, lang, choices) for item in places],
        "learned": learned_at(package.origin_office),
        "today": keyed_on_day(actor, clock.now()),
        "carry": _carry(package, version, actor) if kind == "key" else _of_book(version, package.book),
    }


def head_of(package: KeyingPackage, version: RegisterVersion, kind: str, lang: str) -> dict[str, Any]:
    """The "package" part."""
    register, book = REGISTER_TYPES[version.letters], package.book
    return {
        "id": str(package.id),
        "title": f"{text_in(register.short, lang)} {book.label} – {package.position}",
        "register": version.letters,
        "register_label": text_in(register.label, lang),
        "schema_version": version.id,
        "book": {
            "label": book.label,
            "number": book.number,
            "year": book.opening_year,
            "number_scope": book.number_scope,
            "assigned": book.is_number_assigned,
        },
        "mode": package.mode,
        "kind": kind,
        "layout": layout_of_book(version),
        "office": offices_by_id([package.origin_office_id])[package.origin_office_id].name,
        "is_on_demand": package.is_on_demand,
        "position": package.position,
        "returned_reason": package.returned_reason if kind == "key" else "",
    }


def _item(
    item: PackageItem, facts: PictureFacts | None, regions: Regions, entry: Entry | None, kind: str, lang: str,
    choices: Mapping[UUID, Mapping[str, PopulationChoice]],
) -> dict[str, Any]:  # fmt: skip
    second = kind in SECOND
    # what the first keyer found between two places has a number only he has read
    is_found = second and item.position % 1000 != 0
    return {
        "id": str(item.id),
        "position": item.position,
        "kind": item.kind,
        "number": None if is_found else item.number,
        "suffix": "" if is_found else item.number_suffix,
        "year": item.registration_year,
        "state": ItemState.OPEN.value if second else item.state,
        "reason": "" if second else item.reason,
        "picture": _picture(item, facts, regions),
        "entry": None if entry is None else known_entry(entry, lang, choices.get(entry.case_id or entry.id)),
    }


def _picture(item: PackageItem, facts: PictureFacts | None, regions: Regions) -> dict[str, Any] | None:
    if facts is None:
        return None
    fits = regions.fits(facts)
    move = regions.move_to(facts) if fits else UNMOVED
    return {
        "url": reverse("keying:picture", args=[item.id]),
        "bytes": 0,  # it is made when it is asked for
        "width": facts.width,
        "height": facts.height,
        "sheets": list(facts.sheets),
        # how the map of regions lies on it: size and shift across, size and shift down; null: as it was drawn
        "move": move.as_list() if move != UNMOVED else None,
        "mapped": fits,
    }


def known_entry(entry: Entry, lang: str, choices: Mapping[str, PopulationChoice] | None = None) -> dict[str, Any]:
    """What the keyer sent for a place and what became of it; `choices`: what he found in the population database."""
    case: Case | None = entry.case
    return {
        "client_id": str(entry.id),
        "revision": entry.revision,
        "kind": entry.kind,
        "values": dict(case.as_recorded) if case is not None else {},
        "annotations": list(case.annotations) if case is not None else entry.annotations,
        "confirmed": entry.confirmed,
        "problems": [problem_words(found, lang) for found in case.problems] if case is not None else [],
        "case_state": case.state if case is not None else EntryKind(entry.kind).value,
        "returned_reason": case.returned_reason if case is not None else "",
        "population": as_json(choices or {}),
    }


def problem_words(found: Mapping[str, Any], lang: str) -> dict[str, str]:
    """A stored finding with its text: {"code", "field", "severity", "text"}."""
    return {
        "code": found["code"],
        "field": found["field"],
        "severity": found["severity"],
        "text": text_of(found["code"], found.get("params"), lang),
    }


def _entries(items: Iterable[PackageItem]) -> dict[UUID, Entry]:
    entries = Entry.objects.filter(item__in=[item.id for item in items]).select_related("case")
    return {entry.item_id: entry for entry in entries}


def _carry(package: KeyingPackage, version: RegisterVersion, actor: Actor) -> dict[str, Any]:
    """What the first case of a package starts with: the book's own number, and what the case keyed before it in the book
    said in the fields that are carried over (the office, who signed …; the keyer sees and may change them)."""
    carried: dict[str, Any] = {}
    before = (
        Entry.objects.filter(
            package__book_id=package.book_id, schema_version=version.id, case__isnull=False,
            package__position__lte=package.position, package__origin_office_id__in=actor.office_ids,
        )
        .select_related("case")
        .order_by("-package__position", "-item__position")
        .first()
    )  # fmt: skip
    if before is not None and before.case is not None:
        names = [item.code for item in version.fields if item.carry and not item.restricted]
        carried = {name: before.case.as_recorded[name] for name in names if before.case.as_recorded.get(name)}
    return carried | _of_book(version, package.book)


def _of_book(version: RegisterVersion, book: Book) -> dict[str, Any]:
    if all(item.code != "register_book_no" for item in version.fields):
        return {}
    label: Any = {"text": book.label, "reason": "assigned"} if book.is_number_assigned else book.label
    return {"register_book_no": label}
