"""Writing the Ministry's workbook: every cell a text, so that nothing in it can run; the same rows, the same bytes."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from hotich.intake.rules.workbook_guard import SHEET
from hotich.registers.rules.cells import ROW_NUMBER
from hotich.registers.rules.outputs import choices
from hotich.registers.types.declaration import RegisterVersion

if TYPE_CHECKING:
    import xlsxwriter

NOTES = "Ghi chu"
_MADE = datetime(2024, 10, 1)  # a fixed day: files with the same cells are the same file


def write_workbook(version: RegisterVersion, headings: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """The workbook with the sheets "DL Import" and "Ghi chu" (code lists). Rows: heading -> text, blanks left out."""
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    import xlsxwriter  # a third of a second that no start of a process has to pay

    with xlsxwriter.Workbook(target, options) as workbook:
        workbook.set_properties({"created": _MADE})
        text = workbook.add_format({"num_format": "@"})
        head = workbook.add_format({"num_format": "@", "bold": True, "text_wrap": True, "bg_color": "#E8EEF4"})
        sheet = workbook.add_worksheet(SHEET)
        sheet.set_column(0, max(len(headings) - 1, 0), 16, text)
        sheet.freeze_panes(1, 0)
        for position, heading in enumerate(headings):
            sheet.write_string(0, position, heading, head)
        places = {heading: position for position, heading in enumerate(headings)}
        for number, row in enumerate(rows, start=1):
            if ROW_NUMBER in places:
                sheet.write_string(number, places[ROW_NUMBER], str(number), text)
            for heading, cell in row.items():
                sheet.write_string(number, places[heading], cell, text)
        _write_notes(workbook.add_worksheet(NOTES), version, set(headings), head, text)
    return target.getvalue()


def _write_notes(
    sheet: xlsxwriter.worksheet.Worksheet,
    version: RegisterVersion,
    headings: set[str],
    head: xlsxwriter.format.Format,
    text: xlsxwriter.format.Format,
) -> None:
    columns: dict[str, list[str]] = defaultdict(list)
    for field in version.fields:
        if field.code_list and field.import_key in headings:
            columns[field.code_list].append(field.import_key)
    for position, title in enumerate(("Cột", "Giá trị", "Ý nghĩa")):
        sheet.write_string(0, position, title, head)
    line = 1
    for name, keys in columns.items():
        for value, meaning in choices(name):
            for position, cell in enumerate((", ".join(keys), value, meaning)):
                sheet.write_string(line, position, cell, text)
            line += 1
    sheet.set_column(0, 2, 34, text)
