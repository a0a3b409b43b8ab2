"""The one JSON writing of a value, of which hashes are made: sorted keys, UTF-8, no spaces.

`canonical` is fast where the package orjson is installed; `canonical_plain` needs Python alone and gives the same bytes
for everything that comes back from the database (a test says so). What a jsonb column does not keep – numbers from
1e16 as floats, minus zero – is written as it comes back: as an integer, as zero.
"""

from __future__ import annotations

import json
from datetime import date, datetime, time
from typing import Any

try:
    import orjson
except ImportError:  # the verifier runs without any package
    orjson = None  # type: ignore[assignment]

LARGEST_FLOAT = 1e16  # from here on a jsonb column gives an integer back


def canonical(value: Any) -> bytes:
    """Sorted keys, UTF-8, no spaces; dates and identifiers as text."""
    if orjson is None:
        return canonical_plain(value)
    try:
        fast = orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS, default=str)
    except orjson.JSONEncodeError:  # an integer beyond 64 bits
        return canonical_plain(value)
    # a large float or minus zero (or a text that looks like it: then both ways give the same)
    return canonical_plain(value) if b"e+" in fast or b"-0.0" in fast else fast


def canonical_plain(value: Any) -> bytes:
    """The same bytes with nothing but Python."""
    return _written(value).encode()


def _written(value: Any) -> str:
    if isinstance(value, dict):
        named = {_key(key): each for key, each in value.items()}
        return "{" + ",".join(f"{_text(key)}:{_written(named[key])}" for key in sorted(named)) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(_written, value)) + "]"
    if value is None or value is True or value is False:
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, float):
        return _number(value)
    return _text(_plain(value))


def _key(key: Any) -> str:
    return key if isinstance(key, str) else _written(key).strip('"')


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date | datetime | time) else str(value)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _number(value: float) -> str:
    """The shortest decimal that gives the same float: as Python writes it, but 0.00001 and 1e-7."""
    if value != value or value in (float("inf"), float("-inf")):
        return "null"
    if value == 0:
        return "0.0"
    if abs(value) >= LARGEST_FLOAT:
        return str(_integer_of(value))
    written = repr(value)
    digits, mark, power = written.partition("e")
    if not mark:
        return written
    if int(power) == -5:
        sign, digits = ("-", digits[1:]) if digits.startswith("-") else ("", digits)
        return f"{sign}0.0000{digits.replace('.', '')}"
    return f"{digits}e{int(power)}"


def _integer_of(value: float) -> int:
    """The integer a decimal column reads: the shortest decimal digits, then noughts (not the float's binary value)."""
    digits, _mark, power = repr(value).partition("e")
    whole, _point, fraction = digits.partition(".")
    return int(whole + fraction) * 10 ** (int(power or 0) - len(fraction)) if power else int(value)
