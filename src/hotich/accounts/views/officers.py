"""Accounts looked after: the list, one account, and what is done for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hotich.accounts import services
from hotich.accounts.forms.managing import NewOfficerForm, OfficerFilter, PostGivenForm
from hotich.accounts.models import AccountLock, Delegation, Officer, Post
from hotich.accounts.queries import delegations_of, managed_officers, names_of_officers
from hotich.accounts.queries.managing import (
    all_posts,
    find_officers,
    history_of_officer,
    locks_of,
    posts_by_officer,
    second_factor_of,
    sessions_of,
)
from hotich.accounts.queries.opening import free_login
from hotich.accounts.rules.history import TONES, VERBS
from hotich.accounts.views.parts import (
    actor_of,
    crumbs,
    form_page,
    needs,
    page_of,
    post_words,
    refusing,
    role_name,
    telling,
)
from hotich.kernel import clock
from hotich.kernel.problems import RuleBroken
from hotich.units.queries import office_by_code
from hotich.web.rules.tables import Cell, Column, Row

LIST = "account_officers"


@needs("officer.manage")
@require_GET
def officers(request: HttpRequest) -> HttpResponse:
    """The accounts one looks after, with filters."""
    actor, on = actor_of(request), clock.today()
    form = OfficerFilter(request.GET or None)
    asked = form.cleaned_data if form.is_valid() else {}
    page = page_of(request, find_officers(actor, on=on, **asked))
    posts = posts_by_officer([officer.id for officer in page.object_list], on=on)
    context = {
        "filter": OfficerFilter(request.GET) if request.GET else OfficerFilter(),
        "columns": [Column(_("Họ và tên")), Column(_("Tên đăng nhập"), "code"), Column(_("Vị trí công tác")),
                    Column(_("Đăng nhập gần nhất")), Column(_("Tình trạng"))],
        "rows": [_row(officer, posts.get(officer.id, [])) for officer in page.object_list],
        "list_page": page,
        "filtered": bool(asked and any(asked.values())),
    }  # fmt: skip
    return render(request, "accounts/officers.html", context)


def _row(officer: Officer, posts: list[Post]) -> Row:
    address = reverse("account_officer", args=[officer.id])
    seen = Cell(_moment(officer.last_login)) if officer.last_login else Cell("–", note=_("chưa lần nào"))
    return Row(
        str(officer.id),
        [Cell(officer.full_name, url=address), officer.username, post_words(posts), seen, state(officer)],
    )


def _moment(at: Any) -> str:
    return f"{clock.in_vietnam(at):%H:%M %d/%m/%Y}"


def state(officer: Officer) -> Cell:
    """Whether an account is open, locked, or waits for its owner's own password."""
    if not officer.is_active:
        return Cell(_("Bị khóa"), tone="error")
    if officer.must_change_password:
        late = officer.password_expires_at is not None and officer.password_expires_at <= clock.now()
        return (
            Cell(_("Mật khẩu cấp đã hết hạn"), tone="warning") if late else Cell(_("Chưa đổi mật khẩu"), tone="muted")
        )
    return Cell(_("Đang dùng"), tone="ok")


@needs("officer.manage")
@never_cache
@require_http_methods(["GET", "POST"])
def new_officer(request: HttpRequest) -> HttpResponse:
    """Open one account with its first post; the one-time password is shown once."""
    actor = actor_of(request)
    form = NewOfficerForm(
        request.POST or None, central=actor.may("technical.manage"), initial={"valid_from": clock.today()}
    )
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        with refusing(form):
            office = office_by_code(asked["office"])
            login = asked["login"] or free_login(asked["full_name"], office.code)
            officer, password = services.create_officer(
                actor=actor, at=clock.now(), login=login, full_name=asked["full_name"], email=asked["email"]
            )
            services.give_post(
                actor=actor, at=clock.now(), officer_id=officer.id, office_id=office.id, role=asked["role"],
                valid_from=asked["valid_from"], valid_to=asked["valid_to"],
            )  # fmt: skip
            return password_page(request, officer, password)
    way = crumbs((_("Tài khoản cán bộ"), reverse(LIST)), (_("Mở một tài khoản"), ""))
    return form_page(request, form, _("Mở một tài khoản"), submit=_("Mở tài khoản"), back=reverse(LIST), breadcrumb=way)


def password_page(request: HttpRequest, officer: Officer, password: str) -> HttpResponse:
    """A one-time password, shown this once."""
    return render(request, "accounts/password.html", {"officer": officer, "password": password})


@needs("officer.manage")
@require_GET
def officer(request: HttpRequest, officer_id: int) -> HttpResponse:
    """One account: posts, sessions, second factor, delegations, locks, history."""
    found, actor = managed_or_404(request, officer_id), actor_of(request)
    on = clock.today()
    context = {
        "officer": found,
        "facts": _facts(found),
        "posts": [{"post": post, "role": role_name(post.role), "over": _is_over(post, on)} for post in all_posts(found)],
        "post_form": PostGivenForm(central=actor.may("technical.manage"), initial={"valid_from": on}),
        "sessions": sessions_of(found.id),
        "factor": second_factor_of(found.id),
        "delegations": [_delegation(line) for line in delegations_of(found.id)[:10]],
        "locks": _locks(found),
        "history": [
            {"title": _(VERBS.get(line.verb, line.verb)), "at": line.at,
             "who": _("Hệ thống") if line.who == "system" else line.who,
             "tone": TONES.get(line.verb, "muted")}
            for line in history_of_officer(found.id)
        ],
        "breadcrumb": crumbs((_("Tài khoản cán bộ"), reverse(LIST)), (found.full_name, "")),
    }  # fmt: skip
    return render(request, "accounts/officer.html", context)


