"""What the pages of records share: words for values, states and people of an entry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from hotich.files.views import page_addresses
from hotich.kernel.actor import Actor
from hotich.records.models import AnnotationNotice, Attachment, Participant, Record, RecordState
from hotich.records.queries import RecordView, record_view
from hotich.records.rules.participants import birth_shown
from hotich.records.rules.requests import MAIN_ROLES
from hotich.records.rules.restricted import rows_shown, sees_restricted
from hotich.registers.codes import label_of
from hotich.registers.rules.values import ILLEGIBLE_MARK, Reason, Recorded, decode
from hotich.registers.types import version_by_id
from hotich.registers.views.parts import actor_of, lang, or_not_found, register_name, words
from hotich.web.rules.tables import Cell

PAGE_SIZE = 50
STATE_TONES = {
    RecordState.IN_FORCE: "ok",
    RecordState.SUPERSEDED: "muted",
    RecordState.VOID: "warning",
    RecordState.ANNULLED: "error",
}
NOTICE_TONES = {
    AnnotationNotice.State.PENDING: "accent",
    AnnotationNotice.State.CONFIRMED: "ok",
    AnnotationNotice.State.REFUSED: "error",
    AnnotationNotice.State.WITHDRAWN: "muted",
}


def page_of(request: HttpRequest, rows: Any, size: int = PAGE_SIZE) -> Page[Any]:
    """The page of a list that the address asks for."""
    return Paginator(rows, size).get_page(request.GET.get("page"))


def state_cell(record: Record) -> Cell:
    """The state for a list: only what is out of the ordinary stands out."""
    state = RecordState(record.state)
    return Cell(_(state.label), tone="" if state is RecordState.IN_FORCE else STATE_TONES[state])


def value_text(raw: Recorded | None) -> str:
    """A value as an officer reads it; the reason in brackets where there is no text, "" where nothing is written."""
    value = decode(raw)
    if value.text:
        return value.text
    if value.reason is Reason.ILLEGIBLE:
        return ILLEGIBLE_MARK
    return _("[sổ không ghi]") if value.reason is Reason.NOT_WRITTEN else ""


def value_note(raw: Recorded | None) -> str:
    """What must be said beside a text: that it is ours, not the book's."""
    return _("do hệ thống đặt, sổ không ghi") if decode(raw).reason is Reason.ASSIGNED else ""


def people_of(record: Record, actor: Actor) -> list[Participant]:
    """The participants an entry is about, those one may see (prefetched), at most two."""
    main = MAIN_ROLES.get(record.register_type, ())
    shown = rows_shown(record.participants.all(), sees=sees_restricted(actor))
    return sorted((p for p in shown if p.role in main), key=lambda p: main.index(p.role))[:2]


def names_of(record: Record, actor: Actor) -> str:
    """Their names in one line."""
    return joined_names(people_of(record, actor)) or "–"


def joined_names(people: Sequence[Participant]) -> str:
    """Names in one line, each once: the informant is often one of the others."""
    return " · ".join(dict.fromkeys(person.full_name for person in people if person.full_name))


def role_names(record: Record) -> dict[str, str]:
    """Role → the label of its name field without "Họ, chữ đệm, tên": what somebody is in this entry."""
    version = version_by_id(record.schema_version)
    named = {field.code: section for section in version.sections for field in section.fields}
    return {person.role: words(named[person.name].label) for person in version.participants if person.name in named}


def basis_text(number: str, day: str, authority: str) -> str:
    """The legal basis in one line; a decision quoted in full already names its day and authority."""
    parts = [number, *(part for part in (day, authority) if part and part not in number)]
    return ", ".join(filter(None, parts))


def scan_places(scans: Sequence[Attachment]) -> dict[str, Any]:
    """Template context: where the viewer finds the first scan and the pictures of its pages."""
    if not scans:
        return {"scan_url": "", "scan_pages": []}
    address = reverse("records:scan", args=[scans[0].id])
    return {"scan_url": address, "scan_pages": page_addresses(address, scans[0].file)}


def birth_of(participant: Participant) -> str:
    """The birth of a participant as lists show it."""
    return birth_shown(participant.birth_text, participant.birth_earliest, participant.birth_latest)


def sex_name(code: str) -> str:
    """Nam, Nữ; "" where the register does not tell."""
    return label_of("sex", code, lang()) if code else ""


def opened_record(request: HttpRequest, record_id: UUID) -> RecordView:
    """The record a page is about, for the officer who asks; one that is not his answers 404."""
    with or_not_found():
        return record_view(record_id, actor_of(request))


def record_title(record: Record) -> str:
    """What a record is called: its register and number."""
    return f"{register_name(record.register_type)} · {record.number_text or '–'}"


def record_crumbs(record: Record, here: str = "") -> list[dict[str, str]]:
    """The way to a record, and to a page below it."""
    book = record.book
    own = reverse("records:record", args=[record.id]) if here else ""
    return [
        {"label": _("Sổ hộ tịch"), "url": reverse("records:books")},
        {"label": f"{register_name(book.register_type)} {book.label}", "url": reverse("records:book", args=[book.id])},
        {"label": record.number_text or "–", "url": own},
        *([{"label": here, "url": ""}] if here else []),
    ]
