"""The acceptance record of a book, for signatures (H5)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hotich.accounts.queries import names_of_officers
from hotich.kernel import clock
from hotich.keying.models import Acceptance, AcceptanceState, BookWork
from hotich.keying.queries import acceptance as queries
from hotich.keying.rules.acceptance import Judged
from hotich.keying.rules.figures import share_text
from hotich.keying.views.acceptance_parts import (
    frozen_findings,
    limits_words,
    mark_lines,
    per_mille_text,
    source_of_limits,
    source_words,
    state_words,
)
from hotich.records.services import note_printing
from hotich.records.views.printing import sheet_context
from hotich.registers.models import Book
from hotich.registers.views.parts import actor_of, lang, needs, or_not_found, register_name
from hotich.web.rules.formats import number_text, percent_text

SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@needs(*queries.SEES)
@require_GET
def acceptance_print(request: HttpRequest, acceptance_id: UUID) -> HttpResponse:
    """The acceptance record; before the decision a draft with dots where something is still to come."""
    actor = actor_of(request)
    with or_not_found():
        found = queries.acceptance(actor, acceptance_id)
    note_printing(actor=actor, at=clock.now(), paper="keying_acceptance", books=[found.book_id])
    items = list(queries.items_of(found))
    figures = found.figures
    judges = {item.judged_by for item in items if item.judged_by}
    keyers = {int(keyer): count for keyer, count in figures.get("keyers", {}).items()}
    names = names_of_officers(judges | set(keyers) | {found.drawn_by, found.decided_by or 0})
    total, left = queries.found_so_far(found)
    context = {
        "found": found,
        "title": f"{register_name(found.book.register_type)} {found.book.label}",
        "is_draft": found.state == AcceptanceState.JUDGING,
        "is_cancelled": found.state == AcceptanceState.CANCELLED,
        "state": state_words(found),
        "book_rows": _book_rows(found.book, figures),
        "result_rows": _result_rows(found, total, left),
        "rates": _rates(found, total, left),
        "limits": limits_words(found.limits),
        "limits_source": source_of_limits(found.limits),
        "findings": frozen_findings(figures),
        "marks": mark_lines(items),
        "keyers": [(names.get(keyer, str(keyer)), count) for keyer, count in keyers.items()],
        "judges": ", ".join(sorted(names[each] for each in judges if each in names)),
        "decided_by": names.get(found.decided_by or 0, ""),
        "signers": [_("Người nhập liệu"), _("Người kiểm tra mẫu"), _("Đại diện bên giao"), _("Thủ trưởng cơ quan")],
        **sheet_context(request, reverse("keying:acceptance", args=[found.id])),
    }
    return render(request, "keying/acceptance_print.html", context)


def _pages_words(book: Book) -> str | None:
    """The pages as the book was closed; without that as they were counted at the inventory."""
    if book.pages_total is not None:
        return _n(book.pages_total)
    counted = BookWork.objects.filter(book=book).values_list("counted_pages", flat=True).first()
    return None if counted is None else _("%(n)s (đếm khi kiểm kê)") % {"n": _n(counted)}


def _n(value: int | None) -> str | None:
    return None if value is None else number_text(value, lang())


def _book_rows(book: Book, figures: dict[str, Any]) -> list[tuple[str, Any]]:
    frozen = figures.get("denominator")
    entered, value = figures.get("entered"), frozen["value"] if frozen else 0
    whole = None
    if frozen and entered is not None:
        whole = _("%(share)s của %(value)s trường hợp (%(source)s)") % {
            "share": share_text(entered, value, lang=lang()), "value": _n(value),
            "source": source_words(frozen["source"]),
        }  # fmt: skip
    first, last = figures.get("first"), figures.get("last")
    return [
        (_("Cơ quan đăng ký"), book.origin_office.name),
        (_("Tổng số trang"), _pages_words(book)),
        (_("Số trường hợp khi khóa sổ"), _n(book.cases_declared)),
        (_("Trường hợp đã có trong hệ thống"), _n(entered)),
        (_("Tỷ lệ hoàn thành"), whole),
        (_("Từ số – đến số"), f"{first}–{last}" if first is not None else None),
        (_("Số bị hủy / số khuyết đã khai"), f"{figures['void']} / {figures['missing']}" if figures else None),
        (_("Số khuyết chưa rõ"), _n(figures.get("gaps"))),
    ]


def _result_rows(found: Acceptance, total: Judged, left: int) -> list[tuple[str, Any]]:
    return [
        (_("Trường hợp của quyển sổ được nghiệm thu"), _n(found.population)),
        (_("Trường hợp trong mẫu, rút ngẫu nhiên theo gói và người nhập"), _n(found.sample_size)),
        (_("Mã rút mẫu (để rút lại đúng mẫu này)"), str(found.seed)),
        (_("Đã kiểm tra"), _n(found.sample_size - left)),
        (_("Trường đã kiểm tra"), _n(total.fields)),
    ]


def _rates(found: Acceptance, total: Judged, left: int) -> list[dict[str, Any]]:
    """Errors against their limits, the interval as it was frozen; nothing while cases are still to be judged."""
    figures = found.figures
    rows = (
        (_("Trường trọng yếu"), total.key_wrong, total.key_fields, "key_interval", "key_per_mille"),
        (_("Tất cả các trường"), total.wrong, total.fields, "all_interval", "all_per_mille"),
    )
    return [
        {
            "label": label,
            "wrong": wrong,
            "fields": fields,
            "share": "" if left else percent_text(wrong, fields, lang(), 2),
            "interval": _interval(found, figures.get(name)),
            "limit": per_mille_text(found.limits[limit]),
        }
        for label, wrong, fields, name, limit in rows
    ]


def _interval(found: Acceptance, frozen: list[float] | None) -> str:
    """The interval as it was frozen; where every case was judged there is none."""
    if frozen is None:
        return ""
    if found.sample_size == found.population:
        return _("đã kiểm tra cả quyển")
    return " – ".join(percent_text(end, 1, lang(), 2) for end in frozen)
