"""One batch out of a browser's outbox: a single transaction, an answer for every item."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import DataError, IntegrityError

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.database.scope import office_scope
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.keying.queries.saving import keyed_on_day, package_to_save_in
from hotich.keying.rules.sync import SyncAnswer, SyncItem
from hotich.keying.services.access import CHECK, KEY, must_have
from hotich.keying.services.entries import Desk
from hotich.keying.services.entry_parts import refused
from hotich.keying.services.second import receive_second_keyings

FIRST = "key"


@dataclass(frozen=True, slots=True)
class Received:
    """The answers in the order of the items, and how many places their keyer has keyed on this day, on all PCs."""

    answers: list[SyncAnswer]
    today: int


def receive_items(*, actor: Actor, at: datetime, items: Sequence[SyncItem], clock_error: int = 0) -> list[SyncAnswer]:
    """As `receive_batch`: the answers alone."""
    return receive_batch(actor=actor, at=at, items=items, clock_error=clock_error).answers


def receive_batch(*, actor: Actor, at: datetime, items: Sequence[SyncItem], clock_error: int = 0) -> Received:
    """Keep what was keyed.

    All new cases go in together; where that fails nothing of the batch is written, and each item goes in, or is refused,
    in a savepoint of its own. The same item again changes nothing and is answered as before. `clock_error`: of the PC,
    milliseconds ahead of the server. Items are answered `refused` with the codes of the services they go to; raises
    RuleBroken not_allowed for whoever neither keys nor checks.
    """
    must_have(actor, KEY, CHECK)
    try:
        return _received(actor, at, items, clock_error, is_together=True)
    except (RuleBroken, DataError, IntegrityError):
        return _received(actor, at, items, clock_error, is_together=False)


def _received(
    actor: Actor, at: datetime, items: Sequence[SyncItem], clock_error: int, *, is_together: bool
) -> Received:
    answers: dict[int, SyncAnswer] = {}
    with office_scope(actor.office_ids, savepoint=False), unit_of_work(actor=actor, at=at) as work:
        for package_id in sorted({item.package for item in items}):  # everybody locks packages in this order
            of_package = [place for place, item in enumerate(items) if item.package == package_id]
            first = [place for place in of_package if items[place].kind == FIRST]
            second = [place for place in of_package if items[place].kind != FIRST]
            if first:
                kept = _keep(work, [items[place] for place in first], clock_error, is_together)
                answers |= dict(zip(first, kept, strict=True))
            if second:
                kept = _keep_second(actor, at, [items[place] for place in second], clock_error)
                answers |= dict(zip(second, kept, strict=True))
        today = keyed_on_day(actor, at)
    return Received([answers[place] for place in range(len(items))], today)


def _keep(work: UnitOfWork, items: Sequence[SyncItem], clock_error: int, is_together: bool) -> list[SyncAnswer]:
    """First keyings of one package. Together new cases raise what makes one of them fail."""
    try:
        must_have(work.actor, KEY)
        package = package_to_save_in(work.actor, items[0].package)
    except RuleBroken as fault:
        return [refused(item, fault) for item in items]
    return Desk(work, package, clock_error).receive(items, is_together=is_together)


def _keep_second(actor: Actor, at: datetime, items: Sequence[SyncItem], clock_error: int) -> list[SyncAnswer]:
    try:
        return receive_second_keyings(actor=actor, at=at, items=items, clock_error=clock_error)
    except RuleBroken as fault:
        return [refused(item, fault) for item in items]
