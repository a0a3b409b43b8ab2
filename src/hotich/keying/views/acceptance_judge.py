"""One case of a sample beside its scan: every field right, or wrong with words; then the next one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from hotich.intake.models import Case
from hotich.intake.views.parts import shown_value
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.keying.models import AcceptanceItem, AcceptanceState
from hotich.keying.queries import acceptance as queries
from hotich.keying.queries.pictures import facts_of_pictures
from hotich.keying.services.acceptance import MARK_WORDS, judge_item
from hotich.keying.services.access import ACCEPT
from hotich.keying.views.acceptance_parts import book_title, crumbs
from hotich.registers.rules.outputs import choices, form_layout, text_in
from hotich.registers.types import version_by_id
from hotich.registers.types.declaration import Field
from hotich.registers.views.parts import actor_of, lang, needs, or_not_found
from hotich.web.texts import text_of_problem


@needs(ACCEPT)
@require_http_methods(["GET", "POST"])
def acceptance_item(request: HttpRequest, acceptance_item_id: UUID) -> HttpResponse:
    """Show one case of a sample; take what is said of it and go on to the next that is not judged."""
    actor = actor_of(request)
    with or_not_found():
        item = _item_of(actor, acceptance_item_id)
    if request.method == "GET":
        return _page(request, item, {mark["field"]: mark["words"] for mark in item.wrong})
    marks = {code: request.POST.get(f"words-{code}", "") for code in request.POST.getlist("wrong")}
    try:
        judged = judge_item(
            actor=actor, at=clock.now(), item_id=item.id,
            wrong=[{"field": code, "words": words} for code, words in marks.items()],
        )  # fmt: skip
    except RuleBroken as refusal:
        return _page(request, item, marks, refusal)
    count = len(judged.wrong)
    messages.success(
        request,
        ngettext("Đã ghi: %(count)d trường sai.", "Đã ghi: %(count)d trường sai.", count) % {"count": count}
        if count
        else _("Đã ghi: tất cả các trường đúng."),
    )
    following = _next_after(item)
    if following is None:
        return redirect("keying:acceptance", acceptance_id=item.acceptance_id)
    return redirect("keying:acceptance_item", acceptance_item_id=following)


def _item_of(actor: Actor, item_id: UUID) -> AcceptanceItem:
    rows = AcceptanceItem.objects.filter(id=item_id, origin_office_id__in=actor.office_ids)
    item = rows.select_related("acceptance__book", "entry__case", "entry__item", "entry__package").first()
    if item is None or item.entry.case is None:
        raise RuleBroken("acceptance_item_unknown")
    return item


def _next_after(item: AcceptanceItem) -> UUID | None:
    """The next case not judged, after this one, else from the beginning; None when all are."""
    left = item.acceptance.items.filter(judged_by__isnull=True).order_by("place")
    return (
        left.filter(place__gt=item.place).values_list("id", flat=True).first()
        or left.values_list("id", flat=True).first()
    )


def _page(
    request: HttpRequest, item: AcceptanceItem, marks: dict[str, str], refusal: RuleBroken | None = None
) -> HttpResponse:
    actor, acceptance, case = actor_of(request), item.acceptance, item.entry.case
    assert case is not None
    may_see = actor.may("restricted.read")
    scan = facts_of_pictures([item.entry.item]).get(item.entry.item_id)
    places = dict(acceptance.items.values_list("place", "id"))
    context = {
        "breadcrumb": crumbs(
            (book_title(acceptance.book), reverse("keying:acceptance_book", args=[acceptance.book_id])),
            (_("Mẫu nghiệm thu"), reverse("keying:acceptance", args=[acceptance.id])),
            (case.number_text or "–", ""),
        ),
        "item": item,
        "case": case,
        "page_title": _("Số %(number)s") % {"number": case.number_text or "–"},
        "book_title": book_title(acceptance.book),
        "place": f"{item.place}/{acceptance.sample_size}",
        "before_url": _url(places.get(item.place - 1)),
        "after_url": _url(places.get(item.place + 1)),
        "list_url": reverse("keying:acceptance", args=[acceptance.id]),
        "scan_pages": [reverse("keying:picture", args=[item.entry.item_id])] if scan is not None else [],
        "sections": _sections(case, marks, may_see),
        "hides": not may_see and any(field.restricted for field in version_by_id(case.schema_version).fields),
        "may_judge": acceptance.state == AcceptanceState.JUDGING,
        "is_judged": item.judged_by is not None,
        "limit": MARK_WORDS,
        "refusal": text_of_problem(refusal) if refusal else "",
        "refused_field": refusal.field if refusal else "",
    }
    return render(request, "keying/acceptance_item.html", context, status=422 if refusal else 200)


def _url(item: UUID | None) -> str:
    return reverse("keying:acceptance_item", args=[item]) if item else ""


def _sections(case: Case, marks: dict[str, str], may_see: bool) -> list[dict[str, Any]]:
    """The fields by section, as the book has them: with a value first, the empty ones of a section below it."""
    version = version_by_id(case.schema_version)
    key = queries.fields_of(case, restricted=may_see).key
    also = [field.code for field in version.fields if field.code in case.as_recorded]
    made = []
    for part in form_layout(version, also=also, restricted=may_see):
        lines = [_line(field, case, marks, field.code in key) for field in part.fields]
        made.append(
            {
                "title": text_in(part.label, lang()),
                "lines": [line for line in lines if line["value"] or line["is_wrong"]],
                "empty": [line for line in lines if not line["value"] and not line["is_wrong"]],
            }
        )
    return made


def _line(field: Field, case: Case, marks: dict[str, str], is_key: bool) -> dict[str, Any]:
    raw = case.as_recorded.get(field.code)
    value = "" if isinstance(raw, list) else shown_value(case.as_recorded, field.code)
    if isinstance(raw, list):
        value = "; ".join(" → ".join(filter(None, map(str, line.values()))) for line in raw if isinstance(line, dict))
    elif field.code_list and value:
        name = dict(choices(field.code_list, lang())).get(value, "")
        value = f"{value} – {name.removeprefix(f'{value} – ')}" if name and name != value else value
    return {
        "code": field.code,
        "label": text_in(field.label, lang()),
        "value": value,
        "is_key": is_key,
        "is_wrong": field.code in marks,
        "words": marks.get(field.code, ""),
    }
