"""Checked machines: the register, one machine, the rule of sign-in; and the page where a machine is enrolled."""

from __future__ import annotations

from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_client_ip_address
from django.contrib import messages
from django.contrib.auth.signals import user_login_failed
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hotich.accounts import services
from hotich.accounts.adapters import device_of, give_device_cookie
from hotich.accounts.forms.managing import DeviceCheckForm, DeviceCodeForm, DeviceForm, DeviceRuleForm
from hotich.accounts.models import Device
from hotich.accounts.queries import device_rules_of, devices_of, why_not_good
from hotich.accounts.views.parts import actor_of, crumbs, form_page, needs, page_of, refusing, telling
from hotich.accounts.views.signing_in import locked_out
from hotich.kernel import clock
from hotich.kernel.problems import RuleBroken
from hotich.units.queries import office_by_code
from hotich.web.rules.tables import Cell, Column, Row


@needs("device.manage")
@require_GET
def devices(request: HttpRequest) -> HttpResponse:
    """The register of machines, and what holds for sign-in."""
    actor = actor_of(request)
    page = page_of(request, devices_of(actor))
    context = {
        "columns": [Column(_("Thiết bị")), Column(_("Số máy"), "code"), Column(_("Cơ quan")), Column(_("Kiểm tra")),
                    Column(_("Hạn dùng"), "date"), Column(_("Đăng nhập gần nhất")), Column(_("Tình trạng"))],
        "rows": [_row(device) for device in page.object_list],
        "list_page": page,
        "rules": _rules(actor),
    }  # fmt: skip
    return render(request, "accounts/devices.html", context)


def _row(device: Device) -> Row:
    name = Cell(device.name, url=reverse("account_device", args=[device.id]))
    checked = Cell(f"{device.checked_on:%d/%m/%Y}", note=device.checked_by)
    seen = f"{clock.in_vietnam(device.last_seen_at):%d/%m/%Y}" if device.last_seen_at else "–"
    return Row(
        str(device.id),
        [name, device.serial, Cell(device.office.name, note=device.office.code), checked, Cell(device.valid_to), seen,
         state(device)],
    )  # fmt: skip


def state(device: Device) -> Cell:
    """Whether a machine can be signed in on, and why not."""
    why = why_not_good(device, at=clock.now())
    words = {"revoked": _("Đã thu hồi"), "failed": _("Không đạt"), "expired": _("Hết hạn kiểm tra")}
    if why:
        return Cell(words[why], tone="muted" if why == "revoked" else "error")
    if device.enrolled_at is None:
        return Cell(_("Chưa ghi nhận trên máy"), tone="warning")
    return Cell(_("Đang dùng"), tone="ok")


def _rules(actor: Any) -> list[dict[str, Any]]:
    found = list(device_rules_of(actor)[:20])
    return [
        {
            "title": _("Chỉ đăng nhập từ thiết bị đã kiểm tra") if rule.required else _("Không bắt buộc thiết bị"),
            "who": rule.set_by.full_name if rule.set_by else _("lệnh trên máy chủ"), "at": rule.set_at,
            "text": _("%(where)s, từ ngày %(day)s. %(reason)s") % {
                "where": rule.office.name if rule.office else rule.province.name if rule.province else "",
                "day": f"{rule.valid_from:%d/%m/%Y}", "reason": rule.reason,
            },
            "tone": "accent" if rule.required else "muted",
        }
        for rule in found
    ]  # fmt: skip


