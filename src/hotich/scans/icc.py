"""A colour profile for sRGB of half a kilobyte, made from the figures of IEC 61966-2-1 (ICC version 4.2).

PDF/A wants a profile in every file; the usual ones take three of the hundred kilobytes a case may have.
"""

from __future__ import annotations

import functools
import struct

_WHITE = (0.9642, 1.0, 0.8249)  # D50, to which the primaries below are adapted (Bradford)
_RED, _GREEN, _BLUE = (
    (0.4360747, 0.2225045, 0.0139322),
    (0.3850649, 0.7168786, 0.0971045),
    (0.1430804, 0.0606169, 0.7141733),
)
_FROM_D65 = (1.0478112, 0.0228866, -0.0501270, 0.0295424, 0.9904844, -0.0170491, -0.0092345, 0.0150436, 0.7521316)
_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
_MADE = (2026, 1, 1, 0, 0, 0)  # always the same: same input, same bytes


def _numbers(kind: bytes, values: tuple[float, ...]) -> bytes:
    return kind + bytes(4) + struct.pack(f">{len(values)}i", *(round(value * 65536) for value in values))


def _text(text: str) -> bytes:
    data = text.encode("utf-16-be")
    element = struct.pack(">4s4xII2s2sII", b"mluc", 1, 12, b"en", b"US", len(data), 28) + data
    return element + bytes(-len(element) % 4)


def _header(size: int) -> bytes:
    return struct.pack(
        ">I4sI4s4s4s6H4s4sII4sQI3i4s16x28x",
        size,
        bytes(4),
        0x04200000,
        b"mntr",
        b"RGB ",
        b"XYZ ",
        *_MADE,
        b"acsp",
        bytes(4),
        0,
        0,
        bytes(4),
        0,
        0,
        *(round(value * 65536) for value in _WHITE),
        bytes(4),
    )


@functools.cache
def srgb() -> bytes:
    """The profile, byte for byte the same every time."""
    curve = struct.pack(">4s4xHH", b"para", 3, 0) + _numbers(b"", _CURVE)[4:]
    parts = {
        b"desc": _text("sRGB"),
        b"cprt": _text("CC0"),
        b"wtpt": _numbers(b"XYZ ", _WHITE),
        b"chad": _numbers(b"sf32", _FROM_D65),
        b"rXYZ": _numbers(b"XYZ ", _RED),
        b"gXYZ": _numbers(b"XYZ ", _GREEN),
        b"bXYZ": _numbers(b"XYZ ", _BLUE),
        b"rTRC": curve,
    }
    offset, table, data = 128 + 4 + 12 * (len(parts) + 2), b"", b""
    for name, part in parts.items():
        for tag in (name, b"gTRC", b"bTRC") if name == b"rTRC" else (name,):
            table += struct.pack(">4sII", tag, offset + len(data), len(part))
        data += part
    body = struct.pack(">I", len(parts) + 2) + table + data
    return _header(128 + len(body)) + body
