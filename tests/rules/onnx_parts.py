"""A tiny line model in ONNX, written byte by byte: a column of the picture is a symbol by its colour.

images [n, 3, 32, width] → colour of every column → distance to the colour of each symbol → log_probs [width, n, symbols].
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

import numpy

SYMBOLS = ("<blank>", "1", "2", "o\u0301")
WHITE, RED, GREEN, BLUE = (1.0, 1.0, 1.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)
COLOURS = (WHITE, RED, GREEN, BLUE)  # paper is the blank; between it and a colour lies no other one
SHARPNESS = 12.0
FLOAT, INT64 = 1, 7


def _varint(number: int) -> bytes:
    out = bytearray()
    while True:
        number, low = number >> 7, number & 0x7F
        out.append(low | (0x80 if number else 0))
        if not number:
            return bytes(out)


def _field(number: int, value: int | str | bytes) -> bytes:
    """One field of a protobuf message: a number, or bytes with their length."""
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    content = value.encode() if isinstance(value, str) else value
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _node(kind: str, inputs: Sequence[str], output: str, *attributes: bytes) -> bytes:
    body = b"".join(_field(1, name) for name in inputs) + _field(2, output) + _field(4, kind)
    return _field(1, body + b"".join(_field(5, one) for one in attributes))


def _integer(name: str, value: int) -> bytes:
    return _field(1, name) + _field(3, value) + _field(20, 2)


def _integers(name: str, values: Sequence[int]) -> bytes:
    return _field(1, name) + b"".join(_field(8, value) for value in values) + _field(20, 7)


def _constant(name: str, values: Sequence[float], kind: int, shape: Sequence[int] = ()) -> bytes:
    raw = struct.pack(f"<{len(values)}{'f' if kind == FLOAT else 'q'}", *values)
    dims = b"".join(_field(1, one) for one in shape or (len(values),))
    return _field(5, dims + _field(2, kind) + _field(8, name) + _field(9, raw))


def _value(number: int, name: str, shape: Sequence[int | str]) -> bytes:
    dims = b"".join(_field(1, _field(1, one) if isinstance(one, int) else _field(2, one)) for one in shape)
    return _field(number, _field(1, name) + _field(2, _field(1, _field(1, FLOAT) + _field(2, dims))))


def tiny_model(symbols: int = len(SYMBOLS), output: str = "log_probs") -> bytes:
    """The model as a file; with another `output` or number of symbols it fits nothing."""
    colours = (*COLOURS, *[(9.0, 9.0, 9.0)] * symbols)[:symbols]
    channels = [colour[channel] for channel in range(3) for colour in colours]
    graph = b"".join(
        [
            _node("ReduceMean", ["images"], "means", _integers("axes", [2]), _integer("keepdims", 0)),
            _node("Transpose", ["means"], "columns", _integers("perm", [2, 0, 1])),
            _node("Unsqueeze", ["columns", "last"], "alone"),
            _node("Sub", ["alone", "colours"], "away"),
            _node("Mul", ["away", "away"], "square"),
            _node("ReduceMean", ["square"], "distance", _integers("axes", [2]), _integer("keepdims", 0)),
            _node("Mul", ["distance", "sharpness"], "score"),
            _node("LogSoftmax", ["score"], output, _integer("axis", 2)),
            _field(2, "tiny"),
            _constant("last", [3], INT64),
            _constant("colours", channels, FLOAT, [3, symbols]),
            _constant("sharpness", [-SHARPNESS], FLOAT),
            _value(11, "images", ["n", 3, 32, "width"]),
            _value(12, output, ["time", "n", symbols]),
        ]
    )
    return _field(1, 8) + _field(8, _field(1, "") + _field(2, 13)) + _field(7, graph)


def stripes(*colours: tuple[float, float, float], height: int = 64) -> numpy.typing.NDArray[numpy.uint8]:
    """A picture of broad stripes with paper between them."""
    columns = [column for colour in colours for column in (*[WHITE] * 40, *[colour] * 40)] + [WHITE] * 40
    line = numpy.rint(numpy.array(columns) * 255).astype(numpy.uint8)
    return numpy.ascontiguousarray(numpy.broadcast_to(line[None], (height, len(line), 3)))
