"""The family drawing: everybody in it, names safe and broken, never wider than four boxes."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from hotich.persons.rules.family import BOX_WIDTH, GAP, WIDEST, Family, Node, family_svg

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
    assert float(svg.get("width", "0")) <= WIDEST * (BOX_WIDTH + GAP)
    places = {(item.get("x"), item.get("y")) for item in boxes(svg)}
    assert len(places) == len(boxes(svg)) == 14


def test_names_are_escaped_and_long_ones_take_two_lines() -> None:
    svg = family_svg(Family(Node("<script>&"), title='"x"'))
    assert "<script>" not in svg
    long = drawn(Family(Node("Nguyễn Phước Hoàng Bảo Trân Minh Châu An Nhiên Tuệ Lâm")))
    lines = [item.text or "" for item in long.iter() if item.tag.endswith("text")]
    assert len(lines) == 2
    assert all(len(line) <= 21 for line in lines)
