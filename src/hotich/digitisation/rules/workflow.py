"""The life of a scanned page and of a scanned case, each as one table: state → act → next state."""

from __future__ import annotations

from hotich.intake.rules.workflow import Table, next_state, states_for

__all__ = [
    "CASE",
    "DECIDED",
    "LINKABLE",
    "PAGE",
    "PAGE_CHANGED",
    "PAGE_REPLACED",
    "TO_REVIEW",
    "next_state",
    "states_for",
]

# `boxes` leads to confirmed where the officer confirms with the same act: services decide.
PAGE: Table = {
    "received": {"set_aside": "set_aside", "replace": "received", "adjust": "received", "refuse": "refused"},
    "prepared": {
        "set_aside": "set_aside",
        "replace": "received",
        "adjust": "received",
        "boxes": "prepared",
        "confirm": "confirmed",
    },
    "confirmed": {
        "set_aside": "set_aside",
        "replace": "received",
        "adjust": "received",
        "boxes": "confirmed",
        "confirm": "confirmed",
    },
    "refused": {"set_aside": "set_aside", "replace": "received", "adjust": "received", "take_back": "received"},
    "set_aside": {"take_back": "received"},
}

# A case whose parts were changed is always pending again (`cut`); an encoder's verdict leads out of pending.
CASE: Table = {
    "pending": {"cut": "pending", "encode": "passed", "set_aside": "set_aside", "rescan": "rescan"},
    "passed": {"cut": "pending", "rescan": "rescan", "set_aside": "set_aside"},
    "review": {"cut": "pending", "accept": "accepted", "rescan": "rescan", "set_aside": "set_aside"},
    "refused": {"cut": "pending", "accept": "accepted", "rescan": "rescan", "set_aside": "set_aside"},
    "accepted": {"cut": "pending", "rescan": "rescan", "set_aside": "set_aside"},
    "rescan": {"cut": "pending", "set_aside": "set_aside", "take_back": "pending"},
    "set_aside": {"take_back": "pending"},
}

PAGE_REPLACED, PAGE_CHANGED = "page_replaced", "page_changed"
"""Why a case waits for its page: codes of the messages."""

LINKABLE = frozenset({"passed", "accepted"})
"""States in which a case's PDF may go to its entry."""

TO_REVIEW = frozenset({"review", "refused", "rescan"})
"""States in which an officer has to decide."""

DECIDED = frozenset({"passed", "accepted", "set_aside"})
"""States in which nothing of a case is left to do."""
