"""Writes: register books, their hand-over, and what becomes of them when offices merge or divide."""

from hotich.registers.services.books import (
    LONGEST_NUMBER,
    RIGHTS_TO_OPEN,
    ClosingTotals,
    find_or_make_book,
    update_closing_totals,
)

__all__ = [
    "LONGEST_NUMBER",
    "RIGHTS_TO_OPEN",
    "ClosingTotals",
    "find_or_make_book",
    "update_closing_totals",
]
