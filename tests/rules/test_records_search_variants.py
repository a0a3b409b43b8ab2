"""The keys of all names one slip away from what was typed."""

from __future__ import annotations

import string

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from hotich.kernel.names import keyset
from hotich.records.rules.search_variants import (
    MOST,
    asked_syllables,
    is_likely,
    keysets,
    plausible_days,
    slips,
)

SYLLABLES = {
    "nguyen", "thi", "lan", "tran", "van", "bay", "le", "tu", "lam", "long", "lang", "loan", "than", "tham", "minh",
    "chinh", "trinh", "hoa", "hoang", "sinh", "xinh", "ly", "li",
}  # fmt: skip
WORDS = st.text(string.ascii_lowercase, min_size=1, max_size=6)


@given(WORDS)
def test_every_slip_is_one_letter_away_or_sounds_alike(word: str) -> None:
    assert all(OSA.distance(word, other) == 1 for other in slips(word) if word[0] == other[0])
    assert word not in slips(word)
    assert "" not in slips(word)


@given(WORDS, st.data())
def test_any_one_slip_of_a_syllable_that_names_have_is_undone(word: str, data: st.DataObject) -> None:
    typed = data.draw(st.sampled_from(slips(word) or (word,)))
    straight = [each for each in slips(word) if OSA.distance(each, word) == 1]
    if typed in straight:
        assert keyset(f"tran {word}") in keysets(f"tran {typed}", {word}, most=10_000)


def test_the_name_itself_comes_first_whatever_names_there_are() -> None:
    assert keysets("Lan Thị Nguyễn", set())[0] == "lan nguyen thi"
    assert keysets("", SYLLABLES) == []


def test_only_syllables_of_names_are_tried() -> None:
    found = keysets("nguyen thi lan", SYLLABLES)
    assert {"lam nguyen thi", "lang nguyen thi", "loan nguyen thi", "nguyen thi van"} <= set(found)
    assert "lax nguyen thi" not in found


def test_a_letter_wrong_missing_too_many_or_exchanged() -> None:
    for typed in ("nguyen thi lann", "nguyen thi ln", "nguyen thi lna", "ngyuen thi lan", "nguyen ti lan"):
        assert "lan nguyen thi" in keysets(typed, SYLLABLES), typed


def test_a_blank_forgotten_or_put_in() -> None:
    assert "lan nguyen thi" in keysets("nguyen thilan", SYLLABLES)
    assert "lan nguyen thi" in keysets("ngu yen thi lan", SYLLABLES)


def test_beginnings_that_sound_alike_and_a_final_y() -> None:
    assert "tran trinh" in keysets("tran chinh", SYLLABLES)
    assert "sinh tran" in keysets("tran xinh", SYLLABLES)
    assert "ly tran" in keysets("tran li", SYLLABLES)


def test_no_more_keys_than_a_probe_may_ask_for() -> None:
    every = set(asked_syllables("nguyen hoang minh thanh"))
    assert len(keysets("nguyen hoang minh thanh", every)) == MOST
    assert set(keysets("nguyen thi lan", SYLLABLES)) == set(
        keysets("nguyen thi lan", SYLLABLES & set(asked_syllables("nguyen thi lan")))
    )


def test_a_letter_left_out_two_exchanged_or_a_sound_is_likelier_than_a_wrong_letter() -> None:
    for typed, meant in (("nguyen thi la", "nguyen thi lan"), ("ngyuen thi lan", "nguyen thi lan"),
                         ("le van chung", "le van trung")):  # fmt: skip
        assert is_likely(keyset(typed), keyset(meant)), typed
    assert not is_likely(keyset("nguyen thi lam"), keyset("nguyen thi lan"))
    assert not is_likely(keyset("nguyen thi lann"), keyset("nguyen thi lan"))


def test_a_day_may_have_been_meant_by_another_one_figure_off_or_by_the_exchanged_one() -> None:
    days = plausible_days(305)  # 05/03
    assert {305, 503, 306, 315, 325, 105, 205, 1305 % 1000} <= set(days)
    assert 1217 not in days and 406 not in days
    assert set(plausible_days(1231)) >= {1231, 1230, 1221, 1131}
