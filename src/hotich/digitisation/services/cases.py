"""Cases of a batch: cut from confirmed boxes, merged where one stands on several pages, split again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import ProtectedError

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.database.scope import office_scope
from hotich.digitisation.models import ScanBatch, ScannedCase, ScannedCaseState, ScanPage, ScanPageState
from hotich.digitisation.rules.boxes import Part, part_key
from hotich.digitisation.rules.matching import recut
from hotich.digitisation.rules.workflow import CASE, PAGE_CHANGED, PAGE_REPLACED, next_state
from hotich.digitisation.services.access import PREPARE, locked_case, must_have, note_batch, note_case, open_batch
from hotich.digitisation.services.linking import let_go
from hotich.digitisation.services.numbers import count_on
from hotich.kernel.actor import Actor
from hotich.kernel.ids import uuid7
from hotich.kernel.problems import RuleBroken

MOST_PARTS = 12  # of one case: its sheets share the budget of one PDF
_RECUT = [
    "parts", "state", "version", "reason", "decided_by", "decided_at", "decision_note", "case", "linked_at", "position",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class MadeCases:
    """What cutting did: cases made anew, kept, with other parts, dropped; pages of the batch that were not ready."""

    made: int
    kept: int
    changed: int
    dropped: int
    pages_left: int


def make_cases(*, actor: Actor, at: datetime, batch_id: UUID) -> MadeCases:
    """Cut the confirmed pages of a batch into cases, in the order of pages and boxes, and propose their numbers.

    Again changes nothing about cases whose parts stand; a case whose box moved is cut anew and keeps its number; what
    stands nowhere any more is dropped, or set aside once somebody decided about it.
    Raises RuleBroken: not_allowed, scan_batch_unknown, scan_batch_not_open, no_page_confirmed.
    """
    must_have(actor, PREPARE)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        batch = open_batch(actor, batch_id)
        pages = list(ScanPage.objects.filter(batch=batch).order_by("position", "page_of_master", "id"))
        ready = [page for page in pages if page.state == ScanPageState.CONFIRMED]
        if not ready:
            raise RuleBroken("no_page_confirmed")
        waiting = {ScanPageState.RECEIVED, ScanPageState.PREPARED, ScanPageState.REFUSED}
        unready = {str(page.id) for page in pages if page.state in waiting}
        done = _cut(work, at, batch, _parts_of(ready), unready)
        _put_in_order(batch, pages)
        count_on(batch)
        facts = {name: getattr(done, name) for name in ("made", "kept", "changed", "dropped")}
        note_batch(work, batch, "scan_batch.cut", **facts)
    return done


def _parts_of(pages: Sequence[ScanPage]) -> list[Part]:
    return [
        {"page": str(page.id), "box": box["box"], "header": box.get("header")} for page in pages for box in page.boxes
    ]


def _cut(work: UnitOfWork, at: datetime, batch: ScanBatch, parts: Sequence[Part], unready: set[str]) -> MadeCases:
    cases = list(ScannedCase.objects.select_for_update(of=("self",)).filter(batch=batch).order_by("position", "id"))
    # a case with a page that is not ready waits as it is: its boxes may come yet
    asleep = [case for case in cases if any(part["page"] in unready for part in case.parts)]
    taken = {part_key(part) for case in asleep for part in case.parts}
    awake = {case.id: case for case in cases if case not in asleep}
    found = recut(
        [(case.id, case.parts) for case in awake.values()], [part for part in parts if part_key(part) not in taken]
    )
    for identity in found.kept:
        case = awake[identity]  # type: ignore[index]
        if case.state == ScannedCaseState.RESCAN and case.reason in (PAGE_REPLACED, PAGE_CHANGED):
            set_parts(work, case, case.parts)
    for identity, new in found.changed.items():
        set_parts(work, awake[identity], new)  # type: ignore[index]
    for identity in found.gone:
        _drop(work, awake[identity])  # type: ignore[index]
    ScannedCase.objects.bulk_create(
        [_new(batch, at, parts) for parts in found.fresh],
        batch_size=500,
    )
    return MadeCases(len(found.fresh), len(found.kept) + len(asleep), len(found.changed), len(found.gone), len(unready))


def _new(batch: ScanBatch, at: datetime, parts: Sequence[Part]) -> ScannedCase:
    return ScannedCase(
        id=uuid7(),
        origin_office_id=batch.origin_office_id,
        batch=batch,
        book_id=batch.book_id,
        position=0,
        parts=list(parts),
        created_at=at,
    )


def set_parts(work: UnitOfWork, case: ScannedCase, parts: Sequence[Part]) -> None:
    """Cut a locked case from other parts: what was decided about its former PDF is void. A case that was set aside
    stays so."""
    let_go(work, case)
    case.parts, case.version = list(parts), case.version + 1
    if case.state != ScannedCaseState.SET_ASIDE:
        case.state = next_state(CASE, case.state, "cut")
        case.reason, case.decision_note, case.decided_by, case.decided_at = "", "", None, None
    case.save(update_fields=_RECUT)
    note_case(work, case, "scanned_case.recropped", parts=len(parts))


def _drop(work: UnitOfWork, case: ScannedCase) -> None:
    if case.state == ScannedCaseState.SET_ASIDE:
        return
    if case.decided_at is None and case.case_id is None and _deleted(case):
        note_case(work, case, "scanned_case.dropped", number=case.number)
        return
    let_go(work, case)
    case.state, case.reason, case.version = ScannedCaseState.SET_ASIDE, "place_gone", case.version + 1
    case.save(update_fields=["state", "reason", "version", "case", "linked_at"])
    note_case(work, case, "scanned_case.set_aside", place_gone=True)


def _deleted(case: ScannedCase) -> bool:
    """Delete a case, unless something above this app holds it: it is given out to be keyed."""
    identity = case.id
    try:
        case.delete()
    except ProtectedError:
        return False
    case.id = identity  # it is still named in the trail
    return True


def _put_in_order(batch: ScanBatch, pages: Sequence[ScanPage]) -> None:
    """Positions by the place of the first part: page, then box."""
    place_of_page = {str(page.id): place for place, page in enumerate(pages)}
    place_of_box = {part_key(part): place for place, part in enumerate(_parts_of(pages))}

    def place(case: ScannedCase) -> tuple[int, Any, Any, str]:
        first = case.parts[0] if case.parts else {"page": "", "box": []}
        page = place_of_page.get(str(first["page"]), len(place_of_page))
        box = first["box"]
        return page, place_of_box.get(part_key(first), len(place_of_box)), (box[1:2], box[:1]), str(case.id)

    moved = []
    ordered = sorted(ScannedCase.objects.filter(batch=batch), key=place)
    for position, case in enumerate(ordered, start=1):
        if case.position != position:
            case.position = position
            moved.append(case)
    ScannedCase.objects.bulk_update(moved, ["position"], batch_size=500)


def merge_cases(*, actor: Actor, at: datetime, case_ids: Sequence[UUID]) -> ScannedCase:
    """Make one case of several of a batch: facing pages, or several sheets. The first keeps its identity and number.

    Raises RuleBroken: not_allowed, scanned_case_unknown, scan_batch_not_open, merge_needs_two, cases_of_two_batches,
    too_many_parts, act_not_allowed_in_state, scanned_case_in_use (one of the others is given out to be keyed).
    """
    must_have(actor, PREPARE)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        cases = [locked_case(actor, case_id) for case_id in dict.fromkeys(case_ids)]
        if len(cases) < 2:
            raise RuleBroken("merge_needs_two")
        if len({batch.id for batch, _ in cases}) > 1:
            raise RuleBroken("cases_of_two_batches")
        ordered = sorted((case for _, case in cases), key=lambda case: case.position)
        parts = [part for case in ordered for part in case.parts]
        if len(parts) > MOST_PARTS:
            raise RuleBroken("too_many_parts", most=MOST_PARTS)
        first, batch = ordered[0], cases[0][0]
        for case in ordered:
            next_state(CASE, case.state, "cut")
        for case in ordered[1:]:
            let_go(work, case)
            note_case(work, case, "scanned_case.merged", into=str(first.id))
            if not _deleted(case):
                raise RuleBroken("scanned_case_in_use")
        set_parts(work, first, parts)
        note_case(work, first, "scanned_case.merged", parts=len(parts))
        _renumber(batch)
        first.refresh_from_db()
    return first


def split_case(*, actor: Actor, at: datetime, case_id: UUID, version: int) -> list[ScannedCase]:
    """Make a case of every part of a case; the first keeps its identity and number.

    Raises RuleBroken: not_allowed, scanned_case_unknown, scan_batch_not_open, scanned_case_changed_meanwhile,
    case_has_one_part, act_not_allowed_in_state.
    """
    must_have(actor, PREPARE)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        batch, case = locked_case(actor, case_id, version)
        next_state(CASE, case.state, "cut")
        if len(case.parts) < 2:
            raise RuleBroken("case_has_one_part")
        parts = list(case.parts)
        set_parts(work, case, parts[:1])
        fresh = [_new(batch, at, [part]) for part in parts[1:]]
        ScannedCase.objects.bulk_create(fresh)
        note_case(work, case, "scanned_case.split", parts=len(parts))
        _renumber(batch)
        made = {found.id: found for found in ScannedCase.objects.filter(id__in=[case.id, *(new.id for new in fresh)])}
    return [made[case.id], *(made[new.id] for new in fresh)]


def _renumber(batch: ScanBatch) -> None:
    pages = list(ScanPage.objects.filter(batch=batch).order_by("position", "page_of_master", "id"))
    _put_in_order(batch, pages)
    count_on(batch)
