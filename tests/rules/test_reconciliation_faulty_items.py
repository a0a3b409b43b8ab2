"""The one item that cannot be worked on is found among the others of its piece; an outage is nobody's fault."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from hotich.kernel.problems import RuleBroken
from hotich.reconciliation.rules.faulty_items import MOST_IN_A_ROW, Fault, fault_of, in_halves


class Line:
    """Items in a row, some of which cannot be worked on."""

    def __init__(self, number: int, bad: set[int], error: Exception | None = None) -> None:
        self.number, self.bad, self.error = number, bad, error or ValueError("Nguyễn Thị Bí Mật")
        self.place, self.done, self.aside, self.tries = 0, list[int](), dict[int, Fault](), 0

    def work(self, faults: Sequence[Fault], size: int) -> bool:
        self.tries += 1
        items = range(self.place, min(self.place + len(faults) + size, self.number))
        bad, good = items[: len(faults)], items[len(faults) :]
        if self.bad & set(good):
            raise self.error
        self.aside |= dict(zip(bad, faults, strict=False))
        self.done += good
        self.place += len(items)
        return self.place < self.number


@pytest.mark.parametrize("bad", [set(), {0}, {617}, {999}, {3, 4}, {3, 700}, {0, 500, 999}])
def test_every_good_item_is_done_once_and_every_bad_one_is_put_aside(bad: set[int]) -> None:
    line = Line(1000, bad)
    assert in_halves(1000, line.work) is False
    assert line.done == [each for each in range(1000) if each not in bad]
    assert set(line.aside) == bad
    assert line.tries <= 1 + 23 * len(bad)  # two tries for each halving of a thousand, not a thousand of them


def test_a_piece_with_more_behind_it_says_so_and_a_short_last_one_does_not() -> None:
    line = Line(1500, {1200})
    assert in_halves(1000, line.work) is True
    assert in_halves(1000, line.work) is False
    assert (len(line.done), set(line.aside)) == (1499, {1200})


def test_a_lone_item_that_is_bad_is_put_aside() -> None:
    line = Line(1, {0})
    in_halves(1000, line.work)
    assert set(line.aside) == {0}


class OperationalError(Exception):
    """As drivers name a lost connection, a full disk, a deadlock."""

    sqlstate = "57P01"


class Refusal(Exception):
    """As drivers name what a constraint, a trigger or a value of a row is the cause of."""

    def __init__(self, sqlstate: str | None) -> None:
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    "error", [OperationalError(), Refusal("42P01"), Refusal(None), OSError(28, "full"), MemoryError()]
)
def test_what_is_no_item_s_fault_is_raised_as_it_came_and_nobody_is_put_aside(error: Exception) -> None:
    line = Line(1000, {617}, error)
    with pytest.raises(type(error)):
        in_halves(1000, line.work)
    assert (line.tries, line.aside, line.done) == (1, {}, [])


def test_what_hits_every_item_puts_nobody_aside() -> None:
    line = Line(1000, set(range(1000)))
    with pytest.raises(ValueError, match="Bí Mật"):
        in_halves(1000, line.work)
    assert (line.aside, line.done) == ({}, [])
    assert MOST_IN_A_ROW < 1000


def test_a_fault_tells_the_kind_of_error_and_not_what_the_item_holds() -> None:
    told = fault_of(ValueError("Nguyễn Thị Bí Mật 012345678901"))
    assert told == Fault("value", "", "ValueError")
    assert fault_of(Refusal("23514")) == Fault("database", "", "Refusal 23514")
    assert fault_of(Refusal("P0001")) == Fault("database", "", "Refusal P0001")
    assert fault_of(RuleBroken("identity_taken")) == Fault("rule", "identity_taken", "RuleBroken")
