"""What the views of this app share: who may open a page, names of registers, facts of a case in a list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from hotich.intake.models import Batch, BatchState, Case, CaseState
from hotich.intake.queries.decisions import waiting_decisions
from hotich.intake.queries.work import waiting_work
from hotich.kernel.actor import Actor
from hotich.kernel.problems import Problem, RuleBroken, Severity
from hotich.reconciliation.queries.requests import count_waiting_requests
from hotich.reconciliation.queries.tracking import count_waiting
from hotich.records.models import Record
from hotich.registers.rules.values import ILLEGIBLE_MARK, AsRecorded, Reason, decode
from hotich.registers.types import REGISTER_TYPES, version_by_id
from hotich.registers.views.parts import actor_of, era_name, lang, needs, register_name, short_name
from hotich.units.queries import offices_by_id
from hotich.web.rules.undo import UNDO
from hotich.web.texts import text_of_problem

PAGE_SIZE = 50

__all__ = ["actor_of", "era_name", "lang", "needs", "register_name", "short_name"]  # handed on to the views of this app

BATCH_TONES = {BatchState.LOADING: "accent", BatchState.LOADED: "ok", BatchState.WITHDRAWN: "muted"}
CASE_TONES = {
    CaseState.HELD: "error",
    CaseState.RETURNED: "warning",
    CaseState.CHECKING: "muted",
    CaseState.WAITING: "accent",
    CaseState.APPROVED: "ok",
    CaseState.WITHDRAWN: "muted",
}


def office_names(office_ids: Any) -> dict[int, str]:
    """Names of offices by id."""
    return {office_id: office.name for office_id, office in offices_by_id(list(office_ids)).items()}


def own_offices(actor: Actor) -> dict[int, str]:
    """The offices of this officer, the one of the post in use first, then by name."""
    names = office_names(actor.office_ids)
    return dict(sorted(names.items(), key=lambda item: (item[0] != actor.office_id, item[1])))


def book_name(case: Case) -> str:
    """The book of a case as written on its back, e.g. "01/2006"; "" where the book has none."""
    if not case.book_number:
        return ""
    return f"{case.book_number}/{case.book_year}" if case.book_year else case.book_number


def people_of(case: Case) -> str:
    """The names of those a case is about, at most two: enough to know the entry again."""
    return _people(case.schema_version, case.as_recorded)


def people_of_record(record: Record) -> str:
    """The same of a record, as recorded."""
    return _people(record.schema_version, record.as_recorded)


def _people(schema_version: str, values: AsRecorded) -> str:
    people = version_by_id(schema_version).participants
    names = (shown_value(values, person.name) for person in people if not person.restricted)
    return " · ".join([name for name in names if name][:2])


def shown_value(values: AsRecorded, code: str) -> str:
    """A value as an officer reads it; the reason in brackets where there is no text."""
    value = decode(values.get(code))
    if value.text:
        return value.text
    if value.reason is Reason.ILLEGIBLE:
        return ILLEGIBLE_MARK
    return _("[sổ không ghi]") if value.reason is Reason.NOT_WRITTEN else ""


def problems_of(case: Case, *, restricted: bool) -> dict[str, list[Problem]]:
    """The findings of a case by field; "" for those about the whole case.

    `restricted` False leaves out those about fields the reader may not see: their words quote the value.
    """
    hidden = frozenset() if restricted else hidden_fields(case.register_type)
    found: dict[str, list[Problem]] = {}
    for stored in case.problems:
        problem = problem_of(stored)
        if problem.field not in hidden:
            found.setdefault(problem.field, []).append(problem)
    return found


def hidden_fields(letters: str) -> frozenset[str]:
    """Fields of a register that are hidden without the right `restricted.read`."""
    register = REGISTER_TYPES.get(letters)
    versions = register.every_version if register else ()
    return frozenset(field.code for version in versions for field in version.fields if field.restricted)


def problem_of(stored: Mapping[str, Any]) -> Problem:
    """A finding as it was before it was stored."""
    return Problem(
        stored["code"], stored.get("field", ""), Severity(stored.get("severity", "error")), stored.get("params", {})
    )


def batch_of(actor: Actor, batch_id: UUID) -> Batch:
    """A batch of the officer's offices. Http404 for any other."""
    found = Batch.objects.filter(id=batch_id, origin_office_id__in=list(actor.office_ids)).first()
    if found is None:
        raise Http404("batch")
    return found


def case_of(actor: Actor, case_id: UUID) -> Case:
    """A case of the officer's offices, with its batch. Http404 for any other.

    What was keyed and waits for its check is shown to whoever keyed it only: somebody is to key or read it without
    knowing what the first one read. Raises RuleBroken case_being_checked.
    """
    cases = Case.objects.filter(id=case_id, origin_office_id__in=list(actor.office_ids))
    found = cases.select_related("batch", "scan").first()
    if found is None:
        raise Http404("case")
    if found.is_check_pending and not actor.hands & {found.keyed_by, *found.touched_by}:
        raise RuleBroken("case_being_checked")
    return found


def page_of(request: HttpRequest, rows: Any, size: int = PAGE_SIZE) -> Page[Any]:
    """The page of a list that the address asks for; a number that is none gives the first or the last page."""
    return Paginator(rows, size).get_page(request.GET.get("page"))


def not_found_if_unknown(refusal: RuleBroken) -> None:
    """A thing that is not there, or is of another office, answers 404: it does not say which of both."""
    if refusal.code.endswith("_unknown"):
        raise Http404(refusal.code)


def waiting_with_population(actor: Actor) -> dict[str, int]:
    """What waits because book and population database differ, or to be sent there."""
    return {"tracking": count_waiting(actor), "population_requests": count_waiting_requests(actor)}


def waiting_counts(request: HttpRequest) -> dict[str, int]:
    """What waits for the officer, of work and of decisions; asked once a request, by page and navigation together."""
    kept: dict[str, int] | None = getattr(request, "waiting_counts", None)
    if kept is None:
        actor = actor_of(request)
        kept = waiting_work(actor) | waiting_decisions(actor) | waiting_with_population(actor)
        request.waiting_counts = kept  # type: ignore[attr-defined]
    return kept


def tell_with_undo(request: HttpRequest, level: int, text: str, case: Case) -> None:
    """Tell what was done to a case, with the button that takes it back."""
    messages.add_message(request, level, text, extra_tags=UNDO + reverse("intake:case_undo", args=[case.id]))


def tell_refusal(request: HttpRequest, refusal: RuleBroken) -> None:
    """Show a refusal above the page the officer comes back to."""
    messages.error(request, text_of_problem(refusal))
