"""Work on pictures in processes of their own (`scans.workers`): how much of it at a time, and how refusals come back."""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from hotich.digitisation.models import ScanPage
from hotich.files.queries import read_file
from hotich.kernel.problems import RuleBroken

if TYPE_CHECKING:
    from hotich.scans.workers import Outcome

SECONDS = 180.0  # for one page, or one case: an A2 page in colour on a slow office computer
MEMORY = 1_500 * 1024**2  # bytes a worker may occupy
MOST_JOBS = 8


def jobs() -> int:
    """How many worker processes: one core stays free for the pages of the officers."""
    return max(1, min(MOST_JOBS, (os.cpu_count() or 2) - 1))


def run_all(
    function: str, items: Sequence[tuple[Hashable, Callable[[], Any]]], *,
    workers: int = 0, seconds: float = SECONDS, memory: int = MEMORY,
) -> Iterator[Outcome]:  # fmt: skip
    """`scans.workers.run_isolated` with the limits of this installation; `workers`: 0 for as many as there is room for.

    Each argument is made when a worker is free for it; one that cannot be made (its file is damaged) is a failed outcome
    as well.
    """
    from hotich.scans.workers import Outcome, run_isolated  # only a process that works on pictures loads it

    unmade: list[Outcome] = []

    def made() -> Iterator[tuple[Hashable, Any]]:
        for identity, make in items:
            try:
                argument = make()
            except RuleBroken as refusal:
                unmade.append(Outcome(identity, code=refusal.code, params=refusal.params))
            else:
                yield identity, argument

    if items:
        yield from run_isolated(function, made(), jobs=workers or jobs(), seconds=seconds, memory=memory)
        yield from unmade


def run_one(function: str, argument: Any) -> Any:
    """One piece of work somebody waits for; its value. Raises RuleBroken with the code it failed with."""
    for outcome in run_all(function, [(0, lambda: argument)]):
        if outcome.code:
            raise RuleBroken(outcome.code, **dict(outcome.params))
        return outcome.value
    raise RuleBroken("worker_failed")


def picture_of(page: ScanPage) -> tuple[bytes, float]:
    """The flat picture of a page as `scans.steps` takes it: JPEG and resolution. Raises RuleBroken page_not_prepared."""
    if page.flat is None:
        raise RuleBroken("page_not_prepared")
    return read_file(page.flat), page.dpi or 0.0
