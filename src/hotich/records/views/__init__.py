"""Pages of books and records."""

from __future__ import annotations

from hotich.records.views.books import book, books, close_book, declare_number
from hotich.records.views.coverage import coverage
from hotich.records.views.notice_entry import choose_entry
from hotich.records.views.notices import address_notice, notices, refuse_notice
from hotich.records.views.printing import print_books, print_closing, print_hand_over, print_record
from hotich.records.views.record_page import record, scan
from hotich.records.views.repair_list import waiting_repairs
from hotich.records.views.repairs import note_told, propose_repair, withdraw_repair
from hotich.records.views.search import search

__all__ = [
    "address_notice",
    "book",
    "books",
    "choose_entry",
    "close_book",
    "coverage",
    "declare_number",
    "note_told",
    "notices",
    "print_books",
    "print_closing",
    "print_hand_over",
    "print_record",
    "propose_repair",
    "record",
    "refuse_notice",
    "scan",
    "search",
    "waiting_repairs",
    "withdraw_repair",
]
