"""Reads: what waits to be checked, a package with its entries, what of an entry may be seen, and what comes next.

Nothing here gives a value of a first keying away while the second one is outstanding: `entry_to_see` refuses, and the
data of a package for its second keying holds places only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.keying.models import (
    CheckState,
    Difference,
    Entry,
    ItemState,
    KeyingPackage,
    PackageItem,
    PackageState,
)
from hotich.keying.queries.held_entries import Held, held_with, read_entry
from hotich.keying.queries.originals import paired_entries
from hotich.keying.queries.package_data import package_data
from hotich.keying.queries.packages import in_order_of_work
from hotich.keying.queries.undecided import alone_among
from hotich.registers.types import version_by_id

CHECK = "keying.check"
KINDS = ("critical", "double", "sample")
_LEFT = (CheckState.PENDING, CheckState.DIFFERS)


@dataclass(frozen=True, slots=True)
class Queue:
    """What a checker has before him: packages he checks, packages with differences only others may settle (he among
    them), packages nobody checks yet."""

    mine: list[KeyingPackage]
    to_settle: list[KeyingPackage]
    to_check: list[KeyingPackage]


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry of a package in the list. `waits_for`: critical | double | sample, "" when it may be seen."""

    entry: Entry
    waits_for: str
    may_settle: bool
    open_differences: int
    is_paired: bool = False  # of a second original, to be decided beside the first (queries.originals)
    is_alone: bool = False  # only the second original has it: whether it is entered is decided


def check_queue(actor: Actor) -> Queue:
    """The work of a checker: on demand first, then phase, group, book and place in the book."""
    packages = _packages(actor).annotate(
        entries_total=Count("entries"),
        entries_left=Count("entries", filter=Q(entries__check_state__in=_LEFT)),
        entries_differing=Count("entries", filter=Q(entries__check_state=CheckState.DIFFERS)),
    )
    ordered = in_order_of_work(packages)
    mine = [each for each in ordered.filter(state=PackageState.CHECKING) if each.checker in actor.hands]
    own = Entry.objects.filter(package_id=OuterRef("id"), keyer__in=actor.hands)
    ready = ordered.filter(state=PackageState.RELEASED).exclude(keyer__in=actor.hands).filter(~Exists(own))
    others = {entry.package_id for entry in _entries_to_settle(actor)} - {each.id for each in mine}
    return Queue(mine, list(ordered.filter(id__in=others)), list(ready))


def count_to_check(actor: Actor) -> int:
    """How many packages wait for this checker, for the navigation."""
    if not actor.may(CHECK) or actor.officer_id is None:
        return 0
    own = Entry.objects.filter(package_id=OuterRef("id"), keyer__in=actor.hands)
    ready = _packages(actor).filter(
        (Q(state=PackageState.RELEASED) & ~Q(keyer__in=actor.hands) & ~Exists(own))
        | Q(state=PackageState.CHECKING, checker__in=actor.hands)
    )
    return ready.count()


def _packages(actor: Actor) -> QuerySet[KeyingPackage]:
    return KeyingPackage.objects.filter(origin_office_id__in=actor.office_ids).select_related("book", "origin_office")


def _entries_to_settle(actor: Actor) -> list[Entry]:
    """Entries with open differences this officer may decide."""
    entries = Entry.objects.filter(
        origin_office_id__in=actor.office_ids, check_state=CheckState.DIFFERS,
        package__state__in=(PackageState.RELEASED, PackageState.CHECKING, PackageState.CHECKED),
    ).exclude(keyer__in=actor.hands)  # fmt: skip
    return [
        row.entry for row in rows_of(list(entries.select_related("package", "case", "item")), actor) if row.may_settle
    ]


def package_to_check(actor: Actor, package_id: UUID) -> KeyingPackage:
    """A package of the actor's offices that was keyed. Raises RuleBroken package_unknown."""
    package = _packages(actor).filter(id=package_id).exclude(state__in=(PackageState.READY, PackageState.WITHDRAWN))
    found = package.first()
    if found is None:
        raise RuleBroken("package_unknown")
    return found


def entries_in_order(package: KeyingPackage) -> list[Entry]:
    """The entries of a package, the most doubtful first: what the checks were unsure of, then warnings, then the book."""
    entries = Entry.objects.filter(package=package).select_related("package", "case", "item")
    return sorted(entries, key=_doubt)


def _doubt(entry: Entry) -> tuple[float, int, int]:
    warnings = entry.case.warning_count if entry.case is not None else 0
    return -entry.doubt, -warnings, entry.item.position


