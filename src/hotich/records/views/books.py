"""Books: what lies on the shelf, how much of it has been entered, and what does not add up."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hotich.accounts.views.saved_filters import filter_act, filter_context
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.records import queries, services
from hotich.records.forms import BookFilter, ClosingForm, NumberForm
from hotich.records.models import Record, RecordState
from hotich.records.queries import BookCount
from hotich.records.views.parts import names_of, page_of, state_cell
from hotich.registers.models import Book
from hotich.registers.queries import book_by_id, books_of_offices
from hotich.registers.services import ClosingTotals, update_closing_totals
from hotich.registers.views.parts import actor_of, era_name, needs, or_not_found, register_name, short_name, telling
from hotich.web.rules.svg import Part
from hotich.web.rules.tables import Cell, Column, Row

NOTHING = BookCount()


@needs("book.read")
@require_http_methods(["GET", "POST"])
def books(request: HttpRequest) -> HttpResponse:
    """The books of the officer's offices, with what was declared and what has been entered."""
    actor = actor_of(request)
    form = BookFilter(request.GET or None)
    if kept := filter_act(request, "records.books", form):
        return kept
    wanted = form.cleaned_data if form.is_valid() else {}
    found = books_of_offices(
        actor.office_ids,
        register_type=wanted.get("loai") or "",
        era=wanted.get("thoi_ky") or "",
        year=wanted.get("nam"),
    )
    whole = list(found)  # the totals need every book: read and counted once, the page is a part of it
    page = page_of(request, whole)
    counts = queries.counts_of_books(book.id for book in whole)
    context = {
        "filter": BookFilter(request.GET) if request.GET else BookFilter(),
        **filter_context(request, "records.books", form),
        "query": request.GET.urlencode(),
        "columns": _book_columns(len(actor.office_ids) > 1),
        "rows": [_book_row(book, counts.get(book.id, NOTHING), actor) for book in page.object_list],
        "list_page": page,
        "stats": _stats(whole, counts),
        "parts": _by_type(whole, counts),
    }
    return render(request, "records/books.html", context)


def _stats(found: list[Book], counts: dict[UUID, BookCount]) -> list[dict[str, Any]]:
    entered = sum(count.entered for count in counts.values())
    declared = [book for book in found if book.cases_declared is not None]
    gaps = sum(count.gap_numbers for count in counts.values())
    different = sum(1 for book in declared if counts.get(book.id, NOTHING).entered != book.cases_declared)
    return [
        {"label": _("Số quyển sổ"), "value": len(found)},
        {"label": _("Trường hợp đã vào"), "value": entered},
        {"label": _("Số khuyết chưa rõ"), "value": gaps, "tone": "warning" if gaps else ""},
        {"label": _("Lệch số liệu khóa sổ"), "value": different, "tone": "error" if different else "",
         "note": _("trong %(number)d quyển có số liệu") % {"number": len(declared)}},
    ]  # fmt: skip


def _by_type(found: list[Book], counts: dict[UUID, BookCount]) -> list[Part]:
    totals: dict[str, int] = {}
    for book in found:
        totals[book.register_type] = totals.get(book.register_type, 0) + counts.get(book.id, NOTHING).entered
    tones = ("brand", "accent", "ok", "warning", "muted")
    ordered = sorted(totals.items(), key=lambda item: -item[1])
    shown = [Part(short_name(letters), value, tones[place % 5]) for place, (letters, value) in enumerate(ordered[:4])]
    rest = sum(value for _letters, value in ordered[4:])
    return [*shown, Part(_("Loại khác"), rest, "muted")] if rest else shown


def _book_columns(many: bool) -> list[Column]:
    office = [Column(_("Nơi đăng ký"))] if many else []
    return [Column(_("Quyển"), "code"), Column(_("Loại sổ")), *office, Column(_("Thời kỳ")),
            Column(_("Khai khi khóa sổ"), "number"), Column(_("Đã vào"), "number"), Column(_("Số"), "code"),
            Column(_("Khuyết"), "number"), Column(_("Đối chiếu"))]  # fmt: skip


