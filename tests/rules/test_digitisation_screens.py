"""What an officer types on the screens of digitisation, and its two charts."""

from __future__ import annotations

import pytest

from hotich.digitisation.rules.charts import BARS, MOST, number_strip, size_histogram
from hotich.digitisation.rules.readings import day_of, number_of
from hotich.kernel.problems import RuleBroken


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("12", (12, "")), (" 012 ", (12, "")), ("12a", (12, "a")), ("12 A", (12, "a")), ("12(1)", (12, "(1)")),
        ("189/1992", (189, "")), ("12a/2006", (12, "a")), ("", (None, "")), ("   ", (None, "")),
    ],
)  # fmt: skip
def test_a_number_is_read_as_it_is_written_in_the_book(text: str, read: tuple[int | None, str]) -> None:
    assert number_of(text) == read


@pytest.mark.parametrize("text", ["a12", "12-13", "12ab", "1234567", "12/99", "mười hai", "1 2", "-3"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        number_of(text)
    assert refused.value.code == "number_malformed"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("31/12/2006", "2006-12-31"), ("1/2/1976", "1976-02-01"), ("01-02-1976", "1976-02-01"), ("12/2006", "2006-12-00"),
        ("2006", "2006-00-00"), ("00/12/2006", "2006-12-00"), ("", ""),
    ],
)  # fmt: skip
def test_of_a_day_parts_may_be_unknown(text: str, read: str) -> None:
    assert day_of(text) == read


@pytest.mark.parametrize("text", ["hôm qua", "12", "31/12/06", "1/2/3/2006", "2006-12-31"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        day_of(text)
    assert refused.value.code == "day_malformed"


def test_the_strip_shows_numbers_gaps_and_doubles() -> None:
    drawn = number_strip([3, 4, 4, 7], "Dãy <số>")
    assert drawn.count("<rect") == 5  # 3 to 7
    assert drawn.count("tone-ok") == 2
    assert drawn.count("tone-error") == 1
    assert drawn.count("is-gap") == 2
    assert "Dãy &lt;số&gt;" in drawn
    assert number_strip([], "nothing") == ""


def test_a_strip_never_grows_beyond_what_a_screen_can_show() -> None:
    assert number_strip([1, 90_000], "far apart").count("<rect") == MOST


def test_the_histogram_counts_every_pdf_and_sets_those_above_the_budget_apart() -> None:
    drawn = size_histogram([0, 50_000, 99_999, 100_000, 100_001], 100_000, "Cỡ tệp")
    counts = [int(part.split("<")[0]) for part in drawn.split('text-anchor="middle">')[1:]]
    assert sum(counts) == 5
    assert drawn.count("tone-error") == 1
    assert counts[-1] == 1
    assert drawn.count("<rect") <= BARS + 1
    assert size_histogram([], 100_000, "nothing") == ""
