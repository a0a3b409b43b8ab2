"""Which files a batch has, and what the PDF of each is called."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from hotich.kernel.text import strip_marks

# what operating systems, archives and office programs leave beside one's own files
JUNK_FILES = {"thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r", "folder.jpg:zone.identifier"}
JUNK_FOLDERS = {"__macosx", "@eadir", "$recycle.bin", "system volume information", "lost+found"}
RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")  # no file of such a name can be opened on Windows
LONGEST = 80
KEPT_APART = "khong-dat"  # folder of best tries that were refused


@dataclass(frozen=True, slots=True)
class SourceFile:
    """`name`: path below IN with "/", as it is told. `reason`: code why it is not even opened, "" if it is."""

    path: Path
    name: str
    reason: str = ""


def files_of(source: Path) -> tuple[list[SourceFile], list[str]]:
    """Every file of a folder (or the one file) by name, and the folders that could not be read. Links stay closed."""
    if not source.is_dir():
        return [SourceFile(source, told_name(source.name), _reason(source, PurePosixPath(source.name)))], []
    closed: list[str] = []

    def note(error: OSError) -> None:
        closed.append(told_name(os.path.relpath(str(error.filename), source)))

    found = []
    for folder, _, names in os.walk(source, onerror=note, followlinks=False):
        for name in names:
            path = Path(folder) / name
            below = PurePosixPath(path.relative_to(source))
            found.append(SourceFile(path, told_name(str(below)), _reason(path, below)))
    return sorted(found, key=lambda file: file.name), sorted(closed)


def told_name(name: str) -> str:
    """A file name that can be written in a report, whatever bytes it has."""
    return os.fsencode(name).decode("utf-8", errors="backslashreplace")


def _reason(path: Path, below: PurePosixPath) -> str:
    if is_junk(below):
        return "scan_passed_over"
    try:
        mode = path.lstat().st_mode
    except OSError:
        return "scan_not_readable"
    if stat.S_ISLNK(mode):
        return "scan_is_link"
    if not stat.S_ISREG(mode):
        return "scan_no_file"
    return "" if os.access(path, os.R_OK) else "scan_not_readable"


def is_junk(below: PurePosixPath) -> bool:
    """Hidden files, and those nobody made on purpose."""
    folders = [part.lower() for part in below.parts[:-1]]
    name = below.name.lower()
    return (
        any(part.startswith(".") for part in (*folders, name))
        or name in JUNK_FILES
        or name.startswith("~$")
        or not JUNK_FOLDERS.isdisjoint(folders)
    )


def stems_of(names: Iterable[str]) -> dict[str, str]:
    """Path of the PDF of each file below OUT, without ".pdf": the same path in ASCII, and no two alike.

    Files that would share one (a.jpg and a.png, "Sổ 1" and "So 1") all get their ending, then a piece of the hash of
    their name: the answer depends on the names only. "__" and "--" stand in none of the parts taken from a name.
    """
    stems = {name: _ascii_path(name, with_ending=False) for name in names}
    for name in _alike(stems):
        stems[name] = _ascii_path(name, with_ending=True)
    for name in _alike(stems):
        stems[name] += f"__{hashlib.sha256(name.encode()).hexdigest()[:8]}"
    return stems


def _alike(stems: dict[str, str]) -> list[str]:
    groups: dict[str, list[str]] = defaultdict(list)
    for name, stem in stems.items():
        groups[stem.lower()].append(name)  # a disk may take no notice of capitals
    return [name for group in groups.values() if len(group) > 1 for name in group]


def _ascii_path(name: str, *, with_ending: bool) -> str:
    path = PurePosixPath(name)
    ending = _ascii(path.suffix[1:])
    last = _ascii(path.stem if path.suffix else path.name)
    parts = [*map(_ascii, path.parts[:-1]), f"{last}__{ending}" if with_ending and ending else last]
    if parts[0].lower() == KEPT_APART:
        parts[0] += "_"
    return "/".join(parts)


def _ascii(text: str) -> str:
    plain = re.sub(r"[^A-Za-z0-9.]+", lambda gap: "-" if set(gap[0]) == {"-"} else "_", strip_marks(text))
    plain = plain.strip("._")
    if len(plain) > LONGEST:
        plain = f"{plain[:LONGEST]}_{hashlib.sha256(text.encode()).hexdigest()[:8]}"
    return f"{plain}_" if RESERVED.fullmatch(plain) else plain or "trang"
