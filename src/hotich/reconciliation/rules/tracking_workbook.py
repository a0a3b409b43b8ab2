"""A table as a workbook: every cell a text or a number, so that nothing in it can run as a formula."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

Cell = str | int | None


def write_table(title: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """One sheet named `title` (cut to Excel's 31 letters) with its headings in the first row, ready to be filtered."""
    import xlsxwriter  # a third of a second that no start of a process has to pay

    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, options) as workbook:
        head = workbook.add_format({"bold": True, "text_wrap": True, "bg_color": "#E8EEF4", "valign": "top"})
        text = workbook.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        sheet = workbook.add_worksheet(title[:31])
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, max(len(headings) - 1, 0), 18)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        for place, heading in enumerate(headings):
            sheet.write_string(0, place, heading, head)
        line = 0
        for line, row in enumerate(rows, start=1):
            for place, cell in enumerate(row):
                if isinstance(cell, int):
                    sheet.write_number(line, place, cell)
                elif cell:
                    sheet.write_string(line, place, cell, text)
        sheet.autofilter(0, 0, line, max(len(headings) - 1, 0))
    return target.getvalue()
