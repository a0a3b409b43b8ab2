"""What an act would change, in words: rows for `persons/parts/consequences.html`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hotich.persons.rules.consequences import ADDED, REMOVED, EdgeChange, EdgeLike, PersonChange, PersonLike
from hotich.persons.services.consequences import Consequences, NoteChange, NoticeChange
from hotich.persons.views.words import ended_words, kind_name, life_name, marital_name
from hotich.records.models import AnnotationKind
from hotich.registers.views.parts import short_name
from hotich.units.queries import offices_by_id
from hotich.web.texts import text_of_problem


def consequences_context(found: Consequences) -> dict[str, Any]:
    """Template context: what is before and after, by subject."""
    return {
        "refused": text_of_problem(found.refusal) if found.refusal else "",
        "persons": [row for change in found.persons for row in _person_rows(change)],
        "edges": [_edge_row(change) for change in found.edges],
        "notes": [_note_row(note) for note in found.notes],
        "notices": list(_notice_lines(found.notices)),
        "hides": found.hides,
        "nothing": found.is_empty and not found.hides and found.refusal is None,
    }


def _person_rows(change: PersonChange) -> list[dict[str, str]]:
    """One row for each thing that is said otherwise."""
    if change.before is None:
        return [_row(change.now[0], _("Hồ sơ cá nhân"), "–", _entries(change.now[0].records))]
    was = change.before
    if change.how == REMOVED:
        return [_row(was, _("Hồ sơ cá nhân"), _entries(was.records), _("không còn bản ghi nào nói về người này"))]
    if len(change.now) > 1:
        parts = ngettext("tách thành %(count)d người", "tách thành %(count)d người", len(change.now))
        return [_row(was, _("Hồ sơ cá nhân"), _("một người"), parts % {"count": len(change.now)})]
    now = change.now[0]
    told = (
        (_("Họ tên"), was.name, now.name),
        (_("Ngày sinh"), was.birth, now.birth),
        (_("Tình trạng sống"), life_name(was.life), life_name(now.life)),
        (_("Tình trạng hôn nhân (suy ra)"), marital_name(was.marital), marital_name(now.marital)),
        (_("Số bản ghi làm căn cứ"), str(was.records), str(now.records)),
    )
    return [_row(was, label, old, new) for label, old, new in told if old != new]


def _row(person: PersonLike, label: str, old: str, new: str) -> dict[str, str]:
    return {"name": person.name or "–", "birth": person.birth, "label": label, "old": old or "–", "new": new or "–"}


def _entries(count: int) -> str:
    return ngettext("%(count)d bản ghi", "%(count)d bản ghi", count) % {"count": count}


def _edge_row(change: EdgeChange) -> dict[str, str]:
    edge = change.now or change.before
    assert edge is not None
    return {
        "text": _edge_text(edge),
        "old": _("chưa có") if change.how == ADDED else _standing(change.before),
        "new": _("không còn") if change.how == REMOVED else _standing(change.now),
    }


def _edge_text(edge: EdgeLike) -> str:
    names = {"person": edge.person or "–", "relative": edge.relative or "–"}
    if edge.kind == "spouse":
        return _("%(person)s và %(relative)s: vợ chồng") % names
    return _("%(relative)s: %(kind)s của %(person)s") % (names | {"kind": kind_name(edge.kind).lower()})


def _standing(edge: EdgeLike | None) -> str:
    if edge is None or not edge.ended_by:
        return _("đang có")
    return ended_words(edge.ended_by, edge.valid_to)


def _note_row(note: NoteChange) -> dict[str, str]:
    record = note.record
    return {
        "record": f"{short_name(record.register_type)} {record.number_text}".strip(),
        "url": reverse("records:record", args=[record.id]),
        "kind": _(AnnotationKind(note.kind).label),
        "text": note.text,
        "what": _("được ghi") if note.written else _("được rút"),
    }


def _notice_lines(notices: Iterable[NoticeChange]) -> Iterable[str]:
    notices = list(notices)
    offices = offices_by_id([each.office_id for each in notices if each.office_id])
    for each in notices:
        office = offices.get(each.office_id) if each.office_id else None
        params = {
            "entry": f"{short_name(each.register_type)} {each.number_text}".strip(),
            "office": office.name if office else _("nơi nhận chưa rõ"),
        }
        if not each.to_send:
            yield _("Thông báo về %(entry)s gửi %(office)s, chưa được trả lời, sẽ được rút.") % params
        elif each.takes_back:
            yield _("Gửi %(office)s thông báo rút ghi chú ở %(entry)s.") % params
        else:
            yield _("Gửi %(office)s thông báo ghi chú vào %(entry)s.") % params
