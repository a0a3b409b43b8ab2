"""How `--memory` is shared: DuckDB spills what is above its part; columns of numbers have no disk, so as many pairs are
judged at a time as fit theirs."""

from __future__ import annotations

import re
from dataclasses import dataclass

NUMBERS = 0.25  # of all, for columns of numbers
BYTES_A_PAIR = (
    200  # at most: itself thrice while it is sorted, its places and levels, the columns of a person of its own
)
BYTES_A_PERSON = 4  # of the whole population: where the columns of this person are
BYTES_AN_ID = 24  # a number in its place, twice while it is fetched and sorted
MOST_AT_ONCE = 2**23  # pairs: more are judged no faster
LEAST_AT_ONCE = 2**16
_UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12, "KI": 2**10, "MI": 2**20, "GI": 2**30, "TI": 2**40}


@dataclass(frozen=True, slots=True)
class Shares:
    """Bytes of DuckDB, and of the columns of numbers beside it."""

    database: int
    numbers: int

    def pairs_at_once(self, persons: int) -> int:
        """How many pairs are judged at a time, of a population of so many."""
        fitting = (self.numbers - BYTES_A_PERSON * persons) // BYTES_A_PAIR
        return min(max(fitting, LEAST_AT_ONCE), MOST_AT_ONCE)

    def ids_at_once(self) -> int:
        """How many ids are held against each other at a time."""
        return max(self.numbers // BYTES_AN_ID, LEAST_AT_ONCE)


def shares(memory: str) -> Shares:
    """The parts of a size as DuckDB takes it, e.g. "4GB", "800 MiB". Raises ValueError for anything else."""
    found = re.fullmatch(r"\s*([0-9]+(?:\.[0-9]+)?)\s*([KMGT]?I?)B?\s*", memory.upper())
    if found is None or found[2] not in _UNITS:
        raise ValueError(f"no size: {memory!r}")
    size = int(float(found[1]) * _UNITS[found[2]])
    numbers = int(size * NUMBERS)
    return Shares(size - numbers, numbers)


def limit_sql(memory: str) -> str:
    """The statement that keeps DuckDB within its part."""
    return f"set memory_limit = '{shares(memory).database}B'"
