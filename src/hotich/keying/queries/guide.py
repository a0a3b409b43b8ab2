"""The printed guide, made by Typst from the template beside the rules."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import typst
from fontpkg_noto_serif import ROOT as NOTO_SERIF

from hotich.keying.rules import guide

TEMPLATE = Path(guide.__file__).with_name("guide.typ")
STAMP = 1_762_128_000  # a fixed time of making: the same guide is the same file


@lru_cache(maxsize=1)
def guide_pdf() -> bytes:
    """The guide as a PDF of two A4 pages."""
    made = typst.compile(
        str(TEMPLATE), format="pdf", font_paths=[str(NOTO_SERIF)], ignore_system_fonts=True, timestamp=STAMP
    )
    assert isinstance(made, bytes)  # one document, no output file
    return made
