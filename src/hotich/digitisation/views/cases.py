"""The cases of a batch: made from the confirmed boxes, numbered, merged and split, turned into PDFs."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hotich.digitisation import queries, services, tasks
from hotich.digitisation.forms import DecisionForm, NumberForm, RegistrationForm, StartNumberForm
from hotich.digitisation.models import ScannedCase
from hotich.digitisation.rules.readings import day_of, number_of
from hotich.digitisation.views import case_list
from hotich.digitisation.views.parts import (
    PREPARE,
    REVIEW,
    SEES,
    actor_of,
    answering,
    back_to,
    batch_of,
    case_of,
    crumbs,
    needs,
    telling,
    wants_json,
)
from hotich.kernel import clock
from hotich.kernel.problems import RuleBroken


@needs(*SEES)
@require_GET
def cases(request: HttpRequest, scan_batch_id: UUID) -> HttpResponse:
    """The cases in the order of the pages, with small cut-outs, their numbers and what is odd about them."""
    found = batch_of(request, scan_batch_id)
    return render(request, "digitisation/cases.html", case_list.context(request, found))


@needs(*SEES)
@require_GET
def cases_live(request: HttpRequest, scan_batch_id: UUID) -> HttpResponse:
    """The parts of the page that change while PDFs are made or numbers counted on."""
    found = batch_of(request, scan_batch_id)
    return render(request, "digitisation/parts/cases_update.html", case_list.context(request, found))


@needs(PREPARE)
@require_POST
def cases_make(request: HttpRequest, scan_batch_id: UUID) -> HttpResponse:
    """Make cases of the confirmed boxes; those that stand already keep their numbers."""
    found = batch_of(request, scan_batch_id)
    with telling(request):
        made = services.make_cases(actor=actor_of(request), at=clock.now(), batch_id=found.id)
        tasks.read_later(actor_of(request), found)
        text = _("Đã lập %(made)d trường hợp mới, giữ %(kept)d, đổi vùng %(changed)d, bỏ %(dropped)d.")
        messages.success(
            request,
            text % {"made": made.made, "kept": made.kept, "changed": made.changed, "dropped": made.dropped},
        )
    return redirect("digitisation:cases", scan_batch_id=found.id)


@needs(PREPARE)
@require_POST
def cases_start(request: HttpRequest, scan_batch_id: UUID) -> HttpResponse:
    """From which number and in which year cases are counted on."""
    found, form = batch_of(request, scan_batch_id), StartNumberForm(request.POST)
    if not form.is_valid():
        context = {**case_list.context(request, found), "start_form": form}
        return render(request, "digitisation/cases.html", context, status=422)
    with telling(request, _("Đã đề xuất lại số của các trường hợp.")):
        services.set_start_number(
            actor=actor_of(request), at=clock.now(), batch_id=found.id, number=form.cleaned_data["number"],
            registration_year=form.cleaned_data["registration_year"], version=form.cleaned_data["version"],
        )  # fmt: skip
    return redirect("digitisation:cases", scan_batch_id=found.id)


@needs(PREPARE)
@require_POST
def cases_encode(request: HttpRequest, scan_batch_id: UUID) -> HttpResponse:
    """Make the PDFs of all cases that have none; `again`: also of those whose boxes or thresholds changed since."""
    found, actor = batch_of(request, scan_batch_id), actor_of(request)
    with telling(request, _("Đang tạo PDF. Có thể rời trang, việc tạo vẫn tiếp tục.")):
        if request.POST.get("again"):
            services.encode_again(actor=actor, at=clock.now(), batch_id=found.id)
        tasks.encode_later(actor, found)
    return redirect("digitisation:cases", scan_batch_id=found.id)


@needs(PREPARE)
@require_POST
def cases_link(request: HttpRequest, scan_batch_id: UUID) -> HttpResponse:
    """Give the PDFs to the keyed cases with the same number."""
    found = batch_of(request, scan_batch_id)
    with telling(request):
        count = services.link_batch(actor=actor_of(request), at=clock.now(), batch_id=found.id)
        tasks.read_later(actor_of(request), found)
        messages.success(request, ngettext("Đã gắn %d bản quét.", "Đã gắn %d bản quét.", count) % count)
    return redirect("digitisation:cases", scan_batch_id=found.id)


@needs(PREPARE)
@require_POST
@answering
def case_number(request: HttpRequest, scanned_case_id: UUID) -> HttpResponseBase:
    """Write the number of a case: "12", "12a", or nothing; those after it are counted on from it."""
    found, form = case_of(request, scanned_case_id), NumberForm(request.POST)
    try:
        if not form.is_valid():
            raise RuleBroken("number_malformed", field="number", most=99_999)
        number, suffix = number_of(form.cleaned_data["number"])
        kept = services.set_case_number(
            actor=actor_of(request), at=clock.now(), case_id=found.id, number=number, suffix=suffix,
            version=form.cleaned_data["version"],
        )  # fmt: skip
    except RuleBroken as refusal:
        if wants_json(request):
            raise
        with telling(request):
            raise refusal
        return redirect(case_list.address_of(found))
    if wants_json(request):
        return JsonResponse({"text": _("Đã lưu số."), "cases": case_list.numbers_from(kept)})
    return redirect(case_list.address_of(found))


@needs(PREPARE)
@require_POST
def case_read_number(request: HttpRequest, scanned_case_id: UUID) -> HttpResponse:
    """Take over the number a machine read at a case; those after it are counted on from it."""
    found = case_of(request, scanned_case_id)
    with telling(request, _("Đã dùng số máy đọc; các số sau được đếm tiếp.")):
        services.accept_read_number(
            actor=actor_of(request), at=clock.now(), case_id=found.id, version=version_in(request)
        )
    return redirect(case_list.address_of(found))


@needs(PREPARE)
@require_http_methods(["GET", "POST"])
def case_registration(request: HttpRequest, scanned_case_id: UUID) -> HttpResponse:
    """Year and day of registration of one case."""
    found = case_of(request, scanned_case_id)
    initial = {"registration_year": found.registration_year, "registered_on": case_list.day_words(found.registered_on),
               "version": found.version}  # fmt: skip
    form = RegistrationForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.set_registration(
                actor=actor_of(request), at=clock.now(), case_id=found.id, version=form.cleaned_data["version"],
                registration_year=form.cleaned_data["registration_year"],
                registered_on=day_of(form.cleaned_data["registered_on"]),
            )  # fmt: skip
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Đã lưu ngày đăng ký."))
            return redirect(case_list.address_of(found))
    title = _("Năm và ngày đăng ký")
    context = {
        "form": form, "title": title, "back_url": case_list.address_of(found),
        "breadcrumb": crumbs(found.batch, (case_list.title_of(found), case_list.address_of(found)), (title, "")),
    }  # fmt: skip
    return render(request, "digitisation/simple_form.html", context, status=422 if form.errors else 200)


@needs(PREPARE)
@require_POST
def case_merge(request: HttpRequest, scanned_case_id: UUID) -> HttpResponse:
    """Join this case with the one after it: two facing pages, or a second sheet."""
    found = case_of(request, scanned_case_id)
    with telling(request, _("Đã gộp hai trường hợp thành một.")):
        follower = _follower(found)
        services.merge_cases(actor=actor_of(request), at=clock.now(), case_ids=[found.id, follower.id])
    return redirect(case_list.address_of(found))


def _follower(found: ScannedCase) -> ScannedCase:
    standing = [each for each in queries.cases_of(found.batch) if each.state != "set_aside"]
    at = next((place for place, each in enumerate(standing) if each.id == found.id), len(standing))
    if at + 1 >= len(standing):
        raise RuleBroken("scanned_case_unknown")
    return standing[at + 1]


@needs(PREPARE)
@require_POST
def case_split(request: HttpRequest, scanned_case_id: UUID) -> HttpResponse:
    """One case for each part of this one."""
    found = case_of(request, scanned_case_id)
    with telling(request, _("Đã tách trường hợp.")):
        services.split_case(actor=actor_of(request), at=clock.now(), case_id=found.id, version=version_in(request))
    return redirect(case_list.address_of(found))


@needs(PREPARE, REVIEW)
@require_POST
def case_aside(request: HttpRequest, scanned_case_id: UUID) -> HttpResponse:
    """This box is no case."""
    found = case_of(request, scanned_case_id)
    with telling(request, _("Đã bỏ qua trường hợp.")):
        services.set_case_aside(
            actor=actor_of(request), at=clock.now(), case_id=found.id, version=version_in(request),
            note=request.POST.get("note", ""),
        )  # fmt: skip
    return redirect(back_to(request, case_list.address_of(found)))


@needs(PREPARE, REVIEW)
@require_POST
def case_back(request: HttpRequest, scanned_case_id: UUID) -> HttpResponse:
    """It is a case after all, or the scan is good enough to be tried again."""
    found, actor = case_of(request, scanned_case_id), actor_of(request)
    with telling(request, _("Trường hợp được đưa trở lại.")):
        services.take_case_back(actor=actor, at=clock.now(), case_id=found.id, version=version_in(request))
        tasks.encode_later(actor, found.batch)
    return redirect(back_to(request, case_list.address_of(found)))


def version_in(request: HttpRequest) -> int:
    """The version a form was made for. Raises RuleBroken request_malformed."""
    form = DecisionForm(request.POST)
    if not form.is_valid():
        raise RuleBroken("request_malformed")
    version: int = form.cleaned_data["version"]
    return version
