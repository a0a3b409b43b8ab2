"""The life of a package and of its items, each as one table: state → act → next state."""

from __future__ import annotations

from hotich.intake.rules.workflow import Table, next_state, states_for

__all__ = ["DEFAULT_MODE", "DONE", "ITEM", "LIVE", "PACKAGE", "TAKEN", "next_state", "states_for"]

DEFAULT_MODE = "blind_critical"
"""How a book is checked where nobody chose a mode for it."""

# `take_back` keeps whatever the keyer has sent: the next one goes on after it. `return` gives the package to the keyer
# who had it last, by a checker, by the acceptance of its book or by the leader. `give_up_check`: another will check it;
# `check_again`: a decision was taken back, or a late entry of somebody else came.
PACKAGE: Table = {
    "ready": {"check_out": "out", "assign": "ready", "withdraw": "withdrawn"},
    "out": {"release": "released", "take_back": "ready"},
    "released": {"start_check": "checking", "return": "out"},
    "checking": {"finish_check": "checked", "give_up_check": "released", "return": "out"},
    "checked": {"return": "out", "check_again": "checking"},
    "withdrawn": {},
}

# What stands at a place may be said anew while its package is out: a number thought void turns out to be a case.
_AGAIN = {"key": "keyed", "void": "void", "missing": "missing", "blank": "blank"}
ITEM: Table = {
    "open": _AGAIN,
    "keyed": {**_AGAIN, "reopen": "open"},
    "void": {**_AGAIN, "reopen": "open"},
    "missing": {**_AGAIN, "reopen": "open"},
    "blank": {**_AGAIN, "reopen": "open"},
}

DONE = frozenset({"keyed", "void", "missing", "blank"})
"""States of an item of which nothing is left to key."""

TAKEN = frozenset({"out", "released", "checking", "checked"})
"""States of a package that somebody keys or keyed."""

LIVE = frozenset({"ready", *TAKEN})
"""States of a package that holds its scans and numbers: no other package may have them."""
