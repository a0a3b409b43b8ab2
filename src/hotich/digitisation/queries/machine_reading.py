"""Reads: what a machine read on scans, where an engine is named; nothing otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from hotich.digitisation.models import ScanBatch, ScanBatchState, ScannedCase, ScanPage, ScanPageState
from hotich.digitisation.queries.pages import pages_of
from hotich.digitisation.queries.settings import reader_settings
from hotich.digitisation.rules.machine_reading import (
    FIELDS,
    NumberRead,
    is_worth_telling,
    keyed_values,
    number_read,
    reading_key,
)
from hotich.intake.models import Case
from hotich.kernel.actor import Actor
from hotich.records.rules.restricted import sees_restricted
from hotich.registers.types import version_by_id
from hotich.scans.settings import ScanSettings


def reads_scans() -> bool:
    """Whether this installation names an engine that reads scans."""
    return bool(reader_settings().reader)


def page_key(page: ScanPage, settings: ScanSettings) -> str:
    """What the reading of a page belongs to. `page.flat` is there."""
    return reading_key(page.flat.sha256 if page.flat else "", settings.reader, settings.reader_config)


def case_key(case: ScannedCase, page: ScanPage, settings: ScanSettings) -> str:
    """What the reading of a case belongs to: its first part on its page."""
    part = case.parts[0]
    return reading_key(page_key(page, settings), part["box"], part.get("header"))


def entry_key(entry: Case | None) -> list[Any]:
    """The entry an opinion is about, as it was keyed then; [] where there is nothing to have one about."""
    return [str(entry.id), entry.version] if entry is not None and keyed_of(entry) else []


def keyed_of(entry: Case) -> dict[str, str]:
    """What was keyed of an entry, as far as opinions go."""
    return keyed_values(version_by_id(entry.schema_version), entry.as_recorded, entry.number)


def numbers_read(cases: Sequence[ScannedCase], pages: Mapping[str, ScanPage]) -> dict[UUID, NumberRead]:
    """What was read in the number cells of cases, as far as it still belongs to them. `pages`: by id, with their files."""
    settings, found = reader_settings(), {}
    if not settings.reader:
        return {}
    for case in cases:
        page = pages.get(str(case.parts[0]["page"])) if case.parts else None
        if page is None or not case.reading or case.reading.get("key") != case_key(case, page, settings):
            continue
        read = number_read(case.reading.get("number"), case.number, case.number_suffix, case.number_by)
        if read is not None:
            found[case.id] = read
    return found


@dataclass(frozen=True, slots=True)
class PrintedOrder:
    """The order of pages by the numbers printed on them, where it is another than they stand in. Numbers that are
    missing or were read twice are told with it."""

    order: tuple[UUID, ...]
    gaps: tuple[int, ...]
    doubles: tuple[int, ...]


def printed_order(batch: ScanBatch, pages: Sequence[ScanPage] | None = None) -> PrintedOrder | None:
    """By what officers noted as the number of a page, else by what the machine read. None where the pages stand in that
    order, too few have a number, or no engine is named."""
    settings = reader_settings()
    if not settings.reader or batch.state != ScanBatchState.OPEN:
        return None
    standing = [page for page in (pages or pages_of(batch)) if page.state != ScanPageState.SET_ASIDE]
    if not any(page.reading for page in standing):
        return None
    from hotich.scans.reading import page_order  # loads the imaging libraries: only where an engine has read

    found = page_order([_as_read(page, settings) for page in standing], settings)
    numbers = [int(page.printed_page) if page.printed_page.isdigit() else None for page in standing]
    by_hand = [hand if hand is not None else read for hand, read in zip(numbers, found.numbers, strict=True)]
    if by_hand != list(found.numbers):
        found = page_order([{"top": _said(number, settings)} if number else {} for number in by_hand], settings)
    if not is_worth_telling(found.numbers) or found.order == tuple(range(len(standing))):
        return None
    return PrintedOrder(tuple(standing[place].id for place in found.order), found.gaps, found.doubles)


def _as_read(page: ScanPage, settings: ScanSettings) -> dict[str, Any]:
    if page.flat is None or page.reading.get("key") != page_key(page, settings):
        return {}
    return {place: _said(number, settings) for place, number in page.reading.get("numbers", {}).items()}


def _said(number: int, settings: ScanSettings) -> Any:
    """A number that is kept is one the engine was sure of."""
    from hotich.scans.reading import Line, Reading

    return Reading((Line(str(number), 1.0),), settings.reader, "")


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a machine thinks of one keyed value: agrees | differs | unsure. It has no text on purpose."""

    field: str
    opinion: str


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """`engine` and `version`: who thinks so, as the reading noted it."""

    opinions: tuple[Opinion, ...]
    engine: str
    version: str


def may_have_opinion(case: ScannedCase, actor: Actor) -> bool:
    """Whether this officer may have the machine's opinion on a case: a reviewer, of an entry that was keyed, while the
    batch is worked on; afterwards whoever may see what is restricted."""
    if not reads_scans() or not actor.may("scan.review") or case.case is None or not keyed_of(case.case):
        return False
    return case.batch.state == ScanBatchState.OPEN or sees_restricted(actor)


def second_opinion_of(case: ScannedCase, actor: Actor) -> SecondOpinion | None:
    """The machine's opinion on what was keyed of a case, as long as scan and entry are those it was asked about."""
    if not may_have_opinion(case, actor) or not case.parts:
        return None
    page = ScanPage.objects.select_related("flat").filter(id=case.parts[0]["page"]).first()
    reading = case.reading
    if page is None or reading.get("key") != case_key(case, page, reader_settings()):
        return None
    if reading.get("of") != entry_key(case.case) or not reading.get("opinions"):
        return None
    opinions = tuple(Opinion(field, reading["opinions"][field][0]) for field in FIELDS if field in reading["opinions"])
    return SecondOpinion(opinions, reading.get("engine", ""), reading.get("version", ""))
