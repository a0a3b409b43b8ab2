"""The tracking list: an item comes on it with a check that differs, and is given to a verifier of the police."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.database.copy import copy_objects
from hotich.database.scope import office_scope
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.kernel.working_days import due_date
from hotich.reconciliation.models import PopulationCheck, TrackingField, TrackingItem, Verdict
from hotich.reconciliation.queries.tracking_officers import verifiers_of
from hotich.reconciliation.rules.tracking_workflow import ITEM, next_state
from hotich.reconciliation.services.access import must_have
from hotich.registers.queries.configuration import constant_at

SUBJECT = "tracking"
MOST_AT_ONCE = 500
LOOKED_UP = "Đã tra cứu lại sau kết luận “không phải cùng một người”; kết thúc theo quy tắc."
LONGEST_WORDS = 1000


def open_item(work: UnitOfWork, *, check: PopulationCheck, register_type: str = "") -> TrackingItem:
    """Put a check that differs on the list, with the fields of `check.differences`; the caller holds it.

    Only of approved records (`register_type`: where there is none yet). A check that differs anew begins from the
    start: its former verdict stays in the trail. Raises RuleBroken tracking_nothing_differs.
    """
    return open_items(work, checks=[check], register_type=register_type)[0]


def open_items(
    work: UnitOfWork, *, checks: Sequence[PopulationCheck], register_type: str = "", anew: Collection[UUID] = ()
) -> list[TrackingItem]:
    """`open_item` for many checks in a few statements, in their order. An item whose fields are as they were stays as
    it is, so that a run that is repeated changes nothing; but one of `anew` (ids of checks that were equal meanwhile),
    and one that was about somebody else, begins from the start."""
    if any(not check.differences for check in checks):
        raise RuleBroken("tracking_nothing_differs")
    standing = {
        item.check_of_id: item
        for item in TrackingItem.objects.select_for_update(of=("self",)).filter(check_of__in=checks)
    }
    due = due_date(work.at, constant_at("population_verify_days", work.actor.office_id))
    made: list[TrackingItem] = []
    fresh: list[TrackingItem] = []
    again: list[TrackingItem] = []
    fields: list[TrackingField] = []
    before = _fields_by_item(standing.values())
    said = {item.id: _verdict_of(item) for item in standing.values() if item.verdict}
    for check in checks:
        item = standing.get(check.id)
        is_same = item is not None and check.id not in anew and item.verdict != Verdict.OTHER_PERSON
        if item is not None and is_same and before.get(item.id, set()) == _shape(check):
            made.append(item)
            continue
        if item is None:
            item = TrackingItem(check_of=check, origin_office_id=check.origin_office_id)
            fresh.append(item)
        else:
            again.append(item)
        _begin(work, item, check, register_type, due)
        fields += _fields(item, check)
        made.append(item)
    copy_objects(fresh)
    for item in again:
        item.save()
    TrackingField.objects.filter(item__in=again).delete()
    copy_objects(fields)
    fresh_ids = {item.id for item in fresh}
    for item in [*fresh, *again]:
        note(
            work, item, "tracking.opened" if item.id in fresh_ids else "tracking.opened_again", before=said.get(item.id)
        )
        announce(work, item)
    return made


def _begin(work: UnitOfWork, item: TrackingItem, check: PopulationCheck, register_type: str, due: Any) -> None:
    if not item._state.adding:
        item.state = next_state(ITEM, item.state, "found_again")
        item.version += 1
    item.record_id = check.record_id
    item.register_type = check.record.register_type if check.record is not None else register_type
    item.assigned_to, item.due_on = None, due
    item.opened_at, item.opened_by = work.at, work.actor.officer_id
    item.verdict = item.verdict_words = item.task = item.task_ref = item.closing_words = ""
    item.verified_by = item.verified_at = item.closed_by = item.closed_at = item.bulk_id = None


def _verdict_of(item: TrackingItem) -> dict[str, Any]:
    """What was judged, for the trail: an item that begins from the start loses it."""
    fields = {each.field: [each.verdict, each.right_value] for each in item.fields.all()}
    return {"verdict": item.verdict, "words": item.verdict_words, "fields": fields}


def _fields(item: TrackingItem, check: PopulationCheck) -> Iterable[TrackingField]:
    seen: set[str] = set()
    for each in check.differences:
        name = str(each["field"])[:30]
        if name in seen:
            continue
        seen.add(name)
        yield TrackingField(
            origin_office_id=item.origin_office_id, item=item, field=name, kind=str(each.get("kind", ""))[:20],
            is_basic=bool(each.get("is_basic")), ours=str(each.get("ours") or "")[:500],
            theirs=str(each.get("theirs") or "")[:500],
        )  # fmt: skip


def _shape(check: PopulationCheck) -> set[tuple[str, str, str]]:
    return {
        (str(each["field"])[:30], str(each.get("ours") or "")[:500], str(each.get("theirs") or "")[:500])
        for each in check.differences
    }


def _fields_by_item(items: Collection[TrackingItem]) -> dict[UUID, set[tuple[str, str, str]]]:
    found: dict[UUID, set[tuple[str, str, str]]] = {}
    if items:
        for field in TrackingField.objects.filter(item__in=items):
            found.setdefault(field.item_id, set()).add((field.field, field.ours, field.theirs))
    return found


# ---- what every service of the list asks


def locked_item(actor: Actor, item_id: UUID, *, version: int | None = None) -> TrackingItem:
    """The item with its check, locked, of one of the actor's offices; `version` as the page showed it.

    Raises RuleBroken: tracking_unknown, changed_meanwhile.
    """
    found = (
        TrackingItem.objects.select_for_update(of=("self",))
        .select_related("check_of__record", "record")
        .filter(id=item_id, origin_office_id__in=actor.office_ids)
        .first()
    )
    if found is None:
        raise RuleBroken("tracking_unknown")
    if version is not None and version != found.version:
        raise RuleBroken("changed_meanwhile")
    return found


def keep(item: TrackingItem, *fields: str) -> None:
    """Save what an act changed; the version goes on."""
    item.version += 1
    item.save(update_fields=["state", "version", *fields])


def note(
    work: UnitOfWork, item: TrackingItem, verb: str, *, before: Any = None, after: Any = None,
    facts: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """An act on an item in the trail. Words of officers may name citizens: they go to the detail."""
    known: dict[str, Any] = {"state": str(item.state)}
    if item.record_id is not None:
        known["record_id"] = str(item.record_id)
    work.record(
        verb, subject_kind=SUBJECT, subject_id=item.id, subject_office=item.origin_office_id, before=before,
        after=after, facts={**known, **(facts or {})},
    )  # fmt: skip


def note_look(*, actor: Actor, at: datetime, item: TrackingItem, part: str, file_id: UUID | None = None) -> None:
    """Write that somebody looked at an item of no record, or at a paper of one; called before it is shown."""
    with unit_of_work(actor=actor, at=at) as work:
        note(work, item, "tracking.read", facts={"part": part, "file": str(file_id or "")})


def announce(work: UnitOfWork, item: TrackingItem) -> None:
    """Tell the event log where an item stands, e.g. "tracking.verified"."""
    work.announce(f"tracking.{item.state}", subject_kind=SUBJECT, subject_id=item.id, office=item.origin_office_id)


def end_by_rule(work: UnitOfWork, item: TrackingItem, words: str, *, before: Any = None) -> None:
    """Close an item (locked) that has a verdict, by what happened to its check; nobody's name stands for it."""
    item.state = next_state(ITEM, item.state, "end_by_rule")
    item.assigned_to = None if not item.verified_by else item.assigned_to
    item.closed_by, item.closed_at, item.closing_words = None, work.at, words
    keep(
        item, "assigned_to", "verdict", "verdict_words", "verified_at", "task", "task_ref", "closed_by", "closed_at",
        "closing_words",
    )  # fmt: skip
    note(
        work, item, "tracking.ended_by_rule", before=before, after={"words": words},
        facts={"verdict": item.verdict, "task": item.task},
    )  # fmt: skip
    announce(work, item)


