"""Looking beyond one's offices: purpose and case first, then a number, an entry or a name; one summary at a time.

What is looked for travels in the body of the request. Purpose and case are kept for the next question of the session.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.names import keyset
from hotich.kernel.problems import RuleBroken
from hotich.persons.forms import EntryForm, LookUpForm, NameForm, NumberForm
from hotich.persons.models import ForeignLookUp
from hotich.persons.queries.look_up_foreign import Hit, Why, look_ups_of
from hotich.persons.rules.look_up_purposes import PURPOSES
from hotich.persons.rules.look_up_questions import (
    NameQuestion,
    Question,
    entry_question,
    name_question,
    number_question,
)
from hotich.persons.services.look_ups import Found, look_up, open_look_up_hit
from hotich.persons.views.reading_values import notes_of_foreign, roles_of_register, sections_of_foreign
from hotich.records.models import RecordState
from hotich.records.rules.participants import birth_shown
from hotich.records.services import note_refusal
from hotich.records.views.parts import STATE_TONES, sex_name
from hotich.registers.rules.parameters import constant
from hotich.registers.views.parts import actor_of, era_name, needs, register_name, short_name
from hotich.units.queries import office_by_code, offices_by_id, offices_matching
from hotich.web.rules.formats import time_text
from hotich.web.rules.tables import Cell, Column, Row
from hotich.web.texts import text_of, text_of_problem

FORMS: dict[str, type[LookUpForm]] = {"so": NumberForm, "muc": EntryForm, "ten": NameForm}
KEPT = "look_up_why"  # in the session: purpose, case and words of the last question, nothing about anybody
TODAY_MOST = 20


@needs("record.look_up")
@require_http_methods(["GET", "POST"])
def foreign_look_up(request: HttpRequest) -> HttpResponse:
    """The form by one of three ways (`?cach=`); posted, also what it found."""
    actor = actor_of(request)
    way = request.POST.get("cach") or request.GET.get("cach", "so")
    way = way if way in FORMS else "so"
    kept = request.session.get(KEPT, {})
    form = FORMS[way](request.POST) if request.method == "POST" else FORMS[way](initial=kept)
    found: Found | None = None
    question: Question | None = None
    offices: list[dict[str, str]] = []
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            question = _question(way, given, offices)
            why = Why(given["purpose"], given["dossier"].strip(), given["purpose_words"].strip())
            found = look_up(actor=actor, at=clock.now(), question=question, why=why)
        except RuleBroken as refusal:
            _refused(actor, refusal)
            form.refuse(refusal)
        else:
            request.session[KEPT] = {name: given[name] for name in LookUpForm.why_fields}
    context = {
        "form": form,
        "way": way,
        "tabs": _tabs(way),
        "offices": offices,
        "found": found,
        "columns": _columns(),
        "rows": [_row(found, hit, question) for hit in found.hits] if found else [],
        "hours": constant("look_up_open_hours"),
        "today": [_asked(row) for row in _today(actor)],
    }
    return render(request, "persons/look_up.html", context)


def _question(way: str, given: dict[str, Any], offices: list[dict[str, str]]) -> Question:
    if way == "so":
        return number_question(given["number"])
    if way == "ten":
        return name_question(name=given["full_name"], birth=given["birth"], parent=given["parent"])
    return entry_question(
        office_id=_office(given["office"], offices),
        letters=given["register_type"],
        number=given["entry_number"],
        year=given["entry_year"],
    )


def _office(text: str, offices: list[dict[str, str]]) -> int:
    """The office of this code or name; where several are meant they are offered in `offices`."""
    try:
        return office_by_code(text).id
    except RuleBroken:
        matching = list(offices_matching(text)[:50])
    phrase = [office for office in matching if text.strip().casefold() in office.name.casefold()]
    matching = phrase or matching
    if len(matching) != 1:
        offices += [{"code": office.code, "name": office.name} for office in matching[:8]]
        raise RuleBroken("office_unclear", field="office")
    return matching[0].id


def _refused(actor: Actor, refusal: RuleBroken) -> None:
    note_refusal(
        actor=actor, at=clock.now(), act="look_up", code=refusal.code, subject_kind="office",
        subject_id=actor.office_id, subject_office=actor.office_id,
    )  # fmt: skip


def _tabs(way: str) -> list[dict[str, Any]]:
    labels = {"so": _("Số định danh, giấy tờ"), "muc": _("Số đăng ký"), "ten": _("Họ tên và ngày sinh")}
    return [{"label": label, "url": f"?cach={code}", "active": code == way} for code, label in labels.items()]


def _columns() -> list[Column]:
    return [Column(_("Số đăng ký"), "code"), Column(_("Loại sổ")), Column(_("Họ tên")), Column(_("Là")),
            Column(_("Ngày sinh")), Column(_("Nơi đăng ký")), Column(_("Trạng thái"))]  # fmt: skip


def _name_note(hit: Hit, question: Question | None) -> str:
    """Sex, and why somebody of another name than the one asked for is shown."""
    other = isinstance(question, NameQuestion) and keyset(question.name) != keyset(hit.full_name or "")
    why = _("họ tên gần giống, hoặc là họ tên trước khi thay đổi") if other else ""
    return " · ".join(filter(None, [sex_name(hit.sex or ""), why]))


def _row(found: Found, hit: Hit, question: Question | None) -> Row:
    state = RecordState(hit.state)
    url = reverse("persons:foreign_record", args=[found.id, hit.record_id])
    office = offices_by_id([hit.office_id]).get(hit.office_id)
    role = roles_of_register(hit.register_type).get(hit.role, hit.role) if hit.role else "–"
    return Row(
        str(hit.record_id),
        [Cell(hit.number_text or "–", url), short_name(hit.register_type),
         Cell(hit.full_name or "–", note=_name_note(hit, question)), role,
         birth_shown(hit.birth_text or "", hit.birth_earliest, hit.birth_latest) or "–", office.name if office else "–",
         Cell(_(state.label), tone="" if state is RecordState.IN_FORCE else STATE_TONES[state])],
    )  # fmt: skip


def _today(actor: Actor) -> list[ForeignLookUp]:
    return list(look_ups_of(actor, since=clock.start_of_day(clock.today()))[:TODAY_MOST])


def _asked(row: ForeignLookUp) -> dict[str, Any]:
    ways = {"number": _("số giấy tờ"), "entry": _("số đăng ký"), "name": _("họ tên")}
    return {
        "at": row.at,
        "purpose": text_of(PURPOSES[row.purpose].words) if row.purpose in PURPOSES else row.purpose,
        "dossier": row.dossier,
        "way": ways.get(row.way, row.way),
        "rows": row.rows,
    }


@needs("record.look_up")
@require_GET
def foreign_record(request: HttpRequest, look_up_id: UUID, record_id: UUID) -> HttpResponse:
    """The summary of a record that this officer's look-up showed, for some hours."""
    actor = actor_of(request)
    try:
        found = open_look_up_hit(actor=actor, at=clock.now(), look_up_id=look_up_id, record_id=record_id)
    except RuleBroken as refusal:
        if refusal.code == "reading_reason_needed":
            raise
        note_refusal(
            actor=actor, at=clock.now(), act="foreign_record", code=refusal.code, subject_kind="look_up",
            subject_id=look_up_id, subject_office=actor.office_id,
        )  # fmt: skip
        context = {"text": text_of_problem(refusal), "code": refusal.code}
        return render(request, "persons/look_up_closed.html", context, status=409)
    row = ForeignLookUp.objects.get(id=look_up_id)
    office = offices_by_id([found.office_id]).get(found.office_id)
    state = RecordState(found.state)
    shown: dict[str, Any] = {
        "title": f"{register_name(found.register_type)} · {found.number_text or '–'}",
        "record": found,
        "asked": _asked(row),
        "asked_at": time_text(row.at),
        "state_label": state.label,
        "state_tone": STATE_TONES[state],
        "facts": [
            {"label": _("Nơi đăng ký"), "value": office.name if office else "–", "wide": True},
            {"label": _("Quyển sổ"), "value": found.book},
            {"label": _("Trang"), "value": found.page_no},
            {"label": _("Thời kỳ"), "value": era_name(found.era)},
        ],
        "sections": sections_of_foreign(found),
        "notes": notes_of_foreign(found),
        "breadcrumb": [{"label": _("Tra cứu ngoài cơ quan"), "url": reverse("persons:foreign_look_up")},
                       {"label": found.number_text or "–", "url": ""}],
    }  # fmt: skip
    return render(request, "persons/look_up_record.html", shown)
