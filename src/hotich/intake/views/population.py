"""The people of a case and the population database: a part of the case page, and the page of one of them."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from hotich.intake.models import Case
from hotich.intake.rules.workflow import UNAPPROVED
from hotich.intake.views.case_page import case_title, case_url
from hotich.intake.views.parts import actor_of, case_of, needs
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.reconciliation.queries.book_facts import counted, facts_of_values
from hotich.reconciliation.queries.checks import checks_of_case
from hotich.reconciliation.views.look_up_page import Subject, look_up_page
from hotich.reconciliation.views.record_checks import SEES, people_part
from hotich.records.rules.restricted import sees_restricted
from hotich.records.services import note_reading
from hotich.registers.types import version_by_id
from hotich.registers.views.parts import words


def subject_of_case(case: Case, actor: Actor) -> Subject:
    """A case for the page of its people; those one may not see left out."""
    version = version_by_id(case.schema_version)
    named = {field.code: section.label for section in version.sections for field in section.fields}
    sees = sees_restricted(actor) or case.keyed_by in actor.hands
    return Subject(
        kind="case",
        id=case.id,
        office_id=case.origin_office_id,
        title=case_title(case),
        url=case_url(case.id),
        roles={each.role: words(named[each.name]) for each in counted(version) if sees or not each.restricted},
        facts=facts_of_values(version, case.as_recorded, case.registration_year, office_id=case.origin_office_id),
        checks=checks_of_case(case.id, actor.office_ids),
        page=lambda role: reverse("intake:case_look_up", args=[case.id, role]),
        is_open=case.state in UNAPPROVED,
    )


@needs(*SEES)
@require_GET
def case_population(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The people of a case with the outcome of each: a part of its page, or a page of its own without script."""
    actor = actor_of(request)
    case = case_of(actor, case_id)
    _read(actor, case)
    return people_part(request, actor, subject_of_case(case, actor))


@needs(*SEES)
@require_http_methods(["GET", "POST"])
def case_look_up(request: HttpRequest, case_id: UUID, role: str) -> HttpResponse:
    """One person of a case: look up, choose, say that he is absent."""
    actor = actor_of(request)
    case = case_of(actor, case_id)
    _read(actor, case)
    return look_up_page(request, actor, subject_of_case(case, actor), role)


def _read(actor: Actor, case: Case) -> None:
    note_reading(
        actor=actor, at=clock.now(), subject_kind="case", subject_id=case.id, subject_office=case.origin_office_id,
        facts={"part": "population"},
    )  # fmt: skip
