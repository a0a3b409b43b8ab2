"""How a map of regions is moved from the picture it was drawn on to another one: by the printed rules of both.

No two pages lie alike under the scanner, and an officer draws the box of a case by hand. What is printed is the same on
every page of a book, though: the rules of the picture on which the map was drawn are matched with those of the picture
to be keyed, a size and a shift each way. Where too few match, or only by moving further than a page does, the map stays
as it was drawn. Plain numbers; a package of forty pictures takes some hundredths of a second.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from hotich.keying.rules.pictures import PageSize, Piece, Plan
from hotich.keying.rules.regions import Region

Line = tuple[float, float, float]
"""Of a rule across: its height, where it begins and ends from the left; of a rule down: place, upper and lower end."""

Way = tuple[float, float]
"""A size and a shift in one direction: `place * size + shift`."""

NEAR = 0.008  # of the picture: so far from where it is expected a rule may lie
LEAST_LONG = 0.12  # of the piece of a picture it stands on: shorter ones are strokes of writing
SAME_LINE = 0.003  # nearer to one another than that, they are the two edges or two pieces of one rule
DRAWN, FOUND = 10, 24  # the longest rules of the map and of a picture that are tried on one another
MOST_SCALE = 0.05  # copies and resolutions that were guessed differ by no more
MOST_SHIFT = 0.2  # of the middle of the picture
LEAST_FIT = 0.5  # of the drawn rules, by their length
SAME_ENDS = 0.08  # of the picture: where both ends of two rules are further apart together, they are others
WIDE_ENOUGH = 0.2  # of the picture, between two rules that tell its size
TRIED = 10  # of all ways to lay them on one another, looked at closely


@dataclass(frozen=True, slots=True)
class Ruling:
    """The rules of a picture in shares of its first sheet, and how large that sheet is on paper."""

    across: tuple[Line, ...] = ()
    down: tuple[Line, ...] = ()
    size_mm: tuple[float, float] = (210.0, 297.0)

    def as_json(self) -> dict[str, Any]:
        def told(lines: Iterable[Line]) -> list[list[float]]:
            return [[round(each, 5) for each in line] for line in lines]

        size = [round(each, 1) for each in self.size_mm]
        return {"size_mm": size, "across": told(self.across), "down": told(self.down)}


@dataclass(frozen=True, slots=True)
class Move:
    """From shares of one picture to shares of another: a size and a shift across, a size and a shift down."""

    wide: float = 1.0
    right: float = 0.0
    high: float = 1.0
    lower: float = 0.0

    def region(self, box: Sequence[float]) -> Region:
        """A region as it lies on the other picture, never beyond its edges."""
        left, top, right, bottom = box
        a, c = sorted((_within(left * self.wide + self.right), _within(right * self.wide + self.right)))
        b, d = sorted((_within(top * self.high + self.lower), _within(bottom * self.high + self.lower)))
        return a, b, c, d

    def on_sheet(self, share: float) -> Move:
        """The same on a picture of which the first sheet is only a share of the height."""
        return Move(self.wide, self.right, self.high * share, self.lower * share)

    def as_list(self) -> list[float]:
        return [round(each, 5) for each in (self.wide, self.right, self.high, self.lower)]


UNMOVED = Move()


def read_ruling(stored: Mapping[str, Any] | None) -> Ruling | None:
    """A ruling as it is stored; None where none was measured."""
    if not stored:
        return None
    across, down = (tuple((a, b, c) for a, b, c in stored[name]) for name in ("across", "down"))
    wide, high = stored["size_mm"]
    return Ruling(across, down, (wide, high))


def ruling_of_picture(
    plan: Plan, pages: Mapping[str, Mapping[str, Any] | None], sizes: Mapping[str, PageSize]
) -> Ruling | None:
    """The rules on the first sheet of a picture, from those of its pages; None where a page was not measured."""
    foot = plan.sheets[0] if plan.sheets else plan.height
    pieces = [piece for piece in plan.pieces if piece.place[3] <= foot]
    if not pieces or any(pages.get(piece.page) is None for piece in pieces):
        return None
    across: list[Line] = []
    down: list[Line] = []
    for piece in pieces:
        rules = pages[piece.page] or {}
        x, y = (_axis(piece, side, (plan.width, foot)[side]) for side in (0, 1))
        across += _on_piece(rules.get("across", ()), y, x)
        down += _on_piece(rules.get("down", ()), x, y)
    first = pieces[0]
    mm = (first.box[2] - first.box[0]) / (first.place[2] - first.place[0]) / sizes[first.page].dpi * 25.4
    return Ruling(_merged(across), _merged(down), (plan.width * mm, foot * mm))


Axis = tuple[float, float, float, float]
"""Of a piece, one way: its two edges on the page, and scale and shift from there to shares of the picture."""


def _axis(piece: Piece, side: int, size: int) -> Axis:
    start, end = piece.box[side], piece.box[side + 2]
    scale = (piece.place[side + 2] - piece.place[side]) / (end - start) / size
    return start, end, scale, piece.place[side] / size - start * scale


def _on_piece(rules: Iterable[Sequence[float]], own: Axis, along: Axis) -> Iterable[Line]:
    for place, start, end in rules:
        first, last = max(start, along[0]), min(end, along[1])
        if own[0] < place < own[1] and last - first >= LEAST_LONG * (along[1] - along[0]):
            yield place * own[2] + own[3], first * along[2] + along[3], last * along[2] + along[3]


def _merged(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Lines one after the other; pieces of one line are one."""
    made: list[Line] = []
    for place, start, end in sorted(lines):
        if made and place - made[-1][0] < SAME_LINE:
            before = made[-1]
            longer = before[0] if before[2] - before[1] >= end - start else place
            made[-1] = (longer, min(before[1], start), max(before[2], end))
        else:
            made.append((place, start, end))
    return tuple(made)


