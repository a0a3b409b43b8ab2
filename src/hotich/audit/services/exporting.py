"""The trail as a file that can be verified elsewhere (`rules.export_file` says what is in it)."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hotich.audit.queries.chains import AT_ONCE, chain_offices, chain_state, links_of_chain
from hotich.audit.rules.canonical import canonical
from hotich.audit.rules.export_file import VERSION, entry_line
from hotich.audit.services.writing import unit_of_work
from hotich.database.scope import office_scope
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken


def note_export(*, actor: Actor, at: datetime, offices: Iterable[int] | None, details: bool = False) -> None:
    """May the actor take the trail out? Then it is written down, before the first line goes.

    With details only the chain of an own office, by whoever reads records there. Raises RuleBroken not_allowed,
    office_not_in_scope.
    """
    wanted = None if offices is None else sorted(offices)
    if details:
        if not (actor.may("record.read") and actor.may("restricted.read")):
            raise RuleBroken("not_allowed")
        if wanted is None or not set(wanted) <= actor.office_ids:
            raise RuleBroken("office_not_in_scope", field="office")
    elif not actor.may("audit.export"):
        raise RuleBroken("not_allowed")
    with unit_of_work(actor=actor, at=at) as work:
        work.record(
            "audit.exported", subject_kind="trail", subject_id="", subject_office=actor.office_id,
            facts={"chains": wanted, "details": details},
        )  # fmt: skip


def export_lines(
    *, at: datetime, offices: Iterable[int] | None = None, scope: Iterable[int] | None = None
) -> Iterator[bytes]:
    """The lines of an export, each with its line break; without details, unless `scope` names the offices whose details
    go along. Every chain is read up to where it stood when its turn came.
    """
    wanted = None if offices is None else sorted(offices)
    header = {"hotich_audit_export": VERSION, "at": at.astimezone(UTC).isoformat(), "offices": wanted,
              "details": scope is not None}  # fmt: skip
    yield _line(header)
    entries = 0
    for office in chain_offices() if wanted is None else wanted:
        for line in _lines_of_chain(office, None if scope is None else list(scope)):
            entries += line.startswith((b'{"d":', b'{"e":'))
            yield line
    yield _line({"end": entries})


def _lines_of_chain(office: int, scope: list[int] | None) -> Iterator[bytes]:
    state = chain_state(office)
    yield _line({"chain": office, "start": list(state.start)})
    position, through = state.start[0], max(state.head_sequence, state.last_sequence)
    while position < through:  # in steps, so that no transaction stays open while a slow reader takes the lines
        step = min(through, position + AT_ONCE)
        if scope is None:
            links = list(links_of_chain(office, after=position, through=step, details="none"))
        else:
            with office_scope(scope):
                links = list(links_of_chain(office, after=position, through=step, details="visible"))
        yield from (_line(entry_line(link)) for link in links)
        position = step
    yield _line({"head": [office, state.head_sequence, state.head_hash]})


def _line(value: Any) -> bytes:
    return canonical(value) + b"\n"


def export_chains(
    *,
    path: Path,
    at: datetime,
    offices: Iterable[int] | None = None,
    scope: Iterable[int] | None = None,
) -> int:
    """Write an export into a new file, packed if its name ends in .gz; the number of lines."""
    number = 0
    with gzip.open(path, "wb") if path.name.endswith(".gz") else path.open("wb") as file:
        for line in export_lines(at=at, offices=offices, scope=scope):
            file.write(line)
            number += 1
    return number
