"""The sample of every keyer, and which second keying a mode asks for."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotich.keying.rules.sampling import Drawable, draw, needs_third, second_kind


@pytest.mark.parametrize(
    ("mode", "is_sample", "is_case", "kind"),
    [
        ("review", False, True, ""),
        ("review", True, True, "sample"),
        ("blind_critical", False, True, "critical"),
        ("blind_critical", True, True, "sample"),
        ("double", False, True, "double"),
        ("double", True, True, "double"),
        ("blind_critical", False, False, ""),
        ("double", False, False, ""),
    ],
)
def test_a_mode_asks_for_its_second_keying_and_a_drawn_case_is_keyed_whole(
    mode: str, is_sample: bool, is_case: bool, kind: str
) -> None:
    assert second_kind(mode, is_sample=is_sample, is_case=is_case) == kind


def test_whole_second_keyings_are_settled_by_a_third_person_others_by_their_checker() -> None:
    assert needs_third(["double"])
    assert needs_third(["critical", "stray"])
    assert not needs_third(["critical", "sample"])


def test_each_keyer_has_a_sample_of_his_own() -> None:
    entries = [Drawable(number, 1 if number < 100 else 2) for number in range(300)]
    chosen = draw(entries, 50, random.Random(7))
    assert len([key for key in chosen if key < 100]) == 5
    assert len([key for key in chosen if key >= 100]) == 10


def test_the_rest_of_the_share_is_left_to_chance_so_that_small_packages_are_drawn_from_too() -> None:
    sizes = [len(draw([Drawable(n, 1) for n in range(40)], 30, random.Random(seed))) for seed in range(500)]
    assert set(sizes) == {1, 2}
    assert 1.1 < sum(sizes) / 500 < 1.3


@given(st.integers(0, 60), st.integers(0, 1000), st.integers())
def test_nobody_is_drawn_twice_and_none_without_a_share(count: int, per_mille: int, seed: int) -> None:
    chosen = draw([Drawable(number, number % 3) for number in range(count)], per_mille, random.Random(seed))
    assert len(chosen) == len(set(chosen)) <= count
    assert chosen if count and per_mille == 1000 else True
    assert not chosen or per_mille
