"""A proposal of where the cases stand on a flat page, from its ruling: rows of tables, framed forms. An officer confirms.

A block is a set of rules that cross one another. A block with columns is a table: its rows are cases, the strip of
column titles goes with each of them. A block without columns is a form: one case. Blue school rules cross nothing and
make no table; a page without any block is one case.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy

from hotich.scans.pages import Box, CaseBox, FlatPage
from hotich.scans.rules_of_page import Floats, Mask, Rule, Ruling, even_light, ink_of, ruling_of, small_copy
from hotich.scans.settings import ScanSettings

WORK = 1800  # pixels of the longer side of the copy that is searched
TOUCH = 7.0  # pixels of the copy within which rules meet
STRONG = 12  # a rule at least so small a part of the page long is told of
MOST_RULES = 60  # in a direction, the longest ones


@dataclass(frozen=True, slots=True)
class Block:
    """Rules that hang together: `rows` are the places of the rules across all of it, `columns` of those down."""

    box: Box
    rows: tuple[float, ...]
    columns: tuple[float, ...]

    @property
    def bands(self) -> tuple[float, ...]:
        return tuple(b - a for a, b in pairwise(self.rows))


@dataclass(frozen=True, slots=True)
class Ruled:
    """The small copy of a page with its rules; `scale`: its size as a share of the page's."""

    even: Mask
    ink: Mask
    ruling: Ruling
    scale: float
    dpi: float


def rules_of(flat: FlatPage) -> Ruled:
    """All rules of a flat page, on a small copy (shared by splitting and by layouts)."""
    gray, scale = small_copy(flat.pixels, WORK)
    even = even_light(gray)
    ink = ink_of(even)
    dpi = flat.dpi * scale
    ruling = ruling_of(ink, 0.04 * max(gray.shape), 30, 0.16 * dpi)
    return Ruled(even, ink, ruling, scale, dpi)


def strong_rules(page: Ruled) -> dict[str, Any]:
    """The long rules of a page, in pixels of the flat page: {"across": [[y, left, right]], "down": [[x, top, bottom]]}."""
    height, width = page.ink.shape

    def told(rules: Sequence[Rule], shortest: float, down: bool) -> list[list[float]]:
        longest = sorted((r for r in rules if r.length >= shortest), key=lambda r: -r.length)[:MOST_RULES]
        rows = [((r.x0 + r.x1) / 2, r.y0, r.y1) if down else ((r.y0 + r.y1) / 2, r.x0, r.x1) for r in longest]
        return [[round(float(value + 0.5) / page.scale, 1) for value in row] for row in sorted(rows)]

    return {
        "across": told(page.ruling.across, width / STRONG, False),
        "down": told(page.ruling.down, height / STRONG, True),
    }


def propose_cases(
    flat: FlatPage, settings: ScanSettings, *, over_both_pages: bool | None = None, page: Ruled | None = None
) -> tuple[CaseBox, ...]:
    """The cases of a page in reading order, each with its strip of column titles if it has one.

    `over_both_pages`: whether a row of the left table goes on in the right one (one case) or both tables stand for
    themselves; None: by whether both have the same columns and titles. `page`: its rules, where they are known.
    """
    page = page or rules_of(flat)
    height, width = page.ink.shape
    blocks = find_blocks(page.ruling, width, height)
    cases: list[CaseBox] = []
    for group in _side_by_side(blocks, page, over_both_pages):
        cases += _cases_of(group)
    if not cases:
        return (CaseBox((0.0, 0.0, float(flat.pixels.shape[1]), float(flat.pixels.shape[0]))),)
    return tuple(_enlarged(case, flat, page.scale) for case in cases)


def find_blocks(ruling: Ruling, width: int, height: int) -> list[Block]:
    """The ruled blocks of a page, in reading order: those on the left before those on the right, then downwards."""
    blocks = []
    for across, down in _connected(ruling):
        block = _block(across, down, width, height)
        if block is None:
            continue
        left, top, right, bottom = block.box
        if right - left > 0.2 * width and bottom - top > 0.06 * height and not _writing_lines(block, height):
            blocks.append(block)
    return sorted(blocks, key=lambda b: (round(3 * (b.box[0] + b.box[2]) / 2 / width), b.box[1]))