def _book_row(book: Book, count: BookCount, actor: Actor) -> Row:
    label = Cell(book.label, reverse("records:book", args=[book.id]),
                 note=_("số quyển do hệ thống đặt") if book.is_number_assigned else "")  # fmt: skip
    # who keeps it is worth saying only when it is neither the office that registered nor one's own
    elsewhere = book.keeping_office_id not in (book.origin_office_id, actor.office_id)
    kept = book.keeping_office.name if elsewhere else ""
    note = _("đang lưu: %(office)s") % {"office": kept} if kept else ""
    office = [Cell(book.origin_office.name, note=note)] if len(actor.office_ids) > 1 else []
    numbers = f"{count.first}–{count.last}" if count.first is not None else ""
    return Row(
        str(book.id),
        [label, short_name(book.register_type), *office, era_name(book.era),
         "" if book.cases_declared is None else book.cases_declared, count.entered, numbers, count.gap_numbers or "",
         _closing_cell(book, count)],
    )  # fmt: skip


def _closing_cell(book: Book, count: BookCount) -> Cell:
    if book.cases_declared is None:
        return Cell(_("Chưa có số liệu khóa sổ"), tone="muted")
    difference = count.entered - book.cases_declared
    if difference == 0:
        return Cell(_("Khớp"), tone="ok")
    return Cell(_("Lệch %(number)+d") % {"number": difference}, tone="warning" if difference < 0 else "error")


@needs("book.read")
@require_GET
def book(request: HttpRequest, book_id: UUID) -> HttpResponse:
    """One book: its entries in order, gaps, doubles, void numbers and the closing totals."""
    actor = actor_of(request)
    found = book_of(actor, book_id)
    count = queries.counts_of_books([found.id]).get(found.id, NOTHING)
    page = page_of(request, queries.records_of_book(found.id))
    may_read = actor.may("record.read")
    context = {
        "book": found,
        "title": f"{register_name(found.register_type)} {found.label}",
        "era": era_name(found.era),
        "breadcrumb": [{"label": _("Sổ hộ tịch"), "url": reverse("records:books")}, {"label": found.label, "url": ""}],
        "count": count,
        "comparison": queries.closing_comparison(found, count),
        "facts": _facts(found, count),
        "findings": findings_of(found),
        "declared": declared_rows(found),
        "declared_columns": [Column(_("Số"), "code"), Column(_("Khai báo")), Column(_("Lý do"))],
        "columns": [Column(_("Số"), "code"), Column(_("Họ tên")), Column(_("Ngày đăng ký"), "date"),
                    Column(_("Trang"), "code"), Column(_("Trạng thái"))],
        "rows": [_record_row(record, actor, may_read) for record in page.object_list],
        "list_page": page,
        "may_manage": actor.may("book.manage"),
        "number_form": NumberForm(initial={"year": found.opening_year, "use": "void"}),
    }  # fmt: skip
    return render(request, "records/book.html", context)


def book_of(actor: Actor, book_id: UUID) -> Book:
    """The book of a page; one that is not of the officer's offices answers 404."""
    with or_not_found():
        return book_by_id(book_id, office_ids=actor.office_ids)


def _facts(found: Book, count: BookCount) -> list[dict[str, Any]]:
    scope = _(found.get_number_scope_display())
    return [
        {"label": _("Nơi đăng ký"), "value": found.origin_office.name},
        {"label": _("Nơi lưu giữ hiện nay"), "value": found.keeping_office.name},
        {"label": _("Mở sổ"), "value": found.opened_on and f"{found.opened_on:%d/%m/%Y}"},
        {"label": _("Khóa sổ"), "value": found.closed_on and f"{found.closed_on:%d/%m/%Y}"},
        {"label": _("Cách đánh số"), "value": scope},
        {"label": _("Số trang"), "value": found.pages_total},
        {"label": _("Sửa chữa, tẩy xóa"), "value": found.corrected_entries},
        {"label": _("Trang bỏ trống"), "value": found.blank_pages},
        {"label": _("Kho lưu"), "value": found.storage_location},
        {"label": _("Tình trạng"), "value": found.condition},
    ]


