"""Demo data: invented families in the register books of three communes. Pure Python, no database.

`generate` gives the books; `write_book` and `write_scans` write them as an officer would deliver them: one workbook
and one zip of case PDFs for each book.
"""

from __future__ import annotations

from hotich.config.demo.generate import generate
from hotich.config.demo.model import ERA_CODES, LETTERS, TYPES_BY_ERA, Book, Demo, Mix, Office, Person, Planted, Scan
from hotich.config.demo.scans import ScanPrinter, write_all, write_each, write_scans
from hotich.config.demo.workbook import write_book

__all__ = [
    "ERA_CODES",
    "LETTERS",
    "TYPES_BY_ERA",
    "Book",
    "Demo",
    "Mix",
    "Office",
    "Person",
    "Planted",
    "Scan",
    "ScanPrinter",
    "generate",
    "write_all",
    "write_book",
    "write_each",
    "write_scans",
]
