"""Small slips that are encoded in a moment, for the tests of batches."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy
from PIL import Image

from hotich.scans.pages import Pixels

SOURCE = Path(__file__).resolve().parents[2] / "src"
WORDS = ("Nguyen Van An", "Tran Thi Binh", "nam 1996", "xa An Nhon", "khai sinh", "Le Hoang", "so 12", "quyen 01")


def slip(seed: int, size: tuple[int, int] = (520, 260)) -> Pixels:
    """A few written lines on paper; another seed, other words."""
    rng = random.Random(seed)
    pixels = numpy.full((size[1], size[0], 3), (238, 230, 210), numpy.uint8)
    for line in range(60, size[1] - 20, 60):
        text = "  ".join(rng.choice(WORDS) for _ in range(size[0] // 250))
        cv2.putText(
            pixels, text, (rng.randint(20, 60), line), cv2.FONT_HERSHEY_COMPLEX, 0.9, (40, 45, 110), 2, cv2.LINE_AA
        )
    noise = numpy.random.default_rng(seed).normal(0, 2, pixels.shape)
    return numpy.clip(pixels + noise, 0, 255).astype(numpy.uint8)


def table(rows: int, size: tuple[int, int] = (1300, 700)) -> Pixels:
    """A ruled table: a line of titles and `rows` written rows."""
    pixels = numpy.full((size[1], size[0], 3), (238, 232, 215), numpy.uint8)
    lines = numpy.linspace(60, size[1] - 60, rows + 2).astype(int)
    columns = numpy.linspace(60, size[0] - 60, 5).astype(int)
    for y in lines:
        cv2.line(pixels, (60, int(y)), (size[0] - 60, int(y)), (60, 60, 60), 3)
    for x in columns:
        cv2.line(pixels, (int(x), 60), (int(x), size[1] - 60), (60, 60, 60), 3)
    for row, y in enumerate(lines[:-1]):
        for column, x in enumerate(columns[:-1]):
            text = f"Cot {column}" if row == 0 else WORDS[(row * 3 + column) % len(WORDS)]
            place = (int(x) + 15, int(y) + (lines[1] - lines[0]) // 2 + 10)
            cv2.putText(pixels, text, place, cv2.FONT_HERSHEY_COMPLEX, 0.9, (40, 45, 110), 2, cv2.LINE_AA)
    return pixels


def save(path: Path, *pages: Pixels, dpi: int = 200) -> Path:
    """By the ending of the name; several pages make a TIFF of several."""
    path.parent.mkdir(parents=True, exist_ok=True)
    first, *more = [Image.fromarray(page) for page in pages]
    options: dict[str, Any] = {"quality": 92} if path.suffix == ".jpg" else {}
    if more:
        options |= {"save_all": True, "append_images": more, "compression": "tiff_lzw"}
    first.save(path, dpi=(dpi, dpi), **options)
    return path


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "hotich", "scans", "encode", *map(str, arguments)]


def environment(folder: Path) -> dict[str, str]:
    """No database and no state folder to be had: what needs one of them fails."""
    state = folder / "must-not-be-made"
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(SOURCE),
        "HOTICH_STATE": str(state),
        "DATABASE_URL": "nowhere://",
    }


def encode(folder: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    return subprocess.run(
        command(*arguments), env=environment(folder), cwd=folder, capture_output=True, text=True, check=False
    )


def report_of(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def without_times(report: dict[str, Any]) -> dict[str, Any]:
    """What two runs over the same pages have to agree in."""
    files = [{key: value for key, value in entry.items() if key != "seconds"} for entry in report["files"]]
    return report | {"files": files, "peak_bytes_of_a_worker": 0}


def pdfs_in(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.pdf"))}
