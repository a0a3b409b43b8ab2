"""Layouts of pages: kept once for the books of an office, chosen for a batch."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.database.scope import office_scope
from hotich.digitisation.models import PageLayout, ScanBatch, ScanPage, ScanPageState
from hotich.digitisation.queries.pages import page_of_actor
from hotich.digitisation.queries.settings import scan_settings
from hotich.digitisation.services.access import PREPARE, must_have, must_keep, note_batch, open_batch
from hotich.digitisation.services.isolation import picture_of, run_one
from hotich.kernel.actor import Actor
from hotich.kernel.clock import in_vietnam
from hotich.kernel.problems import RuleBroken
from hotich.registers.types import REGISTER_TYPES, eras_of


def save_layout(
    *,
    actor: Actor,
    at: datetime,
    office_id: int,
    name: str,
    register_type: str,
    drawing: Mapping[str, Any],
    cases_on_page: int,
    era: str = "",
) -> PageLayout:
    """Keep a layout for the books of an office. `drawing`: as `scans.layouts.draw_layout` made it.

    Raises RuleBroken: not_allowed, office_not_in_scope, name_missing, register_unknown, layout_empty.
    """
    officer = must_have(actor, PREPARE)
    must_keep(actor, office_id)
    if not name.strip():
        raise RuleBroken("layout_name_missing", field="name")
    if register_type not in REGISTER_TYPES or (era and era not in eras_of(register_type)):
        raise RuleBroken("register_unknown", field="register_type")
    if not drawing or cases_on_page < 1:
        raise RuleBroken("layout_empty", field="drawing")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        layout = PageLayout.objects.create(
            origin_office_id=office_id,
            name=name.strip()[:120],
            register_type=register_type,
            era=era,
            drawing=dict(drawing),
            cases_on_page=cases_on_page,
            created_by=officer,
            created_at=at,
        )
        _note(work, layout, "page_layout.saved", cases=cases_on_page)
    return layout


def save_layout_from_page(*, actor: Actor, at: datetime, page_id: UUID, name: str) -> PageLayout:
    """Keep the boxes of a page as a layout, and use it for the other pages of its batch.

    The drawing is made in a worker process. Raises RuleBroken: not_allowed, scan_page_unknown, page_has_no_boxes, what
    `save_layout` refuses with, and what the pipeline finds against the page (layout_without_ruling …).
    """
    must_have(actor, PREPARE)
    with office_scope(actor.office_ids):
        page = page_of_actor(page_id, actor)
        if page.flat is None or not page.boxes:
            raise RuleBroken("page_has_no_boxes")
        batch, picture = page.batch, picture_of(page)
    arguments = {"picture": picture, "boxes": page.boxes, "settings": scan_settings(in_vietnam(at).date())}
    drawing = run_one("hotich.scans.steps:draw_layout_of", arguments)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at):
        layout = save_layout(
            actor=actor,
            at=at,
            office_id=batch.origin_office_id,
            name=name,
            register_type=batch.book.register_type,
            drawing=drawing,
            cases_on_page=len(page.boxes),
            era=batch.book.era,
        )
        choose_layout(actor=actor, at=at, batch_id=batch.id, layout_id=layout.id)
    return layout


def retire_layout(*, actor: Actor, at: datetime, layout_id: UUID) -> PageLayout:
    """Offer a layout no longer; batches that use it keep it. Twice is as once.

    Raises RuleBroken not_allowed, layout_unknown.
    """
    must_have(actor, PREPARE)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        layout = _layout(actor, layout_id)
        if layout.retired_at is None:
            layout.retired_at = at
            layout.save(update_fields=["retired_at"])
            _note(work, layout, "page_layout.retired")
    return layout


def choose_layout(
    *, actor: Actor, at: datetime, batch_id: UUID, layout_id: UUID | None, version: int | None = None
) -> ScanBatch:
    """Use a layout (None: none) for the pages of a batch; those whose boxes no officer has set or confirmed wait to be
    boxed again. Raises RuleBroken: not_allowed, scan_batch_unknown, scan_batch_not_open, scan_batch_changed_meanwhile,
    layout_unknown, layout_of_other_register."""
    must_have(actor, PREPARE)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        batch = open_batch(actor, batch_id, version=version)
        layout = None if layout_id is None else _layout(actor, layout_id)
        if layout is not None and layout.register_type != batch.book.register_type:
            raise RuleBroken("layout_of_other_register", field="layout")
        if layout is not None and layout.origin_office_id != batch.origin_office_id:
            raise RuleBroken("layout_unknown", field="layout")
        batch.layout, batch.version = layout, batch.version + 1
        batch.save(update_fields=["layout", "version"])
        waiting = ScanPage.objects.filter(batch=batch, state=ScanPageState.PREPARED).exclude(boxes_by="officer")
        for page in waiting.select_for_update(of=("self",)):
            page.state, page.version = ScanPageState.RECEIVED, page.version + 1  # its flat picture stays
            page.save(update_fields=["state", "version"])
        note_batch(work, batch, "scan_batch.layout_chosen", layout=str(layout_id or ""))
    return batch


def _layout(actor: Actor, layout_id: UUID) -> PageLayout:
    layout = PageLayout.objects.filter(id=layout_id, origin_office_id__in=actor.office_ids).first()
    if layout is None:
        raise RuleBroken("layout_unknown", field="layout")
    return layout


def _note(work: UnitOfWork, layout: PageLayout, verb: str, **facts: int) -> None:
    work.record(
        verb, subject_kind="page_layout", subject_id=layout.id, subject_office=layout.origin_office_id,
        facts={"register_type": layout.register_type, **facts},
    )  # fmt: skip
