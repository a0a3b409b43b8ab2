"""Reads: the report of an import, as `hotich import-book` writes it and the screens show it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from hotich.intake.models import Batch, Case
from hotich.intake.rules.workbook_header import import_keys
from hotich.kernel.problems import RuleBroken
from hotich.units.queries import offices_by_id
from hotich.web.texts import text_of

Report = dict[str, Any]
"""{"batch", "register_type", "office", "rows", "accepted", "held", "rejected", "unchanged", "problems", "scans"}."""

Entry = Sequence[Any]
"""Row, code, field, severity, params."""


@lru_cache(maxsize=4096)
def _plain_text(code: str, lang: str) -> str:
    """The words of a code without params: most findings of a book are the same few."""
    return text_of(code, {}, lang)


def problem_entry(entry: Entry, letters: str, lang: str = "vi") -> dict[str, Any]:
    """A finding as the report has it: row of the workbook, import key, field, code, severity, words."""
    row, code, name, severity, params = entry
    return {
        "row": row,
        "column": params.get("column", "") or import_keys(letters).get(name, ""),
        "field": name,
        "code": code,
        "severity": severity,
        "text": text_of(code, params, lang) if params else _plain_text(code, lang),
    }


def make_report(
    *,
    batch: UUID | None,
    letters: str,
    office: str,
    counts: Mapping[str, int],
    entries: Iterable[Entry],
    scans: Mapping[str, Any],
    lang: str = "vi",
) -> Report:
    """The report from its parts; findings by row, errors and warnings of a row in the order they were found."""
    ordered = sorted(entries, key=lambda entry: int(entry[0]))
    return {
        "batch": str(batch) if batch else None,
        "register_type": letters,
        "office": office,
        "rows": counts["rows"],
        "accepted": counts["accepted"],
        "held": counts["held"],
        "rejected": counts["rejected"],
        "unchanged": counts["unchanged"],
        "problems": [problem_entry(entry, letters, lang) for entry in ordered],
        "scans": {
            "linked": scans.get("linked", 0),
            "missing": list(scans.get("missing", [])),
            "unmatched": sorted(scans.get("unmatched", [])),
            "too_large": sorted(scans.get("too_large", [])),
        },
    }


def _entries_of_cases(batch_id: UUID) -> Iterable[Entry]:
    # findings quote values, and what waits for its check is not to be known before
    cases = Case.objects.filter(batch_id=batch_id, is_check_pending=False).order_by("row_number")
    for row, problems, repairs in cases.values_list("row_number", "problems", "repairs"):
        for found in (*repairs, *problems):
            yield row, found["code"], found["field"], found["severity"], found["params"]


def batch_by_id(batch_id: UUID | str) -> Batch:
    """A batch of the offices in scope. Raises RuleBroken batch_unknown, also for what is no identifier."""
    try:
        identity = batch_id if isinstance(batch_id, UUID) else UUID(batch_id)
    except ValueError as error:
        raise RuleBroken("batch_unknown", batch=str(batch_id)) from error
    batch = Batch.objects.filter(id=identity).select_related("origin_office").first()
    if batch is None:
        raise RuleBroken("batch_unknown", batch=str(batch_id))
    return batch


def batch_report(batch_id: UUID, *, lang: str = "vi") -> Report:
    """The report of a batch from what is stored: counts as imported, findings as they stand now.

    Raises RuleBroken batch_unknown.
    """
    batch = batch_by_id(batch_id)
    return make_report(
        batch=batch.id,
        letters=batch.register_type,
        office=offices_by_id([batch.origin_office_id])[batch.origin_office_id].code,
        counts={name: getattr(batch, name) for name in ("rows", "accepted", "held", "rejected", "unchanged")},
        entries=[*batch.warnings, *batch.rejections, *_entries_of_cases(batch.id)],
        scans=batch.scan_report,
        lang=lang,
    )


@dataclass(frozen=True, slots=True)
class ProblemGroup:
    """All findings of a batch with one code."""

    code: str
    severity: str
    text: str  # of the first one
    rows: tuple[int, ...]
    entries: tuple[dict[str, Any], ...]


def problems_of_batch(batch_id: UUID, *, lang: str = "vi") -> list[ProblemGroup]:
    """The findings of a batch by code: errors first, then the most frequent."""
    groups: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for entry in batch_report(batch_id, lang=lang)["problems"]:
        groups[entry["severity"], entry["code"]].append(entry)
    ordered = sorted(groups.items(), key=lambda item: (item[0][0] != "error", -len(item[1]), item[0][1]))
    return [
        ProblemGroup(code, severity, found[0]["text"], tuple(entry["row"] for entry in found), tuple(found))
        for (severity, code), found in ordered
    ]
