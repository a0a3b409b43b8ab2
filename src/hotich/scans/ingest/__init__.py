"""Bytes as they were delivered → pages as pixels. What a file is, its bytes say; names are claims.

Taken: JPEG, PNG, TIFF (many pages, CCITT, LZW, 16 bits, CMYK), PDF, BMP, WebP, JPEG 2000. Everything else, and everything
damaged, is a refusal by code (texts in scans/messages.py), never another exception.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hotich.kernel.problems import RuleBroken

from ..pages import PageImage
from ..settings import ScanSettings
from .images import frames_of, opened, read_frame
from .kinds import Kind, kind_of
from .pdfs import opened_pdf, read_pdf_page

__all__ = ["Kind", "kind_of", "page_total", "read_page", "read_pages"]


def read_pages(content: bytes, name: str, settings: ScanSettings) -> Iterator[PageImage]:
    """The pages of a file one by one; only the one that was asked for is in memory.

    What concerns the whole file is refused at once: RuleBroken scan_file_empty, not_an_image, image_is_heic,
    image_kind_unsupported, image_without_size, too_many_pixels, too_many_pages, image_damaged, pdf_encrypted,
    pdf_damaged, pdf_without_pages. A single bad page is refused when its turn comes (image_truncated, image_damaged,
    pdf_damaged, too_many_pixels; `page` from 1) and ends the iterator: `read_page` reads the ones behind it.
    """
    return _pages(content, name, range(page_total(content, name, settings)), settings)


def read_page(content: bytes, name: str, index: int, settings: ScanSettings) -> PageImage:
    """One page, counted from 0. Raises what `read_pages` raises, and page_missing when the file has fewer pages."""
    total = page_total(content, name, settings)
    if not 0 <= index < total:
        raise RuleBroken("page_missing", page=index + 1, pages=total)
    return next(_pages(content, name, [index], settings))


def page_total(content: bytes, name: str, settings: ScanSettings) -> int:
    """How many pages a file has; nothing is decoded. Raises what `read_pages` raises about the whole file."""
    kind = kind_of(content)
    if kind == "PDF":
        with opened_pdf(content, settings) as pdf:
            return len(pdf.pages)
    with opened(content, kind, settings) as image:
        return len(frames_of(image, kind, settings))


def _pages(content: bytes, name: str, wanted: Sequence[int], settings: ScanSettings) -> Iterator[PageImage]:
    kind = kind_of(content)
    if kind == "PDF":
        with opened_pdf(content, settings) as pdf:
            for index in wanted:
                pixels, dpi = read_pdf_page(pdf, content, index, settings)
                yield PageImage(pixels, dpi, name, index)
        return
    with opened(content, kind, settings) as image:
        frames = frames_of(image, kind, settings)
        for index in wanted:
            page, stated = read_frame(image, frames[index], index + 1, settings)
            yield PageImage(page, stated, name, index)
