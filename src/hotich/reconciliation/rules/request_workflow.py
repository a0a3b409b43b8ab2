"""The life of a request to the population database as one table: state → act → next state. Pure."""

from __future__ import annotations

from hotich.records.rules.workflow import Table

# `take_up` comes before the call and is committed alone: whoever dies in between leaves "unclear", and of an unclear
# request the partner is asked what became of it before it is sent again.
REQUEST: Table = {
    "waiting": {"confirm": "queued", "cancel": "cancelled"},
    # "put_back": the record says something else by now, the police have confirmed what it said before
    "queued": {"take_up": "unclear", "write_file": "in_file", "put_back": "waiting", "cancel": "cancelled"},
    "in_file": {"done": "done", "suspect": "suspected", "refuse": "refused"},
    "unclear": {"done": "done", "suspect": "suspected", "refuse": "refused", "never_arrived": "queued"},
    "suspected": {"done": "done", "suspect": "suspected", "refuse": "refused", "cancel": "cancelled"},
    "done": {},
    "refused": {},
    "cancelled": {},
}

ENDED = frozenset({"done", "refused", "cancelled"})
OPEN = frozenset(REQUEST) - ENDED

_FIRST, _LONGEST = 60, 3600


def states_for(table: Table, act: str) -> frozenset[str]:
    """The states in which an act is allowed."""
    return frozenset(state for state, acts in table.items() if act in acts)


def seconds_until_next(attempts: int) -> int:
    """How long to wait after so many attempts: a minute, two, four … an hour at most. It is never given up."""
    return int(min(_FIRST * 2 ** max(0, min(attempts, 20) - 1), _LONGEST))
