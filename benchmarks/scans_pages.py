"""Pages for the benchmark of scans: drawn with seeds nobody tuned on, or real ones of a folder; and the cases on them."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy
from PIL import Image

from hotich.scans.cut import cut_case
from hotich.scans.pages import CaseBox, FlatPage, Pixels

CHECKOUT = Path(__file__).resolve().parents[1]
ONE_CASE = ("form", "phone", "faint")  # A4 pages that are one case
MANY_CASES = ("halves", "table", "hand_ruled", "opening_forms", "opening_tables", "facing_rows")
CASES_OF_A_PAGE = 4  # of a page with many: first, last, two between
DPI = 300


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the truth: `box` in pixels of the sheet it stands on."""

    kind: str
    text: str
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Work:
    """What one PDF is made of: sheets of pixels, and the lines known to be on the first."""

    name: str
    layout: str
    sheets: list[Pixels]
    lines: list[Line] = field(default_factory=list)
    dpi: float = DPI


def drawn_pages(layouts: Sequence[str], seeds: Sequence[str]) -> Iterator[tuple[str, Pixels, object]]:
    """(name, flat page, truth) of every layout and seed; as a scanner delivers it: after JPEG at quality 90."""
    sys.path.insert(0, str(CHECKOUT / "tests"))
    from register_pages import make_page, merged_fonts

    fonts = merged_fonts(CHECKOUT / "node_modules", CHECKOUT / ".state" / "cache" / "page-fonts")
    for layout in layouts:
        for seed in seeds:
            pixels, truth = make_page(layout, seed, DPI, fonts)
            pixels = _through_jpeg(pixels)
            if truth.is_photo:
                pixels = cv2.warpPerspective(  # type: ignore[assignment]
                    pixels, truth.to_page, truth.page_size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
                )
            yield f"{layout} {seed}", pixels, truth


def cases_of(name: str, pixels: Pixels, truth: object) -> Iterator[Work]:
    """The cases of a page by the truth, cut as the pipeline cuts them; of many only some."""
    flat = FlatPage(pixels, DPI, numpy.eye(3))
    cases = truth.cases  # type: ignore[attr-defined]
    many = len(cases)
    wanted = range(many) if many <= CASES_OF_A_PAGE else sorted({0, many // 3, 2 * many // 3, many - 1})
    for case in (cases[index] for index in wanted):
        parts = [(flat, CaseBox(part.box, part.header)) for part in case.parts]
        lines = [line for line in truth.lines if line.case == case.case] if len(parts) == 1 else []  # type: ignore[attr-defined]
        sheets = cut_case(parts)
        placed = _placed(lines, sheets[0], flat, parts[0][1]) if lines else []
        yield Work(f"{name} case {case.case}", name.split()[0], sheets, placed)


def real_pages(folder: Path) -> Iterator[Work]:
    """Pages of a folder, each as one case, at the resolution the file states or else 300."""
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in (".jpg", ".jpeg", ".png", ".tif", ".tiff"):
            with Image.open(path) as picture:
                stated = float(picture.info.get("dpi", (0, 0))[0])
                pixels = numpy.asarray(picture.convert("RGB"))
            yield Work(path.name, "real", [pixels], [], stated if stated > 100 else DPI)


def _placed(lines: list[object], sheet: Pixels, flat: FlatPage, case: CaseBox) -> list[Line]:
    """Lines of the page where they are on the sheet: the lower right corner of the case is that of the sheet."""
    height, width = sheet.shape[:2]
    margin = 2.5 / 25.4 * flat.dpi
    right = min(flat.pixels.shape[1], numpy.ceil(case.box[2] + margin))
    bottom = min(flat.pixels.shape[0], numpy.ceil(case.box[3] + margin))
    across, down = width - right, height - bottom
    return [
        Line(line.kind, line.text, (line.box[0] + across, line.box[1] + down, line.box[2] + across, line.box[3] + down))  # type: ignore[attr-defined]
        for line in lines
    ]


def _through_jpeg(pixels: Pixels) -> Pixels:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=90, subsampling=1)
    return numpy.asarray(Image.open(out).convert("RGB"))
