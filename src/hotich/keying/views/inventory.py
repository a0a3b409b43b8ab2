"""Pages of the inventory: books as work with totals, those not listed yet, and the list as a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.keying.forms.inventory import PlaceForm, WorkFilterForm
from hotich.keying.models import BookWork, KeyingHandoverLine
from hotich.keying.queries import inventory as queries
from hotich.keying.rules.inventory_file import write_table
from hotich.keying.rules.phases import group_of, is_phase_doubtful, phase_of
from hotich.keying.services import inventory as services
from hotich.keying.views import inventory_totals
from hotich.keying.views.inventory_parts import (
    MANAGE,
    PLACE_TONES,
    SEES,
    STATE_TONES,
    actor_of,
    book_name,
    era_name,
    flags_of,
    ids_of,
    needs,
    office_names,
    place_words,
    short_name,
    state_words,
    tabs,
    telling,
)
from hotich.records.services import note_printing
from hotich.registers.models import Book, BookCopy
from hotich.web.rules.tables import Cell

LIST_SIZE = 100
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _wanted(request: HttpRequest) -> tuple[WorkFilterForm, queries.WorkFilter]:
    form = WorkFilterForm(request.GET) if request.GET else WorkFilterForm()
    data = form.cleaned_data if form.is_bound and form.is_valid() else {}
    return form, queries.WorkFilter(
        register_type=data.get("loai", ""), phase=data.get("giai_doan"), place=data.get("noi_nhap", ""),
        state=data.get("trang_thai", ""), year=data.get("nam"), need=data.get("can_xem", ""),
    )  # fmt: skip


@needs(*SEES)
@require_GET
def inventory(request: HttpRequest) -> HttpResponse:
    """Totals by type and phase, and the books in the order they are worked."""
    actor = actor_of(request)
    form, wanted = _wanted(request)
    totals = queries.totals_of(queries.book_works(actor))
    page = Paginator(queries.book_works(actor, wanted), LIST_SIZE).get_page(request.GET.get("page"))
    offices = office_names(actor)
    missing = queries.missing_on_shelf(actor)
    context = {
        "tabs": tabs(actor, "inventory"),
        "may_manage": actor.may(MANAGE),
        "nothing_yet": not totals.whole.books,
        "waiting": queries.books_not_listed(actor).count(),
        "stats": inventory_totals.stats(totals),
        "phases": inventory_totals.phase_lines(totals),
        "matrix": inventory_totals.matrix(totals),
        "year_columns": inventory_totals.year_columns(),
        "year_rows": inventory_totals.year_rows(totals),
        "missing": inventory_totals.missing_words(missing, offices),
        "filter": form,
        "query": request.GET.urlencode(),
        "many": len({row.origin_office_id for row in page.object_list}) > 1,
        "lines": lines_of(list(page.object_list), offices),
        "list_page": page,
        "place_form": PlaceForm(),
    }
    return render(request, "keying/inventory.html", context)


def lines_of(works: Sequence[BookWork], offices: dict[int, str]) -> list[dict[str, Any]]:
    """Listed books as lines of the table."""
    ids = [row.book_id for row in works]
    entered, frozen, out = queries.entered_of_books(works), queries.denominators_of(ids), queries.out_lines(ids)
    return [
        {
            "id": row.book_id,
            "name": book_name(row.book),
            "url": reverse("keying:inventory_book", args=[row.book_id]),
            "office": offices.get(row.origin_office_id, ""),
            "note": "" if row.book.keeping_office_id in offices else _("đang lưu: %(office)s") % {
                "office": row.book.keeping_office.name},
            "era": era_name(row.book.era),
            "order": f"{row.phase} · {row.group}",
            "is_doubtful": is_phase_doubtful(row.phase, row.book.opening_year),
            "pages": row.book.pages_total if row.counted_pages is None else row.counted_pages,
            "expected": queries.expected_cases(row, frozen.get(row.book_id)),
            "entered": entered.get(row.book_id, 0),
            "place": Cell(place_words(row), tone=PLACE_TONES[row.place]),  # type: ignore[index]
            "is_here": row.place == "here",
            "state": Cell(state_words(row), tone=STATE_TONES[row.state]),  # type: ignore[index]
            "flags": ", ".join([*flags_of(row), *_out_words(out.get(row.book_id))]),
        }
        for row in works
    ]  # fmt: skip


def _out_words(line: KeyingHandoverLine | None) -> list[str]:
    return [_("đang giao: %(whom)s") % {"whom": line.handover.force_name}] if line else []


@needs(MANAGE)
@require_POST
def inventory_place(request: HttpRequest) -> HttpResponse:
    """Mark the ticked books, or one, as entered here, by the police, or earlier."""
    form, done = PlaceForm(request.POST), 0
    with telling(request):
        ids = ids_of(request)
        changed = services.mark_place(
            actor=actor_of(request), at=clock.now(), book_ids=ids, place=form.data.get("place", ""),
            reason=form.data.get("reason", ""),
        )  # fmt: skip
        done = len(changed)
    return _told(request, done, _back(request))


def _told(request: HttpRequest, done: int, where: str) -> HttpResponse:
    if done:
        text = ngettext("Đã ghi nơi nhập của %(n)d quyển.", "Đã ghi nơi nhập của %(n)d quyển.", done)
        messages.success(request, text % {"n": done})
    return redirect(where)


def _back(request: HttpRequest) -> str:
    """To the page of the one book the form stood on, else to the list."""
    ids = request.POST.getlist("book")
    if request.POST.get("one") and len(ids) == 1:
        return reverse("keying:inventory_book", args=ids)
    return reverse("keying:inventory")


@needs(*SEES)
@require_http_methods(["GET", "POST"])
def inventory_unlisted(request: HttpRequest) -> HttpResponse:
    """Books no inventory holds yet; the ticked ones, or all, are listed by one act."""
    actor = actor_of(request)
    books = queries.books_not_listed(actor)
    if request.method == "POST":
        _list(request, actor)
        return redirect("keying:inventory_unlisted" if queries.books_not_listed(actor).exists() else "keying:inventory")
    page = Paginator(books, LIST_SIZE).get_page(request.GET.get("page"))
    offices = office_names(actor)
    context = {
        "tabs": tabs(actor, "inventory_unlisted"),
        "may_manage": actor.may(MANAGE),
        "lines": [_book_line(book, offices) for book in page.object_list],
        "total": page.paginator.count,
        "at_once": min(page.paginator.count, services.MOST_AT_ONCE),
        "many": len({book.origin_office_id for book in page.object_list}) > 1,
        "list_page": page,
    }
    return render(request, "keying/inventory_unlisted.html", context)


def _list(request: HttpRequest, actor: Actor) -> None:
    with telling(request):
        if request.POST.get("all"):
            ids = list(queries.books_not_listed(actor).values_list("id", flat=True)[: services.MOST_AT_ONCE])
        else:
            ids = ids_of(request)
        made = len(services.list_books(actor=actor, at=clock.now(), book_ids=ids))
        text = ngettext("Đã kiểm kê %(n)d quyển.", "Đã kiểm kê %(n)d quyển.", made)
        messages.success(request, text % {"n": made})


def _book_line(book: Book, offices: dict[int, str]) -> dict[str, Any]:
    phase = phase_of(book.era, book.opening_year)
    return {
        "id": book.id,
        "name": book_name(book),
        "url": reverse("keying:inventory_book", args=[book.id]),
        "office": offices.get(book.origin_office_id, ""),
        "era": era_name(book.era),
        "order": f"{phase} · {group_of(book.register_type)}",
        "is_doubtful": is_phase_doubtful(phase, book.opening_year),
        "pages": book.pages_total,
        "expected": book.cases_declared,
        "condition": book.condition,
    }


@needs(*SEES)
@require_GET
def inventory_file(request: HttpRequest) -> HttpResponse:
    """The list, as it is filtered, as a workbook."""
    actor = actor_of(request)
    works = list(queries.book_works(actor, _wanted(request)[1]))
    note_printing(actor=actor, at=clock.now(), paper="inventory", books=[row.book_id for row in works])
    content = write_table(_("Kiểm kê sổ"), _headings(), _file_rows(works, office_names(actor)))
    day = clock.in_vietnam(clock.now())
    return HttpResponse(
        content,
        content_type=XLSX,
        headers={"Content-Disposition": f'attachment; filename="kiem-ke-so-{day:%Y%m%d}.xlsx"'},
    )


def _headings() -> list[str]:
    return [
        _("Nơi đăng ký"), _("Loại sổ"), _("Quyển số"), _("Năm mở sổ"), _("Bản lưu"), _("Thời kỳ"), _("Giai đoạn"),
        _("Nhóm"), _("Số trang"), _("Số trường hợp"), _("Đã nhập"), _("Nơi nhập"), _("Căn cứ, lý do"), _("Tiến độ"),
        _("Tình trạng sổ"), _("Nơi lưu giữ hiện nay"), _("Kho lưu"), _("Ghi chú"),
    ]  # fmt: skip


def _file_rows(works: Sequence[BookWork], offices: dict[int, str]) -> list[list[str | int | None]]:
    return [
        [
            row.book.origin_office.name, short_name(row.book.register_type), row.book.number, row.book.opening_year,
            _(BookCopy(row.book.copy).label), line["era"], row.phase, row.group, line["pages"], line["expected"],
            line["entered"], place_words(row), row.place_reason, state_words(row), line["flags"],
            row.book.keeping_office.name, row.book.storage_location, row.notes,
        ]
        for row, line in zip(works, lines_of(works, offices), strict=True)
    ]  # fmt: skip
