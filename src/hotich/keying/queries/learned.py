"""What an office's own cases teach: words to complete places, surnames, given names and offices with while keying.

Only words that several cases share are given out, so that the list says nothing of one family; it is the same for
whoever keys at the office. It is read from the latest cases, a bounded number, and kept in the process for some minutes.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from hotich.intake.models import Batch, Case, CaseState
from hotich.kernel import clock
from hotich.kernel.names.split import split_name
from hotich.kernel.text import clean_text
from hotich.registers.types import UnknownRegister, version_by_id
from hotich.registers.types.declaration import Kind
from hotich.units.models import Office

CASES, BATCHES = 1500, 80  # the latest ones that are read
FRESH = timedelta(minutes=10)
MOST: Mapping[str, int] = {"place": 400, "surname": 150, "office": 100, "given": 400}
SHARED = 2  # cases that have a word before it is given out
_OFFICES_KEPT = 64  # of the process

Learned = dict[str, list[str]]
_kept: dict[int, tuple[datetime, Learned]] = {}
_lock = threading.Lock()


def learned_at(office: Office) -> Learned:
    """{"place", "surname", "office", "given"}: words, those that most cases have first."""
    now = clock.now()
    with _lock:
        kept = _kept.get(office.id)
    if kept is not None and timedelta() <= now - kept[0] < FRESH:
        return kept[1]
    made = _learn(office)
    with _lock:
        if len(_kept) >= _OFFICES_KEPT:
            _kept.pop(min(_kept, key=lambda office_id: _kept[office_id][0]))
        _kept[office.id] = (now, made)
    return made


def forget_learned() -> None:
    """Read everything anew with the next question (for tests and benchmarks)."""
    with _lock:
        _kept.clear()


def _learn(office: Office) -> Learned:
    # by batch: the cases of an office have no index by age, and a page may not walk through them all
    batches = Batch.objects.filter(origin_office_id=office.id).order_by("-created_at").values_list("id", flat=True)
    cases = Case.objects.filter(batch_id__in=list(batches[:BATCHES])).exclude(state=CaseState.WITHDRAWN)
    rows = cases.order_by("-id").values_list("schema_version", "as_recorded")[:CASES]
    counted = count_words(rows.iterator(chunk_size=500))
    learned = {
        name: [word for word, times in counted[name].most_common(most) if times >= SHARED]
        for name, most in MOST.items()
    }
    if office.name not in learned["office"]:
        learned["office"].append(office.name)  # the first book of an office has nothing to learn from
    return learned


def count_words(rows: Iterable[tuple[str, Mapping[str, Any]]]) -> dict[str, Counter[str]]:
    """Words by what they are, each with how many cases have it."""
    counted: dict[str, Counter[str]] = {name: Counter() for name in MOST}
    fields: dict[str, list[tuple[str, Kind]]] = {}
    for schema_version, values in rows:
        if schema_version not in fields:
            fields[schema_version] = _fields(schema_version)
        found: dict[str, set[str]] = {name: set() for name in MOST}
        for code, kind in fields[schema_version]:
            raw = values.get(code)
            text = clean_text(raw) if isinstance(raw, str) else ""
            if not text:
                continue
            if kind is Kind.PLACE:
                found["place"].add(text)
            elif kind is Kind.OFFICE:
                found["office"].add(text)
            else:
                parts = split_name(text)
                found["surname"] |= {parts.surname} - {""}
                found["given"] |= {parts.given} - {""}
        for name, words in found.items():
            counted[name].update(words)
    return counted


def _fields(schema_version: str) -> list[tuple[str, Kind]]:
    try:
        version = version_by_id(schema_version)
    except UnknownRegister:
        return []
    wanted = (Kind.PLACE, Kind.OFFICE, Kind.NAME)
    return [(item.code, item.kind) for item in version.fields if item.kind in wanted and not item.restricted]
