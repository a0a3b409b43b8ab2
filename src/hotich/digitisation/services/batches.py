"""Batches of scans: opened, filled with pages, finished or withdrawn."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from hotich.audit.services import unit_of_work
from hotich.database.scope import office_scope
from hotich.digitisation.models import ScanBatch, ScanBatchState, ScannedCase, ScannedCaseState, ScanPage, ScanPageState
from hotich.digitisation.rules.deliveries import LARGEST_FILE, media_type_of
from hotich.digitisation.rules.ordering import natural_key
from hotich.digitisation.rules.workflow import DECIDED
from hotich.digitisation.services.access import PREPARE, locked_batch, must_have, must_keep, note_batch, open_batch
from hotich.digitisation.services.layouts import choose_layout
from hotich.files.services import NewFile, store_files
from hotich.kernel.actor import Actor
from hotich.kernel.ids import uuid7
from hotich.kernel.problems import RuleBroken
from hotich.registers.queries import book_by_id

MOST_PAGES = 5_000  # of one batch: a book has some 200


@dataclass(slots=True)
class Received:
    """What became of files handed in. `known`: names of those the batch has already. `refused`: name and reason."""

    added: list[ScanPage] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    refused: list[tuple[str, RuleBroken]] = field(default_factory=list)


def open_scan_batch(
    *,
    actor: Actor,
    at: datetime,
    book_id: UUID,
    request_key: UUID,
    notes: str = "",
    layout_id: UUID | None = None,
    is_on_demand: bool = False,
) -> ScanBatch:
    """Open a batch of scans for a book that one of the actor's offices registered. The same `request_key` again gives
    the same batch. Raises RuleBroken: not_allowed, book_unknown, office_not_in_scope, request_key_used,
    layout_unknown, layout_of_other_register."""
    officer = must_have(actor, PREPARE)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        book = book_by_id(book_id, office_ids=actor.office_ids)
        must_keep(actor, book.origin_office_id)
        batch, is_new = ScanBatch.objects.select_related("book", "layout").get_or_create(
            request_key=request_key,
            defaults={
                "origin_office_id": book.origin_office_id,
                "book": book,
                "notes": notes.strip()[:500],
                "is_on_demand": is_on_demand,
                "registration_year": book.opening_year,
                "created_by": officer,
                "created_at": at,
            },
        )
        if not is_new:
            if batch.book_id != book.id:
                raise RuleBroken("request_key_used")
            return batch
        note_batch(work, batch, "scan_batch.opened", on_demand=is_on_demand)
        if layout_id is not None:
            batch = choose_layout(actor=actor, at=at, batch_id=batch.id, layout_id=layout_id)
    return batch


def receive_page_files(*, actor: Actor, at: datetime, batch_id: UUID, files: Sequence[NewFile]) -> Received:
    """Take files in as pages: pictures of one page, or PDF and TIFF of many (their further pages follow when they are
    processed). Masters are kept as they came, by hash; a file the batch has already adds nothing.

    A bad file is told in the result and harms no other. Raises RuleBroken: not_allowed, scan_batch_unknown,
    scan_batch_not_open, scan_batch_full.
    """
    must_have(actor, PREPARE)
    done = Received()
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        batch = open_batch(actor, batch_id)
        known = {page.master.sha256 for page in ScanPage.objects.filter(batch=batch).select_related("master")}
        good = list(_good_files(files, known, done))
        if len(known) + len(good) > MOST_PAGES:
            raise RuleBroken("scan_batch_full", most=MOST_PAGES)
        masters = store_files(office_id=batch.origin_office_id, files=good, actor=actor, at=at)
        last = (
            ScanPage.objects.filter(batch=batch).order_by("-position").values_list("position", flat=True).first() or 0
        )
        done.added = [
            ScanPage(
                id=uuid7(),
                origin_office_id=batch.origin_office_id,
                batch=batch,
                position=last + place,
                master=master,
                created_at=at,
            )
            for place, master in enumerate(sorted(masters, key=lambda file: natural_key(file.name)), start=1)
        ]
        if done.added:
            ScanPage.objects.bulk_create(done.added, batch_size=500)
            put_in_order(batch)
            batch.version += 1
            batch.save(update_fields=["version"])
            note_batch(work, batch, "scan_batch.received", files=len(done.added), refused=len(done.refused))
    return done


def _good_files(files: Iterable[NewFile], known: set[str], done: Received) -> Iterable[NewFile]:
    for file in files:
        try:
            head, sha256, size = _looked_at(file.content)
        except OSError:
            done.refused.append((file.name, RuleBroken("file_unreadable", name=file.name)))
            continue
        media_type = media_type_of(head)
        code = "" if media_type else "not_an_image"
        code = "file_empty" if not size else "file_too_large" if size > LARGEST_FILE else code
        if code:
            params: dict[str, Any] = {"most": LARGEST_FILE // 1024**2} if code == "file_too_large" else {}
            done.refused.append((file.name, RuleBroken(code, name=file.name, **params)))
        elif sha256 in known:
            done.known.append(file.name)
        else:
            known.add(sha256)
            yield NewFile(file.name, file.content, media_type)


def _looked_at(content: bytes | Path) -> tuple[bytes, str, int]:
    """The first bytes of a file, its hash and its size."""
    if isinstance(content, bytes):
        return content[:1024], hashlib.sha256(content).hexdigest(), len(content)
    with content.open("rb") as stream:
        head = stream.read(1024)
        stream.seek(0)
        return head, hashlib.file_digest(stream, "sha256").hexdigest(), stream.tell()


def put_in_order(batch: ScanBatch) -> None:
    """Count the positions of a batch anew: by the names of the files, or as an officer put them; new ones at the end."""
    pages = list(ScanPage.objects.filter(batch=batch).select_related("master"))
    if batch.ordered_by_hand:
        pages.sort(key=lambda page: (page.position, page.page_of_master, str(page.id)))
    else:
        pages.sort(key=lambda page: (natural_key(page.master.name), str(page.master_id), page.page_of_master))
    moved = []
    for position, page in enumerate(pages, start=1):
        if page.position != position:
            page.position = position
            moved.append(page)
    ScanPage.objects.bulk_update(moved, ["position"], batch_size=500)


def finish_scan_batch(*, actor: Actor, at: datetime, batch_id: UUID) -> ScanBatch:
    """Close a batch in which nothing is left to do. Twice is as once.

    Raises RuleBroken: not_allowed, scan_batch_unknown, scan_batch_not_open (withdrawn), scan_batch_has_open_work.
    """
    must_have(actor, PREPARE)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        batch = locked_batch(actor, batch_id)
        if batch.state == ScanBatchState.FINISHED:
            return batch
        batch = open_batch(actor, batch_id)
        done = [ScanPageState.CONFIRMED, ScanPageState.SET_ASIDE]
        pages = ScanPage.objects.filter(batch=batch).exclude(state__in=done).count()
        standing = ScannedCase.objects.filter(batch=batch).exclude(state=ScannedCaseState.SET_ASIDE)
        cases = standing.exclude(state__in=list(DECIDED), number__isnull=False).count()
        if pages or cases:
            raise RuleBroken("scan_batch_has_open_work", pages=pages, cases=cases)
        batch.state, batch.finished_at, batch.version = ScanBatchState.FINISHED, at, batch.version + 1
        batch.save(update_fields=["state", "finished_at", "version"])
        note_batch(work, batch, "scan_batch.finished", cases=standing.count())
    return batch


def reopen_scan_batch(*, actor: Actor, at: datetime, batch_id: UUID) -> ScanBatch:
    """Work on with a finished batch. Raises RuleBroken: not_allowed, scan_batch_unknown, scan_batch_not_open."""
    must_have(actor, PREPARE)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        batch = locked_batch(actor, batch_id)
        if batch.state == ScanBatchState.OPEN:
            return batch
        if batch.state == ScanBatchState.WITHDRAWN:
            raise RuleBroken("scan_batch_not_open", state=batch.state)
        batch.state, batch.finished_at, batch.version = ScanBatchState.OPEN, None, batch.version + 1
        batch.save(update_fields=["state", "finished_at", "version"])
        note_batch(work, batch, "scan_batch.reopened")
    return batch


def withdraw_scan_batch(*, actor: Actor, at: datetime, batch_id: UUID) -> ScanBatch:
    """Take a batch back: its pages and cases stay to be seen and count nowhere. Twice is as once.

    Raises RuleBroken: not_allowed, scan_batch_unknown, scan_batch_linked (a case of it is the scan of an entry).
    """
    must_have(actor, PREPARE)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        batch = locked_batch(actor, batch_id)
        if batch.state == ScanBatchState.WITHDRAWN:
            return batch
        if linked := ScannedCase.objects.filter(batch=batch, case__isnull=False).count():
            raise RuleBroken("scan_batch_linked", cases=linked)
        batch.state, batch.finished_at, batch.version = ScanBatchState.WITHDRAWN, at, batch.version + 1
        batch.save(update_fields=["state", "finished_at", "version"])
        note_batch(work, batch, "scan_batch.withdrawn")
    return batch
