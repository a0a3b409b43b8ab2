"""The kinship drawing: where each box, label and line stands. Pure and deterministic; `kinship_svg` writes it down.

The person stands in the middle, parents above, spouses beside, children below; grandparents are stacked on their own
child, grandchildren hang below their own parent, so that the drawing is never wider than four boxes. Every relative
has a label on the line that leads there: the record that proves it. Boxes and labels never touch each other, and no
line runs through a box.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from hotich.persons.rules.drawn_text import TEXT_LINE, label_line, name_lines

BOX, INDENT = 160, 14  # width of a box; how far a second generation is set in
GAP, STRIP, LANE = 18, 24, 20  # between boxes; height of a label (a target for a finger); room of a bar
WIDEST = 4
SIDE = 16  # left and right of everything: where lines pass rows
STEM = 10  # a line meets a box this far from its left edge, its label stands right of it
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Relation:
    """Somebody in the family and what proves it. `kind`: parent, adoptive, spouse, former, child, ended."""

    name: str
    note: str = ""
    url: str = ""
    proof: str = ""  # the record, in words
    proof_url: str = ""
    kind: str = "parent"
    beyond: Sequence[Relation] = ()  # a parent's parents, a child's children


@dataclass(frozen=True, slots=True)
class Family:
    """Up to five generations around one person. `title` says in words what the picture shows."""

    name: str
    note: str = ""
    parents: Sequence[Relation] = ()
    spouses: Sequence[Relation] = ()
    children: Sequence[Relation] = ()
    title: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """A person. `lines` is the name as it fits."""

    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]
    name: str
    note: str = ""
    url: str = ""
    kind: str = "self"


@dataclass(frozen=True, slots=True)
class Tag:
    """The label of a line: the record that proves it."""

    x: float
    y: float
    width: float
    height: float
    text: str
    full: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line along its corners."""

    points: tuple[Point, ...]
    kind: str = ""


@dataclass(slots=True)
class Drawing:
    """What is to be drawn, in the units of the picture (CSS pixels)."""

    left: float = 0
    width: float = 0
    height: float = 0
    title: str = ""
    boxes: list[Box] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


def draw(family: Family) -> Drawing:
    """The places of everything. The same family gives the same drawing."""
    made = _Maker(family)
    made.run()
    return made.drawing


