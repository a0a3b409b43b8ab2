"""That an officer was refused is written into the audit trail, whatever page it was."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from hotich.audit.services import note_access_refused
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken

# refusals that say "this is not yours to do or to see"; others are about the work itself
CODES = frozenset({"not_allowed", "office_not_in_scope", "not_allowed_at_office", "office_not_of_officer"})


class RefusalsNoted:
    """Notes answers with status 403, and refusals by these codes that no page has caught, of whoever is signed in.

    The last in the settings: it must see an exception before the others make an answer of it. Only the name of the page is
    kept, since its address may hold the id of a citizen's record.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; then note what was refused, outside the transaction of the page, which is rolled back."""
        response = self.get_response(request)
        actor: Actor | None = getattr(request, "actor", None)
        code = getattr(request, "refused_by", "forbidden" if response.status_code == 403 else "")
        if actor is not None and code:
            match = request.resolver_match
            note_access_refused(
                actor=actor,
                at=clock.now(),
                view=match.view_name if match else "",
                method=request.method or "",
                code=code,
            )
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Remember why; others answer."""
        if isinstance(exception, RuleBroken) and exception.code in CODES:
            request.refused_by = exception.code  # type: ignore[attr-defined]
        elif isinstance(exception, PermissionDenied):
            request.refused_by = "forbidden"  # type: ignore[attr-defined]
