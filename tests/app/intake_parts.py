"""What the tests of intake share: an office with its officers, and workbooks made on the spot."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pikepdf
import xlsxwriter

from hotich.intake.services import Delivery, import_book
from hotich.kernel.actor import Actor
from hotich.registers.rules.cells import headings, to_cells
from hotich.registers.types import version_for
from hotich.units.models import Office
from tests.rules.registers_rows import good_row

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
IMPORTS = frozenset({"case.import", "case.edit", "case.read", "record.read", "restricted.read", "batch.withdraw",
                     "dispatch.send", "record.annotate"})  # fmt: skip
APPROVES = frozenset({"case.approve", "case.read", "record.read", "restricted.read", "batch.withdraw"})


def an_office() -> Office:
    """A living commune office that has been there as long as is known."""
    office = Office.objects.filter(kind="commune", valid_to__isnull=True).order_by("id").first()
    assert office is not None
    return office


def keyer(office: Office, officer_id: int = 11) -> Actor:
    """Somebody who imports and corrects."""
    return Actor("nhap.thu", office.id, officer_id, frozenset({office.id}), IMPORTS)


def approver(office: Office, officer_id: int = 22) -> Actor:
    """A second officer."""
    return Actor("duyet.thu", office.id, officer_id, frozenset({office.id}), APPROVES)


def good_cells(letters: str = "KS", number: int = 12, era: str = "L2014", **changes: str) -> dict[str, str]:
    """The cells of a row in which every statement holds, with its own number. Changes name headings."""
    version = version_for(letters, era)
    values: dict[str, Any] = {**good_row(letters, era), "registration_number": f"{number}/2016"}
    return {**to_cells(version, values), **changes}


def rows_of(letters: str, count: int, first: int = 1) -> list[dict[str, str]]:
    """So many good rows with numbers in order and names that differ."""
    return [good_cells(letters, first + step, trangSo=str(step + 1)) for step in range(count)]


def workbook(
    rows: Iterable[Mapping[str, Any]],
    letters: str = "KS",
    *,
    header: Sequence[str] | None = None,
    sheet: str = "DL Import",
    top: int = 0,
    formulas: Mapping[tuple[int, str], str] | None = None,
) -> bytes:
    """A workbook with text cells; numbers and dates are written as such. `top`: empty rows above the heading."""
    keys = list(headings(version_for(letters, "L2014"), "") if header is None else header)
    target = io.BytesIO()
    with xlsxwriter.Workbook(
        target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        page = book.add_worksheet(sheet)
        for place, key in enumerate(keys):
            page.write_string(top, place, key)
        for number, row in enumerate(rows, start=top + 1):
            for place, key in enumerate(keys):
                value = row.get(key, "")
                if (formulas or {}).get((number + 1, key)):
                    page.write_formula(number, place, formulas[number + 1, key], None, value)  # type: ignore[index]
                elif isinstance(value, (datetime, date)):
                    page.write_datetime(number, place, value, day)
                elif isinstance(value, (int, float)):
                    page.write_number(number, place, value)
                elif value:
                    page.write_string(number, place, value)
    return target.getvalue()


def bring_in(office: Office, content: bytes, **options: Any) -> dict[str, Any]:
    """Import a workbook as the keyer; the report."""
    more = {key: options.pop(key) for key in ("scans", "era", "expected", "claims_reason") if key in options}
    actor = options.pop("actor", None) or keyer(office)
    name = options.pop("name", "KS.2016.01.xlsx")
    return import_book(actor=actor, at=AT, office_id=office.id, delivery=Delivery(name, content, **more), **options)


def codes_of(report: Mapping[str, Any], row: int | None = None) -> set[str]:
    """Codes of the findings of a report, of one row or of all."""
    return {found["code"] for found in report["problems"] if row is None or found["row"] == row}


def a_pdf(size: int = 0, mark: str = "") -> bytes:
    """A PDF of one empty page, filled up to a size; `mark` makes it another file."""
    target = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.docinfo["/Title"] = mark
        document.save(target, deterministic_id=True)  # the same scan twice is the same file
    content = target.getvalue()
    return content + b"\n%" + b"x" * max(0, size - len(content) - 2) if size else content
