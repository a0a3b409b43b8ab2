"""The import workbook of a book, with the noise real ones have."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from random import Random

import xlsxwriter

from hotich.config.demo.columns import CODE_LISTS, NEW_BIRTH_COLUMNS, columns_of
from hotich.config.demo.model import Book

SHEET, NOTES = "DL Import", "Ghi chu"
MADE = datetime(2025, 11, 3, 8, 0)


def header_of(book: Book, template: int | None = None) -> list[str]:
    """The column keys of the workbook of a book, without noise. `template` is 60 or 70, for births only.

    Raises ValueError when the older birth template cannot hold a column that the book uses.
    """
    if book.letters != "KS":
        return columns_of(book.letters)
    chosen = template or book.template
    if chosen == 60 and any(column in NEW_BIRTH_COLUMNS for row in book.rows for column in row):
        raise ValueError(f"{book.key} has columns that the template of 60 columns lacks")
    return columns_of("KS", chosen)


def _noisy(header: list[str], book: Book) -> list[str]:
    """Keys as people retype them: other case, blanks, hints for codes. Every third book has clean keys."""
    rng = Random(f"header {book.key}")
    style = rng.randrange(3)
    if style == 0:
        return header
    hints = {
        column: f"{column} i=[{','.join(item.split(' ')[0] for item in items.split(';'))}]"
        for column, items in CODE_LISTS[book.letters].items()
    }
    noisy = []
    for column in header:
        if style == 1 and column in hints:
            column = hints[column]
        elif rng.random() < 0.06:
            column = rng.choice((column.lower(), f"{column} ", f" {column}", column.upper()))
        noisy.append(column)
    return noisy


def write_book(book: Book, path: Path, template: int | None = None) -> None:
    """Write the workbook: sheet "DL Import" with keys in row 1, sheet "Ghi chu" with the code lists.

    Cells are text; those in `book.damage` are numbers, floats or dates. Raises ValueError as `header_of` does.
    """
    header = header_of(book, template)
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        workbook.set_properties({"created": MADE})
        text = workbook.add_format({"num_format": "@"})
        day = workbook.add_format({"num_format": "dd/mm/yyyy"})
        sheet = workbook.add_worksheet(SHEET)
        sheet.write_row(0, 0, _noisy(header, book), workbook.add_format({"bold": True}))
        sheet.freeze_panes(1, 0)
        for index, row in enumerate(book.rows):
            for position, column in enumerate(header):
                value = str(index + 1) if column == "STT" else row.get(column, "")
                damage = book.damage.get((index, column))
                if damage == "date":
                    sheet.write_datetime(index + 1, position, datetime.strptime(value, "%d.%m.%Y"), day)
                elif damage:
                    sheet.write_number(index + 1, position, float(value))
                elif value:
                    sheet.write_string(index + 1, position, value, text)
        _write_notes(workbook.add_worksheet(NOTES), book)


def _write_notes(sheet: xlsxwriter.worksheet.Worksheet, book: Book) -> None:
    sheet.write_row(0, 0, ("Cột", "Mã", "Ý nghĩa"))
    line = 1
    for column, items in CODE_LISTS[book.letters].items():
        for item in items.split(";"):
            code, _, meaning = item.partition(" ")
            sheet.write_row(line, 0, (column, code, meaning))
            line += 1
