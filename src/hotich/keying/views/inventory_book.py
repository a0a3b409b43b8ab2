"""The page of one book as work: what was counted, where it is entered, how far it is, its way and its history."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from hotich.accounts.queries import names_of_officers
from hotich.audit.queries import history_of
from hotich.audit.rules.verbs import word_of_verb
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.keying.forms.inventory import PlaceForm, WorkForm
from hotich.keying.models import BookPlace, BookWork, Denominator, KeyingPackage, PackageState
from hotich.keying.queries import inventory as queries
from hotich.keying.queries.copies import pair_of
from hotich.keying.rules.phases import GROUPS, PHASES, is_phase_doubtful
from hotich.keying.services import inventory as services
from hotich.keying.views.inventory_parts import (
    MANAGE,
    PLACE_TONES,
    PLACE_WORDS,
    SEES,
    STATE_TONES,
    actor_of,
    book_name,
    crumbs,
    era_name,
    flags_of,
    needs,
    or_not_found,
    place_words,
    register_name,
    state_words,
    words,
)
from hotich.records.views.books import findings_of
from hotich.registers.models import Book, BookCopy
from hotich.registers.queries import book_by_id

TOLD = frozenset({
    "book.opened", "book.totals_updated", "book.received", "book_work.listed", "book_work.updated", "book_work.placed",
    "copies.compared", "copies.differ", "copies.settled",
})  # fmt: skip
LONGEST = 50


@needs(*SEES)
@require_http_methods(["GET", "POST"])
def inventory_book(request: HttpRequest, book_id: UUID) -> HttpResponseBase:
    """One book; its facts are corrected here by whoever manages the inventory."""
    actor = actor_of(request)
    with or_not_found():
        book = book_by_id(book_id, office_ids=actor.office_ids)
    row = queries.book_works(actor).filter(book_id=book.id).first()
    if row is None:
        return render(request, "keying/inventory_book_unlisted.html", _frame(book) | {"may_manage": actor.may(MANAGE)})
    form = WorkForm(request.POST if request.method == "POST" else None, work=row)
    if request.method == "POST" and _saved(request, actor, book, form):
        return redirect("keying:inventory_book", book_id)
    status = 422 if form.is_bound else 200
    return render(request, "keying/inventory_book.html", _context(actor, row, form), status=status)


def _saved(request: HttpRequest, actor: Actor, book: Book, form: WorkForm) -> bool:
    if not actor.may(MANAGE):
        form.refuse(RuleBroken("not_allowed"))
        return False
    if not form.is_valid():
        return False
    values = dict(form.cleaned_data)
    version = values.pop("version")
    try:
        services.update_book_work(
            actor=actor, at=clock.now(), book_id=book.id, version=version, facts=services.WorkFacts(**values)
        )
    except RuleBroken as refusal:
        form.refuse(refusal)
        return False
    messages.success(request, _("Đã lưu thông tin kiểm kê."))
    return True


def _frame(book: Book) -> dict[str, Any]:
    name = book_name(book)
    return {
        "book": book,
        "title": name,
        "register_name": register_name(book.register_type),
        "office_name": book.origin_office.name,
        "breadcrumb": crumbs((name, "")),
    }


def _context(actor: Actor, row: BookWork, form: WorkForm) -> dict[str, Any]:
    book = row.book
    frozen = queries.denominators_of([book.id]).get(book.id)
    expected, entered = queries.expected_cases(row, frozen), queries.entered_of_books([row]).get(book.id, 0)
    return _frame(book) | {
        "row": row,
        "form": form,
        "place_form": PlaceForm(initial={"place": row.place}),
        "may_manage": actor.may(MANAGE),
        "may_read_cases": actor.may("case.read"),
        "state": {"text": state_words(row), "tone": STATE_TONES[row.state]},  # type: ignore[index]
        "place": {"text": place_words(row), "tone": PLACE_TONES[row.place]},  # type: ignore[index]
        "is_here": row.place == BookPlace.HERE,
        "flags": ", ".join(flags_of(row)),
        "is_doubtful": is_phase_doubtful(row.phase, book.opening_year),
        "facts": _facts(row, frozen),
        "expected": expected,
        "entered": entered,
        "packages": _packages(book),
        "cut_url": reverse("keying:cut", args=[book.id]) if actor.may("keying.lead") and not row.is_lost else "",
        "scan_url": f"{reverse('digitisation:batch_new')}?so={book.id}" if actor.may("scan.prepare") else "",
        "may_hand_over": actor.may(MANAGE) and not row.is_lost and book.keeping_office_id in actor.office_ids
        and not queries.out_lines([book.id]),
        "findings": findings_of(book),
        "imports": [
            {"url": reverse("intake:batch", args=[batch.id]), "name": batch.source_name, "at": batch.created_at,
             "cases": count}
            for batch, count in queries.imports_of_book(book)
        ],
        "import_url": f"{reverse('intake:upload')}?co-quan={book.origin_office_id}&thoi-ky={book.era}"
        if actor.may("case.import") else "",
        "pair": pair_of(actor, book.id),
        "handovers": _handovers(book),
        "history": history(book, actor),
    }  # fmt: skip


def _facts(row: BookWork, frozen: Denominator | None) -> list[dict[str, Any]]:
    book = row.book
    phase = PHASES[row.phase]
    return [
        {"label": _("Giai đoạn"), "value": words(phase.label), "note": _("hạn theo kế hoạch %(day)s, chưa kiểm chứng") % {
            "day": f"{phase.deadline:%d/%m/%Y}"}},
        {"label": _("Nhóm"), "value": words(GROUPS[row.group].label)},
        {"label": _("Thời kỳ"), "value": era_name(book.era)},
        {"label": _("Nơi đăng ký"), "value": book.origin_office.name},
        {"label": _("Nơi lưu giữ hiện nay"), "value": book.keeping_office.name, "note": book.storage_location},
        {"label": _("Bản lưu"), "value": _(BookCopy(book.copy).label)},
        {"label": _("Số trang"), "value": row.counted_pages, "note": _against(row.counted_pages, book.pages_total),
         "absent": _("chưa đếm")},
        {"label": _("Số trường hợp"), "value": row.counted_cases,
         "note": _against(row.counted_cases, book.cases_declared), "absent": _("chưa đếm")},
        {"label": _("Số trường hợp đã chốt"), "value": frozen.value if frozen else None,
         "note": _frozen_words(frozen), "absent": _("chưa chốt")},
        {"label": _("Ghi chú"), "value": row.notes, "wide": True},
    ]  # fmt: skip


def _against(counted: int | None, declared: int | None) -> str:
    """The closing figure beside what was counted."""
    if declared is None:
        return _("không có số liệu khóa sổ")
    if counted is None or counted == declared:
        return _("khóa sổ: %(n)d") % {"n": declared}
    return _("khóa sổ: %(n)d, lệch %(by)+d") % {"n": declared, "by": counted - declared}


def _frozen_words(frozen: Denominator | None) -> str:
    if frozen is None:
        return ""
    return _("%(source)s, ngày %(day)s") % {
        "source": _(frozen.get_source_display()), "day": f"{clock.in_vietnam(frozen.frozen_at):%d/%m/%Y}",
    }  # fmt: skip


def _packages(book: Book) -> list[dict[str, Any]]:
    counts: dict[str, int] = {}
    for state in KeyingPackage.objects.filter(book=book).values_list("state", flat=True):
        counts[state] = counts.get(state, 0) + 1
    return [{"label": _(state.label), "value": counts[state]} for state in PackageState if counts.get(state)]


def _handovers(book: Book) -> list[dict[str, Any]]:
    return [
        {
            "url": reverse("keying:keying_handover", args=[line.handover_id]),
            "number": line.handover.number,
            "day": line.handover.day,
            "whom": line.handover.force_name,
            "is_out": line.is_out,
            "back": _back_words(line.returned_pages, line.returned_condition),
        }
        for line in queries.handover_lines_of(book.id)
    ]


def _back_words(pages: int | None, condition: str) -> str:
    counted = _("%(n)d trang") % {"n": pages} if pages is not None else ""
    return ", ".join(filter(None, [counted, condition]))


def history(book: Book, actor: Actor) -> list[dict[str, Any]]:
    """What was done to the book as work, the newest first: entries for `web/parts/timeline.html`."""
    found = [(entry, detail) for entry, detail in history_of("book", book.id) if entry.verb in TOLD][-LONGEST:]
    names = names_of_officers(entry.actor_id for entry, _detail in found if entry.actor_id)
    return [
        {
            "title": pgettext("act", word_of_verb(entry.verb)),
            "who": names.get(entry.actor_id or 0, entry.actor_login),
            "at": entry.at,
            "tone": "accent" if entry.verb == "book_work.placed" else "muted",
            "text": _changed_words(entry.verb, detail.after if detail else None),
        }
        for entry, detail in reversed(found)
    ]


def _changed_words(verb: str, after: Any) -> str:
    if not isinstance(after, dict) or not verb.startswith("book_work."):
        return ""
    if verb == "book_work.placed":
        place = after.get("place", "")
        said = _(PLACE_WORDS[BookPlace(place)]) if place in BookPlace.values else place
        return f"{said}: {after.get('place_reason', '')}"
    labels = {name: str(field.label) for name, field in WorkForm.base_fields.items()}
    return "; ".join(f"{labels.get(name, name)}: {_value_words(value)}" for name, value in after.items())


def _value_words(value: Any) -> str:
    if isinstance(value, bool):
        return _("có") if value else _("không")
    return "–" if value in (None, "") else str(value)
