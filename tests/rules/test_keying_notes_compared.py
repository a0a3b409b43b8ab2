"""Notes in the margin of two keyings: what is one note keyed in two ways, what is decided, what was typed wrong."""

from __future__ import annotations

from typing import Any

from hotich.keying.rules.notes import differing_notes, differing_parts, errors_of_notes, same_note, with_decided

NAME = {"kind": "correction", "field": "child_full_name", "new_value": "Lê Thị Hoà", "text": "Cải chính họ tên"}
DIVORCE = {"kind": "divorce", "text": "Ly hôn theo Quyết định số 15", "basis_number": "15/QĐ-TA"}


def changed(note: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {**note, **more}


def test_notes_that_say_the_same_in_another_order_do_not_differ() -> None:
    spaced = changed(NAME, text="Cải  chính họ tên ")
    assert differing_notes([NAME, DIVORCE], [DIVORCE, spaced]) == []


def test_every_part_of_a_note_is_compared() -> None:
    other = {
        "kind": "change", "field": "mother_full_name", "new_value": {"text": "", "reason": "illegible"}, "text": "khác",
        "note_date_text": "1.1.2000", "basis_number": "1", "basis_date_text": "2.1.2000", "basis_authority": "UBND",
    }  # fmt: skip
    assert set(differing_parts(NAME, other)) == set(other)


def test_one_note_keyed_in_two_ways_is_one_difference_and_a_missing_one_another() -> None:
    typed = changed(NAME, new_value="Lê Thị Hòa")
    assert differing_notes([NAME, DIVORCE], [typed]) == [("note.1", NAME, typed), ("note.3", DIVORCE, None)]
    assert differing_notes([], [NAME]) == [("note.1", None, NAME)]


def test_notes_that_have_nothing_in_common_are_two_differences() -> None:
    assert differing_notes([NAME], [DIVORCE]) == [("note.1", None, DIVORCE), ("note.2", NAME, None)]


def test_what_was_decided_is_not_asked_again_while_the_margin_says_so() -> None:
    typed, settled = changed(NAME, new_value="Lê Thị Hòa"), changed(NAME, new_value="Lê Thị Hoa")
    assert differing_notes([settled], [typed], [(settled, typed)]) == []
    assert differing_notes([NAME], [typed], [(settled, typed)]) == [("note.1", NAME, typed)]
    assert differing_notes([], [typed], [(None, typed)]) == []


def test_a_decision_replaces_takes_out_or_adds_the_note_and_can_be_taken_back() -> None:
    typed = changed(NAME, new_value="Lê Thị Hòa")
    assert with_decided([NAME, DIVORCE], NAME, typed) == [typed, DIVORCE]
    assert with_decided([NAME, DIVORCE], NAME, None) == [DIVORCE]
    assert with_decided([NAME], None, DIVORCE) == [NAME, DIVORCE]
    assert with_decided([NAME, DIVORCE], DIVORCE, None) == [NAME]


def test_wrong_letters_of_a_note_are_counted_against_what_was_decided() -> None:
    typed = changed(NAME, new_value="Lê Thị Hòa", kind="change")
    found = errors_of_notes(NAME, typed, NAME)
    assert (found.first, found.second) == (0, 3)
    assert errors_of_notes(NAME, None, NAME).second == found.length + 2
    assert same_note(None, None) and not same_note(NAME, None)
