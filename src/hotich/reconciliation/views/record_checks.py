"""The people of a record and the population database: a part of the record page, the page of one of them, acts on checks."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.reconciliation.models import CheckOutcome, PopulationCheck
from hotich.reconciliation.queries.book_facts import counted, facts_of_values
from hotich.reconciliation.queries.checks import check_by_id, checks_of_record
from hotich.reconciliation.services.checks import confirm_absence, is_with_police, undo_choice
from hotich.reconciliation.services.look_ups import LOOK_UP
from hotich.reconciliation.views.check_words import difference_text
from hotich.reconciliation.views.look_up_page import Subject, check_line, look_up_page
from hotich.records.models import Record, RecordState
from hotich.records.queries import RecordView
from hotich.records.rules.restricted import sees_restricted
from hotich.records.services import note_reading
from hotich.records.views.parts import opened_record, record_title, role_names
from hotich.registers.views.parts import actor_of, needs, or_not_found, telling

SEES = ("population.look_up", "population.watch", "population.verify", "population.settle")
UNDO_DIALOG = "undo-check"


def subject_of_record(view: RecordView, actor: Actor) -> Subject:
    """A record for the page of its people; people and facts one may not see left out."""
    record = view.record
    version, sees = view.version, sees_restricted(actor)
    hidden = {each.role for each in counted(version) if each.restricted and not sees}
    names = role_names(record)
    return Subject(
        kind="record",
        id=record.id,
        office_id=record.origin_office_id,
        title=record_title(record),
        url=reverse("records:record", args=[record.id]),
        roles={each.role: names.get(each.role, each.role) for each in counted(version) if each.role not in hidden},
        facts=facts_of_values(
            version, view.current_shown.values, record.registration_year, office_id=record.origin_office_id
        ),
        checks=checks_of_record(record.id, actor.office_ids),
        page=lambda role: reverse("reconciliation:look_up_record", args=[record.id, role]),
        is_open=record.state == RecordState.IN_FORCE,
    )


@needs(*SEES)
@require_GET
def of_record(request: HttpRequest, record_id: UUID) -> HttpResponse:
    """The people of an entry with the outcome of each: a part of the record page, or a page of its own without script."""
    actor = actor_of(request)
    view = opened_record(request, record_id)
    _read(actor, view.record)
    return people_part(request, actor, subject_of_record(view, actor))


def people_part(request: HttpRequest, actor: Actor, subject: Subject) -> HttpResponse:
    """The people of a subject as a part of its page, or as a page of its own."""
    is_part = request.headers.get("HX-Request") == "true"
    template = "reconciliation/parts/people.html" if is_part else "reconciliation/people.html"
    return render(request, template, {"subject": subject, "people": _people(subject, actor)})


def _people(subject: Subject, actor: Actor) -> list[dict[str, Any]]:
    made = []
    for role, label in subject.roles.items():
        facts = subject.facts.get(role)
        if facts is None:
            continue
        check = subject.checks.get(role)
        made.append(
            {
                "role": label,
                "name": facts.full_name or facts.personal_id,
                "check": check_line(check) if check is not None else None,
                "differences": [difference_text(each) for each in check.differences] if check is not None else [],
                "url": subject.page(role) if actor.may(LOOK_UP) or check is not None else "",
                "may_undo": _may_undo(check, actor),
                "may_confirm": _may_confirm(check, actor),
                "dialog": f"{UNDO_DIALOG}-{role}",
                "tracking_url": tracking_url(check),
            }
        )
    return made


def _may_undo(check: PopulationCheck | None, actor: Actor) -> bool:
    if check is None or check.outcome in (CheckOutcome.CLERK, CheckOutcome.PENDING) or check_line(check)["is_tracked"]:
        return False
    return actor.may("population.settle") or (check.record_id is None and actor.may(LOOK_UP))


def _may_confirm(check: PopulationCheck | None, actor: Actor) -> bool:
    if check is None or check.outcome != CheckOutcome.ABSENT or not check.absence or check.confirmed_by is not None:
        return False
    if is_with_police(check):  # a number that is not known there is judged first
        return False
    return actor.may("population.verify") and check.decided_by not in actor.hands


def tracking_url(check: PopulationCheck | None) -> str:
    """The item of the tracking list of a check; "" where it has none."""
    item = getattr(check, "tracking", None)
    if item is None:
        return ""
    try:
        return reverse("reconciliation:tracking_item", args=[item.id])
    except NoReverseMatch:
        return ""


@needs(*SEES)
@require_http_methods(["GET", "POST"])
def look_up_record(request: HttpRequest, record_id: UUID, role: str) -> HttpResponse:
    """One person of a record: look up, choose, say that he is absent."""
    actor = actor_of(request)
    view = opened_record(request, record_id)
    _read(actor, view.record)
    return look_up_page(request, actor, subject_of_record(view, actor), role)


def _read(actor: Actor, record: Record) -> None:
    note_reading(
        actor=actor, at=clock.now(), subject_kind="record", subject_id=record.id,
        subject_office=record.origin_office_id, facts={"part": "population"},
    )  # fmt: skip


# ---- acts on a check


@needs("population.look_up", "population.settle")
@require_POST
def undo(request: HttpRequest, check_id: UUID) -> HttpResponse:
    """The result was wrong: the question is open again."""
    actor = actor_of(request)
    with or_not_found():
        check = check_by_id(check_id, actor.office_ids)
    with telling(request, _("Đã bỏ kết quả đối chiếu; người này cần được xác định lại.")):
        undo_choice(actor=actor, at=clock.now(), check_id=check_id, reason=request.POST.get("reason", ""))
    return redirect(page_of_check(check))


@needs("population.verify")
@require_POST
def confirm(request: HttpRequest, check_id: UUID) -> HttpResponse:
    """The police confirm that somebody is rightly absent."""
    actor = actor_of(request)
    with or_not_found():
        check = check_by_id(check_id, actor.office_ids)
    with telling(request, _("Đã xác nhận không có trong Cơ sở dữ liệu quốc gia về dân cư.")):
        confirm_absence(actor=actor, at=clock.now(), check_id=check_id)
    return redirect(page_of_check(check))


def page_of_check(check: PopulationCheck) -> str:
    """The page of the record or case a check is about."""
    if check.record_id is not None:
        return reverse("records:record", args=[check.record_id])
    return reverse("intake:case", args=[check.case_id])
