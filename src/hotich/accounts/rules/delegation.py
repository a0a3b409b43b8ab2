"""What may be delegated, to whom, for how long: separation of duties holds for whoever acts in another's place.

Whoever acts on behalf of another holds the delegated rights alone, at that office alone, and signs with the own name:
what nobody may do to a case of the own hand stays forbidden to both (intake asks who touched a case).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from hotich.accounts.rules.roles import ROLES

LONGEST = timedelta(days=180)  # own choice: an absence, not a second post

# Looking after accounts, machines, units and thresholds, and watching others, is not handed on; neither is delegating.
NEVER = frozenset({"technical.manage", "reading.review", "record.break_glass", "web.style_guide", "office.custody"})
_NEVER_BEGINS = ("officer.", "device.", "unit.", "parameters.manage", "parameters.approve", "audit.", "export.")

PREPARING = frozenset(
    {"case.import", "case.edit", "record.annotate", "record.repair", "person.decide_links", "dispatch.send"}
)
DECIDING = frozenset({"case.approve", "record.approve_repair", "record.annul"})


def may_be_delegated(right: str) -> bool:
    """Whether a right can be handed on at all."""
    return right not in NEVER and not right.startswith(_NEVER_BEGINS)


def delegable(rights: Iterable[str]) -> frozenset[str]:
    """Of the own rights those that can be handed on."""
    return frozenset(right for right in rights if may_be_delegated(right))


def mixes_duties(rights: Iterable[str]) -> bool:
    """Whether one pair of hands would both prepare and decide."""
    held = frozenset(rights)
    return bool(held & PREPARING) and bool(held & DECIDING)


def stands_alone(roles: Iterable[str]) -> bool:
    """Whether one of these roles is never held beside another (administrator, auditor): nothing is delegated to it."""
    return any(ROLES[code].alone for code in roles if code in ROLES)


def too_long(valid_from: date, valid_to: date) -> bool:
    """Whether the time is longer than an absence."""
    return valid_to - valid_from > LONGEST
