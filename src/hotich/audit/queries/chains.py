"""Chains as the verifier reads them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from typing import Literal
from uuid import UUID

from django.db import connection
from django.db.models import Max

from hotich.audit.models import Archive, ChainHead, Detail, Entry
from hotich.audit.rules.chain import GENESIS, ChainCheck, ChainFault, Link
from hotich.database.scope import office_scope

AT_ONCE = 1000
Details = Literal["all", "visible", "none"]


@dataclass(frozen=True, slots=True)
class ChainState:
    """One chain in one moment: its head, its last entry, and from where on the entries are in the database."""

    office: int
    head_sequence: int
    head_hash: str
    last_sequence: int  # the largest sequence there is; the same as the head's unless somebody has tampered
    start: tuple[int, str]  # behind the archived part; (0, GENESIS) when nothing was archived


def chain_offices() -> list[int]:
    """Offices that have a chain, whether or not its head is still there."""
    heads = set(ChainHead.objects.values_list("office_id", flat=True))
    return sorted(heads | _offices_with_entries())


def _offices_with_entries() -> set[int]:
    """By jumping from one office to the next in the index: a full count would read every entry."""
    with connection.cursor() as cursor:
        cursor.execute(
            "with recursive office(id) as (select min(chain_office_id) from audit_entry union all "
            "select (select min(chain_office_id) from audit_entry where chain_office_id > office.id) from office "
            "where office.id is not null) select id from office where id is not null"
        )
        return {int(row[0]) for row in cursor.fetchall()}


def chain_state(office_id: int) -> ChainState:
    """Head, last entry and start of one chain, read in one statement: all of one moment."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select h.sequence, h.hash, (select max(e.sequence) from audit_entry e where e.chain_office_id = o.id), "
            "a.sequence, a.hash from (select %s::int as id) o left join audit_chain_head h on h.office_id = o.id "
            "left join lateral (select sequence, hash from audit_archive where office_id = o.id "
            "order by sequence desc limit 1) a on true",
            [office_id],
        )
        head, head_hash, last, cut, cut_hash = cursor.fetchone()
    start = (cut, cut_hash) if cut else (0, GENESIS)
    return ChainState(office_id, head or 0, head_hash or "", last or (cut or 0), start)


def chain_states() -> list[tuple[int, int, int]]:
    """(office, length of the chain, archived up to), for the page of integrity."""
    cuts = dict(Archive.objects.values_list("office_id").annotate(Max("sequence")))
    heads = ChainHead.objects.order_by("office_id").values_list("office_id", "sequence")
    return [(office, sequence, cuts.get(office, 0)) for office, sequence in heads]


def hashes_at(office_id: int, sequences: list[int]) -> dict[int, str]:
    """The stored hashes at these places of a chain."""
    found = Entry.objects.filter(chain_office_id=office_id, sequence__in=sequences)
    return dict(found.values_list("sequence", "hash"))


def links_of_chain(office_id: int, *, after: int = 0, through: int, details: Details = "all") -> Iterator[Link]:
    """The entries of a chain in order.

    `details`: "all" reads them under a scope opened here for each thousand entries, to compare their hash and for
    nothing else, and one that is not there is a fault; "visible" those the present scope shows; "none" none.
    """
    position = after
    while position < through:
        batch = list(
            Entry.objects.filter(chain_office_id=office_id, sequence__gt=position, sequence__lte=through).order_by(
                "sequence"
            )[:AT_ONCE]
        )
        if not batch:
            return
        found = _details_of(batch, details)
        yield from (_link(entry, found.get(entry.id), details == "all") for entry in batch)
        position = batch[-1].sequence


def _details_of(entries: list[Entry], details: Details) -> dict[UUID, Detail]:
    wanted = {entry.id: entry.subject_office_id for entry in entries if entry.detail_hash}
    if not wanted or details == "none":
        return {}
    if details == "visible":
        return Detail.objects.in_bulk(list(wanted))
    with office_scope(wanted.values()):
        return Detail.objects.in_bulk(list(wanted))


def _link(entry: Entry, detail: Detail | None, expected: bool) -> Link:
    content = {
        "id": str(entry.id),
        "office": entry.chain_office_id,
        "sequence": entry.sequence,
        "at": entry.at.astimezone(UTC).isoformat(),
        "actor_id": entry.actor_id,
        "actor_login": entry.actor_login,
        "verb": entry.verb,
        "subject_kind": entry.subject_kind,
        "subject_id": entry.subject_id,
        "subject_office_id": entry.subject_office_id,
        "facts": entry.facts,
        "detail_hash": entry.detail_hash,
    }
    return Link(
        entry.sequence,
        content,
        entry.previous_hash,
        entry.hash,
        (detail.salt, detail.before, detail.after) if detail else None,
        detail_expected=expected,
    )


def faults_of_chain(office_id: int) -> list[ChainFault]:
    """Changed, removed or inserted entries of one office's chain, by the chain alone (no anchors)."""
    state = chain_state(office_id)
    check = ChainCheck(office_id, state.start)
    for link in links_of_chain(office_id, after=state.start[0], through=max(state.head_sequence, state.last_sequence)):
        check.see(link)
    return check.finish(state.head_sequence, state.head_hash)


def subject_offices(office_id: int) -> list[int]:
    """Offices whose subjects the chain of this office names."""
    found = Entry.objects.filter(chain_office_id=office_id).values_list("subject_office_id", flat=True).distinct()
    return sorted({*found, office_id})


def length_of_chain(office_id: int) -> int:
    """How many entries of the chain of this office are in the database."""
    return Entry.objects.filter(chain_office_id=office_id).count()
