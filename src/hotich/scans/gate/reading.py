"""What a PDF of a case is made of, as the file itself says: pages, resolutions, qualities. And its pages as one sees them."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from typing import Any

import numpy
import pikepdf
import pypdfium2
from PIL import Image

from hotich.scans.pages import Pixels

# luminance table of the JPEG standard (Annex K), of which libjpeg's quality is a scale: sum of its 64 numbers
_STANDARD_SUM = 3688
_HAIR_LESS = 1 - 1e-6  # the size is rounded up: 1240.00002 would become 1241 points


@dataclass(frozen=True, slots=True)
class PageFacts:
    """Size in points; dots per inch and quality of the coarsest picture that carries writing; dots per inch of the mask."""

    width: float
    height: float
    dpi: float
    quality: int | None
    mask_dpi: float | None


def facts_of(content: bytes) -> list[PageFacts]:
    """Facts of every page. Raises pikepdf.PdfError when it cannot be read."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return [_facts(page) for page in pdf.pages]


def render(content: bytes, index: int, dpi: float) -> Pixels:
    """Page `index` in gray, as PDFium draws it, `dpi` dots per inch. Raises pypdfium2.PdfiumError when it cannot."""
    document = pypdfium2.PdfDocument(content)
    try:
        bitmap = document[index].render(scale=dpi / 72 * _HAIR_LESS, grayscale=True)
        return numpy.ascontiguousarray(bitmap.to_numpy().reshape(bitmap.height, -1)[:, : bitmap.width])
    finally:
        document.close()


def rendered_size(width: float, height: float, dpi: float) -> tuple[int, int]:
    """Pixels of a page of this many points."""
    return math.ceil(round(width * dpi / 72, 3)), math.ceil(round(height * dpi / 72, 3))


def _facts(page: Any) -> PageFacts:
    left, bottom, right, top = (float(value) for value in page.mediabox)
    width, height = right - left, top - bottom
    contone, masks = [], []
    for picture in page.images.values():
        mask = picture.get("/Mask")
        if isinstance(mask, pikepdf.Stream):
            masks.append(int(mask.Width) * 72 / width)
        else:
            contone.append((int(picture.Width) * 72 / width, _quality(picture)))
    dpi, quality = min(contone, default=(0.0, None), key=lambda found: found[0])
    return PageFacts(width, height, dpi, quality, min(masks, default=None))


def _quality(picture: Any) -> int | None:
    """libjpeg's quality from the tables in the file; None when it is no JPEG."""
    if picture.get("/Filter") != "/DCTDecode":
        return None
    with Image.open(io.BytesIO(picture.read_raw_bytes())) as coded:
        table = coded.quantization[0]  # type: ignore[attr-defined]
    scale = float(sum(table)) / _STANDARD_SUM * 100
    return max(1, min(100, round((200 - scale) / 2 if scale <= 100 else 5000 / scale)))
