"""Pages of a PDF: the scanner's own image at full resolution where the page is just that, else the page rendered."""

from __future__ import annotations

import io
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import numpy
import pikepdf
import pypdfium2
from PIL import Image

from hotich.kernel.problems import RuleBroken

from ..pages import Pixels
from ..settings import ScanSettings
from .images import check_size, is_resolution, opened, read_frame
from .kinds import Kind
from .pdf_pages import LoneImage, lone_image

_RAW_KINDS: dict[str, Kind] = {"/DCTDecode": "JPEG", "/JPXDecode": "JPEG2000"}
_RENDERER = threading.Lock()  # PDFium keeps state of its own and knows no threads


@contextmanager
def opened_pdf(content: bytes, settings: ScanSettings) -> Iterator[pikepdf.Pdf]:
    """Raises RuleBroken pdf_encrypted, pdf_damaged, pdf_without_pages, too_many_pages."""
    try:
        pdf = pikepdf.open(io.BytesIO(content))
    except pikepdf.PasswordError as locked:
        raise RuleBroken("pdf_encrypted") from locked
    except MemoryError:
        raise
    except Exception as broken:
        raise RuleBroken("pdf_damaged", page=1) from broken
    with pdf:
        try:
            pages = len(pdf.pages)
        except Exception as broken:
            raise RuleBroken("pdf_damaged", page=1) from broken
        if not pages:
            raise RuleBroken("pdf_without_pages")
        if pages > settings.most_pages:
            raise RuleBroken("too_many_pages", pages=pages, most=settings.most_pages)
        yield pdf


def read_pdf_page(pdf: pikepdf.Pdf, content: bytes, index: int, settings: ScanSettings) -> tuple[Pixels, float | None]:
    """Pixels and dpi of one page; no dpi where one pixel is one point, as programs place photos.

    Raises RuleBroken too_many_pixels, pdf_damaged (`page` from 1).
    """
    alone: LoneImage | None = None
    with suppress(Exception):  # what cannot be understood is rendered
        alone = lone_image(pdf, pdf.pages[index])
    if alone is not None:
        check_size(alone.width, alone.height, settings, index + 1)
        pixels = _taken_out(alone, settings)
        if pixels is not None:
            return numpy.ascontiguousarray(numpy.rot90(pixels, -alone.turned // 90)), (
                alone.dpi if is_resolution(alone.dpi) else None
            )
    wanted = float(settings.render_dpi) if alone is None else min(max(alone.dpi, settings.render_dpi), 600.0)
    return _rendered(content, index, wanted, settings), wanted


def _taken_out(alone: LoneImage, settings: ScanSettings) -> Pixels | None:
    """The embedded image; None when it is stored in a way that only a renderer knows."""
    try:
        if alone.filter in _RAW_KINDS:
            with opened(alone.stream.read_raw_bytes(), _RAW_KINDS[alone.filter], settings) as image:
                same = image.size == (alone.width, alone.height) and image.mode in ("L", "RGB")
                image.getexif().clear()  # a PDF's page does not heed it
                return read_frame(image, 0, 1, settings)[0] if same else None
        if alone.filter == "/FlateDecode" and not _is_as_long_as_it_says(alone):
            return None
        made: Image.Image = pikepdf.PdfImage(alone.stream).as_pil_image()
        return numpy.array(made.convert("RGB"), numpy.uint8) if made.size == (alone.width, alone.height) else None
    except MemoryError:
        raise
    except Exception:  # JBIG2 and rare colour spaces: the renderer knows them
        return None


def _is_as_long_as_it_says(alone: LoneImage) -> bool:
    """A stream that unpacks to far more than its pixels need is a bomb."""
    needed = alone.height * (alone.width * 4 * max(1, alone.bits // 8) + 1) + 1024
    unpacker, raw = zlib.decompressobj(), alone.stream.read_raw_bytes()
    got, rest = 0, raw
    while rest and got <= needed:
        got += len(unpacker.decompress(rest, 1 << 20))
        rest = unpacker.unconsumed_tail
    return got <= needed


def _rendered(content: bytes, index: int, dpi: float, settings: ScanSettings) -> Pixels:
    with _RENDERER:
        document: Any = None
        try:
            document = pypdfium2.PdfDocument(content)
            page = document[index]
            width, height = page.get_size()
            check_size(round(width * dpi / 72), round(height * dpi / 72), settings, index + 1)
            bitmap = page.render(scale=dpi / 72 - 1e-9, rev_byteorder=True, prefer_bgrx=False)
            pixels = numpy.array(bitmap.to_numpy()[..., :3], numpy.uint8)
        except (RuleBroken, MemoryError):
            raise
        except Exception as broken:
            raise RuleBroken("pdf_damaged", page=index + 1) from broken
        finally:
            if document is not None:
                document.close()
    return numpy.repeat(pixels, 3, axis=2) if pixels.shape[2] == 1 else pixels
