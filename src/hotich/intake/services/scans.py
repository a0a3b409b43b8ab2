"""The PDFs that come with a workbook, in a zip or a folder: looked at before anything is taken out."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Protocol

from hotich.intake.rules.scan_matching import SCAN_ENCRYPTED, SCAN_UNREADABLE
from hotich.intake.rules.workbook_guard import is_unsafe, packed_too_tightly
from hotich.kernel.problems import RuleBroken

MOST_FILES = 20_000
MOST_BYTES = 8 * 1024**3  # unpacked, all together
LARGEST_FILE = 20 * 1024**2  # what is larger is not one page of a book
_JUNK = frozenset({"thumbs.db", "desktop.ini", ".ds_store"})


class ScanSource(Protocol):
    """Files by their path in the delivery, with their sizes; `read` gives the content."""

    @property
    def sizes(self) -> Mapping[str, int]: ...

    def read(self, name: str) -> bytes: ...


@dataclass(frozen=True, slots=True)
class FolderOfScans:
    """A folder on this machine. Links in it are not followed."""

    root: Path
    sizes: Mapping[str, int]

    def read(self, name: str) -> bytes:
        """The content of one file. Raises RuleBroken scan_unreadable."""
        try:
            return (self.root / name).read_bytes()
        except OSError as error:
            raise RuleBroken("scan_unreadable", file=name) from error


@dataclass(frozen=True, slots=True)
class ZipOfScans:
    """A zip, on disk or in memory."""

    archive: zipfile.ZipFile
    sizes: Mapping[str, int]

    def read(self, name: str) -> bytes:
        """The content of one file: never more than the archive declared. Raises RuleBroken scan_unreadable."""
        try:
            return self.archive.read(name)
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, RuntimeError) as error:
            raise RuleBroken("scan_unreadable", file=name) from error


def open_scans(source: Path | bytes) -> ScanSource:
    """A zip or a folder of scans.

    Raises RuleBroken: scans_not_found, scans_not_a_zip, scans_unsafe_names, scans_too_many, scans_too_large,
    scans_packed_too_tightly, scans_encrypted.
    """
    if isinstance(source, Path) and source.is_dir():
        return _folder(source)
    try:
        archive = zipfile.ZipFile(io.BytesIO(source) if isinstance(source, bytes) else source)
    except FileNotFoundError as error:
        raise RuleBroken("scans_not_found", file=str(source)) from error
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise RuleBroken("scans_not_a_zip") from error
    return ZipOfScans(archive, _sizes(archive))


def _sizes(archive: zipfile.ZipFile) -> dict[str, int]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MOST_FILES:
        raise RuleBroken("scans_too_many", most=MOST_FILES)
    names = {entry.filename for entry in entries}
    if len(names) != len(entries) or any(is_unsafe(name) for name in names):
        raise RuleBroken("scans_unsafe_names")
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise RuleBroken("scans_encrypted")
    if sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise RuleBroken("scans_too_large", most=MOST_BYTES // 1024**3)
    if any(packed_too_tightly(entry) for entry in entries):
        raise RuleBroken("scans_packed_too_tightly")
    return {entry.filename: entry.file_size for entry in entries if not _is_junk(entry.filename)}


def _folder(root: Path) -> FolderOfScans:
    sizes: dict[str, int] = {}
    for path in sorted(root.rglob("*")):
        if path.is_symlink() or not path.is_file() or _is_junk(str(path.relative_to(root))):
            continue
        sizes[path.relative_to(root).as_posix()] = path.stat().st_size
        if len(sizes) > MOST_FILES:
            raise RuleBroken("scans_too_many", most=MOST_FILES)
    return FolderOfScans(root, sizes)


def _is_junk(name: str) -> bool:
    """Files that operating systems leave behind."""
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or parts[-1].startswith("._") or parts[-1].lower() in _JUNK


def fault_of_pdf(content: bytes) -> str:
    """Why a file cannot stand as a scan: scan_encrypted, scan_unreadable; "" for a PDF that opens and has a page."""
    if not content.startswith(b"%PDF-"):
        return SCAN_UNREADABLE
    import pikepdf  # loaded with the first PDF: no start of a process has to wait for it

    try:
        with pikepdf.open(io.BytesIO(content)) as document:
            if document.is_encrypted:
                return SCAN_ENCRYPTED
            return "" if len(document.pages) > 0 else SCAN_UNREADABLE
    except pikepdf.PasswordError:
        return SCAN_ENCRYPTED
    except (pikepdf.PdfError, ValueError):
        return SCAN_UNREADABLE


def is_good_pdf(content: bytes) -> bool:
    """Whether this is a PDF that opens without a password and has a page."""
    return not fault_of_pdf(content)
