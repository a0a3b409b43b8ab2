"""Pages of books and records."""

from __future__ import annotations

from hotich.records.views.books import book, books, close_book, declare_number
from hotich.records.views.coverage import coverage
from hotich.records.views.notices import address_notice, notices, refuse_notice
from hotich.records.views.record_page import record, scan
from hotich.records.views.repair_list import waiting_repairs
from hotich.records.views.repairs import propose_repair
from hotich.records.views.search import search

__all__ = [
    "address_notice",
    "book",
    "books",
    "close_book",
    "coverage",
    "declare_number",
    "notices",
    "propose_repair",
    "record",
    "refuse_notice",
    "scan",
    "search",
    "waiting_repairs",
]
