"""Charts as SVG text, drawn by the server: they print, need no script and carry no style attribute (strict CSP).

Colour comes from the class `tone-<name>` alone (css/charts.css): brand, accent, ok, warning, error, muted. Each
chart has a title for screen readers; where a legend is needed it is text, never colour only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import pi

from hotich.web.rules.formats import number_text, percent_text

BAR_WIDTH, BAR_HEIGHT = 600, 14
RING_SIZE, RING_STROKE = 84, 9
LINE_WIDTH, LINE_HEIGHT = 120, 28


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a whole: label, value (not negative), tone."""

    label: str
    value: float
    tone: str = "brand"


def stacked_bar(parts: Sequence[Part], title: str, *, lang: str = "vi") -> str:
    """A bar whose pieces are as long as the parts' shares, and a legend with the numbers.

    Every part above nothing is at least 3 units long, so that one case in ten thousand can still be seen.
    Raises ValueError on a negative value.
    """
    if any(part.value < 0 for part in parts):
        raise ValueError("a part of a bar may not be negative")
    lengths = _lengths([part.value for part in parts], BAR_WIDTH)
    pieces, at = [], 0.0
    for part, length in zip(parts, lengths, strict=True):
        if length:
            pieces.append(_rect(at, length, f"tone-{escape(part.tone)}"))
        at += length
    whole = sum(part.value for part in parts)
    legend = "".join(_legend_line(part, whole, lang) for part in parts)
    return (
        f'<figure class="chart"><svg class="stacked-bar" viewBox="0 0 {BAR_WIDTH} {BAR_HEIGHT}" '
        f'preserveAspectRatio="none" role="img" aria-label="{escape(title)}">'
        f"{_rect(0, BAR_WIDTH, 'tone-track')}{''.join(pieces)}</svg>"
        f'<figcaption><ul class="legend">{legend}</ul></figcaption></figure>'
    )


def ring(done: float, total: float, title: str, *, tone: str = "brand", lang: str = "vi") -> str:
    """A ring filled by the share done of total, clockwise from the top, the share written inside."""
    share = min(max(done / total, 0), 1) if total else 0.0
    radius, middle = (RING_SIZE - RING_STROKE) / 2, RING_SIZE / 2
    around = 2 * pi * radius
    text = percent_text(done, total, lang, decimals=0)
    circle = f'cx="{middle:g}" cy="{middle:g}" r="{radius:g}" fill="none" stroke-width="{RING_STROKE}"'
    filled = (
        f'<circle class="ring-done tone-{escape(tone)}" {circle} stroke-dasharray="{share * around:.2f} {around:.2f}" '
        f'transform="rotate(-90 {middle:g} {middle:g})"/>'
        if share
        else ""
    )
    return (
        f'<svg class="ring" width="{RING_SIZE}" height="{RING_SIZE}" viewBox="0 0 {RING_SIZE} {RING_SIZE}" '
        f'role="img" aria-label="{escape(title)}: {escape(text)}"><circle class="ring-track" {circle}/>{filled}'
        f'<text x="{middle:g}" y="{middle:g}" text-anchor="middle" dominant-baseline="central" '
        f'aria-hidden="true">{escape(text)}</text></svg>'
    )


def sparkline(values: Sequence[float], title: str, *, tone: str = "brand") -> str:
    """A line through the values, the last one marked with a dot; all equal values give a level line."""
    if not values:
        return ""
    low, high = min(values), max(values)
    room, step = LINE_HEIGHT - 6, (LINE_WIDTH - 6) / max(len(values) - 1, 1)
    height = [3 + room * (1 - (value - low) / (high - low)) if high > low else LINE_HEIGHT / 2 for value in values]
    points = [(3 + step * place, level) for place, level in enumerate(height)]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return (
        f'<svg class="sparkline tone-{escape(tone)}" width="{LINE_WIDTH}" height="{LINE_HEIGHT}" '
        f'viewBox="0 0 {LINE_WIDTH} {LINE_HEIGHT}" role="img" aria-label="{escape(title)}">'
        f'<polyline points="{line}" fill="none"/>'
        f'<circle cx="{points[-1][0]:.1f}" cy="{points[-1][1]:.1f}" r="2.5"/></svg>'
    )


def _lengths(values: Sequence[float], room: float) -> list[float]:
    """How long each piece is; small ones get 3 units, taken from the others in proportion."""
    whole = sum(values)
    if not whole:
        return [0.0 for _ in values]
    least = 3.0
    raw = [value / whole * room for value in values]
    small = sum(least for length in raw if 0 < length < least)
    large = sum(length for length in raw if length >= least)
    scale = (room - small) / large if large else 1.0
    return [0.0 if not length else least if length < least else length * scale for length in raw]


def _rect(at: float, length: float, cls: str) -> str:
    return f'<rect class="{cls}" x="{at:.2f}" y="0" width="{length:.2f}" height="{BAR_HEIGHT}"/>'


def _legend_line(part: Part, whole: float, lang: str) -> str:
    return (
        f'<li><svg class="key" width="10" height="10" aria-hidden="true"><rect class="tone-{escape(part.tone)}" '
        f'width="10" height="10" rx="2"/></svg>{escape(str(part.label))} '
        f"<b>{number_text(part.value, lang)}</b> <span>{percent_text(part.value, whole, lang)}</span></li>"
    )
