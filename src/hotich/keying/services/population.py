"""Choices of a keyer about the people of a case go to reconciliation, once the case is stored."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.keying.models import PackageItem
from hotich.keying.rules.population import PopulationChoice
from hotich.keying.rules.sync import SyncItem
from hotich.reconciliation.models import PopulationCheck
from hotich.reconciliation.queries.book_facts import facts_of_values
from hotich.reconciliation.queries.checks import checks_of_case
from hotich.reconciliation.services.checks import Choice, keep_choice
from hotich.registers.types import version_by_id

log = logging.getLogger(__name__)


def keep_choices(
    work: UnitOfWork,
    item: SyncItem,
    case_id: UUID,
    place: PackageItem,
    office_id: int,
    roles: Collection[str] | None = None,
) -> list[Mapping[str, Any]]:
    """Hand over what was chosen about the people of one stored case; the choices refused, as warnings to the keyer.
    `roles`: only what was chosen about these.

    What was keyed is never held up by it: a choice that is refused (no right any more, an item on the tracking list, a
    citizen that the answer does not have) is left out and the person stays unchecked, until the keyer chooses anew or
    confirms that it shall stay so.
    """
    left_out: list[Mapping[str, Any]] = []
    if not item.population:
        return left_out
    facts = facts_of_values(
        version_by_id(item.schema_version), item.values, place.registration_year, office_id=office_id
    )
    for role, choice in sorted(item.population.items()):
        if roles is not None and role not in roles:
            continue
        given = Choice(choice.outcome, choice.ref, choice.look_up, choice.absence, choice.absence_words)
        try:
            with unit_of_work(actor=work.actor, at=work.at) as inner:
                keep_choice(inner, office_id=office_id, role=role, choice=given, facts=facts.get(role), case_id=case_id)
        except RuleBroken as fault:
            log.warning("keying: a choice about the population database was left out: %s", fault.code)
            field = f"{role}_full_name" if role in facts else ""
            left_out.append({"code": fault.code, "field": field, "severity": "warning", "params": {}})
    return left_out


def keep_choices_again(
    work: UnitOfWork, item: SyncItem, case_id: UUID, place: PackageItem, office_id: int
) -> list[Mapping[str, Any]]:
    """The same item once more: the first answer may have been lost, so what was left out then is told again.

    What stands, and what somebody has chosen since, is left as it is.
    """
    standing = checks_of_case(case_id, [office_id])
    left = {role for role, choice in item.population.items() if not _stands(standing.get(role), choice, work.actor)}
    return keep_choices(work, item, case_id, place, office_id, left) if left else []


def _stands(check: PopulationCheck | None, choice: PopulationChoice, actor: Actor) -> bool:
    if check is None or check.decided_by is None:
        return False
    is_his_other = check.decided_by in actor.hands and bool(choice.ref) and check.citizen_ref != choice.ref
    return not is_his_other
