"""Finding a record or a person in it: by number, by document, or by name and one more fact.

What is looked for is a citizen's name or number: it travels in the body of a request, never in an address, which
histories and logs keep.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.records.forms import SearchForm
from hotich.records.models import Participant
from hotich.records.queries import Found, FoundRecord, find_records
from hotich.records.rules.search_question import Question
from hotich.records.rules.search_ranking import Hit, Mark, Reason
from hotich.records.services.access import lookup_secret
from hotich.records.services.reading import note_search
from hotich.records.views.parts import birth_of, names_of, role_names, state_cell
from hotich.registers.views.parts import actor_of, needs, short_name
from hotich.units.queries import offices_by_id
from hotich.web.rules.tables import Cell
from hotich.web.texts import text_of, text_of_problem

PEOPLE_SHOWN = 3  # of one entry


@dataclass(frozen=True, slots=True)
class PersonShown:
    """A person of an entry who answers: the name word by word, what he is there, when born, and why he is shown."""

    words: tuple[tuple[str, str], ...]
    role: str
    birth: str
    reasons: str
    is_exact: bool


@dataclass(frozen=True, slots=True)
class RowShown:
    """A line of the list: an entry and the people in it who answer."""

    key: str
    url: str
    people: list[PersonShown]
    about: str
    number: str
    book: str
    register: str
    office: str
    state: Cell


@needs("record.read")
@require_http_methods(["GET", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """The search box; posted, also what it found."""
    actor = actor_of(request)
    offices = sorted((office.name, office.id) for office in offices_by_id(actor.office_ids).values())
    choices = [(office, name) for name, office in offices]
    posted = request.POST.copy()
    form = SearchForm(posted, offices=choices) if request.method == "POST" else SearchForm(offices=choices)
    found: Found | None = None
    if request.method == "POST" and form.is_valid():
        found = find_records(actor, form.question, filters=form.filters, secret=lookup_secret())
        note_search(actor=actor, at=clock.now(), kinds=form.question.kinds, hits=len(found.records))
    context = {
        "form": form,
        "found": found,
        "precise": [form[name] for name in form.PRECISE],
        "narrowing": [form[name] for name in form.NARROWING if name in form.fields],
        "is_precise": request.method == "POST" and (form.is_precise or bool(found and found.problem)),
        "problem": text_of_problem(found.problem) if found and found.problem else "",
        "understood": _understood(found.question) if found else [],
        "rows": [_row(item, actor) for item in found.records] if found else [],
        "asks_population": bool(found and found.question.document) and actor.may("person.read"),
    }
    return render(request, "records/search.html", context)


def _understood(question: Question) -> list[dict[str, str]]:
    """How the line was read, part by part."""
    number, book = question.number, question.book
    parts = [
        (_("Số đăng ký"), f"{number.number}{number.suffix}" + (f"/{number.year}" if number.year else "")
         if number else ""),
        (_("Quyển"), f"{book.number}" + (f"/{book.year}" if book.year else "") if book else ""),
        (_("Số giấy tờ"), question.document),
        (_("Họ tên"), question.name),
        (_("Sinh"), question.birth.raw if question.birth else ""),
        *((_kin(each.kind), each.name) for each in question.relatives),
        (_("Nơi đăng ký"), question.place),
        (_("Loại sổ"), short_name(question.register_type) if question.register_type else ""),
    ]  # fmt: skip
    return [{"label": label, "value": value} for label, value in parts if value]


def _kin(kind: str) -> str:
    return {"mother": _("Mẹ"), "father": _("Cha"), "spouse": _("Vợ, chồng")}.get(kind, _("Người có liên quan"))


def _row(item: FoundRecord, actor: Actor) -> RowShown:
    record = item.record
    roles = role_names(record)
    participants = {person.id: person for person in record.participants.all()}
    named = {hit.candidate.full_name: hit for hit in reversed(item.hits)}  # the informant is often one of the others
    hits = [hit for hit in item.hits if named[hit.candidate.full_name] is hit][:PEOPLE_SHOWN]
    people = [_person(hit, participants.get(hit.candidate.id), roles) for hit in hits]
    about = names_of(record, actor)
    is_about = bool(item.hits) and about == item.hits[0].candidate.full_name
    return RowShown(
        key=str(record.id),
        url=reverse("records:record", args=[record.id]),
        people=people,
        about="" if is_about else about,
        number=record.number_text or "–",
        book=record.book.label,
        register=short_name(record.register_type),
        office=record.origin_office.name,
        state=state_cell(record),
    )


def _person(hit: Hit, participant: Participant | None, roles: dict[str, str]) -> PersonShown:
    reasons = "; ".join(_reason(reason, roles) for reason in hit.reasons)
    return PersonShown(
        words=tuple((word, mark.value) for word, mark in hit.words) or ((_("[không có tên]"), Mark.NONE.value),),
        role=roles.get(hit.candidate.role, ""),
        birth=birth_of(participant) if participant else "",
        reasons=reasons[:1].upper() + reasons[1:],
        is_exact=all(reason.exact for reason in hit.reasons),
    )


def _reason(reason: Reason, roles: dict[str, str]) -> str:
    params: dict[str, Any] = dict(reason.params)
    if "role" in params:
        params["role"] = roles.get(params["role"], "").lower()
    words = text_of(reason.code, params)
    if not reason.former:
        return words
    return text_of("found_former_relative" if "role" in params else "found_former_name",
                   {"reason": words, "name": reason.former})  # fmt: skip