@needs("device.manage")
@require_http_methods(["GET", "POST"])
def new_device(request: HttpRequest) -> HttpResponse:
    """Enter a machine."""
    form = DeviceForm(request.POST or None, initial={"checked_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        asked = dict(form.cleaned_data)
        with refusing(form):
            office = office_by_code(asked.pop("office"))
            made = services.register_device(actor=actor_of(request), at=clock.now(), office_id=office.id, **asked)
            return redirect("account_device", made.id)
    back = reverse("account_devices")
    way = crumbs((_("Thiết bị"), back), (_("Ghi thiết bị mới"), ""))
    return form_page(request, form, _("Ghi thiết bị mới"), submit=_("Ghi"), back=back, breadcrumb=way)


@needs("device.manage")
@never_cache
@require_http_methods(["GET", "POST"])
def device(request: HttpRequest, device_id: int) -> HttpResponse:
    """One machine; a POST enters a later check of it."""
    found = _managed_or_404(request, device_id)
    form = DeviceCheckForm(request.POST or None, initial={"checked_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        with refusing(form):
            services.check_device_again(
                actor=actor_of(request), at=clock.now(), device_id=found.id, **form.cleaned_data
            )
            messages.success(request, _("Đã ghi kết quả kiểm tra."))
            return redirect("account_device", found.id)
    return _device_page(request, found, form)


def _managed_or_404(request: HttpRequest, device_id: int) -> Device:
    found = devices_of(actor_of(request)).filter(id=device_id).first()
    if found is None:
        raise Http404
    return found


def _device_page(request: HttpRequest, found: Device, form: DeviceCheckForm, code: str = "") -> HttpResponse:
    now = state(found)
    facts = [
        {"label": _("Cơ quan"), "value": found.office.name, "note": found.office.code},
        {"label": _("Số sê-ri"), "value": found.serial},
        {"label": _("Tình trạng"), "value": " ", "tone": now.tone, "tone_text": now.text},
        {"label": _("Kiểm tra"), "value": f"{found.checked_on:%d/%m/%Y}", "note": found.checked_by},
        {"label": _("Kết quả"), "value": found.get_result_display()},
        {"label": _("Hạn dùng"), "value": f"{found.valid_to:%d/%m/%Y}"},
        {"label": _("Ghi nhận trên máy"), "value": _moment(found.enrolled_at)},
        {"label": _("Đăng nhập gần nhất"), "value": _moment(found.last_seen_at)},
        {"label": _("Ghi chú"), "value": found.note},
    ]
    if found.revoked_at:
        facts.append({"label": _("Thu hồi"), "value": _moment(found.revoked_at), "note": found.revoke_reason})
    context = {
        "device": found, "facts": facts, "form": form, "code": code, "good": not why_not_good(found, at=clock.now()),
        "breadcrumb": crumbs((_("Thiết bị"), reverse("account_devices")), (found.name, "")),
    }  # fmt: skip
    return render(request, "accounts/device.html", context, status=422 if form.errors else 200)


def _moment(at: Any) -> str:
    return f"{clock.in_vietnam(at):%H:%M %d/%m/%Y}" if at else ""


@needs("device.manage")
@never_cache
@require_POST
def device_code(request: HttpRequest, device_id: int) -> HttpResponse:
    """A code to be typed on the machine, shown once."""
    found = _managed_or_404(request, device_id)
    code = ""
    with telling(request):
        code = services.make_device_code(actor=actor_of(request), at=clock.now(), device_id=found.id)
    return _device_page(request, found, DeviceCheckForm(initial={"checked_on": clock.today()}), code)


@needs("device.manage")
@require_POST
def revoke(request: HttpRequest, device_id: int) -> HttpResponse:
    """The machine may connect no longer."""
    found = _managed_or_404(request, device_id)
    with telling(request, _("Đã thu hồi thiết bị; các phiên trên máy đó kết thúc ngay.")):
        services.revoke_device(
            actor=actor_of(request), at=clock.now(), device_id=found.id, reason=request.POST.get("reason", "")
        )
    return redirect("account_device", found.id)


@needs("device.manage")
@require_http_methods(["GET", "POST"])
def device_rule(request: HttpRequest) -> HttpResponse:
    """Say from when sign-in needs a checked machine."""
    form = DeviceRuleForm(request.POST or None, initial={"valid_from": clock.today()})
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        with refusing(form):
            office = office_by_code(asked["office"]).id if asked["office"] else None
            services.set_device_rule(
                actor=actor_of(request), at=clock.now(), required=asked["required"], valid_from=asked["valid_from"],
                reason=asked["reason"], office_id=office,
            )  # fmt: skip
            messages.success(request, _("Đã đặt quy định."))
            return redirect("account_devices")
    back = reverse("account_devices")
    way = crumbs((_("Thiết bị"), back), (_("Quy định đăng nhập"), ""))
    intro = _(
        "Khi bắt buộc từ hôm nay, các phiên đang mở trên máy chưa kiểm tra kết thúc ngay. "
        "Hãy ghi nhận máy của mình trước khi đặt quy định."
    )
    return form_page(
        request, form, _("Quy định đăng nhập"), submit=_("Đặt quy định"), back=back, breadcrumb=way, intro=intro
    )


@never_cache
@require_http_methods(["GET", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """Type the code an administrator made: from then on this browser is that machine. Needs no sign-in; guesses of an
    address are counted like wrong passwords."""
    guesses = {"username": f"device-code/{get_client_ip_address(request)}"}
    if request.method == "POST" and not AxesProxyHandler.is_allowed(request, guesses):
        return locked_out(request)
    form = DeviceCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = services.enrol_device(at=clock.now(), code=form.cleaned_data["code"])
        except RuleBroken as refusal:
            form.refuse(refusal)
            user_login_failed.send(sender=__name__, credentials={**guesses, "factor": "device_code"}, request=request)
        else:
            response = render(request, "accounts/device_enrolled.html", {"device": made})
            give_device_cookie(request, response, secret)
            return response
    held = device_of(request)
    context = {"form": form, "held": held if held and not why_not_good(held, at=clock.now()) else None}
    return render(request, "accounts/device_enrol.html", context, status=422 if form.errors else 200)
