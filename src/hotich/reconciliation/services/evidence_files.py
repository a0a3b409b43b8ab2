"""Papers that are handed in with an item: what a file is by its first bytes, and whether it opens."""

from __future__ import annotations

import io
import warnings

LARGEST = 20 * 1024**2  # bytes
MOST_FILES = 30  # an item
MOST_PIXELS = 100_000_000
_PDF_WITHIN = 1024  # bytes: some scanners write a few before the mark


def media_type_of(content: bytes) -> str:
    """The media type of a PDF, JPEG or PNG that opens; "" for everything else, whatever its name says."""
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg" if _is_picture(content, "JPEG") else ""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png" if _is_picture(content, "PNG") else ""
    return "application/pdf" if b"%PDF-" in content[:_PDF_WITHIN] and _is_pdf(content) else ""


def _is_picture(content: bytes, kind: str) -> bool:
    from PIL import Image  # with the first picture: no start of a process waits for it

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # a picture that unpacks to far more than it weighs is only warned of
            with Image.open(io.BytesIO(content), formats=[kind]) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    return False
                picture.load()
        return True
    except Exception:
        return False


def _is_pdf(content: bytes) -> bool:
    import pikepdf  # loaded with the first PDF

    try:
        with pikepdf.open(io.BytesIO(content)) as document:
            return not document.is_encrypted and len(document.pages) > 0
    except (pikepdf.PdfError, pikepdf.PasswordError, ValueError):
        return False
