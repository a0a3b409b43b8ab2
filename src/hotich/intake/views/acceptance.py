"""The acceptance record of one digitised book, for paper."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hotich.accounts.queries import names_of_officers
from hotich.intake.queries.acceptance import Acceptance, acceptance_of
from hotich.kernel import clock
from hotich.records import queries
from hotich.records.services import note_printing
from hotich.records.views.books import book_of, findings_of
from hotich.records.views.printing import NOTHING, book_figures, sheet_context
from hotich.registers.views.parts import actor_of, needs, register_name


@needs("book.read")
@require_GET
def acceptance(request: HttpRequest, book_id: UUID) -> HttpResponse:
    """What was digitised of a book, what is left, and room for those who accept it."""
    actor = actor_of(request)
    book = book_of(actor, book_id)
    note_printing(actor=actor, at=clock.now(), paper="acceptance", books=[book.id])
    found = acceptance_of(book)
    count = queries.counts_of_books([book.id]).get(book.id, NOTHING)
    names = names_of_officers(found.keyers | found.approvers)
    context = {
        "title": f"{register_name(book.register_type)} {book.label}",
        "figures": book_figures(book, count),
        "results": _results(found),
        "findings": findings_of(book),
        "keyers": ", ".join(sorted(names[each] for each in found.keyers if each in names)),
        "approvers": ", ".join(sorted(names[each] for each in found.approvers if each in names)),
        "signers": [
            _("Người nhập liệu"),
            _("Người kiểm tra, duyệt"),
            _("Thủ trưởng cơ quan"),
            _("Đại diện bên nghiệm thu"),
        ],
        **sheet_context(request, reverse("records:book", args=[book_id])),
    }
    return render(request, "intake/acceptance.html", context)


def _results(found: Acceptance) -> list[tuple[str, Any]]:
    return [
        (_("Trường hợp đã duyệt, vào hệ thống"), found.entered),
        (_("Trường hợp chờ duyệt hoặc bị trả lại"), found.waiting),
        (_("Trường hợp còn lỗi, chưa duyệt được"), found.held),
        (_("Số lỗi của các trường hợp đó"), found.errors),
        (_("Trường hợp có bản chụp"), found.with_scan),
        (_("Trường hợp đã duyệt chưa có bản chụp"), found.entered - found.with_scan),
        (_("Số tệp bản chụp"), found.scans),
        (_("Lần sửa lỗi nhập liệu sau khi duyệt"), found.repaired),
    ]
