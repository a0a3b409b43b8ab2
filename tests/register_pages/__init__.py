"""Synthetic pages of civil registers with exact ground truth: no real person's paper is ever used for tests.

`make_page(layout, seed, dpi, fonts)` → pixels and Truth; `make_sheets` for a case over several sheets; `rescan` for the
same sheet scanned again. Fonts: fixture `page_fonts` of tests/conftest.py. `python -m register_pages OUT` writes files.
Handwriting here is drawn with fonts, far easier to read than real writing: for before and after, never as an accuracy.
"""

from .fonts import FontBook, merged_fonts
from .layouts import LAYOUTS
from .make import ALL_STEPS, make_page, make_sheets
from .photo import rescan
from .truth import Box, CaseTruth, LineTruth, Part, Pixels, Truth

__all__ = [
    "ALL_STEPS",
    "LAYOUTS",
    "Box",
    "CaseTruth",
    "FontBook",
    "LineTruth",
    "Part",
    "Pixels",
    "Truth",
    "make_page",
    "make_sheets",
    "merged_fonts",
    "rescan",
]
