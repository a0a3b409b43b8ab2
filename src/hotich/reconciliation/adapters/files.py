"""The population database on a closed network: nothing is answered at once, requests go out and answers come in as files
(`services.exchange_files`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from hotich.reconciliation.adapters import wire
from hotich.reconciliation.adapters.base import Context, CreateAnswer, PartnerClosed, Traced
from hotich.reconciliation.rules.citizen import BookFacts, Citizen
from hotich.reconciliation.rules.questions import Question


class FilePartner:
    """Every call raises PartnerClosed: what is asked waits for the next file."""

    name = "files"

    def look_up(self, context: Context, question: Question) -> Sequence[Citizen]:
        """Raises PartnerClosed."""
        _closed()

    def create(self, context: Context, facts: BookFacts, reason: str, others: Sequence[str] = ()) -> CreateAnswer:
        """Raises PartnerClosed."""
        _closed()

    def adjust(
        self, context: Context, personal_id: str, changes: Sequence[tuple[str, str, str]], basis: str
    ) -> CreateAnswer:
        """Raises PartnerClosed."""
        _closed()

    def state_of(self, context: Context) -> CreateAnswer | None:
        """Raises PartnerClosed."""
        _closed()

    def requests_of(self, context: Context, day: date) -> Sequence[Traced]:
        """Raises PartnerClosed."""
        _closed()

    def extract(self, context: Context, area: str, target: Path) -> int:
        """Raises PartnerClosed: an extract comes as a file that is uploaded."""
        _closed()


def request_line(kind: str, context: Context, content: Mapping[str, Any]) -> dict[str, Any]:
    """One line of a file of requests, from the content of a `PopulationRequest`."""
    if kind == "look_up":
        body = wire.question_body(Question(**content["question"]))
    elif kind == "create":
        body = wire.creation_body(BookFacts(**content["facts"]), content["reason"], content.get("others", ()))
    else:
        changes = [(str(field), str(old), str(new)) for field, old, new in content["changes"]]
        body = wire.adjustment_body(content["personal_id"], changes, content["basis"])
    return {"kind": kind, **wire.header(context), **body}


def state_line(context: Context) -> dict[str, Any]:
    """A line that asks what became of a request that was sent by call, under the id of the request; it changes nothing."""
    return {"kind": "state", **wire.header(context), "MaYeuCauGoc": str(context.request_id)}


def _closed() -> NoReturn:
    raise PartnerClosed("partner_closed")
