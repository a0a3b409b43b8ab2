"""What an officer does with a page: turn it, show where the sheet is, set the boxes, set it aside, scan it anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.database.scope import office_scope
from hotich.digitisation.models import ScannedCase, ScannedCaseState, ScanPage, ScanPageState
from hotich.digitisation.queries.batches import confirmable
from hotich.digitisation.rules.boxes import checked_boxes, checked_corners
from hotich.digitisation.rules.deliveries import media_type_of
from hotich.digitisation.rules.workflow import CASE, PAGE, PAGE_CHANGED, PAGE_REPLACED, next_state, states_for
from hotich.digitisation.services.access import (
    PREPARE,
    REVIEW,
    locked_page,
    must_have,
    note_batch,
    note_case,
    note_page,
    open_batch,
)
from hotich.digitisation.services.batches import put_in_order
from hotich.files.services import NewFile, store_files
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken

TURNS = (90, 180, 270)
_BLANK: Mapping[str, Any] = {
    "flat": None, "width": None, "height": None, "dpi": None, "fingerprint": "", "boxes": [], "boxes_by": "",
    "layout_fit": None, "findings": [], "turn_found": None, "corners_found": None,
}  # fmt: skip


def turn_page(*, actor: Actor, at: datetime, page_id: UUID, by: int, version: int) -> ScanPage:
    """Turn a page clockwise from how it is shown; it is processed anew.

    Raises RuleBroken: not_allowed, scan_page_unknown, scan_batch_not_open, page_changed_meanwhile,
    act_not_allowed_in_state, turn_malformed.
    """
    must_have(actor, PREPARE)
    if by not in TURNS:
        raise RuleBroken("turn_malformed", field="by")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        _, page = locked_page(actor, page_id, version)
        shown = page.turned if page.turned is not None else page.turn_found or 0
        page.turned = (shown + by) % 360
        _start_again(work, page, "adjust")
        note_page(work, page, "scan_page.turned", turned=page.turned)
    return page


def set_corners(
    *, actor: Actor, at: datetime, page_id: UUID, corners: Sequence[Sequence[float]] | None, version: int
) -> ScanPage:
    """Say where the sheet lies on the page as delivered (None: the program finds it); it is processed anew.

    Raises RuleBroken as `turn_page`, corners_malformed, page_not_prepared (its size is not known yet).
    """
    must_have(actor, PREPARE)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        _, page = locked_page(actor, page_id, version)
        if corners is not None:
            if page.delivered_width is None or page.delivered_height is None:
                raise RuleBroken("page_not_prepared")
            corners = checked_corners(corners, page.delivered_width, page.delivered_height)
        page.corners = corners
        _start_again(work, page, "adjust")
        note_page(work, page, "scan_page.cornered", by_hand=corners is not None)
    return page


def _start_again(work: UnitOfWork, page: ScanPage, act: str, **changes: Any) -> None:
    """Back to the start: what was made of the page is forgotten, its master stays."""
    page.state = next_state(PAGE, page.state, act)
    page.version += 1
    for name, value in {**_BLANK, **changes}.items():
        setattr(page, name, value)
    page.save()
    _await_page(work, page, PAGE_REPLACED if act == "replace" else PAGE_CHANGED)


def set_boxes(
    *,
    actor: Actor,
    at: datetime,
    page_id: UUID,
    boxes: Sequence[Mapping[str, Any]],
    version: int,
    confirm: bool = False,
) -> ScanPage:
    """Put these boxes in the place of those of a page, in reading order; a box without the key "header" keeps that of
    the one it replaces. A confirmed page stays confirmed.

    Raises RuleBroken: not_allowed, scan_page_unknown, scan_batch_not_open, page_changed_meanwhile,
    act_not_allowed_in_state, box_malformed, box_too_small, boxes_the_same, boxes_too_many, page_has_no_boxes.
    """
    must_have(actor, PREPARE, REVIEW)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        _, page = locked_page(actor, page_id, version)
        apply_boxes(work, page, boxes, confirm=confirm)
    return page


def apply_boxes(work: UnitOfWork, page: ScanPage, boxes: Sequence[Mapping[str, Any]], *, confirm: bool = False) -> None:
    """Check boxes against a locked page and store them."""
    page.state = next_state(PAGE, page.state, "boxes")
    page.boxes = checked_boxes(boxes, page.width or 0, page.height or 0, page.boxes)
    if confirm:
        _must_have_boxes(page)
        page.state = next_state(PAGE, page.state, "confirm")
    page.boxes_by, page.version = "officer", page.version + 1
    page.save(update_fields=["state", "boxes", "boxes_by", "version"])
    note_page(work, page, "scan_page.boxes_set", boxes=len(page.boxes))


def confirm_boxes(*, actor: Actor, at: datetime, page_id: UUID, version: int) -> ScanPage:
    """The boxes of a page are right: its cases can be cut. Raises RuleBroken as `set_boxes`."""
    must_have(actor, PREPARE)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        _, page = locked_page(actor, page_id, version)
        _confirm(work, page)
    return page


def confirm_all_boxes(*, actor: Actor, at: datetime, batch_id: UUID) -> int:
    """Confirm every page of a batch whose layout fitted and of which nothing was found; how many there were.

    Raises RuleBroken: not_allowed, scan_batch_unknown, scan_batch_not_open.
    """
    must_have(actor, PREPARE)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        batch = open_batch(actor, batch_id)
        ready = list(confirmable(batch.id).select_for_update(of=("self",)).order_by("position"))
        for page in ready:
            _confirm(work, page)
    return len(ready)


def _confirm(work: UnitOfWork, page: ScanPage) -> None:
    page.state = next_state(PAGE, page.state, "confirm")
    _must_have_boxes(page)
    page.version += 1
    page.save(update_fields=["state", "version"])
    note_page(work, page, "scan_page.boxes_confirmed", boxes=len(page.boxes), by=page.boxes_by)


def _must_have_boxes(page: ScanPage) -> None:
    if not page.boxes:
        raise RuleBroken("page_has_no_boxes")


def set_page_aside(*, actor: Actor, at: datetime, page_id: UUID, version: int) -> ScanPage:
    """No case stands on this page (cover, blank, scanned twice). Raises RuleBroken: not_allowed, scan_page_unknown,
    scan_batch_not_open, page_changed_meanwhile, act_not_allowed_in_state."""
    must_have(actor, PREPARE)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        _, page = locked_page(actor, page_id, version)
        page.state, page.version = next_state(PAGE, page.state, "set_aside"), page.version + 1
        page.save(update_fields=["state", "version"])
        _forget_twin(page)
        note_page(work, page, "scan_page.set_aside")
    return page


def _forget_twin(page: ScanPage) -> None:
    """The one that is left of two same pages is not twice any more."""
    twins = ScanPage.objects.select_for_update(of=("self",)).filter(
        batch_id=page.batch_id, findings__contains=[{"params": {"twin": str(page.id)}}]
    )
    for other in twins.order_by("position"):
        other.findings = [found for found in other.findings if found.get("params", {}).get("twin") != str(page.id)]
        other.save(update_fields=["findings"])


def take_page_back(*, actor: Actor, at: datetime, page_id: UUID, version: int, reason: str = "") -> ScanPage:
    """Use a page again that was set aside, or with a reason one that was refused: it is processed anew, and what it
    was refused for is only told. Raises RuleBroken as `set_page_aside`, reason_missing."""
    must_have(actor, PREPARE)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        _, page = locked_page(actor, page_id, version)
        if page.state == ScanPageState.REFUSED and not reason.strip():
            raise RuleBroken("reason_missing", field="reason")
        page.kept_reason = reason.strip()[:300] or page.kept_reason
        _start_again(work, page, "take_back")
        note_page(work, page, "scan_page.taken_back", with_reason=bool(page.kept_reason))
    return page


def replace_page(*, actor: Actor, at: datetime, page_id: UUID, file: NewFile, version: int) -> ScanPage:
    """A new scan in the place of a page; its cases wait until the new one is boxed. The former master stays stored, and
    the trail names it. Raises RuleBroken: not_allowed, scan_page_unknown, scan_batch_not_open,
    page_changed_meanwhile, act_not_allowed_in_state, file_empty, not_an_image, page_known_already."""
    must_have(actor, PREPARE)
    content = file.content if isinstance(file.content, bytes) else file.content.read_bytes()
    media_type = media_type_of(content[:1024])
    if not media_type:
        raise RuleBroken("not_an_image" if content else "file_empty", field="file", name=file.name)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        batch, page = locked_page(actor, page_id, version)
        new = NewFile(file.name, content, media_type)
        master = store_files(office_id=page.origin_office_id, files=[new], actor=actor, at=at)[0]
        if ScanPage.objects.filter(batch=batch, master__sha256=master.sha256).exists():
            raise RuleBroken("page_known_already", field="file", name=file.name)
        before = page.master
        _start_again(
            work, page, "replace", master=master, page_of_master=0, delivered=None, delivered_width=None,
            delivered_height=None, turned=None, corners=None, kept_reason="",
        )  # fmt: skip
        if not batch.ordered_by_hand:  # the new file may have any name: the page stays where it was
            batch.ordered_by_hand = True
            batch.save(update_fields=["ordered_by_hand"])
        note_page(work, page, "scan_page.replaced", before=str(before.id), after=str(master.id))
    return page


def _await_page(work: UnitOfWork, page: ScanPage, why: str) -> None:
    """The cases on a page that is done anew wait until it is boxed and cut again: their PDFs show a former picture."""
    states = [*states_for(CASE, "rescan"), ScannedCaseState.RESCAN]
    cases = ScannedCase.objects.select_for_update(of=("self",)).filter(
        batch_id=page.batch_id, parts__contains=[{"page": str(page.id)}], state__in=states
    )
    for case in cases.order_by("position"):
        case.state, case.reason, case.version = ScannedCaseState.RESCAN, why, case.version + 1
        case.save(update_fields=["state", "version", "reason"])
        note_case(work, case, "scanned_case.rescan_asked", page=str(page.id), why=why)


def move_page(*, actor: Actor, at: datetime, page_id: UUID, before_id: UUID | None, version: int) -> None:
    """Put a page before another one of its batch (None: to the end).

    Raises RuleBroken: not_allowed, scan_page_unknown, scan_batch_not_open, page_changed_meanwhile.
    """
    must_have(actor, PREPARE)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        batch, page = locked_page(actor, page_id, version)
        others = list(ScanPage.objects.filter(batch=batch).exclude(id=page.id))
        others.sort(key=lambda other: (other.position, other.page_of_master))
        place = len(others)
        if before_id is not None:
            place = next((place for place, other in enumerate(others) if other.id == before_id), -1)
            if place < 0:
                raise RuleBroken("scan_page_unknown")
        others.insert(place, page)
        for position, other in enumerate(others, start=1):
            other.position = position
        page.version += 1
        ScanPage.objects.bulk_update(others, ["position", "version"], batch_size=500)
        batch.ordered_by_hand, batch.version = True, batch.version + 1
        batch.save(update_fields=["ordered_by_hand", "version"])
        note_page(work, page, "scan_page.moved", position=page.position)


def order_by_name(*, actor: Actor, at: datetime, batch_id: UUID, version: int) -> None:
    """Put the pages back in the order of the names of their files.

    Raises RuleBroken: not_allowed, scan_batch_unknown, scan_batch_not_open, scan_batch_changed_meanwhile.
    """
    must_have(actor, PREPARE)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        batch = open_batch(actor, batch_id, version=version)
        batch.ordered_by_hand, batch.version = False, batch.version + 1
        batch.save(update_fields=["ordered_by_hand", "version"])
        put_in_order(batch)
        note_batch(work, batch, "scan_batch.ordered")


def set_printed_page(*, actor: Actor, at: datetime, page_id: UUID, printed_page: str, version: int) -> ScanPage:
    """Note the number that stands on the paper. Raises RuleBroken: not_allowed, scan_page_unknown,
    scan_batch_not_open, page_changed_meanwhile."""
    must_have(actor, PREPARE)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        _, page = locked_page(actor, page_id, version)
        page.printed_page, page.version = printed_page.strip()[:10], page.version + 1
        page.save(update_fields=["printed_page", "version"])
        note_page(work, page, "scan_page.labelled")
    return page
