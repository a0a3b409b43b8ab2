"""Choices of a keyer about the people of a case go to reconciliation, once the case is stored."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.intake.services.keyed import KeptCase
from hotich.kernel.problems import RuleBroken
from hotich.keying.models import PackageItem
from hotich.keying.rules.sync import SyncItem
from hotich.reconciliation.queries.book_facts import facts_of_values
from hotich.reconciliation.services.checks import Choice, keep_choice
from hotich.registers.types import version_by_id

log = logging.getLogger(__name__)


def keep_choices(
    work: UnitOfWork, item: SyncItem, kept: KeptCase, place: PackageItem, office_id: int
) -> list[Mapping[str, Any]]:
    """Hand over what was chosen about the people of one stored case; the choices refused, as warnings to the keyer.

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
        given = Choice(choice.outcome, choice.ref, choice.look_up, choice.absence, choice.absence_words)
        try:
            with unit_of_work(actor=work.actor, at=work.at) as inner:
                keep_choice(inner, office_id=office_id, role=role, choice=given, facts=facts.get(role), case_id=kept.id)
        except RuleBroken as fault:
            log.warning("keying: a choice about the population database was left out: %s", fault.code)
            field = f"{role}_full_name" if role in facts else ""
            left_out.append({"code": fault.code, "field": field, "severity": "warning", "params": {}})
    return left_out
