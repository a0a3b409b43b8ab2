"""Which population database this installation speaks with, by setting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import NoReturn

from django.conf import settings

from hotich.database.state import former_secrets, secret
from hotich.reconciliation.adapters.base import Context, CreateAnswer, Partner, PartnerNotAsked, Traced
from hotich.reconciliation.adapters.files import FilePartner
from hotich.reconciliation.adapters.live import ASKING, LivePartner
from hotich.reconciliation.rules.citizen import BookFacts, Citizen
from hotich.reconciliation.rules.questions import Question

LIVE, FILES, NONE = "live", "files", "none"


class NoPartner:
    """Nothing is configured: every call raises PartnerNotAsked, so that questions wait until something is."""

    name = NONE

    def look_up(self, context: Context, question: Question) -> Sequence[Citizen]:
        """Raises PartnerNotAsked."""
        _nobody()

    def create(self, context: Context, facts: BookFacts, reason: str, others: Sequence[str] = ()) -> CreateAnswer:
        """Raises PartnerNotAsked."""
        _nobody()

    def adjust(
        self, context: Context, personal_id: str, changes: Sequence[tuple[str, str, str]], basis: str
    ) -> CreateAnswer:
        """Raises PartnerNotAsked."""
        _nobody()

    def state_of(self, context: Context) -> CreateAnswer | None:
        """Raises PartnerNotAsked."""
        _nobody()

    def requests_of(self, context: Context, day: date) -> Sequence[Traced]:
        """Raises PartnerNotAsked."""
        _nobody()

    def extract(self, context: Context, area: str, target: Path) -> int:
        """Raises PartnerNotAsked."""
        _nobody()


def partner() -> Partner:
    """The partner of this installation: `HOTICH_POPULATION_ADAPTER` live, files or none; without it live where an address
    is given, else none. One object for a process, so that its token and its breaker are shared."""
    name = settings.HOTICH_POPULATION_ADAPTER or (LIVE if settings.HOTICH_POPULATION_URL else NONE)
    if name == LIVE:
        return _live(
            settings.HOTICH_POPULATION_URL, settings.HOTICH_POPULATION_CLIENT, secret("population"),
            settings.HOTICH_POPULATION_AUTHORITIES, settings.HOTICH_POPULATION_WAIT,
        )  # fmt: skip
    return FilePartner() if name == FILES else NoPartner()


def shared_secrets() -> list[str]:
    """What files are signed with, the present secret first; answers to older files may come under a former one."""
    return [secret("population"), *former_secrets("population")]


@lru_cache(maxsize=4)
def _live(url: str, client: str, key: str, authorities: str, wait: float) -> LivePartner:
    return LivePartner(url, client, key, authorities=authorities, asking=min(wait, ASKING), changing=wait)


def _nobody() -> NoReturn:
    raise PartnerNotAsked("partner_not_configured")
