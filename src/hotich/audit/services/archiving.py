"""Taking the earlier part of a chain out of the database, where law and setting let entries go after some years.

A file with the entries, a signed anchor that names its hash and the place of the cut, then – by the owner of the tables,
who alone may – the row of the archive and the removal, in one transaction. The chain goes on from the cut. Before and
after go into a second file, sealed, since it holds citizens' data.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.db import connection

from hotich.audit import adapters
from hotich.audit.models import Archive, Entry
from hotich.audit.queries.chains import ChainState, chain_state, links_of_chain, subject_offices
from hotich.audit.rules.anchors import Cut
from hotich.audit.rules.canonical import canonical
from hotich.audit.rules.chain import Link
from hotich.audit.rules.export_file import VERSION, entry_line
from hotich.audit.services.anchoring import take_anchor
from hotich.audit.services.verifying import Anchors, verify_chains
from hotich.audit.services.writing import unit_of_work
from hotich.database.roles import as_owner
from hotich.database.scope import office_scope
from hotich.database.state import secret
from hotich.kernel.actor import Actor
from hotich.kernel.clock import in_vietnam, start_of_day
from hotich.kernel.problems import RuleBroken


@dataclass(frozen=True, slots=True)
class _Range:
    """The entries of one chain that go: from `first` through `last`, whose hash is `hash`."""

    state: ChainState
    first: int
    last: int
    hash: str

    def name(self, kind: str) -> str:
        return f"chain-{self.state.office}-{self.first}-{self.last}.{kind}.gz"


def archive_chain(*, actor: Actor, at: datetime, office_id: int, before: date, years_online: int | None) -> Archive:
    """Write the entries of a chain that are older than a day into a file and take them out of the database.

    Only what is older than `years_online` (None: everything is kept for ever), and only from a chain found whole. Outside
    a transaction: the owner of the tables signs in for the removal. Raises RuleBroken audit_kept_for_ever,
    audit_archive_too_young, audit_nothing_to_archive, audit_archive_faulty, audit_archive_exists, and as `take_anchor`.
    """
    _may_go(before, at, years_online)
    going = _range_before(office_id, before)
    if verify_chains(office=office_id).faults:
        raise RuleBroken("audit_archive_faulty", office=office_id)
    cut, anchor_number = _signed_before(going) or _write_and_sign(going, at)
    row = Archive(
        office_id=office_id, first_sequence=going.first, sequence=going.last, hash=going.hash, sha256=cut.sha256,
        file_name=going.name("jsonl"), anchor_number=anchor_number, at=at, actor_login=actor.login,
    )  # fmt: skip
    offices = subject_offices(office_id)
    with as_owner(), office_scope(offices), unit_of_work(actor=actor, at=at) as work:
        row.save(force_insert=True)
        _remove(going)
        work.record(
            "audit.archived", subject_kind="chain", subject_id=office_id, subject_office=office_id,
            facts={"first": going.first, "last": going.last, "sha256": cut.sha256, "anchor": anchor_number},
        )  # fmt: skip
    return row


def _may_go(before: date, at: datetime, years_online: int | None) -> None:
    if years_online is None:
        raise RuleBroken("audit_kept_for_ever")
    today = in_vietnam(at).date()
    if (before.year + years_online, before.month, before.day) > (today.year, today.month, today.day):
        raise RuleBroken("audit_archive_too_young", years=years_online)


def _range_before(office_id: int, before: date) -> _Range:
    state = chain_state(office_id)
    entries = Entry.objects.filter(chain_office_id=office_id).order_by("sequence")
    stays = entries.filter(at__gte=start_of_day(before)).values_list("sequence", flat=True).first()
    last = stays - 1 if stays else state.last_sequence
    if last <= state.start[0]:
        raise RuleBroken("audit_nothing_to_archive")
    return _Range(state, state.start[0] + 1, last, entries.get(sequence=last).hash)


def _write_and_sign(going: _Range, at: datetime) -> tuple[Cut, int]:
    path = adapters.keep_archive(going.name("jsonl"), lambda fresh: _write(fresh, _entry_lines(going, at)))
    adapters.keep_archive(going.name("details"), lambda fresh: _write(fresh, _sealed_lines(going)))
    office = going.state.office
    cut = Cut(office, going.last, going.hash, hashlib.sha256(path.read_bytes()).hexdigest())
    return cut, take_anchor(at=at, archives=[cut]).number


def _signed_before(going: _Range) -> tuple[Cut, int] | None:
    """The cut of an archive that was signed and whose removal did not come about: the files stand, go on from there."""
    path = adapters.archive_folder() / going.name("jsonl")
    if not path.exists():
        return None
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    wanted = Cut(going.state.office, going.last, going.hash, digest)
    history = Anchors().read()
    return (wanted, history.number) if wanted in history.cuts and not history.faults else None


def _write(path: Path, lines: Iterable[bytes]) -> None:
    with gzip.open(path, "wb") as file:
        for line in lines:
            file.write(line + b"\n")


def _entry_lines(going: _Range, at: datetime) -> Iterator[bytes]:
    """An export of the range: the verifier reads it like any other."""
    office = going.state.office
    header = {"hotich_audit_export": VERSION, "at": at.astimezone(UTC).isoformat(), "offices": [office],
              "details": False, "archive": True}  # fmt: skip
    yield canonical(header)
    yield canonical({"chain": office, "start": list(going.state.start)})
    links = links_of_chain(office, after=going.first - 1, through=going.last, details="none")
    yield from (canonical(entry_line(link)) for link in links)
    yield canonical({"head": [office, going.last, going.hash]})
    yield canonical({"end": going.last - going.first + 1})


def _sealed_lines(going: _Range) -> Iterator[bytes]:
    cipher = _cipher()
    for link in links_of_chain(going.state.office, after=going.first - 1, through=going.last):
        if link.detail is not None:
            yield cipher.encrypt(canonical(_named(link)))


def _named(link: Link) -> dict[str, Any]:
    return {"id": link.content["id"], "sequence": link.sequence, "detail": list(link.detail or ())}


def open_archived_details(path: Path) -> Iterator[bytes]:
    """The before and after in a sealed file of an archive, a line of JSON each. Raises RuleBroken audit_archive_sealed
    when the key (`secrets/audit_archive`) is another one.
    """
    cipher = _cipher()
    with gzip.open(path, "rb") as file:
        for line in file:
            try:
                yield cipher.decrypt(line.strip())
            except InvalidToken as error:
                raise RuleBroken("audit_archive_sealed") from error


def _cipher() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(secret("audit_archive").encode()).digest()))


def _remove(going: _Range) -> None:
    """Details first: that their entry is in an archive is what lets them go (see migration 0004)."""
    bounds = [going.state.office, going.first, going.last]
    with connection.cursor() as cursor:
        cursor.execute(
            "delete from audit_detail where entry_id in (select id from audit_entry where chain_office_id = %s "
            "and sequence between %s and %s)",
            bounds,
        )
        cursor.execute("delete from audit_entry where chain_office_id = %s and sequence between %s and %s", bounds)
