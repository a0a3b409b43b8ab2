"""A package is handed in: first what of it is open, given up or doubtful is shown, so that nobody confirms it unseen."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.keying.forms.packages import HandInForm
from hotich.keying.models import ItemState, KeyingPackage
from hotich.keying.queries.open_places import OpenPlace, open_places, print_of
from hotich.keying.queries.packages import figures_of, packages_of_keyer
from hotich.keying.services import packages as services
from hotich.keying.views.offline import SCREEN
from hotich.keying.views.package_parts import home_crumbs, package_title
from hotich.registers.rules.outputs import text_in
from hotich.registers.rules.values import Reason
from hotich.registers.types import version_by_id
from hotich.registers.views.parts import actor_of, lang, needs, telling
from hotich.web.rules.tables import Cell, Column, Row
from hotich.web.texts import text_of

KEY = "keying.key"
GIVEN_UP = {Reason.ILLEGIBLE: "Không đọc được: %(field)s", Reason.NOT_WRITTEN: "Sổ không ghi: %(field)s"}


@needs(KEY)
@require_http_methods(["GET", "POST"])
def release(request: HttpRequest, package_id: UUID) -> HttpResponse:
    """Give the package back as done. With anything open, given up or doubtful a page shows it first (GET, or a POST that
    names another list than the present one); whoever has no such package goes home."""
    actor = actor_of(request)
    package = next((each for each in packages_of_keyer(actor) if each.id == package_id), None)
    places = open_places(package) if package is not None else []
    if package is not None and places:
        needs_reason = _needs_reason(package)
        form = HandInForm(request.POST if request.method == "POST" else None, seen=print_of(places), asks=needs_reason)
        if not form.is_valid():
            return _page(request, package, places, form)
    elif request.method == "GET":
        return redirect("keying:home")
    return _released(request, actor, package_id)


def _needs_reason(package: KeyingPackage) -> bool:
    figures = figures_of([package])[package.id]
    return bool(figures.open or figures.to_mend)


def _released(request: HttpRequest, actor: Actor, package_id: UUID) -> HttpResponse:
    with telling(request, _("Đã trả gói. Gói chờ người khác kiểm tra.")):
        services.release_package(
            actor=actor, at=clock.now(), package_id=package_id, reason=request.POST.get("reason", "")
        )
    return redirect("keying:home")


def _page(request: HttpRequest, package: KeyingPackage, places: list[OpenPlace], form: HandInForm) -> HttpResponse:
    labels = {each.code: text_in(each.label, lang()) for each in version_by_id(package.schema_version).fields}
    context: dict[str, Any] = {
        "title": package_title(package),
        "package": package,
        "form": form,
        "unanswered": sum(place.is_unanswered for place in places),
        "screen_url": f"{SCREEN}#{package.id}",
        "columns": [Column(_("Số")), Column(_("Chỗ cần xem lại")), Column(_("Bạn đã ghi"))],
        "rows": [row for place in places for row in _rows(place, labels)],
        "breadcrumb": home_crumbs((_("Trả gói"), "")),
    }
    return render(request, "keying/hand_in.html", context, status=422 if form.is_bound else 200)


def _rows(place: OpenPlace, labels: dict[str, str]) -> list[Row]:
    item = place.item
    number = f"{item.number}{item.number_suffix}" if item.number is not None else f"#{item.position / 1000:g}"
    told: list[tuple[str, str, str]] = []
    if item.state == ItemState.OPEN:
        told.append((_("Chưa nhập"), "", "warning"))
    elif place.entry is None or place.entry.case is None:
        told.append((_(str(ItemState(item.state).label)), item.reason, ""))
    for found in place.findings:
        label = labels.get(found["field"], "")
        words = text_of(found["code"], found.get("params"))
        tone = "error" if found["severity"] == "error" else "" if found["said"] else "warning"
        told.append((f"{label}: {words}" if label else words, found["said"], tone))
    for field, reason in place.given_up:
        told.append((_(GIVEN_UP[Reason(reason)]) % {"field": labels.get(field, field)}, "", ""))
    return [
        Row(f"{item.id}-{place_no}", [number if place_no == 0 else "", Cell(words), said or "–"], tone=tone)
        for place_no, (words, said, tone) in enumerate(told)
    ]
