"""Every request of an officer judges by the configuration in force, whichever process decided on it."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from hotich.kernel import clock
from hotich.registers.queries.configuration import use_configuration_in_force

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def configuration_in_force(get_response: GetResponse) -> GetResponse:
    """Ask once a request, in its transaction, whether another configuration is in force; stands after `office_context`."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if getattr(request, "actor", None) is not None:
            use_configuration_in_force(at=clock.now())
        return get_response(request)

    return middleware