# ---- from one picture to another


def move_between(drawn: Ruling | None, found: Ruling | None) -> Move:
    """How a map drawn on one picture lies on another; `UNMOVED` in a direction in which their rules do not tell."""
    if drawn is None or found is None:
        return UNMOVED
    x, y = _ways_between(drawn, found)
    return Move(*(x or (1.0, 0.0)), *(y or (1.0, 0.0)))


def is_same_page(drawn: Ruling, found: Ruling | None) -> bool:
    """Whether what is printed on both pictures is known to be the same."""
    return found is not None and (drawn.as_json() == found.as_json() or any(_ways_between(drawn, found)))


@lru_cache(maxsize=2048)
def _ways_between(drawn: Ruling, found: Ruling) -> tuple[Way | None, Way | None]:
    wide, high = (mine / theirs for mine, theirs in zip(drawn.size_mm, found.size_mm, strict=True))
    x = _matched(drawn.down, found.down, wide, None) or _matched(_ends(drawn.across), _ends(found.across), wide, None)
    if x is None and _tell_a_size(drawn.down) and _tell_a_size(found.down):
        return (
            None,
            None,
        )  # another form, or one drawn larger: lines at even distances would match somewhere all the same
    y = _matched(drawn.across, found.across, high, x) or _matched(_ends(drawn.down), _ends(found.down), high, None)
    return x, y


def _tell_a_size(lines: Sequence[Line]) -> bool:
    return bool(lines) and lines[-1][0] - lines[0][0] >= WIDE_ENOUGH