def rows_of(entries: Sequence[Entry], actor: Actor) -> list[EntryRow]:
    """Entries with what may be done with each, in the order given."""
    open_ones = Difference.objects.filter(entry__in=entries, decision="").values_list("entry_id", flat=True)
    number = Counter(open_ones)
    paired, alone = paired_entries(entries), alone_among(entries)
    return [
        EntryRow(
            held.entry, "" if held.entry.id in paired else held.outstanding, may_settle(actor, held),
            number[held.entry.id], held.entry.id in paired, held.entry.id in alone,
        )
        for held in held_with(entries)
    ]  # fmt: skip


def may_settle(actor: Actor, held: Held) -> bool:
    """Whether this officer may decide the differences of an entry."""
    if not actor.may(CHECK) or held.outstanding or held.is_of(actor):
        return False
    return not (held.needs_third and actor.hands & held.second_keyers)


def places_without_entry(package: KeyingPackage) -> list[PackageItem]:
    """Places of a package that its keyer left without keying anything, with the reason he gave."""
    keyed = Entry.objects.filter(item_id=OuterRef("id"))
    places = PackageItem.objects.filter(~Exists(keyed), package=package).exclude(state=ItemState.KEYED)
    return list(places.order_by("position"))


# ---- keying again


def kinds_outstanding(rows: Sequence[EntryRow]) -> dict[str, int]:
    """How many entries wait for each kind of second keying, the sample last; returned ones wait for their keyer."""
    waiting = [row for row in rows if row.waits_for and row.entry.check_state != CheckState.RETURNED]
    number = Counter(row.waits_for for row in waiting)
    return {kind: number[kind] for kind in KINDS if number[kind]}


def second_keying_data(actor: Actor, package: KeyingPackage, kind: str, lang: str) -> dict[str, Any]:
    """The package as the keying screen loads it for a second keying: places and pictures, never a first value.

    Raises RuleBroken: check_not_yours (only whoever checks it now), second_not_to_key (nothing waits for this kind).
    """
    if not actor.may(CHECK) or package.state != PackageState.CHECKING or package.checker not in actor.hands:
        raise RuleBroken("check_not_yours")
    rows = rows_of(entries_in_order(package), actor)
    waiting = kinds_outstanding(rows)
    kind = kind or next(iter(waiting), "")
    entries = [row.entry for row in rows if row.waits_for == kind and row.entry.check_state != CheckState.RETURNED]
    if not kind or not entries:
        raise RuleBroken("second_not_to_key")
    return package_data(actor, package, kind, entries, lang)


# ---- one entry


def entry_to_see(actor: Actor, entry_id: UUID) -> Held:
    """An entry with its values, for whoever may check it: never for its keyer, nor while the second keying waits.

    Raises RuleBroken: not_allowed, entry_unknown, checked_by_keyer, second_keying_outstanding.
    """
    if not actor.may(CHECK):
        raise RuleBroken("not_allowed")
    held = read_entry(actor, entry_id)
    if held.is_of(actor):
        raise RuleBroken("checked_by_keyer")
    if held.outstanding:
        raise RuleBroken("second_keying_outstanding")
    return held


def differences_of(entry: Entry) -> list[Difference]:
    """All differences of an entry, the undecided first, each group as they were found, and then as the book has them."""
    found = Difference.objects.filter(entry=entry).order_by("found_at", "field", "id")
    order = {field.code: place for place, field in enumerate(version_by_id(entry.schema_version).fields)}
    last = len(order)  # the case as a whole, notes in the margin
    return sorted(found, key=lambda row: (bool(row.decision), row.found_at, order.get(row.field, last)))


def next_to_look_at(actor: Actor, package: KeyingPackage, after: UUID | None = None) -> UUID | None:
    """The entry to open next: the most doubtful one that is to be looked at or decided by this officer.

    `after` None begins anew; else that entry itself is left out. None when nothing is left for him.
    """
    is_checker = package.state == PackageState.CHECKING and package.checker in actor.hands
    for row in rows_of(entries_in_order(package), actor):
        if row.entry.id == after or row.waits_for:
            continue
        looks = row.entry.check_state == CheckState.PENDING and is_checker
        if looks or (row.entry.check_state == CheckState.DIFFERS and row.may_settle):
            return row.entry.id
    return None


def entry_of_difference(actor: Actor, difference_id: UUID) -> UUID:
    """The entry a difference belongs to. Raises RuleBroken difference_unknown."""
    found = Difference.objects.filter(id=difference_id, origin_office_id__in=actor.office_ids)
    entry_id: UUID | None = found.values_list("entry_id", flat=True).first()
    if entry_id is None:
        raise RuleBroken("difference_unknown")
    return entry_id
