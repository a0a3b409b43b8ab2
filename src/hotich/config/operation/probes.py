"""/healthz, /readyz and /metrics: before everything else, so that neither host name, session nor TLS stands in the way.

Strangers learn one word. Metrics are for this machine and for who has the token; a request that came by a proxy comes
from a stranger, though its address is that of the proxy.
"""

from __future__ import annotations

import ipaddress
import os
import secrets as random
from collections.abc import Callable

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from hotich.config.operation import health, metrics
from hotich.database.state import secret

GetResponse = Callable[[HttpRequest], HttpResponseBase]
BY_PROXY = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA", "HTTP_X_FORWARDED_PROTO")
HERE = "127.0.0.0/8 ::1/128"


def probes(get_response: GetResponse) -> GetResponse:
    """Answer the three addresses; pass on everything else."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.path == "/healthz":
            return _word(_is_alive(), "ok", "down")
        if request.path == "/readyz":
            return _word(health.is_ready(), "ok", "not ready")
        if request.path == "/metrics":
            return _metrics(request)
        return get_response(request)

    return middleware


def _word(good: bool, yes: str, no: str) -> HttpResponse:
    answer = HttpResponse(f"{yes if good else no}\n", content_type="text/plain", status=200 if good else 503)
    answer["Cache-Control"] = "no-store"
    return answer


def _is_alive() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except DatabaseError:
        return False
    return True


def _metrics(request: HttpRequest) -> HttpResponse:
    if not may_measure(request):
        return HttpResponse("not found\n", content_type="text/plain", status=404)
    return HttpResponse(metrics.text(), content_type=metrics.CONTENT_TYPE)


def may_measure(request: HttpRequest) -> bool:
    """With the token (`hotich secrets`, file metrics), or from `HOTICH_METRICS_NETWORKS` without a proxy between."""
    given = request.META.get("HTTP_AUTHORIZATION", "")
    if given.startswith("Bearer "):
        return random.compare_digest(given.removeprefix("Bearer ").strip().encode(), secret("metrics").encode())
    if any(name in request.META for name in BY_PROXY):
        return False
    try:
        address = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    networks = os.environ.get("HOTICH_METRICS_NETWORKS", HERE).split()
    return any(address in ipaddress.ip_network(network, strict=False) for network in networks)
