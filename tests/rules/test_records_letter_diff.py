"""Old and new, letter by letter."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hotich.records.rules.letter_diff import Piece, letters_apart


def test_one_wrong_accent_is_one_marked_letter() -> None:
    old, new = letters_apart("Nguyễn Thị Hòa", "Nguyễn Thị Hoà")
    assert [piece.text for piece in old if piece.changed] == ["òa"]
    assert [piece.text for piece in new if piece.changed] == ["oà"]


def test_a_composed_and_a_decomposed_letter_are_the_same_letter() -> None:
    old, new = letters_apart("Ho\u0300a", "Hòa")
    assert old == new == [Piece("Hòa", False)]


def test_two_quite_different_texts_are_marked_whole() -> None:
    assert letters_apart("Trần Văn Bách", "15/06/1982") == ([Piece("Trần Văn Bách", True)], [Piece("15/06/1982", True)])


def test_what_was_empty_is_wholly_new() -> None:
    assert letters_apart("", "Kinh") == ([], [Piece("Kinh", True)])


def test_long_texts_are_compared_by_words() -> None:
    long = "Theo Quyết định số 12 của Ủy ban nhân dân xã. " * 12
    old, new = letters_apart(long + "Lan", long + "Lam")
    assert [piece.text for piece in old if piece.changed] == ["Lan"]
    assert [piece.text for piece in new if piece.changed] == ["Lam"]


@given(st.text("aăâbcdđeê 012/", max_size=40), st.text("aăâbcdđeê 012/", max_size=40))
def test_joined_again_the_pieces_are_the_texts_and_what_stays_is_the_same_in_both(old: str, new: str) -> None:
    before, after = letters_apart(old, new)
    assert ("".join(piece.text for piece in before), "".join(piece.text for piece in after)) == (old, new)
    kept = ["".join(piece.text for piece in pieces if not piece.changed) for pieces in (before, after)]
    assert kept[0] == kept[1]
