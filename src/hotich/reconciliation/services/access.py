"""May they, and who acts where nobody asks: the same for every service of reconciliation."""

from __future__ import annotations

from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken


def must_have(actor: Actor, right: str) -> int:
    """The officer who acts. Raises RuleBroken not_allowed without the right, or for the system itself."""
    if not actor.may(right) or actor.officer_id is None:
        raise RuleBroken("not_allowed")
    return actor.officer_id


def system_at(office_id: int, *others: int) -> Actor:
    """The system at an office, seeing the rows of that one and of `others`: nobody asks for what goes by itself."""
    return Actor("system", office_id, None, frozenset({office_id, *others}))
