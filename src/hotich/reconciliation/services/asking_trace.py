"""The trace of every question about a citizen: it is there before the partner hears the question, and it stays.

A page may fail after it has asked, and everything it wrote is taken back with it; that a citizen was asked about must not be.
So the question stands in `PopulationAsking` first, committed on a connection of its own (`database.apart`). Its line in
the log and its act in the trail are written with what the page writes, and take that row away. What is left after some
minutes is of a page that failed, or of a process that died: its line and its act are written then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from hotich.audit.services import unit_of_work
from hotich.database.apart import apart
from hotich.database.scope import office_scope
from hotich.kernel.actor import Actor
from hotich.reconciliation.models import PopulationAsking, PopulationLookUp
from hotich.reconciliation.queries.requests import every_office
from hotich.reconciliation.rules.questions import Question, fingerprint
from hotich.reconciliation.services.access import system_at
from hotich.records.services.access import lookup_secret

DIGITISATION = "digitisation"
"""The purpose of a look-up while a book is keyed or its records are compared."""
UNKNOWN = "unknown"
"""The result of a question whose page failed: the partner was asked, what it said was shown to nobody."""
LEFT_AFTER = timedelta(minutes=5)
"""Longer than any page lives."""
MOST_A_ROUND = 500


@dataclass(frozen=True, slots=True)
class About:
    """Whom a question is about, and why it is asked. `subject_kind`: entry (of a keying screen), case or record."""

    subject_kind: str
    subject_id: UUID
    role: str
    purpose: str = DIGITISATION


def about_to_ask(
    *, at: datetime, look_up_id: UUID, question: Question, about: About, office_id: int, officer_id: int, adapter: str
) -> None:
    """Write that this is going to be asked, so that it stays written; called before the partner is. Tells no name, no
    number. Writes nothing into the trail: the page may hold the head of its chain."""
    row = PopulationAsking(
        id=look_up_id, origin_office_id=office_id, officer_id=officer_id, at=at, purpose=about.purpose,
        subject_kind=about.subject_kind, subject_id=about.subject_id, role=about.role[:30], way=question.way,
        question=fingerprint(lookup_secret(), question), adapter=adapter[:12],
    )  # fmt: skip

    def write() -> None:
        with office_scope([office_id]):
            row.save(force_insert=True)

    apart(write)


def note_asked(actor: Actor, at: datetime, look_up_id: UUID, *, result: str, candidates: int) -> None:
    """A line in the log of questions and an act in the trail, in the place of the row that said it was about to be asked."""
    asked = PopulationAsking.objects.select_for_update().filter(id=look_up_id).first()
    if asked is None:  # noted already
        return
    PopulationLookUp.objects.create(
        id=asked.id, origin_office_id=asked.origin_office_id, officer_id=asked.officer_id, at=asked.at,
        purpose=asked.purpose, subject_kind=asked.subject_kind, subject_id=asked.subject_id, role=asked.role,
        way=asked.way, question=asked.question, adapter=asked.adapter, result=result, candidates=candidates,
    )  # fmt: skip
    with unit_of_work(actor=actor, at=at) as work:
        work.record(
            "population.looked_up", subject_kind="population_look_up", subject_id=asked.id,
            subject_office=asked.origin_office_id,
            facts={"purpose": asked.purpose, "subject": f"{asked.subject_kind} {asked.subject_id}",
                   "role": asked.role, "way": asked.way, "result": result, "rows": candidates,
                   **({"officer": asked.officer_id} if actor.officer_id is None else {})},
        )  # fmt: skip
    asked.delete()


def note_left_askings(*, at: datetime) -> int:
    """Questions whose page failed get their line and their act, by the system, office by office; how many.

    May run twice, and beside a page that is still at it: whoever has the row first writes the line.
    """
    before = at - LEFT_AFTER
    with office_scope(every_office()):
        rows = PopulationAsking.objects.filter(at__lt=before).order_by("at", "id")
        left = list(rows.values_list("origin_office_id", "id")[:MOST_A_ROUND])
    for office_id, look_up_id in left:
        with office_scope([office_id]), transaction.atomic():
            note_asked(system_at(office_id), at, look_up_id, result=UNKNOWN, candidates=0)
    return len(left)
