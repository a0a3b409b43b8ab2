"""Any mode an image may come in → RGB, 8 bits, sRGB, alpha laid on white, pixels square."""

from __future__ import annotations

import io

import cv2
import numpy
import numpy.typing
from PIL import Image, ImageChops, ImageCms

from ..pages import Pixels

_MOST_PROFILE = 4_000_000  # bytes of a colour profile; a longer one is no profile
_WHITE_IS_ZERO, _PHOTOMETRIC = 0, 262
_TRANSPARENT = {"RGBA", "LA", "PA", "La", "RGBa"}
_SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


def to_rgb(image: Image.Image) -> Image.Image:
    """A loaded image as mode RGB."""
    if image.mode.startswith(("I", "F")):
        return Image.fromarray(_eight_bits(image)).convert("RGB")
    if image.mode == "1":
        return image.convert("L").convert("RGB")
    if image.mode in _TRANSPARENT or "transparency" in image.info:
        return _on_white(image)
    if image.mode == "P":
        return image.convert("RGB")
    managed = _managed(image)
    if managed is not None:
        return managed
    if image.mode == "CMYK":
        return _from_cmyk(image)
    return image if image.mode == "RGB" else image.convert("RGB")


def _on_white(image: Image.Image) -> Image.Image:
    layer = image.convert("RGBA")
    ground = Image.new("RGB", layer.size, (255, 255, 255))
    ground.paste(layer, mask=layer.getchannel("A"))
    return ground


def _eight_bits(image: Image.Image) -> numpy.typing.NDArray[numpy.uint8]:
    """16 or 32 bits of gray, or floating point. 12 bits in 16 are not left nearly black."""
    values = numpy.asarray(image)
    if values.dtype.kind == "f":
        values = numpy.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
        top = 1.0 if values.max(initial=0) <= 1.0 else 255.0 if values.max() <= 255 else float(values.max())
        gray = numpy.clip(values * (255.0 / top), 0, 255).astype(numpy.uint8)
    else:
        values = numpy.clip(values, 0, 65535).astype(numpy.uint16)
        most = int(values.max(initial=0))
        gray = (values >> (0 if most < 256 else 4 if most < 4096 else 8)).astype(numpy.uint8)
    tags = getattr(image, "tag_v2", {})
    return numpy.asarray(255 - gray if tags.get(_PHOTOMETRIC) == _WHITE_IS_ZERO else gray, numpy.uint8)


def _managed(image: Image.Image) -> Image.Image | None:
    """Through the image's own colour profile into sRGB; None when it has none that can be used."""
    raw = image.info.get("icc_profile")
    if not isinstance(raw, bytes) or not 128 <= len(raw) <= _MOST_PROFILE or image.mode not in ("L", "RGB", "CMYK"):
        return None
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(raw))
        if image.mode == "RGB" and "srgb" in ImageCms.getProfileDescription(profile).lower():
            return image
        return ImageCms.profileToProfile(image, profile, _SRGB, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None  # a broken profile is no reason to lose the page


def _from_cmyk(image: Image.Image) -> Image.Image:
    """Without a profile. A JPEG without Adobe's marker may be stored either way round: paper is bright."""
    rgb = image.convert("RGB")
    if image.format in ("JPEG", "MPO") and "adobe" not in image.info:
        other = ImageChops.invert(image).convert("RGB")
        if _brightness(other) > _brightness(rgb):
            return other
    return rgb


def _brightness(image: Image.Image) -> float:
    return float(numpy.median(numpy.asarray(image.convert("L").resize((64, 64)))))


def square(pixels: Pixels, across: float, down: float) -> Pixels:
    """Pixels made square: faxes have half the resolution down the page that they have across it."""
    height, width = pixels.shape[:2]
    if across >= down:
        size = (width, max(1, round(height * across / down)))
    else:
        size = (max(1, round(width * down / across)), height)
    return numpy.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_CUBIC), numpy.uint8)
