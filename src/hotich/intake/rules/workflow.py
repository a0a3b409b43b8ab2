"""The life of a case and of a row for the Ministry, each as one table: state → act → next state."""

from __future__ import annotations

from collections.abc import Mapping

from hotich.kernel.problems import RuleBroken

Table = Mapping[str, Mapping[str, str]]

# `correct` leads to waiting when no error is left, else to held: services decide by the findings. While a keyed case
# has not been checked by another person, checking stands where waiting stands otherwise.
CASE: Table = {
    "held": {"correct": "waiting", "return": "returned", "withdraw": "withdrawn", "replace": "waiting"},
    "checking": {
        "correct": "checking",
        "pass_check": "waiting",
        "return": "returned",
        "hold": "held",
        "withdraw": "withdrawn",
        "replace": "waiting",
    },
    "waiting": {
        "correct": "waiting",
        "return": "returned",
        "approve": "approved",
        "hold": "held",
        "withdraw": "withdrawn",
        "check_again": "checking",
    },
    "returned": {
        "correct": "waiting",
        "resubmit": "waiting",
        "take_back": "waiting",
        "check_again": "checking",
        "withdraw": "withdrawn",
        "replace": "waiting",
    },
    "approved": {},
    "withdrawn": {"restore": "held"},  # only what a checker closed beside another original; examined again
}

UNAPPROVED = ("waiting", "checking", "held", "returned")
"""States of a case that may still become a record."""

HOLDS_ITS_NUMBER = ("waiting", "checking", "approved")
"""States in which no other case may have the number of this one."""

# A row for the Ministry: sent in a file, then answered; what was rejected may be sent again after repair. A row is
# cancelled when its record was annulled and the Ministry never had it.
DISPATCH: Table = {
    "queued": {"send": "sent", "cancel": "cancelled"},
    "sent": {"acknowledge": "acknowledged", "reject": "rejected"},
    "rejected": {"retry": "queued", "cancel": "cancelled"},
    "acknowledged": {},
    "cancelled": {},
}


def next_state(table: Table, state: str, act: str, *, is_check_pending: bool = False) -> str:
    """Where an act leads from a state; while a check is pending that is never "waiting".

    Raises RuleBroken act_not_allowed_in_state.
    """
    try:
        found = table[state][act]
    except KeyError:
        raise RuleBroken("act_not_allowed_in_state", state=state, act=act) from None
    return "checking" if is_check_pending and found == "waiting" else found


def state_by_findings(errors: int, *, is_check_pending: bool) -> str:
    """The state of a case that was examined and is not approved: held while anything must be mended."""
    if errors:
        return "held"
    return "checking" if is_check_pending else "waiting"


def states_for(table: Table, act: str) -> frozenset[str]:
    """The states in which an act is allowed."""
    return frozenset(state for state, acts in table.items() if act in acts)
