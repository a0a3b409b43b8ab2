"""Charts about a model as SVG text, drawn by the server (see `web.rules.svg`): weights of levels, links by certainty."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

WEIGHT_WIDTH, WEIGHT_HEIGHT, MOST_BITS = 240, 12, 16.0
WIDTH, HEIGHT, LEFT, BELOW = 640, 180, 8, 22


def weight_bar(bits: float, title: str) -> str:
    """A bar from the middle: to the right for bits that speak for one person, to the left for those that speak against."""
    middle = WEIGHT_WIDTH / 2
    length = min(abs(bits), MOST_BITS) / MOST_BITS * middle
    start = middle if bits >= 0 else middle - length
    tone = "ok" if bits >= 0 else "error"
    return (
        f'<svg class="weight-bar" viewBox="0 0 {WEIGHT_WIDTH} {WEIGHT_HEIGHT}" role="img" aria-label="{escape(title)}">'
        f'<rect class="tone-track" x="0" y="5" width="{WEIGHT_WIDTH}" height="2"/>'
        f'<rect class="tone-{tone}" x="{start:.1f}" y="1" width="{max(length, 1):.1f}" height="10"/>'
        f'<rect class="tone-muted" x="{middle - 0.5:g}" y="0" width="1" height="{WEIGHT_HEIGHT}"/></svg>'
    )


def histogram(bins: Sequence[tuple[int, int, int]], link_at: float, title: str) -> str:
    """Records by whole bits of certainty: (bits, all of them, expected wrong ones); a line where links begin.

    The heights follow the square root, so that few doubtful ones can be seen beside many sure ones; the wrong ones stand in
    front of the others.
    """
    if not bins:
        return ""
    low, high = min(bits for bits, _, _ in bins), max(bits for bits, _, _ in bins)
    step, most = (WIDTH - 2 * LEFT) / (high - low + 1), max(number for _, number, _ in bins) or 1
    parts = []
    for bits, number, wrong in bins:
        at = LEFT + (bits - low) * step
        for value, tone in ((number, "accent" if bits >= link_at else "muted"), (min(wrong, number), "error")):
            if value > 0:
                tall = max((value / most) ** 0.5 * (HEIGHT - BELOW - 8), 1.0)
                parts.append(
                    f'<rect class="tone-{tone}" x="{at + 0.5:.1f}" y="{HEIGHT - BELOW - tall:.1f}" '
                    f'width="{max(step - 1, 1):.1f}" height="{tall:.1f}"/>'
                )
        if bits % 5 == 0:
            parts.append(f'<text x="{at + step / 2:.1f}" y="{HEIGHT - 6}" text-anchor="middle">{bits}</text>')
    line = LEFT + (min(max(link_at, low), high + 1) - low) * step
    parts.append(f'<line class="link-line" x1="{line:.1f}" x2="{line:.1f}" y1="2" y2="{HEIGHT - BELOW}"/>')
    return (
        f'<svg class="certainty-chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">'
        f'<line class="base-line" x1="0" x2="{WIDTH}" y1="{HEIGHT - BELOW}" y2="{HEIGHT - BELOW}"/>{"".join(parts)}</svg>'
    )
