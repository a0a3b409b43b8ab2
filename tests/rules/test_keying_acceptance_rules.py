"""Acceptance rules: the size of a sample, who is in it, and what the errors found mean."""

from __future__ import annotations

from collections import Counter

import pytest

from hotich.keying.rules.acceptance import Judged, Unit, allocate, draw, judged, sample_size, verdict
from hotich.keying.rules.figures import Errors, Work, band_of, share_text
from hotich.keying.rules.intervals import Sums


@pytest.mark.parametrize(
    ("population", "size"), [(0, 0), (30, 30), (50, 50), (400, 50), (1000, 50), (1001, 51), (10_000, 500)]
)
def test_the_sample_is_the_larger_of_number_and_share_but_never_more_than_there_is(population: int, size: int) -> None:
    assert sample_size(population, least=50, per_mille=50) == size


UNITS = [Unit(place, ("package", place // 40)) for place in range(400)]


def test_the_same_seed_draws_the_same_sample_and_another_seed_another_one() -> None:
    first = draw(UNITS, 50, 7)
    assert first == draw(UNITS, 50, 7) == sorted(set(first)) and len(first) == 50
    assert first != draw(UNITS, 50, 8)


def test_every_layer_gives_its_share() -> None:
    assert set(Counter(place // 40 for place in draw(UNITS, 50, 3)).values()) == {5}
    mixed = [Unit(place, "one" if place < 390 else f"small {place}") for place in range(400)]
    drawn = draw(mixed, 50, 3)
    assert sum(place >= 390 for place in drawn) == 10  # ten keyers of one case each are all looked at


def test_within_a_layer_every_case_is_drawn_about_as_often() -> None:
    times = Counter(key for seed in range(2000) for key in draw(UNITS[:40], 10, seed))
    assert set(times) == set(range(40)) and 400 < min(times.values()) <= max(times.values()) < 600


@pytest.mark.parametrize(
    ("sizes", "wanted", "given"),
    [([], 5, []), ([0, 3], 2, [0, 2]), ([10, 10], 50, [10, 10]), ([100, 1, 1], 3, [1, 1, 1]), ([5, 5, 5], 2, None),
     ([997, 1, 1, 1], 10, [7, 1, 1, 1])],
)  # fmt: skip
def test_places_are_given_in_proportion_and_each_layer_gets_one(
    sizes: list[int], wanted: int, given: list[int]
) -> None:
    found = allocate(sizes, wanted)
    assert sum(found) == min(wanted, sum(sizes)) and all(a <= b for a, b in zip(found, sizes, strict=True))
    if given is not None:
        assert found == given


def test_a_case_is_counted_by_its_marks() -> None:
    marks = [{"field": "child_full_name", "is_key": True, "words": "Sai dấu"}, {"field": "remarks", "is_key": False}]
    assert judged(30, 5, marks) + judged(10, 5, []) == Judged(40, 2, 10, 1)


@pytest.mark.parametrize(
    ("found", "passes"),
    [
        (Judged(1000, 30, 1000, 10), (True, True)),  # the limit itself still passes
        (Judged(1000, 31, 1000, 10), (True, False)),
        (Judged(1000, 30, 1000, 11), (False, True)),
        (Judged(0, 0, 0, 0), (True, True)),
    ],
)
def test_more_than_a_limit_is_refused(found: Judged, passes: tuple[bool, bool]) -> None:
    said = verdict(found, key_per_mille=10, all_per_mille=30)
    assert (said.key_passes, said.all_passes) == passes and said.passes is all(passes)
    assert said.all.low <= said.all.share <= said.all.high


def test_where_every_case_was_looked_at_there_is_nothing_left_to_guess() -> None:
    said = verdict(Judged(1000, 7, 200, 1), key_per_mille=10, all_per_mille=30, is_whole=True)
    assert (said.all.low, said.all.high) == (0.007, 0.007) and (said.key.low, said.key.high) == (0.005, 0.005)
    assert verdict(Judged(), key_per_mille=10, all_per_mille=30, is_whole=True).all.high == 1.0


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(0, 100, "0,0 %"), (1, 3, "33,3 %"), (9999, 10_000, "99,9 %"), (1_999_999, 2_000_000, "99,9 %"), (5, 5, "100 %"),
     (10_001, 10_000, "100,1 %"), (51, 50, "102,0 %"), (3, 0, "–")],
)  # fmt: skip
def test_nothing_is_whole_before_the_last_is_there(part: int, whole: int, text: str) -> None:
    assert share_text(part, whole) == text


def test_work_adds_up_and_says_nothing_of_what_was_not_measured() -> None:
    day = Work(30, 6000, 1_800_000, 4500, 600) + Work(30, 3000, 1_800_000, 4500, 600)
    assert (day.cases_an_hour, day.strokes_a_case, day.seconds_a_case) == (60.0, 150.0, 60.0)
    assert Work().cases_an_hour is Work().strokes_a_case is Work().seconds_a_case is None


def test_fields_fall_into_the_bands_of_their_length() -> None:
    assert [band_of(length) for length in (1, 15, 16, 50, 51, 400)] == [0, 0, 1, 1, 2, 2]


def test_characters_bunch_by_the_length_of_a_field() -> None:
    found = Errors(fields=Sums(units=20), characters=Sums(units=300))
    assert found.bunch == 15.0 and Errors().bunch == 1.0
