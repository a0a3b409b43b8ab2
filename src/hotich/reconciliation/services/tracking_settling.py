"""What follows from a verdict: the citizen is contacted, what is wrong is put right where it is wrong, the item closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.database.scope import office_scope
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.kernel.text import clean_text
from hotich.kernel.working_days import due_date
from hotich.reconciliation.models import TrackingContact, TrackingField, TrackingFollowUp, TrackingItem, TrackingTask
from hotich.reconciliation.rules.tracking_values import register_field, value_for_book
from hotich.reconciliation.rules.tracking_workflow import (
    ITEM,
    Judged,
    heaviest,
    may_close,
    next_state,
    tasks_needed,
    tasks_of_field,
)
from hotich.reconciliation.services.access import must_have
from hotich.reconciliation.services.requests import ADJUSTABLE, propose_adjustment
from hotich.reconciliation.services.tracking import LONGEST_WORDS, announce, keep, locked_item, note
from hotich.reconciliation.services.tracking_verifying import begun_since
from hotich.records.models import KeyingRepair
from hotich.records.services import propose_repair
from hotich.registers.queries.configuration import constant_at
from hotich.registers.rules.values import Recorded
from hotich.registers.types import version_by_id


def log_contact(
    *, actor: Actor, at: datetime, item_id: UUID, way: str, is_reached: bool, words: str
) -> TrackingContact:
    """Write down that the citizen was spoken to, written to, or not reached. Nothing of it is changed later.

    Raises RuleBroken: not_allowed, contact_way_unknown, contact_words_missing, tracking_unknown,
    act_not_allowed_in_state.
    """
    officer = must_have(actor, "population.settle")
    if way not in TrackingContact.Way.values:
        raise RuleBroken("contact_way_unknown", field="way")
    if not words.strip():
        raise RuleBroken("contact_words_missing", field="contact_words")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        item = locked_item(actor, item_id)
        before = item.state
        item.state = next_state(ITEM, item.state, "contact")
        made = TrackingContact.objects.create(
            origin_office_id=item.origin_office_id, item=item, way=way, is_reached=is_reached,
            words=clean_text(words)[:1000], by=officer, at=at,
        )  # fmt: skip
        keep(item)
        note(
            work,
            item,
            "tracking.contacted",
            after={"words": made.words},
            facts={"contact_way": way, "reached": is_reached},
        )
        if item.state != before:
            announce(work, item)
    return made


# ---- what follows


def needed_tasks(fields: Sequence[TrackingField]) -> tuple[str, ...]:
    """What follows from the verdicts on these fields, the heaviest first."""
    return tasks_needed([judged_of(field) for field in fields], ADJUSTABLE)


def fields_of_task(fields: Sequence[TrackingField], task: str) -> list[TrackingField]:
    """The fields because of which something is to be done."""
    return [field for field in fields if task in tasks_of_field(judged_of(field), ADJUSTABLE)]


def judged_of(field: TrackingField) -> Judged:
    """A row as rules see it."""
    return Judged(field.field, field.ours, field.theirs, field.verdict, field.right_value)


def start_task(
    *, actor: Actor, at: datetime, item_id: UUID, version: int, task: str, words: str = "", ref: str = ""
) -> TrackingFollowUp:
    """Begin what follows from a verdict: three different things in law.

    keying_repair: proposes a repair of the record with the right values, which a second officer decides against the scan;
    legal_correction: notes that the citizen was guided to ask for a correction, `ref` the number of the decision once
    there is one; population_adjustment: proposes it for sending, with `words` as its basis.
    Raises RuleBroken: not_allowed, tracking_unknown, changed_meanwhile, tracking_second_person,
    act_not_allowed_in_state, tracking_task_not_needed, tracking_task_started, tracking_no_record,
    tracking_field_not_in_register, tracking_words_missing, and what the service of the task refuses with.
    """
    officer = must_have(actor, "population.settle")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        item = locked_item(actor, item_id, version=version)
        _second_person(actor, item)
        item.state = next_state(ITEM, item.state, "start_task")
        fields = list(item.fields.order_by("id"))
        if task not in needed_tasks(fields):
            raise RuleBroken("tracking_task_not_needed")
        if task in stands(item):
            raise RuleBroken("tracking_task_started")
        reference = _begun(work, item, task, fields_of_task(fields, task), words.strip(), ref.strip())
        made = TrackingFollowUp.objects.create(
            origin_office_id=item.origin_office_id, item=item, task=task, ref=reference[:100],
            words=clean_text(words)[:500], by=officer, at=at,
        )  # fmt: skip
        item.task = heaviest({*begun_since(item).values_list("task", flat=True)})
        item.task_ref = reference[:100] if item.task == task else item.task_ref
        keep(item, "task", "task_ref")
        note(work, item, "tracking.task_started", after={"ref": made.ref, "words": made.words}, facts={"task": task})
    return made


def stands(item: TrackingItem) -> set[str]:
    """What was started because of the present verdict and was not refused or taken back since."""
    found = {each.task: each for each in begun_since(item).order_by("at", "id")}
    repair = found.get(TrackingTask.KEYING_REPAIR)
    if repair is not None:
        ended = (KeyingRepair.State.REFUSED, KeyingRepair.State.WITHDRAWN)
        if KeyingRepair.objects.filter(id=repair.ref, state__in=ended).exists():
            del found[TrackingTask.KEYING_REPAIR]
    adjustment = found.get(TrackingTask.POPULATION_ADJUSTMENT)
    if adjustment is not None and item.requests.filter(id=adjustment.ref, state__in=("refused", "cancelled")).exists():
        del found[TrackingTask.POPULATION_ADJUSTMENT]
    return set(found)


def _second_person(actor: Actor, item: TrackingItem) -> None:
    if item.verified_by is not None and item.verified_by in actor.hands:
        raise RuleBroken("tracking_second_person")


def _begun(
    work: UnitOfWork, item: TrackingItem, task: str, fields: Sequence[TrackingField], words: str, ref: str
) -> str:
    """Do it; what the follow-up refers to."""
    if task == TrackingTask.KEYING_REPAIR:
        return _repair(work, item, fields, words)
    if not words:
        raise RuleBroken("tracking_words_missing", field="task_words")
    if task == TrackingTask.LEGAL_CORRECTION:
        return clean_text(ref)
    changes = [(field.field, field.theirs, field.right_value) for field in fields]
    return str(propose_adjustment(work, tracking=item, changes=changes, basis=words).id)


def _repair(work: UnitOfWork, item: TrackingItem, fields: Sequence[TrackingField], words: str) -> str:
    if item.record is None:
        raise RuleBroken("tracking_no_record")
    version = version_by_id(item.record.schema_version)
    values: dict[str, Recorded] = {}
    for field in fields:
        code = register_field(version, item.check_of.role, field.field)
        if not code:
            raise RuleBroken("tracking_field_not_in_register", name=field.field)
        values[code] = value_for_book(field.field, field.right_value)
    repair = propose_repair(
        actor=work.actor, at=work.at, record_id=item.record.id, version=item.record.version, values=values,
        reason=words or item.verdict_words,
    )  # fmt: skip
    return str(repair.id)


def close_item(*, actor: Actor, at: datetime, item_id: UUID, version: int, words: str = "") -> TrackingItem:
    """Take an item off the list: it has a verdict, what follows was started, or `words` say why it was not.

    Raises RuleBroken: not_allowed, tracking_unknown, changed_meanwhile, tracking_second_person,
    act_not_allowed_in_state, tracking_without_verdict, tracking_tasks_left, tracking_citizen_not_contacted.
    """
    officer = must_have(actor, "population.settle")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        item = locked_item(actor, item_id, version=version)
        _second_person(actor, item)
        item.state = next_state(ITEM, item.state, "close")
        needed, started = needed_tasks(list(item.fields.all())), stands(item)
        code = may_close(
            needed, started, verdict=item.verdict, contacts=item.contacts.filter(at__gte=item.opened_at).count(),
            words=words,
        )  # fmt: skip
        if code:
            raise RuleBroken(code, field="closing_words")
        item.task = heaviest(started)
        item.closed_by, item.closed_at, item.closing_words = officer, at, clean_text(words)[:500]
        keep(item, "task", "closed_by", "closed_at", "closing_words")
        note(
            work, item, "tracking.closed", facts={"verdict": item.verdict, "task": item.task},
            after={"words": item.closing_words[:LONGEST_WORDS]} if item.closing_words else None,
        )  # fmt: skip
        announce(work, item)
    return item


def reopen_item(*, actor: Actor, at: datetime, item_id: UUID, version: int, reason: str) -> TrackingItem:
    """A closed item comes on the list again, with its verdict: what followed was refused, or was not enough.

    Raises RuleBroken: not_allowed, reason_missing, tracking_unknown, changed_meanwhile, act_not_allowed_in_state.
    """
    must_have(actor, "population.settle")
    if not reason.strip():
        raise RuleBroken("reason_missing", field="reason")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        item = locked_item(actor, item_id, version=version)
        item.state = next_state(ITEM, item.state, "reopen")
        item.closed_by = item.closed_at = None
        item.due_on = due_date(at, constant_at("population_settle_days", item.origin_office_id))
        keep(item, "closed_by", "closed_at", "due_on")
        note(work, item, "tracking.reopened", after={"reason": reason.strip()[:LONGEST_WORDS]})
        announce(work, item)
    return item
