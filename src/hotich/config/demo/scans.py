"""Case PDFs that look like entries of old register books, drawn by Typst, and the zip of a book."""

from __future__ import annotations

import json
import shutil
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Any

import typst
from fontpkg_noto_serif import ROOT as NOTO_SERIF

from hotich.config.demo.form_lines import TITLES, lines_of
from hotich.config.demo.model import Book, Demo, Row, Scan
from hotich.config.demo.workbook import write_book

LIMIT = 100_000  # bytes a case PDF may have; the Ministry says 100 KB
TEMPLATE = Path(__file__).with_name("entry.typ")
GRAIN = "grain.png"
STAMP = 1_762_128_000  # a fixed time of making, so that files do not differ from run to run
ZIP_TIME = (2025, 11, 3, 8, 0, 0)
PAPERS = ("#f5eeda", "#efe4c8", "#f2ead2", "#e9dcbd")
INKS = ("#1c2f7d", "#232a4d", "#2b2b3f", "#3c2a68")


class ScanPrinter:
    """Draws case PDFs; one compiler stays open. Use as a context manager.

    `fonts` are folders with a serif face for Vietnamese (default: Noto Serif from its package) called `family`.
    """

    def __init__(self, fonts: Sequence[Path] = (), family: str = "Noto Serif") -> None:
        self._fonts = [str(folder) for folder in (*fonts, Path(NOTO_SERIF))]
        self._family = family
        self._root: tempfile.TemporaryDirectory[str] | None = None
        self._compiler: typst.Compiler | None = None

    def __enter__(self) -> ScanPrinter:
        self._root = tempfile.TemporaryDirectory(prefix="hotich-demo-")
        root = Path(self._root.name)
        shutil.copy(TEMPLATE, root)
        self._compiler = typst.Compiler(
            str(root / TEMPLATE.name), root=str(root), font_paths=self._fonts, ignore_system_fonts=True
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._compiler = None
        if self._root is not None:
            self._root.cleanup()

    def pdf(self, book: Book, scan: Scan) -> bytes:
        """One PDF. A scan of no row shows the last entry of the book under the number of its file name."""
        if self._compiler is None or self._root is None:
            raise RuntimeError("ScanPrinter is used outside its with block")
        data = self._data(book, scan)
        if scan.kind == "large":
            grain = Path(self._root.name) / GRAIN
            if not grain.exists():
                grain.write_bytes(grain_png())
            data["grain"] = GRAIN
        made = self._compiler.compile(
            format="pdf", sys_inputs={"data": json.dumps(data)}, timestamp=STAMP, pdf_tags=False
        )
        assert isinstance(made, bytes)  # one document, no output file
        return made

    def png(self, book: Book, scan: Scan, dpi: int = 130) -> bytes:
        """The same entry as a picture, for pages that are scanned."""
        if self._compiler is None:
            raise RuntimeError("ScanPrinter is used outside its with block")
        made = self._compiler.compile(
            format="png", ppi=float(dpi), sys_inputs={"data": json.dumps(self._data(book, scan))}
        )
        assert isinstance(made, bytes)  # one page, no output file
        return made

    def _data(self, book: Book, scan: Scan) -> dict[str, Any]:
        row = book.rows[scan.row]
        rng = Random(f"page {book.key} {scan.name}")
        office = row.get("noiDangKy") or row.get("noiCap") or row.get("registration_office", "")
        number = row["so"] if scan.row >= 0 else f"{scan.name.split('.')[-2]}/{book.year}"
        lines = lines_of(book.letters, row)
        return {
            "title": TITLES[book.letters],
            "office": office,
            "seal": office.replace("UBND ", "Ủy ban nhân dân "),
            "number": number,
            "book": row["quyenSo"],
            "page": row.get("trangSo", ""),
            "lines": lines,
            "day": row.get("ngayDangKy") or row.get("registration_date", ""),
            "grain": "",
            "font": self._family,
            "recorder": _either(row, "nguoiThucHien", "recording_officer_name"),
            "signatory": _either(row, "nguoiKy", "signatory_name"),
            "signatory_title": _either(row, "chucVuNguoiKy", "signatory_title"),
            "paper": rng.choice(PAPERS),
            "ink": rng.choice(INKS),
            "turn": rng.randrange(-14, 15),
            "seal_x": rng.randrange(-6, 14),
            "seal_y": rng.randrange(5, 13),
        }


def _either(row: Row, *columns: str) -> str:
    return next((row[column] for column in columns if column in row), "")


def grain_png(side: int = 250) -> bytes:
    """Paper grain that no compression makes small: a PNG of light noise, about 150 KB."""
    noise = Random("grain")
    rows = b"".join(b"\0" + bytes(byte | 0xE0 for byte in noise.randbytes(3 * side)) for _ in range(side))

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    size = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def write_scans(book: Book, path: Path, limit: int | None = None, *, printer: ScanPrinter | None = None) -> list[str]:
    """Write the zip of the case PDFs of a book (the first `limit`); returns the names in it.

    Give an open `printer` to draw many books with one compiler.
    """
    if printer is None:
        with ScanPrinter() as own:
            return write_scans(book, path, limit, printer=own)
    scans = book.scans[:limit]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:  # PDFs are compressed already
        for scan in scans:
            archive.writestr(zipfile.ZipInfo(scan.name, ZIP_TIME), printer.pdf(book, scan))
    return [scan.name for scan in scans]


def write_each(folder: Path, books: Iterable[Book]) -> Iterator[tuple[Book, Path, Path | None]]:
    """Write workbooks and zips as OFFICE/TYPE.YEAR.BOOK.xlsx and .zip, each when it is asked for.

    Gives (book, workbook, zip or None for a book without scans).
    """
    with ScanPrinter() as printer:
        for book in books:
            place = folder / book.office_code
            place.mkdir(parents=True, exist_ok=True)
            stem = f"{book.letters}.{book.year}.{book.number}"
            write_book(book, place / f"{stem}.xlsx")
            archive = place / f"{stem}.zip" if book.scans else None
            if archive is not None:
                write_scans(book, archive, printer=printer)
            yield book, place / f"{stem}.xlsx", archive


def write_all(demo: Demo, folder: Path, books: Iterable[Book] | None = None) -> list[tuple[Book, Path, Path | None]]:
    """All books of a demo, or these of them, written as `write_each` does."""
    return list(write_each(folder, demo.books if books is None else books))
