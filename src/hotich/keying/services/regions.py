"""Maps of regions: drawn once for a layout, a kind of book or one book."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.database.scope import office_scope
from hotich.digitisation.models import ScannedCase
from hotich.digitisation.services.reading import open_case_pdf, open_page
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.keying.models import PackageItem, RegionMap
from hotich.keying.queries.pictures import draw_picture
from hotich.keying.queries.regions import DRAWS, Scope, book_of_map, key_of_scope, ruling_of_case
from hotich.keying.rules.regions import read_regions
from hotich.registers.models import Book
from hotich.registers.types import version_for


def save_region_map(
    *, actor: Actor, at: datetime, book_id: UUID, scope: str, regions: Mapping[str, Any], version: int,
    drawn_on: UUID | int = 0,
) -> RegionMap:  # fmt: skip
    """Keep where the fields stand: for pages of the layout of this book, for all books like it, or for it alone.

    `regions`: field -> [left, top, right, bottom] in shares of a picture. `drawn_on`: that picture, as the n-th case of
    the book (from 0) or as the map that was drawn on it; its printed rules are kept, by which the map is moved to others.
    `version`: of the map that was opened for this scope, 0 when there was none. Raises RuleBroken: not_allowed,
    book_unknown, region_scope_unknown, region_layout_missing, region_map_malformed, region_map_empty,
    region_map_changed_meanwhile.
    """
    officer = _must_draw(actor)
    if scope not in tuple(Scope):
        raise RuleBroken("region_scope_unknown", field="scope")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        book = book_of_map(book_id, actor)
        read = {
            code: list(box) for code, box in read_regions(version_for(book.register_type, book.era), regions).items()
        }
        key = key_of_scope(book, Scope(scope))
        found = RegionMap.objects.select_for_update(of=("self",)).filter(**key).first()
        if (found.version if found else 0) != version:
            raise RuleBroken("region_map_changed_meanwhile")
        kept = found or RegionMap(**key, version=0)
        kept.regions, kept.drawn_by, kept.drawn_at, kept.version = read, officer, at, kept.version + 1
        kept.ruling = _ground(book, drawn_on, actor)
        kept.save()
        _note(work, kept, "region_map.saved", scope=scope, fields=len(read))
    return kept


def _ground(book: Book, drawn_on: UUID | int, actor: Actor) -> dict[str, Any] | None:
    if isinstance(drawn_on, UUID):
        known = RegionMap.objects.filter(id=drawn_on, origin_office_id__in=actor.office_ids).first()
        return known.ruling if known is not None else None
    ruling = ruling_of_case(book, drawn_on)
    return ruling.as_json() if ruling is not None else None


def drop_region_map(*, actor: Actor, at: datetime, map_id: UUID, version: int) -> None:
    """Follow a map no longer. Raises RuleBroken: not_allowed, region_map_unknown, region_map_changed_meanwhile."""
    _must_draw(actor)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        maps = RegionMap.objects.select_for_update(of=("self",))
        found = maps.filter(id=map_id, origin_office_id__in=actor.office_ids).first()
        if found is None:
            raise RuleBroken("region_map_unknown")
        if found.version != version:
            raise RuleBroken("region_map_changed_meanwhile")
        _note(work, found, "region_map.dropped", fields=len(found.regions))
        found.delete()


def open_picture(*, actor: Actor, at: datetime, case: ScannedCase) -> bytes:
    """The picture of a scanned case as the keying screen shows it. Each call is a reading in the trail.

    Raises RuleBroken: not_allowed, picture_missing, file_damaged, and what opening a page refuses with.
    """
    _must_draw(actor)
    pages = [UUID(str(part["page"])) for part in case.parts]
    with office_scope(actor.office_ids):
        for page_id in dict.fromkeys(pages):
            open_page(actor=actor, at=at, page_id=page_id)
        if not pages:
            open_case_pdf(actor=actor, at=at, case_id=case.id)
        return draw_picture(PackageItem(scanned_case=case))


def _must_draw(actor: Actor) -> int:
    if actor.officer_id is None or not any(map(actor.may, DRAWS)):
        raise RuleBroken("not_allowed")
    return actor.officer_id


def _note(work: UnitOfWork, found: RegionMap, verb: str, **facts: Any) -> None:
    work.record(
        verb, subject_kind="region_map", subject_id=found.id, subject_office=found.origin_office_id,
        facts={"register_type": found.register_type, "era": found.era, "version": found.version, **facts},
    )  # fmt: skip
