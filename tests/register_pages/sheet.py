"""The ink layers of one flat sheet, and the truth about what was put on it."""

from __future__ import annotations

import itertools
import math
import random

import cv2
import numpy
from PIL import Image, ImageChops, ImageDraw

from .fonts import FontBook
from .truth import Box, CaseTruth, LineTruth, Part
from .words import COMMUNE


class Sheet:
    """Layers of print, handwriting and stamps. Sizes are pixels at 300 dpi times `unit`."""

    def __init__(self, size: tuple[int, int], dpi: int, fonts: FontBook, seed: str, face: str = "") -> None:
        self.unit, self.fonts, self.rng = dpi / 300, fonts, random.Random(seed)
        self.noise = numpy.random.default_rng(self.rng.getrandbits(64))
        self.width, self.height = round(size[0] * self.unit), round(size[1] * self.unit)
        self.face = face or self.rng.choice(fonts.hands)
        self.print = Image.new("L", (self.width, self.height))
        self.hand = Image.new("L", (self.width, self.height))
        self.stamps = numpy.zeros((self.height, self.width), numpy.float32)
        self.pen = ImageDraw.Draw(self.print)
        self.lines: list[LineTruth] = []
        self.cases: list[CaseTruth] = []
        self.current: int | None = None

    def clip(self, box: Box) -> Box:
        left, top, right, bottom = box
        return (
            round(min(max(0.0, left), self.width), 1),
            round(min(max(0.0, top), self.height), 1),
            round(min(max(0.0, right), self.width), 1),
            round(min(max(0.0, bottom), self.height), 1),
        )

    def begin_case(self, *parts: Part, case: int | None = None, sheet: int = 1) -> None:
        """Open a case: lines from here on belong to it."""
        self.current = case or len(self.cases) + 1
        clipped = tuple(Part(self.clip(part.box), part.header and self.clip(part.header)) for part in parts)
        self.cases.append(CaseTruth(self.current, clipped, sheet))

    def record(self, kind: str, text: str, box: Box) -> None:
        self.lines.append(LineTruth(kind, text, self.clip(box), self.current))

    def label(self, x: float, y: float, text: str, size: float, bold: bool = False, anchor: str = "ls") -> float:
        """Printed text on baseline y; returns its right edge."""
        font = self.fonts.get("print-bold" if bold else "print-regular", size)
        self.pen.text((x, y), text, fill=255, font=font, anchor=anchor)
        box = self.pen.textbbox((x, y), text, font=font, anchor=anchor)
        self.record("print", text, box)
        return box[2]

    def write(self, x: float, y: float, text: str, size: float, room: float) -> Box:
        """Handwriting on baseline y: each word has its own jitter, slant, turn and ink strength; returns its box."""
        start = x
        size *= min(1, room / (self.fonts.get(self.face, size).getlength(text) * 1.06))
        font = self.fonts.get(self.face, size)
        (_, high, _, low), space = font.getbbox(text, anchor="ls"), font.getlength(" ")
        for word in text.split():
            self._word(x, y, word, size)
            x += font.getlength(word) + space * self.rng.uniform(0.9, 1.3)
        box = (start - size * 0.15, y + high - size * 0.15, x - space + size * 0.2, y + low + size * 0.15)
        self.record("hand", text, box)
        return box

    def _word(self, x: float, y: float, word: str, size: float) -> None:
        font, rng = self.fonts.get(self.face, size), self.rng
        tile = Image.new("L", (max(4, int(font.getlength(word) + size * 0.6)), int(size * 2.7)))
        ImageDraw.Draw(tile).text((size * 0.2, size * 1.8), word, 255, font, anchor="ls")
        slant, gain = rng.gauss(-0.08, 0.05), rng.uniform(0.72, 1)
        lean = (1, slant, -slant * size * 1.5, 0, 1, 0)
        tile = tile.transform(tile.size, Image.Transform.AFFINE, lean, Image.Resampling.BICUBIC)
        tile = tile.rotate(rng.gauss(0, 0.9), Image.Resampling.BICUBIC).point(lambda value: int(value * gain))
        left, top = int(x - size * 0.2), int(y + rng.gauss(0, size * 0.04) - size * 1.8)
        box = (left, top, left + tile.width, top + tile.height)
        self.hand.paste(ImageChops.lighter(self.hand.crop(box), tile), box)

    def strike(self, box: Box) -> None:
        """A pen stroke through a line of writing: what was corrected stays legible beneath."""
        rng, draw = self.rng, ImageDraw.Draw(self.hand)
        left, top, right, bottom = box
        height = bottom - top
        points = [(left + (right - left) * i / 8, top + height * (0.58 + rng.uniform(-0.05, 0.05))) for i in range(9)]
        draw.line(points, fill=220, width=max(2, int(6 * self.unit)), joint="curve")

    def hand_line(self, start: tuple[float, float], end: tuple[float, float], wobble: float = 5.0) -> None:
        """A rule drawn by hand along a ruler that slipped: not quite straight, ink of changing strength."""
        rng, draw = self.rng, ImageDraw.Draw(self.hand)
        drift, bow = rng.gauss(0, wobble) * self.unit, rng.gauss(0, wobble) * self.unit
        steep = abs(end[1] - start[1]) > abs(end[0] - start[0])
        points = []
        for i in range(33):
            t = i / 32
            off = drift * t + bow * math.sin(math.pi * t) + rng.gauss(0, 0.25)
            x, y = start[0] + (end[0] - start[0]) * t, start[1] + (end[1] - start[1]) * t
            points.append((x + off, y) if steep else (x, y + off))
        for first, second in itertools.pairwise(points):
            draw.line((*first, *second), fill=rng.randint(150, 230), width=max(2, int(5 * self.unit)))

    def stamp(self, x: float, y: float, radius: float) -> None:
        """Round office stamp (two rings, star, text on an arc), blotchy, at 300-dpi position x, y."""
        tile = self._stamp_tile(int(radius * self.unit)).rotate(self.rng.uniform(-25, 25), Image.Resampling.BICUBIC)
        blot = cv2.GaussianBlur(self.noise.random(tile.size, dtype=numpy.float32), (0, 0), 3)
        left, top = int(x * self.unit) - tile.width // 2, int(y * self.unit) - tile.height // 2
        area = self.stamps[top : top + tile.height, left : left + tile.width]
        ink = numpy.asarray(tile, numpy.float32) / 255 * numpy.clip((blot - 0.44) * 9, 0.15, 1)
        area[:] = numpy.maximum(area, ink[: area.shape[0], : area.shape[1]])

    def _stamp_tile(self, r: int) -> Image.Image:
        text = "ỦY BAN NHÂN DÂN XÃ " + self.rng.choice(COMMUNE).upper()
        mid, font, half = r + 10, self.fonts.get("print-bold", r * 0.17), r // 4
        tile = Image.new("L", (2 * mid, 2 * mid))
        draw = ImageDraw.Draw(tile)
        draw.circle((mid, mid), r, outline=255, width=max(3, r // 22))
        draw.circle((mid, mid), r * 0.63, outline=255, width=max(2, r // 40))
        arms = [(r * 0.42 * (0.4 if i % 2 else 1), i * math.pi / 5) for i in range(10)]
        draw.polygon([(mid + a * math.sin(t), mid - a * math.cos(t)) for a, t in arms], fill=230)
        for i, char in enumerate(text):
            turn = math.radians(-130 + 260 * i / (len(text) - 1))
            glyph = Image.new("L", (2 * half, 2 * half))
            ImageDraw.Draw(glyph).text((half, half), char, 255, font, anchor="mm")
            spot = int(mid + r * 0.81 * math.sin(turn)) - half, int(mid - r * 0.81 * math.cos(turn)) - half
            tile.paste(255, spot, glyph.rotate(-math.degrees(turn), Image.Resampling.BICUBIC))
        return tile
