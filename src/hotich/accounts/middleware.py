"""How long a session lives, what must be done first, and whose rows a request sees.

Order in settings: `SignedIn` where the framework's AuthenticationMiddleware stands; `session_limits`, `first_steps`,
`office_context`, all after the message and allauth middleware.

A streaming response (StreamingHttpResponse, FileResponse) is read after the transaction of `office_context` has ended:
its generator must have read its rows before, or open `database.scope.office_scope` of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.middleware import get_user as framework_user
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils.functional import SimpleLazyObject
from django_htmx.http import HttpResponseClientRedirect

from hotich.accounts.models import Officer
from hotich.accounts.queries import actor_in_use, actor_on_behalf, delegations_held, has_second_factor
from hotich.accounts.rules.sessions import LAST_SEEN, SIGNED_IN, SessionEnd, Step, next_step, session_end
from hotich.database.scope import office_scope
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.web.texts import text_of

GetResponse = Callable[[HttpRequest], HttpResponseBase]

POST_IN_USE = "post_id"  # the session's key of the post an officer with several has chosen
ON_BEHALF = "delegation_id"  # the session's key of the delegation by which the officer acts
SECOND_FACTOR_SEEN = "second_factor_is_set_up"
# A page that asks by itself (progress bar) sends this header, so that it does not keep an empty chair signed in.
BACKGROUND_HEADER = "X-Hotich-Background"
WRITE_EVERY_SECONDS = 60  # the session is saved at most this often for the mere passing of time

PAGES_OF_STEP = {Step.CHANGE_PASSWORD: "account_change_password", Step.SET_UP_SECOND_FACTOR: "mfa_activate_totp"}
# What may be opened while a step is missing.
ALWAYS_OPEN = frozenset({"account_logout", "account_reauthenticate", "mfa_reauthenticate", "set_language"})


class SignedIn(AuthenticationMiddleware):
    """`request.user` as the framework gives it; the officer who was read with the session need not be read again."""

    def process_request(self, request: HttpRequest) -> None:
        """Nothing is asked before somebody looks at the user."""
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: _user_of(request))  # type: ignore[assignment]


def _user_of(request: HttpRequest) -> object:
    if not hasattr(request, "_cached_user"):  # the framework's own memory: `auth.get_user` and others look there
        request._cached_user = request.session.officer() or framework_user(request)  # type: ignore[attr-defined]
    return request._cached_user  # type: ignore[attr-defined]


def session_limits(get_response: GetResponse) -> GetResponse:
    """End a session that was idle too long or is too old, and say so on the sign-in page."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            end = _judge(request)
            if end is not None:
                return _end_session(request, end)
        return get_response(request)

    return middleware


def _judge(request: HttpRequest) -> SessionEnd | None:
    now = clock.now()
    signed_in = request.session.setdefault(SIGNED_IN, now.timestamp())
    last_seen = request.session.setdefault(LAST_SEEN, signed_in)
    end = session_end(
        now=now,
        signed_in=datetime.fromtimestamp(signed_in, UTC),
        last_seen=datetime.fromtimestamp(last_seen, UTC),
        idle=settings.HOTICH_SESSION_IDLE,
        absolute=settings.HOTICH_SESSION_ABSOLUTE,
    )
    if end is None and BACKGROUND_HEADER not in request.headers and now.timestamp() - last_seen > WRITE_EVERY_SECONDS:
        request.session[LAST_SEEN] = now.timestamp()
    return end


def _end_session(request: HttpRequest, end: SessionEnd) -> HttpResponse:
    request.session_end = end  # type: ignore[attr-defined]  # told to the audit trail by adapters.on_signed_out
    logout(request)
    minutes = int(settings.HOTICH_SESSION_IDLE.total_seconds() // 60)
    hours = int(settings.HOTICH_SESSION_ABSOLUTE.total_seconds() // 3600)
    text = text_of(end, {"minutes": minutes, "hours": hours})
    if _speaks_json(request):
        return JsonResponse({"code": "signed_out", "text": text}, status=401)
    messages.warning(request, text)
    if request.headers.get("HX-Request"):
        page = request.headers.get("HX-Current-URL", "")
        return HttpResponseClientRedirect(redirect_to_login(_path_of(page)).url)
    return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")


def _speaks_json(request: HttpRequest) -> bool:
    """Whether a script sends data: it must learn what is the matter, and not be led to a page."""
    return request.content_type == "application/json"


def _path_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"


def first_steps(get_response: GetResponse) -> GetResponse:
    """An officer whose password is an administrator's, or who has no second factor, does that before anything else."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            page = _missing_page(request)
            if page is not None and _name_of(request) not in {page, *ALWAYS_OPEN}:
                if _speaks_json(request):
                    return JsonResponse({"code": "first_step", "text": text_of("first_step")}, status=403)
                if request.headers.get("HX-Request"):
                    return HttpResponseClientRedirect(redirect(page).url)
                return redirect(page)
        return get_response(request)

    return middleware


def _missing_page(request: HttpRequest) -> str | None:
    user = request.user
    # once seen it stays true for this session: whoever takes the factor away ends the sessions with it
    seen = request.session.get(SECOND_FACTOR_SEEN, False) or has_second_factor(user.pk)
    if seen and SECOND_FACTOR_SEEN not in request.session:
        request.session[SECOND_FACTOR_SEEN] = True
    step = next_step(must_change_password=user.must_change_password, has_second_factor=seen)
    return PAGES_OF_STEP[step] if step else None


def _name_of(request: HttpRequest) -> str | None:
    try:
        return resolve(request.path_info).url_name
    except Resolver404:
        return None


def office_context(get_response: GetResponse) -> GetResponse:
    """One transaction that sees the rows of the officer's offices; sets `request.actor` (None for nobody).

    Posts and delegations are read anew for every request: what was given or ended holds from the next one. When the
    post or delegation in use is over, nothing is done in its stead: the officer is told, and starts from the home page.
    ATOMIC_REQUESTS must be on as well: it takes back what a failing view wrote, before the answer gets here.
    Whatever ended as a server error is taken back whole.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        request.actor = None  # type: ignore[attr-defined]
        if not request.user.is_authenticated:
            return get_response(request)
        actor = _actor_in_use(request)
        if actor is None:
            return _start_again(request)
        request.actor = actor  # type: ignore[attr-defined]
        with office_scope(actor.office_ids):
            response = get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
        return response

    return middleware


def _actor_in_use(request: HttpRequest) -> Actor | None:
    """Who acts by the delegation or post chosen in this session; None when that is over."""
    user: Officer = request.user  # type: ignore[assignment]
    chosen = request.session.get(ON_BEHALF)
    if chosen is not None:
        held = next((found for found in delegations_held(user.id) if found.id == chosen), None)
        request.delegation = held  # type: ignore[attr-defined]  # shown in the frame of the page
        return actor_on_behalf(held) if held is not None else None
    return actor_in_use(user, request.session.get(POST_IN_USE))


def _start_again(request: HttpRequest) -> HttpResponse:
    lent = request.session.pop(ON_BEHALF, None)
    request.session.pop(POST_IN_USE, None)
    text = text_of("delegation_ended" if lent is not None else "post_in_use_ended")
    if _speaks_json(request):
        return JsonResponse({"code": "post_ended", "text": text}, status=403)
    messages.warning(request, text)
    return HttpResponseClientRedirect("/") if request.headers.get("HX-Request") else redirect("/")
