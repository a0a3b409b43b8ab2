"""Pages of an image file. The header is checked before a single pixel is decoded."""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, cast

import numpy
from PIL import ExifTags, Image, ImageOps

from hotich.kernel.problems import RuleBroken

from ..pages import Pixels
from ..settings import ScanSettings
from .colours import square, to_rgb
from .kinds import Kind
from .tiff_chain import is_cut

_NEW_SUBFILE_TYPE, _REDUCED = 254, 1
_TAKEN_BY_CAMERA = (ExifTags.Base.ExposureTime, ExifTags.Base.FNumber, ExifTags.Base.FocalLength)
_SCREEN_DPI = (72, 96)  # written by phones and drawing programs that know no resolution


@contextmanager
def opened(content: bytes, kind: Kind, settings: ScanSettings) -> Iterator[Image.Image]:
    """The image, header read. `kind` is the only decoder that gets a try: a polyglot is what it begins as.

    Raises RuleBroken too_many_pixels, image_without_size, image_truncated, image_damaged.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with _refusing(1, lambda: io.BytesIO(content)):
            image = Image.open(io.BytesIO(content), formats=[kind])
        with image:
            check_size(*image.size, settings)
            yield image


@contextmanager
def _refusing(page: int, file: Callable[[], IO[bytes]]) -> Iterator[None]:
    """Whatever a decoder raises about a hostile file is a refusal by code. `file` gives it, to see if it is cut off."""
    try:
        yield
    except (RuleBroken, MemoryError):
        raise
    except Image.DecompressionBombError as bomb:
        raise RuleBroken("too_many_pixels", page=page) from bomb
    except Exception as broken:  # decoders raise nearly anything
        cut = isinstance(broken, EOFError) or "truncated" in str(broken).lower() or is_cut(file())
        raise RuleBroken("image_truncated" if cut else "image_damaged", page=page) from broken


def check_size(width: int, height: int, settings: ScanSettings, page: int = 1) -> None:
    """Raises RuleBroken image_without_size, too_many_pixels (`width`, `height`, `most`, in pixels)."""
    if width < 1 or height < 1:
        raise RuleBroken("image_without_size", page=page)
    if width * height > settings.most_pixels or max(width, height) > settings.longest_side:
        raise RuleBroken("too_many_pixels", page=page, width=width, height=height, most=settings.most_pixels)


def frames_of(image: Image.Image, kind: Kind, settings: ScanSettings) -> list[int]:
    """The frames that are pages: a TIFF's previews are none; of a moving picture only the first is.

    Where the list of a TIFF is broken or cut off, one more frame stands at its end: it is refused when it is read.
    Raises RuleBroken too_many_pages, image_damaged.
    """
    if kind != "TIFF":
        return [0]
    pages: list[int] = []
    previews: list[int] = []
    frame = 0
    while True:
        try:
            image.seek(frame)
        except EOFError:  # the end of the list, or of what is left of it
            return _with_lost(pages, previews, frame) if is_cut(_file_of(image)) else pages or previews
        except MemoryError:
            raise
        except Exception as broken:
            if frame == 0:
                raise RuleBroken("image_damaged", page=1) from broken
            return _with_lost(pages, previews, frame)  # the pages before it are good
        kept = previews if _is_preview(image) else pages
        kept.append(frame)
        frame += 1
        if frame > settings.most_pages:
            raise RuleBroken("too_many_pages", most=settings.most_pages)


def _with_lost(pages: list[int], previews: list[int], lost: int) -> list[int]:
    return [*(pages or previews), lost]


def _file_of(image: Image.Image) -> IO[bytes]:
    """Empty once Pillow has let go of it."""
    return cast("IO[bytes] | None", getattr(image, "fp", None)) or io.BytesIO()


def _is_preview(image: Image.Image) -> bool:
    value = getattr(image, "tag_v2", {}).get(_NEW_SUBFILE_TYPE, 0)
    return isinstance(value, int) and bool(value & _REDUCED)


def read_frame(image: Image.Image, frame: int, page: int, settings: ScanSettings) -> tuple[Pixels, float | None]:
    """Pixels (RGB, 8 bits, turned as the EXIF says, square) and dpi of one frame; `page` is counted from 1.

    Raises RuleBroken too_many_pixels, image_truncated, image_damaged.
    """
    with _refusing(page, lambda: _file_of(image)):
        image.seek(frame)
    check_size(*image.size, settings, page)
    with _refusing(page, lambda: _file_of(image)):
        across, down = _resolution(image)
        image.load()
        is_sideways = _is_sideways(image)
        rgb = to_rgb(image)
        rgb = ImageOps.exif_transpose(_with_exif_of(rgb, image))
        pixels = numpy.array(rgb, numpy.uint8)
    if across is None or down is None:
        return pixels, None
    if is_sideways:
        across, down = down, across
    if 1.02 < max(across, down) / min(across, down) <= 4:
        height, width = pixels.shape[:2]
        longer = max(across, down) / min(across, down)
        check_size(
            *((width, round(height * longer)) if across > down else (round(width * longer), height)), settings, page
        )
        pixels = square(pixels, across, down)
    return pixels, max(across, down)


def _is_sideways(image: Image.Image) -> bool:
    return image.getexif().get(ExifTags.Base.Orientation) in (5, 6, 7, 8)


def _with_exif_of(rgb: Image.Image, image: Image.Image) -> Image.Image:
    """Some conversions lose the orientation; it is carried over."""
    if rgb is not image:
        rgb.info.pop("exif", None)
        rgb.getexif()[ExifTags.Base.Orientation] = image.getexif().get(ExifTags.Base.Orientation, 1)
    return rgb


def _resolution(image: Image.Image) -> tuple[float, float] | tuple[None, None]:
    """Dots per inch across and down as the file states them; nothing for photos and for nonsense."""
    try:
        across, down = (float(value) for value in image.info["dpi"])
    except (KeyError, TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None, None
    camera = image.getexif().get_ifd(ExifTags.IFD.Exif)
    if any(tag in camera for tag in _TAKEN_BY_CAMERA) or not (is_resolution(across) and is_resolution(down)):
        return None, None
    return across, down


def is_resolution(value: float) -> bool:
    """Whether a stated resolution can be that of a scanner."""
    return math.isfinite(value) and 50 <= value <= 4800 and round(value) not in _SCREEN_DPI
