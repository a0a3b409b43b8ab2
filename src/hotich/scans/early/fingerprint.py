"""A picture's own mark: the same for the same sheet scanned again, another one for another sheet of the same form."""

from __future__ import annotations

import cv2
import numpy

from ..pages import Pixels
from .ink import depth_of

_SIDE = 512


def fingerprint(pixels: Pixels) -> str:
    """256 bits as hex."""
    gray = cv2.resize(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
    depth = depth_of(numpy.asarray(gray, numpy.uint8)).astype(numpy.float32)
    cells = cv2.resize(cv2.GaussianBlur(depth, (0, 0), 8), (17, 16), interpolation=cv2.INTER_AREA)
    bits = cells[:, 1:] > cells[:, :-1]
    return numpy.packbits(bits.ravel()).tobytes().hex()


def is_same_page(a: str, b: str) -> bool:
    """Whether two marks are of the same sheet."""
    if len(a) != len(b) or not a:
        return False
    return (int(a, 16) ^ int(b, 16)).bit_count() <= 20
