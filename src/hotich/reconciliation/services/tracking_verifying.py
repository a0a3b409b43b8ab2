"""What the police say of an item: a verdict on every field, papers that show it. The officer may send it back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.database.scope import office_scope
from hotich.files.services import store_file
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.kernel.text import clean_text
from hotich.kernel.working_days import due_date
from hotich.reconciliation.models import TrackingEvidence, TrackingFollowUp, TrackingItem, Verdict
from hotich.reconciliation.queries.tracking import is_hidden
from hotich.reconciliation.rules.tracking_values import right_value
from hotich.reconciliation.rules.tracking_workflow import (
    ITEM,
    NOT_CLOSED,
    Judged,
    judged_fields,
    next_state,
    verdict_of,
)
from hotich.reconciliation.services.access import must_have
from hotich.reconciliation.services.check_effects import take_effect
from hotich.reconciliation.services.checks import locked_check, reopen_check
from hotich.reconciliation.services.evidence_files import LARGEST, MOST_FILES, media_type_of
from hotich.reconciliation.services.tracking import (
    LONGEST_WORDS,
    announce,
    keep,
    locked_item,
    note,
    refuse_own_check,
)
from hotich.reconciliation.services.unknown_numbers import unknown_number
from hotich.registers.queries.configuration import constant_at


def verify_item(
    *, actor: Actor, at: datetime, item_id: UUID, version: int, verdicts: Mapping[str, tuple[str, str]], words: str
) -> TrackingItem:
    """A verifier of the police at the same office says of every field who is right, and by what he knows.

    `verdicts`: field → (verdict, right value as typed, "" where a side tells it). Not the citizen of the check: the
    check is open again (to be looked up anew) and the number taken over is withdrawn. A number the population database
    does not know is right: whoever has it is proposed to be entered, and the item ends. From now on the civil-status
    officer has his own time. Raises RuleBroken: not_allowed, tracking_words_missing, tracking_unknown,
    changed_meanwhile, tracking_not_yours, verifier_decided_check, tracking_restricted, act_not_allowed_in_state,
    right_value_unreadable, and what `judged_fields` refuses with.
    """
    officer = must_have(actor, "population.verify")
    if not words.strip():
        raise RuleBroken("tracking_words_missing", field="words")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        item = locked_item(actor, item_id, version=version)
        if item.state == "verifying" and item.assigned_to not in actor.hands:
            raise RuleBroken("tracking_not_yours")
        refuse_own_check(actor, item)
        if is_hidden(actor, item):
            raise RuleBroken("tracking_restricted")
        item.state = next_state(ITEM, item.state, "verify")
        judged = _judge(item, verdicts)
        item.verdict, item.verdict_words = verdict_of(judged), clean_text(words)[:LONGEST_WORDS]
        item.verified_by, item.verified_at = officer, at
        item.due_on = due_date(at, constant_at("population_settle_days", item.origin_office_id))
        keep(item, "verdict", "verdict_words", "verified_by", "verified_at", "due_on")
        note(
            work, item, "tracking.verified", facts={"verdict": item.verdict, "fields": len(judged)},
            after={"fields": {each.field: [each.verdict, each.right] for each in judged}, "words": item.verdict_words},
        )  # fmt: skip
        announce(work, item)
        if item.verdict == Verdict.OTHER_PERSON:
            _open_check_again(work, item)
        elif item.verdict == Verdict.BOOK:
            _propose_absent(work, item)
    return item


def _judge(item: TrackingItem, verdicts: Mapping[str, tuple[str, str]]) -> tuple[Judged, ...]:
    fields = {field.field: field for field in item.fields.select_for_update()}
    given = {name: (verdict, right_value(name, typed)) for name, (verdict, typed) in verdicts.items() if name in fields}
    judged = judged_fields([Judged(each.field, each.ours, each.theirs) for each in fields.values()], given)
    for each in judged:
        field = fields[each.field]
        field.verdict, field.right_value = each.verdict, each.right
        field.save(update_fields=["verdict", "right_value"])
    return judged


def _open_check_again(work: UnitOfWork, item: TrackingItem) -> None:
    """The citizen found was somebody else: who the participant is must be asked again, and he is no candidate any more."""
    check = locked_check(work.actor, item.check_of_id)
    wrong = check.citizen_ref
    reopen_check(work, check, reason="Công an xác minh: không phải cùng một người")
    check.candidates = [each for each in check.candidates if each.get("ref") != wrong]
    check.denied = sorted({*check.denied, wrong} - {""})
    check.save(update_fields=["candidates", "denied"])


def _propose_absent(work: UnitOfWork, item: TrackingItem) -> None:
    """The number of an absent one is right: he is proposed to be entered with it, which the police confirm."""
    check = locked_check(work.actor, item.check_of_id)
    if unknown_number(check):
        take_effect(work, [check])
        item.refresh_from_db()


def send_back(*, actor: Actor, at: datetime, item_id: UUID, version: int, reason: str) -> TrackingItem:
    """The civil-status officer asks the verifier to look again; the verdict so far stays in the trail.

    Raises RuleBroken: not_allowed, reason_missing, tracking_unknown, changed_meanwhile, act_not_allowed_in_state,
    tracking_task_started (what follows was begun already), tracking_check_open (somebody else is looked for already).
    """
    must_have(actor, "population.settle")
    if not reason.strip():
        raise RuleBroken("reason_missing", field="reason")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        item = locked_item(actor, item_id, version=version)
        item.state = next_state(ITEM, item.state, "send_back")
        if item.verdict == Verdict.OTHER_PERSON:
            raise RuleBroken("tracking_check_open")
        if begun_since(item).exists():
            raise RuleBroken("tracking_task_started")
        before = {"verdict": item.verdict, "words": item.verdict_words,
                  "fields": {each.field: [each.verdict, each.right_value] for each in item.fields.all()}}  # fmt: skip
        item.assigned_to, item.verdict, item.verdict_words = item.verified_by, "", ""
        item.verified_by = item.verified_at = None
        item.due_on = due_date(at, constant_at("population_verify_days", item.origin_office_id))
        keep(item, "assigned_to", "verdict", "verdict_words", "verified_by", "verified_at", "due_on")
        item.fields.update(verdict="", right_value="")
        note(work, item, "tracking.sent_back", before=before, after={"reason": reason.strip()[:LONGEST_WORDS]})
        announce(work, item)
    return item


def begun_since(item: TrackingItem) -> QuerySet[TrackingFollowUp]:
    """What was started because of the present verdict; what followed a former one is history."""
    return item.follow_ups.filter(at__gte=item.verified_at) if item.verified_at else item.follow_ups.none()


def add_evidence(
    *, actor: Actor, at: datetime, item_id: UUID, name: str, content: bytes, words: str
) -> TrackingEvidence:
    """Keep a paper that shows what is right: PDF, JPEG or PNG, told by its content and opened to see that it is whole.

    By the verifier or the officer, until the item is closed. Raises RuleBroken: not_allowed, evidence_words_missing,
    evidence_too_large, evidence_not_accepted, tracking_unknown, act_not_allowed_in_state, evidence_too_many, file_empty.
    """
    if not actor.may("population.settle"):
        must_have(actor, "population.verify")
    if not words.strip():
        raise RuleBroken("evidence_words_missing", field="evidence_words")
    if len(content) > LARGEST:
        raise RuleBroken("evidence_too_large", field="evidence_file", most=LARGEST // 1024**2)
    if not content:
        raise RuleBroken("file_empty", field="evidence_file", name=name)
    media_type = media_type_of(content)
    if not media_type:
        raise RuleBroken("evidence_not_accepted", field="evidence_file")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        item = locked_item(actor, item_id)
        if item.state not in NOT_CLOSED:
            raise RuleBroken("act_not_allowed_in_state", state=item.state, act="add_evidence")
        if item.evidence.count() >= MOST_FILES:
            raise RuleBroken("evidence_too_many", field="evidence_file", most=MOST_FILES)
        file = store_file(
            office_id=item.origin_office_id, name=name, content=content, media_type=media_type, actor=actor, at=at
        )
        made = TrackingEvidence.objects.create(
            origin_office_id=item.origin_office_id, item=item, file=file, words=clean_text(words)[:300],
            by=actor.officer_id or 0, at=at,
        )  # fmt: skip
        note(work, item, "tracking.evidence_added", after={"words": made.words}, facts={"file": str(file.id)})
    return made
