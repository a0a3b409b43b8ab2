"""A search for links as officers follow it: asked for, advanced piece by piece, stopped, gone on with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from hotich.audit.services import unit_of_work
from hotich.database.scope import office_scope
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.reconciliation.models import LinkSearch, SearchState
from hotich.reconciliation.queries.faulty_items import faulty_items, participants_put_aside
from hotich.reconciliation.queries.link_candidates import compared
from hotich.reconciliation.queries.link_searches import search_of
from hotich.reconciliation.rules.faulty_items import Fault, in_halves
from hotich.reconciliation.rules.link_searches import UNDER_WAY, next_state
from hotich.reconciliation.services import link_search
from hotich.reconciliation.services.faulty_items import put_aside, subjects_of, take_off
from hotich.reconciliation.services.proposals import must_decide
from hotich.registers.queries import books_of_offices


def plan_search(*, actor: Actor, at: datetime, office_id: int, book_id: UUID | None = None) -> LinkSearch:
    """Plan a search of an office or of one of its books; the caller enqueues it in this transaction.

    One that is under way for the same is given back. Raises RuleBroken: not_allowed, office_not_in_scope, book_unknown.
    """
    must_decide(actor)
    if office_id not in actor.office_ids:
        raise RuleBroken("office_not_in_scope", field="office")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        if book_id and not books_of_offices(actor.office_ids).filter(id=book_id, origin_office_id=office_id).exists():
            raise RuleBroken("book_unknown", field="what")
        running = (
            LinkSearch.objects.filter(origin_office_id=office_id, state__in=UNDER_WAY).filter(_of(book_id)).first()
        )
        if running is not None:
            return running
        search = LinkSearch.objects.create(
            origin_office_id=office_id, book_id=book_id, total=compared(office_id, book_id).count(),
            asked_by=actor.officer_id or 0, asked_at=at,
        )  # fmt: skip
        work.record(
            "proposals.search_asked", subject_kind="link_search", subject_id=search.id, subject_office=office_id,
            facts={"participants": search.total},
        )  # fmt: skip
    return search


def advance_search(*, actor: Actor, at: datetime, search_id: UUID) -> bool:
    """Look at the next piece, in one transaction with the place in the search; whether there is more. A piece that fails is
    looked at in halves, and whoever is the cause is put aside.

    Raises RuleBroken: not_allowed, search_unknown.
    """
    must_decide(actor)
    with office_scope(actor.office_ids):
        search_of(actor, search_id)  # a search of another office is no item's fault
    return in_halves(link_search.PIECE, lambda faults, size: _look_at_some(actor, at, search_id, faults, size))


def _look_at_some(actor: Actor, at: datetime, search_id: UUID, faults: Sequence[Fault], size: int) -> bool:
    """The next participants: as many as there are faults are put aside with them, then so many are looked at."""
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at):
        search = search_of(actor, search_id, locked=True)
        if search.state not in UNDER_WAY:
            return False
        if search.began_at is None:
            search.began_at = at
        only = participants_put_aside(search) if search.is_retry else None
        done = link_search.search_for_links(
            actor=actor, at=at, office_id=search.origin_office_id, book_id=search.book_id, after=search.after,
            most=size, skip=len(faults), only=only,
        )  # fmt: skip
        put_aside(search, subjects_of(done.skipped), faults, at=at)
        if search.is_retry:
            take_off(search, subjects_of(done.seen))
        else:
            search.looked_at += done.participants
        search.total = max(search.total, search.looked_at)
        search.proposed += done.proposed
        search.stale += done.stale
        search.by_rule += done.by_rule
        search.after = done.after
        search.state = SearchState(next_state(search.state, "work" if done.after else "end"))
        if done.after is None:
            _end(search, at)
        search.save()
    return done.after is not None


def _end(search: LinkSearch, at: datetime) -> None:
    search.finished_at = at
    if search.is_retry:
        search.is_retry = False
        wanted = compared(search.origin_office_id, search.book_id).values("id")
        faulty_items(search).exclude(participant_id__in=wanted).delete()  # nobody looks for their links any more


def stop_search(*, actor: Actor, at: datetime, search_id: UUID) -> LinkSearch:
    """Let it end after the piece it is at; what was found stays. Raises RuleBroken: not_allowed, search_unknown,
    search_not_in_state."""
    return _moved(actor, at, search_id, "stop")


def resume_search(*, actor: Actor, at: datetime, search_id: UUID) -> LinkSearch:
    """Go on where it ended; the caller enqueues it in this transaction. Raises RuleBroken: not_allowed, search_unknown,
    search_not_in_state."""
    return _moved(actor, at, search_id, "resume")


def retry_search(*, actor: Actor, at: datetime, search_id: UUID) -> LinkSearch:
    """Look again at whom a search that has ended could not look at; the caller enqueues it in this transaction.

    Raises RuleBroken: not_allowed, search_unknown, search_not_in_state, search_nothing_to_retry."""
    must_decide(actor)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        search = search_of(actor, search_id, locked=True)
        search.state = SearchState(next_state(search.state, "retry"))
        if not (number := faulty_items(search).count()):
            raise RuleBroken("search_nothing_to_retry")
        search.is_retry, search.after, search.finished_at, search.asked_by = True, None, None, actor.officer_id or 0
        search.save(update_fields=["state", "is_retry", "after", "finished_at", "asked_by"])
        work.record(
            "proposals.search_retried", subject_kind="link_search", subject_id=search.id,
            subject_office=search.origin_office_id, facts={"faulty_items": number},
        )  # fmt: skip
    return search


def fail_search(*, actor: Actor, at: datetime, search_id: UUID, code: str) -> None:
    """The system ends one that cannot go on; `code` of the messages says why."""
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at):
        search = LinkSearch.objects.select_for_update().filter(id=search_id, state__in=UNDER_WAY).first()
        if search is not None:
            search.state, search.failure, search.finished_at = SearchState.FAILED, code[:60], at
            search.save(update_fields=["state", "failure", "finished_at"])


def _of(book_id: UUID | None) -> Q:
    return Q(book_id=book_id) if book_id else Q(book__isnull=True)


def _moved(actor: Actor, at: datetime, search_id: UUID, act: str) -> LinkSearch:
    must_decide(actor)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        search = search_of(actor, search_id, locked=True)
        search.state = SearchState(next_state(search.state, act))
        search.failure, search.asked_by = "", actor.officer_id or 0
        search.finished_at = at if act == "stop" else None
        search.save(update_fields=["state", "failure", "asked_by", "finished_at"])
        work.record(
            f"proposals.search_{'stopped' if act == 'stop' else 'resumed'}", subject_kind="link_search",
            subject_id=search.id, subject_office=search.origin_office_id, facts={"participants": search.looked_at},
        )  # fmt: skip
    return search