def managed_or_404(request: HttpRequest, officer_id: int) -> Officer:
    """The account, if one looks after it; otherwise there is no such page."""
    found = managed_officers(actor_of(request), on=clock.today()).filter(id=officer_id).first()
    if found is None:
        raise Http404
    return found


def _facts(found: Officer) -> list[dict[str, Any]]:
    now = state(found)
    expires = found.password_expires_at if found.must_change_password else None
    return [
        {"label": _("Tên đăng nhập"), "value": found.username},
        {"label": _("Thư điện tử"), "value": found.email},
        {"label": _("Ngày mở"), "value": _moment(found.created_at)},
        {"label": _("Đăng nhập gần nhất"), "value": _moment(found.last_login) if found.last_login else "",
         "absent": _("chưa lần nào")},
        {"label": _("Tình trạng"), "value": " ", "tone": now.tone, "tone_text": now.text},
        {"label": _("Hạn mật khẩu cấp"), "value": _moment(expires) if expires else "", "absent": "–"},
    ]  # fmt: skip


def _is_over(post: Post, on: Any) -> bool:
    return post.ended_at is not None or (post.valid_to is not None and post.valid_to < on)


def _delegation(line: Delegation) -> dict[str, Any]:
    return {"line": line, "state": _(line.get_state_display())}


def _locks(found: Officer) -> list[dict[str, Any]]:
    locks = locks_of(found.id)
    names = names_of_officers(
        who for lock in locks for who in (lock.locked_by_id, lock.unlocked_by_id) if who is not None
    )
    return [entry for lock in locks for entry in _lock_entries(lock, names)]


def _lock_entries(lock: AccountLock, names: dict[int, str]) -> list[dict[str, Any]]:
    command = _("lệnh trên máy chủ")
    notes = [lock.reason]
    if lock.urgent:
        notes.append(_("khóa ngay, còn %(number)d việc") % {"number": lock.open_work})
    entries = [
        {"title": _("Khóa tài khoản"), "who": names.get(lock.locked_by_id or 0, command), "at": lock.locked_at,
         "text": " – ".join(notes), "tone": "error"}
    ]  # fmt: skip
    if lock.unlocked_at:
        entries.insert(
            0,
            {"title": _("Mở khóa tài khoản"), "who": names.get(lock.unlocked_by_id or 0, command),
             "at": lock.unlocked_at, "text": lock.unlock_reason, "tone": "ok"},
        )  # fmt: skip
    return entries


@needs("officer.manage")
@never_cache
@require_POST
def reset_password(request: HttpRequest, officer_id: int) -> HttpResponse:
    """A new one-time password, shown once."""
    found = managed_or_404(request, officer_id)
    try:
        with transaction.atomic():
            password = services.reset_password(actor=actor_of(request), at=clock.now(), officer_id=found.id)
    except RuleBroken:
        return redirect("account_officer", found.id)
    return password_page(request, found, password)


@needs("officer.manage")
@require_POST
def act(request: HttpRequest, officer_id: int, verb: str) -> HttpResponse:
    """Lock, unlock, forget the second factor, end sessions."""
    found, reason = managed_or_404(request, officer_id), request.POST.get("reason", "")
    given: dict[str, Any] = {"actor": actor_of(request), "at": clock.now()}
    one, many = {**given, "officer_id": found.id}, {**given, "officer_ids": [found.id], "reason": reason}
    urgent = request.POST.get("urgent") == "1"
    acts: dict[str, tuple[str, Callable[[], Any]]] = {
        "khoa": (_("Đã khóa tài khoản."), lambda: services.lock_officers(**many, urgent=urgent)),
        "mo-khoa": (_("Đã mở khóa tài khoản."), lambda: services.unlock_officers(**many)),
        "hai-lop": (_("Đã đặt lại xác thực hai lớp."), lambda: services.reset_second_factor(**one)),
        "phien": (_("Đã kết thúc mọi phiên làm việc."), lambda: services.end_sessions(**one)),
    }
    done, do = acts[verb]
    with telling(request, done):
        do()
    return redirect("account_officer", found.id)


@needs("officer.manage")
@require_POST
def give_post(request: HttpRequest, officer_id: int) -> HttpResponse:
    """Give another post."""
    found, actor = managed_or_404(request, officer_id), actor_of(request)
    form = PostGivenForm(request.POST, central=actor.may("technical.manage"))
    if form.is_valid():
        asked = form.cleaned_data
        with refusing(form):
            services.give_post(
                actor=actor, at=clock.now(), officer_id=found.id, office_id=office_by_code(asked["office"]).id,
                role=asked["role"], valid_from=asked["valid_from"], valid_to=asked["valid_to"],
            )  # fmt: skip
    if form.errors:
        way = crumbs(
            (_("Tài khoản cán bộ"), reverse(LIST)), (found.full_name, reverse("account_officer", args=[found.id]))
        )
        back = reverse("account_officer", args=[found.id])
        return form_page(request, form, _("Giao vị trí công tác"), submit=_("Giao"), back=back, breadcrumb=way)
    return redirect("account_officer", found.id)


@needs("officer.manage")
@require_POST
def end_post(request: HttpRequest, officer_id: int) -> HttpResponse:
    """End a post at once."""
    found = managed_or_404(request, officer_id)
    post = next((held for held in all_posts(found) if str(held.id) == request.POST.get("post")), None)
    if post is None:
        raise Http404
    with telling(request, _("Đã kết thúc vị trí công tác; quyền mất hiệu lực ngay.")):
        services.end_post(
            actor=actor_of(request), at=clock.now(), officer_id=found.id, office_id=post.office_id, role=post.role,
            valid_to=clock.today(), at_once=True,
        )  # fmt: skip
    return redirect("account_officer", found.id)
