"""Writes: an operation on units is approved and carried out whole: units and offices, then posts and books.

Records stay where they were registered (`origin_office_id`); the successor's officers see them from the moment the
succession stands, because their scope is drawn from it at every request.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from datetime import date, datetime
from uuid import UUID

from django.db.models import F

from hotich.accounts.models import Post
from hotich.accounts.services import end_post, give_post
from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.kernel.actor import Actor
from hotich.kernel.clock import in_vietnam
from hotich.kernel.problems import RuleBroken
from hotich.registers.models import Book
from hotich.registers.queries.succession import posts_at, problems_at_offices
from hotich.units import services as units
from hotich.units.models import UnitOperation
from hotich.units.queries import operation_by_id, operations_due
from hotich.units.rules.operations import last_day_before
from hotich.units.rules.plans import Plan, completed, from_json

BY_THE_SYSTEM = frozenset({"unit.approve"})


def propose_operation(*, actor: Actor, at: datetime, operation_id: UUID, version: int) -> UnitOperation:
    """Lay a draft before the second person. Raises RuleBroken as `units.services.propose_operation`."""
    more = tuple(problems_at_offices(operation_by_id(operation_id)))
    return units.propose_operation(actor=actor, at=at, operation_id=operation_id, version=version, more=more)


def approve_operation(*, actor: Actor, at: datetime, operation_id: UUID, version: int) -> UnitOperation:
    """The second person agrees; an operation whose day has come is carried out in the same transaction, another one
    waits for its day (`carry_out_due`). Approving again what is in force changes nothing.

    Raises RuleBroken as `units.services.approve_operation`.
    """
    found = operation_by_id(operation_id)
    if found.state == "in_force" and found.approved_by == actor.officer_id and actor.officer_id is not None:
        return found  # the same button pressed twice
    with unit_of_work(actor=actor, at=at):
        more = tuple(problems_at_offices(found))
        operation = units.approve_operation(actor=actor, at=at, operation_id=operation_id, version=version, more=more)
        if operation.effective_on <= in_vietnam(at).date():
            operation = carry_out_operation(actor=actor, at=at, operation_id=operation_id)
    return operation


def carry_out_operation(*, actor: Actor, at: datetime, operation_id: UUID) -> UnitOperation:
    """Do all an approved operation says, in one transaction. Called again it does nothing.

    Raises RuleBroken as `units.services.apply_operation`, and what giving and ending posts refuses.
    """
    with unit_of_work(actor=actor, at=at) as work:
        applied = units.apply_operation(actor=actor, at=at, operation_id=operation_id)
        operation = applied.operation
        if applied.repeated:
            return operation
        plan = completed(from_json(operation.plan))
        counts = Counter(
            units_ended=applied.units_ended,
            units_begun=applied.units_begun,
            offices_closed=len(applied.keepers),
            offices_opened=applied.offices_opened,
            offices_changed=applied.offices_changed,
        )
        counts.update(_move_books(work, plan, applied))
        counts.update(_move_posts(actor, at, operation.effective_on, plan, applied))
        units.note_outcome(operation, dict(counts))
    return operation


def carry_out_due(*, at: datetime) -> list[UUID]:
    """Carry out every approved operation whose day has come; those refused wait, and stay visible as approved."""
    actor = Actor(login="system", office_id=0, rights=BY_THE_SYSTEM)
    done = []
    for operation in operations_due(in_vietnam(at).date()):
        try:
            carry_out_operation(actor=actor, at=at, operation_id=operation.id)
        except RuleBroken as refusal:
            units.note_refusal(operation_id=operation.id, code=refusal.code)
            continue
        done.append(operation.id)
    return done


def _move_books(work: UnitOfWork, plan: Plan, applied: units.Applied) -> dict[str, int]:
    """Books keep the office that registered in them; the office that keeps them is the successor."""
    moved = 0
    for text, target in plan.books.items():
        place = applied.places.get(target)
        book = Book.objects.select_for_update().get(id=UUID(text))
        if place is None or book.keeping_office_id not in applied.keepers:
            continue
        _note_keeper(work, book.keeping_office_id, place, 1)
        Book.objects.filter(id=book.id).update(keeping_office_id=place, version=F("version") + 1)
        moved += 1
    for closed, keeper in applied.keepers.items():
        if keeper is None:
            continue
        number = Book.objects.filter(keeping_office_id=closed).update(
            keeping_office_id=keeper, version=F("version") + 1
        )
        if number:
            _note_keeper(work, closed, keeper, number)
        moved += number
    return {"books": moved}


def _note_keeper(work: UnitOfWork, closed: int, keeper: int, number: int) -> None:
    work.record(
        "book.keeper_changed",
        subject_kind="office",
        subject_id=closed,
        subject_office=closed,
        facts={"keeper": keeper, "books": number},
    )


def _move_posts(actor: Actor, at: datetime, on: date, plan: Plan, applied: units.Applied) -> dict[str, int]:
    """Posts end at the closed office and go on at the successor: the same role, from the day."""
    # who may approve a merger need not look after accounts, and his own post goes along with the others
    mover = dataclasses.replace(actor, officer_id=None, rights=actor.rights | {"officer.manage", "technical.manage"})
    counts: Counter[str] = Counter()
    for post in posts_at(applied.keepers, on):
        end_post(
            actor=mover, at=at, officer_id=post.officer_id, office_id=post.office_id, role=post.role,
            valid_to=last_day_before(on),
        )  # fmt: skip
        counts["posts_ended"] += 1
        target = plan.posts.get(post.id)
        place = applied.places.get(target) if target is not None else applied.keepers[post.office_id]
        if place is not None:
            counts["posts_given"] += _give(mover, at, post, place, on)
    return dict(counts)


def _give(mover: Actor, at: datetime, post: Post, office_id: int, on: date) -> int:
    try:
        give_post(
            actor=mover, at=at, officer_id=post.officer_id, office_id=office_id, role=post.role, valid_from=on,
            valid_to=post.valid_to,
        )  # fmt: skip
    except RuleBroken as refusal:
        if refusal.code != "post_held_already":  # at several of the merged offices: one post is enough
            raise
        return 0
    return 1
