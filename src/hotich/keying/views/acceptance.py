"""Pages of acceptance: books that wait for it, and one book: how whole it is, its frozen number, the draw."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hotich.accounts.queries import names_of_officers
from hotich.digitisation.rules.charts import number_strip
from hotich.kernel import clock
from hotich.kernel.problems import RuleBroken
from hotich.keying import models
from hotich.keying.forms.acceptance import DenominatorForm
from hotich.keying.models import AcceptanceState, BookWork, PackageState
from hotich.keying.queries import acceptance as queries
from hotich.keying.queries.completeness import Completeness, completeness_of, denominators_of, offered_denominators
from hotich.keying.rules.acceptance import sample_size
from hotich.keying.services import acceptance as services
from hotich.keying.services.access import ACCEPT
from hotich.keying.services.denominators import FREEZES, freeze_denominator
from hotich.keying.views.acceptance_parts import (
    book_of,
    book_title,
    completeness_context,
    crumbs,
    denominator_words,
    finding_lines,
    limits_words,
    source_of_limits,
    source_words,
    state_tone,
    state_words,
)
from hotich.registers.models import Book
from hotich.registers.views.parts import actor_of, lang, needs, register_name, telling
from hotich.web.rules.svg import Part

SEES = queries.SEES
PAGE_SIZE = 50
TABS = (("", "Chờ nghiệm thu"), ("dang-kiem-tra", "Đang kiểm tra mẫu"), ("da-ket-luan", "Đã kết luận"))
DECIDED = (AcceptanceState.ACCEPTED, AcceptanceState.REJECTED, AcceptanceState.CANCELLED)


@needs(*SEES)
@require_GET
def acceptances(request: HttpRequest) -> HttpResponse:
    """Books that wait for acceptance, samples being judged, what was decided."""
    actor, wanted = actor_of(request), request.GET.get("muc", "")
    lists = {
        "": queries.works_to_accept(actor),
        "dang-kiem-tra": queries.acceptances(actor).filter(state=AcceptanceState.JUDGING),
        "da-ket-luan": queries.acceptances(actor).filter(state__in=DECIDED),
    }
    wanted = wanted if wanted in lists else ""
    page = Paginator(lists[wanted], PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "tabs": [
            {
                "label": _(label),
                "url": f"?muc={name}" if name else request.path,
                "count": lists[name].count() if name != "da-ket-luan" else None,
                "active": name == wanted,
            }
            for name, label in TABS
        ],
        "list_page": page,
        "works": _work_lines([each for each in page if isinstance(each, BookWork)]),
        "samples": _sample_lines([each for each in page if isinstance(each, models.Acceptance)]),
        "wanted": wanted,
    }
    return render(request, "keying/acceptances.html", context)


def _work_lines(works: list[BookWork]) -> list[dict[str, Any]]:
    books = [work.book_id for work in works]
    packages, frozen = queries.package_counts(books), denominators_of(books)
    running = queries.running_of(books)
    lines = []
    for work in works:
        counts = packages.get(work.book_id, {})
        total, done = sum(counts.values()), counts.get(PackageState.CHECKED, 0)
        denominator = frozen.get(work.book_id)
        lines.append(
            {
                "work": work,
                "title": book_title(work.book),
                "office": work.book.origin_office.name,
                "url": reverse("keying:acceptance_book", args=[work.book_id]),
                "done": done,
                "total": total,
                "is_ready": total == done and denominator is not None,
                "lacks_number": total == done and denominator is None,
                "is_running": work.book_id in running,
                "denominator": denominator_words(denominator) if denominator else "",
            }
        )
    return lines


def _sample_lines(found: list[models.Acceptance]) -> list[dict[str, Any]]:
    names = names_of_officers({each.drawn_by for each in found} | {each.decided_by or 0 for each in found})
    lines = []
    for each in found:
        total, left = queries.found_so_far(each)
        lines.append(
            {
                "found": each,
                "title": book_title(each.book),
                "office": each.origin_office.name,
                "url": reverse("keying:acceptance", args=[each.id]),
                "state": state_words(each),
                "tone": state_tone(each),
                "judged": each.sample_size - left,
                "wrong": total.wrong,
                "drawn_by": names.get(each.drawn_by, ""),
                "decided_by": names.get(each.decided_by or 0, ""),
            }
        )
    return lines


@needs(*SEES)
@require_GET
def acceptance_book(request: HttpRequest, book_id: UUID) -> HttpResponse:
    """One book: how whole it is, the frozen number, why no sample can be drawn yet, the tries so far."""
    return _book_page(request, book_of(request, book_id))


def _book_page(request: HttpRequest, book: Book, form: DenominatorForm | None = None) -> HttpResponse:
    actor = actor_of(request)
    whole, offered = completeness_of(book), offered_denominators(book)
    tries = list(queries.acceptances(actor).filter(book=book))
    running = next((each for each in tries if each.state == AcceptanceState.JUDGING), None)
    missing = queries.not_ready(book)
    population = queries.population(book).count()
    limits = services.limits_in_force(book.origin_office_id)
    context = {
        "breadcrumb": crumbs((book_title(book), "")),
        "book": book,
        "title": book_title(book),
        "register_name": register_name(book.register_type),
        "office_name": book.origin_office.name,
        **completeness_context(whole, book),
        "strip": _strip(whole),
        "parts": _parts(whole.entered, whole.left),
        "missing": finding_lines(missing),
        "may_accept": actor.may(ACCEPT),
        "is_own": actor.may(ACCEPT) and queries.had_a_hand_in(actor.hands, queries.population(book)),
        "running_url": reverse("keying:acceptance", args=[running.id]) if running else "",
        "population": population,
        "sample": sample_size(population, least=limits["cases"], per_mille=limits["per_mille"]),
        "limits": limits_words(limits),
        "limits_source": source_of_limits(limits),
        "may_freeze": any(map(actor.may, FREEZES)),
        "form": form or DenominatorForm(offered=offered, lang=lang()),
        "history": _history(book, tries),
    }
    return render(request, "keying/acceptance_book.html", context, status=422 if form is not None else 200)


def _strip(whole: Completeness) -> str:
    """The numbers as a strip; "" where there are none. Every text in it is escaped by the chart."""
    title = _("Dãy số của quyển sổ")
    return mark_safe(number_strip([place[1] for place in whole.used], title))  # nosec B308 B703


def _parts(entered: int, left: int | None) -> list[Part]:
    made = [Part(_("Đã có trong hệ thống"), entered, "ok")]
    return [*made, Part(_("Còn thiếu"), left, "muted")] if left is not None and left > 0 else made


def _history(book: Book, tries: list[models.Acceptance]) -> list[dict[str, Any]]:
    """What was decided about a book, the latest first: samples and frozen numbers."""
    frozen = list(models.Denominator.objects.filter(book=book))
    names = names_of_officers({each.drawn_by for each in tries} | {each.frozen_by for each in frozen})
    lines = [
        {
            "title": _("Nghiệm thu: %(state)s") % {"state": state_words(each)},
            "who": names.get(each.drawn_by, ""),
            "at": each.decided_at or each.drawn_at,
            "text": " ".join(filter(None, [each.number, each.words])),
            "tone": state_tone(each),
            "url": reverse("keying:acceptance", args=[each.id]),
            "url_label": _("Xem mẫu và kết quả"),
        }
        for each in tries
    ]
    lines += [
        {
            "title": _("Chốt số trường hợp: %(value)d") % {"value": each.value},
            "who": names.get(each.frozen_by, ""),
            "at": each.frozen_at,
            "text": " – ".join(filter(None, [source_words(each.source), each.reason])),
            "tone": "brand" if each.is_current else "muted",
        }
        for each in frozen
    ]
    return sorted(lines, key=lambda line: line["at"], reverse=True)


@needs(*SEES)
@require_POST
def freeze(request: HttpRequest, book_id: UUID) -> HttpResponse:
    """Say how many cases a book holds."""
    book, actor = book_of(request, book_id), actor_of(request)
    form = DenominatorForm(request.POST, offered=offered_denominators(book), lang=lang())
    if form.is_valid():
        given = form.cleaned_data
        try:
            freeze_denominator(
                actor=actor, at=clock.now(), book_id=book.id, source=given["source"], value=given["value"],
                reason=given["reason"],
            )  # fmt: skip
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            with telling(request, _("Đã chốt số trường hợp của quyển sổ.")):
                return redirect("keying:acceptance_book", book_id=book.id)
    return _book_page(request, book, form)


@needs(ACCEPT)
@require_POST
def draw(request: HttpRequest, book_id: UUID) -> HttpResponse:
    """Draw the sample of a book, and go to it."""
    with telling(request, _("Đã rút mẫu. Hãy đối chiếu từng trường hợp với bản quét hoặc sổ giấy.")):
        found = services.draw_acceptance(actor=actor_of(request), at=clock.now(), book_id=book_id)
        return redirect("keying:acceptance", acceptance_id=found.id)
    return redirect("keying:acceptance_book", book_id=book_id)
