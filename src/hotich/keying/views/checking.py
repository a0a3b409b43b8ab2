"""Checking: the queue, a package with its entries, and the data for keying it a second time."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hotich.audit.services import unit_of_work
from hotich.database.scope import office_scope
from hotich.digitisation.views.parts import answering
from hotich.kernel import clock
from hotich.kernel.problems import RuleBroken
from hotich.keying.models import PackageState
from hotich.keying.queries import checking as queries
from hotich.keying.services import review as services
from hotich.keying.services.packages import note_loaded
from hotich.keying.views import checking_page, originals_page
from hotich.registers.views.parts import actor_of, lang, needs, or_not_found, telling

CHECK = "keying.check"


@needs(CHECK)
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """What waits for this checker: packages he checks, differences only others may settle, packages to take."""
    actor = actor_of(request)
    context = checking_page.queue_context(actor) | originals_page.queue_context(actor)
    context["first_url"] = context["first_url"] or context["first_original_url"]
    return render(request, "keying/checking.html", context)


@needs(CHECK)
@require_GET
def package(request: HttpRequest, package_id: UUID) -> HttpResponse:
    """One package: its entries with their state, the most doubtful first. No value stands here."""
    actor = actor_of(request)
    with or_not_found():
        found = queries.package_to_check(actor, package_id)
    return render(request, "keying/checking_package.html", checking_page.package_context(actor, found))


@needs(CHECK)
@require_GET
@answering
def data(request: HttpRequest, package_id: UUID) -> HttpResponseBase:
    """The package for its second keying (`?loai=critical|double|sample`; else what waits first): places and pictures,
    no first value. One reading in the trail."""
    actor, kind = actor_of(request), request.GET.get("loai", "")
    with or_not_found():
        found = queries.package_to_check(actor, package_id)
    made = queries.second_keying_data(actor, found, kind, lang())
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=clock.now()) as work:
        note_loaded(work, found, made["package"]["kind"])
    answer = JsonResponse(made)
    answer["Cache-Control"] = "private, no-store"
    return answer


@needs(CHECK)
@require_POST
def start(request: HttpRequest, package_id: UUID) -> HttpResponse:
    """Take the package to check it."""
    with telling(request):
        services.start_check(actor=actor_of(request), at=clock.now(), package_id=package_id)
    return redirect("keying:check_package", package_id=package_id)


@needs(CHECK)
@require_POST
def give_up(request: HttpRequest, package_id: UUID) -> HttpResponse:
    """Leave the package to another checker."""
    with telling(request, _("Đã trả gói về hàng chờ kiểm tra. Phần đã kiểm tra được giữ nguyên.")):
        services.give_up_check(actor=actor_of(request), at=clock.now(), package_id=package_id)
    return redirect("keying:checking")


@needs(CHECK)
@require_POST
def finish(request: HttpRequest, package_id: UUID) -> HttpResponse:
    """The check of the package is done: checked, or back to its keyer."""
    try:
        with office_scope(actor_of(request).office_ids):
            done = services.finish_check(actor=actor_of(request), at=clock.now(), package_id=package_id)
    except RuleBroken:
        with telling(request):
            raise
        return redirect("keying:check_package", package_id=package_id)
    if done.state == PackageState.CHECKED:
        messages.success(request, _("Đã kiểm tra xong gói."))
    else:
        messages.success(request, _("Gói đã quay về người nhập cùng các trường hợp bị trả lại."))
    return redirect("keying:checking")
