"""Intervals of keying: known values of the textbooks, exact coverage, and what bunched errors do."""

from __future__ import annotations

import math

import pytest

from hotich.keying.rules.intervals import Sums, clopper_pearson, clustered, design_effect, incomplete_beta, wilson


@pytest.mark.parametrize(
    ("errors", "total", "low", "high"),
    [(0, 10, 0.0, 0.30850), (1, 10, 0.00253, 0.44502), (5, 10, 0.18709, 0.81291), (10, 10, 0.69150, 1.0),
     (3, 2000, 0.000309, 0.004377), (20, 2000, 0.006119, 0.015405)],
)  # fmt: skip
def test_the_exact_interval_has_the_values_of_the_tables(errors: int, total: int, low: float, high: float) -> None:
    found = clopper_pearson(errors, total)
    assert found.share == errors / total
    assert found.low == pytest.approx(low, abs=1e-5) and found.high == pytest.approx(high, abs=1e-5)


def _at_most(errors: int, total: int, share: float) -> float:
    return sum(math.comb(total, k) * share**k * (1 - share) ** (total - k) for k in range(errors + 1))


@pytest.mark.parametrize("total", [7, 60, 300])
def test_at_the_ends_of_the_exact_interval_each_tail_holds_two_and_a_half_percent(total: int) -> None:
    for errors in range(1, total, max(1, total // 6)):
        found = clopper_pearson(errors, total)
        assert _at_most(errors, total, found.high) == pytest.approx(0.025, abs=1e-9)
        assert 1 - _at_most(errors - 1, total, found.low) == pytest.approx(0.025, abs=1e-9)


def test_the_beta_function_holds_for_large_samples_too() -> None:
    found = clopper_pearson(1000, 100_000)
    assert found.low == pytest.approx(0.00939, abs=1e-5) and found.high == pytest.approx(0.010636, abs=1e-5)
    assert incomplete_beta(0.3, 2, 5) == pytest.approx(0.579825, abs=1e-9)
    assert incomplete_beta(0.0, 2, 5) == 0 and incomplete_beta(1.0, 2, 5) == 1


@pytest.mark.parametrize(
    ("errors", "total", "low", "high"),
    [(0, 100, 0.0, 0.036994), (1, 100, 0.001767, 0.054486), (50, 100, 0.403832, 0.596168), (100, 100, 0.963006, 1.0)],
)
def test_wilsons_interval_has_the_values_of_the_tables(errors: int, total: int, low: float, high: float) -> None:
    found = wilson(errors, total)
    assert found.low == pytest.approx(low, abs=1e-6) and found.high == pytest.approx(high, abs=1e-6)


def test_of_nothing_nothing_is_known() -> None:
    for found in (wilson(0, 0), clopper_pearson(0, 0), clustered(Sums())):
        assert (found.low, found.high) == (0.0, 1.0)


@pytest.mark.parametrize(("errors", "total"), [(-1, 5), (6, 5)])
def test_impossible_counts_are_refused(errors: int, total: int) -> None:
    for interval in (wilson, clopper_pearson):
        with pytest.raises(ValueError, match="errors"):
            interval(errors, total)
    with pytest.raises(ValueError, match="level"):
        clopper_pearson(1, 5, level=1.0)


def _sums(cases: list[tuple[int, int]]) -> Sums:
    made = Sums()
    for errors, units in cases:
        made += Sums(1, errors, units, errors * errors, units * units, errors * units)
    return made


def test_errors_that_come_in_bunches_make_the_interval_wider() -> None:
    spread = _sums([(1, 20)] * 20 + [(0, 20)] * 80)
    bunched = _sums([(20, 20)] + [(0, 20)] * 99)
    assert spread.errors == bunched.errors == 20 and spread.units == bunched.units
    assert design_effect(spread) == 1.0
    assert design_effect(bunched) == pytest.approx(20.0, rel=0.02)  # a whole case wrong counts as one error
    narrow, wide = clustered(spread), clustered(bunched)
    assert narrow.share == wide.share == 0.01
    assert wide.high > 2.5 * narrow.high and wide.low < narrow.low


def test_without_an_error_characters_count_by_the_field() -> None:
    found = clustered(_sums([(0, 400)] * 10), bunch=20.0)
    assert found.high == pytest.approx(wilson(0, 200).high)
    assert clustered(_sums([(0, 400)] * 10)).high < found.high


def test_the_effect_cannot_be_told_from_one_case_or_from_errors_alone() -> None:
    assert design_effect(_sums([(3, 20)])) == 1.0
    assert design_effect(_sums([(20, 20), (20, 20)])) == 1.0
