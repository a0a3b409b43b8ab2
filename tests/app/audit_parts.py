"""What the tests of the audit trail share: offices that act, and an intruder with the rights of a superuser."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection

from hotich.audit import services
from hotich.audit.models import Entry
from hotich.audit.rules.chain import GENESIS, ChainFault, entry_hash
from hotich.database.roles import as_owner
from hotich.database.scope import office_scope
from hotich.kernel.actor import Actor

AT = datetime(2026, 11, 25, 8, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
SYSTEM = Actor(login="system", office_id=0, rights=frozenset({"audit.verify", "audit.export"}))
TABLES = ("audit_entry", "audit_detail", "audit_anchor", "audit_archive")


@pytest.fixture
def anchors(settings: LazySettings, tmp_path: Path) -> Path:
    """A folder of anchors and keys of this test alone; the file of anchors in it."""
    settings.STATE, settings.HOTICH_ANCHORS = tmp_path, tmp_path / "anchors"
    return tmp_path / "anchors" / "anchors.jsonl"


def act(office: int, count: int = 1, *, at: datetime = AT, detail: bool = True) -> None:
    actor = Actor(login=f"officer.{office}", office_id=office, officer_id=office, office_ids=frozenset({office}))
    with office_scope([office]), services.unit_of_work(actor=actor, at=at) as work:
        for number in range(count):
            work.record(
                "case.edited",
                subject_kind="case",
                subject_id=number,
                subject_office=office,
                before={"child_full_name": "Lò Thị A"} if detail else None,
                after={"child_full_name": "Lò Thị Á", "rate": 0.00001, "n": number} if detail else None,
                facts={"fields": 1, "share": 0.5},
            )


def tamper(*statements: str, values: Any = None) -> None:
    """As somebody who owns the machine: no trigger, no policy stands in the way."""
    with as_owner(), connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"alter table {table} disable trigger user; alter table {table} disable row level security")
        for statement in statements:
            cursor.execute(statement, values)
        for table in TABLES:
            cursor.execute(f"alter table {table} enable trigger user")
        cursor.execute("alter table audit_detail enable row level security")


def rewrite_chain(office: int, *, from_sequence: int, verb: str = "case.read") -> None:
    """Change an entry and hash everything after it anew, head and all: by itself the chain is whole again."""
    entries = list(Entry.objects.filter(chain_office_id=office).order_by("sequence"))
    previous, rows = GENESIS, []
    for entry in entries:
        if entry.sequence == from_sequence:
            entry.verb = verb
        content = {
            "id": str(entry.id), "office": office, "sequence": entry.sequence, "at": entry.at.astimezone(UTC).isoformat(),
            "actor_id": entry.actor_id, "actor_login": entry.actor_login, "verb": entry.verb,
            "subject_kind": entry.subject_kind, "subject_id": entry.subject_id,
            "subject_office_id": entry.subject_office_id, "facts": entry.facts, "detail_hash": entry.detail_hash,
        }  # fmt: skip
        digest = entry_hash(previous, content)
        rows.append((entry.verb, previous, digest, entry.id))
        previous = digest
    for row in rows:
        tamper("update audit_entry set verb = %s, previous_hash = %s, hash = %s where id = %s", values=row)
    tamper("update audit_chain_head set hash = %s where office_id = %s", values=(previous, office))


def cut_tail(office: int, *, after: int) -> None:
    """Take the last entries away and set the head back: by itself the chain is whole again."""
    tamper(
        f"delete from audit_entry where chain_office_id = {office} and sequence > {after}",
        f"update audit_chain_head set sequence = {after}, hash = (select hash from audit_entry where "
        f"chain_office_id = {office} and sequence = {after}) where office_id = {office}",
    )


def found(**options: Any) -> list[ChainFault]:
    return services.verify_chains(**options).faults


def codes(**options: Any) -> list[tuple[str, int, int, int]]:
    """(code, office, first sequence, anchor) of what a verification finds."""
    return [(fault.code, fault.office, fault.sequence, fault.anchor) for fault in found(**options)]
