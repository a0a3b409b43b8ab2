"""What the population database is asked and answers, whoever carries it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, Protocol
from uuid import UUID

from hotich.reconciliation.rules.citizen import BookFacts, Citizen
from hotich.reconciliation.rules.questions import Question

MOST_CANDIDATES = 50


@dataclass(frozen=True, slots=True)
class Context:
    """Goes with every call: who asks, for whom, in which procedure (purpose binding, procedures.md 5.2).

    `request_id` is the idempotency key: the same one again is the same request.
    """

    request_id: UUID
    procedure: str  # at most 20
    office: str  # at most 35
    officer: str  # at most 20


@dataclass(frozen=True, slots=True)
class CreateAnswer:
    """What became of a person to be created or of an adjustment."""

    state: Literal["done", "suspected", "refused"]
    receipt: str
    personal_id: str = ""
    ref: str = ""
    reason: str = ""
    suspects: tuple[Citizen, ...] = ()


@dataclass(frozen=True, slots=True)
class Traced:
    """A request the partner knows of, by the day."""

    request_id: UUID
    kind: Literal["create", "adjust"]
    state: Literal["done", "suspected", "refused"]
    receipt: str


class PartnerUnreachable(Exception):
    """No answer: it may or may not have been done. Nothing is sent again before `state_of` was asked.

    `args[0]` is a code of the messages, e.g. partner_timeout.
    """


class PartnerNotAsked(PartnerUnreachable):
    """No answer, and certainly nothing done: no connection, too many calls, a breaker that is open. It may be sent again
    as it is. `args[0]` as for the parent; `retry_after` seconds, where the partner said it."""

    def __init__(self, code: str, retry_after: float | None = None) -> None:
        super().__init__(code)
        self.retry_after = retry_after


class PartnerRefused(Exception):
    """An answer that is no: `args[0]` is the partner's code, `args[1]` its words."""


class PartnerClosed(Exception):
    """This adapter cannot do that at once (signed files): the question waits for the next file."""


class Partner(Protocol):
    """The population database. Raises PartnerUnreachable, PartnerRefused, PartnerClosed."""

    name: str

    def look_up(self, context: Context, question: Question) -> Sequence[Citizen]:
        """At most 50 citizens, in no order of likeness."""

    def create(self, context: Context, facts: BookFacts, reason: str, others: Sequence[str] = ()) -> CreateAnswer:
        """Enter somebody new, known to be none of `others` (ids of citizens suspected before). The same request id again
        gives the first answer and creates nobody."""

    def adjust(
        self, context: Context, personal_id: str, changes: Sequence[tuple[str, str, str]], basis: str
    ) -> CreateAnswer:
        """Change facts (field of `Citizen`, old, new) by a legal basis."""

    def state_of(self, context: Context) -> CreateAnswer | None:
        """What became of this request; None when the partner never got it."""

    def requests_of(self, context: Context, day: date) -> Sequence[Traced]:
        """Every request of the office that was done on a day."""

    def extract(self, context: Context, area: str, target: Path) -> int:
        """Write the citizens of a commune or province as Parquet (columns of `hotich match` and those of `Citizen`);
        how many."""
