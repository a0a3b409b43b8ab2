"""A person: facts with their sources, derived statuses with why, and the family as a list and as a drawing."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.persons.models import PersonLink
from hotich.persons.queries.profile import Profile, person_profile, persons_of_record
from hotich.persons.views.decisions import decisions_context, entry_line
from hotich.persons.views.kinship import kinship_context, record_name
from hotich.persons.views.words import life_name, marital_name, since_text
from hotich.records.models import Participant
from hotich.records.queries import record_by_id
from hotich.records.services import note_reading
from hotich.records.views.parts import birth_of, role_names, sex_name
from hotich.records.views.printing import sheet_context
from hotich.registers.codes import label_of
from hotich.registers.views.parts import actor_of, lang, needs, or_not_found


@needs("person.read")
@require_GET
def person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """The person page; a former id leads to who it is now. Reading it is written into the trail."""
    actor = actor_of(request)
    now = clock.now()
    with or_not_found():
        profile = person_profile(person_id, actor=actor, at=now)
    if profile.person.id != person_id:
        return redirect("persons:person", profile.person.id)
    _note(profile, actor, now, {})
    newest = profile.links[-1].participant
    context = {
        "profile": profile,
        "title": newest.full_name or "–",
        "facts": _facts(profile),
        "statuses": _statuses(profile, actor),
        "sources": [_source(link, actor) for link in profile.links],
        **kinship_context(profile, actor),
        **decisions_context(profile, actor),
    }
    return render(request, "persons/person.html", context)


def _facts(profile: Profile) -> list[dict[str, Any]]:
    people = [link.participant for link in profile.links]
    items = []
    for label, values in (
        (_("Giới tính"), [(sex_name(p.sex), p) for p in people]),
        (_("Ngày sinh"), [(birth_of(p), p) for p in people]),
        (_("Số định danh cá nhân"), [(p.personal_id, p) for p in people]),
        (_("Giấy tờ tùy thân"), [(_document(p), p) for p in people]),
        (_("Dân tộc"), [(_coded("ethnicity", p.ethnicity), p) for p in people]),
        (_("Quốc tịch"), [(_coded("nationality", p.nationality), p) for p in people]),
        (_("Nơi cư trú"), [(p.residence, p) for p in people]),
    ):
        found: dict[str, list[Participant]] = {}
        for value, participant in values:
            if value:
                found.setdefault(value, []).append(participant)
        if found:
            items.append(
                {"label": label, "values": [(value, _sources(proofs)) for value, proofs in reversed(found.items())]}
            )
    return [*items, *_taken_over(profile)]


def _taken_over(profile: Profile) -> list[dict[str, Any]]:
    """The number of the population database, beside those the books have; never among them."""
    found: dict[str, list[dict[str, str]]] = {}
    for number in profile.numbers:
        label = _("tiếp nhận %(day)s cho %(record)s") % {
            "day": f"{localtime(number.taken_at):%d/%m/%Y}", "record": record_name(number.record)
        }  # fmt: skip
        url = reverse("records:record", args=[number.record_id])
        found.setdefault(number.personal_id, []).append({"url": url, "label": label})
    if not found:
        return []
    note = _("Không phải như sổ ghi: tiếp nhận từ Cơ sở dữ liệu quốc gia về dân cư sau khi đối chiếu.")
    return [{"label": _("Số định danh theo CSDL dân cư"), "values": list(found.items()), "note": note}]


def _document(participant: Participant) -> str:
    if not participant.id_number or participant.id_number == participant.personal_id:
        return ""
    kind = label_of("id_doc_type", participant.id_type, lang()) if participant.id_type else ""
    return f"{kind} {participant.id_number}".strip()


def _coded(name: str, text: str) -> str:
    return label_of(name, text, lang())


def _sources(proofs: list[Participant]) -> list[dict[str, str]]:
    return [
        {"url": reverse("records:record", args=[proof.record_id]), "label": record_name(proof.record)}
        for proof in proofs[-3:]
    ]


def _statuses(profile: Profile, actor: Actor) -> list[dict[str, Any]]:
    return [
        {
            "label": _("Tình trạng sống"),
            "value": life_name(profile.life.code),
            "since": since_text(profile.life.since),
            "why": _why(profile, profile.life.records, actor),
            "tone": "muted" if profile.life.code == "alive" else "warning",
        },
        {
            "label": _("Tình trạng hôn nhân (suy ra)"),
            "value": marital_name(profile.marital.code),
            "since": since_text(profile.marital.since),
            "why": _why(profile, profile.marital.records, actor),
            "tone": "accent" if profile.marital.code == "M" else "muted",
            "note": _("Chưa biết sổ của mọi nơi cư trú đã được số hóa hết hay chưa, nên không kết luận là chưa kết hôn.")
            if profile.marital.code == "U" else "",
        },
    ]  # fmt: skip


def _why(profile: Profile, records: tuple[UUID, ...], actor: Actor) -> list[dict[str, str]]:
    lines = []
    for record_id in records:
        record = profile.records.get(record_id)
        if record is None:
            lines.append({"url": "", "label": _("bản ghi của cơ quan khác")})
        else:
            url = reverse("records:record", args=[record_id]) if actor.may("record.read") else ""
            lines.append({"url": url, "label": record_name(record)})
    return lines


def _source(link: PersonLink, actor: Actor) -> dict[str, str]:
    certainty = "" if link.certainty >= 1 else _("chắc chắn %(share)d%%") % {"share": round(link.certainty * 100)}
    return {**entry_line(link.participant, actor), "why": _(link.get_rule_display()), "certainty": certainty}


@needs("person.read")
@require_GET
def print_person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """A person on paper: what is concluded, from which records, and the family."""
    actor, now = actor_of(request), clock.now()
    with or_not_found():
        profile = person_profile(person_id, actor=actor, at=now)
    _note(profile, actor, now, {"part": "in"})
    newest = profile.links[-1].participant
    context = {
        "profile": profile,
        "title": newest.full_name or "–",
        "facts": _facts(profile),
        "statuses": _statuses(profile, actor),
        "sources": [_source(link, actor) for link in profile.links],
        **kinship_context(profile, actor),
        **sheet_context(request, reverse("persons:person", args=[profile.person.id]), watermark=True),
    }
    return render(request, "persons/print_person.html", context)


def _note(profile: Profile, actor: Actor, at: datetime, facts: dict[str, str]) -> None:
    office = actor.office_id if actor.office_id in actor.office_ids else profile.links[0].origin_office_id
    note_reading(
        actor=actor, at=at, subject_kind="person", subject_id=profile.person.id, subject_office=office, facts=facts
    )


@needs("person.read")
@require_GET
def of_record(request: HttpRequest, record_id: UUID) -> HttpResponse:
    """The persons of an entry: a part of the record page, or a page of its own without script."""
    actor = actor_of(request)
    with or_not_found():
        record = record_by_id(record_id, actor.office_ids)
    roles = role_names(record)
    links = [
        {
            "url": reverse("persons:person", args=[link.person_id]),
            "name": link.participant.full_name or "–",
            "role": roles.get(link.participant.role, link.participant.role),
            "birth": birth_of(link.participant),
            "is_linked": link.rule != PersonLink.Rule.ALONE,
        }
        for link in persons_of_record(record_id, actor)
    ]
    part = request.headers.get("HX-Request") == "true"
    template = "persons/parts/of_record.html" if part else "persons/of_record.html"
    return render(request, template, {"record": record, "links": links})
