"""Writing the trail: in the transaction of the act itself, the head of the chain locked last."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson
from django.db import transaction

from hotich.audit.models import ChainHead, EventCursor
from hotich.audit.rules.chain import GENESIS, detail_hash, entry_hash
from hotich.database.copy import copy_rows
from hotich.database.plain import ask, tell
from hotich.kernel.actor import Actor
from hotich.kernel.ids import uuid7

ENTRY_COLUMNS = (
    "id", "chain_office_id", "sequence", "at", "actor_id", "actor_login", "verb", "subject_kind", "subject_id",
    "subject_office_id", "facts", "detail_hash", "previous_hash", "hash",
)  # fmt: skip
DETAIL_COLUMNS = ("entry_id", "office_id", "salt", "before", "after")
EVENT_COLUMNS = ("at", "kind", "subject_kind", "subject_id", "office_id")


@dataclass(slots=True)
class UnitOfWork:
    """What one service (and those it calls) did, kept until the end of the outermost one."""

    actor: Actor
    at: datetime
    acts: list[dict[str, Any]] = field(default_factory=list)
    events: list[tuple[Any, ...]] = field(default_factory=list)

    def record(
        self,
        verb: str,
        *,
        subject_kind: str,
        subject_id: object,
        subject_office: int,
        before: Any = None,
        after: Any = None,
        facts: dict[str, Any] | None = None,
    ) -> None:
        """Note one act. `before`/`after` may hold citizens' data; `facts`, `verb` and ids may not.

        Whoever acts by delegation leaves `on_behalf_of` among the facts.
        """
        behalf = {} if self.actor.on_behalf_of is None else {"on_behalf_of": self.actor.on_behalf_of}
        self.acts.append(
            {
                "verb": verb,
                "subject_kind": subject_kind,
                "subject_id": str(subject_id),
                "subject_office_id": subject_office,
                "facts": {**(facts or {}), **behalf},
                "before": before,
                "after": after,
            }
        )

    def announce(self, kind: str, *, subject_kind: str, subject_id: object, office: int) -> None:
        """Write an event for apps above, e.g. "case.approved"."""
        self.events.append((self.at, kind, subject_kind, str(subject_id), office))


_current: ContextVar[UnitOfWork | None] = ContextVar("unit_of_work", default=None)


@contextmanager
def unit_of_work(*, actor: Actor, at: datetime) -> Iterator[UnitOfWork]:
    """One transaction of one actor, with its audit rows and events; a service inside a service joins the outer one.

    Whatever is rolled back takes its audit rows with it.
    """
    outer = _current.get()
    if outer is not None:
        acts, events = len(outer.acts), len(outer.events)
        try:
            with transaction.atomic():
                yield outer
        except BaseException:
            del outer.acts[acts:], outer.events[events:]
            raise
        return
    work = UnitOfWork(actor, at)
    token = _current.set(work)
    try:
        with transaction.atomic():
            yield work
            _write(work)
    finally:
        _current.reset(token)


def _write(work: UnitOfWork) -> None:
    if work.events:
        copy_rows("event", EVENT_COLUMNS, work.events)
    if not work.acts:
        return
    head = _locked_head(work.actor.office_id)
    entries, details = [], []
    for act in work.acts:
        head.sequence += 1
        entry, detail = _entry_rows(work, act, head)
        entries.append(entry)
        if detail:
            details.append(detail)
        head.hash = entry[-1]
    copy_rows("audit_entry", ENTRY_COLUMNS, entries)
    if details:
        copy_rows("audit_detail", DETAIL_COLUMNS, details)
    tell(
        "update audit_chain_head set sequence = %s, hash = %s where office_id = %s",
        [head.sequence, head.hash, head.office_id],
    )


def _locked_head(office_id: int) -> ChainHead:
    """Where the chain stands, locked; in plain SQL, since every act of every officer comes by here."""
    lock = "select sequence, hash from audit_chain_head where office_id = %s for update"
    found = ask(lock, [office_id])
    if not found:  # the first act of an office; another session may be making its head too
        ChainHead.objects.bulk_create([ChainHead(office_id=office_id, hash=GENESIS)], ignore_conflicts=True)
        found = ask(lock, [office_id])
    [(sequence, last)] = found
    return ChainHead(office_id=office_id, sequence=sequence, hash=last)


def _entry_rows(
    work: UnitOfWork, act: dict[str, Any], head: ChainHead
) -> tuple[tuple[Any, ...], tuple[Any, ...] | None]:
    identity, detail, fingerprint = uuid7(), None, ""
    if act["before"] is not None or act["after"] is not None:
        salt = secrets.token_hex(16)
        fingerprint = detail_hash(salt, act["before"], act["after"])
        detail = (identity, act["subject_office_id"], salt, _json(act["before"]), _json(act["after"]))
    content = {
        "id": str(identity),
        "office": head.office_id,
        "sequence": head.sequence,
        "at": work.at.astimezone(UTC).isoformat(),
        "actor_id": work.actor.officer_id,
        "actor_login": work.actor.login,
        "verb": act["verb"],
        "subject_kind": act["subject_kind"],
        "subject_id": act["subject_id"],
        "subject_office_id": act["subject_office_id"],
        "facts": act["facts"],
        "detail_hash": fingerprint,
    }
    row = (
        identity, head.office_id, head.sequence, work.at, work.actor.officer_id, work.actor.login, act["verb"],
        act["subject_kind"], act["subject_id"], act["subject_office_id"], _json(act["facts"]), fingerprint,
        head.hash, entry_hash(head.hash, content),
    )  # fmt: skip
    return row, detail


def _json(value: Any) -> str | None:
    if value is None:
        return None
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS, default=str).decode()


def advance_cursor(*, consumer: str, position: int) -> None:
    """A consumer has read the event log up to and including `position`."""
    EventCursor.objects.update_or_create(consumer=consumer, defaults={"position": position})
