"""Reads of records, by subject."""

from __future__ import annotations

from hotich.records.queries.books import (
    BookCount,
    ClosingComparison,
    closing_comparison,
    counts_of_books,
    doubles_of_book,
    gaps_of_book,
    numbers_declared,
    records_of_book,
)
from hotich.records.queries.notices import notices_for, notices_sent
from hotich.records.queries.records import (
    RecordView,
    attachment_of,
    count_repairs_to_decide,
    record_by_id,
    record_view,
    records_at,
    repairs_waiting,
    superseded_and_superseding,
)
from hotich.records.queries.search import FoundRecord, search_records
from hotich.records.rules.numbers import Gap

__all__ = [
    "BookCount",
    "ClosingComparison",
    "FoundRecord",
    "Gap",
    "RecordView",
    "attachment_of",
    "closing_comparison",
    "count_repairs_to_decide",
    "counts_of_books",
    "doubles_of_book",
    "gaps_of_book",
    "notices_for",
    "notices_sent",
    "numbers_declared",
    "record_by_id",
    "record_view",
    "records_at",
    "records_of_book",
    "repairs_waiting",
    "search_records",
    "superseded_and_superseding",
]
