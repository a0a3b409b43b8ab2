"""Numbers of scanned cases: proposed in sequence, and what is odd about them."""

from __future__ import annotations

import pytest

from hotich.digitisation.rules.numbering import (
    BookNumbers,
    Numbered,
    checked_day,
    checked_number,
    find_odd_numbers,
    free_suffix,
    propose,
)
from hotich.kernel.problems import RuleBroken


def plain(count: int) -> list[Numbered]:
    return [Numbered(place) for place in range(count)]


def test_cases_are_counted_on_from_the_first_number() -> None:
    assert propose(12, plain(3)) == {0: 12, 1: 13, 2: 14}


def test_without_a_first_number_nothing_is_proposed() -> None:
    assert propose(None, plain(2)) == {0: None, 1: None}


def test_void_and_missing_numbers_are_passed_over() -> None:
    assert propose(5, plain(3), skip={6, 7}) == {0: 5, 1: 8, 2: 9}


def test_a_number_of_an_officer_stays_and_is_counted_on_from() -> None:
    cases = [Numbered(0), Numbered(1, 20, "", "officer"), Numbered(2)]
    assert propose(12, cases) == {0: 12, 2: 21}


def test_after_twelve_a_comes_thirteen() -> None:
    cases = [Numbered(0), Numbered(1, 12, "a", "officer"), Numbered(2)]
    assert propose(12, cases) == {0: 12, 2: 13}


def test_a_case_whose_number_cannot_be_read_takes_none_from_the_others() -> None:
    cases = [Numbered(0), Numbered(1, None, "", "officer"), Numbered(2)]
    assert propose(7, cases) == {0: 7, 2: 8}


def test_no_number_beyond_the_largest_is_proposed() -> None:
    assert propose(99_999, plain(2)) == {0: 99_999, 1: None}


@pytest.mark.parametrize(
    ("taken", "free"), [({""}, "(1)"), ({"", "(1)"}, "(2)"), ({"", "a"}, "b"), ({"z"}, "(1)"), (set(), "(1)")]
)
def test_a_double_gets_the_next_free_suffix(taken: set[str], free: str) -> None:
    assert free_suffix(taken) == free


@pytest.mark.parametrize(
    ("number", "suffix", "code"),
    [(0, "", "number_malformed"), (100_000, "", "number_malformed"), (3, "ab", "suffix_malformed"),
     (3, "(x)", "suffix_malformed"), (None, "a", "suffix_malformed")],
)  # fmt: skip
def test_numbers_that_are_none_are_refused(number: int | None, suffix: str, code: str) -> None:
    with pytest.raises(RuleBroken, match=code):
        checked_number(number, suffix)


def test_suffixes_have_one_form() -> None:
    assert checked_number(12, " A ") == (12, "a")
    assert checked_number(12, "(2)") == (12, "(2)")
    assert checked_number(None, "") == (None, "")


@pytest.mark.parametrize("text", ["", "2006-10-01", "2006-10-00", "2006-00-00"])
def test_days_with_unknown_parts_are_taken(text: str) -> None:
    assert checked_day(text) == text


@pytest.mark.parametrize("text", ["01-10-2006", "2006-13-01", "2006-10-32", "2006", "2006-10-01x"])
def test_other_days_are_refused(text: str) -> None:
    with pytest.raises(RuleBroken, match="day_malformed"):
        checked_day(text)


def test_gaps_doubles_and_missing_numbers_are_found() -> None:
    cases = [
        Numbered(0, 1, year=2006), Numbered(1, 2, year=2006), Numbered(2, 2, year=2006), Numbered(3, None, year=2006),
        Numbered(4, 6, year=2006),
    ]  # fmt: skip
    found = [(odd.code, odd.case_id, dict(odd.params)) for odd in find_odd_numbers(cases, BookNumbers())]
    assert found == [
        ("number_double", 2, {"number": "2", "suffix": "(1)"}),
        ("number_missing", 3, {}),
        ("number_gap", None, {"first": 3, "last": 5, "count": 3, "year": 2006}),
    ]


def test_the_same_number_of_another_year_or_with_a_suffix_is_no_double() -> None:
    cases = [Numbered(0, 2, year=2006), Numbered(1, 2, "a", year=2006), Numbered(2, 2, year=2007)]
    assert find_odd_numbers(cases, BookNumbers()) == []


def test_what_other_batches_and_declarations_know_closes_gaps() -> None:
    cases = [Numbered(0, 1), Numbered(1, 4)]
    book = BookNumbers(declared=frozenset({(None, 2)}), scanned={(None, 3, ""): "b"})
    assert find_odd_numbers(cases, book) == []


def test_a_number_of_another_batch_a_void_one_and_one_nobody_keyed_are_told() -> None:
    book = BookNumbers(
        declared=frozenset({(None, 2)}), void=frozenset({(None, 2)}), scanned={(None, 1, ""): "b"},
        keyed=frozenset({(None, 1, "")}), has_keyed=True,
    )  # fmt: skip
    found = [(odd.code, odd.severity, odd.case_id) for odd in find_odd_numbers([Numbered(0, 1), Numbered(1, 2)], book)]
    assert found == [
        ("number_in_other_batch", "warning", 0), ("number_void", "warning", 1), ("number_unknown", "info", 1),
    ]  # fmt: skip
