"""Looking over the readings of many offices with a purpose, asking a leader about a flag, and his answer."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from hotich.audit.services import unit_of_work
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.persons.models import ReadingQuestion
from hotich.persons.queries.overview import Counts, counts_of, may_look_over, offices_looked_over
from hotich.persons.rules.overview import DAYS_MOST, FLAGS, OFFICES_MOST, fault_of

ANSWER_LETTERS = 10


def look_over(
    *,
    actor: Actor,
    at: datetime,
    since: datetime,
    until: datetime,
    purpose: str,
    words: str = "",
    office_ids: frozenset[int] = frozenset(),
) -> list[Counts]:
    """Numbers and flags by office and officer: of these offices, or of all that are looked over; never a citizen's name.

    Raises RuleBroken: not_allowed, overview_purpose_missing, overview_words_missing, span_too_long,
    overview_office_beyond, overview_no_office, overview_too_wide.
    """
    if not may_look_over(actor):
        raise RuleBroken("not_allowed")
    fault = fault_of(purpose, words)
    if fault is not None:
        raise RuleBroken(fault[0], field=fault[1])
    if until - since > timedelta(days=DAYS_MOST):
        raise RuleBroken("span_too_long", field="since", days=DAYS_MOST)
    allowed = frozenset(offices_looked_over(actor).values_list("id", flat=True))
    if office_ids - allowed:
        raise RuleBroken("overview_office_beyond", field="office")
    chosen = office_ids or allowed
    if not chosen:
        raise RuleBroken("overview_no_office", field="office")
    if len(chosen) > OFFICES_MOST:
        raise RuleBroken("overview_too_wide", field="office", most=OFFICES_MOST)
    with unit_of_work(actor=actor, at=at) as work:
        found = counts_of(actor, chosen, since=since, until=until, purpose=purpose, words=" ".join(words.split())[:300])
        work.record(
            "reading.looked_over", subject_kind="office", subject_id=actor.office_id, subject_office=actor.office_id,
            facts={"purpose": purpose, "offices": len(chosen), "rows": len(found)},
        )  # fmt: skip
    return found


def ask_leader(
    *,
    actor: Actor,
    at: datetime,
    office_id: int,
    officer_id: int | None,
    flag: str,
    since: datetime,
    until: datetime,
    words: str,
) -> ReadingQuestion:
    """Ask the leader of an office that is looked over what a flag was about.

    Raises RuleBroken: not_allowed, overview_office_beyond, question_flag_unknown, question_words_missing.
    """
    if not may_look_over(actor):
        raise RuleBroken("not_allowed")
    if not offices_looked_over(actor).filter(id=office_id).exists():
        raise RuleBroken("overview_office_beyond", field="office")
    if flag not in FLAGS:
        raise RuleBroken("question_flag_unknown", field="flag")
    if sum(map(str.isalpha, words)) < ANSWER_LETTERS:
        raise RuleBroken("question_words_missing", field="words", letters=ANSWER_LETTERS)
    with unit_of_work(actor=actor, at=at) as work:
        made = ReadingQuestion.objects.create(
            asking_office_id=actor.office_id, asked_by=actor.officer_id or 0, asked_at=at, office_id=office_id,
            officer_id=officer_id, flag=flag, since=since, until=until, words=" ".join(words.split())[:500],
        )  # fmt: skip
        work.record(
            "reading.leader_asked", subject_kind="reading_question", subject_id=made.id, subject_office=office_id,
            facts={"flag": flag},
        )  # fmt: skip
        work.announce("reading.leader_asked", subject_kind="reading_question", subject_id=made.id, office=office_id)
    return made


def answer_question(*, actor: Actor, at: datetime, question_id: UUID, words: str) -> ReadingQuestion:
    """The leader's answer; once, and never about one's own readings or to one's own question.

    Raises RuleBroken: not_allowed, question_unknown, second_reader_required, question_answered_already,
    question_words_missing.
    """
    if not actor.may("reading.review") or actor.officer_id is None:
        raise RuleBroken("not_allowed")
    with unit_of_work(actor=actor, at=at) as work:
        found = (
            ReadingQuestion.objects.select_for_update().filter(id=question_id, office_id__in=actor.office_ids).first()
        )
        if found is None:
            raise RuleBroken("question_unknown")
        if actor.hands & {found.asked_by, found.officer_id}:
            raise RuleBroken("second_reader_required")
        if found.answered_at is not None:
            raise RuleBroken("question_answered_already")
        if sum(map(str.isalpha, words)) < ANSWER_LETTERS:
            raise RuleBroken("question_words_missing", field="words", letters=ANSWER_LETTERS)
        found.answer, found.answered_by, found.answered_at = " ".join(words.split())[:1000], actor.officer_id, at
        found.save(update_fields=["answer", "answered_by", "answered_at"])
        work.record(
            "reading.leader_answered", subject_kind="reading_question", subject_id=found.id,
            subject_office=found.office_id, after={"words": found.answer}, facts={"flag": found.flag},
        )  # fmt: skip
        work.announce(
            "reading.leader_answered", subject_kind="reading_question", subject_id=found.id,
            office=found.asking_office_id,
        )  # fmt: skip
    return found
