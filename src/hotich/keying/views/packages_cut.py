"""Cutting a book into packages: which book, from what, how large."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.keying.forms.packages import NUMBERS, CutForm
from hotich.keying.models import BookWork, KeyingPackage
from hotich.keying.queries.packages import BookToCut, books_to_cut
from hotich.keying.queries.teams import team_choices
from hotich.keying.queries.to_key import pages_to_key, scan_of_number, scans_to_key
from hotich.keying.rules.gate import Step
from hotich.keying.rules.workflow import DEFAULT_MODE
from hotich.keying.services.access import LEAD
from hotich.keying.services.packages import cut_packages, start_on_demand
from hotich.keying.views.inventory_parts import book_name
from hotich.keying.views.package_parts import lead_crumbs, step_words
from hotich.registers.queries.configuration import constant_at
from hotich.registers.views.parts import actor_of, needs, telling
from hotich.web.rules.tables import Cell, Column, Row


@needs(LEAD)
@require_GET
def books(request: HttpRequest) -> HttpResponse:
    """The listed books in the order of the work, with what no package has yet."""
    found = books_to_cut(actor_of(request))
    context = {
        "breadcrumb": lead_crumbs((_("Lập gói"), "")),
        "columns": [
            Column(_("Quyển sổ")), Column(_("Thứ tự trong kế hoạch")), Column(_("Đã quét, chưa có gói"), "number"),
            Column(_("Số gói đã lập"), "number"),
        ],
        "rows": [_row(book) for book in found],
        "nothing_yet": not found,
    }  # fmt: skip
    return render(request, "keying/packages_books.html", context)


def _row(found: BookToCut) -> Row:
    work = found.work
    return Row(
        str(work.book_id),
        [
            Cell(book_name(work.book), reverse("keying:cut", args=[work.book_id])),
            step_words(Step(work.phase, work.group)),
            found.scans,
            found.packages,
        ],
    )


@needs(LEAD)
@require_POST
def on_demand(request: HttpRequest, book_id: UUID) -> HttpResponse:
    """Somebody waits for one scanned case of the book: a package of its own, first in every list."""
    actor = actor_of(request)
    with telling(request, _("Đã lập gói một trường hợp; gói đứng đầu danh sách của người nhập.")):
        made = start_on_demand(
            actor=actor, at=clock.now(), scanned_case_id=_scan(actor, book_id, request.POST.get("number", ""))
        )
        return redirect("keying:package", package_id=made.id)
    return redirect("keying:cut", book_id=book_id)


def _scan(actor: Actor, book_id: UUID, text: str) -> UUID:
    """The scanned case with this number, as it is written: 12, 12a, 12/2006. Raises RuleBroken number_not_scanned."""
    read = re.fullmatch(r"\s*(\d{1,6})([a-zđ]|\(\d{1,2}\))?(?:/(\d{4}))?\s*", text.lower())
    found = read and scan_of_number(
        book_id, int(read[1]), suffix=read[2] or "", year=int(read[3]) if read[3] else None, office_ids=actor.office_ids
    )
    if not found:
        raise RuleBroken("number_not_scanned", field="number")
    return found


@needs(LEAD)
@require_http_methods(["GET", "POST"])
def cut(request: HttpRequest, book_id: UUID) -> HttpResponse:
    """Cut one book."""
    actor = actor_of(request)
    work = BookWork.objects.select_related("book").filter(
        book_id=book_id, origin_office_id__in=actor.office_ids
    ).first()  # fmt: skip
    if work is None:
        raise Http404("book")
    scans = len(scans_to_key(work.book))
    there: dict[str, Any] = {"scans": scans, "pages": 0 if scans else len(pages_to_key(work.book))}
    shown = {**there, "teams": team_choices(actor)}
    if request.method == "POST":
        form = CutForm(request.POST, **shown)
        if form.is_valid():
            try:
                made = _cut(actor, book_id, form.cleaned_data)
            except RuleBroken as refusal:
                form.refuse(refusal)
            else:
                text = ngettext("Đã lập %(count)d gói.", "Đã lập %(count)d gói.", len(made)) % {"count": len(made)}
                messages.success(request, text)
                return redirect(f"{reverse('keying:packages')}?so={made[0].book.label}")
    else:
        form = CutForm(initial=_initial(work), **shown)
    context = {
        "form": form,
        "book": book_name(work.book),
        "breadcrumb": lead_crumbs((_("Lập gói"), reverse("keying:cut_books")), (book_name(work.book), "")),
        "nothing_scanned": not any(there.values()),
        "cut_book": work.book,
    }
    return render(request, "keying/packages_cut.html", context, status=422 if form.errors else 200)


def _initial(work: BookWork) -> dict[str, Any]:
    book = work.book
    return {
        "size": constant_at("keying_package_size", book.origin_office_id),
        "mode": work.mode or DEFAULT_MODE,
        "first": book.first_number,
        "last": book.last_number,
        "year": book.opening_year,
    }


def _cut(actor: Actor, book_id: UUID, asked: dict[str, Any]) -> list[KeyingPackage]:
    numbers = (asked["first"], asked["last"], asked["year"]) if asked["source"] == NUMBERS else None
    return cut_packages(
        actor=actor, at=clock.now(), book_id=book_id, request_key=asked["request_key"], size=asked["size"],
        numbers=numbers, mode=asked["mode"], team_id=asked.get("team"),
    )  # fmt: skip
