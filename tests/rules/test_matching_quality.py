"""Precision and recall from settled pairs, with intervals that do not promise more than the pairs can."""

from __future__ import annotations

import pytest

from hotich.matching.quality import Labelled, qualities, quality, share


def test_precision_is_of_the_links_and_recall_of_the_right_pairs() -> None:
    pairs = [Labelled(9, True), Labelled(5, True), Labelled(4, False), Labelled(0, True), Labelled(-3, False)]
    found = quality(pairs, 2)
    assert (found.precision.part, found.precision.whole) == (2, 3)
    assert (found.recall.part, found.recall.whole) == (2, 3)
    assert [each.precision.whole for each in qualities(pairs, [-5, 2, 8])] == [5, 3, 1]


def test_the_interval_is_that_of_wilson_and_wide_for_few_pairs() -> None:
    few, many = share(9, 10), share(900, 1000)
    assert (few.low, few.high) == (pytest.approx(0.5958, abs=1e-4), pytest.approx(0.9821, abs=1e-4))
    assert few.value == many.value and few.low < many.low and few.high > many.high  # type: ignore[operator]


def test_all_right_is_not_certainly_right_and_nothing_is_no_share() -> None:
    perfect = share(20, 20)
    assert perfect.high == 1.0 and perfect.low == pytest.approx(0.8389, abs=1e-4)
    assert share(0, 0) == (0, 0, None, None) and share(0, 0).value is None
