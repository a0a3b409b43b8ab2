"""The life of a record, of a notice and of a repair, each as one table: state → act → next state."""

from __future__ import annotations

from collections.abc import Mapping

from hotich.kernel.problems import RuleBroken

Table = Mapping[str, Mapping[str, str]]

# A record never disappears. Its number stays used in every state.
RECORD: Table = {
    "in_force": {"annotate": "in_force", "repair": "in_force", "annul": "annulled", "supersede": "superseded"},
    "superseded": {"annotate": "superseded", "repair": "superseded", "annul": "annulled"},
    "void": {},
    # the note that tells why stands in the book; when the decision is itself revoked, the record is what it was before
    "annulled": {"annotate": "annulled", "restore": "in_force"},
}

# An office cannot write into another's record: it sends a notice, the keeping office answers once. Before the answer
# the sender may take it back.
NOTICE: Table = {
    "pending": {"confirm": "confirmed", "refuse": "refused", "address": "pending", "withdraw": "withdrawn"},
    "confirmed": {},
    "refused": {},
    "withdrawn": {},
}

# A keying repair is proposed by one officer and decided by another; before that its author may take it back.
REPAIR: Table = {
    "proposed": {"approve": "approved", "refuse": "refused", "withdraw": "withdrawn"},
    "approved": {},
    "refused": {},
    "withdrawn": {},
}


def next_state(table: Table, state: str, act: str) -> str:
    """Where an act leads from a state. Raises RuleBroken act_not_allowed_in_state."""
    try:
        return table[state][act]
    except KeyError:
        raise RuleBroken("act_not_allowed_in_state", state=state, act=act) from None


def acts(table: Table, state: str) -> frozenset[str]:
    """What may be done in a state."""
    return frozenset(table.get(state, {}))