def _ends(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Where long rules begin and end together: as good as a rule that crosses them there."""
    long = [line for line in lines if line[2] - line[1] > 0.5]
    if len(long) < 2:
        return ()
    ends = sorted(line[1] for line in long), sorted(line[2] for line in long)
    middles = [each[len(each) // 2] for each in ends]
    steady = [sum(abs(end - middle) < NEAR for end in each) for each, middle in zip(ends, middles, strict=True)]
    return tuple((middle, 0.0, 1.0) for middle, count in zip(middles, steady, strict=True) if count > len(long) / 2)


def _matched(drawn: Sequence[Line], found: Sequence[Line], size: float, along: Way | None) -> Way | None:
    """Size and shift at which most of the drawn lines lie on lines found; None where that is not sure.

    `size`: as both pictures are on paper, of one in shares of the other; the two lie near that. `along`: size and shift
    of the other direction, where they are known: lines of one form are told from one another by where they begin.
    """
    mine, theirs = _longest(drawn, DRAWN), _longest(found, FOUND)
    if not mine or not theirs:
        return None
    if along is not None:
        mine = [(place, along[0] * start + along[1], along[0] * end + along[1]) for place, start, end in mine]
    if len(mine) == len(theirs) == 1:
        return _alone(mine[0], theirs[0], size)
    trial = _Trial(mine, theirs, along is not None)
    ways = sorted(((trial.hit(way), way) for way in _ways(mine, trial.places, size)), reverse=True)
    best, least = None, 0.0
    for hit, way in ways[:TRIED]:
        worth = hit * (0.7 + 0.3 * trial.told(way)) - 0.3 * abs(_shift(way)) - 2 * abs(way[0] / size - 1)
        if hit >= LEAST_FIT and worth > least:
            best, least = way, worth
    return trial.refined(best) if best is not None else None


def _longest(lines: Sequence[Line], most: int) -> list[Line]:
    """The longest lines and always the outermost two, in their order."""
    if len(lines) <= most:
        return list(lines)
    chosen = {0, len(lines) - 1}
    for place in sorted(range(len(lines)), key=lambda place: lines[place][1] - lines[place][2]):
        if len(chosen) == most:
            break
        chosen.add(place)
    return [lines[place] for place in sorted(chosen)]


def _alone(mine: Line, theirs: Line, size: float) -> Way | None:
    """One line each, as long and as far from the side: the page is shifted, its size is that on paper."""
    alike = abs(mine[1] - theirs[1]) < 0.1 and abs(mine[2] - theirs[2]) < 0.1
    way = size, theirs[0] - size * mine[0]
    return way if alike and abs(_shift(way)) <= MOST_SHIFT / 2 else None


def _ways(mine: Sequence[Line], places: Sequence[float], size: float) -> Iterable[Way]:
    """Every size and shift that lays two drawn lines on two found ones, within what a page does."""
    reach = MOST_SHIFT + (MOST_SCALE + abs(size - 1)) / 2
    near = [places[bisect_left(places, line[0] - reach) : bisect_left(places, line[0] + reach)] for line in mine]
    for i, first in enumerate(mine):
        for j in range(i + 1, len(mine)):
            span = mine[j][0] - first[0]
            if span < WIDE_ENOUGH:
                continue
            for one in near[i]:
                for other in near[j]:
                    scale = (other - one) / span
                    way = scale, one - scale * first[0]
                    if abs(scale / size - 1) <= MOST_SCALE and abs(_shift(way)) <= MOST_SHIFT:
                        yield way


def _shift(way: Way) -> float:
    """How far the middle of the picture moves."""
    return way[0] * 0.5 + way[1] - 0.5


@dataclass(slots=True)
class _Trial:
    """Drawn lines and found ones, to be laid on one another. `has_ends`: their ends can be compared too."""

    mine: Sequence[Line]
    theirs: Sequence[Line]
    has_ends: bool
    places: list[float] = field(init=False)

    def __post_init__(self) -> None:
        self.places = [line[0] for line in self.theirs]

    def hit(self, way: Way) -> float:
        """The share of the drawn lines that lie on found ones, by their length; one beyond the edge counts half."""
        hit = seen = 0.0
        for place, start, end in self.mine:
            expected, weight = way[0] * place + way[1], end - start
            nearest = self.theirs[_nearest(self.places, expected)]
            off = (nearest[0] - expected) / NEAR
            if -1 < off < 1:
                hit += weight * (1 - off * off) * self._same_ends((place, start, end), nearest)
            seen += weight if -NEAR < expected < 1 + NEAR else weight / 2
        return hit / seen if seen else 0.0

    def _same_ends(self, one: Line, other: Line) -> float:
        if not self.has_ends:
            return 1.0
        return 0.4 + 0.6 * max(0.0, 1 - (abs(one[1] - other[1]) + abs(one[2] - other[2])) / SAME_ENDS)

    def told(self, way: Way) -> float:
        """The share of the found lines, by their length, that lie on drawn ones; those beside the drawing do not count."""
        expected = [way[0] * line[0] + way[1] for line in self.mine]
        within = [line for line in self.theirs if expected[0] - NEAR < line[0] < expected[-1] + NEAR]
        seen = sum(line[2] - line[1] for line in within)
        on = [line for line in within if abs(expected[_nearest(expected, line[0])] - line[0]) < NEAR]
        return sum(line[2] - line[1] for line in on) / seen if seen else 0.0

    def refined(self, way: Way) -> Way | None:
        """The same by least squares through all lines that lie on one another; None where they tell no size."""
        pairs = []
        for place, start, end in self.mine:
            expected = way[0] * place + way[1]
            other = self.places[_nearest(self.places, expected)]
            if abs(other - expected) <= NEAR:
                pairs.append((place, other, end - start))
        if len(pairs) < 2 or pairs[-1][0] - pairs[0][0] < WIDE_ENOUGH:
            return None
        total = sum(weight for *_, weight in pairs)
        mid, there = (sum(pair[side] * pair[2] for pair in pairs) / total for side in (0, 1))
        spread = sum(weight * (place - mid) ** 2 for place, _, weight in pairs)
        scale = sum(weight * (place - mid) * (other - there) for place, other, weight in pairs) / spread
        return scale, there - scale * mid


def _nearest(places: Sequence[float], wanted: float) -> int:
    """Which of these places is the nearest."""
    after = bisect_left(places, wanted)
    if after == len(places) or (after and wanted - places[after - 1] < places[after] - wanted):
        return after - 1
    return after


def _within(share: float) -> float:
    return round(min(1.0, max(0.0, share)), 5)
