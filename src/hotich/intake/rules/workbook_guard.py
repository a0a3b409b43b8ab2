"""Opening a workbook that somebody sent: nothing of it is believed before it has been looked at.

What comes out is a clean copy of the few parts that are needed, so that whatever reads it next sees exactly what was
inspected here, whatever sizes or double entries the archive pretends to have. Pure: bytes in, bytes out.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError  # nosec B405 - for the type; defusedxml parses

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring, iterparse

from hotich.kernel.problems import RuleBroken

SHEET = "DL Import"
MOST_PARTS = 2_000
MOST_BYTES = 300 * 1024 * 1024  # of all parts together, unpacked
SUSPICIOUS_FROM = 8 * 1024 * 1024  # smaller parts may be packed as tightly as they like
MOST_RATIO = 200
MOST_COLUMNS = 300  # the widest register has 90; "KN" is the 300th column
MOST_ROWS = 99_999

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # an encrypted or a pre-2007 workbook
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_NEEDED = ("[content_types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml",
           "xl/sharedstrings.xml")  # fmt: skip
# references beyond column KN or row 99999: a reader that lays cells out in a grid would need all of the memory
_WIDE = rb"(?:[A-Za-z]{3,}|[L-Zl-z][A-Za-z]|[Kk][O-Zo-z])\d"
_LONG = rb"[A-Za-z]{0,3}0*[1-9]\d{5,}"
# sheets are tens of megabytes: the way Excel writes is looked for fast, any other way only where there are traces of it
_FAST = re.compile(rb' r="(?:(' + _WIDE + rb")|" + _LONG + rb")")
_SLOW = re.compile(rb"[\s\"']r\s*=\s*[\"'](?:(" + _WIDE + rb")|" + _LONG + rb")")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_FAULTY = re.compile(rb"\st\s*=\s*[\"']e[\"']")
_REFERENCE = re.compile(r"([A-Z]+)(\d+)")

Place = tuple[int, int]
"""Row and column of a cell, both from 1."""


@dataclass(frozen=True, slots=True)
class GuardedWorkbook:
    """A workbook that may be read. `formulas` and `faulty` are cells whose text must not be taken as written."""

    content: bytes
    sheets: tuple[str, ...]
    sheet: str
    formulas: frozenset[Place]
    faulty: frozenset[Place]


def guard(content: bytes, sheet: str = SHEET) -> GuardedWorkbook:
    """Look at a workbook before it is read. `sheet` "" means the first one.

    Raises RuleBroken: workbook_encrypted, workbook_not_xlsx, workbook_damaged, workbook_unsafe_names,
    workbook_too_many_parts, workbook_too_large, workbook_packed_too_tightly, workbook_has_entities,
    workbook_sheet_missing, workbook_too_many_columns, workbook_too_many_rows.
    """
    parts = _parts(content)
    sheets = _sheets(parts)
    wanted = next((name for name in sheets if not sheet or _same(name, sheet)), None)
    if wanted is None:
        raise RuleBroken("workbook_sheet_missing", sheet=sheet, sheets=", ".join(sheets))
    path = sheets[wanted]
    if path not in parts:
        raise RuleBroken("workbook_damaged")
    data = parts[path]
    cells = _cells(data)
    _refuse_far_cells(cells)
    formulas, faulty = _cells_not_to_believe(data) if _may_be_unbelievable(cells) else (frozenset(), frozenset())
    return GuardedWorkbook(_clean_copy(parts, path), tuple(sheets), wanted, formulas, faulty)


def _cells(data: bytes) -> bytes:
    """The part of a sheet that holds its cells: what stands around it need not be searched."""
    first, last = data.find(b"sheetData"), data.rfind(b"</sheetData>")
    # a sheet that does not end as it should is searched whole: a reader may take more of it for cells
    return data[first:last] if 0 <= first < last and data.find(b"sheetData", last + 12) < 0 else data


def _refuse_far_cells(cells: bytes) -> None:
    found = _FAST.search(cells)
    if found is None and not _spelt_as_usual(cells):
        found = _SLOW.search(cells)
    if found is None:
        return
    if found.group(1):
        raise RuleBroken("workbook_too_many_columns", most=MOST_COLUMNS)
    raise RuleBroken("workbook_too_many_rows", most=MOST_ROWS)


def _spelt_as_usual(cells: bytes) -> bool:
    """Whether every reference of a cell is written as Excel writes them, which is what `_FAST` looks for."""
    if any(space in cells for space in (b"\t", b"\n", b"\r")) or b"r =" in cells:
        return False
    return cells.count(b"r=") == cells.count(b' r="')


def _same(first: str, second: str) -> bool:
    return " ".join(first.split()).casefold() == second.casefold()


def _parts(content: bytes) -> dict[str, bytes]:
    """The XML parts of the archive by path in small letters."""
    if content.startswith(_OLE):
        raise RuleBroken("workbook_encrypted")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            _refuse_entries(entries)
            return _unpacked(archive, entries)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError, OSError) as error:
        code = "workbook_damaged" if content.startswith(b"PK") else "workbook_not_xlsx"
        raise RuleBroken(code) from error


def _refuse_entries(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_PARTS:
        raise RuleBroken("workbook_too_many_parts", most=MOST_PARTS)
    names = [entry.filename.lower() for entry in entries]
    if len(set(names)) != len(names) or any(is_unsafe(name) for name in names):
        raise RuleBroken("workbook_unsafe_names")
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise RuleBroken("workbook_encrypted")
    if sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise RuleBroken("workbook_too_large", most=MOST_BYTES // 1024 // 1024)
    if any(packed_too_tightly(entry) for entry in entries):
        raise RuleBroken("workbook_packed_too_tightly")
    if "xl/workbook.xml" not in names:
        raise RuleBroken("workbook_not_xlsx")


def is_unsafe(name: str) -> bool:
    """Whether a path in an archive points out of it, or is no plain path."""
    parts = name.replace("\\", "/").split("/")
    return name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0] or "\0" in name


def packed_too_tightly(entry: zipfile.ZipInfo) -> bool:
    """Whether a part claims to unpack to far more than honest content does."""
    return entry.file_size > SUSPICIOUS_FROM and entry.file_size > MOST_RATIO * max(entry.compress_size, 1)


def _unpacked(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> dict[str, bytes]:
    parts: dict[str, bytes] = {}
    for entry in entries:
        name = entry.filename.lower()
        # the archive never hands out more than the declared size, which was added up before
        if name in _NEEDED or (name.startswith("xl/") and name.endswith((".xml", ".rels"))):
            data = archive.read(entry)
            if b"<!" in data and (b"<!DOCTYPE" in data or b"<!ENTITY" in data):
                raise RuleBroken("workbook_has_entities")
            if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
                raise RuleBroken("workbook_damaged")  # what cannot be searched is not read
            parts[name] = data
    return parts


def _tree(data: bytes) -> Element:
    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise RuleBroken("workbook_damaged") from error
    return root


def _sheets(parts: dict[str, bytes]) -> dict[str, str]:
    """Name of each sheet -> path of its part, in the order of the workbook."""
    if "xl/_rels/workbook.xml.rels" not in parts:
        raise RuleBroken("workbook_damaged")
    targets = {item.get("Id", ""): item.get("Target", "") for item in _tree(parts["xl/_rels/workbook.xml.rels"])}
    found: dict[str, str] = {}
    for item in _tree(parts["xl/workbook.xml"]).iter():
        if item.tag.rpartition("}")[2] == "sheet":
            relation = next((value for key, value in item.attrib.items() if _is_relation(key)), "")
            target = targets.get(relation, "").lower()
            found[item.get("name", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return found


def _is_relation(key: str) -> bool:
    return key == _RELATION or key.endswith("relationships}id")


def _may_be_unbelievable(cells: bytes) -> bool:
    """Whether there may be a formula or an error value. One letter is found much faster than a pattern, so it leads."""
    may_calculate = b"f" in cells and (b"<f" in cells or b":f" in cells) and _FORMULA.search(cells)
    may_be_faulty = b"e" in cells and (b'"e"' in cells or b"'e'" in cells) and _FAULTY.search(cells)
    return bool(may_calculate or may_be_faulty)


def _cells_not_to_believe(data: bytes) -> tuple[frozenset[Place], frozenset[Place]]:
    """Cells with a formula, and cells whose value is an error such as #N/A: the long way, seldom needed."""
    formulas, faulty = set(), set()
    row = column = 0
    try:
        for event, item in iterparse(io.BytesIO(data), events=("start", "end"), forbid_dtd=True):
            tag = item.tag.rpartition("}")[2]
            if event == "start" and tag == "row":
                row, column = int(item.get("r") or row + 1), 0
            elif event == "start" and tag == "c":
                row, column = _place(item.get("r", ""), row, column + 1)
                if item.get("t") == "e":
                    faulty.add((row, column))
            elif event == "start" and tag == "f":
                formulas.add((row, column))
            elif event == "end" and tag == "row":
                item.clear()
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise RuleBroken("workbook_damaged") from error
    return frozenset(formulas), frozenset(faulty - formulas)


def _place(reference: str, row: int, column: int) -> Place:
    found = _REFERENCE.fullmatch(reference.upper())
    return (int(found.group(2)), column_number(found.group(1))) if found else (row, column)


def column_number(letters: str) -> int:
    """ "A" is 1, "AA" is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """1 is "A", 27 is "AA"."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


# a part of that name may be spelt in capitals in the archive, but readers look for these spellings
_SPELT = {"[content_types].xml": "[Content_Types].xml", "xl/sharedstrings.xml": "xl/sharedStrings.xml"}


def _clean_copy(parts: dict[str, bytes], sheet: str) -> bytes:
    target = io.BytesIO()
    relations = _spelling_of_paths(parts)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name in (*_NEEDED, sheet):
            if name in parts:
                archive.writestr(relations.get(name, _SPELT.get(name, name)), parts[name])
    return target.getvalue()


def _spelling_of_paths(parts: dict[str, bytes]) -> dict[str, str]:
    """Paths as the workbook's own relations spell them."""
    found = {}
    for item in _tree(parts["xl/_rels/workbook.xml.rels"]):
        target = item.get("Target", "")
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        found[path.lower()] = path
    return found
