"""Two small charts as SVG text, in the way of `web.rules.svg`: a share with its interval, and cases a day.

Colour comes from the classes `tone-…` alone; each has a title for screen readers and its figures as text beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from hotich.keying.rules.intervals import Interval

WIDTH, HEIGHT = 140, 14
DAYS_WIDTH, DAYS_HEIGHT = 640, 120
FOOT = 18
MARGIN = 12  # the name of the first day is wider than its bar


def interval_bar(found: Interval, title: str, *, top: float, limit: float | None = None, tone: str = "accent") -> str:
    """The share as a dot, its interval as a line, the limit as a tick; `top` is the share at the right end."""
    if top <= 0:
        return ""

    def at(share: float) -> float:
        return 4 + (WIDTH - 8) * min(share / top, 1.0)

    low, high, middle = at(found.low), at(found.high), HEIGHT / 2
    limit_line = (
        f'<line class="interval-limit" x1="{at(limit):.1f}" y1="0" x2="{at(limit):.1f}" y2="{HEIGHT}"/>'
        if limit is not None and limit <= top
        else ""
    )
    return (
        f'<svg class="interval-bar" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{escape(title)}"><rect class="tone-track" x="0" y="{middle - 1:g}" width="{WIDTH}" height="2"/>'
        f'<rect class="tone-{escape(tone)}" x="{low:.1f}" y="{middle - 2:g}" width="{max(high - low, 2):.1f}" height="4" '
        f'rx="2"/>{limit_line}<circle class="interval-dot" cx="{at(found.share):.1f}" cy="{middle:g}" r="4"/></svg>'
    )


def day_bars(days: Sequence[tuple[str, int]], title: str, *, norm: int | None = None) -> str:
    """Cases of each day as bars with their numbers where there is room, and the norm as a line. "" without days."""
    if not days:
        return ""
    highest = max([*(count for _, count in days), norm or 0, 1])
    wide, room = DAYS_WIDTH / len(days), DAYS_HEIGHT - FOOT - 14
    step = max(1, -(-len(days) // 12))  # every day's name would run into the next
    bars = "".join(
        _bar(place, label, count, highest, wide, room, told=len(days) <= 31, named=place % step == 0)
        for place, (label, count) in enumerate(days)
    )
    level = 14 + room * (1 - (norm or 0) / highest)
    line = f'<line class="chart-norm" x1="0" y1="{level:.1f}" x2="{DAYS_WIDTH}" y2="{level:.1f}"/>' if norm else ""
    return (
        f'<svg class="day-bars" viewBox="{-MARGIN} 0 {DAYS_WIDTH + 2 * MARGIN} {DAYS_HEIGHT}" role="img" '
        f'aria-label="{escape(title)}">'
        f'{bars}<line class="chart-axis" x1="0" y1="{14 + room}" x2="{DAYS_WIDTH}" y2="{14 + room}"/>{line}</svg>'
    )


def _bar(place: int, label: str, count: int, highest: int, wide: float, room: int, *, told: bool, named: bool) -> str:
    high = room * count / highest
    left, middle = place * wide + wide * 0.15, place * wide + wide / 2
    number = (
        f'<text class="chart-count" x="{middle:.1f}" y="{14 + room - high - 3:.1f}" text-anchor="middle">{count}</text>'
        if told and count
        else ""
    )
    name = f'<text x="{middle:.1f}" y="{DAYS_HEIGHT - 4}" text-anchor="middle">{escape(label)}</text>' if named else ""
    return (
        f'<rect class="tone-accent" x="{left:.1f}" y="{14 + room - high:.1f}" width="{wide * 0.7:.1f}" '
        f'height="{high:.1f}"/>{number}{name}'
    )
