"""Smaller pictures of stored pages, made when they are asked for."""

from __future__ import annotations

import io
from typing import Any

from django.http import Http404, HttpResponse

from hotich.files.models import StoredFile
from hotich.files.queries import read_file

STAMP = 150  # pixels wide: no word of an A4 page can be read at 18 dots per inch
NARROW = 1000  # pixels wide: enough to see which entry it is
SECONDS = 3600


def stamp(stored: StoredFile) -> HttpResponse:
    """So small that nothing can be read; a browser may keep it (its address changes with the page)."""
    response = HttpResponse(_smaller(read_file(stored), STAMP, 70), content_type="image/jpeg")
    response["Cache-Control"] = f"private, max-age={SECONDS}"
    return response


def narrowed(stored: StoredFile) -> HttpResponse:
    """`NARROW` pixels wide, for lists of cases; the caller has written the reading."""
    response = HttpResponse(_smaller(read_file(stored), NARROW, 75), content_type="image/jpeg")
    response["Cache-Control"] = "private, no-store"
    return response


def _smaller(content: bytes, wide: int, quality: int) -> bytes:
    """A JPEG so many pixels wide. Http404 for what is no picture."""
    from PIL import Image  # with the first picture: no start of a process waits for it

    try:
        return _resized(Image, content, wide, quality)
    except (OSError, ValueError) as error:  # PIL says so of a damaged or unknown picture
        raise Http404("picture") from error


def _resized(images: Any, content: bytes, wide: int, quality: int) -> bytes:
    with images.open(io.BytesIO(content)) as image:
        image.draft("RGB", (wide * 2, wide * 2))  # a JPEG is decoded at a half, a quarter, an eighth: far faster
        high = max(1, round(image.height * wide / image.width))
        target = io.BytesIO()
        image.convert("RGB").resize((wide, high), images.Resampling.LANCZOS, reducing_gap=2.0).save(
            target, "JPEG", quality=quality
        )
    return target.getvalue()
