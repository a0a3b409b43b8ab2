"""Two small charts as SVG text, in the way of `web.rules.svg`: numbers in their sequence, and how large the PDFs are.

Colour comes from the classes `tone-…` alone; each has a title for screen readers and its figures as text beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape

MOST = 600  # numbers one strip shows; more would be narrower than a pixel
HEIGHT = 12
BARS = 12  # of the histogram
CHART_WIDTH, CHART_HEIGHT = 360, 110
FOOT = 16


def number_strip(numbers: Iterable[int], title: str) -> str:
    """A strip with a field for each number from the lowest to the highest: there, missing, or there more than once.

    "" without numbers; only the first `MOST` where they reach farther.
    """
    counts = Counter(numbers)
    if not counts:
        return ""
    first = min(counts)
    last = min(max(counts), first + MOST - 1)
    fields = [(number, counts[number]) for number in range(first, last + 1)]
    drawn = "".join(_field(place, count) for place, (_number, count) in enumerate(fields))
    return (
        f'<svg class="number-strip" viewBox="0 0 {len(fields)} {HEIGHT}" preserveAspectRatio="none" role="img" '
        f'aria-label="{escape(title)}">{drawn}</svg>'
    )


def _field(place: int, count: int) -> str:
    tone = "muted is-gap" if not count else "ok" if count == 1 else "error"
    top, high = (HEIGHT * 2 // 3, HEIGHT - HEIGHT * 2 // 3) if not count else (0, HEIGHT)
    return f'<rect class="tone-{tone}" x="{place}" y="{top}" width="1" height="{high}"/>'


def size_histogram(sizes: Sequence[int], budget: int, title: str) -> str:
    """How many PDFs have which size: bars up to the budget, and one for those above it. "" without sizes."""
    if not sizes or budget <= 0:
        return ""
    step = budget / BARS
    inside = Counter(BARS if size > budget else min(int(size / step), BARS - 1) for size in sizes)
    highest = max(inside.values())
    wide, room = CHART_WIDTH / (BARS + 1), CHART_HEIGHT - FOOT
    bars = "".join(_bar(place, inside[place], highest, wide, room) for place in range(BARS + 1) if inside[place])
    edge = wide * BARS
    return (
        f'<svg class="size-chart" viewBox="0 0 {CHART_WIDTH} {CHART_HEIGHT}" role="img" aria-label="{escape(title)}">'
        f'{bars}<line class="chart-axis" x1="0" y1="{room}" x2="{CHART_WIDTH}" y2="{room}"/>'
        f'<line class="chart-limit" x1="{edge:.1f}" y1="0" x2="{edge:.1f}" y2="{room}"/>'
        f'<text x="0" y="{CHART_HEIGHT - 3}">0</text>'
        f'<text x="{edge:.1f}" y="{CHART_HEIGHT - 3}" text-anchor="end">{budget // 1000} KB</text></svg>'
    )


def _bar(place: int, count: int, highest: int, wide: float, room: int) -> str:
    high = max(2.0, (room - 14) * count / highest)
    tone = "error" if place == BARS else "accent"
    left = place * wide + 2
    return (
        f'<rect class="tone-{tone}" x="{left:.1f}" y="{room - high:.1f}" width="{wide - 4:.1f}" height="{high:.1f}"/>'
        f'<text class="chart-count" x="{left + wide / 2 - 2:.1f}" y="{room - high - 3:.1f}" text-anchor="middle">'
        f"{count}</text>"
    )
