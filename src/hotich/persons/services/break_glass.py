"""Restricted facts in an emergency: opened for minutes with a reason, told at once, reviewed by a leader.

The wider sight exists inside `read_behind_glass` only, for one record: nothing else an officer opens meanwhile shows more.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F

from hotich.audit.services import unit_of_work
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.persons.models import BreakGlass
from hotich.persons.rules.break_glass import REVIEW_LETTERS, is_open, letters_of
from hotich.records.queries import RecordView, record_view
from hotich.records.rules.restricted import RIGHT
from hotich.records.services import note_reading
from hotich.registers.rules.parameters import constant

Verdict = BreakGlass.Verdict


def break_glass(*, actor: Actor, at: datetime, record_id: UUID, reason: str) -> BreakGlass:
    """Open the restricted facts of one record of one's offices for some minutes (parameter `break_glass_minutes`).

    Raises RuleBroken: not_allowed, record_unknown, nothing_is_hidden, reason_too_short.
    """
    if not actor.may("record.break_glass") or actor.officer_id is None:
        raise RuleBroken("not_allowed")
    view = record_view(record_id, actor)
    if not view.hides:
        raise RuleBroken("nothing_is_hidden")
    needed = constant("reading_reason_length")
    if letters_of(reason) < needed:
        raise RuleBroken("reason_too_short", field="reason", letters=needed)
    office = view.record.origin_office_id
    with unit_of_work(actor=actor, at=at) as work:
        glass = BreakGlass.objects.create(
            origin_office_id=office,
            record_id=record_id,
            opened_by=actor.officer_id,
            office_id=actor.office_id,
            reason=" ".join(reason.split())[:500],
            opened_at=at,
            expires_at=at + timedelta(minutes=constant("break_glass_minutes")),
        )
        work.record(
            "glass.broken", subject_kind="record", subject_id=record_id, subject_office=office,
            after={"reason": glass.reason}, facts={"glass_id": str(glass.id)},
        )  # fmt: skip
        work.announce("glass.broken", subject_kind="break_glass", subject_id=glass.id, office=office)
    return glass


def read_behind_glass(*, actor: Actor, at: datetime, glass_id: UUID) -> tuple[BreakGlass, RecordView]:
    """The record with everything in it, for whoever opened it and while the time lasts. Each reading is in the trail.

    Raises RuleBroken: not_allowed, glass_unknown, glass_closed, record_unknown, reading_reason_needed.
    """
    glass = _opened(actor, at, glass_id)
    with unit_of_work(actor=actor, at=at):
        note_reading(
            actor=actor, at=at, subject_kind="restricted", subject_id=glass.record_id,
            subject_office=glass.origin_office_id, facts={"glass_id": str(glass.id)},
        )  # fmt: skip
        BreakGlass.objects.filter(id=glass.id).update(readings=F("readings") + 1)
    return glass, record_view(glass.record_id, replace(actor, rights=actor.rights | {RIGHT}))


def _opened(actor: Actor, at: datetime, glass_id: UUID) -> BreakGlass:
    if not actor.may("record.break_glass"):
        raise RuleBroken("not_allowed")
    glass = BreakGlass.objects.filter(
        id=glass_id, opened_by=actor.officer_id or 0, origin_office_id__in=actor.office_ids
    ).first()
    if glass is None:
        raise RuleBroken("glass_unknown")
    if not is_open(glass.expires_at, at):
        raise RuleBroken("glass_closed")
    return glass


def review_glass(*, actor: Actor, at: datetime, glass_id: UUID, justified: bool, words: str) -> BreakGlass:
    """A leader says whether an opening was justified; once, and never of his own opening.

    Raises RuleBroken: not_allowed, glass_unknown, second_reader_required, reviewed_already, review_words_missing.
    """
    if not actor.may("reading.review") or actor.officer_id is None:
        raise RuleBroken("not_allowed")
    with unit_of_work(actor=actor, at=at) as work:
        glass = (
            BreakGlass.objects.select_for_update().filter(id=glass_id, origin_office_id__in=actor.office_ids).first()
        )
        if glass is None:
            raise RuleBroken("glass_unknown")
        if glass.opened_by in actor.hands:
            raise RuleBroken("second_reader_required")
        if glass.verdict != Verdict.WAITING:
            raise RuleBroken("reviewed_already")
        if letters_of(words) < REVIEW_LETTERS:
            raise RuleBroken("review_words_missing", field="words")
        glass.verdict = Verdict.JUSTIFIED if justified else Verdict.NOT_JUSTIFIED
        glass.reviewed_by, glass.reviewed_at, glass.review_words = actor.officer_id, at, " ".join(words.split())[:500]
        glass.save(update_fields=["verdict", "reviewed_by", "reviewed_at", "review_words"])
        work.record(
            "glass.reviewed", subject_kind="record", subject_id=glass.record_id, subject_office=glass.origin_office_id,
            after={"words": glass.review_words}, facts={"glass_id": str(glass.id), "verdict": glass.verdict},
        )  # fmt: skip
        work.announce("glass.reviewed", subject_kind="break_glass", subject_id=glass.id, office=glass.origin_office_id)
    return glass
