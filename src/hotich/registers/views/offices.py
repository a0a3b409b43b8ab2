"""Pages of offices: the list, one office with its line and its books, and the review of old offices."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hotich.accounts.queries import names_of_officers, officers_of_office
from hotich.kernel import clock
from hotich.registers.forms.units import CustodyForm, OfficeFilter, ReviewForm
from hotich.registers.queries.handovers import books_by_keeper
from hotich.registers.views.parts import actor_of, needs, telling
from hotich.registers.views.units import READ, crumbs, period, tabs
from hotich.units import queries
from hotich.units.models import AdministrativeUnit, Level, Office, OfficeSuccession, OfficeVersion
from hotich.units.services import assign_custodian, review_offices
from hotich.web.rules.svg import Part
from hotich.web.rules.tables import Cell, Column, Row

MANAGE, CUSTODY = "unit.manage", "office.custody"


def office_period(office: Office) -> str:
    """From when to when it works; the tables often do not know the beginning."""
    if office.valid_from is None and office.valid_to is None:
        return _("đang hoạt động")
    return period(office.valid_from, "day", office.valid_to, "day")


@needs(READ)
@require_GET
def offices_page(request: HttpRequest) -> HttpResponse:
    """Offices by code or name, with the state of their review."""
    form = OfficeFilter(request.GET or None)
    wanted = form.cleaned_data if form.is_valid() else {}
    found = queries.offices_matching(wanted.get("q", ""))
    if wanted.get("loai"):
        found = found.filter(kind=wanted["loai"])
    if wanted.get("trang_thai"):
        found = found.filter(valid_to__isnull=wanted["trang_thai"] == "dang")
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    reviewed = queries.reviewed_ids([office.id for office in page.object_list])
    context = {
        "tabs": tabs("offices"),
        "filter": form if request.GET else OfficeFilter(),
        "columns": [Column(_("Mã"), "code"), Column(_("Tên cơ quan")), Column(_("Loại cơ quan")),
                    Column(_("Hoạt động")), Column(_("Rà soát"))],
        "rows": [_office_row(office, office.id in reviewed) for office in page.object_list],
        "list_page": page,
        "may_manage": actor_of(request).may(MANAGE),
    }  # fmt: skip
    return render(request, "registers/offices_list.html", context)


def _office_row(office: Office, reviewed: bool) -> Row:
    name = Cell(office.name, reverse("registers:office", args=[office.id]),
                note="" if office.verified else _("chưa kiểm chứng"))  # fmt: skip
    return Row(
        str(office.id),
        [office.code, name, office.get_kind_display(), office_period(office), review_cell(office, reviewed)],
    )


def review_cell(office: Office, reviewed: bool) -> Cell:
    """Whether an old office has been gone through; a living one need not be."""
    if not office.is_closed:
        return Cell("–")
    return Cell(_("Đã rà soát"), tone="ok") if reviewed else Cell(_("Chưa rà soát"), tone="warning")


@needs(READ)
@require_GET
def office_page(request: HttpRequest, office_id: int) -> HttpResponse:
    """One office: validity, unit, line, who keeps its books, officers, review."""
    office = Office.objects.filter(id=office_id).select_related("unit__parent__parent").first()
    if office is None:
        raise Http404(office_id)
    actor = actor_of(request)
    review = queries.last_reviews([office.id]).get(office.id)
    context = {
        "office": office,
        "breadcrumb": crumbs((_("Cơ quan đăng ký"), reverse("registers:offices")), (office.name, "")),
        "facts": _facts(office),
        "kept": _kept(office),
        "succession_columns": [Column(_("Cơ quan")), Column(_("Mã"), "code"), Column(_("Cách thay đổi")),
                               Column(_("Từ ngày"), "date"), Column(_("Giữ sổ"))],
        "after": [_succession_row(step, step.successor) for step in
                  OfficeSuccession.objects.filter(predecessor=office).select_related("successor")],
        "before": [_succession_row(step, step.predecessor) for step in
                   OfficeSuccession.objects.filter(successor=office).select_related("predecessor").order_by("-at")],
        "versions": _versions(office),
        "review": review,
        "reviewer": names_of_officers([review.by]).get(review.by, "–") if review else "",
        "review_form": ReviewForm(),
        "custody_form": CustodyForm(),
        "may_manage": actor.may(MANAGE),
        "may_custody": actor.may(CUSTODY) and office.is_closed,
    }  # fmt: skip
    return render(request, "registers/offices_office.html", context)


def _facts(office: Office) -> list[dict[str, Any]]:
    keeper = queries.keeping_office(office, clock.today())
    unit = office.unit
    officers = officers_of_office(office.id).count()
    facts = [
        {"label": _("Mã cơ quan"), "value": office.code},
        {"label": _("Loại cơ quan"), "value": office.get_kind_display()},
        {"label": _("Hoạt động"), "value": office_period(office),
         "note": "" if office.verified else _("chưa kiểm chứng")},
        {"label": _("Đơn vị hành chính"), "value": unit.name if unit else "",
         "url": reverse("registers:unit", args=[unit.id]) if unit else ""},
        {"label": _("Cán bộ hiện nay"), "value": str(officers)},
    ]  # fmt: skip
    if office.is_closed:
        facts.append(
            {"label": _("Cơ quan giữ sổ"), "value": keeper.name if keeper else "",
             "url": reverse("registers:office", args=[keeper.id]) if keeper else "",
             "absent": _("chưa xác định")}
        )  # fmt: skip
    return facts


def _kept(office: Office) -> list[dict[str, Any]]:
    """Books registered here, by who keeps them now."""
    return [
        {"label": keeper.name, "value": number, "url": reverse("registers:office", args=[keeper.id])}
        for keeper, number in books_by_keeper([office.id]).get(office.id, [])
    ]


def _succession_row(step: OfficeSuccession, office: Office) -> Row:
    name = Cell(office.name, reverse("registers:office", args=[office.id]),
                note="" if step.verified else _("chưa kiểm chứng"))  # fmt: skip
    keeps = Cell(_("giữ sổ"), tone="brand") if step.is_default else Cell("–")
    return Row(str(step.id), [name, office.code, step.get_kind_display(), Cell(step.at), keeps])


def _versions(office: Office) -> list[dict[str, Any]]:
    return [
        {"title": each.name, "who": each.code, "text": period(each.valid_from, "day", each.valid_to, "day"),
         "tone": "muted", "url": reverse("registers:unit_operation", args=[each.operation]),
         "url_label": _("Thay đổi")}
        for each in OfficeVersion.objects.filter(office=office)
    ]  # fmt: skip


@needs(CUSTODY)
@require_POST
def office_custody(request: HttpRequest, office_id: int) -> HttpResponse:
    """Decide who keeps the books and sees the records of a closed office."""
    office = Office.objects.filter(id=office_id).first()
    if office is None:
        raise Http404(office_id)
    with telling(request, _("Đã xác định cơ quan giữ sổ.")):
        assign_custodian(
            actor=actor_of(request), at=clock.now(), office_code=office.code,
            custodian_code=request.POST.get("custodian", ""),
        )  # fmt: skip
    return redirect("registers:office", office_id)


# ── review ──
@needs(READ)
@require_http_methods(["GET", "POST"])
def office_reviews(request: HttpRequest) -> HttpResponseBase:
    """How far the review of old offices has come, by province; below, those of the chosen province."""
    if request.method == "POST":
        return _review(request)
    progress = queries.review_progress()
    chosen = next((each for each in progress if str(each.province.id) == request.GET.get("tinh")), None)
    if chosen is None:
        own = _own_province(request)
        chosen = next((each for each in progress if each.province.id == own), None)
    done, total = sum(each.done for each in progress), sum(each.total for each in progress)
    context: dict[str, Any] = {
        "tabs": tabs("office_reviews"),
        "progress": progress,
        "done": done,
        "total": total,
        "parts": [Part(_("Đã rà soát"), done, "ok"), Part(_("Chưa rà soát"), total - done, "warning")],
        "chosen": chosen,
        "may_manage": actor_of(request).may(MANAGE),
    }
    if chosen is not None:
        context |= _province_lines(request, chosen.province)
    return render(request, "registers/offices_reviews.html", context)


def _own_province(request: HttpRequest) -> int | None:
    office = Office.objects.filter(id=actor_of(request).office_id).select_related("unit__parent__parent").first()
    unit = queries.unit_chain(office.unit)[-1] if office and office.unit else None
    return unit.id if unit and unit.level == Level.PROVINCE else None


def _province_lines(request: HttpRequest, province: AdministrativeUnit) -> dict[str, Any]:
    only_open = request.GET.get("con") != "tat-ca"
    offices = queries.unreviewed_offices(province.id) if only_open else queries.old_offices(province.id)
    text = request.GET.get("q", "")
    if text.strip():
        offices = offices.filter(id__in=queries.offices_matching(text).order_by().values("id"))
    page = Paginator(offices, 100).get_page(request.GET.get("page"))
    reviews = queries.last_reviews([office.id for office in page.object_list])
    names = names_of_officers(review.by for review in reviews.values())
    lines = []
    for office in page.object_list:
        review = reviews.get(office.id)
        lines.append(
            {"office": office, "period": office_period(office),
             "cell": review_cell(office, bool(review and review.is_reviewed)),
             "who": names.get(review.by, "–") if review else "", "at": review.at if review else None,
             "notes": review.notes if review else ""}
        )  # fmt: skip
    return {"lines": lines, "list_page": page, "only_open": only_open, "review_form": ReviewForm(),
            "filter": OfficeFilter({"q": text})}  # fmt: skip


def _review(request: HttpRequest) -> HttpResponse:
    ids = [int(text) for text in request.POST.getlist("office") if text.isdecimal()]
    with telling(request, _("Đã ghi kết quả rà soát.")):
        review_offices(
            actor=actor_of(request), at=clock.now(), office_ids=ids,
            is_reviewed=request.POST.get("viec") != "mo-lai", notes=request.POST.get("notes", ""),
        )  # fmt: skip
    back = request.POST.get("ve", "")
    if back.isdecimal():
        return redirect("registers:office", int(back))
    province = request.POST.get("tinh", "")
    return redirect(reverse("registers:office_reviews") + (f"?tinh={province}" if province.isdecimal() else ""))
