"""Reading a page of a batch in a worker process: numbers and opinions come out of it, never what was read.

The text an engine recognises stays in the worker: a page gives the numbers printed in its corners, a case the number in
its number cell, and for values that were keyed already one of three words each.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from hotich.kernel.text import clean_text, strip_marks
from hotich.scans.pages import CaseBox, FlatPage, Pixels
from hotich.scans.reading.cells import Cell, cells_of, is_row, lines_of
from hotich.scans.reading.engine import Line, OcrEngine, Reading
from hotich.scans.reading.places import number_places
from hotich.scans.reading.read import engine_of
from hotich.scans.reading.uses import Note, case_number, second_opinion
from hotich.scans.settings import ScanSettings
from hotich.scans.steps import case_box, flat_page
from hotich.scans.worker_process import step_done

Plain = dict[str, Any]
NUMBER, NAME = "number", "name"
HEAD = 8  # lines of a form among which its number is looked for

# what stands over a column, or before a value on a form; without marks, in small letters
LABELS: Mapping[str, re.Pattern[str]] = {
    NUMBER: re.compile(r"(?:\d+[.)]? )?(?:so|stt)\b(?!.*(?:dinh danh|giay|cccd|cmnd|trang|quyen))"),
    NAME: re.compile(r"(?:\d+[.)]? )?ho\b.*\bten\b(?!.*\b(?:cha|me|ky|khai|di|lam chung)\b)"),
    "birth": re.compile(r"(?:\d+[.)]? )?(?:ngay\b.*\bsinh|sinh ngay|nam sinh)\b"),
    "registered": re.compile(r"(?:\d+[.)]? )?ngay\b.*\bdang ky\b"),
}  # fmt: skip
_YEAR = re.compile(r"\s*/\s*(?:18|19|20)\d\d\s*$")
DIGITS = frozenset({NUMBER, "birth", "registered"})
Labelled = tuple[str, list[Line]]


def read_page(argument: Mapping[str, Any]) -> Plain:
    """`picture` (JPEG and dpi of the flat page), `wants_page`, `cases` ([{"id", "part", "keyed": {field: value}}]; fields
    are those of LABELS, none: only the number is wanted), `settings`.

    Gives {"engine", "version", "page": {place: number}, "cases": {id: {"number": int | None, "opinions": {field:
    [opinion, confidence]}}}}. Raises RuleBroken reader_… .
    """
    settings: ScanSettings = argument["settings"]
    engine, flat = engine_of(settings), flat_page(*argument["picture"])
    told = engine.capabilities()
    made: Plain = {"engine": told.id, "version": told.version, "page": {}, "cases": {}}
    if argument["wants_page"]:
        made["page"] = _page_numbers(engine, flat, settings)
        step_done()
    for case in argument["cases"]:
        made["cases"][case["id"]] = _case(engine, flat, case_box(case["part"]), case["keyed"], settings)
        step_done()
    return made


def _page_numbers(engine: OcrEngine, flat: FlatPage, settings: ScanSettings) -> dict[str, int]:
    places = number_places(flat, settings)
    lines = engine.read_lines(list(places.values()))
    read = {place: case_number(_reading([line]), settings) for place, line in zip(places, lines, strict=True)}
    return {place: number for place, number in read.items() if number is not None}


def _case(engine: OcrEngine, flat: FlatPage, box: CaseBox, keyed: Mapping[str, str], settings: ScanSettings) -> Plain:
    if is_row(box):
        cells = cells_of(flat, box, settings)
        labelled = _titled(engine, cells) if keyed and box.header else []
        number = _number_of_row(engine, cells, labelled, settings)
    else:
        pictures = lines_of(flat, box, settings)
        labelled = _split(engine.read_lines(pictures if keyed else pictures[:HEAD]))
        number = case_number(_reading(_without_year(_under(NUMBER, labelled))), settings)
    return {"number": number, "opinions": {field: _opinion(field, keyed[field], labelled, settings) for field in keyed}}


def _number_of_row(
    engine: OcrEngine, cells: Sequence[Cell], labelled: Sequence[Labelled], settings: ScanSettings
) -> int | None:
    """Books have the number in the first column, unless a title says otherwise."""
    lines = _under(NUMBER, labelled) or (list(engine.read_lines(_one(cells[0]))) if cells else [])
    return case_number(_reading(_without_year(lines)), settings)


def _without_year(lines: Sequence[Line]) -> list[Line]:
    """The number of "12/2016" is 12."""
    return [replace(line, text=_YEAR.sub("", line.text)) for line in lines]


def _one(cell: Cell) -> list[Pixels]:
    """The line of a number cell: more than one is no number."""
    return list(cell.lines) if len(cell.lines) == 1 else []


def _titled(engine: OcrEngine, cells: Sequence[Cell]) -> list[Labelled]:
    """What the cells under the titles we know say: only those are read."""
    with_title = [cell for cell in cells if cell.title is not None]
    titles = engine.read_lines([cell.title for cell in with_title if cell.title is not None])
    found: list[Labelled] = []
    for cell, title in zip(with_title, titles, strict=True):
        label = _bare(title.text)
        if any(pattern.match(label) for pattern in LABELS.values()):
            found.append((label, list(engine.read_lines(list(cell.lines)))))
    return found


def _split(lines: Sequence[Line]) -> list[Labelled]:
    """Lines of a form into label and value, at the colon."""
    found: list[Labelled] = []
    for line in lines:
        label, colon, value = line.text.partition(":")
        if colon:
            found.append((_bare(label), [Line(value.strip(" .…_"), line.confidence)]))
    return found


def _under(field: str, labelled: Sequence[Labelled]) -> list[Line]:
    """What stands under the first label of a field."""
    return next((lines for label, lines in labelled if LABELS[field].match(label)), [])


def _opinion(field: str, keyed: str, labelled: Sequence[Labelled], settings: ScanSettings) -> list[Any]:
    lines = _under(field, labelled)
    if field in DIGITS:
        note = _about_digits(field, keyed, lines, settings)
    else:
        note = second_opinion(keyed, _reading(lines), settings)
    return [note.opinion, note.confidence]


def _about_digits(field: str, keyed: str, lines: Sequence[Line], settings: ScanSettings) -> Note:
    """Numbers and days by their figures: 05.03.1990, 5/3/1990 and "ngày 5 tháng 3 năm 1990" are one day. Where one side
    has fewer (a year alone), nothing is said."""
    wanted, seen = _figures(keyed), [figure for line in lines for figure in _figures(line.text)]
    if field == NUMBER:  # "12/2016" is the number 12
        wanted, seen = wanted[:1], seen[:1]
    if len(wanted) != len(seen):
        seen = []
    sure = min((line.confidence for line in lines), default=0.0)
    return second_opinion(" ".join(wanted), _reading([Line(" ".join(seen), sure)]), settings)


def _figures(text: str) -> list[str]:
    return [str(int(found)) for found in re.findall(r"[0-9]+", text)]


def _bare(text: str) -> str:
    return " ".join(re.split(r"[\W_]+", strip_marks(clean_text(text)).casefold())).strip()


def _reading(lines: Sequence[Line]) -> Reading:
    return Reading(tuple(lines), "", "")
