"""The kinship drawing as SVG: text and links, no script, no style; colour comes from classes (css/persons.css)."""

from __future__ import annotations

from html import escape

from hotich.persons.rules.drawn_text import TEXT_LINE, label_line
from hotich.persons.rules.kinship_drawing import Box, Drawing, Family, Line, Tag, draw

EDGE = 2


def kinship_svg(family: Family) -> str:
    """The drawing. Its links are reached by keyboard in the order of the generations, the proof after the person."""
    return svg_of(draw(family))


def svg_of(drawing: Drawing) -> str:
    """A drawing as it is laid out."""
    left, across, down = drawing.left - EDGE, drawing.width + 2 * EDGE, drawing.height + 2 * EDGE
    things: list[tuple[float, float, str]] = [
        *((box.y, box.x, _box(box)) for box in drawing.boxes),
        *((tag.y, tag.x, _tag(tag)) for tag in drawing.tags),
    ]
    inside = "".join([*map(_line, drawing.lines), *(text for _y, _x, text in sorted(things))])
    return (
        f'<svg class="family" viewBox="{left:g} -{EDGE} {across:g} {down:g}" width="{across:g}" height="{down:g}" '
        f'role="group" aria-label="{escape(drawing.title)}">{inside}</svg>'
    )


def _line(line: Line) -> str:
    way = " ".join(f"{x:g},{y:g}" for x, y in line.points)
    return f'<polyline class="family-line is-{escape(line.kind or "child")}" points="{way}"/>'


def _linked(inside: str, url: str, name: str) -> str:
    if not url:
        return f"<g>{inside}</g>"
    return f'<a class="family-link" href="{escape(url)}" aria-label="{escape(name)}">{inside}</a>'


def _box(box: Box) -> str:
    middle = box.x + box.width / 2
    count = len(box.lines) + bool(box.note)
    first = box.y + (box.height - count * TEXT_LINE) / 2 + 13
    texts = "".join(
        f'<text class="family-name" x="{middle:g}" y="{first + place * TEXT_LINE:g}" text-anchor="middle">'
        f"{escape(line)}</text>"
        for place, line in enumerate(box.lines)
    )
    if box.note:
        texts += (
            f'<text class="family-note" x="{middle:g}" y="{first + len(box.lines) * TEXT_LINE:g}" '
            f'text-anchor="middle">{escape(label_line(box.note, box.width - 8))}</text>'
        )
    name = f"{box.name}, {box.note}" if box.note else box.name
    rect = (
        f'<rect class="family-box is-{escape(box.kind)}" x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" '
        f'height="{box.height:g}" rx="4"/>'
    )
    return _linked(f"<title>{escape(name)}</title>{rect}{texts}", box.url, name)


def _tag(tag: Tag) -> str:
    text = (
        f"<title>{escape(tag.full)}</title>"
        f'<rect class="family-hit" x="{tag.x:g}" y="{tag.y:g}" width="{tag.width:g}" height="{tag.height:g}"/>'
        f'<text class="family-proof" x="{tag.x + 2:g}" y="{tag.y + 16:g}">{escape(tag.text)}</text>'
    )
    return _linked(text, tag.url, tag.full)
