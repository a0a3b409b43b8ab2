"""Pages of the two originals: the pairs an office has, and one pair with what differs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hotich.accounts.queries import names_of_officers
from hotich.kernel import clock
from hotich.kernel.problems import RuleBroken
from hotich.keying.forms.inventory import FindingForm
from hotich.keying.models import BookWork, CopyComparison
from hotich.keying.queries.copies import CopyPair, copy_pairs, findings_of_pair, keyed_cases, pair_of
from hotich.keying.services import copies as services
from hotich.keying.services.access import CHECK
from hotich.keying.views.acceptance_parts import book_title
from hotich.keying.views.inventory_parts import (
    MANAGE,
    SEES,
    actor_of,
    crumbs,
    era_name,
    needs,
    or_not_found,
    place_words,
    state_words,
    tabs,
    telling,
)
from hotich.registers.models import Book
from hotich.web.rules.tables import Cell, Column, Row


@needs(*SEES)
@require_GET
def copies(request: HttpRequest) -> HttpResponse:
    """The pairs of originals, as on the shelf."""
    actor = actor_of(request)
    pairs = copy_pairs(actor)
    works = _works([book for pair in pairs for book in (pair.first, pair.second)])
    context = {
        "tabs": tabs(actor, "copies"),
        "columns": [Column(_("Quyển")), Column(_("Thời kỳ")), Column(_("Bản cấp xã")), Column(_("Bản cấp huyện")),
                    Column(_("Điểm khác nhau"), "number"), Column(_("Chưa xử lý"), "number")],
        "rows": [_row(pair, works) for pair in pairs],
    }  # fmt: skip
    return render(request, "keying/copies.html", context)


def _works(books: list[Book]) -> dict[UUID, BookWork]:
    return {row.book_id: row for row in BookWork.objects.filter(book__in=books)}


def _row(pair: CopyPair, works: dict[UUID, BookWork]) -> Row:
    return Row(
        str(pair.first.id),
        [
            Cell(book_title(pair.first), reverse("keying:copies_of_book", args=[pair.first.id]),
                 note=pair.first.origin_office.name),
            era_name(pair.first.era), _copy_cell(pair.first, works), _copy_cell(pair.second, works),
            pair.findings, pair.open or "–",
        ],
        tone="warning" if pair.open else "",
    )  # fmt: skip


def _copy_cell(book: Book, works: dict[UUID, BookWork]) -> Cell:
    """Where a copy lies and how far its keying is."""
    row = works.get(book.id)
    text = _("chưa kiểm kê") if row is None else f"{place_words(row)} · {state_words(row)}"
    lost = _("bị mất") if row is not None and row.is_lost else ""
    return Cell(text, note=" · ".join(filter(None, [book.keeping_office.name, lost])))


@needs(*SEES)
@require_http_methods(["GET", "POST"])
def copies_of_book(request: HttpRequest, book_id: UUID) -> HttpResponseBase:
    """One pair: what differs; a finding is written here."""
    actor = actor_of(request)
    with or_not_found():
        pair = pair_of(actor, book_id)
        if pair is None:
            raise RuleBroken("book_unknown")
    form = FindingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _recorded(request, pair, form):
        return redirect("keying:copies_of_book", book_id)
    findings = list(findings_of_pair(pair))
    names = names_of_officers(
        {row.found_by for row in findings} | {row.settled_by for row in findings if row.settled_by}
    )
    works = _works([pair.first, pair.second])
    both = [{"book": book, "cell": _copy_cell(book, works), "keyed": len(keyed_cases(book.id)),
             "url": reverse("keying:inventory_book", args=[book.id]),
             "label": _(book.get_copy_display())} for book in (pair.first, pair.second)]  # fmt: skip
    context = {
        "pair": pair,
        "title": book_title(pair.first),
        "office_name": pair.first.origin_office.name,
        "both": both,
        "may_compare": actor.may(MANAGE) and all(each["keyed"] for each in both),
        "may_manage": actor.may(MANAGE),
        "may_check": actor.may(CHECK),
        "findings": [_finding(row, names) for row in findings],
        "form": form,
        "breadcrumb": crumbs((_("Hai bản lưu"), reverse("keying:copies")), (book_title(pair.first), "")),
    }
    return render(request, "keying/copies_of_book.html", context, status=422 if form.errors else 200)


def _recorded(request: HttpRequest, pair: CopyPair, form: FindingForm) -> bool:
    data = form.cleaned_data
    finding = services.Finding(
        kind=data["finding"], words=data["words"], number=data["number"], number_suffix=data["number_suffix"],
        registration_year=data["registration_year"],
    )  # fmt: skip
    try:
        services.record_finding(
            actor=actor_of(request), at=clock.now(), request_key=data["request_key"], first_id=pair.first.id,
            second_id=pair.second.id, finding=finding,
        )  # fmt: skip
    except RuleBroken as refusal:
        form.refuse(refusal)
        return False
    messages.success(request, _("Đã ghi điểm khác nhau."))
    return True


def _finding(row: CopyComparison, names: dict[int, str]) -> dict[str, Any]:
    number = f"{row.number}{row.number_suffix}/{row.registration_year}" if row.number is not None else _("cả quyển")
    return {
        "id": row.id,
        "number": number,
        "finding": _(row.get_finding_display()),
        "words": _(row.words) if row.words == services.SEEN_BY_COMPARING else row.words,
        "found_by": names.get(row.found_by, "–"),
        "found_at": row.found_at,
        "is_settled": row.settled_at is not None,
        "settled_words": row.settled_words,
        "settled_by": names.get(row.settled_by or 0, "–"),
        "settled_at": row.settled_at,
    }


@needs(MANAGE)
@require_POST
def copies_compare(request: HttpRequest, book_id: UUID) -> HttpResponse:
    """Compare what was keyed from both originals."""
    actor = actor_of(request)
    with telling(request):
        pair = pair_of(actor, book_id)
        if pair is None:
            raise RuleBroken("book_unknown")
        found = services.compare_keyed_copies(
            actor=actor, at=clock.now(), first_id=pair.first.id, second_id=pair.second.id
        )
        text = ngettext("Tìm thấy %(n)d điểm khác nhau mới.", "Tìm thấy %(n)d điểm khác nhau mới.", len(found))
        messages.success(request, text % {"n": len(found)} if found else _("Không có điểm khác nhau mới."))
    return redirect("keying:copies_of_book", book_id)


@needs(MANAGE)
@require_POST
def copies_settle(request: HttpRequest, finding_id: UUID) -> HttpResponse:
    """Say what was done about one difference."""
    actor = actor_of(request)
    where = reverse("keying:copies")
    with telling(request, _("Đã ghi cách xử lý.")):
        row = CopyComparison.objects.filter(id=finding_id, origin_office_id__in=actor.office_ids).first()
        if row is not None:
            where = reverse("keying:copies_of_book", args=[row.first_id])
        services.settle_finding(
            actor=actor, at=clock.now(), finding_id=finding_id, words=request.POST.get("words", "")
        )  # fmt: skip
    return redirect(where)
