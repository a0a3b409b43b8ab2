"""The family drawing: parents above, the person and spouses in the middle, children below; SVG as text, no script.

Colour and line come from classes alone (css/persons.css). It is a picture: the list beside it says the same in words,
with links.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

BOX_WIDTH, BOX_HEIGHT, GAP, ROW_GAP = 164, 62, 20, 40
WIDEST = 4
MARGIN = 14  # left of all boxes: where the line runs down to a second row of children
LINE_LETTERS = 21


@dataclass(frozen=True, slots=True)
class Node:
    """Somebody in the drawing. `kind`: self, parent, adoptive, spouse, former, child, guardian."""

    name: str
    note: str = ""
    kind: str = "parent"


@dataclass(frozen=True, slots=True)
class Family:
    """Three generations. `title` says in words what the picture shows."""

    person: Node
    parents: Sequence[Node] = ()
    spouses: Sequence[Node] = ()
    children: Sequence[Node] = ()
    title: str = ""


def family_svg(family: Family) -> str:
    """The drawing, at most four boxes wide: larger rows are broken, so that it fits beside the facts."""
    above, below = _broken(family.parents), _broken(family.children)
    middle = _broken([family.person, *family.spouses])
    rows = [*above, *middle, *below]
    width = max(len(row) for row in rows) * (BOX_WIDTH + GAP) - GAP
    height = len(rows) * (BOX_HEIGHT + ROW_GAP) - ROW_GAP
    places = [_places(len(row), width) for row in rows]
    own_row = len(above)
    own = places[own_row][0] + BOX_WIDTH / 2
    lines, boxes = [], []
    for number, row in enumerate(rows):
        top = number * (BOX_HEIGHT + ROW_GAP)
        centres = [left + BOX_WIDTH / 2 for left in places[number]]
        if number < own_row:
            lines += _branch(centres, own, top + BOX_HEIGHT, own_row * (BOX_HEIGHT + ROW_GAP), row)
        elif number < own_row + len(middle):
            lines += _spouse_lines(places[number], top, row)
        else:
            lines += _twigs(centres, own, own_row * (BOX_HEIGHT + ROW_GAP) + BOX_HEIGHT, top)
        boxes += [_box(node, left, top) for node, left in zip(row, places[number], strict=True)]
    left = 2 + (MARGIN if len(middle) > 1 or len(below) > 1 else 0)
    across = width + 2 + left
    return (
        f'<svg class="family" viewBox="-{left} -2 {across} {height + 4}" width="{across}" height="{height + 4}" '
        f'role="img" aria-label="{escape(family.title)}">{"".join(lines + boxes)}</svg>'
    )


def _broken(nodes: Sequence[Node]) -> list[list[Node]]:
    """Rows of equal length, none longer than four."""
    if not nodes:
        return []
    count = -(-len(nodes) // WIDEST)
    length = -(-len(nodes) // count)
    return [list(nodes[start : start + length]) for start in range(0, len(nodes), length)]


def _places(count: int, width: int) -> list[float]:
    """Left edges of `count` boxes centred in the width."""
    start = (width - (count * (BOX_WIDTH + GAP) - GAP)) / 2
    return [start + number * (BOX_WIDTH + GAP) for number in range(count)]


def _branch(centres: Sequence[float], own: float, top: float, bottom: float, row: Sequence[Node]) -> list[str]:
    """From parents down to a bar just above the person."""
    bar = bottom - ROW_GAP / 2
    return [
        f'<path class="family-line is-{escape(node.kind)}" d="M{x:g} {top:g}V{bar:g}H{own:g}V{bottom:g}"/>'
        for x, node in zip(centres, row, strict=True)
    ]


def _twigs(centres: Sequence[float], own: float, bottom: float, top: float) -> list[str]:
    """From the person down to the bar above a row of children.

    A further row is reached around the first one: a line through it would make its children parents.
    """
    bar, first = top - ROW_GAP / 2, bottom + ROW_GAP / 2
    way = f"V{bar:g}" if bar == first else f"V{first:g}H{-MARGIN:g}V{bar:g}"
    return [f'<path class="family-line" d="M{own:g} {bottom:g}{way}H{x:g}V{top:g}"/>' for x in centres]


def _spouse_lines(row: Sequence[float], top: float, nodes: Sequence[Node]) -> list[str]:
    y = top + BOX_HEIGHT / 2
    return [
        f'<path class="family-line is-{escape(node.kind)}" d="M{row[number] - GAP:g} {y:g}H{row[number]:g}"/>'
        for number, node in enumerate(nodes)
        if number > 0
    ]


def _box(node: Node, x: float, y: float) -> str:
    lines = _lines(node.name)
    first = y + (25 if len(lines) == 1 else 20)
    texts = "".join(
        f'<text class="family-name" x="{x + BOX_WIDTH / 2:g}" y="{first + number * 16:g}" text-anchor="middle">'
        f"{escape(line)}</text>"
        for number, line in enumerate(lines)
    )
    note = (
        f'<text class="family-note" x="{x + BOX_WIDTH / 2:g}" y="{y + BOX_HEIGHT - 9:g}" text-anchor="middle">'
        f"{escape(node.note)}</text>"
        if node.note
        else ""
    )
    return (
        f'<rect class="family-box is-{escape(node.kind)}" x="{x:g}" y="{y:g}" width="{BOX_WIDTH}" '
        f'height="{BOX_HEIGHT}" rx="4"/>{texts}{note}'
    )


def _lines(name: str) -> list[str]:
    """A name in at most two lines, broken between words."""
    if len(name) <= LINE_LETTERS:
        return [name or "–"]
    words, first = name.split(), ""
    while words and len(first) + len(words[0]) < LINE_LETTERS:
        first = f"{first} {words.pop(0)}".strip()
    rest = " ".join(words)
    if not first:
        first, rest = rest[: LINE_LETTERS - 1] + "…", ""
    return [first, rest if len(rest) <= LINE_LETTERS else rest[: LINE_LETTERS - 1] + "…"] if rest else [first]