# ---- who verifies


def assign_items(*, actor: Actor, at: datetime, item_ids: Sequence[UUID], officer_id: int) -> list[TrackingItem]:
    """Give items to a verifier of the police at the own office; again to another one while not verified.

    All or none. Raises RuleBroken: not_allowed, tracking_none_chosen, tracking_too_many, tracking_unknown,
    act_not_allowed_in_state, verifier_unknown, verifier_decided_check.
    """
    must_have(actor, "population.settle")
    ids = list(dict.fromkeys(item_ids))
    if not ids:
        raise RuleBroken("tracking_none_chosen")
    if len(ids) > MOST_AT_ONCE:
        raise RuleBroken("tracking_too_many", most=MOST_AT_ONCE)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        found = list(
            TrackingItem.objects.select_for_update(of=("self",))
            .select_related("check_of")
            .filter(id__in=ids, origin_office_id__in=actor.office_ids)
            .order_by("id")
        )
        if len(found) != len(ids):
            raise RuleBroken("tracking_unknown")
        if officer_id not in verifiers_of(actor.office_id, at=at):
            raise RuleBroken("verifier_unknown", field="officer")
        for item in found:
            if item.check_of.decided_by == officer_id:
                raise RuleBroken("verifier_decided_check", field="officer")
            item.state = next_state(ITEM, item.state, "assign")
            item.assigned_to = officer_id
            keep(item, "assigned_to")
            note(work, item, "tracking.assigned", facts={"officer": officer_id})
            announce(work, item)
    return found


