"""Pages in the background: looked over, rectified, boxed. Each page is stored by itself, so a killed run goes on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from hotich.audit.services import unit_of_work
from hotich.database.scope import office_scope
from hotich.digitisation.models import ScanBatch, ScanBatchState, ScanPage, ScanPageState
from hotich.digitisation.queries.settings import scan_settings
from hotich.digitisation.services.access import PREPARE, locked_batch, must_have, note_batch, note_page
from hotich.digitisation.services.batches import put_in_order
from hotich.digitisation.services.isolation import jobs, picture_of, run_all
from hotich.files.models import StoredFile
from hotich.files.queries import read_file
from hotich.files.services import NewFile, store_files
from hotich.kernel.actor import Actor
from hotich.kernel.clock import in_vietnam
from hotich.kernel.problems import RuleBroken

PAGES_OF_A_FILE = 8  # in one piece of work: the file is handed to a worker once for them
PIECES_A_RUN = 12  # then the officer's right is looked up anew
JPEG = "image/jpeg"
DUPLICATE = "page_twice"
STEPS = "hotich.scans.steps"


@dataclass(frozen=True, slots=True)
class Piece:
    """Pages of one master that are worked on together. `versions`: as they were when the work began."""

    master: StoredFile
    pages: tuple[ScanPage, ...]

    @property
    def versions(self) -> dict[int, int]:
        return {page.page_of_master: page.version for page in self.pages}


def prepare_next_pages(*, actor: Actor, at: datetime, batch_id: UUID) -> bool:
    """Work on the next pages of a batch; whether there may be more.

    A page that cannot be used becomes `refused` with its code and harms no other. What an officer changed meanwhile is
    not overwritten: that page is done again. Raises RuleBroken not_allowed, scan_batch_unknown.
    """
    must_have(actor, PREPARE)
    with office_scope(actor.office_ids):
        batch = ScanBatch.objects.select_related("book", "layout").filter(id=batch_id).first()
        if batch is None:
            raise RuleBroken("scan_batch_unknown")
        if batch.state != ScanBatchState.OPEN:
            return False
        flat, raw = _waiting(batch)
    _box_again(actor, at, batch, flat)
    failed = _prepare(actor, at, batch, raw)
    # a piece that failed as a whole is tried page by page, so that only the bad one is refused
    _prepare(actor, at, batch, [Piece(piece.master, (page,)) for piece in failed for page in piece.pages])
    return bool(flat or raw)


def _waiting(batch: ScanBatch) -> tuple[list[ScanPage], list[Piece]]:
    """Pages that only need boxes, and the next pieces of those that need everything."""
    pages = ScanPage.objects.filter(batch=batch, state=ScanPageState.RECEIVED).select_related("master", "flat")
    most = PIECES_A_RUN * jobs()
    ordered = pages.order_by("position", "page_of_master", "id")
    flat = list(ordered.filter(flat__isnull=False)[:most])
    by_master: dict[UUID, list[ScanPage]] = defaultdict(list)
    for page in ordered.filter(flat__isnull=True)[: most * PAGES_OF_A_FILE]:
        by_master[page.master_id].append(page)
    pieces = [
        Piece(found[0].master, tuple(found[start : start + PAGES_OF_A_FILE]))
        for found in by_master.values()
        for start in range(0, len(found), PAGES_OF_A_FILE)
    ]
    return flat, pieces[:most]


def _common(batch: ScanBatch, at: datetime) -> dict[str, Any]:
    drawing = batch.layout.drawing if batch.layout is not None else None
    return {"drawing": drawing, "settings": scan_settings(in_vietnam(at).date())}


def _prepare(actor: Actor, at: datetime, batch: ScanBatch, pieces: Sequence[Piece]) -> list[Piece]:
    """Do these pieces and store each as it comes; those of several pages that failed as a whole."""
    common = {**_common(batch, at), "paper": batch.book.paper_size}

    def argument(piece: Piece) -> dict[str, Any]:
        acts = {
            page.page_of_master: {"turned": page.turned, "corners": page.corners, "kept": bool(page.kept_reason)}
            for page in piece.pages
        }
        with office_scope(actor.office_ids):
            content = read_file(piece.master)
        return {**common, "content": content, "name": piece.master.name, "pages": acts}

    failed = []
    items = [(place, partial(argument, piece)) for place, piece in enumerate(pieces)]
    for outcome in run_all(f"{STEPS}:prepare_pages", items):
        piece = pieces[int(str(outcome.id))]
        if outcome.code and len(piece.pages) > 1 and outcome.code.startswith("worker_"):
            failed.append(piece)
            continue
        refusal = {"code": outcome.code, "params": dict(outcome.params)}
        value = outcome.value or {"total": None, "pages": dict.fromkeys(piece.versions, refusal)}
        _store(actor, at, batch, piece, value)
    return failed


def _store(actor: Actor, at: datetime, batch: ScanBatch, piece: Piece, value: Mapping[str, Any]) -> None:
    """What became of a piece, each page in a transaction of its own; the further pages of its file come to be."""
    for page in piece.pages:
        with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
            found = _still_waiting(actor, batch, page)
            if found is None:
                continue
            result = value["pages"][page.page_of_master]
            if result.get("code"):
                _refuse(found, [{"code": result["code"], "severity": "refuse", "params": dict(result["params"])}])
            else:
                _fill(actor, at, found, result)
            note_page(work, found, "scan_page.prepared", boxes=len(found.boxes))
            if page.page_of_master == 0 and (value["total"] or 1) > 1:
                _add_further_pages(at, found, value["total"])


def _still_waiting(actor: Actor, batch: ScanBatch, page: ScanPage) -> ScanPage | None:
    """The page, locked, unless somebody did something to it meanwhile."""
    if locked_batch(actor, batch.id).state != ScanBatchState.OPEN:
        return None
    pages = ScanPage.objects.select_for_update(of=("self",)).select_related("master", "batch__book")
    return pages.filter(id=page.id, version=page.version, state=ScanPageState.RECEIVED).first()


def _refuse(page: ScanPage, findings: list[dict[str, Any]]) -> None:
    page.state, page.findings, page.version = ScanPageState.REFUSED, findings, page.version + 1
    page.save(update_fields=["state", "findings", "version"])


def _fill(actor: Actor, at: datetime, page: ScanPage, result: Mapping[str, Any]) -> None:
    pictures = [NewFile(f"trang-{page.page_of_master + 1}-nhu-giao.jpg", result["delivered"], JPEG)]
    if not result["refused"]:
        pictures.append(NewFile(f"trang-{page.page_of_master + 1}.jpg", result["flat"], JPEG))
    stored = store_files(office_id=page.origin_office_id, files=pictures, actor=actor, at=at)
    page.delivered = stored[0]
    page.delivered_width, page.delivered_height = result["delivered_size"]
    page.findings, page.version = list(result["findings"]), page.version + 1
    page.state = ScanPageState.REFUSED if result["refused"] else ScanPageState.PREPARED
    if not result["refused"]:
        page.flat = stored[1]
        page.width, page.height = result["size"]
        page.dpi, page.turn_found, page.corners_found = result["dpi"], result["turned"], result["corners"]
        page.fingerprint = result["fingerprint"]
        _take_boxes(page, result)
        if (twin := _twin(page)) is not None:
            which = {"page": twin[0], "batch": str(twin[1]), "twin": str(twin[2])}
            page.findings.append({"code": DUPLICATE, "severity": "review", "params": which})
    page.save()


def _take_boxes(page: ScanPage, result: Mapping[str, Any]) -> None:
    page.boxes, page.boxes_by, page.layout_fit = result["boxes"], result["by"], result["fit"]
    page.ruling = result["ruling"]


def _twin(page: ScanPage) -> tuple[int, UUID, UUID] | None:
    """Position, batch and id of another page of the book with the same picture, if there is one: of this batch first."""
    if not page.fingerprint:
        return None
    from hotich.scans.early import Marks  # loads the imaging libraries

    others = list(
        ScanPage.objects.filter(batch__book_id=page.batch.book_id)
        .exclude(id=page.id)
        .exclude(state=ScanPageState.SET_ASIDE)
        .exclude(batch__state=ScanBatchState.WITHDRAWN)
        .exclude(fingerprint="")
        .values_list("position", "batch_id", "id", "fingerprint")
    )
    same = [others[place][:3] for place in Marks(mark for *_, mark in others).like(page.fingerprint)]
    return min(same, key=lambda other: (other[1] != page.batch_id, other[0]), default=None)


def _add_further_pages(at: datetime, page: ScanPage, total: int) -> None:
    """The other pages of a file of many, once; they stand behind the first one."""
    known = set(ScanPage.objects.filter(batch_id=page.batch_id, master_id=page.master_id).values_list(
        "page_of_master", flat=True
    ))  # fmt: skip
    fresh = [
        ScanPage(
            origin_office_id=page.origin_office_id,
            batch_id=page.batch_id,
            position=page.position,
            master_id=page.master_id,
            page_of_master=index,
            created_at=at,
        )
        for index in range(1, total)
        if index not in known
    ]
    ScanPage.objects.bulk_create(fresh, batch_size=500)
    if fresh:
        put_in_order(page.batch)


def _box_again(actor: Actor, at: datetime, batch: ScanBatch, pages: Sequence[ScanPage]) -> None:
    """Pages that are flat already get boxes by the layout chosen meanwhile."""
    common = _common(batch, at)

    def argument(page: ScanPage) -> dict[str, Any]:
        with office_scope(actor.office_ids):
            return {**common, "picture": picture_of(page)}

    items = [(place, partial(argument, page)) for place, page in enumerate(pages)]
    for outcome in run_all(f"{STEPS}:find_boxes", items):
        with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
            found = _still_waiting(actor, batch, pages[int(str(outcome.id))])
            if found is None:
                continue
            if outcome.code:
                _refuse(found, [{"code": outcome.code, "severity": "refuse", "params": dict(outcome.params)}])
            else:
                _take_boxes(found, outcome.value)
                found.state, found.version = ScanPageState.PREPARED, found.version + 1
                found.save(update_fields=["boxes", "boxes_by", "layout_fit", "ruling", "state", "version"])
            note_page(work, found, "scan_page.prepared", boxes=len(found.boxes))


def note_failure(*, at: datetime, batch_id: UUID, office_id: int, code: str) -> None:
    """The system notes in a batch what stopped the work on it: a code of the messages ("" when it goes on)."""
    system = Actor("system", office_id, None, frozenset({office_id}))
    with office_scope(system.office_ids), unit_of_work(actor=system, at=at) as work:
        batch = ScanBatch.objects.select_for_update().filter(id=batch_id).first()
        if batch is None or batch.failure == code:
            return
        batch.failure = code[:60]
        batch.save(update_fields=["failure"])
        if code:
            note_batch(work, batch, "scan_batch.failed", code=code)
