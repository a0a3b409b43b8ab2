"""Accepting many proposals at once: the life of a bulk, what its sample says of the rest. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from hotich.kernel.problems import RuleBroken

BULK_KINDS = ("same_person", "parent")
"""Never one event entered twice: which of two entries stands is decided by an officer, entry by entry."""
BY_BULK = "bulk"
"""What stands with a proposal that a bulk accepted, where else a rule or nothing stands."""
FAMILY_ALONE = {"field": "birth", "level": "unknown"}
"""Evidence of a proposal that no birth speaks for: it tells namesakes married to namesakes not apart. A human decides."""
BLOCK = 50  # proposals accepted, or taken back, in one transaction: a bulk can be stopped between two of them
MOST_IN_A_ROW = 25  # so many of a block one after the other, and none could be done: it is not the proposals
CONFIDENCE = 0.95

# state → act → next state. `work` and `end` belong to the background job, which may do them again after a kill
BULK: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "sampling": {"refuse": "refused", "start": "waiting", "give_up": "given_up"},
        "refused": {},
        "waiting": {"work": "running", "stop": "stopped", "fail": "failed"},
        "running": {"work": "running", "end": "done", "stop": "stopped", "fail": "failed"},
        "stopped": {"resume": "waiting", "undo": "undoing"},
        "failed": {"resume": "waiting", "undo": "undoing"},
        "done": {"undo": "undoing", "retry": "waiting"},
        "undoing": {"undo": "undoing", "end": "undone", "fail": "undoing", "resume": "undoing"},
        "undone": {"retry": "undoing"},
        "given_up": {},
    }
)
ACCEPTING = ("waiting", "running")
UNDER_WAY = (*ACCEPTING, "undoing")
OPEN = ("sampling", *UNDER_WAY, "stopped", "failed")
"""A bulk that holds its proposals: another one of the same kind has to wait."""


def next_state(state: str, act: str) -> str:
    """Where an act leads. Raises RuleBroken bulk_not_in_state."""
    try:
        return BULK[state][act]
    except KeyError as error:
        raise RuleBroken("bulk_not_in_state") from error


def most_wrong(looked_at: int, of: int) -> float:
    """The greatest share of wrong ones among the rest that a sample without a wrong one leaves likely (1 in 20).

    1 when nothing was looked at, 0 when everything was.
    """
    if looked_at >= of:
        return 0.0
    return 1.0 if looked_at < 1 else 1 - (1 - CONFIDENCE) ** (1 / looked_at)
