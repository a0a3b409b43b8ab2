"""Accounts opened from a file: checked whole, then opened in pieces; one-time passwords wait sealed until fetched once."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db.models import Q

from hotich.accounts.models import Officer, Opening, OpeningLine, OpeningOutcome, OpeningState
from hotich.accounts.queries.opening import check_rows
from hotich.accounts.rules.opening import password_file, read_accounts
from hotich.accounts.rules.passwords import one_time_password
from hotich.accounts.rules.sealing import seal, unseal
from hotich.accounts.services.officers import create_officer
from hotich.accounts.services.posts import give_post
from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken

PIECE = 20  # accounts opened in one transaction
TO_DO = (OpeningOutcome.ACCOUNT, OpeningOutcome.POST)


def check_opening(*, actor: Actor, at: datetime, file_name: str, content: bytes) -> Opening:
    """Read a file of accounts and keep what each row would lead to; no account is touched.

    Raises RuleBroken: not_allowed; see rules.opening.read_accounts.
    """
    if not actor.may("officer.manage") or actor.on_behalf_of is not None:
        raise RuleBroken("not_allowed")
    rows = read_accounts(content)
    checked = check_rows(actor, rows, today=clock.in_vietnam(at).date())
    with unit_of_work(actor=actor, at=at) as work:
        opening = Opening.objects.create(
            file_name=file_name[-200:], state=OpeningState.CHECKED, made_by_id=actor.officer_id,
            office_id=actor.office_id, created_at=at,
        )  # fmt: skip
        OpeningLine.objects.bulk_create(
            OpeningLine(
                opening=opening, number=line.row.number, outcome=line.outcome, office=line.office,
                given=line.row.given, login=line.row.login[:60], full_name=line.row.full_name[:120], role=line.row.role,
                email=line.row.email if not line.problems else "", valid_from=line.row.valid_from,
                valid_to=line.row.valid_to,
                problems=[[problem.code, problem.field, dict(problem.params)] for problem in line.problems],
            )
            for line in checked
        )  # fmt: skip
        _note(work, "officers.file_checked", opening, rows=len(rows), wrong=sum(bool(row.problems) for row in rows))
    return opening


def start_opening(*, actor: Actor, at: datetime, opening_id: UUID) -> Opening:
    """Decide that the accounts of a checked file are opened (`open_next` then does it, piece by piece).

    Raises RuleBroken: not_allowed, opening_has_errors, opening_nothing_to_do, opening_not_checked.
    """
    with unit_of_work(actor=actor, at=at) as work:
        opening = _own(actor, opening_id)
        if opening.state != OpeningState.CHECKED:
            raise RuleBroken("opening_not_checked")
        if opening.lines.filter(outcome=OpeningOutcome.WRONG).exists():
            raise RuleBroken("opening_has_errors")
        if not opening.lines.filter(outcome__in=TO_DO).exists():
            raise RuleBroken("opening_nothing_to_do")
        opening.state, opening.passwords_until = OpeningState.OPENING, at + settings.HOTICH_PASSWORD_FILE
        opening.save(update_fields=["state", "passwords_until"])
        _note(work, "officers.opening_started", opening, accounts=opening.lines.filter(outcome__in=TO_DO).count())
    return opening


def open_next(*, actor: Actor, at: datetime, opening_id: UUID) -> int:
    """Open the next piece of a started file; how many rows are left. May be called again after a break at any point.

    What changed since the check (a login taken, an office closed) leaves its row wrong, with the reason, and goes on.
    """
    left = OpeningLine.objects.filter(opening_id=opening_id, outcome__in=TO_DO, done=False)
    piece = list(left.order_by("number")[:PIECE])
    passwords = [one_time_password() if line.outcome == OpeningOutcome.ACCOUNT else "" for line in piece]
    hashes = _hash_all(passwords)  # before the transaction: hashing is slow on purpose, and frees the interpreter
    with unit_of_work(actor=actor, at=at):
        opening = _own(actor, opening_id)
        if opening.state != OpeningState.OPENING:
            return 0
        still = set(left.filter(id__in=[line.id for line in piece]).values_list("id", flat=True))
        for line, password, hashed in zip(piece, passwords, hashes, strict=True):
            if line.id in still:
                _open_line(actor, at, line, password, hashed)
        remaining = left.count()
        if not remaining:
            opening.state, opening.finished_at = OpeningState.OPENED, at
            opening.save(update_fields=["state", "finished_at"])
    return remaining


def _hash_all(passwords: Sequence[str]) -> list[str]:
    with ThreadPoolExecutor() as pool:
        return list(pool.map(lambda password: make_password(password) if password else "", passwords))


def _open_line(actor: Actor, at: datetime, line: OpeningLine, password: str, hashed: str) -> None:
    try:
        with unit_of_work(actor=actor, at=at):
            if line.outcome == OpeningOutcome.ACCOUNT:
                officer, _ = create_officer(
                    actor=actor, at=at, login=line.login, full_name=line.full_name, email=line.email,
                    one_time=(password, hashed),
                )  # fmt: skip
            else:
                officer = Officer.objects.get(username=line.login)
            assert line.office_id is not None and line.valid_from is not None  # a checked row has both
            give_post(
                actor=actor, at=at, officer_id=officer.id, office_id=line.office_id, role=line.role,
                valid_from=line.valid_from, valid_to=line.valid_to,
            )  # fmt: skip
    except RuleBroken as refusal:
        line.outcome = OpeningOutcome.WRONG
        line.problems = [[refusal.code, refusal.field, {key: str(value) for key, value in refusal.params.items()}]]
    else:
        line.done, line.sealed = True, seal(password, _keys()) if password else None
    line.save(update_fields=["outcome", "problems", "done", "sealed"])


def take_passwords(*, actor: Actor, at: datetime, opening_id: UUID) -> bytes:
    """The file of one-time passwords, given once: they are destroyed in the same transaction.

    Raises RuleBroken: not_allowed, opening_not_finished, passwords_gone.
    """
    with unit_of_work(actor=actor, at=at) as work:
        opening = _own(actor, opening_id)
        if opening.state != OpeningState.OPENED:
            raise RuleBroken("opening_not_finished")
        lines = list(opening.lines.filter(sealed__isnull=False).select_related("office").order_by("number"))
        if not lines or (opening.passwords_until is not None and opening.passwords_until <= at):
            raise RuleBroken("passwords_gone")
        rows = [
            (
                line.full_name,
                line.login,
                line.office.name if line.office else "",
                unseal(bytes(line.sealed or b""), _keys()),
            )
            for line in lines
        ]
        opening.lines.update(sealed=None)
        opening.passwords_taken_at = at
        opening.save(update_fields=["passwords_taken_at"])
        _note(work, "officers.passwords_taken", opening, passwords=len(rows))
    return password_file(rows)


def discard_opening(*, actor: Actor, at: datetime, opening_id: UUID) -> None:
    """Forget a checked file that was not opened. Raises RuleBroken: not_allowed, opening_not_checked."""
    with unit_of_work(actor=actor, at=at) as work:
        opening = _own(actor, opening_id)
        if opening.state != OpeningState.CHECKED:
            raise RuleBroken("opening_not_checked")
        opening.lines.all().delete()
        opening.state = OpeningState.DISCARDED
        opening.save(update_fields=["state"])
        _note(work, "officers.file_discarded", opening)


def destroy_old_passwords(*, at: datetime) -> int:
    """Destroy one-time passwords that nobody fetched in time; how many. Each account then needs a reset."""
    old = Q(opening__passwords_until__lte=at)
    return OpeningLine.objects.filter(old, sealed__isnull=False).update(sealed=None)


def _own(actor: Actor, opening_id: UUID) -> Opening:
    if not actor.may("officer.manage") or actor.on_behalf_of is not None:
        raise RuleBroken("not_allowed")
    opening = Opening.objects.select_for_update(of=("self",)).filter(id=opening_id).first()
    if opening is None or opening.made_by_id != actor.officer_id or opening.office_id != actor.office_id:
        raise RuleBroken("not_allowed")
    return opening


def _keys() -> list[str]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def _note(work: UnitOfWork, verb: str, opening: Opening, **facts: object) -> None:
    work.record(
        verb, subject_kind="opening", subject_id=opening.id, subject_office=opening.office_id, facts=dict(facts)
    )
