"""Whether the page of a PDF is one scanned image and nothing else that can be seen."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any

import pikepdf

_MOST_CONTENT = 8_000_000  # bytes of instructions; a scanned page has some hundred, with a text layer some 100,000
_PAINTS = {"f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh", "BI", "INLINE IMAGE"}
_SHOWS_TEXT = {"Tj", "TJ", "'", '"'}
_INVISIBLE = 3
_PLAIN_COLOURS = {"/DeviceGray", "/DeviceRGB", "/CalGray", "/CalRGB"}

Matrix = tuple[float, float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class LoneImage:
    """The only thing on a page. `turned`: degrees clockwise the page is to be turned; `filter`: how it is stored."""

    stream: Any
    width: int
    height: int
    dpi: float
    turned: int
    filter: str
    bits: int


def lone_image(pdf: pikepdf.Pdf, page: Any) -> LoneImage | None:
    """The image a scanned page consists of, upright on its page; None when anything else can be seen."""
    content = _instructions(page)
    if content is None or len(page.get("/Annots", [])):
        return None
    drawn = _drawn(pikepdf.parse_content_stream(pikepdf.Stream(pdf, content)))
    if drawn is None:
        return None
    name, (a, b, c, d, e, f) = drawn
    stream = page.Resources.XObject[name]
    if stream.Subtype != "/Image" or any(key in stream for key in ("/SMask", "/Mask", "/Decode", "/ImageMask")):
        return None
    if abs(b) > 0.01 or abs(c) > 0.01 or a <= 0 or d <= 0 or not _shows_it_whole(page, a, d, e, f):
        return None
    width, height, stored = int(stream.Width), int(stream.Height), _filter(stream)
    if stored is None or not _is_plain(stream, stored) or width < 1 or height < 1:
        return None
    across, down = width * 72 / a, height * 72 / d
    if max(across, down) / min(across, down) > 1.02:
        return None
    bits = int(stream.get("/BitsPerComponent", 8))
    return LoneImage(stream, width, height, across, int(page.get("/Rotate", 0)) % 360, stored, bits)


def _instructions(page: Any) -> bytes | None:
    """The page's drawing instructions, unpacked but never beyond a limit."""
    contents = page.get("/Contents")
    if contents is None:
        return None
    parts = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
    out = b""
    for part in parts:
        raw, stored = part.read_raw_bytes(), _filter(part)
        if stored == "/FlateDecode":
            unpacker = zlib.decompressobj()
            raw = unpacker.decompress(raw, _MOST_CONTENT + 1)
        elif stored != "":
            return None
        out += raw + b"\n"
        if len(out) > _MOST_CONTENT:
            return None
    return out


def _filter(stream: Any) -> str | None:
    """ "" for none, None for a chain of several."""
    stored = stream.get("/Filter")
    if stored is None:
        return ""
    if isinstance(stored, pikepdf.Array):
        return None if len(stored) != 1 else str(stored[0])
    return str(stored)


def _is_plain(stream: Any, stored: str) -> bool:
    """Gray or RGB without tricks; other colours are the renderer's."""
    if stored == "/JPXDecode":
        return True
    space = stream.get("/ColorSpace")
    if isinstance(space, pikepdf.Array) and len(space):
        if str(space[0]) == "/ICCBased":
            return int(space[1].get("/N", 0)) in (1, 3)
        return str(space[0]) in _PLAIN_COLOURS
    return str(space) in _PLAIN_COLOURS


def _shows_it_whole(page: Any, a: float, d: float, e: float, f: float) -> bool:
    """The visible box of the page cuts nothing off the image: what was cropped on purpose stays cropped."""
    left, bottom, right, top = (float(value) for value in page.cropbox)
    slack_x, slack_y = a * 0.02, d * 0.02
    return left <= e + slack_x and bottom <= f + slack_y and right >= e + a - slack_x and top >= f + d - slack_y


def _drawn(instructions: Any) -> tuple[str, Matrix] | None:
    """Name and place of the one image that is drawn; None when something else is drawn, or more than one."""
    matrix: Matrix = (1, 0, 0, 1, 0, 0)
    saved: list[tuple[Matrix, int]] = []
    found, mode = None, 0
    for instruction in instructions:
        operator, operands = str(instruction.operator), instruction.operands
        if operator in _PAINTS or (operator in _SHOWS_TEXT and mode != _INVISIBLE):
            return None
        if operator == "q":
            saved.append((matrix, mode))
        elif operator == "Q" and saved:
            matrix, mode = saved.pop()
        elif operator == "cm":
            matrix = _times(_numbers(operands), matrix)
        elif operator == "Tr":
            mode = int(operands[0])
        elif operator == "Do":
            if found is not None:
                return None
            found = (str(operands[0]), matrix)
    return found


def _numbers(operands: Any) -> Matrix:
    a, b, c, d, e, f = (float(value) for value in operands)
    return (a, b, c, d, e, f)


def _times(first: Matrix, second: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    k, l, m, n, o, p = second  # noqa: E741
    return (a * k + b * m, a * l + b * n, c * k + d * m, c * l + d * n, e * k + f * m + o, e * l + f * n + p)
