"""Boxes and corners an officer sets, the order of pages, files by their first bytes, cases cut again."""

from __future__ import annotations

from typing import Any

import pytest

from hotich.digitisation.rules.boxes import checked_boxes, checked_corners, content_key, share_in_common
from hotich.digitisation.rules.deliveries import media_type_of
from hotich.digitisation.rules.matching import recut
from hotich.digitisation.rules.ordering import natural_key
from hotich.kernel.problems import RuleBroken

SIZE = (1000, 1400)


def part(page: str, top: float, left: float = 0.0) -> dict[str, Any]:
    return {"page": page, "box": [left, top, left + 500.0, top + 100.0], "header": None}


def test_a_box_without_a_header_keeps_that_of_the_one_it_replaces() -> None:
    before = [{"box": [0.0, 100.0, 900.0, 200.0], "header": [0.0, 0.0, 900.0, 100.0]}]
    moved = checked_boxes([{"box": [0, 110, 900, 210]}], *SIZE, before)
    assert moved == [{"box": [0.0, 110.0, 900.0, 210.0], "header": [0.0, 0.0, 900.0, 100.0]}]
    bare = checked_boxes([{"box": [0, 110, 900, 210], "header": None}], *SIZE, before)
    assert bare[0]["header"] is None


def test_a_box_a_little_over_the_edge_is_cut_to_the_page() -> None:
    assert checked_boxes([{"box": [-1.5, 0, 1001, 50]}], *SIZE)[0]["box"] == [0.0, 0.0, 1000.0, 50.0]


@pytest.mark.parametrize(
    ("boxes", "code"),
    [
        ([{"box": [0, 0, 5, 500]}], "box_too_small"),
        ([{"box": [500, 0, 100, 500]}], "box_too_small"),
        ([{"box": [0, 0, 2000, 500]}], "box_malformed"),
        ([{"box": [0, 0, float("nan"), 500]}], "box_malformed"),
        ([{"box": [0, 0, "x", 500]}], "box_malformed"),
        ([{"box": "0000"}], "box_malformed"),
        ([{}], "box_malformed"),
        (["box"], "box_malformed"),
        ([{"box": [0, 0, 500, 500], "header": [0, 0, 1]}], "box_malformed"),
        ([{"box": [0, 0, 500, 500]}, {"box": [1, 1, 500, 500]}], "boxes_the_same"),
        ([{"box": [0, 0, 500, 500]}] * 81, "boxes_too_many"),
    ],
)
def test_boxes_that_are_none_are_refused(boxes: Any, code: str) -> None:
    with pytest.raises(RuleBroken, match=code):
        checked_boxes(boxes, *SIZE)


def test_corners_go_round_clockwise_within_the_page() -> None:
    good = [[10, 10], [900, 20], [890, 1300], [0, 1390]]
    assert checked_corners(good, *SIZE)[1] == [900.0, 20.0]
    for bad in (good[:3], good[::-1], [[0, 0], [900, 0], [0, 900], [900, 900]], [[0, 0], [9000, 0], [900, 900], [0, 900]],
                [["a", 0], [900, 0], [900, 900], [0, 900]], [[0, 0, 0], *good[1:]]):  # fmt: skip
        with pytest.raises(RuleBroken, match="corners_malformed"):
            checked_corners(bad, *SIZE)  # type: ignore[arg-type]


def test_pages_stand_in_the_order_a_person_reads_their_names() -> None:
    names = ["trang 10.jpg", "Trang 9.jpg", "trang 9b.jpg", "bìa.jpg", "2.jpg"]
    assert sorted(names, key=natural_key) == ["2.jpg", "bìa.jpg", "Trang 9.jpg", "trang 9b.jpg", "trang 10.jpg"]


@pytest.mark.parametrize(
    ("head", "kind"),
    [(b"\xff\xd8\xff\xe0", "image/jpeg"), (b"II*\x00", "image/tiff"), (b"\n\n%PDF-1.4", "application/pdf"),
     (b"RIFF\x00\x00\x00\x00WEBP", "image/webp"), (b"\x00\x00\x00\x18ftypheic", "image/heif"), (b"MZ\x90", ""), (b"", "")],
)  # fmt: skip
def test_files_are_what_their_first_bytes_say(head: bytes, kind: str) -> None:
    assert media_type_of(head) == kind


def test_cases_whose_parts_stand_are_kept_and_the_others_are_new() -> None:
    made = recut([("a", [part("p", 0)])], [part("p", 0), part("p", 100)])
    assert (made.kept, made.changed, made.fresh, made.gone) == (["a"], {}, [[part("p", 100)]], [])


def test_a_moved_box_is_the_same_case() -> None:
    made = recut([("a", [part("p", 0)]), ("b", [part("p", 100)])], [part("p", 20), part("p", 100)])
    assert (made.kept, made.changed, made.fresh) == (["b"], {"a": [part("p", 20)]}, [])


def test_a_page_scanned_anew_gives_its_boxes_in_order() -> None:
    before = [("a", [part("p", 0)]), ("b", [part("p", 100)])]
    made = recut(before, [part("p", 700), part("p", 800)])
    assert (made.changed, made.fresh, made.gone) == ({"a": [part("p", 700)], "b": [part("p", 800)]}, [], [])


def test_a_case_without_a_place_is_gone_and_a_merged_one_stands_while_its_parts_do() -> None:
    before = [("a", [part("p", 0), part("q", 0)]), ("b", [part("p", 400)])]
    made = recut(before, [part("p", 0), part("q", 0)])
    assert (made.kept, made.gone, made.fresh) == (["a"], ["b"], [])


def test_what_a_pdf_is_made_of_changes_with_picture_box_settings_and_title() -> None:
    base = content_key([("hash", part("p", 0))], "s", "t")
    others = [
        content_key([("other", part("p", 0))], "s", "t"), content_key([("hash", part("p", 1))], "s", "t"),
        content_key([("hash", part("p", 0))], "x", "t"), content_key([("hash", part("p", 0))], "s", "x"),
    ]  # fmt: skip
    assert content_key([("hash", part("another page, same picture", 0))], "s", "t") == base
    assert base not in others and len(set(others)) == 4


def test_the_share_two_boxes_have_in_common() -> None:
    assert share_in_common([0, 0, 10, 10], [0, 0, 10, 10]) == 1
    assert share_in_common([0, 0, 10, 10], [20, 0, 30, 10]) == 0
    assert share_in_common([0, 0, 10, 10], [0, 0, 10, 20]) == 0.5
