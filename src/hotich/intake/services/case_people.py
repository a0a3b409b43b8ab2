"""Whoever was looked up for a case is compared again when the case is corrected."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from hotich.audit.services import UnitOfWork
from hotich.intake.models import Case
from hotich.reconciliation.queries.book_facts import facts_of_values
from hotich.reconciliation.rules.citizen import BookFacts
from hotich.reconciliation.services.comparing_again import compare_cases
from hotich.registers.types import version_by_id


def compare_people(work: UnitOfWork, cases: Sequence[Case]) -> None:
    """Compare the people of these cases, as they are about to be or were written, with the citizens kept for them; the
    population database is not asked anew."""
    compare_cases(work, cases={case.id: _facts(case) for case in cases})


def _facts(case: Case) -> Callable[[], dict[str, BookFacts]]:
    version = version_by_id(case.schema_version)
    return partial(
        facts_of_values, version, case.as_recorded, case.registration_year, office_id=case.origin_office_id
    )  # fmt: skip
