"""The kinship drawing: everybody in it, nothing on top of anything, whatever the family."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from hotich.persons.rules.drawn_text import SIDES, label_line, name_lines, width_of
from hotich.persons.rules.kinship_drawing import (
    BOX,
    GAP,
    SIDE,
    WIDEST,
    Box,
    Drawing,
    Family,
    Relation,
    Tag,
    draw,
    segments,
)
from hotich.persons.rules.kinship_svg import kinship_svg, svg_of

WORDS = ["Nguyễn", "Thị", "Hương", "Phước", "ĐẶNG", "Y", "H'Bia", "Niê", "Mlô", "Công", "Tằng", "Tôn", "Nữ", "WM"]
names = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)
kinds = st.sampled_from(["parent", "adoptive", "former", "child", "ended"])


def relations(most: int, beyond: st.SearchStrategy[list[Relation]] | None = None) -> st.SearchStrategy[list[Relation]]:
    one = st.builds(
        Relation, name=names, note=st.sampled_from(["", "Cha · 02/03/1970", "Người được nhận làm con nuôi từ nhỏ"]),
        url=st.sampled_from(["", "/nguoi/1/"]), proof=st.sampled_from(["", "Khai sinh 12/2006 (đã chấm dứt)"]),
        proof_url=st.sampled_from(["", "/ban-ghi/1/"]), kind=kinds, beyond=st.just([]) if beyond is None else beyond,
    )  # fmt: skip
    return st.lists(one, max_size=most)


families = st.builds(
    Family,
    name=names,
    note=st.sampled_from(["", "1970"]),
    parents=relations(6, relations(4)),
    spouses=relations(6),
    children=relations(13, relations(5)),
    title=st.just("Nhà"),
)


def count(people: list[Relation]) -> int:
    return sum(1 + len(each.beyond) for each in people)


def overlap(a: Box | Tag, b: Box | Tag) -> bool:
    return a.x < b.x + b.width and b.x < a.x + a.width and a.y < b.y + b.height and b.y < a.y + a.height


def crosses(drawing: Drawing, box: Box) -> bool:
    """Whether a line runs through the inside of a box."""
    for (x1, y1), (x2, y2) in segments(drawing):
        left, right, top, bottom = min(x1, x2), max(x1, x2), min(y1, y2), max(y1, y2)
        inside_x = left < box.x + box.width - 0.1 and right > box.x + 0.1
        inside_y = top < box.y + box.height - 0.1 and bottom > box.y + 0.1
        if inside_x and inside_y:
            return True
    return False


@settings(max_examples=150, deadline=None)
@given(families)
def test_of_any_family_no_box_or_label_lies_on_another_and_no_line_runs_through_a_box(family: Family) -> None:
    drawing = draw(family)
    assert len(drawing.boxes) == 1 + count(family.parents) + len(family.spouses) + count(family.children)
    things: list[Box | Tag] = [*drawing.boxes, *drawing.tags]
    assert not [(a, b) for a, b in combinations(things, 2) if overlap(a, b)]
    assert not [box for box in drawing.boxes if crosses(drawing, box)]


@settings(max_examples=100, deadline=None)
@given(families)
def test_everything_lies_within_the_picture_and_the_picture_is_at_most_four_boxes_wide(family: Family) -> None:
    drawing = draw(family)
    right = drawing.left + drawing.width
    points = [point for segment in segments(drawing) for point in segment]
    points += [(each.x, each.y) for each in (*drawing.boxes, *drawing.tags)]
    points += [(each.x + each.width, each.y + each.height) for each in (*drawing.boxes, *drawing.tags)]
    assert all(drawing.left <= x <= right and 0 <= y <= drawing.height for x, y in points)
    assert drawing.width <= WIDEST * (BOX + GAP) - GAP + 2 * SIDE


@settings(max_examples=60, deadline=None)
@given(families)
def test_lines_are_level_or_upright_and_the_same_family_is_drawn_the_same(family: Family) -> None:
    drawing = draw(family)
    assert all(a[0] == b[0] or a[1] == b[1] for a, b in segments(drawing))
    assert svg_of(drawing) == kinship_svg(family)
    ET.fromstring(kinship_svg(family))


@given(names)
def test_a_name_takes_at_most_three_lines_that_fit_the_box(name: str) -> None:
    lines = name_lines(name, BOX)
    assert 1 <= len(lines) <= 3
    assert all(width_of(line) <= BOX - SIDES for line in lines)


def test_a_long_label_is_cut_and_its_full_words_stay_for_whoever_points_at_it() -> None:
    words = "Sổ đăng ký thay đổi, cải chính, bổ sung hộ tịch 1234/2019 (đã chấm dứt)"
    assert label_line(words, 150).endswith("…")
    assert words in kinship_svg(Family("A", parents=[Relation("B", proof=words)]))


def test_somebody_alone_is_one_box_without_lines() -> None:
    drawing = draw(Family("Nguyễn Văn A"))
    assert (len(drawing.boxes), drawing.lines, drawing.tags) == (1, [], [])


def test_parents_stand_above_spouses_beside_and_children_below() -> None:
    family = Family("A", parents=[Relation("Cha"), Relation("Mẹ")], spouses=[Relation("Vợ", kind="spouse")],
                    children=[Relation("Con", beyond=[Relation("Cháu")])])  # fmt: skip
    places = {box.name: box for box in draw(family).boxes}
    assert places["Cha"].y == places["Mẹ"].y < places["A"].y == places["Vợ"].y < places["Con"].y < places["Cháu"].y
    assert places["A"].x < places["Vợ"].x


def test_people_and_proofs_are_links_with_their_full_words_and_names_are_safe() -> None:
    svg = kinship_svg(
        Family(
            '<script>&"', children=[Relation("Con", "2001", "/nguoi/2/", "Khai sinh 8/2001", "/ban-ghi/3/", "child")]
        )
    )
    assert "<script>" not in svg
    links = [item for item in ET.fromstring(svg).iter() if item.tag == "a"]
    assert [(link.get("href"), link.get("aria-label")) for link in links] == [
        ("/ban-ghi/3/", "Khai sinh 8/2001"), ("/nguoi/2/", "Con, 2001"),
    ]  # fmt: skip
