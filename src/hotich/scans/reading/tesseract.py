"""The program `tesseract` of the system with its Vietnamese model: good for print, of little use for handwriting."""

from __future__ import annotations

import csv
import hashlib
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import cv2

from hotich.kernel.problems import RuleBroken
from hotich.kernel.text import clean_text
from hotich.scans.pages import Pixels
from hotich.scans.reading.engine import Capabilities, Line

LANGUAGE = "vie"
ONE_LINE = "7"
WORD = "5"  # level of a row about one word
LOWEST_HEIGHT = 40  # pixels; the model was made for letters of some 30


class TesseractEngine:
    """Raises RuleBroken reader_missing when the program or its Vietnamese model is not installed."""

    def __init__(self, config: Path | None) -> None:
        self.program = shutil.which("tesseract") or ""
        if not self.program:
            raise RuleBroken("reader_missing", engine="tesseract", what="tesseract-ocr")
        told = self._run(["--list-langs"]).decode(errors="replace")
        folder = re.search(r'"(.+?)"', told)
        model = Path(folder[1]) / f"{LANGUAGE}.traineddata" if folder else None
        if LANGUAGE not in told.split() or model is None or not model.is_file():
            raise RuleBroken("reader_missing", engine="tesseract", what=f"tesseract-ocr-{LANGUAGE}")
        program = self._run(["--version"]).decode(errors="replace").split("\n")[0]
        self.version = f"{program}, {LANGUAGE} {hashlib.sha256(model.read_bytes()).hexdigest()[:12]}"

    def capabilities(self) -> Capabilities:
        return Capabilities("tesseract", self.version, ("vi",), reads_print=True)

    def read_lines(self, images: Sequence[Pixels]) -> Sequence[Line]:
        return [self._line(image) for image in images]

    def _line(self, image: Pixels) -> Line:
        """By way of pipes: no picture of a citizen's paper lies on the disk."""
        height = image.shape[0]
        if height < LOWEST_HEIGHT:
            factor = LOWEST_HEIGHT / height
            image = cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)  # type: ignore[assignment]
        _, picture = cv2.imencode(".png", cv2.cvtColor(image, cv2.COLOR_RGB2BGR))
        told = self._run(["-", "-", "-l", LANGUAGE, "--psm", ONE_LINE, "--dpi", "300", "tsv"], picture.tobytes())
        return _line_of(told.decode(errors="replace"))

    def _run(self, arguments: list[str], given: bytes = b"") -> bytes:
        done = subprocess.run(
            [self.program, *arguments], input=given, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False
        )
        if done.returncode:
            raise RuleBroken("reader_failed", engine="tesseract")
        return done.stdout


def _line_of(table: str) -> Line:
    """Words with their confidence → one line, as sure as its letters are on average."""
    rows = csv.DictReader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    words = [
        (row["text"].strip(), float(row["conf"]) / 100)
        for row in rows
        if row["level"] == WORD and (row["text"] or "").strip() and float(row["conf"]) >= 0
    ]
    letters = sum(len(word) for word, _ in words)
    if not any(char.isalnum() for word, _ in words for char in word):  # specks are read as dots and dashes
        return Line("", 0.0)
    sure = sum(len(word) * confidence for word, confidence in words) / letters
    return Line(clean_text(" ".join(word for word, _ in words)), round(sure, 4))
