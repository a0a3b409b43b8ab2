"""The life of an operation on units and offices. Pure: the table is the whole truth."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from hotich.kernel.problems import RuleBroken

# step → (states it may be taken from, the state it leads to)
OPERATION: Mapping[str, tuple[frozenset[str], str]] = MappingProxyType(
    {
        "edit": (frozenset({"draft"}), "draft"),
        "propose": (frozenset({"draft"}), "proposed"),
        "send_back": (frozenset({"proposed"}), "draft"),
        "approve": (frozenset({"proposed"}), "approved"),
        "carry_out": (frozenset({"approved"}), "in_force"),
        "cancel": (frozenset({"draft", "proposed", "approved"}), "cancelled"),
    }
)


def next_state(state: str, step: str) -> str:
    """The state a step leads to. Raises RuleBroken `operation_step_not_allowed`, `operation_in_force`."""
    allowed, then = OPERATION[step]
    if state in allowed:
        return then
    if state == "in_force":
        raise RuleBroken("operation_in_force")
    raise RuleBroken("operation_step_not_allowed")


def may_step(state: str, step: str) -> bool:
    """Whether the step is allowed from this state."""
    return state in OPERATION[step][0]
