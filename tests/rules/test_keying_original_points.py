"""Two originals of a case laid side by side, and what the decision of a checker makes of both."""

from __future__ import annotations

import pytest

from hotich.kernel.problems import RuleBroken
from hotich.keying.rules.originals import PointDecided, Said, is_evidence, points_of, settle_points
from hotich.keying.rules.returns import returned_line, returned_number

FIRST = Said({"name": "Bình", "mother": "Lan", "page_no": "1"}, [{"kind": "other", "text": "đã cấp bản sao"}])
SECOND = Said({"name": "Bính", "mother": "Lan", "page_no": "9"}, [])
NOTE = PointDecided("note.1", "first", "original_clearer")


def test_points_are_fields_in_the_order_of_the_form_then_notes_and_the_page_is_none() -> None:
    assert [point.field for point in points_of(FIRST, SECOND, ["mother", "name"])] == ["name", "note.1"]
    assert points_of(FIRST, Said({**FIRST.values, "page_no": "7"}, FIRST.notes)) == []


def test_what_is_followed_changes_the_first_only_and_both_texts_are_kept() -> None:
    points = points_of(FIRST, SECOND)
    made = settle_points(FIRST, SECOND, points, [PointDecided("name", "second", "original_clearer"), NOTE])
    assert (made.changes, made.second_changes) == ({"name": "Bính"}, {})
    assert (made.notes, made.second_notes) == (list(FIRST.notes), [])
    name = made.kept[0]
    assert (name["first"], name["second"], is_evidence(name)) == ("Bình", "Bính", True)


def test_a_wrongly_keyed_text_gives_way_in_its_own_case_and_is_no_evidence() -> None:
    points = points_of(FIRST, SECOND)
    wrong = PointDecided("name", "first", "keyed_wrong")
    made = settle_points(FIRST, SECOND, points, [wrong, PointDecided("note.1", "first", "keyed_wrong")])
    assert (made.changes, made.second_changes) == ({}, {"name": "Bình"})
    assert made.second_notes == list(FIRST.notes)
    assert not any(map(is_evidence, made.kept))


def test_a_third_value_is_what_both_books_say_and_no_note_has_one() -> None:
    points = points_of(FIRST, SECOND)
    made = settle_points(FIRST, SECOND, points, [PointDecided("name", "other", "typing", "Bĩnh"), NOTE])
    assert made.changes == made.second_changes == {"name": "Bĩnh"}
    with pytest.raises(RuleBroken, match="decision_unknown"):
        settle_points(FIRST, SECOND, points, [PointDecided("name", "first", "typing"),
                                              PointDecided("note.1", "other", "typing")])  # fmt: skip


def test_a_note_only_the_second_has_is_taken_over_when_it_is_followed() -> None:
    points = points_of(SECOND, FIRST)
    made = settle_points(
        SECOND, FIRST, points, [PointDecided("name", "first", "x"), PointDecided("note.1", "second", "x")]
    )
    assert made.notes == list(FIRST.notes)


def test_how_many_came_back_is_read_out_of_its_line_only() -> None:
    assert returned_number(returned_line(3)) == 3
    assert returned_number("12a: trang mờ") is None
