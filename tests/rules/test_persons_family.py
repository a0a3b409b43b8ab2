"""The family drawing: everybody in it, names safe and broken, never wider than four boxes."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from itertools import pairwise

from hotich.persons.rules.family import BOX_WIDTH, GAP, MARGIN, WIDEST, Family, Node, family_svg

SPACE = "{http://www.w3.org/2000/svg}"


def drawn(family: Family) -> ET.Element:
    return ET.fromstring(family_svg(family))


def boxes(svg: ET.Element) -> list[ET.Element]:
    return [item for item in svg.iter() if item.tag.endswith("rect")]


def test_every_member_has_a_box_and_the_picture_a_name() -> None:
    svg = drawn(
        Family(Node("A", kind="self"), [Node("Cha"), Node("Mẹ")], [Node("Vợ", kind="spouse")], [Node("Con")], "Nhà A")
    )
    assert len(boxes(svg)) == 5
    assert (svg.get("role"), svg.get("aria-label")) == ("img", "Nhà A")
    assert "style" not in ET.tostring(svg, encoding="unicode")


def test_somebody_alone_is_one_box_without_lines() -> None:
    svg = drawn(Family(Node("A", kind="self")))
    assert len(boxes(svg)) == 1
    assert [item for item in svg.iter() if item.tag.endswith("path")] == []


def test_many_children_are_broken_into_rows_and_no_box_lies_on_another() -> None:
    svg = drawn(Family(Node("A", kind="self"), children=[Node(f"Con {number}") for number in range(13)]))
    assert float(svg.get("width", "0")) <= WIDEST * (BOX_WIDTH + GAP) + MARGIN
    places = {(item.get("x"), item.get("y")) for item in boxes(svg)}
    assert len(places) == len(boxes(svg)) == 14


def test_names_are_escaped_and_long_ones_take_two_lines() -> None:
    svg = family_svg(Family(Node("<script>&"), title='"x"'))
    assert "<script>" not in svg
    long = drawn(Family(Node("Nguyễn Phước Hoàng Bảo Trân Minh Châu An Nhiên Tuệ Lâm")))
    lines = [item.text or "" for item in long.iter() if item.tag.endswith("text")]
    assert len(lines) == 2
    assert all(len(line) <= 21 for line in lines)


def test_no_line_runs_through_a_box_to_a_second_row_of_children() -> None:
    svg = drawn(Family(Node("A", kind="self"), children=[Node(f"Con {number}") for number in range(7)]))
    walls = [tuple(float(item.get(name, "0")) for name in ("x", "y", "width", "height")) for item in boxes(svg)]
    for line in (item.get("d", "") for item in svg.iter() if item.tag.endswith("path")):
        for (x1, y1), (x2, y2) in pairwise(corners(line)):
            for x, y, width, height in walls:
                across = min(x1, x2) < x + width and max(x1, x2) > x
                down = min(y1, y2) < y + height and max(y1, y2) > y
                assert not (across and down), line


def corners(line: str) -> list[tuple[float, float]]:
    """The corner points of a path of M, V and H."""
    found: list[tuple[float, float]] = []
    for command, rest in re.findall(r"([MVH])([^MVH]+)", line):
        numbers = [float(number) for number in rest.split()]
        x, y = found[-1] if found else (0.0, 0.0)
        found.append({"M": tuple(numbers), "V": (x, numbers[0]), "H": (numbers[0], y)}[command])  # type: ignore[arg-type]
    return found
