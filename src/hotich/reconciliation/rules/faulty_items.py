"""An item that could not be worked on: found among the others of its piece, and what is told of it. Pure.

A piece that fails is done again in halves until the item alone is found. What keeps every item from being worked on (an
outage, a lost connection, a fault of the programs) is none of an item's, and is left to whoever tries the piece again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from traceback import walk_tb

from hotich.kernel.problems import RuleBroken

MOST_IN_A_ROW = 100
"""So many items one after the other, and none of them could be worked on: it is not the items."""

# classes of SQLSTATE a value of one row can be the cause of: data, constraints, what a trigger raises
_OF_A_ROW = ("22", "23", "P0001")
_NOT_OF_AN_ITEM = (OSError, MemoryError, RecursionError, ImportError, NameError, AssertionError)
VALUE, DATABASE, RULE = "value", "database", "rule"


@dataclass(frozen=True, slots=True)
class Fault:
    """Why an item could not be worked on, without a word of what it holds: texts of errors quote values.

    `reason`: value (the programs could not read it), database (it refused the row), rule (a refusal, `code` is its code);
    `error`: kind of error and where, for whoever mends it.
    """

    reason: str
    code: str
    error: str


Work = Callable[[Sequence[Fault], int], bool]
"""Put so many items on record with these faults and work on the next ones, in one transaction; whether there is more."""


def fault_of(error: Exception) -> Fault | None:
    """What an error tells of the item it came from; None when it is no item's."""
    state, is_of_database = _sqlstate(error)
    if isinstance(error, _NOT_OF_AN_ITEM) or (is_of_database and not _is_of_a_row(error, state)):
        return None
    where = f"{type(error).__name__} {state}".strip() + _place_of(error)
    if isinstance(error, RuleBroken):
        return Fault(RULE, error.code[:60], where[:200])
    return Fault(DATABASE if is_of_database else VALUE, "", where[:200])


def in_halves(size: int, work: Work, most: int | None = None) -> bool:
    """Work on the next `size` items; where that fails on halves of them, down to the one that is the cause, which is put on
    record with the next that can be done. Whether there is more. Raises what is no item's fault, as it came; `most` items one
    after the other are not the items."""
    halves = _Halves(work, most or MOST_IN_A_ROW)
    halves.do(size)
    return halves.end()


class _Halves:
    def __init__(self, work: Work, most: int) -> None:
        self.work, self.most, self.more = work, most, True
        self.found: list[Fault] = []  # of the items right before the next one, not on record yet

    def do(self, size: int) -> None:
        try:
            self.more = self.work(tuple(self.found), size)
        except Exception as error:
            fault = fault_of(error)
            if fault is None:
                raise
            if size > 1:
                self.do(size // 2)
                self.do(size - size // 2)
                return
            self.found.append(fault)
            if len(self.found) >= self.most:
                raise
        else:
            self.found.clear()

    def end(self) -> bool:
        return self.work(tuple(self.found), 0) if self.found else self.more


def _is_of_a_row(error: Exception, state: str) -> bool:
    names = {kind.__name__ for kind in type(error).__mro__}
    return state.startswith(_OF_A_ROW) if state else bool(names & {"DataError", "IntegrityError"})


def _sqlstate(error: Exception) -> tuple[str, bool]:
    """The SQLSTATE, and whether it is an error of a database at all; one without a state lost its connection, as a rule."""
    for each in (error, error.__cause__):
        if each is not None and hasattr(each, "sqlstate"):
            return str(each.sqlstate or ""), True
    modules = {kind.__module__.partition(".")[0] for kind in type(error).__mro__}
    names = {kind.__name__ for kind in type(error).__mro__}
    return "", bool(modules & {"psycopg", "duckdb", "_duckdb"}) or bool(names & {"DatabaseError", "InterfaceError"})


def _place_of(error: Exception) -> str:
    """The innermost line of ours that it went through, but for those that only hand a statement to the database."""
    place = ""
    for frame, line in walk_tb(error.__traceback__):
        name = str(frame.f_globals.get("__name__", ""))
        if name.startswith("hotich.") and not name.startswith("hotich.database."):
            place = f" {name.removeprefix('hotich.')}:{line}"
    return place
