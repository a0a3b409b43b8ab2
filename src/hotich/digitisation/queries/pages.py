"""Reads: pages of a batch in order, one page, what stands beside it."""

from __future__ import annotations

from uuid import UUID

from hotich.digitisation.models import ScanBatch, ScanPage, ScanPageState
from hotich.digitisation.queries.batches import SEEING
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken


def page_of_actor(page_id: UUID, actor: Actor) -> ScanPage:
    """A page of one of the actor's offices, with its batch and files. Raises RuleBroken not_allowed, scan_page_unknown."""
    if not any(map(actor.may, SEEING)):
        raise RuleBroken("not_allowed")
    pages = ScanPage.objects.select_related("batch__book", "batch__layout", "master", "delivered", "flat")
    page = pages.filter(id=page_id, origin_office_id__in=actor.office_ids).first()
    if page is None:
        raise RuleBroken("scan_page_unknown")
    return page


def pages_of(batch: ScanBatch) -> list[ScanPage]:
    """The pages of a batch in their order, those set aside among them."""
    pages = ScanPage.objects.filter(batch=batch).select_related("master", "delivered", "flat")
    return list(pages.order_by("position", "page_of_master", "id"))


def neighbour_pages(page: ScanPage) -> tuple[ScanPage | None, ScanPage | None]:
    """The page before and the page after this one, those set aside passed over."""
    pages = ScanPage.objects.filter(batch_id=page.batch_id).exclude(state=ScanPageState.SET_ASIDE)
    before = pages.filter(position__lt=page.position).order_by("-position", "-page_of_master").first()
    return before, pages.filter(position__gt=page.position).order_by("position", "page_of_master").first()
