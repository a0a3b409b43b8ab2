"""The own account: posts and delegations to work by, sessions, second factor, recovery codes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hotich.accounts import services
from hotich.accounts.forms import PostForm
from hotich.accounts.middleware import ON_BEHALF, POST_IN_USE
from hotich.accounts.queries import actor_for, actor_on_behalf, current_post, delegations_held, posts_of
from hotich.accounts.queries.managing import second_factor_of, sessions_of
from hotich.accounts.rules.roles import RIGHTS, ROLES
from hotich.accounts.views.parts import officer_of, role_name, telling
from hotich.kernel import clock


@login_required
@require_GET
def profile(request: HttpRequest) -> HttpResponse:
    """The own account: who one is, the posts and delegations, open sessions, password and second factor."""
    officer = officer_of(request)
    lent = request.session.get(ON_BEHALF)
    context = {
        "posts": _posts(request, lent is None),
        "delegations": [
            {
                "id": found.id, "name": found.delegator.full_name, "office": found.office.name, "until": found.valid_to,
                "rights": [_(RIGHTS[right]) for right in RIGHTS if right in found.rights], "in_use": found.id == lent,
            }
            for found in delegations_held(officer.id)
            if actor_on_behalf(found) is not None
        ],
        "sessions": sessions_of(officer.id, present=request.session.session_key or ""),
        "factor": second_factor_of(officer.id),
        "may_delegate": actor_for(officer, request.session.get(POST_IN_USE)).may("officer.delegate"),
    }  # fmt: skip
    return render(request, "accounts/profile.html", context)


def _posts(request: HttpRequest, own_post_in_use: bool) -> list[dict[str, Any]]:
    officer = officer_of(request)
    in_use = current_post(officer, request.session.get(POST_IN_USE)) if own_post_in_use else None
    office = in_use.office_id if in_use else None
    return [
        {
            "id": post.id,
            "role": role_name(post.role),
            "office": post.office.name,
            "until": post.valid_to,
            "in_use": post.office_id == office,
            "rights": [_(RIGHTS[right]) for right in RIGHTS if right in ROLES[post.role].rights],
        }
        for post in posts_of(officer)
        if post.role in ROLES
    ]


@login_required
@require_POST
def choose_post(request: HttpRequest) -> HttpResponse:
    """Work at another of the own posts from now on."""
    posts = posts_of(officer_of(request))
    form = PostForm(request.POST, choices=[(post.id, str(post.id)) for post in posts])
    if form.is_valid():
        request.session[POST_IN_USE] = form.cleaned_data["post"]
        request.session.pop(ON_BEHALF, None)
    else:
        messages.error(request, _("Không tìm thấy vị trí công tác đã chọn."))
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return redirect(target if safe else "/")


@login_required
@require_POST
def act_on_behalf(request: HttpRequest) -> HttpResponse:
    """Work in somebody's place from now on, by a delegation in force; without one, in the own place again."""
    asked = request.POST.get("delegation", "")
    found = next((held for held in delegations_held(officer_of(request).id) if str(held.id) == asked), None)
    if asked and (found is None or actor_on_behalf(found) is None):
        messages.error(request, _("Việc ủy quyền này không còn hiệu lực."))
        return redirect("account_profile")
    request.session.pop(ON_BEHALF, None)
    if found is not None:
        request.session[ON_BEHALF] = found.id
    return redirect("/")


@login_required
@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    """End one of the own sessions, or all but this one."""
    present = request.session.session_key or ""
    with telling(request, _("Đã kết thúc phiên làm việc ở nơi khác.")):
        services.end_own_sessions(
            actor=actor_for(officer_of(request)), at=clock.now(), present=present, mark=request.POST.get("mark", "")
        )
    return redirect("account_profile")
