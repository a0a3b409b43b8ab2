"""A record: its scan beside what the book says, what was noted later, how it stands today, and who did what to it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_safe

from hotich.accounts.queries import names_of_officers
from hotich.files.views import file_response
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.records import queries, services
from hotich.records.models import AnnotationKind, KeyingRepair, RecordState
from hotich.records.queries import RecordView
from hotich.records.rules import workflow
from hotich.records.views.differences import difference_rows, editions_context, hides_some
from hotich.records.views.history import timeline_of
from hotich.records.views.parts import (
    STATE_TONES,
    basis_text,
    names_of,
    opened_record,
    record_crumbs,
    record_title,
    scan_places,
    value_text,
)
from hotich.records.views.values import change_rows, sections_of
from hotich.registers.models import BookCopy
from hotich.registers.views.parts import actor_of, era_name, needs, or_not_found, words
from hotich.web.rules.tables import Column

POPULATION = ("population.look_up", "population.watch", "population.verify", "population.settle")
PARTS = ("goc", "ghi-chu", "hien-tai", "ban-du-lieu", "lich-su")


@needs("record.read")
@require_GET
def record(request: HttpRequest, record_id: UUID) -> HttpResponse:
    """The record page; `?phan=` chooses the part beside the scan. Reading it is written into the trail."""
    actor = actor_of(request)
    view = opened_record(request, record_id)
    part = request.GET.get("phan", "goc")
    part = part if part in PARTS else "goc"
    found = view.record
    services.note_reading(
        actor=actor, at=clock.now(), subject_kind="record", subject_id=found.id, subject_office=found.origin_office_id,
        facts={"part": part},
    )  # fmt: skip
    state = RecordState(found.state)
    context = {
        "record": found,
        "view": view,
        "part": part,
        "title": record_title(found),
        "names": names_of(found, actor),
        "state_label": state.label,
        "state_tone": STATE_TONES[state],
        "breadcrumb": record_crumbs(found),
        "tabs": _tabs(view, part),
        "facts": record_facts(view),
        **scan_places(view.scans),
        "acts": _acts(view, actor),
        "repairs": _repairs(view, actor),
        "annulments": annulment_lines(view),
        "has_changed": found.version > 1 or state is RecordState.ANNULLED,
        **_part(view, part, actor),
    }
    return render(request, "records/record.html", context)


def _tabs(view: RecordView, part: str) -> list[dict[str, Any]]:
    labels = {
        "goc": (_("Theo Sổ gốc"), None),
        "ghi-chu": (_("Các ghi chú"), len(view.annotations) or None),
        "hien-tai": (_("Thông tin hiện tại"), len(view.current.changes) or None),
        "ban-du-lieu": (_("Bản dữ liệu"), view.record.version),
        "lich-su": (_("Lịch sử"), None),
    }
    if view.record.version == 1:
        del labels["ban-du-lieu"]
    return [
        {"label": label, "url": f"?phan={name}", "active": name == part, "count": count}
        for name, (label, count) in labels.items()
    ]


def record_facts(view: RecordView) -> list[dict[str, Any]]:
    """Where the record stands, for `web/parts/key_values.html`."""
    found = view.record
    older, newer = queries.superseded_and_superseding(found)
    linked = [
        {"label": label, "value": f"{other.number_text}, {_('quyển')} {other.book.label}",
         "url": reverse("records:record", args=[other.id])}
        for label, other in ((_("Thay thế cho"), older), (_("Được thay thế bởi"), newer)) if other is not None
    ]  # fmt: skip
    return [
        *linked,
        {"label": _("Quyển sổ"), "value": found.book.label, "url": reverse("records:book", args=[found.book_id])},
        *([{"label": _("Nhập từ"), "value": _(BookCopy(found.original).label)}] if found.original else []),
        {"label": _("Trang"), "value": found.page_no},
        {"label": _("Nơi đăng ký"), "value": found.origin_office.name},
        {"label": _("Thời kỳ"), "value": era_name(found.era)},
        *([{"label": _("Bản dữ liệu"), "value": _("bản %(number)d, đã sửa lỗi nhập liệu") % {"number": found.version}}]
          if found.version > 1 else []),
        *([] if view.scans else [{"label": _("Bản chụp"), "absent": _("chưa có")}]),
    ]  # fmt: skip


def _acts(view: RecordView, actor: Actor) -> dict[str, bool]:
    allowed = workflow.acts(workflow.RECORD, view.record.state)
    waiting = any(repair.state == KeyingRepair.State.PROPOSED for repair in view.repairs)
    return {
        "annotate": actor.may("record.annotate") and "annotate" in allowed,
        "repair": actor.may("record.repair") and "repair" in allowed and not waiting,
        "annul": actor.may("record.annul") and "annul" in allowed,
        "restore": actor.may("record.annul")
        and "restore" in allowed
        and view.record.annulments.filter(revoked_at__isnull=True).exists(),
        "supersede": actor.may("record.annotate")
        and view.record.state == RecordState.IN_FORCE
        and view.record.supersedes_id is None
        and services.is_registered_again(view.record),
        "withdraw": actor.may("record.annotate"),
        "persons": actor.may("person.read"),
        "population": any(map(actor.may, POPULATION)) and view.record.state == RecordState.IN_FORCE,
        "break_glass": actor.may("record.break_glass") and view.hides,
        "readings": actor.may("reading.review"),
    }


def annulment_lines(view: RecordView) -> list[dict[str, str]]:
    """Why the record has no effect, or once had none."""
    found = []
    for each in view.record.annulments.order_by("annulled_at"):
        basis = basis_text(each.decision_number, each.decision_date_text, each.decision_authority)
        law = f" ({each.legal_basis})" if each.legal_basis else ""
        text = _("Theo %(basis)s%(law)s. Lý do: %(reason)s") % {"basis": basis, "law": law, "reason": each.reason}
        if each.revoked_at is None:
            found.append({"tone": "error", "title": _("Bản ghi đã bị hủy giá trị") + ".", "text": text})
            continue
        revoked = basis_text(each.revoking_number, each.revoking_date_text, each.revoking_authority)
        text += " " + _("Quyết định này bị hủy bỏ theo %(basis)s. Lý do: %(reason)s") % {
            "basis": revoked, "reason": each.revoking_reason}  # fmt: skip
        found.append(
            {"tone": "accent", "title": _("Từng bị hủy giá trị, nay đã khôi phục hiệu lực") + ".", "text": text}
        )
    if not found and view.record.state == RecordState.ANNULLED:
        found.append(
            {"tone": "error", "title": _("Bản ghi đã bị hủy giá trị") + ".", "text": _("Căn cứ: xem phần Lịch sử.")}
        )
    return found


def _repairs(view: RecordView, actor: Actor) -> list[dict[str, Any]]:
    names = names_of_officers(repair.proposed_by for repair in view.repairs)
    return [
        {
            "repair": repair,
            "who": names.get(repair.proposed_by, ""),
            "own": repair.proposed_by in actor.hands,
            "differences": difference_rows(view, repair.values),
            "hides": hides_some(view, repair.values),
            "may_decide": actor.may("record.approve_repair") and repair.proposed_by not in actor.hands,
        }
        for repair in view.repairs
        if repair.state == KeyingRepair.State.PROPOSED
    ]


def _part(view: RecordView, part: str, actor: Actor) -> dict[str, Any]:
    if part == "ghi-chu":
        return {"annotations": annotation_lines(view)}
    if part == "hien-tai":
        return {"sections": sections_of(view, current=True)}
    if part == "ban-du-lieu":
        return editions_context(view)
    if part == "lich-su":
        return {"timeline": timeline_of(view, actor)}
    columns = [Column(_("Mục được thay đổi")), Column(_("Từ")), Column(_("Thành"))]
    return {"sections": sections_of(view), "change_columns": columns, "change_rows": change_rows(view)}


def annotation_lines(view: RecordView) -> list[dict[str, Any]]:
    """The annotations one may see, in words."""
    labels = {field.code: words(field.label) for field in view.version.fields}
    names = names_of_officers(note.noted_by for note in view.annotations if note.noted_by)
    return [
        {
            "note": note,
            "dialog": f"withdraw-{note.sequence}",
            "kind": _(AnnotationKind(note.kind).label),
            "field": labels.get(note.field, ""),
            "old": value_text(note.old_value),
            "new": value_text(note.new_value),
            "who": names.get(note.noted_by or 0, ""),
            "original": _(BookCopy(note.original).label) if note.original else "",
            "basis": basis_text(note.basis_number, note.basis_date_text, note.basis_authority),
        }
        for note in view.annotations
    ]


@needs("record.read")
@require_safe
def scan(request: HttpRequest, attachment_id: UUID) -> HttpResponse:
    """The scan of an entry, unsealed for this reader; looking at it is written into the trail."""
    actor = actor_of(request)
    with or_not_found():
        attachment = queries.attachment_of(attachment_id, actor)
    services.note_reading(
        actor=actor, at=clock.now(), subject_kind="scan", subject_id=attachment.id,
        subject_office=attachment.origin_office_id, facts={"record_id": str(attachment.record_id)},
    )  # fmt: skip
    return file_response(request, attachment.file)
