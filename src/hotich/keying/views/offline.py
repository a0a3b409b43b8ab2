"""Keying without a line: the beat the browser asks for, the service worker, the web app's manifest.

Nothing here knows a citizen. A page that keys without a line calls `works_offline(request)` for its context, includes
`keying/parts/outbox.html`; the screen itself answers `of_the_shell(response)`, which lets the worker keep its page.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from hotich import web
from hotich.accounts.views.parts import actor_of
from hotich.kernel import clock
from hotich.keying.views.offline_texts import offline_texts
from hotich.registers.rules.parameters import constant

SCOPE = "/nhap-lieu/"  # the worker sees these pages only
SCREEN = "/nhap-lieu/man-hinh/"  # the one it answers when the line is down
RIGHTS = ("keying.key", "keying.check")
SHELL_HEADER = "X-Hotich-Shell"
WORKER_SCRIPT = "hotich/keying-worker.js"
SHELL_FILES = (
    "hotich/app.css",
    "hotich/keying.js",
    "hotich/keying-entry.css",
    "hotich/keying-guide.css",
    "hotich/keying-offline.css",
    "hotich/keying-population.css",
    "hotich/keying-sign-out.js",
    "hotich/mark.svg",
)
"""What the keying screen needs when the line is down, beside the fonts. A file that this build lacks is left out."""


@require_safe
@never_cache
@ensure_csrf_cookie
def beat(request: HttpRequest) -> HttpResponse:
    """A fresh token, the server's clock (ms), the officer who is signed in, and the version of the screen.

    401 for nobody, 403 without a right to key: the browser then keeps everything and asks for a sign-in. A script
    that asks by itself must not be led to the sign-in page, so no redirect.
    """
    if not request.user.is_authenticated:
        return JsonResponse({"code": "signed_out"}, status=401)
    if not any(actor_of(request).may(right) for right in RIGHTS):
        return JsonResponse({"code": "no_right"}, status=403)
    now = int(clock.now().timestamp() * 1000)
    return JsonResponse(
        {"csrf": get_token(request), "now": now, "user": str(request.user.pk), "version": shell_version()}
    )


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """Served from / by name; the browser looks for a new one at each visit (no-cache)."""
    shell = {"version": shell_version(), "files": shell_urls(), "screen": SCREEN, "home": SCOPE}
    response = HttpResponse(f"const SHELL = {json.dumps(shell)};\n{_worker_source()}", content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """Lets an office PC install the keying screen as an app, which is what makes a browser keep its storage."""
    icon = {"src": staticfiles_storage.url("hotich/mark.svg"), "sizes": "any", "type": "image/svg+xml"}
    body = {
        "id": SCOPE,
        "name": _("Nhập liệu sổ hộ tịch"),
        "short_name": _("Nhập liệu"),
        "lang": request.LANGUAGE_CODE,
        "start_url": SCOPE,
        "scope": "/",
        "display": "minimal-ui",
        "icons": [icon],
    }
    response = JsonResponse(body, content_type="application/manifest+json")
    response["Cache-Control"] = "no-cache"
    return response


def works_offline(request: HttpRequest) -> dict[str, Any]:
    """Context of `keying/parts/outbox.html`: for whom, where to ask, and the words of the scripts."""
    return {
        "offline": {
            "user": request.user.pk,
            "version": shell_version(),
            "scope": SCOPE,
            "screen": SCREEN,
            "clock_limit": constant("keying_clock_error"),
            "texts": offline_texts(),
        }
    }


def of_the_shell(response: HttpResponse) -> HttpResponse:
    """Mark the keying screen's page: a worker keeps it only when the files it holds are those of this version.

    Its pictures come out of the encrypted store as blobs, which the policy of other pages does not allow.
    """
    response[SHELL_HEADER] = shell_version()
    response._csp_update = {"img-src": ["blob:"]}  # type: ignore[attr-defined]  # what csp.decorators.csp_update sets
    return response


@cache
def shell_urls() -> tuple[str, ...]:
    """Addresses of the static files of the screen, with their hashes where the installation has them."""
    fonts = Path(web.__file__).parent / "dist" / "hotich" / "fonts"
    names = (*SHELL_FILES, *(f"hotich/fonts/{font.name}" for font in sorted(fonts.glob("*.woff2"))))
    return tuple(staticfiles_storage.url(name) for name in names if finders.find(name))


@cache
def shell_version() -> str:
    """Changes with every file of the screen and with the worker itself."""
    whole = "\n".join((*shell_urls(), _worker_source()))
    return hashlib.sha256(whole.encode()).hexdigest()[:16]


@cache
def _worker_source() -> str:
    found = finders.find(WORKER_SCRIPT)
    return Path(found).read_text(encoding="utf-8") if found else ""
