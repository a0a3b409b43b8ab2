"""Pages for paper: a record as it was found, lists of books, closing and hand-over. What is not known is left dotted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hotich.kernel import clock
from hotich.records import queries, services
from hotich.records.forms import BookFilter
from hotich.records.queries import BookCount, RecordView
from hotich.records.views.books import book_of, declared_rows, findings_of
from hotich.records.views.differences import field_labels
from hotich.records.views.parts import opened_record, record_title, value_text
from hotich.records.views.record_page import annotation_lines, annulment_lines, record_facts
from hotich.records.views.values import change_rows, sections_of
from hotich.registers.models import Book
from hotich.registers.queries import books_of_offices
from hotich.registers.views.parts import actor_of, needs, register_name, short_name
from hotich.units.queries import offices_by_id

MOST = 2000  # books on one list
NOTHING = BookCount()


def sheet_context(request: HttpRequest, back_url: str, *, watermark: bool = False) -> dict[str, Any]:
    """Template context of `records/print/sheet.html`: who prints, where and when."""
    actor = actor_of(request)
    office = offices_by_id([actor.office_id]).get(actor.office_id)
    name = request.user.get_full_name() if hasattr(request.user, "get_full_name") else ""
    return {
        "back_url": back_url,
        "printed_by": name or actor.login,
        "printed_at_office": office.name if office else "–",
        "printed_at": clock.now(),
        "watermark": _("Bản in tra cứu, không có giá trị pháp lý") if watermark else "",
        "office_name": office.name if office and not watermark else "",
    }


@needs("record.read")
@require_GET
def print_record(request: HttpRequest, record_id: UUID) -> HttpResponse:
    """A record on paper: as recorded, its annotations, and where it differs today."""
    view, actor = opened_record(request, record_id), actor_of(request)
    found = view.record
    services.note_reading(
        actor=actor, at=clock.now(), subject_kind="record", subject_id=found.id, subject_office=found.origin_office_id,
        facts={"part": "in"},
    )  # fmt: skip
    context = {
        "title": record_title(found),
        "facts": [{"label": _("Số đăng ký"), "value": found.number_text}, *_known(record_facts(view))],
        "annulments": annulment_lines(view),
        "sections": sections_of(view),
        "change_rows": change_rows(view),
        "annotations": annotation_lines(view),
        "hides_annotations": view.hides_annotations,
        "changes": _changes(view),
        **sheet_context(request, reverse("records:record", args=[record_id]), watermark=True),
    }
    return render(request, "records/print/record.html", context)


def _known(facts: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"label": item["label"], "value": item.get("value") or item.get("absent", "")} for item in facts]


def _changes(view: RecordView) -> list[tuple[str, str, str]]:
    labels, hidden = field_labels(view), view.current_shown.hidden
    return [
        (labels.get(code, code), value_text(change.recorded), value_text(change.current))
        for code, change in view.current.changes.items()
        if code not in hidden
    ]


@needs("book.read")
@require_GET
def print_books(request: HttpRequest) -> HttpResponse:
    """The books of one's offices, as the list is filtered."""
    books, words = _filtered(request)
    services.note_printing(actor=actor_of(request), at=clock.now(), paper="book_list", books=[b.id for b in books])
    context = {
        "books": _book_lines(books),
        "filtered": words,
        "signers": [_("Người lập danh mục"), _("Thủ trưởng cơ quan")],
        **sheet_context(request, reverse("records:books")),
    }
    return render(request, "records/print/books.html", context)


@needs("book.read")
@require_GET
def print_hand_over(request: HttpRequest) -> HttpResponse:
    """The record of a hand-over: of the books named (`?quyen=`), or of the filtered list."""
    books, _words = _filtered(request)
    services.note_printing(actor=actor_of(request), at=clock.now(), paper="hand_over", books=[b.id for b in books])
    context = {
        "books": _book_lines(books),
        "signers": [_("Bên giao"), _("Bên nhận"), _("Người chứng kiến")],
        **sheet_context(request, reverse("records:books")),
    }
    return render(request, "records/print/hand_over.html", context)


def _filtered(request: HttpRequest) -> tuple[list[Book], str]:
    """The books asked for, and the filter in words."""
    form = BookFilter(request.GET or None)
    wanted = form.cleaned_data if form.is_valid() else {}
    letters, era, year = wanted.get("loai") or "", wanted.get("thoi_ky") or "", wanted.get("nam")
    found = books_of_offices(actor_of(request).office_ids, register_type=letters, era=era, year=year)
    chosen = [each for each in request.GET.getlist("quyen") if _is_uuid(each)]
    if chosen:
        found = found.filter(id__in=chosen)
    words = ", ".join(filter(None, [register_name(letters) if letters else "", str(year or "")]))
    return list(found[:MOST]), words


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _book_lines(books: list[Book]) -> list[dict[str, Any]]:
    counts = queries.counts_of_books([book.id for book in books])
    return [
        {
            "label": book.label,
            "type": short_name(book.register_type),
            "office": book.origin_office.name,
            "pages": book.pages_total,
            "declared": book.cases_declared,
            "entered": counts.get(book.id, NOTHING).entered,
            "condition": book.condition,
        }
        for book in books
    ]


@needs("book.read")
@require_GET
def print_closing(request: HttpRequest, book_id: UUID) -> HttpResponse:
    """The closing page of a book: totals as declared and as entered, gaps, doubles, numbers crossed out."""
    actor = actor_of(request)
    found = book_of(actor, book_id)
    services.note_printing(actor=actor, at=clock.now(), paper="closing", books=[found.id])
    count = queries.counts_of_books([found.id]).get(found.id, NOTHING)
    context = {
        "title": f"{register_name(found.register_type)} {found.label}",
        "figures": book_figures(found, count),
        "findings": findings_of(found),
        "declared": declared_rows(found),
        "closed_on": found.closed_on and f"{found.closed_on:%d/%m/%Y}",
        "signers": [_("Công chức tư pháp - hộ tịch"), _("Thủ trưởng cơ quan")],
        **sheet_context(request, reverse("records:book", args=[book_id])),
    }
    return render(request, "records/print/closing.html", context)


def book_figures(book: Book, count: BookCount) -> list[tuple[str, Any]]:
    """Totals of a book, in the order of a closing page; what nobody has written down is None."""
    comparison = queries.closing_comparison(book, count)
    numbers = f"{count.first}–{count.last}" if count.first is not None else None
    difference = (
        None if comparison.difference is None else f"{comparison.difference:+d}" if comparison.difference else "0"
    )
    return [
        (_("Cơ quan đăng ký"), book.origin_office.name),
        (_("Mở sổ ngày"), book.opened_on and f"{book.opened_on:%d/%m/%Y}"),
        (_("Tổng số trang"), book.pages_total),
        (_("Số trang bỏ trống"), book.blank_pages),
        (_("Tổng số trường hợp khi khóa sổ"), book.cases_declared),
        (_("Số trường hợp tẩy xóa, sửa chữa"), book.corrected_entries),
        (_("Trường hợp đã vào hệ thống"), count.entered),
        (_("Chênh lệch so với khi khóa sổ"), difference),
        (_("Từ số – đến số (đã vào)"), numbers),
        (_("Số bị hủy"), count.void),
        (_("Số khuyết đã khai báo"), count.missing),
        (_("Số khuyết chưa rõ"), count.gap_numbers),
    ]
