"""Every day both sides say what was done: what the partner has and we do not know, what we believe and it never got."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from hotich.audit.services import unit_of_work
from hotich.database.scope import office_scope
from hotich.kernel.actor import Actor
from hotich.kernel.clock import in_vietnam, start_of_day
from hotich.kernel.problems import RuleBroken
from hotich.reconciliation.adapters import Context, Partner, PartnerClosed, PartnerRefused, PartnerUnreachable, Traced
from hotich.reconciliation.adapters.choice import LIVE, partner
from hotich.reconciliation.models import DailyAgreement, PopulationRequest, RequestState
from hotich.reconciliation.queries.requests import CHANGING, offices_that_sent
from hotich.reconciliation.rules.agreement import DIFFERS, MISSING_THERE, Told, compare_day
from hotich.reconciliation.services.access import must_have, system_at
from hotich.reconciliation.services.sending import context_of
from hotich.units.models import Office

PURPOSE = "doi-soat"
SUBJECT = "population_agreement"
_ANSWERED = (RequestState.DONE, RequestState.SUSPECTED, RequestState.REFUSED)


def agree_on_yesterday(*, at: datetime) -> int:
    """Compare the day before with the partner, for every office that ever sent; offices done already are left out. How
    many were compared; where the partner does not answer, the next round goes on."""
    if partner().name != LIVE:
        return 0
    day = in_vietnam(at).date() - timedelta(days=1)
    done = 0
    for office_id in offices_that_sent():
        if _is_done(office_id, day):
            continue
        try:
            _agree(system_at(office_id), at, office_id, day)
        except PartnerUnreachable:
            break
        except PartnerRefused:
            continue
        done += 1
    return done


def agree_on_day(*, actor: Actor, at: datetime, office_id: int, day: date) -> DailyAgreement:
    """An officer has a past day compared, again if need be.

    Raises RuleBroken: not_allowed, office_not_in_scope, agreement_day_not_over, the codes of the partner.
    """
    must_have(actor, "population.settle")
    if office_id not in actor.office_ids:
        raise RuleBroken("office_not_in_scope", field="office")
    if day >= in_vietnam(at).date():
        raise RuleBroken("agreement_day_not_over", field="day")
    try:
        return _agree(actor, at, office_id, day)
    except (PartnerUnreachable, PartnerClosed) as error:
        raise RuleBroken(str(error.args[0])) from error
    except PartnerRefused as error:
        raise RuleBroken("partner_refused", words=str(error.args[1])) from error


def _is_done(office_id: int, day: date) -> bool:
    with office_scope([office_id]):
        return DailyAgreement.objects.filter(origin_office_id=office_id, day=day).exists()


def _agree(actor: Actor, at: datetime, office_id: int, day: date) -> DailyAgreement:
    chosen, office = partner(), Office.objects.get(id=office_id)
    context = Context(uuid4(), PURPOSE, office.code, str(actor.officer_id or 0))
    theirs = chosen.requests_of(context, day)
    with office_scope([office_id]):
        ours = _ours(office_id, day, [each.request_id for each in theirs])
    told = [Told(each.request_id, each.kind, each.state, each.receipt, day) for each in theirs]
    faults = compare_day(day=day, ours=ours, theirs=told)
    faults = [each for each in faults if each["fault"] != MISSING_THERE or not _is_there(chosen, office_id, each)]
    return _keep(actor, at, office_id, day, len([each for each in ours if each.is_of(day)]), theirs, faults)


def _ours(office_id: int, day: date, named: Sequence[UUID]) -> list[Told]:
    """What we have of that day, and what they name, of whatever day it is here."""
    start = start_of_day(day)
    rows = PopulationRequest.objects.filter(origin_office_id=office_id, kind__in=CHANGING)
    of_day = rows.filter(state__in=_ANSWERED, changed_at__gte=start, changed_at__lt=start + timedelta(days=1))
    found = {row.id: row for row in (*of_day, *rows.filter(id__in=named))}
    return [
        Told(row.id, str(row.kind), str(row.state), row.receipt, in_vietnam(row.changed_at).date())
        for row in found.values()
    ]


def _is_there(chosen: Partner, office_id: int, fault: Mapping[str, Any]) -> bool:
    """Whether the partner has it after all, of another day: around midnight the two days are not the same."""
    with office_scope([office_id]):
        request = PopulationRequest.objects.get(id=fault["request_id"])
    answer = chosen.state_of(context_of(request))
    return answer is not None and answer.state == request.state and answer.receipt == request.receipt


def _keep(
    actor: Actor, at: datetime, office_id: int, day: date, ours: int, theirs: Sequence[Traced],
    faults: Sequence[Mapping[str, Any]],
) -> DailyAgreement:  # fmt: skip
    with office_scope([office_id]), unit_of_work(actor=actor, at=at) as work:
        kept, _made = DailyAgreement.objects.update_or_create(
            origin_office_id=office_id, day=day,
            defaults={"compared_at": at, "ours": ours, "theirs": len(theirs), "faults": list(faults)},
        )  # fmt: skip
        # what the partner has done and we wait for: it is asked at once instead of after its pause
        late = [each["request_id"] for each in faults if each["fault"] == DIFFERS]
        PopulationRequest.objects.filter(id__in=late, state=RequestState.UNCLEAR).update(next_at=at)
        work.record(
            "population_agreement.compared", subject_kind=SUBJECT, subject_id=kept.id, subject_office=office_id,
            facts={"day": day.isoformat(), "faults": str(len(faults))},
        )  # fmt: skip
        if faults:
            work.announce("population_agreement.faults", subject_kind=SUBJECT, subject_id=kept.id, office=office_id)
    return kept
