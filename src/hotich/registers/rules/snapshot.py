"""The configuration in force: thresholds, code lists, eras and days, as one immutable value that the process works with.

Rules ask `active()` and nothing else. What is shipped is there from the start; whoever can read the database puts
another value in its place (`install`), and for one piece of work another one can be held up beside it (`using`): to
try a change before it is proposed, or to judge all rows of a workbook alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from hotich.kernel.working_days import use_day_changes

if TYPE_CHECKING:
    from hotich.kernel.working_day_changes import DayChange
    from hotich.registers.codes.code_list import CodeList
    from hotich.registers.rules.parameters import Parameter
    from hotich.registers.types.declaration import Era
    from hotich.registers.types.eras import EraPeriod

SHIPPED = "shipped"
MOST_REMEMBERED = 65536


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """All that can be configured, at one version.

    `stamp` names the version; `day` is the day whose values are shown where nobody names one. The rows of a threshold
    stand in the order in which they are asked: the newest local one first, what is shipped last.
    """

    stamp: str
    day: date
    parameters: Mapping[str, tuple[Parameter, ...]]
    lists: Mapping[str, CodeList]
    eras: Mapping[Era, EraPeriod]
    days: tuple[DayChange, ...]
    timeless: Mapping[str, int]  # thresholds with one value at all times, which need no day
    # (threshold, code of a province) -> its own rows, in the same order; few thresholds may have any
    provincial: Mapping[tuple[str, str], tuple[Parameter, ...]] = field(default_factory=dict)
    _known: dict[tuple[str, date], int | None] = field(default_factory=dict)

    def value(self, code: str, on: date) -> int | None:
        """The threshold in force on a day; None where none is known. Raises KeyError."""
        key = code, on
        known = self._known
        if key in known:
            return known[key]
        rows = self.parameters[code]
        if len(known) >= MOST_REMEMBERED:
            known.clear()
        found = known[key] = next((row.value for row in rows if row.holds_on(on)), None)
        return found

    def value_of_province(self, code: str, on: date, province: str) -> int | None:
        """What a province has set for itself for a day; None where it has not."""
        rows = self.provincial.get((code, province), ())
        return next((row.value for row in rows if row.holds_on(on)), None)

    def differs_by_province(self, code: str) -> bool:
        """Whether any province has a value of its own."""
        return any(key[0] == code for key in self.provincial)


_installed: Snapshot | None = None
_pinned: ContextVar[Snapshot | None] = ContextVar("configuration", default=None)


def active() -> Snapshot:
    """The configuration to judge by, here and now."""
    found = _pinned.get()
    if found is None:
        found = _installed
    return found if found is not None else _shipped()


def installed() -> Snapshot:
    """The configuration of the process, whatever is held up for the present piece of work."""
    return _installed or _shipped()


def _shipped() -> Snapshot:
    global _installed
    # imported here: the tables of what is shipped ask `active` themselves
    from hotich.registers.rules.configuration import shipped

    _installed = _installed or shipped()
    return _installed


def install(snapshot: Snapshot) -> None:
    """Make it the configuration of this process."""
    global _installed
    _installed = snapshot
    use_day_changes(snapshot.days)


@contextmanager
def using(snapshot: Snapshot) -> Iterator[None]:
    """Judge by this configuration inside the block, in this thread only."""
    token = _pinned.set(snapshot)
    try:
        yield
    finally:
        _pinned.reset(token)
