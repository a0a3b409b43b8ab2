"""What still waits at offices, told by the apps above: they declare how to count it, this app knows none of them.

An app above calls `declare_open_work` once, in the `ready` of its apps.py. Counts only: no row leaves the function.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from hotich.database.scope import office_scope
from hotich.units.queries import offices_kept_by


@dataclass(frozen=True, slots=True)
class OpenWork:
    """How much waits at some offices, and of it what each officer had a hand in (officer id → number)."""

    total: int = 0
    by_officer: Mapping[int, int] = field(default_factory=dict)


Counter = Callable[[Collection[int]], OpenWork]
_counters: dict[str, Counter] = {}


def declare_open_work(code: str, counter: Counter) -> None:
    """Have work counted before accounts are locked. `counter` is given office ids and runs in their scope."""
    _counters[code] = counter


def open_work_at(office_id: int) -> dict[int, OpenWork]:
    """What waits at an office and at each closed office whose books it keeps, all kinds together; by office id.

    Whoever asks looks after the accounts there (checked by the caller) and learns numbers, no content; each office is
    looked at in a scope of its own.
    """
    found = {}
    for office in sorted(offices_kept_by([office_id])):
        with office_scope([office]):
            found[office] = _together([counter([office]) for counter in _counters.values()])
    return found


def _together(parts: list[OpenWork]) -> OpenWork:
    by_officer: dict[int, int] = {}
    for part in parts:
        for officer, number in part.by_officer.items():
            by_officer[officer] = by_officer.get(officer, 0) + number
    return OpenWork(sum(part.total for part in parts), by_officer)
