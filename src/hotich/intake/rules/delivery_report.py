"""What the check of a delivery found: one line a problem, the same in the report, on the screen and on the command line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hotich.kernel.problems import RuleBroken

# what may be wrong; each stands for one case or one PDF
NO_NUMBER = "delivery_no_number"
NO_SCAN = "delivery_no_scan"
SCAN_TOO_LARGE = "delivery_scan_too_large"
SCAN_UNREADABLE = "delivery_scan_unreadable"
SCAN_LOCKED = "delivery_scan_locked"
SCAN_LOST = "delivery_scan_lost"
SCAN_SHARED = "delivery_scan_shared"
NO_ROW = "delivery_no_row"
SHOWN_AT_MOST = 200  # problems a page or a request keeps; the report has them all


@dataclass(frozen=True, slots=True)
class Trouble:
    """One finding: the number of the case, or the name of the PDF, and what fills the text."""

    code: str
    params: Mapping[str, Any]


@dataclass(slots=True)
class BookReport:
    """One book of a delivery. `files`: name, number, bytes and hash of each PDF, in the order of the rows."""

    label: str
    name: str
    rows: int = 0
    entries: int = 0
    earlier_scans: int = 0
    files: list[dict[str, Any]] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)

    @property
    def size(self) -> int:
        """Bytes of all PDFs."""
        return sum(int(file["bytes"]) for file in self.files)


@dataclass(slots=True)
class DeliveryReport:
    """A whole delivery. `gaps_reason`: why it may go out though something is wrong; "" for only when whole."""

    office: str
    register_type: str
    pattern: str
    gaps_reason: str = ""
    request_id: str = ""
    books: list[BookReport] = field(default_factory=list)

    @property
    def troubles(self) -> list[Trouble]:
        """The problems of all books."""
        return [trouble for book in self.books for trouble in book.troubles]

    @property
    def is_whole(self) -> bool:
        """Whether every case has its PDF, and every PDF its case."""
        return not self.troubles


class DeliveryNotWhole(RuleBroken):
    """Nothing was written: the report tells what is missing."""

    def __init__(self, report: DeliveryReport) -> None:
        super().__init__("delivery_not_whole", number=len(report.troubles))
        self.report = report


def as_json(report: DeliveryReport, texts: Mapping[str, str]) -> dict[str, Any]:
    """The report as it is written: no name of a person, no time, so that the same delivery gives the same file."""
    return {
        "office": report.office,
        "register_type": report.register_type,
        "pattern": report.pattern,
        "whole": report.is_whole,
        "with_gaps": report.gaps_reason if not report.is_whole else "",
        "request": report.request_id,
        "books": [
            {
                "book": book.label, "name": book.name, "rows": book.rows, "cases": book.entries, "pdfs": len(book.files),
                "bytes": book.size, "earlier_scans": book.earlier_scans, "files": book.files,
                "problems": lines_of(book.troubles, texts),
            }
            for book in report.books
        ],
    }  # fmt: skip


def lines_of(troubles: Iterable[Trouble], texts: Mapping[str, str]) -> list[dict[str, str]]:
    """Code and text of each problem; `texts` are those of `messages`."""
    return [{"code": each.code, "text": texts[each.code].format(**each.params)} for each in troubles]


def summary(report: DeliveryReport) -> dict[str, Any]:
    """What a request keeps of the report: counts, and problems by code and numbers."""
    return {
        "cases": sum(book.entries for book in report.books),
        "pdfs": sum(len(book.files) for book in report.books),
        "problems": [[each.code, dict(each.params)] for each in report.troubles[:SHOWN_AT_MOST]],
        "problem_count": len(report.troubles),
        "books": {book.label: [len(book.files), len(book.troubles)] for book in report.books},
    }
