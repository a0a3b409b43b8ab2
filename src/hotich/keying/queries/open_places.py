"""Reads: what of a package its keyer should have seen before handing it in: places left, values given up, warnings."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch

from hotich.intake.models import Case, CaseState
from hotich.keying.models import Entry, ItemState, KeyingPackage, PackageItem
from hotich.keying.rules.sync import warnings
from hotich.registers.rules.values import Reason, decode

GIVEN_UP = (Reason.ILLEGIBLE, Reason.NOT_WRITTEN)


@dataclass(frozen=True, slots=True)
class OpenPlace:
    """A place somebody should look at once more. `given_up`: (field, illegible | not_written); `findings`: what the
    checks said, each with what the keyer answered (`said`, "" where he has not)."""

    item: PackageItem
    entry: Entry | None
    given_up: Sequence[tuple[str, str]] = ()
    findings: Sequence[dict[str, Any]] = field(default_factory=tuple)

    @property
    def is_unanswered(self) -> bool:
        """Nothing is keyed, an error stands, or a warning nobody has answered."""
        nothing = self.item.state == ItemState.OPEN
        return nothing or any(not found["said"] for found in self.findings)


def open_places(package: KeyingPackage) -> list[OpenPlace]:
    """The places to look at before the package is handed in: those with something unanswered first, then the book."""
    entries = Prefetch("entry", Entry.objects.select_related("case"))
    items = PackageItem.objects.filter(package=package).prefetch_related(entries).order_by("position")
    found = [place for item in items if (place := _place(item)) is not None]
    return sorted(found, key=lambda place: not place.is_unanswered)


def _place(item: PackageItem) -> OpenPlace | None:
    entry: Entry | None = getattr(item, "entry", None)
    case: Case | None = entry.case if entry is not None else None
    if entry is None or case is None or case.state == CaseState.WITHDRAWN:
        return OpenPlace(item, entry) if item.state != ItemState.KEYED else None
    values = {code: decode(raw).reason for code, raw in case.as_recorded.items()}
    given_up = [(code, str(reason)) for code, reason in values.items() if reason in GIVEN_UP]
    findings = _findings(case, entry)
    return OpenPlace(item, entry, given_up, findings) if given_up or findings else None


def _findings(case: Case, entry: Entry) -> list[dict[str, Any]]:
    said = {(each["code"], each["field"]): each.get("reason", "") or "–" for each in entry.confirmed}
    errors = [found for found in case.problems if found["severity"] == "error"]
    told = [(found, "") for found in errors]
    told += [(found, said.get((found["code"], found["field"]), "")) for found in warnings(case.problems)]
    return [{**found, "said": answer} for found, answer in told]


def print_of(places: Sequence[OpenPlace]) -> str:
    """The print of a list, so that nobody hands in what has changed since it was shown."""
    said = [(str(each.item.id), each.item.state, each.entry.version if each.entry else 0) for each in places]
    return hashlib.sha256(repr(sorted(said)).encode()).hexdigest()[:16]
