"""Looking beyond one's offices: with purpose and case, written down by the function that answers and in the trail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hotich.audit.services import unit_of_work
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.persons.queries.look_up_foreign import ForeignRecord, Hit, Why, ask, open_hit
from hotich.persons.rules.look_up_purposes import fault_of
from hotich.persons.rules.look_up_questions import EntryQuestion, NumberQuestion, Question
from hotich.records.services import note_reading
from hotich.records.services.access import lookup_secret
from hotich.registers.rules.parameters import constant


@dataclass(frozen=True, slots=True)
class Found:
    """A look-up and the records it showed, at most 20."""

    id: UUID
    hits: list[Hit]


def way_of(question: Question) -> str:
    """How it was asked: number, entry or name."""
    if isinstance(question, NumberQuestion):
        return "number"
    return "entry" if isinstance(question, EntryQuestion) else "name"


def look_up(*, actor: Actor, at: datetime, question: Question, why: Why) -> Found:
    """Records of other offices that answer the question, at most 20 (decree 87/2020, articles 8 and 13).

    Never restricted participants, adoptions or one's own records. Raises RuleBroken: not_allowed, purpose_missing,
    purpose_words_missing, dossier_missing, office_is_own.
    """
    _must_look_up(actor)
    fault = fault_of(why.purpose, why.words, why.dossier)
    if fault is not None:
        raise RuleBroken(fault[0], field=fault[1])
    if isinstance(question, EntryQuestion) and question.office_id in actor.office_ids:
        raise RuleBroken("office_is_own", field="office")
    with unit_of_work(actor=actor, at=at) as work:
        look_up_id, hits = ask(question, why, actor=actor, secret=lookup_secret())
        work.record(
            "look_up.made",
            subject_kind="look_up",
            subject_id=look_up_id,
            subject_office=actor.office_id,
            facts={"purpose": why.purpose, "way": way_of(question), "rows": len(hits)},
        )
    return Found(look_up_id, hits)


def open_look_up_hit(*, actor: Actor, at: datetime, look_up_id: UUID, record_id: UUID) -> ForeignRecord:
    """The summary of a record that a look-up of this officer showed some hours ago at most.

    Raises RuleBroken: not_allowed, look_up_not_open, reading_reason_needed.
    """
    _must_look_up(actor)
    with unit_of_work(actor=actor, at=at):
        found = open_hit(look_up_id, record_id, actor=actor, hours=constant("look_up_open_hours"))
        if found is None:
            raise RuleBroken("look_up_not_open")
        note_reading(
            actor=actor,
            at=at,
            subject_kind="foreign_record",
            subject_id=record_id,
            subject_office=found.office_id,
            facts={"look_up_id": str(look_up_id)},
        )
    return found


def _must_look_up(actor: Actor) -> None:
    if not actor.may("record.look_up") or actor.officer_id is None:
        raise RuleBroken("not_allowed")
