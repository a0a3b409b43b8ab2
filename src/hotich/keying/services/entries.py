"""What a keyer has sent of one package becomes entries and cases: new ones in bulk, all others one by one.

The package is locked by the desk. Nothing that was keyed is thrown away: what cannot be an entry of its own stands
beside the entry that is there already, and what is refused stays in the browser with a text that says why.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import DataError, IntegrityError

from hotich.audit.models import Entry as Trail
from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.database.copy import copy_rows
from hotich.digitisation.rules.workflow import LINKABLE
from hotich.digitisation.services.linking import link_keyed
from hotich.intake.models import Case, CaseState
from hotich.intake.services.keyed import (
    KeptCase,
    KeyedCase,
    add_keyed_cases,
    open_keying_batch,
    rekey_case,
    withdraw_keyed_case,
)
from hotich.kernel.ids import uuid7
from hotich.kernel.problems import RuleBroken
from hotich.keying.models import Entry, EntryKind, ItemState, KeyingPackage, OriginalDecision, PackageItem, PackageState
from hotich.keying.queries.saving import entries_there, places_of
from hotich.keying.rules.doubt import Keyed, doubt_of
from hotich.keying.rules.sync import ACCEPTED, SyncAnswer, SyncItem, accepted_version
from hotich.keying.rules.workflow import ITEM, next_state
from hotich.keying.services.checking_access import check_again
from hotich.keying.services.cutting import SPACING
from hotich.keying.services.differences import entries_mended
from hotich.keying.services.entry_parts import (
    COLUMNS,
    LARGEST_ERROR,
    MENDED,
    TO_MEND,
    answer_about,
    answer_for,
    is_accepted,
    locked_entries,
    mark_keyed,
    refused,
    row_of,
    saved_at,
    says_the_same,
)
from hotich.keying.services.population import keep_choices, keep_choices_again
from hotich.keying.services.second import keep_stray
from hotich.records.services import note_number_from_keying
from hotich.registers.rules.parameters import constant

log = logging.getLogger(__name__)
_NUMBER_USES = frozenset({"void", "missing"})


@dataclass(slots=True)
class Desk:
    """Takes in what was keyed of one locked package. `clock_error`: of the PC, milliseconds ahead."""

    work: UnitOfWork
    package: KeyingPackage
    clock_error: int = 0
    _known: set[UUID] = field(default_factory=set)  # names of entries that are here already
    _keyed_places: set[UUID] = field(default_factory=set)
    _places: dict[UUID, PackageItem] = field(default_factory=dict)

    @property
    def is_mine(self) -> bool:
        """Whether the actor has the package out."""
        return self.package.state == PackageState.OUT and self.package.keyer in self.work.actor.hands

    def receive(self, items: Sequence[SyncItem], *, is_together: bool) -> list[SyncAnswer]:
        """Keep these items, in order; one answer each.

        `is_together`: new cases in bulk, without a savepoint of their own; raises RuleBroken, DataError, IntegrityError
        when one of them fails, and nothing of the unit of work may then be kept. Else each alone.
        """
        self._look_up(items)
        fresh = self._fresh(items) if is_together else []
        kept = self._add([items[place] for place in fresh]) if fresh else []
        answers = dict(zip(fresh, kept, strict=True))
        for place, item in enumerate(items):
            if place not in answers:
                answers[place] = self._keep_alone(item)
        return [answers[place] for place in range(len(items))]

    # ---- the common way: new cases, all in one

    def _look_up(self, items: Sequence[SyncItem]) -> None:
        wanted = {each for item in items for each in (item.item, item.after) if each is not None}
        names = {item.client_id for item in items}
        self._places = places_of(self.package, wanted)
        for name, place_id in entries_there(names, wanted):
            self._known.add(name)
            self._keyed_places.add(place_id)

    def _fresh(self, items: Sequence[SyncItem]) -> list[int]:
        """Which of these are new cases at places nobody has keyed, in a form we take."""
        found: list[int] = []
        if not self.is_mine:
            return found
        names, places = set(self._known), set(self._keyed_places)
        for number, item in enumerate(items):
            place = item.item or item.after
            is_free = item.item is None or item.item not in places
            if item.state == EntryKind.CASE and item.client_id not in names and place in self._places and is_free:
                if is_accepted(self.package.schema_version, item.schema_version):
                    found.append(number)
            names.add(item.client_id)
            places |= {item.item} if item.item is not None else set()
        return found

    def _add(self, items: Sequence[SyncItem]) -> list[SyncAnswer]:
        package = self.package
        check_again(self.work, package)
        places = [self._places[item.item] if item.item else self._new_place(item, ItemState.KEYED) for item in items]
        cases = [self._case(item, place, uuid7()) for item, place in zip(items, places, strict=True)]
        kept = self._stored(cases)
        entries = [
            row_of(self._said(item, place, EntryKind.CASE, each))
            for item, place, each in zip(items, places, kept, strict=True)
        ]
        copy_rows("keyed_entry", COLUMNS, entries)
        mark_keyed(places)
        self._link(places, kept)
        return [
            self._answer(item, each, place, package.origin_office_id)
            for item, place, each in zip(items, places, kept, strict=True)
        ]

    def _answer(self, item: SyncItem, kept: KeptCase, place: PackageItem, office_id: int) -> SyncAnswer:
        """What is told of a stored case, once its choices about the population database are handed over."""
        left_out = keep_choices(self.work, item, kept.id, place, office_id)
        return answer_for(item, kept.state, [*kept.problems, *left_out])

    def _case(self, item: SyncItem, place: PackageItem, case_id: UUID) -> KeyedCase:
        scan = place.scanned_case
        is_ready = scan is not None and scan.state in LINKABLE and scan.case_id is None
        version = accepted_version(self.package.schema_version, item.schema_version)
        return KeyedCase(
            id=case_id,
            schema_version=version.id,
            values=item.values,
            annotations=item.annotations,
            scan_id=scan.pdf_id if scan is not None and is_ready else None,
            year=place.registration_year,
            facts={"entry": str(item.client_id), "package": str(self.package.id), "revision": item.revision},
        )

    def _stored(self, cases: Sequence[KeyedCase]) -> list[KeptCase]:
        """The cases in the batch of the package; in a new one where somebody has withdrawn the first."""
        package = self.package
        try:
            if package.batch_id is not None:
                return add_keyed_cases(self.work, batch_id=package.batch_id, book=package.book, cases=cases)
        except RuleBroken as fault:
            if fault.code != "batch_withdrawn_already":
                raise
        name = f"{package.book.register_type}.{package.book.opening_year}.{package.book.number} #{package.position}"
        package.batch = open_keying_batch(actor=self.work.actor, at=self.work.at, book=package.book, source_name=name)
        package.save(update_fields=["batch"])
        return add_keyed_cases(self.work, batch_id=package.batch.id, book=package.book, cases=cases)

    def _link(self, places: Sequence[PackageItem], kept: Sequence[KeptCase]) -> None:
        scans = {each.id: place.scanned_case for place, each in zip(places, kept, strict=True) if place.scanned_case}
        if scans:
            cases = Case.objects.filter(id__in=scans).only(
                "id", "scan_id", "number", "number_suffix", "registration_year"
            )
            link_keyed(self.work, self.work.at, [(scans[case.id], case) for case in cases])

    # ---- everything else, each in a savepoint of its own

    def _forget(self) -> None:
        """What was changed in the package is not in the database: the savepoint is gone."""
        self.package.refresh_from_db(fields=["batch", "items_total", "state", "checked_at", "version"])

    def _keep_alone(self, item: SyncItem) -> SyncAnswer:
        try:
            with unit_of_work(actor=self.work.actor, at=self.work.at):
                return self._receive(item)
        except RuleBroken as fault:
            self._forget()
            return refused(item, fault)
        except (DataError, IntegrityError) as fault:
            self._forget()
            # what the database refuses may hold what was keyed: only the kind of the fault is written down
            log.warning("keying: an item was not stored: %s", type(fault).__name__)
            return refused(item, RuleBroken("sync_not_stored"))

    def _receive(self, item: SyncItem) -> SyncAnswer:
        self._must_have_had_it()
        accepted_version(self.package.schema_version, item.schema_version)
        entry = locked_entries().filter(id=item.client_id).first()
        if entry is not None:
            return self._again(entry, item)
        if (item.item is None and item.after not in self._places) or (item.item and item.item not in self._places):
            raise RuleBroken("package_item_unknown", field="item")
        other = locked_entries().filter(item_id=item.item).first() if item.item is not None else None
        if other is not None:
            return self._beside(other, item)
        return self._add([item])[0] if item.state == EntryKind.CASE else self._mark(item)

    def _must_have_had_it(self) -> None:
        """Raises RuleBroken package_withdrawn, package_not_yours (the actor never had it)."""
        if self.package.state == PackageState.WITHDRAWN:
            raise RuleBroken("package_withdrawn")
        hands = self.work.actor.hands
        if self.package.keyer in hands:
            return
        taken = Trail.objects.filter(
            subject_kind="keying_package", subject_id=str(self.package.id), verb="package.checked_out",
            actor_id__in=hands,
        )  # fmt: skip
        if not taken.exists():
            raise RuleBroken("package_not_yours")

    def _again(self, entry: Entry, item: SyncItem) -> SyncAnswer:
        """A case that is here already: sent once more, or saved anew by its keyer or by who goes on after him."""
        if entry.package_id != self.package.id or item.item not in (None, entry.item_id):
            raise RuleBroken("client_id_used")
        case = entry.case
        if entry.keyer not in self.work.actor.hands:
            if not self.is_mine or (case is not None and case.state not in TO_MEND):
                raise RuleBroken("client_id_of_another")
            if item.revision <= entry.revision:
                raise RuleBroken("entry_saved_elsewhere")
        elif item.revision < entry.revision or (item.revision == entry.revision and says_the_same(entry, item)):
            return self._once_more(entry, item)
        elif item.revision == entry.revision:  # saved anew on two PCs: neither may overwrite the other unseen
            raise RuleBroken("entry_saved_elsewhere")
        return self._mend(entry, item, item.revision)

    def _once_more(self, entry: Entry, item: SyncItem) -> SyncAnswer:
        """Nothing new: the answer of the first time, with what was left out then."""
        case = entry.case
        if case is None or not item.population or not case.is_check_pending:
            return answer_about(entry, item)
        place, office_id = PackageItem.objects.get(id=entry.item_id), self.package.origin_office_id
        return answer_about(entry, item, keep_choices_again(self.work, item, case.id, place, office_id))

    def _beside(self, other: Entry, item: SyncItem) -> SyncAnswer:
        """The place has been keyed under another name: by a colleague, in another window, or before a PC was lost."""
        is_own = other.keyer in self.work.actor.hands
        if is_own and says_the_same(other, item):
            return self._once_more(other, item)
        if is_own and other.case is not None and other.case.state in TO_MEND:
            return self._mend(other, item, other.revision + 1)
        keep_stray(actor=self.work.actor, at=self.work.at, entry_id=other.id, item=item, clock_error=self.clock_error)
        return SyncAnswer(str(item.client_id), item.revision, ACCEPTED)

    def _mend(self, entry: Entry, item: SyncItem, revision: int) -> SyncAnswer:
        case, actor, at = entry.case, self.work.actor, self.work.at
        is_gone = case is None or case.state == CaseState.WITHDRAWN
        if is_gone and OriginalDecision.objects.filter(entry=entry).exists():
            raise RuleBroken("original_decided_already")
        if case is not None and not is_gone and not case.is_check_pending:
            # checked, or even approved: what the keyer says now stands beside it, and somebody decides
            if says_the_same(entry, item):
                return answer_about(entry, item)
            keep_stray(actor=actor, at=at, entry_id=entry.id, item=item, clock_error=self.clock_error)
            return SyncAnswer(str(item.client_id), item.revision, ACCEPTED, case_state=str(case.state))
        check_again(self.work, self.package)
        place = PackageItem.objects.select_related("scanned_case").get(id=entry.item_id)
        self._take_number_back(entry, place)
        kept = self._kept_anew(entry, item, place) if item.state == EntryKind.CASE else None
        if kept is None and case is not None and not is_gone:
            withdraw_keyed_case(actor=actor, at=at, case_id=case.id, reason=item.reason, taking_over=self.is_mine)
        self._say(place, item)
        said = {"version": entry.version, **self._said(item, place, EntryKind(item.state), kept)}
        for name in MENDED:
            setattr(entry, name, said[name])
        entry.revision, entry.version = revision, entry.version + 1
        entry.save(update_fields=MENDED)
        entries_mended(actor=actor, at=at, entry_ids=[entry.id])
        if kept is None:
            self._note_marked(entry.id, item)
            return SyncAnswer(str(item.client_id), item.revision, ACCEPTED)
        return self._answer(item, kept, place, self.package.origin_office_id)

    def _kept_anew(self, entry: Entry, item: SyncItem, place: PackageItem) -> KeptCase:
        package, case = self.package, entry.case
        if case is None or case.state == CaseState.WITHDRAWN:
            fresh = self._case(item, place, uuid7())
            [kept] = self._stored([fresh])
        else:
            kept = rekey_case(
                actor=self.work.actor, at=self.work.at, case_id=case.id, book=package.book,
                keyed=self._case(item, place, case.id), taking_over=self.is_mine,
            )  # fmt: skip
        self._link([place], [kept])
        return kept

    # ---- places without a case

    def _mark(self, item: SyncItem) -> SyncAnswer:
        """A number that is crossed out, a page that is missing, a place where nothing stands."""
        check_again(self.work, self.package)
        place = self._places[item.item] if item.item else self._new_place(item, ItemState.OPEN)
        self._say(place, item)
        copy_rows("keyed_entry", COLUMNS, [row_of(self._said(item, place, EntryKind(item.state), None))])
        self._note_marked(item.client_id, item)
        return SyncAnswer(str(item.client_id), item.revision, ACCEPTED)

    def _note_marked(self, entry_id: UUID, item: SyncItem) -> None:
        self.work.record(
            "keyed_entry.marked", subject_kind="keyed_entry", subject_id=entry_id,
            subject_office=self.package.origin_office_id, after={"reason": item.reason} if item.reason else None,
            facts={"package": str(self.package.id), "kind": item.state, "revision": item.revision},
        )  # fmt: skip

    def _say(self, place: PackageItem, item: SyncItem) -> None:
        """Give the place the state that was said of it; a number that is void or missing stands in the book's list."""
        act = "key" if item.state == EntryKind.CASE else item.state
        place.state = ItemState(next_state(ITEM, place.state, act))
        place.reason = item.reason if act != "key" else ""
        if act in _NUMBER_USES:
            number, suffix = item.number or place.number, item.number_suffix if item.number else place.number_suffix
            if number is None and act == ItemState.VOID:
                raise RuleBroken("sync_number_missing", field="number")
            if number is not None:
                place.number, place.number_suffix = number, suffix
                self._note_number(place, act, item.reason)
        place.save(update_fields=["state", "reason", "number", "number_suffix"])

    def _take_number_back(self, entry: Entry, place: PackageItem) -> None:
        if entry.kind in _NUMBER_USES and place.number is not None:
            self._note_number(place, "", "")

    def _note_number(self, place: PackageItem, use: str, reason: str) -> None:
        note_number_from_keying(
            actor=self.work.actor, at=self.work.at, book=self.package.book, number=place.number or 0,
            suffix=place.number_suffix, year=place.registration_year or self.package.book.opening_year, use=use,
            reason=reason,
        )  # fmt: skip

    def _new_place(self, item: SyncItem, state: ItemState) -> PackageItem:
        """The place of a case that was found behind another. Raises RuleBroken package_item_no_room."""
        before = self._places[item.after]  # type: ignore[index]  # the caller has looked
        first = before.position - before.position % SPACING
        block = PackageItem.objects.filter(package=self.package, position__range=(first, first + SPACING - 1))
        last = block.order_by("-position").values_list("position", flat=True).first() or first
        if last + 1 >= first + SPACING:
            raise RuleBroken("package_item_no_room", field="after")
        place = PackageItem.objects.create(
            origin_office_id=self.package.origin_office_id, package=self.package, position=last + 1,
            page_id=before.page_id, number=item.number, number_suffix=item.number_suffix,
            registration_year=before.registration_year, state=state,
        )  # fmt: skip
        self.package.items_total += 1
        self.package.save(update_fields=["items_total"])
        return place

    # ---- what is known of an entry

    def _said(self, item: SyncItem, place: PackageItem, kind: EntryKind, kept: KeptCase | None) -> dict[str, Any]:
        """The columns of an entry that an item tells."""
        characters = item.characters
        keyed = Keyed(
            item.values, kept.problems if kept else (), item.confirmed, len(item.annotations), characters,
            item.strokes, item.active_ms,
        )  # fmt: skip
        return {
            "id": item.client_id,
            "origin_office_id": self.package.origin_office_id,
            "package_id": self.package.id,
            "item_id": place.id,
            "case_id": kept.id if kept else None,
            "kind": kind.value,
            "schema_version": item.schema_version,
            "revision": item.revision,
            "keyer": self.work.actor.officer_id or 0,
            "confirmed": list(item.confirmed),
            "annotations": list(item.annotations),
            "saved_at": saved_at(item, self.clock_error, self.work.at),
            "received_at": self.work.at,
            "first_received_at": self.work.at,
            "clock_error": max(-LARGEST_ERROR, min(LARGEST_ERROR, self.clock_error)),
            "strokes": item.strokes,
            "active_ms": item.active_ms,
            "characters": characters,
            "fields_filled": len(item.values),
            "doubt": doubt_of(keyed, constant("keying_fastest_case")) if kept else 0.0,
        }
