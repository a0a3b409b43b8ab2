"""Delegations: given, held, to be agreed to."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hotich.accounts import services
from hotich.accounts.forms.managing import DelegationForm
from hotich.accounts.models import Delegation, DelegationState
from hotich.accounts.queries import colleagues_for, delegations_of, delegations_to_decide, officer_by_login
from hotich.accounts.rules.delegation import delegable
from hotich.accounts.rules.roles import RIGHTS
from hotich.accounts.views.parts import actor_of, crumbs, form_page, needs, officer_of, refusing, telling
from hotich.kernel import clock

TONES = {
    DelegationState.ASKED: "accent", DelegationState.AGREED: "ok", DelegationState.DECLINED: "error",
    DelegationState.ENDED: "muted",
}  # fmt: skip


@login_required
@require_GET
def delegations(request: HttpRequest) -> HttpResponse:
    """Those that wait for one's agreement, and the own ones."""
    actor, on = actor_of(request), clock.today()
    own = delegations_of(officer_of(request).id)[:100]
    context = {
        "to_decide": [_shown(found, on) for found in delegations_to_decide(actor, on=on)],
        "own": [_shown(found, on) for found in own],
        "may_delegate": actor.may("officer.delegate") and actor.on_behalf_of is None,
        "me": officer_of(request).id,
    }
    return render(request, "accounts/delegations.html", context)


def _shown(found: Delegation, on: Any) -> dict[str, Any]:
    state = DelegationState(found.state)
    words, tone = str(state.label), TONES[state]
    if state in {DelegationState.AGREED, DelegationState.ASKED} and found.valid_to < on:
        words, tone = _("Đã hết thời hạn"), "muted"
    elif state is DelegationState.AGREED:
        words = _("Đang có hiệu lực") if found.valid_from <= on else _("Chưa đến ngày")
    return {
        "line": found, "state": words, "tone": tone, "rights": [_(RIGHTS[right]) for right in found.rights],
        "open": state in {DelegationState.ASKED, DelegationState.AGREED} and found.valid_to >= on,
    }  # fmt: skip


@needs("officer.delegate")
@require_http_methods(["GET", "POST"])
def delegate(request: HttpRequest) -> HttpResponse:
    """Hand on some of the own rights."""
    actor = actor_of(request)
    form = DelegationForm(
        request.POST or None, colleagues=colleagues_for(actor, on=clock.today()), rights=delegable(actor.rights),
        initial={"valid_from": clock.today()},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        with refusing(form):
            delegate_id = asked["colleague"] or officer_by_login(asked["login"]).id
            services.delegate_rights(
                actor=actor, at=clock.now(), delegate_id=delegate_id, rights=asked["rights"],
                valid_from=asked["valid_from"], valid_to=asked["valid_to"], reason=asked["reason"],
            )  # fmt: skip
            return redirect("account_delegations")
    back = reverse("account_delegations")
    way = crumbs((_("Ủy quyền"), back), (_("Ủy quyền khi vắng mặt"), ""))
    intro = _(
        "Người nhận ủy quyền làm việc thay mặt tại cơ quan này, chỉ với các quyền được chọn, dưới tên của chính mình. "
        "Không ai được vừa lập hoặc sửa vừa duyệt. Việc ủy quyền tự kết thúc và có thể chấm dứt bất cứ lúc nào."
    )
    return form_page(
        request, form, _("Ủy quyền khi vắng mặt"), submit=_("Lập ủy quyền"), back=back, breadcrumb=way, intro=intro
    )


@login_required
@require_POST
def decide(request: HttpRequest, delegation_id: int) -> HttpResponse:
    """Agree, or do not."""
    agreed = request.POST.get("agreed") == "1"
    done = _("Đã đồng ý việc ủy quyền.") if agreed else _("Đã từ chối việc ủy quyền.")
    with telling(request, done):
        services.decide_delegation(actor=actor_of(request), at=clock.now(), delegation_id=delegation_id, agreed=agreed)
    return redirect("account_delegations")


@login_required
@require_POST
def end(request: HttpRequest, delegation_id: int) -> HttpResponse:
    """End one at once."""
    with telling(request, _("Đã chấm dứt việc ủy quyền.")):
        services.end_delegation(actor=actor_of(request), at=clock.now(), delegation_id=delegation_id)
    return redirect("account_delegations")
