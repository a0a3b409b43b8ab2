"""Reads: files that were taken away, which records stand in them, and which of these are wrong by now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from hotich.intake.models import Case, ExportCorrection, ExportDownload
from hotich.kernel.actor import Actor
from hotich.records.models import Record
from hotich.records.queries.recipients import EXPORT, Receipt
from hotich.registers.rules.reading import read_book


def downloads_with(record: Record, *, before: datetime | None = None) -> list[ExportDownload]:
    """The files taken away in which the record stands, in the order they were built; `before`: built before then.

    A file holds the whole book as it was when it was built: every record that was in it then, and where cases without
    approval were asked for, the case the record comes from.
    """
    taken = ExportDownload.objects.select_related("request").filter(
        origin_office_id=record.origin_office_id, request__register_type=record.register_type
    )
    if before is not None:
        taken = taken.filter(built_at__lt=before)
    cases = Case.objects.filter(id__in=[record.source_case_id] if record.source_case_id else [])
    came = cases.values_list("batch__created_at", flat=True).first()
    return [each for each in taken.order_by("built_at", "id") if _holds(each, record, came)]


def _holds(taken: ExportDownload, record: Record, came: datetime | None) -> bool:
    since = came if taken.request.unapproved and came is not None else record.created_at
    if taken.built_at < since:
        return False
    read = [read_book(label) for label in taken.request.books]
    return any(book and (book.number, book.year) == (record.book.number, record.book.opening_year) for book in read)


def receipts_of_exports(record: Record) -> Iterable[Receipt]:
    """Whoever took the record away in a file; told once those the file went to were told (see `ExportCorrection`)."""
    told: dict[int, datetime | None] = {}
    for row in ExportCorrection.objects.filter(record=record).select_related("download").order_by("changed_at"):
        officer = row.download.officer_id
        known = told.get(officer, row.told_at)
        told[officer] = None if known is None or row.told_at is None else max(known, row.told_at)
    for taken in downloads_with(record):
        yield Receipt(EXPORT, taken.built_at, taken.origin_office_id, taken.officer_id, told.get(taken.officer_id))


def corrections(actor: Actor) -> QuerySet[ExportCorrection]:
    """Of files one took away (of all files of one's offices, for whoever decides about them), the records wrong by now."""
    found = ExportCorrection.objects.filter(origin_office_id__in=actor.office_ids)
    if not actor.may("export.approve"):
        found = found.filter(download__officer_id=actor.officer_id or 0)
    return found.select_related("download__request", "record__book", "record__origin_office")


def corrections_to_tell(actor: Actor) -> int:
    """How many records stand wrong in files this officer took away, of which nobody was told yet."""
    if not actor.may("export.request"):
        return 0
    return corrections(actor).filter(told_at__isnull=True, download__officer_id=actor.officer_id or 0).count()
