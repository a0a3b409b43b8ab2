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
from hotich.records.queries.search import Filters, Found, FoundRecord, find_people, find_records, rank, understand
from hotich.records.queries.search_probes import name_keysets
from hotich.records.rules.numbers import Gap

__all__ = [
    "BookCount",
    "ClosingComparison",
    "Filters",
    "Found",
    "FoundRecord",
    "Gap",
    "RecordView",
    "attachment_of",
    "closing_comparison",
    "count_repairs_to_decide",
    "counts_of_books",
    "doubles_of_book",
    "find_people",
    "find_records",
    "gaps_of_book",
    "name_keysets",
    "notices_for",
    "notices_sent",
    "numbers_declared",
    "rank",
    "record_by_id",
    "record_view",
    "records_at",
    "records_of_book",
    "repairs_waiting",
    "superseded_and_superseding",
    "understand",
]
