"""Reads: who acts when a command or a job works at an office."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings

from hotich.accounts.models import Officer
from hotich.accounts.queries import actor_for, actors_of, officer_by_login, officers_of_office, posts_of
from hotich.database.scope import office_scope
from hotich.intake.queries.report import batch_by_id
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.units.models import Office
from hotich.units.queries import keeping_office

KEYER = "keyer"


def actor_at_office(officer: Officer, office_id: int, right: str) -> Actor:
    """The officer at the post that reaches this office with this right: of the office, or of the one that keeps its books.

    Without such a post, on behalf of whoever delegated it.

    Raises RuleBroken office_not_of_officer, not_allowed_at_office.
    """
    reaching = [actor for actor in actors_of(officer) if office_id in actor.office_ids]
    if not reaching:
        raise RuleBroken("office_not_of_officer", login=officer.username)
    able = [actor for actor in reaching if actor.may(right)]
    if not able:
        raise RuleBroken("not_allowed_at_office", login=officer.username, office=office_id)
    return able[0]


def actor_of_login(login: str, office: Office, right: str) -> Actor:
    """Who acts for `--as LOGIN`. Without a login, on demo state: an officer of the office that keeps the books – its
    keyer, where a keyer may do it: importing is a keyer's work, and officers stay free to check and to approve.

    Raises RuleBroken officer_unknown, office_not_of_officer, not_allowed_at_office, actor_needed.
    """
    if login:
        try:
            return actor_at_office(officer_by_login(login), office.id, right)
        except RuleBroken as refusal:
            if refusal.code == "not_allowed_at_office":
                raise RuleBroken(refusal.code, login=login, office=office.code) from refusal
            raise
    keeper = keeping_office(office, clock.today()) or office
    if settings.DEMO:
        for officer in _keyers_first(keeper.id):
            try:
                return actor_at_office(officer, office.id, right)
            except RuleBroken:
                continue
    raise RuleBroken("actor_needed")


def _keyers_first(office_id: int) -> list[Officer]:
    def is_no_keyer(officer: Officer) -> bool:
        return all(post.role != KEYER for post in posts_of(officer) if post.office_id == office_id)

    return sorted(officers_of_office(office_id), key=is_no_keyer)  # by login within both


def actors_of_login(login: str, right: str) -> list[Actor]:
    """The posts at which an officer has a right, for `--as LOGIN` where the office is that of a batch.

    Raises RuleBroken officer_unknown, not_allowed.
    """
    officer = officer_by_login(login)
    able = [actor for post in posts_of(officer) if (actor := actor_for(officer, post.id)).may(right)]
    if not able:
        raise RuleBroken("not_allowed")
    return able


def actor_of_batch(login: str, batch: str, right: str) -> tuple[Actor, UUID]:
    """The officer at the post that reaches this batch with this right.

    Raises RuleBroken officer_unknown, not_allowed, batch_unknown.
    """
    for actor in actors_of_login(login, right):
        with office_scope(actor.office_ids):
            try:
                return actor, batch_by_id(batch).id
            except RuleBroken:
                continue
    raise RuleBroken("batch_unknown", batch=batch)
