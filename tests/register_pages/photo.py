"""A sheet on a desk, taken with a phone; and the same sheet scanned a second time."""

from __future__ import annotations

import io
import random
from dataclasses import replace

import cv2
import numpy
from PIL import Image

from .damage import Shot, skewed
from .truth import Pixels

DESK = (92, 70, 52)


def photograph(
    shot: Shot, rng: random.Random, size: tuple[int, int] = (3024, 4032), tilt: float = 0.07, shadow: float = 0.5
) -> Shot:
    """Perspective, desk, the edge of a hand's shadow, darker corners, noise. `size`: width, height of the photo."""
    noise = numpy.random.default_rng(rng.getrandbits(64))
    height, width = shot.pixels.shape[:2]
    w, h = size
    sides = numpy.array([[0, 0], [1, 0], [1, 1], [0, 1]], numpy.float32)
    inset = numpy.reshape([rng.uniform(0.06, 0.06 + tilt) for _ in range(8)], (4, 2))
    target = (numpy.where(sides == 0, inset, 1 - inset) * size).astype(numpy.float32)
    matrix = cv2.getPerspectiveTransform(sides * numpy.array([width, height], numpy.float32), target)
    cover = cv2.warpPerspective(numpy.ones((height, width), numpy.float32), matrix, size)[..., None]
    grain = cv2.resize(noise.standard_normal((h // 4, w), dtype=numpy.float32), size)[..., None]
    photo = cv2.warpPerspective(shot.pixels, matrix, size, flags=cv2.INTER_AREA).astype(numpy.float32) * cover
    photo += (numpy.array(DESK, numpy.float32) + grain * 6) * (1 - cover)
    xs, ys = numpy.linspace(0, 1, w, dtype=numpy.float32), numpy.linspace(0, 1, h, dtype=numpy.float32)[:, None]
    across = (xs * w * 0.8 + ys * h * 0.5) / (w * 0.8 + h * 0.5)
    light = 1 - shadow / (1 + numpy.exp(-(across - 0.62) * 26))
    light *= 1 - 0.25 * ((xs - 0.4) ** 2 + (ys - 0.4) ** 2)
    photo = cv2.GaussianBlur(photo * light[..., None], (0, 0), 0.9 * w / 3024 + 0.1)
    photo += noise.standard_normal(photo.shape, dtype=numpy.float32) * 6
    pixels = numpy.clip(photo, 0, 255).astype(numpy.uint8)
    return replace(shot, pixels=pixels, to_page=shot.to_page @ numpy.linalg.inv(matrix), is_photo=True)


def rescan(pixels: Pixels, seed: int | str, *, quality: int = 60, most_skew: float = 1.0) -> Pixels:
    """The same sheet scanned again: other skew, crop, brightness, contrast and noise, and a poor JPEG."""
    rng = random.Random(f"rescan/{seed}")
    noise = numpy.random.default_rng(rng.getrandbits(64))
    shot = skewed(Shot(pixels, numpy.eye(3), 300), rng.uniform(-most_skew, most_skew))
    height, width = shot.pixels.shape[:2]
    paper = tuple(int(value) for value in numpy.median(pixels[::16, ::16].reshape(-1, 3), axis=0))
    ground = numpy.array(paper, numpy.uint8)
    black = (shot.pixels == numpy.array([18, 17, 19], numpy.uint8)).all(axis=2)
    shot.pixels[black] = ground
    cut = [int(rng.uniform(0, 0.008) * side) for side in (width, width, height, height)]
    out = shot.pixels[cut[2] : height - cut[3], cut[0] : width - cut[1]].astype(numpy.float32)
    out = out * rng.uniform(0.88, 1.08) + rng.uniform(-12, 12)
    out += noise.standard_normal(out.shape, dtype=numpy.float32) * rng.uniform(2, 5)
    with io.BytesIO() as file:
        Image.fromarray(numpy.clip(out, 0, 255).astype(numpy.uint8)).save(file, "JPEG", quality=quality)
        return numpy.asarray(Image.open(file).convert("RGB")).copy()
