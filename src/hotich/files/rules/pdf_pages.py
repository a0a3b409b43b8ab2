"""Pages of a PDF as pictures, so that a scan stands beside a form in every browser, without its PDF plug-in."""

from __future__ import annotations

import io

import pypdfium2

from hotich.kernel.problems import RuleBroken

WIDTH = 1400  # pixels: a register line is well legible at full zoom
MOST_PIXELS = 24_000_000  # a page that claims to be a wall poster is drawn smaller


def page_picture(content: bytes, page: int = 1, *, width: int = WIDTH) -> bytes:
    """Draw one page (counted from 1) as a JPEG about `width` pixels wide.

    Raises RuleBroken: file_damaged (no readable PDF), page_unknown.
    """
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise RuleBroken("file_damaged") from error
    try:
        if not 1 <= page <= len(document):
            raise RuleBroken("page_unknown", page=page)
        sheet = document[page - 1]
        across, down = sheet.get_size()
        scale = width / max(across, 1)
        if (pixels := across * down * scale * scale) > MOST_PIXELS:
            scale *= (MOST_PIXELS / pixels) ** 0.5
        drawn = io.BytesIO()
        sheet.render(scale=scale).to_pil().convert("RGB").save(drawn, "JPEG", quality=82)
        return drawn.getvalue()
    finally:
        document.close()
