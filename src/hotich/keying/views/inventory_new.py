"""A book of paper goes into the system and the inventory, before anything of it is scanned or entered."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.keying.forms.inventory import NewBookForm
from hotich.keying.services import inventory as services
from hotich.keying.views.inventory_parts import crumbs
from hotich.registers.views.parts import actor_of, needs
from hotich.units.models import Office
from hotich.units.queries import offices_by_id

MANAGE = "inventory.manage"


@needs(MANAGE)
@require_http_methods(["GET", "POST"])
def inventory_new(request: HttpRequest) -> HttpResponse:
    """Asks what stands on the spine and what was counted; then the page of the book."""
    actor = actor_of(request)
    form = NewBookForm(request.POST or None, offices=_offices(actor))
    if form.is_valid():
        said = form.cleaned_data
        book = services.NewBook(
            said["office"], said["register_type"], said["era"], said["number"].strip(), said["year"], said["copy"],
            said["assigned"],
        )  # fmt: skip
        try:
            row = services.open_and_list_book(
                actor=actor, at=clock.now(), book=book, pages=said["counted_pages"], cases=said["counted_cases"]
            )
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Đã thêm quyển sổ vào kiểm kê."))
            return redirect("keying:inventory_book", book_id=row.book_id)
    context = {"form": form, "breadcrumb": crumbs((_("Thêm quyển sổ"), ""))}
    return render(request, "keying/inventory_new.html", context, status=422 if form.is_bound else 200)


def _offices(actor: Actor) -> dict[int, str]:
    """The offices in reach, each with the days it was there as far as they are known."""
    return {
        office.id: " ".join([office.name, *_days_of(office)]) for office in offices_by_id(actor.office_ids).values()
    }


def _days_of(office: Office) -> list[str]:
    first, last = (f"{day:%d/%m/%Y}" if day else "" for day in (office.valid_from, office.valid_to))
    if first and last:
        return [_("(%(first)s – %(last)s)") % {"first": first, "last": last}]
    if last:
        return [_("(đến %(last)s)") % {"last": last}]
    return [_("(từ %(first)s)") % {"first": first}] if first else []
