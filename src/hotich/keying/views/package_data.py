"""What the keying screen loads of a package: its data, and the pictures of its places."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.http import require_GET

from hotich.digitisation.views.parts import answering
from hotich.kernel import clock
from hotich.kernel.problems import RuleBroken
from hotich.keying.models import PackageItem
from hotich.keying.queries.package_data import package_data, package_of_keyer
from hotich.keying.queries.pictures import draw_picture, is_at_work, item_to_see
from hotich.keying.services.packages import note_package_loaded
from hotich.records.services import note_reading
from hotich.registers.views.parts import actor_of, lang, needs, or_not_found


@needs("keying.key")
@require_GET
@answering
def data(request: HttpRequest, package_id: UUID) -> HttpResponseBase:
    """The package of the officer, whole; each loading is one reading in the trail. One he does not have answers 404."""
    actor = actor_of(request)
    note_package_loaded(actor=actor, at=clock.now(), package_id=package_id)
    answer = JsonResponse(package_data(actor, package_of_keyer(package_id, actor), lang=lang()))
    answer["Cache-Control"] = "private, no-store"  # the browser keeps it sealed, by itself
    return answer


@needs("keying.key", "keying.check", "case.read")
@require_GET
def picture(request: HttpRequest, package_item_id: UUID) -> HttpResponseBase:
    """The picture of a place. For the keyer and the checker of its package the loading of the package was the reading;
    for anybody else who may read the cases of the office each picture is one."""
    with or_not_found():
        item = item_to_see(package_item_id, actor_of(request))
    try:
        content = draw_picture(item)
    except RuleBroken as refusal:
        raise Http404(refusal.code) from refusal
    _note(request, item)
    answer = HttpResponse(content, content_type="image/jpeg")
    answer["Cache-Control"] = "private, no-store"  # a PC is shared by shifts: no page of a register in a plain cache
    return answer


def _note(request: HttpRequest, item: PackageItem) -> None:
    actor = actor_of(request)
    if not is_at_work(item, actor):
        note_reading(
            actor=actor, at=clock.now(), subject_kind="scan", subject_id=item.id, subject_office=item.origin_office_id,
            facts={"scanned_case": str(item.scanned_case_id or item.page_id)},
        )  # fmt: skip
