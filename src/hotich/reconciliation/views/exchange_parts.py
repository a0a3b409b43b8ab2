"""What the pages of the exchange share: words, tones, tabs, whom a request is about."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hotich.kernel.actor import Actor
from hotich.reconciliation.models import PopulationRequest, RequestKind, RequestState
from hotich.reconciliation.queries.requests import people_of
from hotich.reconciliation.rules.messages.exchange import MESSAGES
from hotich.reconciliation.views.tracking_parts import role_name
from hotich.records.rules.restricted import sees_restricted
from hotich.registers.views.parts import lang, short_name
from hotich.web.texts import text_of

SETTLE, VERIFY, WATCH = "population.settle", "population.verify", "population.watch"
SEES = (SETTLE, VERIFY, WATCH)
TONES: Mapping[str, str] = {
    RequestState.WAITING: "warning", RequestState.QUEUED: "accent", RequestState.IN_FILE: "accent",
    RequestState.UNCLEAR: "warning", RequestState.DONE: "ok", RequestState.SUSPECTED: "error",
    RequestState.REFUSED: "error", RequestState.CANCELLED: "muted",
}  # fmt: skip
FAULTS: Mapping[str, str] = {
    "missing_here": gettext_noop("CSDL dân cư có, ở đây không có"),
    "missing_there": gettext_noop("Ở đây có, CSDL dân cư không có"),
    "differs": gettext_noop("Hai bên ghi khác nhau"),
}


def kind_name(kind: str) -> str:
    """Tra cứu, Lập mới công dân, Điều chỉnh thông tin."""
    return _(RequestKind(kind).label)


def state_name(state: str) -> str:
    """The state in words."""
    return _(RequestState(state).label)


def failure_text(request: PopulationRequest) -> str:
    """What stands against a request, in words; "" for nothing."""
    if not request.failure:
        return ""
    words = " – ".join(filter(None, [request.answer.get("reason", ""), request.answer.get("code", "")]))
    params = {"words": words or "–"} if request.failure == "partner_refused" else {}
    return text_of(request.failure, params, lang()) if request.failure in MESSAGES else request.failure


def trail(here: str) -> list[dict[str, str]]:
    """Where a page under the exchange stands."""
    return [
        {"label": _("Trao đổi CSDL dân cư"), "url": reverse("reconciliation:population_requests")},
        {"label": here, "url": ""},
    ]


def entry_title(request: PopulationRequest) -> str:
    """The entry a request is about."""
    record = request.check_of.record if request.check_of is not None else None
    if record is None:
        return _("Trường hợp chưa duyệt")
    return " · ".join(filter(None, [short_name(record.register_type), record.number_text]))


def entry_url(request: PopulationRequest) -> str:
    """Its page; "" where there is none yet."""
    record_id = request.check_of.record_id if request.check_of is not None else None
    return reverse("records:record", args=[record_id]) if record_id is not None else ""


def named(actor: Actor, shown: Collection[PopulationRequest]) -> dict[UUID, str | None]:
    """Whom each request is about, by its id; None where this officer may not see it."""
    people, sees = people_of(shown), sees_restricted(actor)
    found: dict[UUID, str | None] = {}
    for request in shown:
        person = people.get(request.id)
        hidden = person is not None and person.restricted and not sees
        found[request.id] = None if hidden else (person.full_name if person is not None else _told_name(request))
    return found


def _told_name(request: PopulationRequest) -> str:
    content = request.content
    told = content.get("facts", {}).get("full_name") or content.get("question", {}).get("full_name")
    if told or request.check_of is None:
        return str(told or "–")
    return str(request.check_of.citizen.get("full_name") or "–")


def role_of(request: PopulationRequest) -> str:
    """Who he is in the entry."""
    return role_name(request.check_of.role) if request.check_of is not None else ""


def tabs(actor: Actor, active: str) -> list[dict[str, Any]]:
    """The parts of the exchange."""
    found = [("population_requests", _("Các yêu cầu"))]
    if actor.may(SETTLE):
        found.append(("population_files", _("Tệp trao đổi")))
    found.append(("population_days", _("Đối soát hằng ngày")))
    return [
        {"label": label, "url": reverse(f"reconciliation:{name}"), "active": name == active, "count": ""}
        for name, label in found
    ]
