"""Many items at once that differ only because the book tells a part of a date: judged by the police, settled by another.

A book that says 1961 and a database that says 03/05/1961 may both be right, and an old book has hundreds of those. They
are still judged by a verifier and settled by another hand, but a piece of them in one act: at most 500, each with its own
line in the trail. Doing it again takes the next piece, so that whatever breaks off goes on; all of an act can be undone
together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.database.scope import office_scope
from hotich.kernel.actor import Actor
from hotich.kernel.ids import uuid7
from hotich.kernel.problems import RuleBroken
from hotich.kernel.text import clean_text
from hotich.kernel.working_days import due_date
from hotich.reconciliation.models import TrackingField, TrackingItem, TrackingState, Verdict
from hotich.reconciliation.queries.tracking_bulk import of_bulk, to_judge
from hotich.reconciliation.rules.tracking_workflow import ITEM, next_state
from hotich.reconciliation.services.access import must_have
from hotich.reconciliation.services.tracking import LONGEST_WORDS, announce, note
from hotich.registers.rules.parameters import constant

PIECE = 500
Said = dict[str, str]


@dataclass(frozen=True, slots=True)
class Piece:
    """What one act did: under which id, how many items, how many are left for the next one."""

    bulk_id: UUID
    done: int
    left: int


def judge_part_only(
    *, actor: Actor, at: datetime, words: str, bulk_id: UUID | None = None, register_type: str = ""
) -> Piece:
    """A verifier says of the next 500 items that the book only tells a part of the date. `bulk_id`: of the act it goes on.

    Items a colleague has, and those whose check is the verifier's own, are left. Raises RuleBroken: not_allowed,
    tracking_words_missing, tracking_none_left.
    """
    officer = must_have(actor, "population.verify")
    if not words.strip():
        raise RuleBroken("tracking_words_missing", field="words")
    bulk, said = bulk_id or uuid7(), clean_text(words)[:LONGEST_WORDS]
    changes = {
        "assigned_to": officer, "verified_by": officer, "verified_at": at, "verdict": Verdict.PART_ONLY,
        "verdict_words": said, "due_on": due_date(at, constant("population_settle_days")), "bulk_id": bulk,
    }  # fmt: skip

    def tell(work: UnitOfWork, item: TrackingItem, before: Said) -> None:
        facts = {"verdict": item.verdict, "fields": 1, "bulk": str(bulk)}
        note(work, item, "tracking.verified", facts=facts, after={"words": said})

    rows = to_judge(actor, register_type=register_type)
    right = {"verdict": Verdict.PART_ONLY, "right_value": F("theirs")}
    done = _each(actor, at, rows, ("take", "verify"), changes, tell, right)
    return Piece(bulk, done, _left(actor, rows))


def undo_judged(*, actor: Actor, at: datetime, bulk_id: UUID, reason: str) -> Piece:
    """The verifier takes his verdict on an act's next 500 items back; those that were settled meanwhile stay.

    Raises RuleBroken: not_allowed, reason_missing, tracking_none_left.
    """
    must_have(actor, "population.verify")
    said = _reason(reason)
    changes = {
        "verdict": "", "verdict_words": "", "task": "", "assigned_to": None, "verified_by": None, "verified_at": None,
        "bulk_id": None, "due_on": due_date(at, constant("population_verify_days")),
    }  # fmt: skip

    def tell(work: UnitOfWork, item: TrackingItem, before: Said) -> None:
        facts = {"bulk": str(bulk_id)}
        note(work, item, "tracking.verdict_undone", before=before, after={"reason": said}, facts=facts)

    rows = of_bulk(actor, bulk_id, TrackingState.VERIFIED).filter(verified_by__in=actor.hands)
    done = _each(actor, at, rows, ("undo_verdict",), changes, tell, {"verdict": "", "right_value": ""})
    return Piece(bulk_id, done, _left(actor, rows))


def settle_judged(*, actor: Actor, at: datetime, bulk_id: UUID, words: str = "") -> Piece:
    """The civil-status officer settles an act's next 500 items; never those he judged himself. Nothing more is to be done:
    the citizen may ask for what the book leaves out to be added.

    Raises RuleBroken: not_allowed, tracking_none_left.
    """
    officer = must_have(actor, "population.settle")
    said = clean_text(words)[:500]
    changes = {"task": "none", "closed_by": officer, "closed_at": at, "closing_words": said}

    def tell(work: UnitOfWork, item: TrackingItem, before: Said) -> None:
        facts = {"verdict": item.verdict, "task": item.task, "bulk": str(bulk_id)}
        note(work, item, "tracking.closed", after={"words": said} if said else None, facts=facts)

    rows = of_bulk(actor, bulk_id, TrackingState.VERIFIED).exclude(verified_by__in=actor.hands)
    return Piece(bulk_id, _each(actor, at, rows, ("close",), changes, tell), _left(actor, rows))


def reopen_settled(*, actor: Actor, at: datetime, bulk_id: UUID, reason: str) -> Piece:
    """The next 500 items of an act that were settled stand on the list again, with their verdict.

    Raises RuleBroken: not_allowed, reason_missing, tracking_none_left.
    """
    must_have(actor, "population.settle")
    said = _reason(reason)
    changes = {"closed_by": None, "closed_at": None, "due_on": due_date(at, constant("population_settle_days"))}

    def tell(work: UnitOfWork, item: TrackingItem, before: Said) -> None:
        note(work, item, "tracking.reopened", after={"reason": said}, facts={"bulk": str(bulk_id)})

    rows = of_bulk(actor, bulk_id, TrackingState.CLOSED).filter(verdict=Verdict.PART_ONLY)
    return Piece(bulk_id, _each(actor, at, rows, ("reopen",), changes, tell), _left(actor, rows))


def _reason(reason: str) -> str:
    if not reason.strip():
        raise RuleBroken("reason_missing", field="reason")
    return reason.strip()[:LONGEST_WORDS]


def _left(actor: Actor, rows: QuerySet[TrackingItem]) -> int:
    with office_scope(actor.office_ids):
        return rows.count()


def _each(
    actor: Actor, at: datetime, rows: QuerySet[TrackingItem], acts: Sequence[str], changes: Mapping[str, Any],
    tell: Callable[[UnitOfWork, TrackingItem, Said], None], right: Mapping[str, Any] | None = None,
) -> int:  # fmt: skip
    """The next piece, locked in the order of its ids: each item its line in the trail, all of them written in one
    statement; how many. `changes` are the same for all; `right`: of the field that differs."""
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        found = list(rows.select_for_update(of=("self",))[:PIECE])
        if not found:
            raise RuleBroken("tracking_none_left")
        for item in found:
            before: Said = {"verdict": item.verdict, "words": item.verdict_words}
            for act in acts:
                item.state = next_state(ITEM, item.state, act)
            for name, value in changes.items():
                setattr(item, name, value)
            tell(work, item, before)
            announce(work, item)
        same = TrackingItem.objects.filter(id__in=[item.id for item in found])
        same.update(**changes, state=found[0].state, version=F("version") + 1)
        if right is not None:
            TrackingField.objects.filter(item__in=found, field="birth").update(**right)
    return len(found)