def _rows(items: Sequence[Relation], widest: int = WIDEST) -> list[list[Relation]]:
    """Rows of nearly equal length."""
    if not items:
        return []
    count = -(-len(items) // widest)
    length = -(-len(items) // count)
    return [list(items[start : start + length]) for start in range(0, len(items), length)]


def _height(name: str, note: str, width: float) -> float:
    return 18 + TEXT_LINE * (len(name_lines(name, width)) + bool(note))


class _Maker:
    """Goes from the top downwards and keeps how far it has come."""

    def __init__(self, family: Family) -> None:
        self.family = family
        self.drawing = Drawing(title=family.title)
        self.parents = _rows(family.parents)
        self.children = _rows(family.children)
        beside = [Relation(family.name, family.note, kind="self"), *family.spouses]
        self.middle = _rows(beside)
        longest = max(len(row) for row in (*self.parents, *self.middle, *self.children))
        self.across = longest * (BOX + GAP) - GAP
        self.y = 0.0

    def run(self) -> None:
        arrivals = self._above()
        own = self._beside(arrivals)
        self._below(own)
        boxes = self.drawing.boxes
        self.drawing.left = -SIDE
        self.drawing.width = self.across + 2 * SIDE
        self.drawing.height = max(self.y, max(box.y + box.height for box in boxes))

    def _lefts(self, count: int) -> list[float]:
        start = (self.across - (count * (BOX + GAP) - GAP)) / 2
        return [start + place * (BOX + GAP) for place in range(count)]

    # -- boxes --------------------------------------------------------------------------------------------------

    def _box(self, who: Relation, x: float, y: float, width: float = BOX) -> Box:
        box = Box(
            x, y, width, _height(who.name, who.note, width), name_lines(who.name, width), who.name, who.note, who.url,
            who.kind,
        )  # fmt: skip
        self.drawing.boxes.append(box)
        return box

    def _tag(self, who: Relation, x: float, y: float, width: float) -> None:
        if who.proof:
            self.drawing.tags.append(Tag(x, y, width, STRIP, label_line(who.proof, width), who.proof, who.proof_url))

    def _line(self, *points: Point, kind: str = "") -> None:
        self.drawing.lines.append(Line(tuple(points), kind))

    # -- parents ------------------------------------------------------------------------------------------------

    def _above(self) -> list[tuple[float, float, str]]:
        """The rows of parents. Where their lines come down: (x, y of the label's foot, kind)."""
        feet: list[tuple[float, float, str]] = []
        for row in self.parents:
            tallest = max(self._stack_above(who) for who in row)
            for who, x in zip(row, self._lefts(len(row)), strict=True):
                top = self.y + tallest - self._stack_above(who)
                box = self._ancestors(who, x, top)
                foot = box.y + box.height
                self._tag(who, x + STEM + 8, foot, BOX - STEM - 8)
                self._line((x + STEM, foot), (x + STEM, foot + STRIP), kind=who.kind)
                feet.append((x + STEM, foot + STRIP, who.kind))
            self.y += tallest + STRIP + LANE
        return feet

    def _stack_above(self, who: Relation) -> float:
        further = sum(_height(each.name, each.note, BOX - INDENT) + STRIP for each in who.beyond)
        return further + _height(who.name, who.note, BOX)

    def _ancestors(self, who: Relation, x: float, top: float) -> Box:
        """The parents of a parent, one above the other, and the parent's own box below them."""
        y, trunk = top, x + INDENT / 2
        knees: list[tuple[float, str]] = []
        for each in who.beyond:
            box = self._box(each, x + INDENT, y, BOX - INDENT)
            self._tag(each, x + INDENT, y + box.height, BOX - INDENT)
            knees.append((y + STEM, each.kind))
            y += box.height + STRIP
        box = self._box(who, x, y)
        for knee, kind in knees:
            self._line((x + INDENT, knee), (trunk, knee), (trunk, y), kind=kind)
        return box

    # -- the person and spouses ---------------------------------------------------------------------------------

    def _beside(self, arrivals: Sequence[tuple[float, float, str]]) -> Point:
        """The middle rows; where the line to the children leaves the person."""
        own_x = self._lefts(len(self.middle[0]))[0]
        centre = own_x + BOX / 2
        if arrivals:
            self._join_parents(arrivals, centre)
        own: Box | None = None
        leaving = 0.0
        for number, row in enumerate(self.middle):
            top = self.y + (STRIP if len(row) > 1 or number else 0)
            placed = [self._box(who, x, top) for who, x in zip(row, self._lefts(len(row)), strict=True)]
            bottom = top + max(box.height for box in placed)
            own = own or placed[0]
            bus = bottom + LANE / 2
            for who, box in zip(row, placed, strict=True):
                if who.kind == "self":
                    continue
                self._tag(who, box.x, top - STRIP, BOX)
                self._marriage(own, box, bus, first=number == 0, kind=who.kind)
            if number == 0:
                leaving = bottom + LANE
                if arrivals and top > self.y:
                    self._line((centre, self.y), (centre, top))
            self.y = bottom + LANE + (LANE if number == 0 and len(self.middle) > 1 else 0)
        assert own is not None
        self._line((centre, own.y + own.height), (centre, leaving)) if self.children else None
        return centre, leaving

    def _marriage(self, own: Box, box: Box, bus: float, *, first: bool, kind: str) -> None:
        start = (own.x + own.width - STEM, own.y + own.height)
        end = (box.x + STEM, box.y + box.height)
        if first:
            self._line(start, (start[0], bus), (end[0], bus), end, kind=kind)
            return
        own_bus = max(each.y + each.height for each in self.drawing.boxes if each.y == own.y) + LANE / 2
        side = self.across + SIDE / 2
        self._line(start, (start[0], own_bus), (side, own_bus), (side, bus), (end[0], bus), end, kind=kind)

    def _join_parents(self, feet: Sequence[tuple[float, float, str]], centre: float) -> None:
        """From the feet of the labels to a bar above the person; upper rows come down at the left of all."""
        last = max(foot for _x, foot, _kind in feet)
        bar = last + LANE / 2
        for x, foot, kind in feet:
            if foot == last:
                self._line((x, foot), (x, bar), (centre, bar), (centre, self.y), kind=kind)
            else:
                lane = foot + LANE / 2
                self._line((x, foot), (x, lane), (-SIDE / 2, lane), (-SIDE / 2, bar), (centre, bar), kind=kind)

    # -- children -----------------------------------------------------------------------------------------------

    def _below(self, own: Point) -> None:
        if not self.children:
            return
        centre, leaving = own
        first_bar = self.y
        if first_bar > leaving:  # past further spouses
            self._line((centre, leaving), (-SIDE / 2, leaving), (-SIDE / 2, first_bar), (centre, first_bar))
        for number, row in enumerate(self.children):
            bar = self.y
            if number:
                self._line((centre, first_bar), (-SIDE / 2, first_bar), (-SIDE / 2, bar))
            start = -SIDE / 2 if number else centre
            lowest = bar
            for who, x in zip(row, self._lefts(len(row)), strict=True):
                stem = x + STEM
                top = bar + LANE / 2 + STRIP
                self._line((start, bar), (stem, bar), (stem, top), kind=who.kind)
                self._tag(who, stem + 8, top - STRIP, BOX - STEM - 8)
                lowest = max(lowest, self._descendants(who, x, top))
            self.y = lowest + LANE

    def _descendants(self, who: Relation, x: float, top: float) -> float:
        """A child and below it the child's children; where it ends."""
        box = self._box(who, x, top)
        start = y = top + box.height
        trunk = x + INDENT / 2
        for each in who.beyond:
            self._tag(each, x + INDENT, y, BOX - INDENT)
            low = self._box(each, x + INDENT, y + STRIP, BOX - INDENT)
            self._line((trunk, start), (trunk, low.y + STEM), (x + INDENT, low.y + STEM), kind=each.kind)
            y = low.y + low.height
        return y


def segments(drawing: Drawing) -> Iterator[tuple[Point, Point]]:
    """Every straight piece of every line."""
    for line in drawing.lines:
        yield from pairwise(line.points)