def findings_of(found: Book) -> list[dict[str, str]]:
    """Gaps and doubles in words."""
    lines = []
    for gap in queries.gaps_of_book(found):
        span = str(gap.first) if gap.count == 1 else f"{gap.first}–{gap.last}"
        where = f"{span}/{gap.year}" if gap.year else span
        text = ngettext("Khuyết số %(span)s", "Khuyết số %(span)s (%(count)d số)", gap.count)
        lines.append({"tone": "warning", "text": text % {"span": where, "count": gap.count}})
    for year, number, times in queries.doubles_of_book(found):
        where = f"{number}/{year}" if year else str(number)
        text = _("Số %(number)s có %(times)d trường hợp") % {"number": where, "times": times}
        lines.append({"tone": "error", "text": text})
    return lines


def declared_rows(found: Book) -> list[Row]:
    """Numbers declared void or missing, with the reason."""
    rows = []
    for row in queries.numbers_declared(found):
        number = f"{row.number}{row.number_suffix}/{row.registration_year}"
        rows.append(Row(str(row.id), [number, Cell(_(row.get_use_display()), tone="muted"), row.reason]))
    return rows


def _record_row(record: Record, actor: Actor, may_read: bool) -> Row:
    url = reverse("records:record", args=[record.id]) if may_read else ""
    names = names_of(record, actor) if may_read else ""
    state = RecordState(record.state)
    same_day = record.registered_earliest if record.registered_earliest == record.registered_latest else None
    return Row(
        str(record.id),
        [Cell(record.number_text or "–", url), names, Cell(same_day or record.registration_year or ""), record.page_no,
         state_cell(record)],
        tone="" if state is RecordState.IN_FORCE else "warning",
    )  # fmt: skip


@needs("book.manage")
@require_http_methods(["GET", "POST"])
def close_book(request: HttpRequest, book_id: UUID) -> HttpResponse:
    """The closing totals as the officer who closed the book wrote them."""
    actor = actor_of(request)
    found = book_of(actor, book_id)
    form = ClosingForm(request.POST if request.method == "POST" else None, book=found)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        version = values.pop("version")
        try:
            update_closing_totals(
                actor=actor, at=clock.now(), book_id=book_id, version=version, totals=ClosingTotals(**values)
            )
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Đã lưu số liệu khóa sổ."))
            return redirect("records:book", book_id)
    context = {
        "form": form,
        "title": _("Số liệu khóa sổ"),
        "subtitle": f"{register_name(found.register_type)} {found.label}",
        "cancel_url": reverse("records:book", args=[book_id]),
        "breadcrumb": [{"label": _("Sổ hộ tịch"), "url": reverse("records:books")},
                       {"label": found.label, "url": reverse("records:book", args=[book_id])},
            {"label": _("Số liệu khóa sổ"), "url": ""}],
    }  # fmt: skip
    return render(request, "records/simple_form.html", context)


DECLARED = {
    "void": gettext_lazy("Đã khai báo số bị hủy."),
    "missing": gettext_lazy("Đã khai báo số khuyết."),
    "": gettext_lazy("Đã bỏ khai báo."),
}


@needs("book.manage")
@require_POST
def declare_number(request: HttpRequest, book_id: UUID) -> HttpResponse:
    """Declare a number void or missing, or take that back."""
    actor = actor_of(request)
    form = NumberForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Chưa khai báo được: hãy nhập số, năm và lý do."))
        return redirect("records:book", book_id)
    with telling(request, str(DECLARED[form.cleaned_data["use"]])):
        services.declare_number(actor=actor, at=clock.now(), book_id=book_id, **form.cleaned_data)
    return redirect("records:book", book_id)
