"""A search for links: its life. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from hotich.kernel.problems import RuleBroken

# state → act → next state. `work` and `end` belong to the background job, which may do them again after a kill
SEARCH: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "waiting": {"work": "running", "end": "done", "stop": "stopped", "fail": "failed"},
        "running": {"work": "running", "end": "done", "stop": "stopped", "fail": "failed"},
        "stopped": {"resume": "waiting"},
        "failed": {"resume": "waiting"},
        "done": {"retry": "waiting"},
    }
)
UNDER_WAY = ("waiting", "running")


def next_state(state: str, act: str) -> str:
    """Where an act leads. Raises RuleBroken search_not_in_state."""
    try:
        return SEARCH[state][act]
    except KeyError as error:
        raise RuleBroken("search_not_in_state") from error
