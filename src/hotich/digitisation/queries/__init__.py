"""Reads of digitisation: batches and how far they are, pages, cases, numbers, layouts, thresholds."""

from __future__ import annotations

from hotich.digitisation.queries.batches import (
    SEEING,
    Progress,
    confirmable,
    layouts_for,
    progress,
    progress_of,
    scan_batch,
    scan_batches,
)
from hotich.digitisation.queries.cases import (
    case_label,
    cases_of,
    count_to_review,
    review_queue,
    scanned_case,
    year_of,
)
from hotich.digitisation.queries.machine_reading import (
    may_have_opinion,
    numbers_read,
    printed_order,
    reads_scans,
    second_opinion_of,
)
from hotich.digitisation.queries.numbers import number_findings
from hotich.digitisation.queries.pages import neighbour_pages, page_of_actor, pages_of
from hotich.digitisation.queries.settings import scan_settings
from hotich.digitisation.rules.numbering import NumberFinding

scan_page = page_of_actor

__all__ = [
    "SEEING",
    "NumberFinding",
    "Progress",
    "case_label",
    "cases_of",
    "confirmable",
    "count_to_review",
    "layouts_for",
    "may_have_opinion",
    "neighbour_pages",
    "number_findings",
    "numbers_read",
    "page_of_actor",
    "pages_of",
    "printed_order",
    "progress",
    "progress_of",
    "reads_scans",
    "review_queue",
    "scan_batch",
    "scan_batches",
    "scan_page",
    "scan_settings",
    "scanned_case",
    "second_opinion_of",
    "year_of",
]
