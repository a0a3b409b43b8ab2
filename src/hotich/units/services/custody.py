"""Writes: who keeps the books of a closed office, and who has gone through the old offices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from hotich.audit.services import unit_of_work
from hotich.kernel.actor import Actor
from hotich.kernel.clock import in_vietnam
from hotich.kernel.problems import RuleBroken
from hotich.units.models import ChangeKind, Office, OfficeReview, OfficeSuccession
from hotich.units.queries.places import office_by_code


def assign_custodian(*, actor: Actor, at: datetime, office_code: str, custodian_code: str) -> OfficeSuccession:
    """The province decides who keeps the books of a closed office, e.g. of a district closed on 30/06/2025.

    Replaces an earlier decision and the assumption made for a divided commune; other successors stay known.
    Raises RuleBroken `custody_not_allowed`, `office_unknown`, `custodian_is_itself`, `office_still_open`,
    `custodian_closed`.
    """
    if not actor.may("office.custody"):
        raise RuleBroken("custody_not_allowed")
    with unit_of_work(actor=actor, at=at) as work:
        office = Office.objects.select_for_update().get(pk=office_by_code(office_code).pk)
        custodian = office_by_code(custodian_code)
        _check_custody(office, custodian)
        earlier = OfficeSuccession.objects.filter(predecessor=office, is_default=True)
        before = [step.successor_id for step in earlier]
        earlier.update(is_default=False)
        decided = {"is_default": True, "verified": True, "at": in_vietnam(at).date()}
        step, _ = OfficeSuccession.objects.update_or_create(
            predecessor=office,
            successor=custodian,
            defaults=decided,
            create_defaults={**decided, "kind": ChangeKind.MERGED},
        )
        work.record(
            "office.custodian_assigned",
            subject_kind="office",
            subject_id=office.pk,
            subject_office=office.pk,
            facts={"before": before, "after": custodian.pk},
        )
    return step


def _check_custody(office: Office, custodian: Office) -> None:
    """Only a closed office needs a keeper, and only a living one can be it."""
    if office.pk == custodian.pk:
        raise RuleBroken("custodian_is_itself", field="custodian")
    if not office.is_closed:
        raise RuleBroken("office_still_open", field="office", name=office.name)
    if custodian.is_closed:
        raise RuleBroken("custodian_closed", field="custodian", name=custodian.name)


def review_offices(
    *, actor: Actor, at: datetime, office_ids: Sequence[int], is_reviewed: bool = True, notes: str = ""
) -> int:
    """Note that these offices and their units have been gone through (or that the question is open again).

    Offices already in that state are left alone; the number of those that changed. Raises RuleBroken not_allowed,
    nothing_chosen, office_unknown, reason_missing (opening again needs one).
    """
    if not actor.may("unit.manage") or actor.officer_id is None:
        raise RuleBroken("not_allowed")
    if not office_ids:
        raise RuleBroken("nothing_chosen")
    if not is_reviewed and not notes.strip():
        raise RuleBroken("reason_missing", field="notes")
    with unit_of_work(actor=actor, at=at) as work:
        offices = list(Office.objects.select_for_update().filter(id__in=set(office_ids)).order_by("id"))
        if len(offices) != len(set(office_ids)):
            raise RuleBroken("office_unknown", office="")
        changed = 0
        for office in offices:
            last = OfficeReview.objects.filter(office=office).first()
            if (last is not None and last.is_reviewed) == is_reviewed:
                continue
            OfficeReview.objects.create(
                office=office, is_reviewed=is_reviewed, notes=notes.strip()[:500], by=actor.officer_id, at=at
            )
            verb = "office.reviewed" if is_reviewed else "office.review_reopened"
            work.record(verb, subject_kind="office", subject_id=office.pk, subject_office=office.pk)
            changed += 1
    return changed