def take_item(*, actor: Actor, at: datetime, item_id: UUID) -> TrackingItem:
    """A verifier of the police takes an item himself, also one that a colleague has.

    Raises RuleBroken: not_allowed, tracking_unknown, verifier_decided_check, act_not_allowed_in_state.
    """
    officer = must_have(actor, "population.verify")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        item = locked_item(actor, item_id)
        refuse_own_check(actor, item)
        item.state = next_state(ITEM, item.state, "take")
        item.assigned_to = officer
        keep(item, "assigned_to")
        note(work, item, "tracking.taken", facts={"officer": officer})
        announce(work, item)
    return item


def refuse_own_check(actor: Actor, item: TrackingItem) -> None:
    """Who says what a check found, or who acts for him, does not verify it. Raises RuleBroken verifier_decided_check."""
    if item.check_of.decided_by is not None and item.check_of.decided_by in actor.hands:
        raise RuleBroken("verifier_decided_check")


def give_back(*, actor: Actor, at: datetime, item_ids: Sequence[UUID], reason: str) -> list[TrackingItem]:
    """Items that were given to a verifier wait again: by that verifier, or by who gives them out. All or none.

    Raises RuleBroken: not_allowed, tracking_none_chosen, tracking_too_many, reason_missing, tracking_unknown,
    tracking_not_yours, act_not_allowed_in_state.
    """
    if not actor.may("population.settle"):
        must_have(actor, "population.verify")
    if not item_ids:
        raise RuleBroken("tracking_none_chosen")
    if len(item_ids) > MOST_AT_ONCE:
        raise RuleBroken("tracking_too_many", most=MOST_AT_ONCE)
    if not reason.strip():
        raise RuleBroken("reason_missing", field="reason")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        made = []
        for item_id in sorted(set(item_ids)):
            item = locked_item(actor, item_id)
            if not actor.may("population.settle") and item.assigned_to not in actor.hands:
                raise RuleBroken("tracking_not_yours")
            item.state = next_state(ITEM, item.state, "give_back")
            before, item.assigned_to = item.assigned_to, None
            keep(item, "assigned_to")
            note(
                work,
                item,
                "tracking.given_back",
                after={"reason": reason.strip()[:LONGEST_WORDS]},
                facts={"officer": before},
            )
            announce(work, item)
            made.append(item)
    return made
