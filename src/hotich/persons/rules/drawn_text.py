"""How much room a text takes in a drawing: estimated, since nothing measures it before it is drawn.

The widths are those of Be Vietnam Pro at 13 pixels semi-bold and 11 pixels, rounded up; accents add none.
"""

from __future__ import annotations

import unicodedata

TEXT_LINE = 17
MOST_LINES = 3
SIDES = 14  # both sides of a box together
NAME, SMALL = 1.0, 0.82  # 13 px semi-bold; 11 px
NARROW, BROAD = frozenset("iltfjrI.,·:;'|()[]1 "), frozenset("mwMWĐ@")


def width_of(text: str, scale: float = NAME) -> float:
    """Pixels this text takes at most."""
    return scale * sum(_letter(each) for each in unicodedata.normalize("NFD", text))


def _letter(each: str) -> float:
    if unicodedata.combining(each):
        return 0
    if each in BROAD:
        return 12.4
    if each in NARROW:
        return 4.8
    return 9.6 if each.isupper() else 7.8


def name_lines(name: str, box: float) -> tuple[str, ...]:
    """A name in at most three lines, broken between words; what does not fit ends in "…"."""
    room = box - SIDES
    lines: list[str] = []
    for word in name.split() or ["–"]:
        if lines and width_of(f"{lines[-1]} {word}") <= room:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    shown = lines[:MOST_LINES]
    if len(lines) > MOST_LINES:
        shown[-1] += " …"
    return tuple(_cut(line, room, NAME) for line in shown)


def label_line(text: str, room: float) -> str:
    """A label in one line."""
    return _cut(text, room, SMALL)


def _cut(text: str, room: float, scale: float) -> str:
    if width_of(text, scale) <= room:
        return text
    while text and width_of(text + "…", scale) > room:
        text = text[:-1].rstrip()
    return text + "…"
