"""Reading scans by machine, optional and off by default: a help to order pages and a second opinion, never a keyed value.

An engine is a plug-in (`engine.OcrEngine`); it runs in a worker process with a time limit (`read`). What it reads is
used in `uses` and kept nowhere. How to set one up: docs/how-to/read-scans-by-machine.md.
"""

from hotich.scans.reading.engine import Capabilities, Line, OcrEngine, Reading
from hotich.scans.reading.places import number_places
from hotich.scans.reading.read import engine_names, read_scans, reader_problem
from hotich.scans.reading.uses import Note, PageOrder, case_number, page_order, second_opinion

__all__ = [
    "Capabilities",
    "Line",
    "Note",
    "OcrEngine",
    "PageOrder",
    "Reading",
    "case_number",
    "engine_names",
    "number_places",
    "page_order",
    "read_scans",
    "reader_problem",
    "second_opinion",
]
