"""The life of a hand-over of books. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from hotich.kernel.problems import RuleBroken

# step → (states it may be taken from, the state it leads to)
HANDOVER: Mapping[str, tuple[frozenset[str], str]] = MappingProxyType(
    {
        "hand_over": (frozenset({"planned"}), "handed_over"),
        "receive": (frozenset({"handed_over"}), "received"),
        "cancel": (frozenset({"planned", "handed_over"}), "cancelled"),
    }
)


def next_state(state: str, step: str) -> str:
    """The state a step leads to. Raises RuleBroken `handover_step_not_allowed`."""
    allowed, then = HANDOVER[step]
    if state not in allowed:
        raise RuleBroken("handover_step_not_allowed")
    return then
