"""Why a package came back: how many of its cases were returned is noted as a line of its own, so that it can be told in any
language; all other lines are somebody's words.
"""

from __future__ import annotations

import re

_COUNTED = re.compile(r"(\d{1,6}) trường hợp bị trả lại")


def returned_line(number: int) -> str:
    """The line that is noted when a check ends with so many returned cases."""
    return f"{number} trường hợp bị trả lại"


def returned_number(line: str) -> int | None:
    """How many cases such a line tells of; None for words of somebody."""
    found = _COUNTED.fullmatch(line)
    return int(found[1]) if found else None
