"""Keeping a question about somebody beside his check, to be asked when the partner answers again (`waiting_questions`)."""

from __future__ import annotations

from dataclasses import asdict

from hotich.audit.services import UnitOfWork
from hotich.reconciliation.models import CheckOutcome, PopulationCheck, PopulationRequest
from hotich.reconciliation.rules.citizen import BookFacts
from hotich.reconciliation.rules.questions import questions_for
from hotich.reconciliation.services.look_ups import DIGITISATION
from hotich.reconciliation.services.requests import queue_question


def ask_later(work: UnitOfWork, *, check: PopulationCheck, facts: BookFacts) -> PopulationRequest | None:
    """Keep the question about a pending check (locked). Where the book says too little to ask, it is a clerk's: None."""
    questions = questions_for(facts)
    if not questions:
        check.outcome = CheckOutcome.CLERK
        check.save(update_fields=["outcome"])
        return None
    first = questions[0]
    request = queue_question(work, check=check, question=first, purpose=DIGITISATION)
    request.content = {**request.content, "facts": asdict(facts)}
    request.save(update_fields=["content"])
    return request
