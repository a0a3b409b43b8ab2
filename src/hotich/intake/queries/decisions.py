"""Reads: what waits for a decision of this officer, in all apps; the navigation counts it, the first page shows it."""

from __future__ import annotations

from hotich.accounts.queries import delegations_to_decide
from hotich.intake.queries.export_requests import exports_to_decide
from hotich.intake.queries.work import pending_notices
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.persons.queries.reading_history import glasses_to_review
from hotich.reconciliation.queries.tracking import exports_to_decide as list_exports_to_decide
from hotich.records.queries import count_repairs_to_decide
from hotich.registers.queries.configuration import count_waiting
from hotich.units.queries import count_operations_to_decide


def waiting_decisions(actor: Actor) -> dict[str, int]:
    """How many of each kind wait; kinds the officer may not decide are left out.

    Kinds: notices, repairs, exports, list_exports (of the tracking list), glasses (openings of restricted facts to review),
    lent (delegations), operations (changes of units), configuration.
    """
    counts: dict[str, int] = {}
    today = clock.today()
    if actor.may("record.annotate"):
        counts["notices"] = pending_notices(actor.office_ids)
    if actor.may("record.approve_repair"):
        counts["repairs"] = count_repairs_to_decide(actor)
    if actor.may("export.approve"):
        counts["exports"] = exports_to_decide(actor)
        counts["list_exports"] = list_exports_to_decide(actor)
    if actor.may("reading.review"):
        counts["glasses"] = glasses_to_review(actor)
    if actor.may("officer.delegate") or actor.may("officer.manage"):
        counts["lent"] = len(delegations_to_decide(actor, on=today))
    if actor.may("unit.approve"):
        counts["operations"] = count_operations_to_decide(actor)
    if actor.may("parameters.approve"):
        counts["configuration"] = count_waiting(actor, today)
    return counts
