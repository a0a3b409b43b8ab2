"""The second original of a book: what waits for a decision, one case beside the first, and what the record shows of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.keying.forms.originals import PointForm
from hotich.keying.queries import originals as queries
from hotich.keying.queries.copies import CopyPair, pair_of
from hotich.keying.services import originals as services
from hotich.keying.views import originals_page as page
from hotich.keying.views.checking import CHECK
from hotich.records.queries import record_view
from hotich.records.services import note_reading
from hotich.registers.types import version_by_id
from hotich.registers.views.parts import actor_of, lang, needs, or_not_found, telling


@needs(CHECK)
@require_GET
def originals(request: HttpRequest, book_id: UUID) -> HttpResponse:
    """A pair of books: cases to be decided beside the other original, cases only one has, and what was decided."""
    actor = actor_of(request)
    return render(request, "keying/originals.html", page.pair_context(actor, _pair(actor, book_id)))


def _pair(actor: Actor, book_id: UUID) -> CopyPair:
    with or_not_found():
        pair = pair_of(actor, book_id)
        if pair is None:
            raise RuleBroken("book_unknown")
    return pair


@needs(CHECK)
@require_POST
def equal(request: HttpRequest, book_id: UUID) -> HttpResponse:
    """Settle all cases that say the same in both originals."""
    actor = actor_of(request)
    pair = _pair(actor, book_id)
    with telling(request):
        made = services.settle_equal_originals(actor=actor, at=clock.now(), pair=pair)
        text = ngettext(
            "Đã xác nhận %(n)d trường hợp hai bản ghi như nhau.", "Đã xác nhận %(n)d trường hợp hai bản ghi như nhau.",
            len(made),
        )  # fmt: skip
        messages.success(request, text % {"n": len(made)})
    return redirect("keying:originals", book_id)


@needs(CHECK)
@require_http_methods(["GET", "POST"])
def original(request: HttpRequest, keyed_entry_id: UUID) -> HttpResponse:
    """One case of the second original beside the first: where they differ is decided point by point."""
    actor = actor_of(request)
    found = _decided_or_beside(actor, keyed_entry_id)
    if not isinstance(found, queries.Beside):
        return render(request, "keying/original_closed.html", found)
    if found.is_of(actor):
        return render(
            request, "keying/checking_closed.html", page.closed_context(found, "checked_by_keyer"), status=409
        )
    if not found.is_ready:
        context = page.closed_context(found, "original_first_unchecked")
        return render(request, "keying/checking_closed.html", context, status=409)
    forms = _forms(found, request.POST if request.method == "POST" else None)
    valid = [form.is_valid() for form in forms]  # each tells its own errors
    if request.method == "POST" and all(valid):
        return _decide(request, actor, found, forms)
    _note_reading(actor, found)
    is_wrong = any(form.errors for form in forms)
    context = page.beside_context(actor, found, forms)
    return render(request, "keying/original.html", context, status=422 if is_wrong else 200)


def _decided_or_beside(actor: Actor, entry_id: UUID) -> queries.Beside | dict[str, Any]:
    """The case with its first; or what its page says once nothing is left to compare."""
    with or_not_found():
        try:
            return queries.beside_of(actor, entry_id)
        except RuleBroken as refusal:
            if refusal.code != "original_not_paired":
                raise
        return page.decided_context(actor, entry_id)


def _forms(found: queries.Beside, data: Any) -> list[PointForm]:
    version = version_by_id(found.first.schema_version)
    return [PointForm(point, version, lang(), data) for point in found.points]


def _note_reading(actor: Actor, found: queries.Beside) -> None:
    for case in (found.first, found.second.case):
        if case is not None:
            note_reading(
                actor=actor, at=clock.now(), subject_kind="case", subject_id=case.id,
                subject_office=case.origin_office_id,
            )  # fmt: skip


def _decide(request: HttpRequest, actor: Actor, found: queries.Beside, forms: list[PointForm]) -> HttpResponse:
    entry_id = found.second.entry.id
    try:
        row = services.decide_original(
            actor=actor, at=clock.now(), entry_id=entry_id, seen=request.POST.get("seen", ""),
            decided=[form.decided for form in forms],
        )  # fmt: skip
    except RuleBroken:
        with telling(request):
            raise
        return redirect("keying:original", entry_id)
    if row.repair_id is not None:
        messages.success(request, _("Đã ghi quyết định. Bản ghi đã duyệt: đề nghị sửa lỗi chờ người khác duyệt."))
    if row.notes_left:
        messages.success(request, _("Đã ghi quyết định. Ghi chú chờ được ghi vào bản ghi."))
    following = page.next_of(actor, found)
    if following is None:
        messages.success(request, _("Không còn trường hợp nào của hai bản lưu này chờ bạn."))
        return redirect("keying:originals", found.second.package.book_id)
    return redirect("keying:original", following)


@needs(CHECK)
@require_POST
def alone(request: HttpRequest, keyed_entry_id: UUID) -> HttpResponse:
    """A case only one original has: entered as its own (`act=own`) or not (`act=dismiss`), with the reason."""
    actor, reason = actor_of(request), request.POST.get("reason", "")
    act = services.enter_as_own if request.POST.get("act") == "own" else services.dismiss_original
    book_id = _book_of(actor, keyed_entry_id)
    with telling(request, _("Đã ghi quyết định.")):
        act(actor=actor, at=clock.now(), entry_id=keyed_entry_id, reason=reason)
    return redirect("keying:originals", book_id)


@needs(CHECK)
@require_POST
def undo(request: HttpRequest, keyed_entry_id: UUID) -> HttpResponse:
    """Take a decision back."""
    actor = actor_of(request)
    book_id = _book_of(actor, keyed_entry_id)
    with telling(request, _("Đã hoàn tác: trường hợp chờ quyết định lại.")):
        services.take_back_original(actor=actor, at=clock.now(), entry_id=keyed_entry_id)
    return redirect("keying:originals", book_id)


def _book_of(actor: Actor, entry_id: UUID) -> UUID:
    book_id = None
    with or_not_found():
        book_id = queries.book_of_entry(actor, entry_id)
    assert book_id is not None
    return book_id


@needs("record.read")
@require_safe
def of_record(request: HttpRequest, record_id: UUID) -> HttpResponse:
    """What the other original says where it differs, beside the record: a part of its page."""
    actor = actor_of(request)
    with or_not_found():
        view = record_view(record_id, actor)
        context = page.evidence_context(actor, view.record)
        if context["decision"] is not None:
            note_reading(
                actor=actor, at=clock.now(), subject_kind="record", subject_id=view.record.id,
                subject_office=view.record.origin_office_id, facts={"part": "ban-luu"},
            )  # fmt: skip
        return render(request, "keying/parts/original_of_record.html", context)