def _connected(ruling: Ruling) -> list[tuple[list[Rule], list[Rule]]]:
    """Rules grouped so that those of a group cross or touch one another, directly or through others."""
    across, down = ruling.across, ruling.down
    if not across or not down:
        return []
    parent = list(range(len(across) + len(down)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    a = numpy.array([(r.x0, r.x1, r.y0, r.y1) for r in across])
    d = numpy.array([(r.y0, r.y1, r.x0, r.x1) for r in down])
    x = (d[:, 2] + d[:, 3]) / 2
    y = (a[:, 2] + a[:, 3]) / 2
    meets = (x[None] >= a[:, :1] - TOUCH) & (x[None] <= a[:, 1:2] + TOUCH)
    meets &= (y[:, None] >= d[None, :, 0] - TOUCH) & (y[:, None] <= d[None, :, 1] + TOUCH)
    for i, j in zip(*numpy.nonzero(meets), strict=True):
        parent[root(int(i))] = root(len(across) + int(j))
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for i in range(len(parent)):
        group = groups.setdefault(root(i), ([], []))
        if i < len(across):
            group[0].append(across[i])
        else:
            group[1].append(down[i - len(across)])
    return [
        group for group in groups.values() if (len(group[0]) >= 2 and group[1]) or (len(group[1]) >= 2 and group[0])
    ]


def _block(across: list[Rule], down: list[Rule], width: int, height: int) -> Block | None:
    """The frame of a group of rules, and the rules that go through all of it.

    A border that is gone (torn off, lost in the dark of the fold) is where the rules that ran up to it end.
    """
    level = [((r.y0 + r.y1) / 2, r.x0, r.x1) for r in across]
    upright = [((r.x0 + r.x1) / 2, r.y0, r.y1) for r in down]
    left, right = _ends(level)
    top, bottom = _ends(upright)
    rows = _completed(_places(level, left, right, 0.55), (top, bottom), upright, height)
    columns = _completed(_places(upright, top, bottom, 0.5), (left, right), level, width)
    if len(rows) < 2 or len(columns) < 2:
        return None
    return Block((columns[0], rows[0], columns[-1], rows[-1]), tuple(rows), tuple(columns))


def _completed(
    places: list[float], ends: tuple[float, float], others: list[tuple[float, float, float]], extent: int
) -> list[float]:
    """The places of borders, with a lost first or last one where the rules of the other direction end together."""
    if not places:
        return places
    longest = max(e - s for _, s, e in others)
    wide = max(ends[1], places[-1]) - min(ends[0], places[0])
    for side, end in enumerate(ends):
        near = sum(abs(rule[1 + side] - end) < 2 * TOUCH for rule in others if rule[2] - rule[1] > 0.6 * longest)
        beyond = places[0] - end if side == 0 else end - places[-1]
        if near >= 2 and beyond > 0.03 * wide and 0.012 * extent < end < 0.988 * extent:
            places = [end, *places] if side == 0 else [*places, end]
    return places


def _ends(rules: Sequence[tuple[float, float, float]]) -> tuple[float, float]:
    """Where most of the long rules begin and end (a single rule that runs on does not count)."""
    begin, end = (numpy.array([rule[i] for rule in rules]) for i in (1, 2))
    long = end - begin >= 0.6 * float((end - begin).max())
    return float(numpy.median(begin[long])), float(numpy.median(end[long]))


def _places(rules: list[tuple[float, float, float]], start: float, end: float, share: float) -> list[float]:
    """Places where rules, pieces on one line taken together, cover the share of the way from start to end."""
    found: list[float] = []
    rules = sorted(rules)
    i = 0
    while i < len(rules):
        j, line = i + 1, [rules[i]]
        while j < len(rules) and rules[j][0] - line[0][0] < TOUCH:
            line.append(rules[j])
            j += 1
        covered = sum(max(0.0, min(e, end) - max(s, start)) for _, s, e in line)
        if covered >= share * (end - start):
            weights = [e - s for _, s, e in line]
            found.append(float(numpy.average([p for p, _, _ in line], weights=weights)))
        i = j
    return found


def _writing_lines(block: Block, height: int) -> bool:
    """Many narrow even bands and hardly a column: lines to write on, not rows."""
    bands = numpy.array(block.bands)
    return bool(
        len(bands) >= 12
        and len(block.columns) <= 3
        and numpy.median(bands) < 0.033 * height
        and numpy.median(numpy.abs(bands - numpy.median(bands))) < 0.1 * numpy.median(bands)
    )


def title_bands(block: Block) -> int:
    """How many of the uppermost bands hold column titles: those unlike the rows below them."""
    bands = block.bands
    if len(bands) < 2:
        return 0
    rows = float(numpy.median(bands[1:]))
    if len(bands) >= 4 and abs(bands[0] / rows - 1) < 0.1:
        return 0
    if len(bands) < 4 and bands[0] > 0.75 * rows:
        return 0
    titles = 1
    while titles < len(bands) - 1 and bands[titles] < 0.5 * rows:
        titles += 1
    return titles


def is_table(block: Block) -> bool:
    """With at least one column rule inside and two bands; a form has only its frame, or lines to write on."""
    return len(block.columns) >= 3 and len(block.bands) >= 2


def _cases_of(group: list[Block]) -> list[CaseBox]:
    """The cases of one block, or of the tables on both facing pages whose rows are one case each."""
    first = group[0]
    left, right = min(b.box[0] for b in group), max(b.box[2] for b in group)
    if not is_table(first):
        return [CaseBox(first.box)]
    titles = title_bands(first)
    header: Box | None = None
    if titles:
        header = (left, first.rows[0], right, first.rows[titles])
    borders = first.rows[titles:]
    return [CaseBox((left, a, right, b), header) for a, b in pairwise(borders)]


def _side_by_side(blocks: list[Block], page: Ruled, over_both_pages: bool | None) -> list[list[Block]]:
    """Every block for itself, except two tables beside one another whose rows run over both."""
    if over_both_pages is False:
        return [[block] for block in blocks]
    groups: list[list[Block]] = []
    used: set[int] = set()
    for i, block in enumerate(blocks):
        if i in used:
            continue
        partner = next(
            (j for j in range(len(blocks)) if j > i and j not in used and _same_rows(block, blocks[j])), None
        )
        if partner is not None and (over_both_pages or not _same_titles(block, blocks[partner], page)):
            used.add(partner)
            groups.append([block, blocks[partner]])
        else:
            groups.append([block])
    return groups


def _same_rows(one: Block, other: Block) -> bool:
    """Two tables beside one another with rules at the same heights."""
    if not (is_table(one) and is_table(other)) or len(one.rows) != len(other.rows) or one.box[2] > other.box[0]:
        return False
    off = numpy.abs(numpy.array(one.rows) - numpy.array(other.rows))
    return bool(off.max() < 0.35 * float(numpy.median(one.bands)))


def _same_titles(one: Block, other: Block, page: Ruled) -> bool:
    """Whether both tables have the same columns, or titles that look alike: two tables, each for itself."""
    if len(one.columns) != len(other.columns):
        return False

    def shares(block: Block) -> Floats:
        columns = numpy.array(block.columns, dtype=numpy.float64)
        return numpy.asarray((columns - columns[0]) / (columns[-1] - columns[0]))

    return bool(numpy.abs(shares(one) - shares(other)).max() < 0.02)


def _enlarged(case: CaseBox, flat: FlatPage, scale: float) -> CaseBox:
    """The case in pixels of the page."""

    def box(small: Box) -> Box:
        height, width = flat.pixels.shape[:2]
        left, top, right, bottom = ((v + 0.5) / scale for v in small)
        return max(0.0, left), max(0.0, top), min(float(width), right), min(float(height), bottom)

    return CaseBox(box(case.box), box(case.header) if case.header else None)
