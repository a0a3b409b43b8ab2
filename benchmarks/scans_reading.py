"""Character error rates of reading engines before and after: only differences count, drawn writing is too easy."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy
import pypdfium2
from rapidfuzz.distance import Levenshtein

from benchmarks.scans_pages import Line, Work
from hotich.kernel.problems import RuleBroken
from hotich.scans.pages import Pixels

LINES_OF_A_PAGE = 8


def engines(line_model: Path | None) -> dict[str, Any]:
    """Those that are installed: tesseract, and the line engine of this configuration file."""
    from hotich.scans.reading.onnx_line import OnnxLineEngine
    from hotich.scans.reading.tesseract import TesseractEngine

    found: dict[str, Any] = {}
    for name, make, config in (
        ("tesseract vie, print", TesseractEngine, None),
        ("ONNX line engine, hand and print", OnnxLineEngine, line_model),
    ):
        try:
            found[name] = make(config)
        except RuleBroken as error:
            print(f"  not measured with {name}: {error.code} {error.params}")
    return found


def losses(work: Work, pdf: bytes, readers: dict[str, Any]) -> dict[str, tuple[float, float]]:
    """By engine: character error rate of the lines on the original, and on the PDF as one sees it."""
    if not work.lines:
        return {}
    seen = _seen(pdf, work)
    found = {}
    for name, engine in readers.items():
        lines = [line for line in work.lines if line.kind == "print" or "hand" in name][:LINES_OF_A_PAGE]
        if lines:
            found[name] = _rate(engine, work.sheets[0], lines), _rate(engine, seen, lines)
    return found


def _rate(engine: Any, picture: Pixels, lines: Sequence[Line]) -> float:
    read = engine.read_lines([_cut(picture, line) for line in lines])
    wrong = sum(
        Levenshtein.distance(_plain(one.text), _plain(line.text)) for one, line in zip(read, lines, strict=True)
    )
    return wrong / sum(len(_plain(line.text)) for line in lines)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split()))


def _cut(picture: Pixels, line: Line) -> Pixels:
    left, top, right, bottom = line.box
    height, width = picture.shape[:2]
    rows = slice(max(0, int(top) - 6), min(height, int(bottom) + 6))
    return numpy.ascontiguousarray(picture[rows, max(0, int(left) - 6) : min(width, int(right) + 6)])


def _seen(pdf: bytes, work: Work) -> Pixels:
    """The first page of the PDF in the size of the original."""
    import cv2

    height, width = work.sheets[0].shape[:2]
    document = pypdfium2.PdfDocument(pdf)
    picture = document[0].render(scale=work.dpi / 72).to_numpy()[..., :3]
    document.close()
    picture = (
        cv2.cvtColor(picture, cv2.COLOR_BGR2RGB) if picture.ndim == 3 else cv2.cvtColor(picture, cv2.COLOR_GRAY2RGB)
    )
    return cv2.resize(picture, (width, height)) if picture.shape[:2] != (height, width) else picture  # type: ignore[return-value]
